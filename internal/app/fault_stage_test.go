package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	upstream "teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// The time that the faults are tried on: a week is there at first, and two
// days and more come while things go wrong.
var (
	faultsStart = time.Date(2026, time.June, 24, 0, 0, 0, 0, time.UTC)
	faultsEnd   = evaluatedAt.Add(57 * time.Hour)
)

// stage is a simulated account with a clock and faults before it, and what a
// collector makes of it.
type stage struct {
	config *config.Config
	url    string
	store  *store.Store

	now      atomic.Int64 // Seconds since 1970.
	injector atomic.Pointer[faults.Injector]
	answered atomic.Int64 // Requests that reached the account, or the faults before it.
	skipped  atomic.Int64 // Items that were left out.
	pace     int64        // By how many seconds the clock runs on when something arrives.
}

func (s *stage) clock() time.Time { return time.Unix(s.now.Load(), 0).UTC() }

// setting is what all stages of a test have in common: a history, and a store
// in which it is read as of evaluatedAt.
type setting struct {
	past *history.History
	read []byte
}

func newSetting(t *testing.T) *setting {
	t.Helper()
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://localhost", TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:unused.db",
	})
	must(t, err)
	c, err := config.Parse("teamhealth.yml", yml)
	must(t, err)
	past, err := history.New(history.Options{
		Organization: app.Simulated(c), Seed: 3, Start: faultsStart, End: faultsEnd.AddDate(0, 0, 1),
	})
	must(t, err)
	base := &setting{past: past}
	file := filepath.Join(t.TempDir(), "teamhealth.db")
	s, err := store.Open(context.Background(), store.Options{URL: file})
	must(t, err)
	must(t, base.stageOn(t, s).cycle(t))
	must(t, s.Close())
	base.read, err = os.ReadFile(file)
	must(t, err)
	return base
}

// stage is one of which nothing has been read.
func (base *setting) stage(t *testing.T) *stage {
	t.Helper()
	return base.stageOn(t, emptyStore(t))
}

// readStage is one that has been read without faults.
func (base *setting) readStage(t *testing.T) *stage {
	t.Helper()
	file := filepath.Join(t.TempDir(), "teamhealth.db")
	must(t, os.WriteFile(file, base.read, 0o600))
	s, err := store.Open(context.Background(), store.Options{URL: file})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return base.stageOn(t, s)
}

func (base *setting) stageOn(t *testing.T, kept *store.Store) *stage {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &stage{url: "http://" + server.Listener.Addr().String(), store: kept, pace: 47}
	s.now.Store(evaluatedAt.Unix())
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: s.url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:unused.db",
	})
	must(t, err)
	s.config, err = config.Parse("teamhealth.yml", yml)
	must(t, err)
	server.Config.Handler, err = pagerduty.New(pagerduty.Options{
		History: base.past, Tokens: []string{"token"}, Now: s.clock, RateLimit: -1,
		Middleware: []func(http.Handler) http.Handler{s.misbehave},
	})
	must(t, err)
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// program is the whole program before the account, with an empty store.
func (s *stage) program(t *testing.T) *program {
	t.Helper()
	dir := t.TempDir()
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: s.url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: faultsStart.Year(), Month: faultsStart.Month(), Day: faultsStart.Day()},
	})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte("token\n"), 0o600))
	c, err := config.Parse(filepath.Join(dir, "teamhealth.yml"), yml)
	must(t, err)
	a, err := app.New(context.Background(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: s.clock})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return &program{App: a}
}

