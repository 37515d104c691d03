package pagerduty_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// memory keeps what a collector hands over, as a store does.
type memory struct {
	cursor     []byte
	services   map[string]facts.Service
	teams      map[string]facts.Team
	users      map[string]facts.User
	priorities map[string]facts.Priority
	policies   map[string]facts.EscalationPolicy
	schedules  map[string]facts.Schedule
	incidents  map[string]facts.Incident
	entries    map[string]facts.Entry
	shifts     []facts.Shift
	works      *facts.MaintenanceReading // The last one.
	complete   []facts.Completion
	skipped    map[string]int // By kind/reason.
	batches    []facts.Batch

	failAt int // The batch that cannot be kept, counted from 1; 0: none.
}

var errFull = errors.New("disk full")

func newMemory() *memory {
	return &memory{
		services: map[string]facts.Service{}, teams: map[string]facts.Team{}, users: map[string]facts.User{},
		priorities: map[string]facts.Priority{}, incidents: map[string]facts.Incident{}, entries: map[string]facts.Entry{},
		policies: map[string]facts.EscalationPolicy{}, schedules: map[string]facts.Schedule{},
		skipped: map[string]int{},
	}
}

func (m *memory) clone() *memory {
	c := *m
	c.services, c.teams, c.users, c.priorities = maps.Clone(m.services), maps.Clone(m.teams), maps.Clone(m.users), maps.Clone(m.priorities)
	c.policies, c.schedules = maps.Clone(m.policies), maps.Clone(m.schedules)
	c.incidents, c.entries, c.skipped = maps.Clone(m.incidents), maps.Clone(m.entries), maps.Clone(m.skipped)
	c.shifts, c.complete, c.batches = slices.Clone(m.shifts), slices.Clone(m.complete), slices.Clone(m.batches)
	return &c
}

func (m *memory) save(batch facts.Batch) error {
	if m.failAt == len(m.batches)+1 {
		return errFull
	}
	m.batches = append(m.batches, batch)
	for _, s := range batch.Services {
		m.services[s.ID] = s
	}
	for _, t := range batch.Teams {
		m.teams[t.ID] = t
	}
	for _, u := range batch.Users {
		m.users[u.ID] = u
	}
	for _, p := range batch.Priorities {
		m.priorities[p.ID] = p
	}
	for _, p := range batch.Policies {
		m.policies[p.ID] = p
	}
	for _, s := range batch.Schedules {
		m.schedules[s.ID] = s
	}
	if batch.Maintenance != nil {
		m.works = batch.Maintenance
	}
	if batch.OnCalls != nil {
		m.replace(batch.OnCalls)
	}
	for _, i := range batch.Incidents {
		if old, ok := m.incidents[i.ID]; !ok || !i.UpdatedAt.Before(old.UpdatedAt) {
			m.incidents[i.ID] = i
		}
	}
	for _, e := range batch.Entries {
		switch old, ok := m.entries[e.ID]; {
		case !ok || e.At.Before(old.At):
			m.entries[e.ID] = e
		case e.At.Equal(old.At):
			m.entries[e.ID] = filled(old, e)
		}
	}
	for _, s := range batch.Skipped {
		m.skipped[s.Kind+"/"+s.Reason] += s.Count
	}
	if batch.Cursor != nil {
		m.cursor = batch.Cursor
	}
	if batch.Complete != nil {
		m.complete = append(m.complete, *batch.Complete)
	}
	return nil
}

// filled is an entry with what it lacks from another.
func filled(e, other facts.Entry) facts.Entry {
	if e.Kind == facts.EntryOther {
		e.Kind = other.Kind
	}
	if e.Actor.ID == "" || e.Actor.ID == other.Actor.ID && other.Actor.User {
		e.Actor = other.Actor
	}
	if len(e.Assignees) < len(other.Assignees) || e.Assignees == nil {
		e.Assignees = other.Assignees
	}
	e.Page = e.Page || other.Page
	e.Medium, e.Service = cmp.Or(e.Medium, other.Medium), cmp.Or(e.Service, other.Service)
	e.Old, e.New = cmp.Or(e.Old, other.Old), cmp.Or(e.New, other.New)
	return e
}

// replace takes what is frozen from what is kept, and the rest from reading.
func (m *memory) replace(reading *facts.OnCallReading) {
	from := reading.From
	if reading.FrozenBefore.After(from) {
		from = reading.FrozenBefore
	}
	var all []facts.Shift
	for _, s := range m.shifts {
		all = append(all, part(s, time.Time{}, from), part(s, reading.Until, farAway))
	}
	for _, s := range reading.Shifts {
		all = append(all, part(s, from, reading.Until))
	}
	m.shifts = joined(slices.DeleteFunc(all, func(s facts.Shift) bool { return !s.Start.Before(s.End) }))
}

var farAway = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func part(s facts.Shift, from, until time.Time) facts.Shift {
	if s.Start.Before(from) {
		s.Start = from
	}
	if s.End.After(until) {
		s.End = until
	}
	return s
}

// joined returns shifts sorted, and whole where readings met.
func joined(shifts []facts.Shift) []facts.Shift {
	slices.SortFunc(shifts, func(a, b facts.Shift) int {
		return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Level, b.Level), cmp.Compare(a.User, b.User), a.Start.Compare(b.Start))
	})
	var all []facts.Shift
	for _, s := range shifts {
		if last := len(all) - 1; last >= 0 && all[last].User == s.User && all[last].Level == s.Level &&
			all[last].Policy == s.Policy && all[last].End.Equal(s.Start) {
			all[last].End = s.End
			continue
		}
		all = append(all, s)
	}
	return all
}

func (m *memory) Cursor(context.Context, facts.Source) ([]byte, error) { return m.cursor, nil }

func (m *memory) OpenIncidents(context.Context) ([]string, error) {
	var open []string
	for id, incident := range m.incidents {
		if incident.Open() {
			open = append(open, id)
		}
	}
	slices.Sort(open)
	return open, nil
}

func (m *memory) KnownIncidents(_ context.Context, ids []string) (map[string]facts.Incident, error) {
	kept := map[string]facts.Incident{}
	for _, id := range ids {
		if incident, ok := m.incidents[id]; ok {
			kept[id] = incident
		}
	}
	return kept, nil
}

func (m *memory) KnownServices(_ context.Context, ids []string) (map[string]bool, error) {
	return known(m.services, ids), nil
}

func (*memory) KnownTickets(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (*memory) TicketsBehind(context.Context, time.Time, string, int) ([]facts.Ticket, error) {
	return nil, nil
}

func known[T any](all map[string]T, ids []string) map[string]bool {
	found := map[string]bool{}
	for _, id := range ids {
		if _, ok := all[id]; ok {
			found[id] = true
		}
	}
	return found
}

func (m *memory) incidentIDs() []string { return slices.Sorted(maps.Keys(m.incidents)) }
func (m *memory) entryIDs() []string    { return slices.Sorted(maps.Keys(m.entries)) }
