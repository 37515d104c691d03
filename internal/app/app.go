// Package app builds the program from its parts, runs it and stops it. It is
// the only package that knows every other; whoever looks for how a part is
// wired finds it here, and whoever looks for what a part does will not.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"teamhealth/collectors"
	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// Options say what to build.
type Options struct {
	Config *config.Config   // Required.
	Logger *slog.Logger     // Required.
	Now    func() time.Time // Defaults to time.Now.
}

// App is the whole program: collectors that fill the store, scores computed
// from it, and the faces that show them.
type App struct {
	config   *config.Config
	logger   *slog.Logger
	now      func() time.Time
	store    *store.Store
	scores   *Scores
	counters *Counters
	registry *prometheus.Registry
	metrics  *collectors.Metrics
	runners  []runner
	handler  http.Handler
	settled  chan struct{}     // Likewise, to count.
	changed  chan struct{}     // Holds one token when there is something to compute.
	onBatch  func(facts.Batch) // Set by Sync, which runs one cycle at a time.
	closers  []closer
}

// closer undoes one step of New.
type closer struct {
	name  string
	close func() error
}

// New opens the store and builds everything around it. Close undoes it.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Config == nil || o.Logger == nil {
		return nil, errors.New("app needs a configuration and a logger")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &App{
		config: o.Config, logger: o.Logger, now: o.Now,
		registry: prometheus.NewRegistry(), changed: make(chan struct{}, 1), settled: make(chan struct{}, 1), onBatch: func(facts.Batch) {},
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) error {
	s, err := store.Open(ctx, store.Options{URL: a.config.Store.Path})
	if err != nil {
		return err
	}
	a.store = s
	a.onClose("store", s.Close)
	a.scores = NewScores(a.config.Policy(), s, a.now)
	if a.counters, err = NewCounters(a.config.Policy(), s, a.now); err != nil {
		return err
	}
	if a.metrics, err = collectors.NewMetrics(a.registry); err != nil {
		return err
	}
	if err := a.addCollectors(ctx); err != nil {
		return err
	}
	return a.addFaces()
}

func (a *App) onClose(name string, f func() error) {
	a.closers = append(a.closers, closer{name, f})
}

// Close undoes New, newest step first, and reports every failure.
func (a *App) Close() error {
	var errs []error
	for _, c := range slices.Backward(a.closers) {
		if err := c.close(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", c.name, err))
		}
	}
	a.closers = nil
	return errors.Join(errs...)
}

// Scores returns what answers questions about cards.
func (a *App) Scores() *Scores { return a.scores }

// Progress says how far a source has been read in its present cycle.
type Progress struct {
	Source   string
	Fraction float64 // 0 to 1.
	Records  int     // Facts read so far in this cycle.
}

// Sync runs one cycle of every source, one after the other, and reports each page. A
// source that fails does not keep the next one from running; such failures are *SourceErrors.
func (a *App) Sync(ctx context.Context, report func(Progress)) error {
	var errs []error
	for _, r := range a.runners {
		p := Progress{Source: string(r.source)}
		a.onBatch = func(b facts.Batch) {
			p.Fraction = b.Progress
			for _, n := range b.Records() {
				p.Records += n
			}
			report(p)
		}
		errs = append(errs, blame(r.source, r.RunOnce(ctx)))
	}
	return errors.Join(errs...)
}

// blame says whether a cycle's failure is the source's or our own store's.
func blame(source facts.Source, err error) error {
	var own *storeError
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &SourceError{Source: string(source), Err: err}
}

// Run collects on schedule and recomputes when facts change or an instant
// arrives at which cards change by themselves, until ctx ends.
func (a *App) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.recompute(ctx) })
	group.Go(func() error { return a.count(ctx) })
	for _, r := range a.runners {
		group.Go(func() error { return r.Run(ctx) })
	}
	return group.Wait()
}

// recompute publishes what the store holds at the start, and then after each
// change. A failure keeps the last edition and is tried again with the next change.
func (a *App) recompute(ctx context.Context) error {
	for {
		if err := a.Recompute(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("computing the scorecard failed; the last one stays", "err", err)
		}
		timer := time.NewTimer(a.scores.untilNextChange())
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-a.changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Recompute publishes cards of what the store holds now, and shows how much that is.
func (a *App) Recompute(ctx context.Context) error {
	for _, r := range a.runners {
		a.showRecords(ctx, r.source)
	}
	return a.scores.Refresh(ctx)
}

// count keeps the counters in step, beside the cards: its first pass goes
// through the whole history, and no card should wait for that.
func (a *App) count(ctx context.Context) error {
	for {
		if err := a.counters.Refresh(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("counting incidents failed; the last counts stay", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.settled:
		}
	}
}

// factsChanged asks for a new edition and new counts; one request that is
// waiting already is enough.
func (a *App) factsChanged() {
	for _, c := range []chan struct{}{a.changed, a.settled} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// WaitReady returns when the first card that rests on a complete source is
// published, or with ctx's error.
func (a *App) WaitReady(ctx context.Context) error {
	select {
	case <-a.scores.firstReady:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
