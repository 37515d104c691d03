// Package jira reads issues, their history and what these refer to from Jira
// Cloud and Jira Data Center, and turns them into facts.
//
// One cycle makes sure of who is asking, reads which fields and statuses the
// site has, and then every issue of a JQL expression that was updated since the
// cycle before, oldest first. Each page is handed over at once with the cursor
// that follows it, and each issue with its whole history of statuses,
// resolutions and assignees. Once a day all issues that are kept are held against
// lists of those that there are.
//
// Jira answers many questions of somebody whom it does not know with "nothing".
// The package refuses to take that for an answer: a token that has run out, a
// search that finds nothing where it found something before, a project that is
// lost from sight, and a name that the site does not have end the cycle. An
// issue that cannot be understood is asked for again, and left out and counted
// until it is. It keeps no state between cycles but the cursor, judges nothing,
// and changes nothing in Jira.
package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
)

// TokenSource gives the token. It is read at the start of each cycle, so that a
// token can be rotated.
type TokenSource interface {
	Read() (secret.Secret, error)
}

// HTTPClient sends requests. An answer of another status than 2xx must come back
// as an *apiclient.StatusError.
type HTTPClient interface {
	Do(req *http.Request) (*http.Response, error)
}

// Flavor is the kind of Jira.
type Flavor string

// The flavors. FlavorAuto, and the empty one, ask the site which it is.
const (
	FlavorAuto       Flavor = "auto"
	FlavorCloud      Flavor = "cloud"
	FlavorDataCenter Flavor = "datacenter"
)

// Options says what to read, and through what.
type Options struct {
	// URL is the site's, or https://api.atlassian.com/ex/jira/CLOUD-ID, where
	// scoped tokens work. It may have a path, and has no query. Required.
	URL    string
	Flavor Flavor
	// Email is the account's for basic authentication with an API token. Without
	// it the token is sent as a bearer.
	Email string
	Token TokenSource // Required.
	// Since is where the history to read begins. Required.
	Since time.Time
	// JQL says which issues to read. An ORDER BY is taken off. A cycle ends with
	// a *JQLError when it is empty, and would read the whole site, and when the
	// site refuses it.
	JQL string
	// Fields are the names, or ids, of the fields whose values are kept. A cycle
	// ends with a *FieldError when one does not name exactly one field of the site.
	Fields []string
	// NeedsRemoteLinks says whether the remote links of a ticket are to be read,
	// which costs a request. Defaults to none.
	NeedsRemoteLinks func(facts.Ticket) bool
	// HTTP sends the requests: an *apiclient.Client, which takes care of
	// deadlines, limits and repetition. Required.
	HTTP   HTTPClient
	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to one that drops everything.
}

// Collector reads Jira. It is made by New.
type Collector struct{ opts Options }

// New returns a Collector, or an error that names all options that are
// missing or unusable.
func New(opts Options) (*Collector, error) {
	_, err := collectors.ParseURL(opts.URL)
	err = errors.Join(err,
		collectors.Require("Token", opts.Token != nil),
		collectors.Require("Since", !opts.Since.IsZero()),
		collectors.Require("HTTP", opts.HTTP != nil),
		opts.Flavor.check())
	if err != nil {
		return nil, fmt.Errorf("options of the jira collector: %w", err)
	}
	opts.setDefaults()
	return &Collector{opts: opts}, nil
}

func (f Flavor) check() error {
	switch f {
	case "", FlavorAuto, FlavorCloud, FlavorDataCenter:
		return nil
	default:
		return fmt.Errorf("unknown Flavor %q", f)
	}
}

func (o *Options) setDefaults() {
	if o.NeedsRemoteLinks == nil {
		o.NeedsRemoteLinks = func(facts.Ticket) bool { return false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	o.Since = wholeSecond(o.Since)
	o.Fields = slices.Compact(slices.Sorted(slices.Values(o.Fields)))
}

// Source returns facts.Jira.
func (*Collector) Source() facts.Source { return facts.Jira }

// Collect runs one cycle; see collectors.Collector. A site without one of the
// configured fields ends it with a *FieldError before anything is handed over.
func (c *Collector) Collect(ctx context.Context, memory collectors.Memory, save func(facts.Batch) error) error {
	start := wholeSecond(c.opts.Now())
	session, err := c.open(ctx)
	if err != nil {
		return err
	}
	kept, err := memory.Cursor(ctx, facts.Jira)
	if err != nil {
		return fmt.Errorf("read the cursor of jira: %w", err)
	}
	position, err := resume(kept, session.filter(), c.opts.Since)
	if err != nil {
		return err
	}
	run := &cycle{
		session: session, opts: &c.opts, memory: memory, save: save, start: start, cursor: position,
		leftOut: map[string]string{}, taken: map[string]bool{},
	}
	for _, step := range []func(context.Context) error{
		run.checkProjects, run.keepStatuses, run.readRest, run.readChanged, run.checkPresence, run.callTheRoll, run.readFlawed,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return run.complete()
}

// Probe asks what every cycle asks first, and for one issue of the JQL; see
// collectors.Prober.
func (c *Collector) Probe(ctx context.Context) (warnings []string, err error) {
	session, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	found, err := session.present(ctx)
	if err == nil && !found {
		warnings = append(warnings, "the jql finds no issue that the token's account may see")
	}
	return warnings, err
}

func wholeSecond(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
