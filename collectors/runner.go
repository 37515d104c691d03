package collectors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// Sink keeps what a collector finds.
type Sink interface {
	// Save keeps the facts and the cursor of a batch in one transaction.
	Save(ctx context.Context, source facts.Source, batch facts.Batch) error
	// RecordCycle notes how a cycle ended that finished at the given instant:
	// with an error's text, or with none when the cycle was complete.
	RecordCycle(ctx context.Context, source facts.Source, finished time.Time, problem string) error
}

// Options says which collector to run, how often, and where its facts go.
type Options struct {
	Collector Collector        // Required.
	Memory    Memory           // Required.
	Sink      Sink             // Required.
	Metrics   *Metrics         // Required.
	Interval  time.Duration    // From the start of one cycle to that of the next. Required.
	Logger    *slog.Logger     // Defaults to one that drops everything.
	Now       func() time.Time // Defaults to time.Now.

	// OnBatch is called after each batch that was kept, and so hears once of
	// everything that was left out. Optional.
	OnBatch func(facts.Source, facts.Batch)
	// OnCycle is called after each cycle, with its error. Optional.
	OnCycle func(facts.Source, error)
}

// Runner runs the cycles of one collector, one at a time. It is made by NewRunner.
type Runner struct{ opts Options }

// NewRunner returns a Runner, or an error that names all options that are missing.
func NewRunner(opts Options) (*Runner, error) {
	var missing []string
	for _, option := range []struct {
		name  string
		given bool
	}{
		{"Collector", opts.Collector != nil},
		{"Memory", opts.Memory != nil},
		{"Sink", opts.Sink != nil},
		{"Metrics", opts.Metrics != nil},
		{"Interval", opts.Interval > 0},
	} {
		if !option.given {
			missing = append(missing, option.name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("options of the runner: %s missing", strings.Join(missing, ", "))
	}
	opts.setDefaults()
	return &Runner{opts: opts}, nil
}

func (o *Options) setDefaults() {
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnBatch == nil {
		o.OnBatch = func(facts.Source, facts.Batch) {}
	}
	if o.OnCycle == nil {
		o.OnCycle = func(facts.Source, error) {}
	}
}

// Run runs cycle after cycle until ctx ends, and then returns nil. A cycle
// that fails is logged and tried again before its time.
func (r *Runner) Run(ctx context.Context) error {
	for failures := 0; ; {
		started := r.opts.Now()
		err := r.RunOnce(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // To end because ctx does is no failure.
		}
		wait := r.opts.Interval - r.opts.Now().Sub(started)
		failures++
		if err == nil {
			failures = 0
		} else {
			wait = r.backOff(failures)
			r.logFailure(err, wait)
		}
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// firstBackOff is how long the first retry of a failed cycle waits. Each
// further one waits twice as long, and none longer than the interval.
const firstBackOff = 30 * time.Second

func (r *Runner) backOff(failures int) time.Duration {
	return min(firstBackOff<<min(failures-1, 16), r.opts.Interval)
}

// logFailure logs a failed cycle, unless its crash is in the log already.
func (r *Runner) logFailure(err error, wait time.Duration) {
	if crash := new(crashError); errors.As(err, &crash) {
		return
	}
	r.opts.Logger.Error("collector cycle failed", slog.String("collector", r.source()),
		slog.Any("error", err), slog.Duration("retry_in", wait))
}

// RunOnce runs one cycle and returns its error: the collector's, or that of
// keeping what it found. The outcome is recorded and shown; only a crash is
// logged, for its stack. A cycle that ends because ctx does is neither
// complete nor failed, and leaves no record. What was left out is logged in any case.
func (r *Runner) RunOnce(ctx context.Context) error {
	source := r.opts.Collector.Source()
	started := r.opts.Now()
	err := r.collect(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("cycle of %s stopped: %w", source, context.Cause(ctx))
	}
	finished := r.opts.Now()
	problem := ""
	if err != nil {
		problem = err.Error()
	}
	if recordErr := r.opts.Sink.RecordCycle(ctx, source, finished, problem); recordErr != nil {
		err = alsoFailed(err, fmt.Errorf("record the cycle of %s: %w", source, recordErr))
	}
	r.opts.Metrics.cycle(source, finished.Sub(started), finished, err)
	r.opts.OnCycle(source, err)
	return err
}

func alsoFailed(first, second error) error {
	if first == nil {
		return second
	}
	return fmt.Errorf("%w; %w", first, second)
}

// collect turns a panic of the collector into an error: what one source
// answers must not take the others down.
func (r *Runner) collect(ctx context.Context) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = &crashError{reason: reason}
			r.opts.Logger.Error("collector crashed", slog.String("collector", r.source()),
				slog.Any("error", err), slog.String("stack", string(debug.Stack())))
		}
	}()
	source := r.opts.Collector.Source()
	complete, left := false, tally{}
	defer func() { left.log(r.opts.Logger, source) }()
	err = r.opts.Collector.Collect(ctx, r.opts.Memory, func(batch facts.Batch) error {
		if saveErr := r.opts.Sink.Save(ctx, source, batch); saveErr != nil {
			return saveErr
		}
		complete = complete || batch.Complete != nil
		r.opts.Metrics.skip(source, batch.Skipped)
		left.add(batch.Skipped)
		r.opts.OnBatch(source, batch)
		return nil
	})
	if err == nil && !complete {
		return fmt.Errorf("the cycle of %s ended without saying that it is complete", source)
	}
	return err
}

func (r *Runner) source() string { return string(r.opts.Collector.Source()) }

// crashError is a collector's panic.
type crashError struct{ reason any }

func (e *crashError) Error() string { return fmt.Sprintf("collector crashed: %v", e.reason) }

// sleep waits for d and reports whether ctx lasted as long.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
