package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func activityTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"an active query adds what reaches into the span":                 reachesIn,
		"an active query adds what was merged, whatever the chain":        mergedChain,
		"what changed is told even when it reaches in no more":            leavesSpan,
		"an entry counts for activity also when it came first":            activeByEarlyEntry,
		"an entry that moves to an earlier time takes its activity along": movedActivity,
	}
}

func activityProperties() map[string]func(*testing.T, func(*testing.T) Store) {
	return map[string]func(*testing.T, func(*testing.T) Store){
		"property: an active query returns the incidents that its definition says": activeByDefinition,
		"property: a copy kept by active queries is never stale":                   followsActivity,
	}
}

const (
	hour = 60 // Minutes.
	day  = 24 * hour
)

// resolved is an incident from creation to resolve.
func resolved(id string, from, to int) facts.Incident {
	i := created(id, from)
	i.Status, i.ResolvedAt = facts.StatusResolved, at(to)
	return i
}

func merged(from, into facts.Incident) facts.Incident {
	from.MergedInto = into.ID
	return from
}

// active asks for what reaches into the time from an instant to a month later.
func active(from int) store.Query {
	return store.Query{From: at(from), To: at(from + 30*day), Active: true}
}

func reachesIn(t *testing.T, s Store) {
	changed, annotated := resolved("Q4", 0, 10), resolved("Q5", 0, 10)
	changed.LastChange = facts.Change{At: at(60 * day)}
	ahead := created("Q9", 91*day)
	save(t, s, incidents(
		resolved("Q1", 59*day, 60*day-1), resolved("Q2", 0, 60*day-1), resolved("Q3", 59*day+1, 60*day), changed, annotated,
		created("Q6", 1), resolved("Q7", 0, 60*day), resolved("Q8", 60*day, 60*day), ahead,
	), entries(entry("Q5", "R1", 60*day), entry("Q2", "R2", 60*day-1), entry("Q0", "R3", 60*day)))
	want(t, "incidents", ids(t, s, active(60*day)), []string{"Q4", "Q5", "Q7", "Q6", "Q3", "Q8"})
	want(t, "timeline of one that was annotated", read(t, s, active(60*day))[1].Timeline, []facts.Entry{entry("Q5", "R1", 60*day)})
	want(t, "incidents of the span alone", ids(t, s, store.Query{From: at(60 * day), To: at(90 * day)}), []string{"Q8"})
	want(t, "all incidents", len(ids(t, s, store.Query{Active: true})), 9)
}

func mergedChain(t *testing.T, s Store) {
	q9, q8 := resolved("Q9", 60*day, 60*day+1), created("Q8", 1)
	q1 := merged(resolved("Q1", 0, 1), q9)
	q2 := merged(resolved("Q2", 0, 1), q1)
	q3 := merged(resolved("Q3", 0, 1), q8)
	q4 := merged(resolved("Q4", 0, 1), q3)
	gone := merged(resolved("Q5", 0, 1), resolved("Q6", 0, 2))
	ring := []facts.Incident{merged(resolved("QA", 0, 1), created("QB", 0)), merged(resolved("QB", 0, 1), created("QA", 0))}
	save(t, s, incidents(q9, q8, q1, q2, q3, q4, gone, resolved("Q6", 0, 2)), incidents(ring...))
	want(t, "incidents", ids(t, s, active(60*day)), []string{"Q1", "Q2", "Q3", "Q4", "Q8", "Q9"})
}

func leavesSpan(t *testing.T, s Store) {
	ctx := context.Background()
	target, source := created("Q1", 0), merged(resolved("Q2", 0, 1), created("Q1", 0))
	save(t, s, incidents(target, source, resolved("Q3", 0, 1)))
	before := got(s.Revision(ctx))(t)
	want(t, "incidents", ids(t, s, active(day)), []string{"Q1", "Q2"})

	late := resolved("Q1", 0, 2)
	late.UpdatedAt = at(2)
	save(t, s, incidents(late))
	want(t, "incidents once it is known to have ended before", ids(t, s, active(day)), []string{})
	q := active(day)
	q.SinceRevision = before
	want(t, "what changed", ids(t, s, q), []string{"Q1", "Q2"})
	q.Active = false
	want(t, "what changed in the span", ids(t, s, q), []string{})
}

func activeByEarlyEntry(t *testing.T, s Store) {
	save(t, s, entries(entry("Q1", "R1", 2*day)))
	want(t, "incidents before theirs came", ids(t, s, active(day)), []string{})
	save(t, s, incidents(resolved("Q1", 0, 1)))
	want(t, "incidents", ids(t, s, active(day)), []string{"Q1"})
}

