package app_test

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"teamhealth/collectors"
	"teamhealth/collectors/jira"
	upstream "teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

// setting is what all stages of a test have in common: a history, and a store
// in which the incidents are read.
type setting struct {
	config *config.Config
	start  time.Time
	past   *history.History
	work   *tickets.History // None in one without Jira.
	read   []byte
}

// The settings of several tests.
var (
	aWeekOfIncidents  shared[setting]
	aMonthOfTickets   shared[setting]
	aQuarterOfTickets shared[setting]
)

// newSetting is one without Jira, read as of evaluatedAt.
func newSetting(t *testing.T) *setting {
	t.Helper()
	return aWeekOfIncidents.get(t, func(t *testing.T) *setting {
		t.Helper()
		base := layPast(t, exampleConfig(t, "http://localhost"), faultsStart, faultsEnd)
		base.readAsOf(t, evaluatedAt)
		return base
	})
}

// newTicketSetting is one with tickets, whose incidents are read as of its end.
func newTicketSetting(t *testing.T, start, end time.Time) *setting {
	t.Helper()
	base := layPast(t, ticketConfig(t), start, end)
	var err error
	base.work, err = tickets.New(app.SimulatedTickets(base.config, base.past, 3))
	must(t, err)
	base.readAsOf(t, end)
	return base
}

func monthOfTickets(t *testing.T) *setting {
	t.Helper()
	return aMonthOfTickets.get(t, func(t *testing.T) *setting { t.Helper(); return newTicketSetting(t, ticketFaultsStart, faultsEnd) })
}

func quarterOfTickets(t *testing.T) *setting {
	t.Helper()
	return aQuarterOfTickets.get(t, func(t *testing.T) *setting { t.Helper(); return newTicketSetting(t, quarterStart, faultsEnd) })
}

func layPast(t *testing.T, c *config.Config, start, end time.Time) *setting {
	t.Helper()
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 3, Start: start, End: end.AddDate(0, 0, 1)})
	must(t, err)
	return &setting{config: c, start: start, past: past}
}

func (base *setting) readAsOf(t *testing.T, at time.Time) {
	t.Helper()
	s := base.stage(t)
	s.now.Store(at.Unix())
	must(t, s.cycle(t))
	base.read = s.kept(t)
}

// stage is a PagerDuty of which nothing has been read.
func (base *setting) stage(t *testing.T) *stage {
	t.Helper()
	empty, err := emptyStoreFile()
	must(t, err)
	return base.stageOn(t, empty)
}

// readStage is a PagerDuty that has been read without faults.
func (base *setting) readStage(t *testing.T) *stage { t.Helper(); return base.stageOn(t, base.read) }

func (base *setting) stageOn(t *testing.T, kept []byte) *stage {
	t.Helper()
	s := newStage(t, base.config, base.start, kept)
	s.source = facts.PagerDuty
	account, err := pagerduty.New(pagerduty.Options{
		History: base.past, Tokens: []string{"token"}, Now: s.clock, RateLimit: -1,
		Middleware: []func(http.Handler) http.Handler{s.misbehave},
	})
	must(t, err)
	s.serve(t, account)
	services := map[string][]string{}
	for _, team := range s.config.Teams {
		services[team.ID] = team.PagerDuty.Services
	}
	s.collector = func(t *testing.T, client *apiclient.Client) collectors.Collector {
		t.Helper()
		c, err := upstream.New(upstream.Options{
			URL: s.url, Token: token{}, Since: s.start, Services: services, HTTP: client, Now: s.clock,
		})
		must(t, err)
		return c
	}
	return s
}

// jiraStage is a Jira of which nothing has been read.
func (base *setting) jiraStage(t *testing.T, mode simulatedjira.Mode) *stage {
	t.Helper()
	return base.jiraStageOn(t, mode, base.read)
}

func (base *setting) jiraStageOn(t *testing.T, mode simulatedjira.Mode, kept []byte) *stage {
	t.Helper()
	s := newStage(t, base.config, base.start, kept)
	s.source = facts.Jira
	s.limit = http.Header{"Retry-After": {"7"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"2026-07-01T06:01Z"}}
	email := map[simulatedjira.Mode]string{simulatedjira.Cloud: demoEmail}[mode]
	site, err := simulatedjira.New(simulatedjira.Options{
		History: base.work, Mode: mode, Token: "token", Email: email, Now: s.clock, RateLimit: -1,
		Middleware: []func(http.Handler) http.Handler{s.misbehave},
	})
	must(t, err)
	s.serve(t, site)
	s.collector = func(t *testing.T, client *apiclient.Client) collectors.Collector {
		t.Helper()
		c, err := jira.New(jira.Options{
			URL: s.url, Email: email, Token: token{}, Since: s.start, JQL: s.config.Sources.Jira.JQL,
			Fields: s.policy.Tickets.FieldNames(), NeedsRemoteLinks: s.policy.Tickets.NeedsRemoteLinks, HTTP: client, Now: s.clock,
		})
		must(t, err)
		return c
	}
	return s
}

const demoEmail = "bot@example.com"

// program is the whole program before the stage's PagerDuty, with an empty store.
func (s *stage) program(t *testing.T) *program {
	t.Helper()
	dir := t.TempDir()
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: s.url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: s.start.Year(), Month: s.start.Month(), Day: s.start.Day()},
	})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte("token\n"), 0o600))
	c, err := config.Parse(filepath.Join(dir, "teamhealth.yml"), yml)
	must(t, err)
	a, err := app.New(t.Context(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: s.clock})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return &program{App: a}
}
