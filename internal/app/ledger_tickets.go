package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// ticketLookback is how long before the facts of incidents those of tickets
// begin: a service is covered by what was written within a year, which a leap
// year makes longer.
const ticketLookback = 366 * 24 * time.Hour

// ticketLedger keeps the tickets to which something happened since an instant
// and on which rows may rest, and those that they are linked to, in step with the store.
type ticketLedger struct {
	digester *scorecard.TicketDigester
	from     time.Time
	revision int64
	tickets  map[string]*scorecard.Ticket
}

func newTicketLedger(p *scorecard.Policy) *ticketLedger {
	return &ticketLedger{digester: scorecard.NewTicketDigester(p)}
}

// refresh takes in what changed since the last one.
func (l *ticketLedger) refresh(ctx context.Context, s *store.Store, from time.Time) error {
	if l.tickets == nil || !from.Equal(l.from) {
		l.tickets, l.revision = map[string]*scorecard.Ticket{}, 0
	}
	revision, err := s.Revision(ctx)
	if err != nil {
		return fmt.Errorf("read the store's revision: %w", err)
	}
	if revision != l.revision {
		q := store.TicketQuery{UpdatedSince: from, SinceRevision: l.revision}
		if l.revision == 0 {
			q.Want = l.digester.Matters // Later, what matters no more is among what changed, and must be taken in.
		}
		if err := l.take(ctx, s, q); err != nil {
			return err
		}
		if err := l.follow(ctx, s); err != nil {
			return err
		}
	}
	l.from, l.revision = from, revision
	return nil
}

func (l *ticketLedger) take(ctx context.Context, s *store.Store, q store.TicketQuery) error {
	for ticket, err := range s.Tickets(ctx, q) {
		if err != nil {
			return fmt.Errorf("read tickets: %w", err)
		}
		t := l.digester.Digest(&ticket)
		l.tickets[ticket.ID] = &t
	}
	return nil
}

// follow takes in the tickets that others are linked to and that are older:
// what a post-mortem is linked to may name its incident.
func (l *ticketLedger) follow(ctx context.Context, s *store.Store) error {
	missing := map[string]bool{}
	for _, t := range l.tickets {
		for _, id := range t.Links {
			if l.tickets[id] == nil {
				missing[id] = true
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return l.take(ctx, s, store.TicketQuery{IDs: slices.Collect(maps.Keys(missing))})
}

// list returns the tickets, in no order.
func (l *ticketLedger) list() []*scorecard.Ticket { return slices.Collect(maps.Values(l.tickets)) }

// named looks up the incidents that exceptions or tickets name and that are not
// among those at hand.
func (s *Scores) named(ctx context.Context, f *scorecard.Facts) ([]facts.Incident, error) {
	ids := map[string]bool{}
	for _, x := range s.policy.Exceptions {
		for _, id := range x.Incidents {
			ids[id] = true
		}
	}
	known := make(map[string]bool, len(f.Incidents))
	for _, d := range f.Incidents {
		known[d.ID] = true
	}
	for _, t := range f.Tickets {
		for _, m := range t.Names {
			if !known[m.Incident] {
				ids[m.Incident] = true
			}
		}
	}
	kept, err := s.store.KnownIncidents(ctx, slices.Collect(maps.Keys(ids)))
	return slices.Collect(maps.Values(kept)), err
}