func movedActivity(t *testing.T, s Store) {
	save(t, s, incidents(resolved("Q1", 0, 1)), entries(entry("Q1", "R1", 2*day)), entries(entry("Q1", "R1", 2)))
	want(t, "incidents", ids(t, s, active(day)), []string{})
}

// drawActivity draws pages of incidents that are hours to days apart, last
// from minutes to days, are merged into one another, and change.
func drawActivity(r *rapid.T) []facts.Batch {
	minutes := func(what string) int {
		return rapid.SampledFrom([]int{0, 1, hour, day, day + 1, 3 * day}).Draw(r, what)
	}
	pages := make([]facts.Batch, 4)
	for n := range 5 {
		id, start := fmt.Sprintf("Q%d", n), minutes("creation")
		for version := range rapid.IntRange(1, 3).Draw(r, "versions") {
			i := created(id, start)
			i.UpdatedAt = at(version)
			if rapid.Bool().Draw(r, "resolved") {
				i.Status, i.ResolvedAt = facts.StatusResolved, at(start+minutes("duration"))
				i.LastChange.At = at(start + minutes("until change"))
			}
			if rapid.Bool().Draw(r, "merged") {
				i.MergedInto = fmt.Sprintf("Q%d", rapid.IntRange(0, 4).Draw(r, "into"))
			}
			page := rapid.IntRange(0, len(pages)-1).Draw(r, "page")
			pages[page].Incidents = append(pages[page].Incidents, i)
		}
		for range rapid.IntRange(0, 3).Draw(r, "entries") {
			e := entry(id, fmt.Sprintf("%s-R%d", id, rapid.IntRange(0, 1).Draw(r, "entry")), start+minutes("until entry"))
			page := rapid.IntRange(0, len(pages)-1).Draw(r, "page")
			pages[page].Entries = append(pages[page].Entries, e)
		}
	}
	return pages
}

// drawSpan draws an active query.
func drawSpan(r *rapid.T) store.Query {
	from := rapid.SampledFrom([]int{0, 1, hour + 1, day, 2 * day, 4 * day}).Draw(r, "from")
	return store.Query{From: at(from), To: at(from + rapid.IntRange(1, 2*day).Draw(r, "length")), Active: true}
}

func activeByDefinition(t *testing.T, open func(*testing.T) Store) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		defer closeStore(r, s)
		save(r, s, drawActivity(r)...)
		q := drawSpan(r)
		all := map[string]facts.Incident{}
		for _, i := range read(r, s, store.Query{}) {
			all[i.ID] = i
		}
		wanted := []facts.Incident{}
		for _, i := range read(r, s, store.Query{To: q.To}) {
			if !i.CreatedAt.Before(q.From) || reaches(all, i, q, map[string]bool{}) {
				wanted = append(wanted, i)
			}
		}
		want(r, "active incidents", append([]facts.Incident{}, read(r, s, q)...), wanted)
	})
}

// reaches says whether an incident created before the end of a span reaches
// into it.
func reaches(all map[string]facts.Incident, i facts.Incident, q store.Query, seen map[string]bool) bool {
	if i.ID == "" || !i.CreatedAt.Before(q.To) || seen[i.ID] {
		return false
	}
	seen[i.ID] = true
	last := []time.Time{i.CreatedAt, i.ResolvedAt, i.LastChange.At}
	for _, e := range i.Timeline {
		last = append(last, e.At)
	}
	for _, instant := range last {
		if i.Open() || !instant.Before(q.From) {
			return true
		}
	}
	return reaches(all, all[i.MergedInto], q, seen)
}

func followsActivity(t *testing.T, open func(*testing.T) Store) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		s := open(t)
		defer closeStore(r, s)
		q := drawSpan(r)
		replica := map[string]facts.Incident{}
		for _, page := range drawActivity(r) {
			save(r, s, page)
			for _, i := range read(r, s, q) {
				replica[i.ID] = i
			}
			q.SinceRevision = got(s.Revision(ctx))(r)
			for _, i := range read(r, s, store.Query{}) {
				if kept, ok := replica[i.ID]; ok {
					want(r, "copy of "+i.ID, kept, i)
				}
			}
			for _, i := range read(r, s, store.Query{From: q.From, To: q.To, Active: true}) {
				want(r, "copy of active "+i.ID, replica[i.ID], i)
			}
		}
	})
}
