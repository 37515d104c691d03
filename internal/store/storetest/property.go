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

func properties() map[string]func(*testing.T, func(*testing.T) Store) {
	return map[string]func(*testing.T, func(*testing.T) Store){
		"property: any order, any split and any replay of facts give the same content": sameContent,
		"property: a reader that follows the revision sees what a full read shows":     followsRevision,
	}
}

// sameContent saves the same facts twice, once page by page as they happened
// and once shuffled, split and repeated, and compares what can be read.
func sameContent(t *testing.T, open func(*testing.T) Store) {
	rapid.Check(t, func(r *rapid.T) {
		history := drawHistory(r)
		plain := open(t)
		defer closeStore(r, plain)
		save(r, plain, facts.Batch{
			Services: history.Services, Teams: history.Teams, Users: history.Users, Priorities: history.Priorities,
			Policies: history.Policies, Schedules: history.Schedules,
			Incidents: history.Incidents, Entries: history.Entries,
		})

		shuffled := open(t)
		defer closeStore(r, shuffled)
		pages := drawPages(r, history)
		save(r, shuffled, pages...)
		want(r, "content", contentOf(r, shuffled), contentOf(r, plain))

		before := got(shuffled.Revision(context.Background()))(r)
		save(r, shuffled, drawPages(r, history)...)
		want(r, "revision after a replay", got(shuffled.Revision(context.Background()))(r), before)
		want(r, "content after a replay", contentOf(r, shuffled), contentOf(r, plain))
	})
}

// followsRevision keeps a copy of all incidents, refreshed after each page
// by what changed since the last one.
func followsRevision(t *testing.T, open func(*testing.T) Store) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		s := open(t)
		defer closeStore(r, s)
		var seen int64
		replica := map[string]facts.Incident{}
		for _, page := range drawPages(r, drawHistory(r)) {
			save(r, s, page)
			for _, i := range read(r, s, store.Query{SinceRevision: seen}) {
				replica[i.ID] = i
			}
			seen = got(s.Revision(ctx))(r)
			full := map[string]facts.Incident{}
			for _, i := range read(r, s, store.Query{}) {
				full[i.ID] = i
			}
			want(r, "replica", replica, full)
		}
	})
}

func closeStore(r *rapid.T, s Store) {
	if err := s.Close(); err != nil {
		r.Fatalf("close: %v", err)
	}
}

// drawHistory draws facts of a few incidents, in the order in which they
// happened. What a fact says follows from what it is told apart by, so that
// two facts that are told apart by nothing are equal.
func drawHistory(r *rapid.T) facts.Batch {
	few := func(what string) []int {
		n := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 6, rapid.ID[int]).Draw(r, what)
		slices.Sort(n)
		return n
	}
	var b facts.Batch
	for _, n := range few("references") {
		id := fmt.Sprintf("P%d", n)
		b.Services = append(b.Services, facts.Service{ID: id, Name: "service " + id})
		b.Teams = append(b.Teams, facts.Team{ID: id, Name: "team " + id})
		b.Users = append(b.Users, facts.User{ID: id, TimeZone: "UTC"})
		b.Priorities = append(b.Priorities, facts.Priority{ID: id, Rank: n % 3})
		b.Policies = append(b.Policies, facts.EscalationPolicy{ID: id, Levels: n, Schedules: []facts.PolicySchedule{{Level: 1, ID: id, Unlisted: n%2 == 0}}})
		b.Schedules = append(b.Schedules, facts.Schedule{ID: id, ShiftBased: n%2 == 0})
	}
	for n := range 4 {
		id := fmt.Sprintf("Q%d", n)
		for _, version := range few("versions of " + id) {
			b.Incidents = append(b.Incidents, drawnVersion(id, n, version))
		}
		for _, e := range few("entries of " + id) {
			for _, minutes := range few(fmt.Sprintf("times of entry %d of %s", e, id)) {
				b.Entries = append(b.Entries, drawnEntry(id, e, minutes))
			}
		}
	}
	return b
}

// drawnVersion is a version of an incident: 0 is of unknown age, 1 names no
// service, from 4 on the incident has moved to another service.
func drawnVersion(id string, n, version int) facts.Incident {
	i := facts.Incident{
		ID: id, Title: fmt.Sprintf("version %d", version), Service: "PMYSQL", Status: "triggered", CreatedAt: at(10 - n/2),
	}
	switch {
	case version == 1:
		i.Service = ""
	case version >= 4:
		i.Service = "PMONGO"
	}
	if version > 0 {
		i.UpdatedAt = at(version)
	}
	if version%3 == 2 {
		i.Status, i.ResolvedAt = facts.StatusResolved, at(version)
	}
	return i
}

func drawnEntry(incident string, n, minutes int) facts.Entry {
	e := entry(incident, fmt.Sprintf("%s-R%d", incident, n), minutes)
	e.Medium = fmt.Sprintf("as of %d", minutes)
	return e
}

// drawPages shuffles facts, repeats some, and cuts them into pages.
func drawPages(r *rapid.T, b facts.Batch) []facts.Batch {
	var single []facts.Batch
	for _, i := range b.Incidents {
		single = append(single, incidents(i))
	}
	for _, e := range b.Entries {
		single = append(single, entries(e))
	}
	for i := range b.Services {
		single = append(single, facts.Batch{
			Services: b.Services[i : i+1], Teams: b.Teams[i : i+1], Users: b.Users[i : i+1], Priorities: b.Priorities[i : i+1],
			Policies: b.Policies[i : i+1], Schedules: b.Schedules[i : i+1],
		})
	}
	if len(single) == 0 {
		return nil
	}
	once := make([]int, len(single)) // Indices make a failure readable.
	for i := range once {
		once[i] = i
	}
	again := rapid.SliceOfN(rapid.SampledFrom(once), 0, len(once)).Draw(r, "repeated")
	pages := make([]facts.Batch, 6)
	for _, i := range rapid.Permutation(slices.Concat(once, again)).Draw(r, "shuffled") {
		n := rapid.IntRange(0, len(pages)-1).Draw(r, "page")
		pages[n] = joined(pages[n], single[i])
	}
	return pages
}

func joined(a, b facts.Batch) facts.Batch {
	return facts.Batch{
		Services: append(a.Services, b.Services...), Teams: append(a.Teams, b.Teams...), Users: append(a.Users, b.Users...),
		Priorities: append(a.Priorities, b.Priorities...), Policies: append(a.Policies, b.Policies...),
		Schedules: append(a.Schedules, b.Schedules...), Incidents: append(a.Incidents, b.Incidents...),
		Entries: append(a.Entries, b.Entries...),
	}
}
