// Package prometheus counts events hour by hour: it evaluates pairs of PromQL
// expressions, one for the good events and one for all of them, for each team,
// and turns what they come to into facts.
//
// One cycle asks whether Prometheus answers at all, and then for every hour that
// is over and was never asked for, newest first, as far back as Prometheus may
// remember. Each page is handed over at once with the cursor that follows it. An hour
// without data is no fact but a gap, which is asked for again: in each cycle while it is
// recent, and then when its age has doubled. An hour that is a fact is never asked for
// again, so that a Prometheus that forgets takes nothing back.
//
// The package refuses to take a missing series for zero, to add up series that an
// expression leaves apart, to count by a value that is no count, and to take an
// hour that is not over by its own clock and by Prometheus'. It keeps no state between
// cycles but the cursor, judges nothing, and changes nothing in Prometheus.
package prometheus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

// HTTPClient sends requests. An answer of another status than 2xx must come back
// as an *apiclient.StatusError.
type HTTPClient interface {
	Do(req *http.Request) (*http.Response, error)
}

// Query is a pair of expressions that an objective is measured by.
type Query struct {
	Objective string           // Its id, for messages.
	Events    facts.EventQuery // As configured: with $team in it.
	Teams     []string         // The ids of the teams that it is evaluated for.
}

// Options says what to evaluate, and through what.
type Options struct {
	// URL is Prometheus' own, or that of whatever has its API. It may have a path,
	// and has no query. Required.
	URL string
	// Queries are what to evaluate. What two of them have in common is asked for
	// once. Without any, a cycle only makes sure that Prometheus answers.
	Queries []Query
	// Since is where the history to read begins. The past that Prometheus is asked
	// for never reaches further back than two years, which is the default.
	Since time.Time
	// HTTP sends the requests: an *apiclient.Client, whose Transport is one of
	// NewTransport. Required.
	HTTP   HTTPClient
	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to one that drops everything.
}

// Collector reads Prometheus. It is made by New.
type Collector struct{ opts Options }

// New returns a Collector, or an error that names all options that are missing
// or unusable.
func New(opts Options) (*Collector, error) {
	_, err := collectors.ParseURL(opts.URL)
	errs := []error{err, collectors.Require("HTTP", opts.HTTP != nil)}
	for _, q := range opts.Queries {
		if q.Objective == "" || q.Events.Good == "" || q.Events.Total == "" {
			errs = append(errs, fmt.Errorf("query %+v: not both expressions of an objective", q))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("options of the prometheus collector: %w", err)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.Logger = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	return &Collector{opts: opts}, nil
}

// Source returns facts.Prometheus.
func (*Collector) Source() facts.Source { return facts.Prometheus }

// Collect runs one cycle; see collectors.Collector. It ends with QueryErrors when
// some queries have no usable answer: the others are read all the same. Its data is as
// of the end of the last hour that is over, and since the first hour of which any
// query, of this configuration or an earlier one, ever told something; where there is
// no such hour, since the zero time.
func (c *Collector) Collect(ctx context.Context, memory collectors.Memory, save func(facts.Batch) error) error {
	prom, err := newClient(&c.opts)
	if err != nil {
		return err
	}
	over, err := c.over(ctx, prom)
	if err != nil {
		return err
	}
	kept, err := memory.Cursor(ctx, facts.Prometheus)
	if err != nil {
		return fmt.Errorf("read the cursor of prometheus: %w", err)
	}
	position, err := resume(kept, c.opts.URL)
	if err != nil {
		return err
	}
	wanted := c.opts.wanted()
	position.plan(wanted, max(hourOf(c.opts.Since), over-oldest, 0), over)
	run := &cycle{client: prom, opts: &c.opts, save: save, over: over, cursor: position, told: map[string]bool{}}
	return run.run(ctx, wanted)
}

// over is the first hour that is not over yet, by both clocks, where Prometheus
// tells of its own, and with time for the last samples to arrive.
func (c *Collector) over(ctx context.Context, prom *client) (hour, error) {
	now := c.opts.Now()
	theirs, err := prom.clock(ctx)
	if err != nil {
		return 0, err
	}
	if theirs.IsZero() {
		return hourOf(now.Add(-late)), nil
	}
	if apart := now.Sub(theirs).Abs(); apart > maxApart {
		return 0, fmt.Errorf("the clock of prometheus says %s and ours %s: set them right",
			theirs.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	if theirs.Before(now) {
		now = theirs
	}
	return hourOf(now.Add(-late)), nil
}

const (
	// late is how long after its end an hour is asked for.
	late = 5 * time.Minute
	// maxApart is by how much the clocks may differ. What is further apart is no delay
	// but a clock that was never set, and would pass for the end of the history.
	maxApart = 24 * time.Hour
)

// Probe asks Prometheus whether it answers, and every expression for the last
// day; see collectors.Prober.
func (c *Collector) Probe(ctx context.Context) (warnings []string, err error) {
	prom, err := newClient(&c.opts)
	if err != nil {
		return nil, err
	}
	over, err := c.over(ctx, prom)
	if err != nil {
		return nil, err
	}
	p := &probe{client: prom, hours: span{over - day, over}}
	err = p.run(ctx, c.opts.wanted())
	return p.warnings, err
}