// misbehave is the middleware of whatever faults there are at the time.
func (s *stage) misbehave(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answered.Add(1)
		if x := s.injector.Load(); x != nil {
			x.Middleware(next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// suffer begins to misbehave.
func (s *stage) suffer(t *testing.T, seed uint64, list []faults.Fault) *faults.Injector {
	t.Helper()
	x, err := faults.New(faults.Options{Seed: seed, Faults: list, Now: s.clock, Arrive: s.arrive})
	must(t, err)
	s.injector.Store(x)
	return x
}

// arrive lets the clock run on, and thereby incidents and log entries come.
// The first cycle is spared: as of when it was complete is on the cards.
func (s *stage) arrive() {
	if s.clock().After(evaluatedAt) {
		s.now.Add(s.pace)
	}
}

// cycle runs one cycle as the program does, but waits for nothing. A slow
// answer is given up after a moment where there are any.
func (s *stage) cycle(t *testing.T) error {
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
	services := map[string][]string{}
	for _, team := range s.config.Teams {
		services[team.ID] = team.PagerDuty.Services
	}
	c, err := upstream.New(upstream.Options{
		URL: s.url, Token: token{}, Since: faultsStart, Services: services, HTTP: client, Now: s.clock,
	})
	must(t, err)
	metrics, err := collectors.NewMetrics(prometheus.NewRegistry())
	must(t, err)
	runner, err := collectors.NewRunner(collectors.Options{
		Collector: c, Memory: s.store, Sink: s.store, Metrics: metrics, Interval: time.Minute, Now: s.clock,
		OnBatch: func(_ facts.Source, b facts.Batch) {
			for _, skip := range b.Skipped {
				s.skipped.Add(int64(skip.Count))
			}
		},
	})
	must(t, err)
	return runner.RunOnce(context.Background())
}

// stagePeriods are one that runs, two that are over, and one that rolls.
func stagePeriods() []string { return []string{"2026-Q3", "2026-Q2", "2026-06", "28d"} }

// cards are the bytes of every card of several periods at an instant; zero is now.
func (s *stage) cards(t *testing.T, asOf time.Time) string {
	t.Helper()
	scores := app.NewScores(s.config.Policy(), s.store, s.clock)
	must(t, scores.Refresh(context.Background()))
	var out bytes.Buffer
	for _, period := range stagePeriods() {
		cards, err := scores.Cards(context.Background(), period, asOf)
		must(t, err)
		must(t, text.JSON(&out, cards...))
	}
	return out.String()
}

// live lets the account be read for two days and more while faults strike: the
// first time, and again as time goes on. At the end they are over, and live
// returns the cards then, and how often each kind struck.
func (s *stage) live(t *testing.T, seed uint64, list []faults.Fault) (cards string, struck map[faults.Kind]int) {
	t.Helper()
	x := s.suffer(t, seed, list)
	err := s.cycle(t)
	for tries := 0; err != nil; tries++ {
		if tries == 200 {
			t.Fatalf("no first cycle completes: %v", err)
		}
		err = s.cycle(t)
	}
	y := s.suffer(t, ^seed, list)
	for _, later := range []time.Duration{
		13 * time.Minute, 2 * time.Hour, 2*time.Hour + 5*time.Minute, 9 * time.Hour, 28 * time.Hour, 50 * time.Hour,
	} {
		s.now.Store(max(s.now.Load(), evaluatedAt.Add(later).Unix()))
		_ = s.cycle(t) // It may fail as it likes.
	}
	s.injector.Store(nil)
	s.now.Store(faultsEnd.Unix())
	must(t, s.cycle(t))
	struck = x.Struck()
	for kind, n := range y.Struck() {
		struck[kind] += n
	}
	return s.cards(t, time.Time{}), struck
}

// rows are the rows of the same cards, by period, subject and objective.
func (s *stage) rows(t *testing.T) map[string]scorecard.Row {
	t.Helper()
	scores := app.NewScores(s.config.Policy(), s.store, s.clock)
	must(t, scores.Refresh(context.Background()))
	rows := map[string]scorecard.Row{}
	for _, period := range stagePeriods() {
		cards, err := scores.Cards(context.Background(), period, time.Time{})
		must(t, err)
		for _, c := range cards {
			for _, r := range c.Rows {
				rows[period+" "+c.Subject.ID+" "+r.ID] = r
			}
		}
	}
	return rows
}
