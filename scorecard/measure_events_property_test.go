package scorecard_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Whatever the hours are: a quarter is the sum of its months, the organisation that of
// its teams, and the evidence adds up to the row.
func TestEventsAddUpHoweverTheyAreParted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newEventWorld(t, someHours(t, rt)...)
		w.policy.Calendar.Location = time.FixedZone("", rapid.SampledFrom([]int{0, 19800, -34200, 7200}).Draw(rt, "zone"))
		var months, teams sums
		for _, period := range []string{"2026-07", "2026-08", "2026-09"} {
			w.period = period
			months = months.plus(w.sums(t, scorecard.OrgID))
		}
		w.period = "2026-Q3"
		for _, team := range []string{"mysql", "oncall"} {
			teams = teams.plus(w.sums(t, team))
		}
		quarter := w.sums(t, scorecard.OrgID)
		for name, parts := range map[string]sums{"months": months, "teams": teams} {
			if parts.good.Cmp(quarter.good) != 0 || parts.total.Cmp(quarter.total) != 0 || parts.hours != quarter.hours || parts.known != quarter.known {
				rt.Fatalf("the %s add up to %+v, want %+v", name, parts, quarter)
			}
		}
		var told scorecard.Number
		for _, e := range w.evidence(t, scorecard.OrgID) {
			if e.Value != nil {
				told = told.Add(*e.Value)
			}
		}
		if quarter.total.Sign() > 0 && told.Cmp(quarter.good) != 0 {
			rt.Fatalf("the evidence adds up to %s, want %s", told, quarter.good)
		}
	})
}

// someHours draws a few hours of two teams in and around the quarter.
func someHours(tb testing.TB, t *rapid.T) []facts.EventHour {
	tb.Helper()
	first := utc(tb, "2026-06-30")
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) facts.EventHour {
		total := rapid.Float64Range(0, 1e9).Draw(t, "total")
		return facts.EventHour{
			Query: facts.EventQuery{Good: goodQueries, Total: allQueries}, Team: rapid.SampledFrom([]string{"mysql", "oncall"}).Draw(t, "team"),
			Hour: first.Add(time.Duration(rapid.IntRange(0, 94*24).Draw(t, "hour")) * time.Hour),
			Good: rapid.Float64Range(0, total).Draw(t, "good"), Total: total, Clamped: rapid.Bool().Draw(t, "clamped"),
		}
	}), 1, 40, func(h facts.EventHour) string { return h.Team + h.Hour.String() }).Draw(t, "hours")
}

// sums are what rows add up.
type sums struct {
	good, total  scorecard.Number
	hours, known int
}

func (s sums) plus(o sums) sums {
	return sums{s.good.Add(o.good), s.total.Add(o.total), s.hours + o.hours, s.known + o.known}
}

// sums are those of a subject; nothing where the row has no numbers.
func (w eventWorld) sums(tb testing.TB, subject string) sums {
	tb.Helper()
	r := w.row(tb, subject)
	s := sums{hours: r.Population.Total, known: r.Population.Used}
	if r.Numerator != nil {
		s.good, s.total = *r.Numerator, *r.Denominator
	}
	return s
}
