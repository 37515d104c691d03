package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"teamhealth/collectors"
	"teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// defaultYears is how far back a source is read when the configuration does
// not say.
const defaultYears = 2

// addCollectors builds a runner for every configured source that can be read.
func (g *generation) addCollectors() error {
	pd := g.config.Sources.PagerDuty
	if pd == nil {
		return nil
	}
	c, err := g.pagerDuty(pd)
	if err != nil {
		return err
	}
	return g.addRunner(c, pd.Interval)
}

// pagerDuty builds the collector. Each cycle reads the token anew; that there
// is one at all is checked before the first, since its absence is a mistake in
// the set-up and no fault of the source.
func (g *generation) pagerDuty(pd *config.PagerDuty) (*pagerduty.Collector, error) {
	since := g.since(pd)
	if problems := slices.Concat(tokenProblems(g.config), sinceProblems(g.config, since, g.now())); len(problems) > 0 {
		return nil, problems
	}
	services := map[string][]string{}
	for _, t := range g.config.Teams {
		services[t.ID] = t.PagerDuty.Services
	}
	return pagerduty.New(pagerduty.Options{
		URL: pd.URL, Token: pd.Token, Since: since, Teams: pd.Teams, Services: services,
		HTTP: g.client(facts.PagerDuty), Now: g.now, Logger: g.logger,
	})
}

// tokenProblems reports a token that cannot be read, for example because its file is empty.
func tokenProblems(c *config.Config) config.Problems {
	pd := c.Sources.PagerDuty
	if pd == nil {
		return nil
	}
	_, err := pd.Token.Read()
	if err == nil {
		return nil
	}
	key := "token_file"
	if pd.TokenEnv != "" {
		key = "token_env"
	}
	return problemAt(c, "sources.pagerduty."+key, err.Error(), "")
}

func sinceProblems(c *config.Config, since, now time.Time) config.Problems {
	if !since.After(now) {
		return nil
	}
	return problemAt(c, "sources.pagerduty.since", "lies in the future, so that nothing would be read", "")
}

// problemAt is a mistake that only shows when the configuration is put to use.
func problemAt(c *config.Config, path, problem, hint string) config.Problems {
	file, line := c.Position(path)
	return config.Problems{{File: file, Line: line, Path: path, Problem: problem, Hint: hint}}
}

// since is where the history begins: at the first instant of a local day.
func (g *generation) since(pd *config.PagerDuty) time.Time {
	zone := g.config.Organization.TimeZone
	if !pd.Since.IsZero() {
		return pd.Since.In(zone)
	}
	today := g.now().In(zone)
	return time.Date(today.Year()-defaultYears, today.Month(), today.Day(), 0, 0, 0, 0, zone)
}

// client returns an HTTP client whose requests are counted as the source's.
func (g *generation) client(source facts.Source) *apiclient.Client {
	return apiclient.New(apiclient.Options{
		Transport: g.upstream, UserAgent: userAgent(), Now: g.now,
		Observe:   func(code string) { g.metrics.Request(source, code) },
		RateLimit: func(remaining int) { g.metrics.RateLimit(source, remaining) },
	})
}

func (g *generation) addRunner(c collectors.Collector, interval time.Duration) error {
	r, err := collectors.NewRunner(collectors.Options{
		Collector: &located{c, g.config}, Memory: memory{g.store}, Sink: &sink{g.store, &g.unrecorded}, Metrics: g.metrics,
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

// located is a collector whose complaints about the configuration say where in
// the file to look.
type located struct {
	collectors.Collector
	config *config.Config
}

func (l *located) Collect(ctx context.Context, m collectors.Memory, save func(facts.Batch) error) error {
	err := l.Collector.Collect(ctx, m, save)
	var services *pagerduty.UnknownServiceError
	var teams *pagerduty.UnknownTeamError
	switch {
	case errors.As(err, &services):
		return l.unknown("service", services.IDs, func(id string) string { return servicePath(l.config, id) })
	case errors.As(err, &teams):
		return l.unknown("team", teams.IDs, func(id string) string {
			return fmt.Sprintf("sources.pagerduty.teams[%d]", slices.Index(l.config.Sources.PagerDuty.Teams, id))
		})
	}
	return err
}

// unknown says for each id that PagerDuty does not know where it is configured.
func (l *located) unknown(kind string, ids []string, path func(id string) string) error {
	problems := make([]error, 0, len(ids))
	for _, id := range ids {
		at := path(id)
		file, line := l.config.Position(at)
		problems = append(problems, fmt.Errorf("%s:%d: %s: PagerDuty has no %s %s (check the id, and that the token may read it)", file, line, at, kind, id))
	}
	return errors.Join(problems...)
}

// servicePath is where the configuration lists a service.
func servicePath(c *config.Config, id string) string {
	for i, t := range c.Teams {
		if j := slices.Index(t.PagerDuty.Services, id); j >= 0 {
			return fmt.Sprintf("teams[%d].pagerduty.services[%d]", i, j)
		}
	}
	return "teams"
}
