package jira_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// memory keeps what is handed over, as a store does.
type memory struct {
	cursor   []byte
	tickets  map[string]facts.Ticket
	statuses map[string]facts.TicketStatus
	skipped  []facts.Skip
	complete []facts.Completion
	batches  []facts.Batch
	fail     func(facts.Batch) error
}

func newMemory() *memory {
	return &memory{tickets: map[string]facts.Ticket{}, statuses: map[string]facts.TicketStatus{}}
}

func (m *memory) save(b facts.Batch) error {
	if m.fail != nil {
		if err := m.fail(b); err != nil {
			return err
		}
	}
	m.batches = append(m.batches, b)
	for _, t := range b.Tickets {
		m.tickets[t.ID] = t
	}
	if b.Absence != nil {
		for _, id := range b.Absence.Tickets {
			one := m.tickets[id]
			one.GoneAt = b.Absence.At
			m.tickets[id] = one
		}
	}
	for _, s := range b.TicketStatuses {
		m.statuses[s.ID] = s
	}
	for _, one := range b.Skipped {
		m.skip(one)
	}
	if b.Cursor != nil {
		m.cursor = b.Cursor
	}
	if b.Complete != nil {
		m.complete = append(m.complete, *b.Complete)
	}
	return nil
}

// skip adds to the count of a kind and reason.
func (m *memory) skip(one facts.Skip) {
	same := func(s facts.Skip) bool { return s.Kind == one.Kind && s.Reason == one.Reason }
	if i := slices.IndexFunc(m.skipped, same); i >= 0 {
		m.skipped[i].Count += one.Count
		return
	}
	m.skipped = append(m.skipped, one)
}

func (m *memory) ids() []string {
	var ids []string
	for id := range m.tickets {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return ids
}

func (m *memory) Cursor(context.Context, facts.Source) ([]byte, error) { return m.cursor, nil }

func (*memory) OpenIncidents(context.Context) ([]string, error) { return nil, nil }

func (*memory) KnownIncidents(context.Context, []string) (map[string]facts.Incident, error) {
	return nil, nil
}

func (*memory) KnownServices(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (m *memory) KnownTickets(_ context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, id := range ids {
		if _, kept := m.tickets[id]; kept {
			known[id] = true
		}
	}
	return known, nil
}

func (m *memory) TicketsBehind(_ context.Context, created time.Time, id string, limit int) ([]facts.Ticket, error) {
	inOrder := func(a, b facts.Ticket) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) }
	place := facts.Ticket{CreatedAt: created, ID: id}
	list := slices.SortedFunc(maps.Values(m.tickets), inOrder)
	list = slices.DeleteFunc(list, func(t facts.Ticket) bool { return inOrder(t, place) <= 0 })
	return list[:min(limit, len(list))], nil
}
