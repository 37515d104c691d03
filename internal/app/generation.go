package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"teamhealth/collectors"
	"teamhealth/config"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// lasting is what stays as it is when the configuration changes: the facts, what
// the process counts of itself, and the connections to the sources.
type lasting struct {
	logger   *slog.Logger
	now      func() time.Time
	store    *store.Store
	metrics  *collectors.Metrics
	upstream http.RoundTripper
	onBatch  func(facts.Batch) // Set by whoever holds App.collecting.

	unrecorded unrecorded // What the store should know and could not take.

	// tally is what was counted last. It stays when the configuration changes, until
	// the incidents are counted by the new one.
	tally atomic.Pointer[metrics.Tally]
}

// generation is everything that one configuration decides. Its parts never
// change: another configuration makes another generation, which takes this
// one's place as a whole.
type generation struct {
	*lasting
	config   *config.Config
	scores   *Scores
	counters *Counters
	runners  []runner
	handler  http.Handler
	// transports are those that the configuration says how to make.
	transports []http.RoundTripper

	changed    chan struct{} // Holds one token when there is something to compute.
	settled    chan struct{} // Likewise, to count.
	superseded chan struct{} // Closed once another generation has taken over.
}

// newGeneration builds a generation and starts nothing. What asks for a reload
// on behalf of a client is given by reload, if clients may.
func newGeneration(l *lasting, c *config.Config, reload func(context.Context) error) (*generation, error) {
	policy := c.Policy()
	g := &generation{
		lasting: l, config: c, scores: NewScores(policy, l.store, l.now),
		changed: make(chan struct{}, 1), settled: make(chan struct{}, 1), superseded: make(chan struct{}),
	}
	var err error
	if g.counters, err = NewCounters(policy, l.store, l.now); err != nil {
		return nil, err
	}
	g.counters.published = &l.tally
	if err := g.addCollectors(); err != nil {
		return nil, err
	}
	if g.handler, err = g.faces(reload); err != nil {
		return nil, err
	}
	return g, nil
}

// run publishes what the store holds, and then collects on schedule and recomputes
// when facts change or an instant arrives at which cards change by themselves, until
// ctx ends or the generation is superseded. Cycles and counters wait for the first
// cards, which somebody may be waiting for, and for the store to be checked: one that is
// damaged ends the run. When it returns, no cycle is under way any more.
func (g *generation) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer g.hangUp()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		select {
		case <-g.superseded:
			stop()
		case <-ctx.Done():
		}
		return nil
	})
	g.tryToPublish(ctx)
	group.Go(func() error { return g.recompute(ctx) })
	group.Go(func() error {
		err := g.store.Check(ctx)
		switch {
		case err == nil:
			return g.collect(ctx)
		case ctx.Err() != nil:
			return nil //nolint:nilerr // That it was ended says nothing about the store.
		default:
			return err
		}
	})
	return group.Wait()
}

// collect runs what writes to the store: counters and cycles.
func (g *generation) collect(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.count(ctx) })
	for _, r := range g.runners {
		group.Go(func() error { return r.Run(ctx) })
	}
	return group.Wait()
}

// recompute publishes what the store holds after each change.
func (g *generation) recompute(ctx context.Context) error {
	for {
		timer := time.NewTimer(g.scores.untilNextChange())
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-g.changed:
		case <-timer.C:
		}
		timer.Stop()
		g.tryToPublish(ctx)
	}
}

// tryToPublish publishes what the store holds. A failure keeps the last edition,
// and it is tried again with the next change.
func (g *generation) tryToPublish(ctx context.Context) {
	if err := g.publish(ctx); err != nil && ctx.Err() == nil {
		g.logger.Error("computing the scorecard failed; the last one stays", "err", err)
	}
}

// publish puts out cards of what the store holds now, and shows how much that is.
func (g *generation) publish(ctx context.Context) error {
	for _, r := range g.runners {
		g.showRecords(ctx, r.source)
	}
	return g.scores.Refresh(ctx)
}

// count keeps the counters in step, beside the cards: its first pass goes
// through the whole history, and no card should wait for that.
func (g *generation) count(ctx context.Context) error {
	for {
		if err := g.counters.Refresh(ctx); err != nil && ctx.Err() == nil {
			g.logger.Error("counting incidents failed; the last counts stay", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-g.settled:
		}
	}
}

// factsChanged asks for a new edition and new counts; one request that is
// waiting already is enough.
func (g *generation) factsChanged() {
	for _, c := range []chan struct{}{g.changed, g.settled} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
