package app_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	"teamhealth/collectors/jira"
	upstream "teamhealth/collectors/pagerduty"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// ticketSetting is what all stages of a test with Jira have in common: a history of
// incidents and of tickets, and a store in which the incidents are read as of its end.
type ticketSetting struct {
	start time.Time
	work  *tickets.History
	read  []byte
}

func newTicketSetting(t *testing.T, start, end time.Time) *ticketSetting {
	t.Helper()
	c := ticketConfig(t)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 3, Start: start, End: end.AddDate(0, 0, 1)})
	must(t, err)
	base := &ticketSetting{start: start}
	base.work, err = tickets.New(app.SimulatedTickets(c, past, 3))
	must(t, err)
	now := func() time.Time { return end }
	account, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"token"}, Now: now, RateLimit: -1})
	must(t, err)
	server := httptest.NewServer(account)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "teamhealth.db")
	s, err := store.Open(context.Background(), store.Options{URL: file})
	must(t, err)
	collector, err := upstream.New(upstream.Options{
		URL: server.URL, Token: token{}, Since: start, HTTP: apiclient.New(apiclient.Options{}), Now: now,
	})
	must(t, err)
	must(t, collector.Collect(context.Background(), s, func(b facts.Batch) error { return s.Save(context.Background(), facts.PagerDuty, b) }))
	must(t, s.Close())
	base.read, err = os.ReadFile(file)
	must(t, err)
	return base
}

// ticketStage is a simulated Jira with a clock and faults before it, and a store
// in which the incidents are.
type ticketStage struct {
	*stage
	policy *scorecard.Policy
	start  time.Time
	email  string
	file   string
}

// stage is one of whose tickets none has been read.
func (base *ticketSetting) stage(t *testing.T, mode simulatedjira.Mode) *ticketStage {
	t.Helper()
	return base.stageOn(t, mode, base.read)
}

// stageOn is one with a copy of a store.
func (base *ticketSetting) stageOn(t *testing.T, mode simulatedjira.Mode, kept []byte) *ticketStage {
	t.Helper()
	s := &ticketStage{stage: &stage{config: ticketConfig(t), pace: 47}, start: base.start}
	s.file = filepath.Join(t.TempDir(), "teamhealth.db")
	must(t, os.WriteFile(s.file, kept, 0o600))
	s.policy = s.config.Policy()
	s.open(t)
	t.Cleanup(func() { must(t, s.store.Close()) })
	if mode == simulatedjira.Cloud {
		s.email = demoEmail
	}
	s.now.Store(evaluatedAt.Unix())
	site, err := simulatedjira.New(simulatedjira.Options{
		History: base.work, Mode: mode, Token: "token", Email: s.email, Now: s.clock, RateLimit: -1,
		Middleware: []func(http.Handler) http.Handler{s.misbehave},
	})
	must(t, err)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

const demoEmail = "bot@example.com"

func (s *ticketStage) open(t *testing.T) {
	t.Helper()
	var err error
	s.store, err = store.Open(context.Background(), store.Options{URL: s.file})
	must(t, err)
}

// reopen closes the store and opens it again, as a program does that is started again.
func (s *ticketStage) reopen(t *testing.T) {
	t.Helper()
	must(t, s.store.Close())
	s.open(t)
}

// suffer begins to misbehave, with Jira's words for those who ask too often.
func (s *ticketStage) suffer(t *testing.T, seed uint64, list []faults.Fault) *faults.Injector {
	t.Helper()
	x, err := faults.New(faults.Options{
		Seed: seed, Faults: list, Now: s.clock, Arrive: s.arrive,
		Limit: http.Header{"Retry-After": {"7"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"2026-07-01T06:01Z"}},
	})
	must(t, err)
	s.injector.Store(x)
	return x
}

func (s *ticketStage) collector(t *testing.T, client *apiclient.Client) *jira.Collector {
	t.Helper()
	c, err := jira.New(jira.Options{
		URL: s.url, Email: s.email, Token: token{}, Since: s.start, JQL: s.config.Sources.Jira.JQL,
		Fields: s.policy.Tickets.FieldNames(), NeedsRemoteLinks: s.policy.Tickets.NeedsRemoteLinks, HTTP: client, Now: s.clock,
	})
	must(t, err)
	return c
}

// cycle runs one cycle as the program does, but waits for nothing. A slow
// answer is given up after a moment where there are any.
func (s *ticketStage) cycle(t *testing.T) error {
	t.Helper()
	patience := 30 * time.Second
	if s.injector.Load() != nil {
		patience = 400 * time.Millisecond
	}
	transport := apiclient.NewTransport()
	defer transport.CloseIdleConnections()
	client := apiclient.New(apiclient.Options{
		Transport: transport, Timeout: patience, Now: s.clock, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	metrics, err := collectors.NewMetrics(prometheus.NewRegistry())
	must(t, err)
	runner, err := collectors.NewRunner(collectors.Options{
		Collector: s.collector(t, client), Memory: s.store, Sink: s.store, Metrics: metrics, Interval: time.Minute, Now: s.clock,
	})
	must(t, err)
	return runner.RunOnce(context.Background())
}

// cards are the bytes of every card that would be published now, with everything read anew.
func (s *ticketStage) cards(t *testing.T) string {
	t.Helper()
	scores := app.NewScores(s.policy, s.store, s.clock)
	must(t, scores.Refresh(context.Background()))
	return cardsOf(t, scores, publishedPeriods()...)
}

// publishedPeriods are those that a running program always has.
func publishedPeriods() []string { return []string{"current", "previous", "28d"} }

func cardsOf(t *testing.T, scores *app.Scores, periods ...string) string {
	t.Helper()
	var out bytes.Buffer
	for _, period := range periods {
		cards, err := scores.Cards(context.Background(), period, time.Time{})
		must(t, err)
		must(t, text.JSON(&out, cards...))
	}
	return out.String()
}

// requireTickets makes sure that a test is about something: rows of a quarter rest
// on tickets, and not all of them say the same.
func (s *ticketStage) requireTickets(t *testing.T, period string) {
	t.Helper()
	scores := app.NewScores(s.policy, s.store, s.clock)
	must(t, scores.Refresh(context.Background()))
	cards, err := scores.Cards(context.Background(), period, time.Time{})
	must(t, err)
	verdicts, judged := map[scorecard.Verdict]bool{}, 0
	for _, c := range cards {
		for _, row := range c.Rows {
			if restsOnJira(row) && row.Value != nil && row.Value.Sign() > 0 {
				verdicts[row.Verdict], judged = true, judged+1
			}
		}
	}
	if judged < 20 || !verdicts[scorecard.Met] || !verdicts[scorecard.Missed] {
		t.Fatalf("%s: %d rows rest on tickets, with verdicts %v: there is nothing to see here", period, judged, verdicts)
	}
}

func restsOnJira(row scorecard.Row) bool {
	return slices.ContainsFunc(row.Sources, func(s scorecard.RowSource) bool { return s.Name == facts.Jira })
}
