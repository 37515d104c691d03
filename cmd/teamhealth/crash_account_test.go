package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// evaluated is when the simulated account is looked at in the end.
var evaluated = time.Date(2026, time.August, 5, 10, 0, 0, 0, time.UTC)

// crashAccount is a simulated PagerDuty that can be told to kill whoever reads it.
type crashAccount struct {
	handler http.Handler
	url     string
	config  string // What configures the program to read it.

	mu    sync.Mutex
	now   time.Time // Guarded by mu, like all below.
	asked []*call
	trap  trap
}

// call is a request and whether it was answered to its end.
type call struct {
	page     string // Path and query.
	answered bool
}

// trap kills the reader at a request, before it is answered or a while after;
// or a while after its start.
type trap struct {
	kill    func()
	at      int // Counted from 1; 0 never.
	before  bool
	opening bool
	linger  time.Duration
}

func newCrashAccount(t *testing.T, since time.Time) *crashAccount {
	t.Helper()
	a := &crashAccount{now: evaluated}
	server := httptest.NewUnstartedServer(a)
	a.url = "http://" + server.Listener.Addr().String()
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: a.url, TokenFile: "token", Interval: time.Second, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
	})
	check(t, err)
	a.config = string(text)
	c, err := config.Parse("teamhealth.yml", text)
	check(t, err)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: since, End: evaluated})
	check(t, err)
	a.handler, err = pagerduty.New(pagerduty.Options{
		History: past, Tokens: []string{"right-token"}, RateLimit: -1, Now: a.clock,
	})
	check(t, err)
	server.Start()
	t.Cleanup(server.Close)
	return a
}

func (a *crashAccount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked, trap := a.begin(r.URL)
	if trap.kill != nil && trap.before {
		trap.kill()
		return
	}
	a.handler.ServeHTTP(w, r)
	a.mu.Lock()
	asked.answered = true
	a.mu.Unlock()
	if trap.kill != nil {
		time.AfterFunc(trap.linger, trap.kill)
	}
}

// begin notes a request, and returns the trap if this is the one to spring it.
func (a *crashAccount) begin(u *url.URL) (*call, trap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := &call{page: u.Path + "?" + u.Query().Encode()}
	a.asked = append(a.asked, asked)
	if len(a.asked) != a.trap.at {
		return asked, trap{}
	}
	return asked, a.trap
}

func (a *crashAccount) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// turn turns the account's clock.
func (a *crashAccount) turn(to time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = to
}

// start starts a child into a trap.
func (a *crashAccount) start(t *testing.T, child *exec.Cmd, next trap) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	check(t, child.Start())
	next.kill = func() { _ = child.Process.Kill() } // It may have ended already.
	a.asked, a.trap = nil, next
	if next.opening {
		time.AfterFunc(next.linger, next.kill)
	}
}

// stop removes the trap, and returns what was asked for since it was set.
func (a *crashAccount) stop() []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := make([]call, 0, len(a.asked))
	for _, c := range a.asked {
		asked = append(asked, *c)
	}
	a.asked, a.trap = nil, trap{}
	return asked
}

// place writes the files that a program needs to read the account into a new
// folder, and returns it.
func (a *crashAccount) place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "token"), []byte("right-token\n"), 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "teamhealth.yml"), []byte(a.config), 0o600))
	return dir
}

// outcome is how a child ended.
type outcome struct {
	killed bool
	asked  []call
	output string
}

// sync runs a child that reads the account into the folder's store, with the
// clock at the time given, into the trap.
func (a *crashAccount) sync(t *testing.T, dir string, at time.Time, next trap) outcome {
	t.Helper()
	var output bytes.Buffer
	child := stoppedAt(t, at, dir, "sync")
	child.Stdout, child.Stderr = &output, &output
	a.start(t, child, next)
	err := child.Wait()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatalf("run %s: %v", stoppedName, err)
	}
	ended := child.ProcessState.Sys().(syscall.WaitStatus)
	o := outcome{asked: a.stop(), output: output.String(), killed: ended.Signaled() && ended.Signal() == syscall.SIGKILL}
	if !o.killed && ended.ExitStatus() != exitDone {
		t.Fatalf("sync ended with status %d:\n%s", ended.ExitStatus(), o.output)
	}
	return o
}

// What a request reads: one of the lists of the history, or what every cycle
// reads anew.
const (
	cycleRead   = "cycle"
	incidents   = "incidents"
	logEntries  = "log entries"
	pastOnCalls = "past on-calls"
)

// kindOf tells them apart. What every cycle reads anew are lists without a
// window, the last hour, and who was on call in the last two days or will be.
func kindOf(page string) string {
	path, since, _ := window(page)
	kind, overlap := cycleRead, time.Hour
	switch path {
	case "/incidents":
		kind = incidents
	case "/log_entries":
		kind = logEntries
	case "/oncalls":
		kind, overlap = pastOnCalls, 48*time.Hour
	}
	if since.IsZero() || !since.Before(evaluated.Add(-overlap)) {
		return cycleRead
	}
	return kind
}

// unitOf is what is kept at once with a page: the page alone or, of on-calls,
// all pages of a window.
func unitOf(page string) string {
	path, since, until := window(page)
	if path == "/oncalls" {
		return fmt.Sprintf("%s from %s to %s", path, since, until)
	}
	return page
}

// window returns the path of a page and the bounds that it was asked for with.
func window(page string) (path string, since, until time.Time) {
	path, text, _ := strings.Cut(page, "?")
	query, _ := url.ParseQuery(text) // It was made from one.
	since, _ = time.Parse(time.RFC3339, query.Get("since"))
	until, _ = time.Parse(time.RFC3339, query.Get("until"))
	return path, since, until
}
