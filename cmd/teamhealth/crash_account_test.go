package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/prometheus"
	"teamhealth/internal/simulator/records"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

// evaluated is when the simulated sources are looked at in the end.
var evaluated = time.Date(2026, time.August, 5, 10, 0, 0, 0, time.UTC)

// crashAccount is a simulated PagerDuty, and a Jira or a Prometheus where there is
// one, that can be told to kill whoever reads them.
type crashAccount struct {
	handlers map[facts.Source]http.Handler
	config   string                                // What configures the program to read them.
	alone    string                                // What configures it to read PagerDuty alone.
	records  func(until time.Time) records.Options // Where somebody keeps records: what they are by then.

	mu    sync.Mutex
	now   time.Time // Guarded by mu, like all below.
	asked []*call
	trap  trap
}

// call is a request and what came of it.
type call struct {
	source   facts.Source
	page     string   // Path and query.
	answered bool     // To its end.
	issues   []string // Ids of those in the answer, of a search of Jira's.
}

// trap kills the reader at a request to a source: before it is answered; where it does
// not linger, when all of the answer but its end is sent; or a while after. Or it kills
// a while after the start.
type trap struct {
	kill    func()
	source  facts.Source
	of      string // The kind of requests that at is about; empty: all.
	at      int    // Of the requests to the source, counted from 1; 0 never.
	before  bool
	opening bool
	linger  time.Duration
}

// newCrashAccount is a PagerDuty alone.
func newCrashAccount(t *testing.T, since time.Time) *crashAccount {
	t.Helper()
	a := &crashAccount{now: evaluated, handlers: map[facts.Source]http.Handler{}}
	a.alone = a.example(t, a.edits(t, since))
	a.config = a.alone
	a.tell(t, since)
	return a
}

// newCrashSite is a PagerDuty and a Jira that tells of the same incidents.
func newCrashSite(t *testing.T, since time.Time, mode jira.Mode) *crashAccount {
	t.Helper()
	a := &crashAccount{now: evaluated, handlers: map[facts.Source]http.Handler{}}
	edits := a.edits(t, since)
	a.alone = a.example(t, edits)
	edits.Jira = &config.JiraEdits{URL: a.serve(t, facts.Jira), Flavor: "auto", TokenFile: "jira.token"}
	if mode == jira.Cloud {
		edits.Jira.Email = "bot@example.com"
	}
	a.config = a.example(t, edits)
	c, past := a.tell(t, since)
	work, err := tickets.New(app.SimulatedTickets(c, past, 1))
	check(t, err)
	a.handlers[facts.Jira], err = jira.New(jira.Options{
		History: work, Mode: mode, Token: "right-jira-token", Now: a.clock, RateLimit: -1,
		Middleware: []func(http.Handler) http.Handler{shortPages},
	})
	check(t, err)
	return a
}

// newCrashEvents is a PagerDuty, a Prometheus that has counted events for longer, and
// a folder of records.
func newCrashEvents(t *testing.T, since time.Time) *crashAccount {
	t.Helper()
	a := &crashAccount{now: evaluated, handlers: map[facts.Source]http.Handler{}}
	edits := a.edits(t, since)
	a.alone = a.example(t, edits)
	edits.PrometheusURL, edits.Records = a.serve(t, facts.Prometheus), []string{"records/*.csv"}
	a.config = a.example(t, edits)
	c, _ := a.tell(t, since)
	counted := app.SimulatedEvents(c, evaluated.AddDate(0, 0, -60), 1, a.clock)
	for i := range counted.Series {
		counted.Series[i].Gaps = crashGaps(i)
	}
	var err error
	a.handlers[facts.Prometheus], err = prometheus.New(counted)
	check(t, err)
	a.records = func(until time.Time) records.Options {
		return app.SimulatedRecords(c, time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC), until, 1)
	}
	return a
}

// crashGaps are some that never end, of all ages, and one whose data comes before the
// history is read to its end.
func crashGaps(nth int) []prometheus.Gap {
	gap := func(days, hours int, filled time.Time) prometheus.Gap {
		from := evaluated.AddDate(0, 0, -days).Add(time.Duration(nth) * time.Hour)
		return prometheus.Gap{From: from, Until: from.Add(time.Duration(hours) * time.Hour), Filled: filled}
	}
	return []prometheus.Gap{
		gap(1, 5, time.Time{}), gap(15, 7, evaluated.AddDate(0, 0, -3)), gap(30, 100, time.Time{}), gap(50, 1, time.Time{}),
	}
}

