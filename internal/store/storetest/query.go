package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func queryTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a range includes its start and not its end":          halfOpenRange,
		"incidents are ordered by creation, then id":          incidentOrder,
		"what a walk yielded is the caller's":                 yieldedIsOwned,
		"a walk may stop anywhere":                            walkStops,
		"a walk shows one state, whatever is saved meanwhile": walkIsASnapshot,
		"a cancelled walk ends with the cancellation":         walkCancelled,
		"incidents are read by their ids":                     incidentsByID,
	}
}

func created(id string, minutes int) facts.Incident {
	i := incident(id, 1)
	i.CreatedAt = at(minutes)
	return i
}

func halfOpenRange(t *testing.T, s Store) {
	save(t, s, incidents(created("Q1", 10), created("Q2", 20), created("Q3", 30)))
	for name, test := range map[string]struct {
		from, to time.Time
		want     []string
	}{
		"no bounds":                         {want: []string{"Q1", "Q2", "Q3"}},
		"from the instant of the second":    {from: at(20), want: []string{"Q2", "Q3"}},
		"from just after the second":        {from: at(20).Add(time.Microsecond), want: []string{"Q3"}},
		"up to the instant of the second":   {to: at(20), want: []string{"Q1"}},
		"up to just after the second":       {to: at(20).Add(time.Microsecond), want: []string{"Q1", "Q2"}},
		"between":                           {from: at(11), to: at(30), want: []string{"Q2"}},
		"an empty range":                    {from: at(20), to: at(20), want: []string{}},
		"an instant given in another place": {from: at(20).In(time.FixedZone("", 7200)), to: at(21), want: []string{"Q2"}},
	} {
		want(t, name, ids(t, s, store.Query{From: test.from, To: test.to}), test.want)
	}
}

func incidentOrder(t *testing.T, s Store) {
	save(t, s, incidents(created("Q3", 10), created("Q9", 5)), incidents(created("Q2", 10), created("Q1", 10)))
	want(t, "ids", ids(t, s, store.Query{}), []string{"Q9", "Q1", "Q2", "Q3"})
	want(t, "ids since a revision", ids(t, s, store.Query{SinceRevision: 1}), []string{"Q1", "Q2"})
}

func yieldedIsOwned(t *testing.T, s Store) {
	save(t, s, incidents(created("Q1", 1), created("Q2", 2)),
		entries(entry("Q1", "R1", 1), entry("Q1", "R2", 2), entry("Q2", "R3", 3), entry("Q2", "R4", 4)))
	first := read(t, s, store.Query{})
	for _, i := range read(t, s, store.Query{}) {
		clear(i.Timeline)
	}
	want(t, "incidents", read(t, s, store.Query{}), first)
	want(t, "the first timeline", first[0].Timeline, []facts.Entry{entry("Q1", "R1", 1), entry("Q1", "R2", 2)})
}

func walkStops(t *testing.T, s Store) {
	save(t, s, incidents(created("Q1", 1), created("Q2", 2), created("Q3", 3)))
	for range 20 { // A walk that kept its connection would soon leave none.
		for i, err := range s.Incidents(context.Background(), store.Query{}) {
			if err != nil || i.ID != "Q1" {
				t.Fatalf("the first incident is %q, %v", i.ID, err)
			}
			break
		}
	}
	save(t, s, incidents(created("Q4", 4)))
	want(t, "ids", ids(t, s, store.Query{}), []string{"Q1", "Q2", "Q3", "Q4"})
}

func walkIsASnapshot(t *testing.T, s Store) {
	save(t, s, incidents(created("Q1", 1), created("Q2", 2)))
	seen := []string{}
	for i, err := range s.Incidents(context.Background(), store.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, i.ID)
		want(t, "timeline of "+i.ID, i.Timeline, nil)
		save(t, s, incidents(created("Q3", 3)), entries(entry("Q2", "R1", 2)))
	}
	want(t, "ids during the walk", seen, []string{"Q1", "Q2"})
	want(t, "ids after the walk", ids(t, s, store.Query{}), []string{"Q1", "Q2", "Q3"})
}

func walkCancelled(t *testing.T, s Store) {
	var many []facts.Incident
	for n := range 1000 {
		many = append(many, created("Q"+string(rune('a'+n%26))+at(n).Format("150405"), n))
	}
	save(t, s, incidents(many...))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var steps []error
	for _, err := range s.Incidents(ctx, store.Query{}) {
		steps = append(steps, err)
		cancel()
	}
	if len(steps) != 2 || steps[0] != nil || !errors.Is(steps[1], context.Canceled) {
		t.Fatalf("the walk yielded %v; want an incident, then the cancellation", steps)
	}
}

func incidentsByID(t *testing.T, s Store) {
	old, young := incident("Q3", 1), incident("Q1", 1)
	old.CreatedAt = at(-10)
	young.Timeline = []facts.Entry{entry("Q1", "R1", 1)}
	save(t, s, incidents(old, incident("Q2", 1), young), entries(young.Timeline...))
	want(t, "incidents", read(t, s, store.Query{IDs: []string{"Q1", "Q3", "Q9"}}), []facts.Incident{old, young})
	want(t, "incidents of a span", ids(t, s, store.Query{From: at(-5), IDs: []string{"Q1", "Q3"}}), []string{"Q1"})
	want(t, "incidents of no ids", ids(t, s, store.Query{IDs: []string{}}), []string{})
}
