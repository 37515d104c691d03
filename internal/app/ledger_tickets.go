package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// ticketLedger keeps the tickets on which rows may rest whose incidents are kept since an
// instant, and those that they are linked to, in step with the store.
type ticketLedger struct {
	digester *scorecard.TicketDigester
	lookback time.Duration
	from     time.Time
	revision int64
	tickets  map[string]*scorecard.Ticket
}

func newTicketLedger(p *scorecard.Policy) *ticketLedger {
	return &ticketLedger{digester: scorecard.NewTicketDigester(p), lookback: p.TicketLookback()}
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
		if err := l.update(ctx, s, from.Add(-l.lookback)); err != nil {
			return err
		}
		if err := l.follow(ctx, s); err != nil {
			return err
		}
	}
	l.from, l.revision = from, revision
	return nil
}

// update takes in what changed: at first what matters of the tickets to which something happened
// since an instant; later, what matters no more too, and what is gone of those at hand, whose last update may be older.
func (l *ticketLedger) update(ctx context.Context, s *store.Store, earliest time.Time) error {
	if l.revision == 0 {
		half := store.TicketQuery{UpdatedSince: earliest, Want: l.digester.Matters, Shares: 2}
		other := half
		other.Share = 1
		return l.take(ctx, s, nil, half, other)
	}
	wanted := func(t *facts.Ticket) bool { return l.tickets[t.ID] != nil || !t.UpdatedAt.Before(earliest) }
	return l.take(ctx, s, wanted, store.TicketQuery{SinceRevision: l.revision})
}

// take takes in the tickets of queries, which are read side by side, or those of them that are wanted.
func (l *ticketLedger) take(ctx context.Context, s *store.Store, wanted func(*facts.Ticket) bool, parts ...store.TicketQuery) error {
	found := make([][]*scorecard.Ticket, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	for i, q := range parts {
		group.Go(func() (err error) {
			found[i], err = l.read(ctx, s, wanted, q)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	for _, t := range slices.Concat(found...) {
		l.tickets[t.ID] = t
	}
	return nil
}

func (l *ticketLedger) read(ctx context.Context, s *store.Store, wanted func(*facts.Ticket) bool, q store.TicketQuery) ([]*scorecard.Ticket, error) {
	var list []*scorecard.Ticket
	for ticket, err := range s.Tickets(ctx, q) {
		if err != nil {
			return nil, err
		}
		if wanted == nil || wanted(&ticket) {
			t := l.digester.Digest(&ticket)
			list = append(list, &t)
		}
	}
	return list, nil
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
	return l.take(ctx, s, nil, store.TicketQuery{IDs: slices.Collect(maps.Keys(missing))})
}

// list returns the tickets, in no order.
func (l *ticketLedger) list() []*scorecard.Ticket { return slices.Collect(maps.Values(l.tickets)) }

// named looks up the incidents that exceptions or tickets name and that are not
// among those at hand.
func (s *Scores) named(ctx context.Context, f *scorecard.Facts) ([]facts.Incident, error) {
	ids := map[string]bool{}
	for _, t := range f.Tickets {
		for _, m := range t.Names {
			ids[m.Incident] = true
		}
	}
	if len(ids) > 0 {
		for _, d := range f.Incidents {
			delete(ids, d.ID)
		}
	}
	for _, x := range s.policy.Exceptions {
		for _, id := range x.Incidents {
			ids[id] = true
		}
	}
	kept, err := s.store.KnownIncidents(ctx, slices.Collect(maps.Keys(ids)))
	return slices.Collect(maps.Values(kept)), err
}
