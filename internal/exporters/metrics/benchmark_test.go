package metrics_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// BenchmarkScrape compares a scrape of 50 teams with 40 objectives each, in
// three windows, and of the tally of their incidents, with the same series held
// in plain gauges.
func BenchmarkScrape(b *testing.B) {
	ours := prometheus.NewRegistry()
	source := &board{}
	source.published.Store(large(50, 40))
	if err := errors.Join(metrics.Register(ours, source), metrics.RegisterTally(ours, full(50))); err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) { benchmarkScrape(b, ours) })
	b.Run("plain_gauges", func(b *testing.B) { benchmarkScrape(b, plainGauges(b, ours)) })
}

func benchmarkScrape(b *testing.B, g prometheus.Gatherer) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(scrape(b, g)), "series")
	}
}

// large are cards with every number, and the open incidents beside them.
func large(teams, objectives int) *scorecard.Published {
	p := cardtest.Many(teams, objectives)
	for _, w := range p.Windows {
		for i := range w.Cards {
			w.Cards[i].Rows = append(w.Cards[i].Rows, burden(), cardtest.Uptime(p.AsOf, p.AsOf))
		}
	}
	for _, c := range p.Windows[0].Cards {
		for _, status := range []string{"acknowledged", "triggered"} {
			p.Open = append(p.Open, scorecard.OpenIncidents{Team: c.Subject.ID, Urgency: facts.UrgencyHigh, Status: status, Count: 2})
		}
	}
	return p
}

// full is a tally of so many teams, with incidents in every bucket.
func full(teams int) tallies {
	t := &metrics.Tally{Created: cardtest.AsOf()}
	for i := range teams {
		t.Teams = append(t.Teams, metrics.TeamTally{
			Team:      fmt.Sprintf("team-%02d", i),
			Incidents: map[facts.Urgency]int64{facts.UrgencyHigh: 900_000, facts.UrgencyLow: 100_000},
			Response:  filled(metrics.ResponseBounds()), Resolution: filled(metrics.ResolutionBounds()),
		})
	}
	return tallies{t}
}

func filled(bounds []time.Duration) metrics.Histogram {
	var h metrics.Histogram
	for _, bound := range append(bounds, 48*time.Hour) {
		h.Sum += bound.Seconds()
		h.Buckets = append(h.Buckets, metrics.Bucket{
			Count: 1000, Latest: metrics.Exemplar{Incident: "Q1ABC", At: cardtest.AsOf(), Took: bound},
		})
	}
	return h
}

// tallies is a source of one tally.
type tallies struct{ tally *metrics.Tally }

func (t tallies) Tally() *metrics.Tally { return t.tally }

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
