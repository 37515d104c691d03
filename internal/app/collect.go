package app

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"teamhealth/collectors"
	"teamhealth/collectors/jira"
	"teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// defaultYears is how far back a source is read when the configuration does
// not say.
const defaultYears = 2

// sources builds the collectors of one configuration.
type sources struct {
	config *config.Config
	policy *scorecard.Policy
	now    func() time.Time
	logger *slog.Logger
	client clients
}

// clients makes what sends a source's requests, in a way of its own if it has one.
type clients func(facts.Source, *ownWay) *apiclient.Client

// ownWay is how requests of a source travel that has more than a token.
type ownWay struct {
	transport   http.RoundTripper
	credentials func() []string // That the transport adds to requests.
}

// source is a collector that can be probed, and how often it is to read.
type source struct {
	collector
	interval time.Duration
}

type collector interface {
	collectors.Collector
	collectors.Prober
}

// addCollectors builds a runner for every configured source that can be read.
func (g *generation) addCollectors() error {
	s := &sources{config: g.config, policy: g.scores.policy, now: g.now, logger: g.logger, client: g.client}
	all, err := s.build()
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := g.addRunner(one.collector, one.interval); err != nil {
			return err
		}
	}
	return nil
}

// build builds the collector of every configured source that can be read, in
// the order in which they are read. What the files show to be wrong are Problems.
func (s *sources) build() ([]source, error) {
	if problems := slices.Concat(secretProblems(s.config), s.sinceProblems()); len(problems) > 0 {
		return nil, problems
	}
	var all []source
	if pd := s.config.Sources.PagerDuty; pd != nil {
		c, err := s.pagerDuty(pd)
		if err != nil {
			return nil, err
		}
		all = append(all, source{&located{c, s.config}, pd.Interval})
	}
	if j := s.config.Sources.Jira; j != nil {
		c, err := s.jira(j)
		if err != nil {
			return nil, err
		}
		all = append(all, source{&located{c, s.config}, j.Interval})
	}
	if p := s.config.Sources.Prometheus; p != nil {
		c, err := s.prometheus(p)
		if err != nil {
			return nil, err
		}
		all = append(all, source{c, p.Interval})
	}
	if r := s.config.Sources.Records; r != nil {
		c, err := s.records(r)
		if err != nil {
			return nil, err
		}
		all = append(all, source{c, r.Interval})
	}
	return all, nil
}

func (s *sources) pagerDuty(pd *config.PagerDuty) (*pagerduty.Collector, error) {
	services := map[string][]string{}
	for _, t := range s.config.Teams {
		services[t.ID] = t.PagerDuty.Services
	}
	return pagerduty.New(pagerduty.Options{
		URL: pd.URL, Token: pd.Token, Since: s.since(pd.Since), Teams: pd.Teams, Services: services,
		HTTP: s.client(facts.PagerDuty, nil), Now: s.now, Logger: s.logger,
	})
}

func (s *sources) jira(j *config.Jira) (*jira.Collector, error) {
	return jira.New(jira.Options{
		URL: j.URL, Flavor: jira.Flavor(j.Flavor), Email: j.Email, Token: j.Token, Since: s.since(j.Since), JQL: j.JQL,
		Fields: s.policy.Tickets.FieldNames(), NeedsRemoteLinks: s.policy.Tickets.NeedsRemoteLinks,
		HTTP: s.client(facts.Jira, nil), Now: s.now, Logger: s.logger,
	})
}

// secretProblems reports tokens and other files of clients that cannot be read, for
// example because they are empty. Each cycle reads them anew; that there is one at all
// is checked before the first, since its absence is a mistake in the set-up and no
// fault of the source.
func secretProblems(c *config.Config) config.Problems {
	var problems config.Problems
	check := func(path string, credential *config.Credential) {
		_, err := credential.Token.Read()
		if err == nil {
			return
		}
		key := ".token_file"
		if credential.TokenEnv != "" {
			key = ".token_env"
		}
		problems = append(problems, problemAt(c, path+key, err.Error(), "")...)
	}
	if pd := c.Sources.PagerDuty; pd != nil {
		check("sources.pagerduty", &pd.Credential)
	}
	if j := c.Sources.Jira; j != nil {
		check("sources.jira", &j.Credential)
	}
	return append(problems, clientProblems(c)...)
}

