package app_test

import (
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// eventsConfig is of an objective of periods, one of years, and two teams.
const eventsConfig = `organization: {name: Databases}
sources: {prometheus: {url: "http://prometheus:9090"}}
teams: [{id: mysql}, {id: mongodb}]
rubric: rubric.yml
objectives:
  - {id: queries, measure: events, target: 0.99, good: 'ok{team="$team"}', total: 'all{team="$team"}'}
  - {id: of_the_year, measure: events, window: year, target: 0.99, good: 'ok{team="$team"}', total: 'all{team="$team"}'}
`

func eventsPolicy(t *testing.T) *scorecard.Policy {
	t.Helper()
	dir := t.TempDir()
	s := &site{dir: dir}
	s.write(t, "rubric.yml", "objectives:\n  - {id: response, measure: response_time, threshold: 5m}\n")
	c, err := config.Parse(dir+"/teamhealth.yml", []byte(eventsConfig))
	must(t, err)
	return c.Policy()
}

// keepHours keeps so many hours of both teams from an instant on, of whose 100 events
// so many were good.
func keepHours(t *testing.T, s *store.Store, from time.Time, hours int, good float64) {
	t.Helper()
	b := facts.Batch{Complete: &facts.Completion{DataAsOf: evaluatedAt}}
	for hour := range hours {
		for _, team := range []string{"mysql", "mongodb"} {
			b.EventHours = append(b.EventHours, facts.EventHour{
				Query: facts.EventQuery{Good: `ok{team="$team"}`, Total: `all{team="$team"}`},
				Team:  team, Hour: from.Add(time.Duration(hour) * time.Hour), Good: good, Total: 100,
			})
		}
	}
	must(t, s.Save(t.Context(), facts.Prometheus, b))
}

// Hours that come, change or fall into another quarter are in the next cards, as
// they are for who knows nothing but the store.
func TestHoursOfEventsReachTheNextCards(t *testing.T) {
	t.Parallel()
	policy, s, now := eventsPolicy(t), emptyStore(t), evaluatedAt
	kept := app.NewScores(policy, s, func() time.Time { return now })
	june := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	good := func() string {
		t.Helper()
		must(t, kept.Refresh(t.Context()))
		requireFresh(t, kept, policy, s, func() time.Time { return now })
		row := kept.Published().Cards(scorecard.PreviousQuarter)[0].Row("queries")
		if row.Numerator == nil {
			return "none"
		}
		return row.Numerator.String()
	}
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"before the first hour", func() {}, "none"},
		{"ten hours of two teams", func() { keepHours(t, s, june, 10, 99) }, "1980"},
		{"the same again", func() { keepHours(t, s, june, 10, 99) }, "1980"},
		{"one of them is mended", func() { keepHours(t, s, june, 1, 49) }, "1880"},
		{"hours of the first quarter", func() { keepHours(t, s, june.AddDate(0, -4, 0), 5, 50) }, "1880"},
		{"what is no hour", func() {
			must(t, s.Save(t.Context(), facts.PagerDuty, facts.Batch{Services: []facts.Service{{ID: "P1"}}}))
		}, "1880"},
		{"the quarter before", func() { now = evaluatedAt.AddDate(0, -3, 0) }, "500"},
	} {
		if step.do(); good() != step.want {
			t.Errorf("%s: %s events were good, want %s", step.name, good(), step.want)
		}
	}
}

// Of a year that no published card looks at, the store is asked.
func TestHoursOfLongAgoAreReadWhenTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	s := emptyStore(t)
	keepHours(t, s, time.Date(2024, time.February, 1, 0, 0, 0, 0, time.UTC), 3, 90)
	keepHours(t, s, time.Date(2024, time.November, 1, 0, 0, 0, 0, time.UTC), 2, 80)
	scores := app.NewScores(eventsPolicy(t), s, func() time.Time { return evaluatedAt })
	must(t, scores.Refresh(t.Context()))
	for period, want := range map[string][2]string{
		"2024-Q4": {"320", "860"}, // 2 × 2 × 80, and 3 × 2 × 90 earlier in the year.
		"2024-Q1": {"540", "540"},
	} {
		cards, err := scores.Cards(t.Context(), period, time.Time{})
		must(t, err)
		got := [2]string{}
		for i, id := range []string{"queries", "of_the_year"} {
			row := cards[0].Row(id)
			if row.Numerator == nil {
				t.Fatalf("%s: %s has no numbers: %s", period, id, row.Reason)
			}
			got[i] = row.Numerator.String()
		}
		if got != want {
			t.Errorf("%s: %s good events of the period and of the year, want %s", period, got, want)
		}
	}
}
