package app

import (
	"context"
	"fmt"
	"time"

	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// ledger keeps the digests of the incidents that were created, or still active,
// since an instant in step with the store. A refresh reads only what changed, so that one
// new incident costs one incident and not a quarter of them.
type ledger struct {
	digester scorecard.Digester
	from     time.Time
	revision int64
	digests  map[string]scorecard.Digest
}

func newLedger(p *scorecard.Policy) *ledger {
	return &ledger{digester: scorecard.NewDigester(p)}
}

// refresh takes in what changed since the last one. When from moves, which it
// does with the quarter, everything is read anew.
func (l *ledger) refresh(ctx context.Context, s *store.Store, from time.Time) error {
	if l.digests == nil || !from.Equal(l.from) {
		l.digests, l.revision = map[string]scorecard.Digest{}, 0
	}
	revision, err := s.Revision(ctx)
	if err != nil {
		return fmt.Errorf("read the store's revision: %w", err)
	}
	if revision != l.revision {
		if err := l.take(ctx, s, store.Query{From: from, SinceRevision: l.revision, Active: true}); err != nil {
			return err
		}
	}
	l.from, l.revision = from, revision
	return nil
}

func (l *ledger) take(ctx context.Context, s *store.Store, q store.Query) error {
	for incident, err := range s.Incidents(ctx, q) {
		if err != nil {
			return fmt.Errorf("read incidents: %w", err)
		}
		l.digests[incident.ID] = l.digester.Digest(incident)
	}
	return nil
}

// list returns the digests, in no order.
func (l *ledger) list() []scorecard.Digest {
	list := make([]scorecard.Digest, 0, len(l.digests))
	for _, d := range l.digests {
		list = append(list, d)
	}
	return list
}

// serviceOf is the service of an incident's trigger, as far as the ledger
// holds it, else the given one.
func (l *ledger) serviceOf(id, otherwise string) string {
	if d, ok := l.digests[id]; ok {
		return d.Service
	}
	return otherwise
}