func (s *sources) sinceProblems() config.Problems {
	var problems config.Problems
	check := func(path string, since scorecard.Date) {
		if s.since(since).After(s.now()) {
			problems = append(problems, problemAt(s.config, path+".since", "lies in the future, so that nothing would be read", "")...)
		}
	}
	if pd := s.config.Sources.PagerDuty; pd != nil {
		check("sources.pagerduty", pd.Since)
	}
	if j := s.config.Sources.Jira; j != nil {
		check("sources.jira", j.Since)
	}
	return problems
}

// problemAt is a mistake that only shows when the configuration is put to use.
func problemAt(c *config.Config, path, problem, hint string) config.Problems {
	file, line := c.Position(path)
	return config.Problems{{File: file, Line: line, Path: path, Problem: problem, Hint: hint}}
}

// since is where the history begins: at the first instant of a local day.
func (s *sources) since(configured scorecard.Date) time.Time {
	zone := s.config.Organization.TimeZone
	if !configured.IsZero() {
		return configured.In(zone)
	}
	today := s.now().In(zone)
	return time.Date(today.Year()-defaultYears, today.Month(), today.Day(), 0, 0, 0, 0, zone)
}

// client returns an HTTP client whose requests are counted as the source's, and
// whose errors show nobody of the roster: they are logged and served.
func (g *generation) client(source facts.Source, own *ownWay) *apiclient.Client {
	if own == nil {
		own = &ownWay{transport: g.upstream}
	} else {
		g.transports = append(g.transports, own.transport)
	}
	return apiclient.New(apiclient.Options{
		Transport: own.transport, Credentials: own.credentials, UserAgent: userAgent(), Now: g.now, Accounts: accounts(g.config),
		Observe:   func(code string) { g.metrics.Request(source, code) },
		RateLimit: func(remaining int) { g.metrics.RateLimit(source, remaining) },
	})
}

// accounts are the ids by which sources know the people of the roster.
func accounts(c *config.Config) []string {
	var all []string
	for _, p := range c.People {
		all = append(all, p.PagerDuty, p.Jira)
	}
	return all
}

func (g *generation) addRunner(c collectors.Collector, interval time.Duration) error {
	r, err := collectors.NewRunner(collectors.Options{
		Collector: c, Memory: memory{g.store}, Sink: &sink{g.store, &g.unrecorded}, Metrics: g.metrics,
		Interval: interval, Logger: g.logger, Now: g.now,
		OnBatch: func(_ facts.Source, b facts.Batch) { g.onBatch(b) },
		OnCycle: func(facts.Source, error) { g.factsChanged() },
	})
	if err != nil {
		return err
	}
	g.metrics.Restore(facts.SourceState{Source: c.Source()}) // Of one that was never read too: its counters begin at 0.
	g.runners = append(g.runners, runner{Runner: r, source: c.Source()})
	return nil
}

// runner is a runner and the source that it reads.
type runner struct {
	*collectors.Runner
	source facts.Source
}

// showRecords shows how many facts of a source are kept.
func (g *generation) showRecords(ctx context.Context, source facts.Source) {
	records, err := g.store.Records(ctx, source)
	if err != nil {
		g.logger.Warn("counting the kept facts failed", "collector", string(source), "err", err)
		return
	}
	g.metrics.SetRecords(source, records)
}

// memory is the store as a collector asks it. What is asked before a fetched page
// can be kept is answered even when the cycle is being stopped.
type memory struct{ *store.Store }

func (m memory) KnownIncidents(ctx context.Context, ids []string) (map[string]facts.Incident, error) {
	return m.Store.KnownIncidents(context.WithoutCancel(ctx), ids)
}

func (m memory) KnownTickets(ctx context.Context, ids []string) (map[string]bool, error) {
	return m.Store.KnownTickets(context.WithoutCancel(ctx), ids)
}

// sink is the store, with its failures marked as such.
type sink struct {
	store      *store.Store
	unrecorded *unrecorded
}

// Save keeps a page even when its cycle is being stopped: it has been fetched.
func (s *sink) Save(ctx context.Context, source facts.Source, b facts.Batch) error {
	return own(s.store.Save(context.WithoutCancel(ctx), source, b))
}

func (s *sink) RecordCycle(ctx context.Context, source facts.Source, finished time.Time, problem string) error {
	err := s.store.RecordCycle(ctx, source, finished, problem)
	switch {
	case err == nil:
		problem = "" // The store tells of it.
	case problem == "":
		problem = err.Error()
	}
	s.unrecorded.note(source, failure{finished, problem})
	return own(err)
}

func own(err error) error {
	if err == nil {
		return nil
	}
	return &storeError{err}
}
