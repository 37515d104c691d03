// Package pagerduty reads incidents, their log entries, who is on call and
// what these refer to from PagerDuty's REST API, and turns them into facts.
//
// One cycle reads what the cursor says is left: months of history at first,
// the last few minutes from then on. Incidents are found by when they were
// created, so beside those of the window a cycle reads all that are open and
// again each one that something happened to. Every page is handed over at
// once, with the cursor that follows it. On-calls are read for the past as far
// back as incidents and three months ahead, and again until they are two days old.
//
// The package refuses to guess: an item that cannot be understood is left out,
// counted and asked for again, an answer that cannot be understood ends the cycle.
// It keeps no state between cycles but the cursor, judges nothing, and sends no
// request but GET.
package pagerduty

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	upstream "github.com/PagerDuty/go-pagerduty"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
)

// TokenSource gives the API key. It is read at the start of each cycle, so
// that a key can be rotated.
type TokenSource interface {
	Read() (secret.Secret, error)
}

// Options says what to read, and through what.
type Options struct {
	URL   string      // Of the API, without a query. Required.
	Token TokenSource // Required.
	// Since is where the history to read begins. Required.
	Since time.Time
	// Teams are PagerDuty's ids of the teams whose incidents are read; none
	// means the whole account. A cycle ends with an *UnknownTeamError when
	// PagerDuty lists its teams and one of them is not there.
	Teams []string
	// Services are the ids of services that the configuration lists, by the
	// team that lists them. A cycle ends with an *UnknownServiceError when
	// PagerDuty has never had one of them.
	Services map[string][]string
	// HTTP sends the requests: an *apiclient.Client, which takes care of
	// deadlines, limits and repetition. Required.
	HTTP   upstream.HTTPClient
	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to one that drops everything.
}

// Collector reads PagerDuty. It is made by New.
type Collector struct {
	opts Options
	base *url.URL
}

// New returns a Collector, or an error that names all options that are
// missing or unusable.
func New(opts Options) (*Collector, error) {
	base, err := collectors.ParseURL(opts.URL)
	err = errors.Join(err,
		collectors.Require("Token", opts.Token != nil),
		collectors.Require("Since", !opts.Since.IsZero()),
		collectors.Require("HTTP", opts.HTTP != nil))
	if err != nil {
		return nil, fmt.Errorf("options of the pagerduty collector: %w", err)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.Logger = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	opts.Since = wholeSecond(opts.Since)
	opts.Teams = slices.Compact(slices.Sorted(slices.Values(opts.Teams)))
	return &Collector{opts: opts, base: base}, nil
}

// Source returns facts.PagerDuty.
func (*Collector) Source() facts.Source { return facts.PagerDuty }

// Collect runs one cycle; see collectors.Collector. An account without one of
// the configured services or teams ends it with an *UnknownServiceError or an
// *UnknownTeamError before anything is handed over.
func (c *Collector) Collect(ctx context.Context, memory collectors.Memory, save func(facts.Batch) error) error {
	run, err := c.begin(ctx, memory, save)
	if err != nil {
		return err
	}
	// On-calls are last: their list has a limit of its own, which then holds up
	// nothing else, and a history that is cut off does not read them again.
	steps := []func(context.Context) error{
		run.readReference, run.readOpen, run.readGone, run.readPlan, run.readFlawed, run.readRemembered, run.readOnCalls,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return run.complete()
}

func (c *Collector) begin(ctx context.Context, memory collectors.Memory, save func(facts.Batch) error) (*cycle, error) {
	start := wholeSecond(c.opts.Now())
	api, err := c.connect()
	if err != nil {
		return nil, err
	}
	kept, err := memory.Cursor(ctx, facts.PagerDuty)
	if err != nil {
		return nil, fmt.Errorf("read the cursor of pagerduty: %w", err)
	}
	position, err := resume(kept, c.opts.Teams, c.opts.Since, start)
	if err != nil {
		return nil, err
	}
	due := position.callDue(start)
	return &cycle{
		api: api, opts: &c.opts, memory: memory, save: save,
		start: start, cursor: position, planned: slices.Clone(position.Plan), toRead: position.left(), flawed: due,
		fresh: map[string]bool{}, current: map[string]bool{}, again: set(position.again()), unread: map[string]string{},
	}, nil
}

// connect returns what sends requests with the present token.
func (c *Collector) connect() (*api, error) {
	token, err := c.opts.Token.Read()
	if err != nil {
		return nil, fmt.Errorf("read PagerDuty's token: %w", err)
	}
	client := upstream.NewClient(token.Reveal(), upstream.WithAPIEndpoint(strings.TrimSuffix(c.opts.URL, "/")))
	client.HTTPClient = c.opts.HTTP
	return &api{base: c.base, client: client}, nil
}

func set(ids []string) map[string]bool {
	members := make(map[string]bool, len(ids))
	for _, id := range ids {
		members[id] = true
	}
	return members
}

func wholeSecond(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
