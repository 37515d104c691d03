package metrics_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/metrics/metricstest"
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
	metricstest.CompareWithPlainGauges(b, ours)
}

// large are cards with every number, and the open incidents beside them.
func large(teams, objectives int) *scorecard.Published {
	p := cardtest.Many(teams, objectives)
	for _, w := range p.Windows {
		for i := range w.Cards {
			w.Cards[i].Rows = append(w.Cards[i].Rows, burden(), cardtest.Uptime(p.AsOf, p.AsOf), cardtest.Postmortems(p.AsOf, p.AsOf))
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
