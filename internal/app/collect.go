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
func (a *App) addCollectors(ctx context.Context) error {
	if pd := a.config.Sources.PagerDuty; pd != nil {
		c, err := a.pagerDuty(pd)
		if err != nil {
			return err
		}
		if err := a.addRunner(c, pd.Interval); err != nil {
			return err
		}
	}
	states, err := a.store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, r := range a.runners {
		a.metrics.Restore(facts.SourceState{Source: r.source}) // Of one that was never read too: its counters begin at 0.
	}
	for _, s := range states {
		a.metrics.Restore(s)
	}
	return nil
}

// pagerDuty builds the collector. Each cycle reads the token anew; that there
// is one at all is checked before the first, since its absence is a mistake in
// the set-up and no fault of the source.
func (a *App) pagerDuty(pd *config.PagerDuty) (*pagerduty.Collector, error) {
	if _, err := pd.Token.Read(); err != nil {
		return nil, fmt.Errorf("sources.pagerduty: %w", err)
	}
	since := a.since(pd)
	if since.After(a.now()) {
		file, line := a.config.Position("sources.pagerduty.since")
		return nil, fmt.Errorf("%s:%d: sources.pagerduty.since: lies in the future, so that nothing would be read", file, line)
	}
	services := map[string][]string{}
	for _, t := range a.config.Teams {
		services[t.ID] = t.PagerDuty.Services
	}
	return pagerduty.New(pagerduty.Options{
		URL: pd.URL, Token: pd.Token, Since: since, Teams: pd.Teams, Services: services,
		HTTP: a.client(facts.PagerDuty), Now: a.now, Logger: a.logger,
	})
}

// since is where the history begins: at the first instant of a local day.
func (a *App) since(pd *config.PagerDuty) time.Time {
	zone := a.config.Organization.TimeZone
	if !pd.Since.IsZero() {
		return pd.Since.In(zone)
	}
	today := a.now().In(zone)
	return time.Date(today.Year()-defaultYears, today.Month(), today.Day(), 0, 0, 0, 0, zone)
}

// client returns an HTTP client whose requests are counted as the source's.
func (a *App) client(source facts.Source) *apiclient.Client {
	return apiclient.New(apiclient.Options{
		UserAgent: userAgent(), Now: a.now,
		Observe:   func(code string) { a.metrics.Request(source, code) },
		RateLimit: func(remaining int) { a.metrics.RateLimit(source, remaining) },
	})
}

func (a *App) addRunner(c collectors.Collector, interval time.Duration) error {
	r, err := collectors.NewRunner(collectors.Options{
		Collector: &located{c, a.config}, Memory: a.store, Sink: &sink{a.store}, Metrics: a.metrics,
		Interval: interval, Logger: a.logger, Now: a.now,
		OnBatch: func(_ facts.Source, b facts.Batch) { a.onBatch(b) },
		OnCycle: func(facts.Source, error) { a.factsChanged() },
	})
	if err != nil {
		return err
	}
	a.runners = append(a.runners, runner{Runner: r, source: c.Source()})
	return nil
}

// runner is a runner and the source that it reads.
type runner struct {
	*collectors.Runner
	source facts.Source
}

// showRecords shows how many facts of a source are kept.
func (a *App) showRecords(ctx context.Context, source facts.Source) {
	records, err := a.store.Records(ctx, source)
	if err != nil {
		a.logger.Warn("counting the kept facts failed", "collector", string(source), "err", err)
		return
	}
	a.metrics.SetRecords(source, records)
}

// sink is the store, with its failures marked as such.
type sink struct{ store *store.Store }

func (s *sink) Save(ctx context.Context, source facts.Source, b facts.Batch) error {
	return own(s.store.Save(ctx, source, b))
}

func (s *sink) RecordCycle(ctx context.Context, source facts.Source, finished time.Time, problem string) error {
	return own(s.store.RecordCycle(ctx, source, finished, problem))
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