// serve opens the address of a source and returns it.
func (a *crashAccount) serve(t *testing.T, source facts.Source) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.answer(source, w, r) }))
	t.Cleanup(server.Close)
	return server.URL
}

// edits let a configuration read PagerDuty.
func (a *crashAccount) edits(t *testing.T, since time.Time) config.ExampleEdits {
	t.Helper()
	return config.ExampleEdits{
		PagerDutyURL: a.serve(t, facts.PagerDuty), TokenFile: "token", Interval: time.Second, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
	}
}

func (a *crashAccount) example(t *testing.T, edits config.ExampleEdits) string {
	t.Helper()
	text, err := config.Example(edits)
	check(t, err)
	return string(text)
}

// tell makes up what happened to the configured organisation and lets PagerDuty tell it.
func (a *crashAccount) tell(t *testing.T, since time.Time) (*config.Config, *history.History) {
	t.Helper()
	c, err := config.Parse("teamhealth.yml", []byte(a.config))
	check(t, err)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: since, End: evaluated})
	check(t, err)
	a.handlers[facts.PagerDuty], err = pagerduty.New(pagerduty.Options{
		History: past, Tokens: []string{"right-token"}, RateLimit: -1, Now: a.clock,
	})
	check(t, err)
	return c, past
}

// shortPages lets Jira send fewer issues at once than it is asked for, as it may
// where not only ids are, so that a few weeks are many pages.
func shortPages(next http.Handler) http.Handler {
	const most = 15
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if n, _ := strconv.Atoi(query.Get("maxResults")); n > most && query.Has("jql") && query.Get("fields") != "id" {
			query.Set("maxResults", strconv.Itoa(most))
			r.URL.RawQuery = query.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

// answer answers a request to a source, and springs the trap if it is set there.
func (a *crashAccount) answer(source facts.Source, w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil { // Prometheus is asked by what is posted.
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	asked, trap := a.begin(source, r.URL.Path, r.Form)
	if trap.kill != nil && trap.before {
		trap.kill()
		return
	}
	written := &written{ResponseWriter: w}
	a.handlers[source].ServeHTTP(written, r)
	a.mu.Lock()
	asked.answered, asked.issues = true, issuesIn(written.content)
	a.mu.Unlock()
	switch {
	case trap.kill == nil:
	case trap.linger == 0:
		_ = http.NewResponseController(w).Flush() // Whoever is killed does not mind.
		trap.kill()
	default:
		time.AfterFunc(trap.linger, trap.kill)
	}
}

// written keeps what is written.
type written struct {
	http.ResponseWriter

	content []byte
}

func (w *written) Write(p []byte) (int, error) {
	w.content = append(w.content, p...)
	return w.ResponseWriter.Write(p)
}

// issuesIn returns the ids of the issues in the answer to a search.
func issuesIn(answer []byte) []string {
	var page struct{ Issues []struct{ ID string } }
	if !bytes.Contains(answer, []byte(`"issues"`)) || json.Unmarshal(answer, &page) != nil {
		return nil
	}
	var list []string
	for _, issue := range page.Issues {
		list = append(list, issue.ID)
	}
	return list
}

// begin notes a request, and returns the trap if this is the one to spring it.
func (a *crashAccount) begin(source facts.Source, path string, form url.Values) (*call, trap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := &call{source: source, page: path + "?" + form.Encode()}
	a.asked = append(a.asked, asked)
	if source == a.trap.source && (a.trap.of == "" || a.trap.of == asked.kind()) {
		a.trap.at--
		if a.trap.at == 0 {
			return asked, a.trap
		}
	}
	return asked, trap{}
}

func (a *crashAccount) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// turn turns the sources' clock.
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

// place writes the files that a program needs to read the sources into a new
// folder, and returns it.
func (a *crashAccount) place(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if a.records != nil {
		files, err := records.Files(a.records(a.clock()))
		check(t, err)
		// Lines that say nothing, so that to read the records takes long enough to be killed.
		files["empty.csv"] = []byte("date,metric,team,value,n,note\n" + strings.Repeat("\n", 2<<20))
		check(t, os.Mkdir(filepath.Join(dir, "records"), 0o700))
		for name, content := range files {
			check(t, os.WriteFile(filepath.Join(dir, "records", name), content, 0o600))
		}
	}
	for name, text := range map[string]string{"token": "right-token\n", "jira.token": "right-jira-token\n", "teamhealth.yml": a.config} {
		check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// outcome is how a child ended.
type outcome struct {
	killed bool
	asked  []call
	output string
}

// sync runs a child that reads the sources into the folder's store, with the
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
