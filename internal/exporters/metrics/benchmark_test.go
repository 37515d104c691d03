package metrics_test

import (
	"io"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/text/cardtest"
)

// BenchmarkScrape compares a scrape of 50 teams with 40 objectives each, in
// three windows, with the same series held in plain gauges.
func BenchmarkScrape(b *testing.B) {
	source := &board{}
	source.published.Store(cardtest.Many(50, 40))
	ours := prometheus.NewRegistry()
	if err := metrics.Register(ours, source); err != nil {
		b.Fatal(err)
	}
	plain := plainGauges(b, ours)
	for name, gatherer := range map[string]prometheus.Gatherer{"ours": ours, "plain_gauges": plain} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.ReportMetric(float64(scrape(b, gatherer)), "series")
			}
		})
	}
}

// scrape gathers and writes everything, and returns how many series that were.
func scrape(b *testing.B, g prometheus.Gatherer) int {
	b.Helper()
	families, err := g.Gather()
	if err != nil {
		b.Fatal(err)
	}
	series := 0
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(io.Discard, f); err != nil {
			b.Fatal(err)
		}
		series += len(f.GetMetric())
	}
	return series
}

// plainGauges registers a gauge for each series that g gathers.
func plainGauges(b *testing.B, g prometheus.Gatherer) prometheus.Gatherer {
	b.Helper()
	families, err := g.Gather()
	if err != nil {
		b.Fatal(err)
	}
	r := prometheus.NewRegistry()
	for _, f := range families {
		vec := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: f.GetName(), Help: f.GetHelp()}, labelNames(f))
		r.MustRegister(vec)
		for _, m := range f.GetMetric() {
			labels := prometheus.Labels{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			vec.With(labels).Set(m.GetGauge().GetValue())
		}
	}
	return r
}

func labelNames(f *dto.MetricFamily) []string {
	var names []string
	for _, l := range f.GetMetric()[0].GetLabel() {
		names = append(names, l.GetName())
	}
	return names
}
