package storetest

import (
	"context"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func entryTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of an entry comes back":                            everyEntryField,
		"a timeline is ordered by time, then id":                        timelineOrder,
		"two entries of one id are the one with the earlier time":       earlierEntry,
		"an entry that is kept is not rewritten":                        entryIsImmutable,
		"an entry is filled in with what another of its time tells":     filledEntry,
		"entries that come before their incident count when it comes":   entryBeforeIncident,
		"entries of an incident that never comes are kept and not read": orphanEntry,
		"each incident has its own entries":                             ownEntries,
		"an entry without an id or an incident is an error":             entryWithoutID,
	}
}

func everyEntryField(t *testing.T, s Store) {
	full := wholeEntry(1)
	bare := facts.Entry{ID: "R2", Incident: "Q1", At: at(2), Kind: "a word that comes later"}
	nobody := facts.Entry{ID: "R3", Incident: "Q1", At: at(3), Kind: facts.EntryAssign, Assignees: []string{}}
	save(t, s, incidents(incident("Q1", 1)), entries(full, bare, nobody))
	want(t, "timeline", read(t, s, store.Query{})[0].Timeline, []facts.Entry{full, bare, nobody})
}

func timelineOrder(t *testing.T, s Store) {
	save(t, s, incidents(incident("Q1", 1)),
		entries(entry("Q1", "R3", 1), entry("Q1", "R1", 2)), entries(entry("Q1", "R2", 1), entry("Q1", "R4", 0)))
	want(t, "timeline", read(t, s, store.Query{})[0].Timeline, []facts.Entry{
		entry("Q1", "R4", 0), entry("Q1", "R2", 1), entry("Q1", "R3", 1), entry("Q1", "R1", 2),
	})
}

func earlierEntry(t *testing.T, s Store) {
	accepted := facts.Entry{ID: "R1", Incident: "Q1", At: at(2), Kind: facts.EntryResponderAccept, Actor: facts.Actor{ID: "PA", User: true}}
	earlier, later := accepted, accepted
	earlier.At, later.At = at(1), at(3)
	save(t, s, incidents(incident("Q1", 1)), entries(accepted), entries(later), entries(earlier), entries(accepted))
	want(t, "timeline", read(t, s, store.Query{})[0].Timeline, []facts.Entry{earlier})
}

func entryIsImmutable(t *testing.T, s Store) {
	kept := wholeEntry(1)
	changed := facts.Entry{
		ID: "R1", Incident: "Q1", At: at(1), Kind: facts.EntryResolve, Actor: facts.Actor{ID: "PB", User: true},
		Medium: "sms", Service: "PMONGO", Assignees: []string{"PC"}, Old: "P2", New: "P4",
	}
	moved := changed
	moved.At = at(2)
	save(t, s, incidents(incident("Q1", 1)), entries(kept), entries(changed, moved))
	want(t, "timeline", read(t, s, store.Query{})[0].Timeline, []facts.Entry{kept})
}

// wholeEntry has every field, whatever its kind.
func wholeEntry(minutes int) facts.Entry {
	return facts.Entry{
		ID: "R1", Incident: "Q1", At: at(minutes), Kind: facts.EntryNotify, Actor: facts.Actor{ID: "PUSER", User: true},
		Medium: "push", Page: true, Service: "PMYSQL", Assignees: []string{"PA", `P"B`}, Old: "P3", New: "P1",
	}
}

// filledEntry tells one entry in two halves, in both orders. A half at a later
// time has no say.
func filledEntry(t *testing.T, s Store) {
	whole := wholeEntry(1)
	one, other, later := whole, whole, wholeEntry(2)
	one.Kind, one.Actor, one.Medium, one.Page, one.Old = facts.EntryOther, facts.Actor{}, "", false, ""
	other.Actor.User, other.Service, other.Assignees, other.New = false, "", nil, ""
	bare := facts.Entry{ID: "R1", Incident: "Q1", At: at(1), Kind: facts.EntryOther}
	other2 := other
	other2.Incident, other2.Actor.User, other2.Assignees = "Q2", true, []string{"PA"}
	one2 := one
	one2.Incident = "Q2"
	bare2 := bare
	bare2.Incident = "Q2"
	save(t, s, incidents(incident("Q1", 1), incident("Q2", 1)), entries(later), entries(bare), entries(one), entries(other), entries(whole, bare),
		entries(bare2, other2, one2))
	want(t, "the first timeline", read(t, s, store.Query{})[0].Timeline, []facts.Entry{whole})
	whole.Incident = "Q2"
	want(t, "the second timeline", read(t, s, store.Query{})[1].Timeline, []facts.Entry{whole})
}

func entryBeforeIncident(t *testing.T, s Store) {
	save(t, s, entries(entry("Q1", "R1", 1)))
	want(t, "incidents before theirs came", ids(t, s, store.Query{}), []string{})
	save(t, s, incidents(incident("Q1", 1)))
	arrived := incident("Q1", 1)
	arrived.Timeline = []facts.Entry{entry("Q1", "R1", 1)}
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{arrived})
}

func orphanEntry(t *testing.T, s Store) {
	save(t, s, entries(entry("Q1", "R1", 1), entry("Q2", "R2", 1)), incidents(incident("Q2", 1)))
	want(t, "incidents", ids(t, s, store.Query{}), []string{"Q2"})
	want(t, "records", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"incident": 1, "log_entry": 2})
}

func ownEntries(t *testing.T, s Store) {
	save(t, s,
		entries(entry("Q3", "R3", 1), entry("Q1", "R1", 1), entry("Q3", "R4", 2), entry("Q1", "R2", 2)),
		incidents(incident("Q1", 1), incident("Q2", 1), incident("Q3", 1)))
	timelines := map[string][]facts.Entry{}
	for _, i := range read(t, s, store.Query{}) {
		timelines[i.ID] = i.Timeline
	}
	want(t, "timelines", timelines, map[string][]facts.Entry{
		"Q1": {entry("Q1", "R1", 1), entry("Q1", "R2", 2)},
		"Q2": nil,
		"Q3": {entry("Q3", "R3", 1), entry("Q3", "R4", 2)},
	})
}

func entryWithoutID(t *testing.T, s Store) {
	for _, bad := range []facts.Entry{entry("Q1", "", 1), entry("", "R1", 1)} {
		b := facts.Batch{Entries: []facts.Entry{entry("Q1", "R0", 1), bad}, Cursor: []byte("next")}
		if err := s.Save(context.Background(), facts.PagerDuty, b); err == nil {
			t.Fatalf("the entry %+v was taken", bad)
		}
		wantNothing(t, s)
	}
}
