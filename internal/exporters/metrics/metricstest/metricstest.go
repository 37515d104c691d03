// Package metricstest measures what a scrape costs, for the benchmarks of
// several packages. It judges nothing: the figures are the benchmark's to report.
package metricstest

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// CompareWithPlainGauges measures what it takes to gather and write everything
// that ours has, and then the same series held in plain gauges.
func CompareWithPlainGauges(b *testing.B, ours prometheus.Gatherer) {
	b.Helper()
	var own, plain float64
	b.Run("ours", func(b *testing.B) { own = measure(b, ours) })
	b.Run("plain_gauges", func(b *testing.B) {
		plain = measure(b, plainGauges(b, ours))
		b.ReportMetric(own/plain, "ours/plain")
	})
}

// measure returns what one scrape takes, in seconds.
func measure(b *testing.B, g prometheus.Gatherer) float64 {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(scrape(b, g)), "series")
	}
	return b.Elapsed().Seconds() / float64(b.N)
}

// scrape gathers and writes everything, and returns how many metrics that were.
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
		series := seriesOf(f)
		for name, vec := range vectors(series, f.GetHelp()) {
			r.MustRegister(vec)
			for _, s := range series {
				if s.name == name {
					vec.With(s.labels).Set(s.value)
				}
			}
		}
	}
	return r
}

// series is one line of the exposition.
type series struct {
	name   string
	labels prometheus.Labels
	value  float64
}

// seriesOf lists the lines that a family is written as.
func seriesOf(f *dto.MetricFamily) []series {
	var all []series
	for _, m := range f.GetMetric() {
		labels := prometheus.Labels{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		h := m.GetHistogram()
		if h == nil {
			all = append(all, series{f.GetName(), labels, m.GetGauge().GetValue() + m.GetCounter().GetValue()})
			continue
		}
		all = append(all,
			series{f.GetName() + "_sum", labels, h.GetSampleSum()},
			series{f.GetName() + "_count", labels, float64(h.GetSampleCount())},
			bucketSeries(f, labels, "+Inf", h.GetSampleCount()),
		)
		for _, bucket := range h.GetBucket() {
			if le := bucket.GetUpperBound(); !math.IsInf(le, 1) {
				all = append(all, bucketSeries(f, labels, fmt.Sprint(le), bucket.GetCumulativeCount()))
			}
		}
	}
	return all
}

func bucketSeries(f *dto.MetricFamily, of prometheus.Labels, le string, count uint64) series {
	labels := maps.Clone(of)
	labels["le"] = le
	return series{f.GetName() + "_bucket", labels, float64(count)}
}

// vectors makes a vector of gauges for each name among series.
func vectors(all []series, help string) map[string]*prometheus.GaugeVec {
	vecs := map[string]*prometheus.GaugeVec{}
	for _, s := range all {
		if vecs[s.name] == nil {
			names := slices.Sorted(maps.Keys(s.labels))
			vecs[s.name] = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: s.name, Help: help}, names)
		}
	}
	return vecs
}
