package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

const (
	goodQueries = `sum(increase(queries_fast{team="$team"}[1h]))`
	allQueries  = `sum(increase(queries{team="$team"}[1h]))`
)

// queryPerformance asks for 99% of events to be good.
func queryPerformance() scorecard.Objective {
	o := incidentResponse()
	o.ID, o.Measure, o.Target = "query_performance", scorecard.MeasureEvents, decimal("0.99")
	o.Parameters = scorecard.Parameters{Good: goodQueries, Total: allQueries}
	o.Remediation = "Take the hours with the most slow queries."
	return o
}

// counted is an hour of a team's events, by the objective's expressions.
func counted(tb testing.TB, team, hour string, good, total float64) facts.EventHour {
	tb.Helper()
	return facts.EventHour{
		Query: facts.EventQuery{Good: goodQueries, Total: allQueries}, Team: team, Hour: utc(tb, hour+":00:00"), Good: good, Total: total,
	}
}

// steady is hours of the same events from an instant to another.
func steady(tb testing.TB, team, from, until string, good, total float64) []facts.EventHour {
	tb.Helper()
	var hours []facts.EventHour
	for at := utc(tb, from); at.Before(utc(tb, until)); at = at.Add(time.Hour) {
		hours = append(hours, counted(tb, team, strings.TrimSuffix(at.Format(time.DateTime), ":00:00"), good, total))
	}
	return hours
}

// eventWorld is a world with hours of events.
type eventWorld struct {
	world
	hours []facts.EventHour
}

// newEventWorld is the third quarter of 2026 with one objective and two teams, seen ten days after its end.
func newEventWorld(tb testing.TB, hours ...facts.EventHour) eventWorld {
	tb.Helper()
	w := eventWorld{world: newWorld(tb), hours: hours}
	w.policy.Sources = []scorecard.SourceRules{{Source: facts.Prometheus, Built: true, Interval: 15 * time.Minute}}
	w.policy.Rubric.Objectives = []scorecard.Objective{queryPerformance()}
	return w.horizonAt(w.asOf)
}

// horizonAt sets both the instant of evaluation and the end of the last evaluated hour.
func (w eventWorld) horizonAt(at time.Time) eventWorld {
	w.asOf = at
	w.sources = []facts.SourceState{{Source: facts.Prometheus, DataAsOf: at, LastSuccess: at, DataSince: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}}
	return w
}

func (w eventWorld) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := w.world.input(tb)
	in.Facts.Hours = w.hours
	return in
}

// row is the row of the first objective for a subject.
func (w eventWorld) row(tb testing.TB, subject string) scorecard.Row {
	tb.Helper()
	for _, c := range scorecard.Compute(w.input(tb)) {
		if c.Subject.ID == subject {
			return c.Rows[0]
		}
	}
	tb.Fatalf("there is no card of %s", subject)
	return scorecard.Row{}
}

func (w eventWorld) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), w.policy.Rubric.Objectives[0].ID, subject)
	if err != nil {
		tb.Fatalf("evidence of %s: %v", subject, err)
	}
	return items
}
