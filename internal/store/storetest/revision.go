package storetest

import (
	"context"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func revisionTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a new store is at revision 0":                           func(t *testing.T, s Store) { want(t, "revision", got(s.Revision(context.Background()))(t), 0) },
		"the revision moves with facts and with nothing else":    revisionMoves,
		"only what changed since a revision is read":             sinceRevision,
		"an incident has changed when its timeline has":          changedTimeline,
		"an incident is new when it comes, not when its entries": newAfterEntries,
	}
}

func revisionMoves(t *testing.T, s Store) {
	ctx := context.Background()
	moved, older, later := incident("Q1", 2), incident("Q1", 1), entry("Q1", "R1", 9)
	moved.Title, older.Title = "moved", "older"
	for _, step := range []struct {
		name  string
		moves bool
		batch facts.Batch
	}{
		{"a new incident", true, incidents(incident("Q1", 1))},
		{"the same incident", false, incidents(incident("Q1", 1))},
		{"a newer version", true, incidents(moved)},
		{"an older version", false, incidents(older)},
		{"a new entry", true, entries(entry("Q1", "R1", 5))},
		{"the same entry twice", false, entries(entry("Q1", "R1", 5), entry("Q1", "R1", 5))},
		{"the entry with a later time", false, entries(later)},
		{"the entry with an earlier time", true, entries(entry("Q1", "R1", 4))},
		{"a new service", true, facts.Batch{Services: []facts.Service{{ID: "P1", Name: "one"}}}},
		{"the same service", false, facts.Batch{Services: []facts.Service{{ID: "P1", Name: "one"}}}},
		{"a renamed service", true, facts.Batch{Services: []facts.Service{{ID: "P1", Name: "two"}}}},
		{"a new team", true, facts.Batch{Teams: []facts.Team{{ID: "T1"}}}},
		{"a user's new zone", true, facts.Batch{Users: []facts.User{{ID: "U1", TimeZone: "UTC"}}}},
		{"a new priority", true, facts.Batch{Priorities: []facts.Priority{{ID: "P1", Rank: 1}}}},
		{"a new policy", true, facts.Batch{Policies: []facts.EscalationPolicy{{ID: "E1", Levels: 2}}}},
		{"a policy with another level", true, facts.Batch{Policies: []facts.EscalationPolicy{{ID: "E1", Levels: 3}}}},
		{"the same policy", false, facts.Batch{Policies: []facts.EscalationPolicy{{ID: "E1", Levels: 3}}}},
		{"a policy of another schedule", true, facts.Batch{Policies: []facts.EscalationPolicy{{ID: "E1", Levels: 3, Schedules: []facts.PolicySchedule{{Level: 1, ID: "S1"}}}}}},
		{"a new schedule", true, facts.Batch{Schedules: []facts.Schedule{{ID: "S1"}}}},
		{"the same schedule", false, facts.Batch{Schedules: []facts.Schedule{{ID: "S1"}}}},
		{"a maintenance window", true, maintenance(0, maintenanceWindow("M1", 5, 6))},
		{"the same maintenance window", false, maintenance(0, maintenanceWindow("M1", 5, 6))},
		{"a window that is called off", true, maintenance(0)},
		{"a shift", true, facts.Batch{OnCalls: &facts.OnCallReading{From: at(0), Until: at(9), Shifts: []facts.Shift{shift("U1", 0, 9)}}}},
		{"the same shift", false, facts.Batch{OnCalls: &facts.OnCallReading{From: at(3), Until: at(9), Shifts: []facts.Shift{shift("U1", 3, 9)}}}},
		{"a shift that ends earlier", true, facts.Batch{OnCalls: &facts.OnCallReading{From: at(8), Until: at(9)}}},
		{"a cursor and a completion", false, facts.Batch{Cursor: []byte("c"), Complete: &facts.Completion{DataAsOf: at(1)}}},
		{"nothing", false, facts.Batch{}},
	} {
		before := got(s.Revision(ctx))(t)
		save(t, s, step.batch)
		if after := got(s.Revision(ctx))(t); (after > before) != step.moves || after < before {
			t.Errorf("%s: the revision went from %d to %d", step.name, before, after)
		}
	}
}

func sinceRevision(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, incidents(created("Q1", 1), created("Q2", 2), created("Q3", 3)))
	before := got(s.Revision(ctx))(t)
	want(t, "changed incidents of no change", ids(t, s, store.Query{SinceRevision: before}), []string{})

	changed := created("Q3", 3)
	changed.UpdatedAt = at(9)
	save(t, s, incidents(created("Q0", 4), created("Q1", 1), changed))
	want(t, "changed incidents", ids(t, s, store.Query{SinceRevision: before}), []string{"Q3", "Q0"})
	want(t, "changed incidents of a range", ids(t, s, store.Query{SinceRevision: before, To: at(4)}), []string{"Q3"})
	want(t, "changed incidents of a later range", ids(t, s, store.Query{SinceRevision: before, From: at(4)}), []string{"Q0"})
	want(t, "all incidents", ids(t, s, store.Query{}), []string{"Q1", "Q2", "Q3", "Q0"})
}

func changedTimeline(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, incidents(created("Q1", 1), created("Q2", 2)), entries(entry("Q1", "R1", 1)))
	before := got(s.Revision(ctx))(t)
	save(t, s, entries(entry("Q1", "R1", 1), entry("Q2", "R2", 1)))
	changed := created("Q2", 2)
	changed.Timeline = []facts.Entry{entry("Q2", "R2", 1)}
	want(t, "changed incidents", read(t, s, store.Query{SinceRevision: before}), []facts.Incident{changed})
}

func newAfterEntries(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, entries(entry("Q1", "R1", 1)))
	before := got(s.Revision(ctx))(t)
	save(t, s, incidents(created("Q1", 1)))
	want(t, "changed incidents", ids(t, s, store.Query{SinceRevision: before}), []string{"Q1"})
}
