package app

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// eventLedger keeps the hours of events that rows may rest on in step with the
// store. They change once an hour: then all of them are read anew.
type eventLedger struct {
	queries  []facts.EventQuery
	lookback time.Duration
	from     time.Time
	revision int64
	hours    []facts.EventHour // Replaced by every change, never changed itself.
}

func newEventLedger(p *scorecard.Policy) *eventLedger {
	return &eventLedger{queries: eventQueries(p), lookback: p.EventLookback()}
}

// eventQueries are the pairs of expressions that the rubric has, each once.
func eventQueries(p *scorecard.Policy) []facts.EventQuery {
	var queries []facts.EventQuery
	for _, q := range p.EventQueries() {
		if !slices.Contains(queries, q.Query) {
			queries = append(queries, q.Query)
		}
	}
	return queries
}

// refresh takes in what changed since the last one.
func (l *eventLedger) refresh(ctx context.Context, s *store.Store, from time.Time) error {
	if len(l.queries) == 0 {
		return nil
	}
	revision, err := s.EventRevision(ctx)
	if err != nil {
		return fmt.Errorf("read the revision of events: %w", err)
	}
	if revision == l.revision && from.Equal(l.from) {
		return nil
	}
	hours, err := s.EventHours(ctx, l.queries, from.Add(-l.lookback), endOfTime())
	if err != nil {
		return fmt.Errorf("read hours of events: %w", err)
	}
	l.hours, l.from, l.revision = hours, from, revision
	return nil
}

// pastHours reads the hours that rows of a span of time rest on.
func (s *Scores) pastHours(ctx context.Context, from, until time.Time) ([]facts.EventHour, error) {
	return s.store.EventHours(ctx, eventQueries(s.policy), from.Add(-s.policy.EventLookback()), until)
}

// endOfTime is the last instant that a store can keep.
func endOfTime() time.Time { return time.UnixMicro(math.MaxInt64) }
