package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

// workshop is the example organisation's simulated PagerDuty and Jira, with one
// clock, and a door before Jira that a test may put something into.
type workshop struct {
	*outagePast

	urls [2]string // Of PagerDuty, and of Jira.
	now  atomic.Int64
	door atomic.Pointer[func(next http.Handler) http.Handler]
}

// outageBegins is in the middle of a quarter, and outageStart where the history begins.
var (
	outageBegins = time.Date(2026, time.June, 17, 9, 0, 0, 0, time.UTC)
	outageStart  = time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
)

func (w *workshop) clock() time.Time { return time.Unix(w.now.Load(), 0).UTC() }

// outagePast is what all workshops have in common: a history, and what a program has
// kept that read it as of the time at which outages begin.
type outagePast struct {
	past      *history.History
	work      *tickets.History
	incidents []byte // Without any ticket.
	all       []byte
}

var theOutagePast shared[outagePast]

// newWorkshop has a Jira whose token expires at an instant; the zero time is never.
func newWorkshop(t *testing.T, expires time.Time) *workshop {
	t.Helper()
	return workshopOf(t, expires, theOutagePast.get(t, newOutagePast))
}

func newOutagePast(t *testing.T) *outagePast {
	t.Helper()
	c, o := ticketConfig(t), &outagePast{}
	var err error
	o.past, err = history.New(history.Options{Organization: app.Simulated(c), Seed: 3, Start: outageStart, End: outageBegins.AddDate(0, 0, 3)})
	must(t, err)
	o.work, err = tickets.New(app.SimulatedTickets(c, o.past, 3))
	must(t, err)
	w := workshopOf(t, time.Time{}, o)
	c = w.config(t)
	whole := w.open(t, c)
	must(t, whole.sync(t))
	o.all = closed(t, c, whole)
	c = w.config(t)
	stopped := w.open(t, c)
	w.syncUntil(t, stopped, 1)
	o.incidents = closed(t, c, stopped)
	return o
}

// closed closes a program and returns what it has kept.
func closed(t *testing.T, c *config.Config, p *program) []byte {
	t.Helper()
	must(t, p.Close())
	content, err := os.ReadFile(storeFile(c))
	must(t, err)
	return content
}

// storeFile is where a configuration of a workshop has its store.
func storeFile(c *config.Config) string {
	file, _ := c.Position("store.url")
	return filepath.Join(filepath.Dir(file), "teamhealth.db")
}

func workshopOf(t *testing.T, expires time.Time, o *outagePast) *workshop {
	t.Helper()
	w := &workshop{outagePast: o}
	w.now.Store(outageBegins.Unix())
	account, err := pagerduty.New(pagerduty.Options{History: o.past, Tokens: []string{"token"}, Now: w.clock, RateLimit: -1})
	must(t, err)
	site, err := simulatedjira.New(simulatedjira.Options{
		History: o.work, Token: "token", Email: demoEmail, Now: w.clock, RateLimit: -1, Expires: expires,
		Middleware: []func(http.Handler) http.Handler{w.guard},
	})
	must(t, err)
	for i, handler := range []http.Handler{account, site} {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		w.urls[i] = server.URL
	}
	return w
}

func (w *workshop) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if door := w.door.Load(); door != nil {
			(*door)(next).ServeHTTP(rw, r)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// synced is the whole program after a cycle, before which it had read all that there was
// when outages begin.
func (w *workshop) synced(t *testing.T) *program {
	t.Helper()
	p := w.open(t, w.configOn(t, w.all))
	must(t, p.sync(t))
	return p
}

// configOn is one with a copy of a store.
func (w *workshop) configOn(t *testing.T, kept []byte) *config.Config {
	t.Helper()
	c := w.config(t)
	must(t, os.WriteFile(storeFile(c), kept, 0o600))
	return c
}

// config is one whose store does not exist.
func (w *workshop) config(t *testing.T) *config.Config {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte("token\n"), 0o600))
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: w.urls[0], TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: outageStart.Year(), Month: outageStart.Month(), Day: outageStart.Day()},
		Jira:  &config.JiraEdits{URL: w.urls[1], Flavor: "auto", Email: demoEmail, TokenFile: "token"},
	})
	must(t, err)
	c, err := config.Parse(filepath.Join(dir, "teamhealth.yml"), yml)
	must(t, err)
	return c
}

func (w *workshop) open(t *testing.T, c *config.Config) *program {
	t.Helper()
	a, err := app.New(context.Background(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: w.clock})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return &program{App: a}
}

// syncUntil reads, and stops at a request to Jira, counted from 1.
func (w *workshop) syncUntil(t *testing.T, p *program, request int64) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var asked atomic.Int64
	door := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == request {
				_, _ = io.Copy(io.Discard, r.Body) // Only then does the server notice that the client leaves.
				stop()
				<-r.Context().Done()
				return
			}
			next.ServeHTTP(rw, r)
		})
	}
	w.door.Store(&door)
	defer w.door.Store(nil)
	if err := p.Sync(ctx, func(app.Progress) {}); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cycle that was stopped at request %d ended with %v", request, err)
	}
}
