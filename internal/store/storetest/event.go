package storetest

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

func eventTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of an hour of events comes back":                        everyHourField,
		"hours of queries are read that begin in a span, by team and time":   hoursInSpan,
		"an hour replaces what was kept of it":                               hourReplaces,
		"the same hour again is no change":                                   sameHour,
		"an hour belongs to the pair of expressions as it is written":        hoursOfPairs,
		"it is known when hours last changed":                                eventRevision,
		"an hour that lacks something is an error, and nothing is kept":      incompleteHour,
		"an hour whose events are no counts is an error, and the old stays":  hourOfNoCounts,
		"of an hour that stands in a batch twice the last one is what holds": hourTwice,
	}
}

func eventQuery(name string) facts.EventQuery {
	return facts.EventQuery{Good: "good of " + name, Total: "total of " + name}
}

// eventHour is an hour of the tests' history in which some of 100 events were good.
func eventHour(query, team string, hour int, good float64) facts.EventHour {
	return facts.EventHour{Query: eventQuery(query), Team: team, Hour: epoch().Add(time.Duration(hour) * time.Hour), Good: good, Total: 100}
}

func eventHours(list ...facts.EventHour) facts.Batch { return facts.Batch{EventHours: list} }

// keptHours are all that a store has of some queries.
func keptHours(t *testing.T, s Store, queries ...facts.EventQuery) []facts.EventHour {
	t.Helper()
	return got(s.EventHours(context.Background(), queries, time.Time{}, epoch().AddDate(9, 0, 0)))(t)
}

func everyHourField(t *testing.T, s Store) {
	full := facts.EventHour{
		Query: facts.EventQuery{Good: `sum(increase(ok{db="größer\x00"}[1h]))`, Total: "sum(increase(all[1h]))"},
		Team:  "mysql", Hour: at(60), Good: 1234.000000000125, Total: 1e300, Clamped: true,
	}
	nothing := eventHour("idle", "mongodb", 0, 0)
	nothing.Total = 0
	save(t, s, eventHours(full, nothing))
	want(t, "hours", keptHours(t, s, full.Query, nothing.Query), []facts.EventHour{full, nothing})
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{facts.KindEventHour: 2})
}

func hoursInSpan(t *testing.T, s Store) {
	var b facts.Batch
	for hour := range 4 {
		for _, team := range []string{"mysql", "mongodb"} {
			b.EventHours = append(b.EventHours, eventHour("b", team, hour, 1), eventHour("a", team, hour, 2))
		}
	}
	save(t, s, b)
	var order []string
	for _, h := range got(s.EventHours(context.Background(), []facts.EventQuery{eventQuery("b"), eventQuery("none"), eventQuery("a")}, at(60), at(180)))(t) {
		order = append(order, fmt.Sprintf("%s, %s, %s", h.Query.Good, h.Team, h.Hour.Format("15h")))
	}
	want(t, "hours", order, []string{
		"good of b, mongodb, 01h", "good of b, mongodb, 02h", "good of b, mysql, 01h", "good of b, mysql, 02h",
		"good of a, mongodb, 01h", "good of a, mongodb, 02h", "good of a, mysql, 01h", "good of a, mysql, 02h",
	})
}

func hourReplaces(t *testing.T, s Store) {
	save(t, s, eventHours(eventHour("a", "mysql", 0, 98), eventHour("a", "mysql", 1, 97)))
	mended := eventHour("a", "mysql", 0, 100)
	mended.Clamped = true
	save(t, s, eventHours(mended))
	want(t, "hours", keptHours(t, s, eventQuery("a")), []facts.EventHour{mended, eventHour("a", "mysql", 1, 97)})
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{facts.KindEventHour: 2})
	want(t, "revision", got(s.Revision(context.Background()))(t), 2)
}

func sameHour(t *testing.T, s Store) {
	save(t, s, eventHours(eventHour("a", "mysql", 0, 98)), eventHours(eventHour("a", "mysql", 0, 98)))
	want(t, "revision", got(s.Revision(context.Background()))(t), 1)
	want(t, "revision of events", got(s.EventRevision(context.Background()))(t), 1)
}

func hoursOfPairs(t *testing.T, s Store) {
	one := eventHour("a", "mysql", 0, 90)
	other := one
	other.Query.Good, other.Good = "another good", 80
	third := one
	third.Query.Total, third.Good = "another total", 70
	save(t, s, eventHours(one, other, third))
	want(t, "hours", keptHours(t, s, other.Query, third.Query, one.Query), []facts.EventHour{other, third, one})
}

func eventRevision(t *testing.T, s Store) {
	changed := func() int64 { return got(s.EventRevision(context.Background()))(t) }
	want(t, "revision without hours", changed(), 0)
	save(t, s, incidents(incident("Q1", 1)), eventHours(eventHour("a", "mysql", 0, 98)))
	want(t, "revision of the first hour", changed(), 2)
	save(t, s, incidents(incident("Q2", 1)))
	want(t, "revision after what is no hour", changed(), 2)
	save(t, s, eventHours(eventHour("b", "mysql", 0, 98), eventHour("a", "mysql", 0, 97)))
	want(t, "revision of both", changed(), 4)
	save(t, s, incidents(incident("Q3", 1)), eventHours(eventHour("a", "mysql", 0, 96)))
	want(t, "revision of one that was mended", changed(), 6)
}

func incompleteHour(t *testing.T, s Store) {
	for name, spoil := range map[string]func(*facts.EventHour){
		"no good":  func(h *facts.EventHour) { h.Query.Good = "" },
		"no total": func(h *facts.EventHour) { h.Query.Total = "" },
		"no team":  func(h *facts.EventHour) { h.Team = "" },
		"no time":  func(h *facts.EventHour) { h.Hour = time.Time{} },
	} {
		bad := eventHour("a", "mysql", 1, 1)
		spoil(&bad)
		b := eventHours(eventHour("a", "mysql", 0, 1), bad)
		if err := s.Save(context.Background(), facts.Prometheus, b); err == nil {
			t.Errorf("an hour with %s was kept", name)
		}
	}
	want(t, "hours", keptHours(t, s, eventQuery("a")), nil)
}

func hourOfNoCounts(t *testing.T, s Store) {
	old := eventHour("a", "mysql", 0, 1)
	save(t, s, eventHours(old))
	for _, counts := range [][2]float64{
		{math.NaN(), 1}, {1, math.NaN()}, {-1, 1}, {2, 1}, {1, math.Inf(1)}, {math.Inf(1), math.Inf(1)}, {-2, -1},
	} {
		bad := old
		bad.Good, bad.Total = counts[0], counts[1]
		if err := s.Save(context.Background(), facts.Prometheus, eventHours(bad)); err == nil {
			t.Errorf("%v were kept", counts)
		}
	}
	if diff := cmp.Diff([]facts.EventHour{old}, keptHours(t, s, eventQuery("a"))); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
}

func hourTwice(t *testing.T, s Store) {
	save(t, s, eventHours(eventHour("a", "mysql", 0, 98), eventHour("a", "mysql", 0, 97)))
	want(t, "hours", keptHours(t, s, eventQuery("a")), []facts.EventHour{eventHour("a", "mysql", 0, 97)})
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{facts.KindEventHour: 1})
}
