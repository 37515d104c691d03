package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// ledgers are what is kept in step with the store for the published cards.
type ledgers struct {
	calendar  scorecard.Calendar
	incidents *ledger
	tickets   *ticketLedger
	events    *eventLedger
}

func newLedgers(p *scorecard.Policy) *ledgers {
	return &ledgers{calendar: p.Calendar, incidents: newLedger(p), tickets: newTicketLedger(p), events: newEventLedger(p)}
}

// prepare takes in what the cards of now will need. What it cannot read the
// refresh for those cards reads again, and tells why if that fails.
func (l *ledgers) prepare(ctx context.Context, s *store.Store, now time.Time) {
	if windows, err := windowsAt(l.calendar, now); err == nil {
		_ = l.refresh(ctx, s, earliest(l.calendar, windows, now), now)
	}
}

// refresh takes in what changed since the last one.
func (l *ledgers) refresh(ctx context.Context, s *store.Store, from, now time.Time) error {
	if err := l.incidents.refresh(ctx, s, from, now); err != nil {
		return err
	}
	if err := l.tickets.refresh(ctx, s, from); err != nil {
		return err
	}
	return l.events.refresh(ctx, s, from)
}

// ledger keeps the digests of the incidents that were created, or still active,
// since an instant in step with the store. A refresh reads only what changed, so that one
// new incident costs one incident and not a quarter of them.
type ledger struct {
	digester scorecard.Digester
	from     time.Time
	revision int64
	digests  map[string]*scorecard.Digest // Nil before the first refresh.
	sorted   []*scorecard.Digest          // The same; replaced by every change, never changed itself.
}

func newLedger(p *scorecard.Policy) *ledger {
	return &ledger{digester: scorecard.NewDigester(p)}
}

// refresh takes in what changed since the last one. When from moves, which it
// does with the quarter, everything up to now is read anew.
func (l *ledger) refresh(ctx context.Context, s *store.Store, from, now time.Time) error {
	revision, err := s.Revision(ctx)
	if err != nil {
		return fmt.Errorf("read the store's revision: %w", err)
	}
	if l.digests != nil && from.Equal(l.from) && revision == l.revision {
		return nil
	}
	since := store.Query{From: from, SinceRevision: l.revision, Active: true}
	parts := []store.Query{since}
	if l.digests == nil || !from.Equal(l.from) {
		l.digests, l.sorted = map[string]*scorecard.Digest{}, nil
		parts = inHalves(from, now)
	}
	changed, err := l.read(ctx, s, parts)
	if err != nil {
		l.digests = nil // It is not known what of it is missing.
		return err
	}
	l.take(changed)
	l.from, l.revision = from, revision
	return nil
}

// inHalves are two queries for everything since an instant, to be read side
// by side. An incident that both find is the same to both, or was changed
// meanwhile and so is read again by the next refresh.
func inHalves(from, now time.Time) []store.Query {
	half := from.Add(now.Sub(from) / 2)
	return []store.Query{{From: from, To: half, Active: true}, {From: half, Active: true}}
}

// read returns the digests of what some queries find.
func (l *ledger) read(ctx context.Context, s *store.Store, parts []store.Query) ([]*scorecard.Digest, error) {
	found := make([][]*scorecard.Digest, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	for i, q := range parts {
		group.Go(func() (err error) {
			found[i], err = digests(ctx, s, q, l.digester)
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(found...), err
}

func digests(ctx context.Context, s *store.Store, q store.Query, digester scorecard.Digester) ([]*scorecard.Digest, error) {
	var list []*scorecard.Digest
	q.Fleeting = true
	for incident, err := range s.Incidents(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("read incidents: %w", err)
		}
		d := digester.Digest(incident)
		list = append(list, &d)
	}
	return list, nil
}

// take puts digests in the place of those of the same incidents.
func (l *ledger) take(changed []*scorecard.Digest) {
	old := map[*scorecard.Digest]bool{}
	for _, d := range changed {
		if known := l.digests[d.ID]; known != nil {
			old[known] = true
		}
		l.digests[d.ID] = d
	}
	sorted := make([]*scorecard.Digest, 0, len(l.digests))
	for _, d := range slices.Concat(l.sorted, changed) {
		if !old[d] {
			sorted = append(sorted, d)
		}
	}
	scorecard.SortDigests(sorted)
	l.sorted = sorted
}

// serviceOf is the service of an incident's trigger, as far as the ledger
// holds it, else the given one.
func (l *ledger) serviceOf(id, otherwise string) string {
	if d, ok := l.digests[id]; ok {
		return d.Service
	}
	return otherwise
}
