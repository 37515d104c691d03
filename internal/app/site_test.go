package app_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

// siteStart is where the history of a site begins.
var siteStart = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)

// siteConfiguration is small, so that many programs can run by it.
const siteConfiguration = `organization: {name: Databases}
sources:
  pagerduty: {url: URL, token_file: token, since: 2026-06-01, interval: 1s, teams: [], bots: [PUSERBOT]}
store: {url: "sqlite:teamhealth.db"}
teams:
  - {id: mysql, name: MySQL Team, pagerduty: {services: [PMYSQL1, PMYSQL2, PMYSQL3]}}
  - {id: mongodb, name: MongoDB Team, pagerduty: {services: [PMONGO1]}}
people:
  - {id: p01, team: mysql, pagerduty: PUSER01}
  - {id: p02, team: mysql, pagerduty: PUSER02}
  - {id: p03, team: mongodb, pagerduty: PUSER03}
rubric: rubric.yml
objectives: []
exceptions: []
`

const siteRubric = `name: ours
objectives:
  - {id: incident_response, measure: response_time, threshold: 5m, target: 0.9}
  - {id: uptime, measure: availability, target: 0.999}
`

// site is where the program runs: a folder with its files, and a simulated
// PagerDuty that lets in one token and can be told to answer no more.
type site struct {
	dir  string
	file string // Of the configuration.
	text string // What it says at first.
	log  transcript
	last atomic.Pointer[func()] // Called by the clock once, if there is one.

	mu     sync.Mutex // Guards all below.
	token  string     // That PagerDuty lets in.
	pages  []string   // Of the history, as they were asked for.
	silent int        // How many pages of history are still answered; below zero: all.
	dumb   chan struct{}
	page   int // Which page of history is the last; 0: none.
	leave  func()
}

// clock stands still. A program looks at it when it has an answer, and that is
// when it is told to stop behind the last page.
func (s *site) clock() time.Time {
	if f := s.last.Swap(nil); f != nil {
		(*f)()
	}
	return clock()
}

// stopBehind has stop called when the program holds a page of history, counted
// from 1 and from now on, and has not looked at it.
func (s *site) stopBehind(page int, stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page, s.leave = len(s.pages)+page, stop
}

// transcript is a log that is written and read at once.
type transcript struct {
	mu   sync.Mutex // Guards text.
	text bytes.Buffer
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newSite lays out a month of history.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{dir: t.TempDir(), token: "first-token", silent: -1}
	s.file = filepath.Join(s.dir, "teamhealth.yml")
	server := httptest.NewUnstartedServer(nil)
	s.text = strings.Replace(siteConfiguration, "URL", "http://"+server.Listener.Addr().String(), 1)
	s.configure(t, s.text)
	s.write(t, "token", s.token)
	s.write(t, "rubric.yml", siteRubric)
	layEmptyStore(t, s.dir)
	c, err := config.Load(s.file)
	must(t, err)
	past, err := history.New(history.Options{
		Organization: app.Simulated(c), Seed: 1, Start: siteStart, End: evaluatedAt, Endless: true,
	})
	must(t, err)
	account, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"inside"}, Now: clock, RateLimit: -1})
	must(t, err)
	server.Config.Handler = s.door(account)
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func (s *site) write(t *testing.T, name, content string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600))
}

// configure replaces the configuration at once, with pairs of texts and what they become.
func (s *site) configure(t *testing.T, text string, edits ...string) {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(text, edits[i]) {
			t.Fatalf("the configuration has no %q to edit", edits[i])
		}
	}
	s.write(t, "next.yml", strings.NewReplacer(edits...).Replace(text))
	must(t, os.Rename(filepath.Join(s.dir, "next.yml"), s.file))
}

// open builds the program from the site's files.
func (s *site) open(t *testing.T) *app.App {
	t.Helper()
	c, err := config.Load(s.file)
	must(t, err)
	a, err := app.New(context.Background(), app.Options{
		Config: c, ConfigFile: s.file, Lifecycle: true, Now: s.clock, Logger: slog.New(slog.NewTextHandler(&s.log, nil)),
	})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	return a
}

// door lets in whoever has the token, and falls silent when it is told to.
func (s *site) door(account http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Token token="+s.letsIn() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if dumb := s.note(r); dumb != nil {
			close(dumb)
			<-r.Context().Done()
			return
		}
		r.Header.Set("Authorization", "Token token=inside")
		account.ServeHTTP(w, r)
	})
}

func (s *site) letsIn() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// note writes down a page of history that is asked for, and returns a channel
// when it is the one that is not answered.
func (s *site) note(r *http.Request) chan struct{} {
	if !r.URL.Query().Has("since") || strings.Contains(r.URL.Path, "oncalls") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == 0 {
		s.silent = -1
		return s.dumb
	}
	s.silent = max(-1, s.silent-1)
	s.pages = append(s.pages, r.URL.Path+"?"+r.URL.RawQuery)
	if len(s.pages) == s.page {
		s.last.Store(&s.leave)
	}
	return nil
}

// silence makes the site not answer once, after so many pages of history. The
// channel is closed when that is the case.
func (s *site) silence(after int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent, s.dumb = after, make(chan struct{})
	return s.dumb
}

// rotate changes the token that is let in.
func (s *site) rotate(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// answered returns the pages of history that were answered.
func (s *site) answered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.pages...)
}

// ask returns what a program answers.
func ask(a *app.App, method, path string) (int, string) {
	return answerTo(a, httptest.NewRequestWithContext(context.Background(), method, path, http.NoBody))
}

// askFor returns what a program answers to who wants a media type.
func askFor(a *app.App, path, accept string) (int, string) {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Accept", accept)
	return answerTo(a, r)
}

func answerTo(a *app.App, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Body) // A recorder's body cannot fail.
	return w.Code, string(body)
}

// shown requires an answer of status 200.
func shown(t *testing.T, a *app.App, path string) string {
	t.Helper()
	code, body := ask(a, http.MethodGet, path)
	if code != http.StatusOK {
		t.Fatalf("GET %s: %d:\n%s", path, code, body)
	}
	return body
}

// sample returns the value of a metric without labels, or with those given.
func sample(t *testing.T, a *app.App, name string) string {
	t.Helper()
	for line := range strings.Lines(shown(t, a, "/metrics")) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("no sample %s", name)
	return ""
}

// synced reads everything once and publishes it.
func synced(t *testing.T, a *app.App) {
	t.Helper()
	must(t, a.Sync(context.Background(), func(app.Progress) {}))
	must(t, a.Recompute(context.Background()))
}

// running runs a program until it is stopped; stop returns when it is.
func running(t *testing.T, a *app.App) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		must(t, <-ended)
	})
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("it never happens that %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
