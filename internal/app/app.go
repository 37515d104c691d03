// Package app builds the program from its parts, runs it, gives it another
// configuration while it runs, and stops it. It is the only package that knows
// every other; whoever looks for how a part is wired finds it here, and whoever
// looks for what a part does will not.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// Options say what to build.
type Options struct {
	Config     *config.Config   // Required.
	ConfigFile string           // Where Config is from, for Reload; without it nothing can be reloaded.
	Lifecycle  bool             // Clients of the handler may ask for a reload.
	NoCards    bool             // Nobody will ask for cards soon, as when the sources are only to be read.
	Logger     *slog.Logger     // Required.
	Now        func() time.Time // Defaults to time.Now.
}

// App is the whole program: what lasts as long as the process, and the present
// generation, which is all that the configuration decides. Its methods may be
// called in any order and at once.
type App struct {
	lasting
	options    Options
	life       *lifetime
	registry   *prometheus.Registry
	reloads    *metrics.Reloads
	handler    http.Handler
	current    atomic.Pointer[generation] // Never nil after New.
	collecting sync.Mutex                 // Held while cycles run: two of one source at once would undo each other's cursor.
	reloading  sync.Mutex                 // Held by the one reload that is under way.
	close      func() error
	closers    []closer
}

// closer undoes one step of New.
type closer struct {
	name  string
	close func() error
}

// complete refuses options without what is required, and sets the defaults.
func (o *Options) complete() error {
	if o.Config == nil || o.Logger == nil {
		return errors.New("app needs a configuration and a logger")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

// New opens the store and builds everything around it. Close undoes it.
func New(ctx context.Context, o Options) (*App, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	a := &App{options: o, life: newLifetime(), registry: prometheus.NewRegistry()}
	a.logger, a.now, a.onBatch = o.Logger, o.Now, func(facts.Batch) {}
	a.close = sync.OnceValue(a.undo)
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) (err error) {
	transport := apiclient.NewTransport()
	a.upstream = transport
	a.onClose("connections to the sources", func() error { transport.CloseIdleConnections(); return nil })
	early := newLedgers(a.options.Config.Policy())
	if err := a.openStore(ctx, early); err != nil {
		return err
	}
	if a.metrics, err = collectors.NewMetrics(a.registry); err != nil {
		return err
	}
	if err := a.restoreMetrics(ctx); err != nil {
		return err
	}
	if a.reloads, err = metrics.NewReloads(a.registry); err != nil {
		return err
	}
	g, err := a.generation(a.options.Config)
	if err != nil {
		return err
	}
	g.scores.ledgers = early
	a.current.Store(g)
	a.onClose("connections of the configuration", func() error { a.current.Load().hangUp(); return nil })
	a.reloads.Succeeded(a.now())
	return a.addFaces()
}

// openStore opens the store. A file that its last writer left in order is checked
// after the first cards; while another one is checked, ledgers take in what those will need.
func (a *App) openStore(ctx context.Context, early *ledgers) (err error) {
	o := store.Options{URL: a.options.Config.Store.Path}
	if !a.options.NoCards {
		o.CheckLater = true
		o.Meanwhile = func(ctx context.Context, s *store.Store) { early.prepare(ctx, s, a.now()) }
	}
	if a.store, err = store.Open(ctx, o); err != nil {
		return err
	}
	a.onClose("store", a.store.Close)
	return nil
}

// restoreMetrics shows how collecting went before the process started.
func (a *App) restoreMetrics(ctx context.Context) error {
	states, err := a.store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range states {
		a.metrics.Restore(s)
	}
	return nil
}

func (a *App) onClose(name string, f func() error) {
	a.closers = append(a.closers, closer{name, f})
}

// Close stops what is under way, waits for it, and undoes New, newest step
// first. It reports every failure, each time that it is called.
func (a *App) Close() error {
	a.life.end()
	return a.close()
}

func (a *App) undo() error {
	var errs []error
	for _, c := range slices.Backward(a.closers) {
		if err := c.close(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", c.name, err))
		}
	}
	return errors.Join(errs...)
}

// Progress says how far a source has been read in its present cycle.
type Progress struct {
	Source   string
	Fraction float64 // 0 to 1.
	Records  int     // Facts read so far in this cycle.
}

// Sync runs one cycle of every source, one after the other, and reports each page. A
// source that fails does not keep the next one from running; such failures are *SourceErrors.
func (a *App) Sync(ctx context.Context, report func(Progress)) error {
	return a.collect(ctx, func(ctx context.Context) error {
		if err := a.store.Check(ctx); err != nil {
			return err
		}
		var errs []error
		for _, r := range a.current.Load().runners {
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
		a.onBatch = func(facts.Batch) {}
		return errors.Join(errs...)
	})
}

// blame says whether a cycle's failure is the source's, our own store's, or that of the user's files.
func blame(source facts.Source, err error) error {
	var own *storeError
	if err == nil || errors.As(err, &own) {
		return err
	}
	if mistakes := mistakesOf(err); mistakes != nil {
		return mistakes
	}
	return &SourceError{Source: string(source), Err: err}
}

// Run collects on schedule and keeps the cards in step until ctx ends or the
// program is closed, by one configuration after the other. While Run or Sync is
// under way, another one is refused.
func (a *App) Run(ctx context.Context) error {
	return a.collect(ctx, func(ctx context.Context) error {
		for ctx.Err() == nil {
			if err := a.current.Load().run(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

var errCollecting = errors.New("the sources are being read already")

// collect calls f, which may run cycles, unless cycles are running already.
func (a *App) collect(ctx context.Context, f func(context.Context) error) error {
	ctx, leave, err := a.life.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if !a.collecting.TryLock() {
		return errCollecting
	}
	defer a.collecting.Unlock()
	return f(ctx)
}

// Recompute publishes cards of what the store holds now, and shows how much that is.
func (a *App) Recompute(ctx context.Context) error {
	ctx, leave, err := a.life.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return a.current.Load().publish(ctx)
}

// WaitReady returns when the first cards that rest on every source are
// published, or with ctx's error.
func (a *App) WaitReady(ctx context.Context) error {
	for {
		g := a.current.Load()
		select {
		case <-g.scores.firstReady:
			return nil
		case <-g.superseded:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
