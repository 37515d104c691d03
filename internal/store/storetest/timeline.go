package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func timelineProperties() map[string]func(*testing.T, func(*testing.T) Store) {
	return map[string]func(*testing.T, func(*testing.T) Store){
		"property: timelines come back in order, whatever characters they hold": anyTimeline,
	}
}

// anyTimeline also reads in the fleeting way, in which a timeline may be looked at
// only before the next one comes.
func anyTimeline(t *testing.T, open func(*testing.T) Store) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		defer closeStore(r, s)
		var all []facts.Incident
		for n := range rapid.IntRange(1, 3).Draw(r, "incidents") {
			i := incident(fmt.Sprintf("Q%d", n), 1)
			i.Timeline = drawTimeline(r, i.ID)
			all = append(all, i)
			save(r, s, incidents(i), entries(i.Timeline...))
		}
		for _, i := range all {
			facts.SortTimeline(i.Timeline)
		}
		want(r, "incidents", read(r, s, store.Query{}), all)
		want(r, "incidents of a fleeting query", readFleeting(r, s), all)
	})
}

func drawTimeline(r *rapid.T, incident string) []facts.Entry {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("a0,|'\"[\x00\x1e\x1f\n ö")), 0, 4, -1)
	var timeline []facts.Entry
	for n := range rapid.IntRange(0, 5).Draw(r, "entries") {
		e := facts.Entry{
			ID: fmt.Sprintf("R%d%s", n, text.Draw(r, "id")), Incident: incident, At: at(rapid.IntRange(0, 2).Draw(r, "minute")),
			Kind: facts.EntryKind(text.Draw(r, "kind")), Actor: facts.Actor{ID: text.Draw(r, "actor"), User: rapid.Bool().Draw(r, "user")},
			Medium: text.Draw(r, "medium"), Page: rapid.Bool().Draw(r, "page"), Service: text.Draw(r, "service"),
			Old: text.Draw(r, "old"), New: text.Draw(r, "new"),
		}
		if rapid.Bool().Draw(r, "told") {
			e.Assignees = rapid.SliceOfN(text, 0, 2).Draw(r, "assignees")
		}
		timeline = append(timeline, e)
	}
	return timeline
}

func readFleeting(t failer, s Store) []facts.Incident {
	t.Helper()
	var all []facts.Incident
	for i, err := range s.Incidents(context.Background(), store.Query{Fleeting: true}) {
		if err != nil {
			t.Fatalf("read incidents: %v", err)
		}
		i.Timeline = slices.Clone(i.Timeline)
		all = append(all, i)
	}
	return all
}
