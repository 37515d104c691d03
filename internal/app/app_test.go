package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// program is the whole program in front of a simulated PagerDuty, with a clock
// that the test moves.
type program struct {
	*app.App
	upstream *pagerduty.Server
	down     atomic.Bool
	asked    atomic.Pointer[func()] // Called with the next request for PagerDuty.
	now      atomic.Int64           // Seconds since 1970.
}

func (p *program) clock() time.Time { return time.Unix(p.now.Load(), 0).UTC() }

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{}
	p.now.Store(evaluatedAt.Unix())
	dir := t.TempDir()
	server := httptest.NewUnstartedServer(nil)
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://" + server.Listener.Addr().String(), TokenFile: "token", Interval: time.Minute,
		StoreURL: "sqlite:teamhealth.db", Since: scorecard.Date{Year: 2026, Month: time.May, Day: 20},
	})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte("token\n"), 0o600))
	c, err := config.Parse(filepath.Join(dir, "teamhealth.yml"), yml)
	must(t, err)
	past, err := history.New(history.Options{
		Organization: app.Simulated(c), Seed: 1, Start: time.Date(2026, time.May, 20, 0, 0, 0, 0, time.UTC), End: evaluatedAt, Endless: true,
	})
	must(t, err)
	p.upstream, err = pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"token"}, Now: p.clock, RateLimit: -1})
	must(t, err)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := p.asked.Swap(nil); f != nil {
			(*f)()
		}
		if p.down.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		p.upstream.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	layEmptyStore(t, dir)
	p.App, err = app.New(context.Background(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: p.clock})
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	return p
}

func (p *program) sync(t *testing.T) error {
	t.Helper()
	err := p.Sync(context.Background(), func(app.Progress) {})
	must(t, p.Recompute(context.Background()))
	return err
}

// requests is how often PagerDuty was asked.
func (p *program) requests() int {
	sum := 0
	for _, n := range p.upstream.Requests() {
		sum += n
	}
	return sum
}

// get returns what the program answers.
func (p *program) get(path string) (int, string) {
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, http.NoBody))
	body, _ := io.ReadAll(w.Body) // A recorder's body cannot fail.
	return w.Code, string(body)
}

// Whoever waits for the first card of a store that is filled does not wait for a cycle.
func TestCardsOfWhatIsStoredComeBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	must(t, p.Sync(t.Context(), func(app.Progress) {}))
	if code, _ := p.get("/api/v1/scorecard"); code != http.StatusServiceUnavailable {
		t.Errorf("cards are there before anybody computed them: %d", code)
	}
	ctx, stop := context.WithCancel(t.Context())
	var code int
	asked := func() {
		code, _ = p.get("/api/v1/scorecard")
		stop()
	}
	p.asked.Store(&asked)
	must(t, p.Run(ctx))
	if code != http.StatusOK {
		t.Errorf("at the first request of a cycle, the cards were answered with %d", code)
	}
}

func TestBeforeTheFirstCycleNothingIsClaimed(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	must(t, p.Recompute(context.Background()))
	for path, want := range map[string]int{
		"/-/healthy": 200, "/-/ready": 503, "/api/v1/scorecard": 503, "/api/v1/status": 200, "/api/v1/teams": 200,
		"/": 200, "/metrics": 200,
	} {
		if got, body := p.get(path); got != want {
			t.Errorf("GET %s before the first cycle: %d, want %d:\n%s", path, got, want, body)
		}
	}
	_, body := p.get("/metrics")
	roster := []string{"retention", "mentorship", "hiring_plan"} // They rest on the configuration alone.
	for _, found := range regexp.MustCompile(`teamhealth_objective_value\{objective="(\w+)"`).FindAllStringSubmatch(body, -1) {
		if !slices.Contains(roster, found[1]) {
			t.Errorf("a value of %s is exposed before anything was read", found[1])
		}
	}
}

// What appears only with the first failure hides that failure from increase().
func TestFailuresAreCountedFromNothing(t *testing.T) {
	t.Parallel()
	_, metrics := newProgram(t).get("/metrics")
	if want := `teamhealth_collector_errors_total{collector="pagerduty"} 0`; !strings.Contains(metrics, want) {
		t.Errorf("before the first cycle there is no %s", want)
	}
}

func TestEveryFaceAnswersAfterOneCycle(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	must(t, p.sync(t))
	requests := p.requests()
	persons := regexp.MustCompile(`PUSER\d|"p\d\d"|Engineer \d\d|Europe/|Asia/|America/`)
	for _, path := range []string{
		"/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/teams", "/api/v1/objectives", "/api/v1/periods", "/api/v1/status",
		"/api/v1/scorecard", "/api/v1/scorecard?team=all&period=2026-Q2", "/api/v1/scorecard?format=csv&team=all",
		"/api/v1/scorecard?format=md&period=28d", "/api/v1/scorecard?period=2026-Q2&as_of=2026-06-01T00:00:00Z",
		"/api/v1/evidence?objective=incident_response&team=mysql&period=2026-Q2",
	} {
		code, body := p.get(path)
		if code != http.StatusOK || body == "" {
			t.Errorf("GET %s: %d:\n%s", path, code, body)
		}
		if found := persons.FindString(body); found != "" {
			t.Errorf("GET %s shows a person: %s", path, found)
		}
	}
	if got := p.requests(); got != requests {
		t.Errorf("answering took %d requests to PagerDuty", got-requests)
	}
}

func TestMetricsPassPromlint(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	must(t, p.sync(t))
	_, body := p.get("/metrics")
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	must(t, err)
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	for _, want := range []string{
		`teamhealth_objective_value{objective="incident_response",team="mysql",unit="ratio",window="previous_quarter"} `,
		`teamhealth_collector_up{collector="pagerduty"} 1`,
		`teamhealth_collector_records{collector="pagerduty",kind="incident"} `,
		`teamhealth_api_requests_total{code="200",collector="pagerduty"} `,
		`teamhealth_build_info{`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no sample %s", want)
		}
	}
}

func TestNothingButReadingIsServed(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	for _, path := range []string{"/", "/metrics", "/api/v1/scorecard", "/-/healthy"} {
		w := httptest.NewRecorder()
		p.Handler().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, http.NoBody))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d, Allow %q; want 405 and the methods that there are", path, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestAFailingSourceKeepsTheLastFactsAndTurnsStale(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	must(t, p.sync(t))
	before := p.row(t, "/api/v1/scorecard?period=2026-Q3")
	p.down.Store(true)
	p.now.Add(59 * 60)
	var source *app.SourceError
	if err := p.sync(t); !errors.As(err, &source) {
		t.Fatalf("sync against a source that refuses: %v, want a SourceError", err)
	}
	if got := p.row(t, "/api/v1/scorecard?period=2026-Q3"); got.Verdict != before.Verdict {
		t.Errorf("after 59 min the verdict is %s, want still %s", got.Verdict, before.Verdict)
	}
	// The floor of one hour counts from the start of the last complete cycle: 59 min + 2 min > 1 h.
	p.now.Add(2 * 60)
	must(t, p.Recompute(context.Background()))
	got := p.row(t, "/api/v1/scorecard?period=2026-Q3")
	if got.Verdict != "stale" || string(got.Numerator) != string(before.Numerator) {
		t.Errorf("after 61 min: verdict %s, numerator %s; want stale with the last numerator %s", got.Verdict, got.Numerator, before.Numerator)
	}
	if got := p.row(t, "/api/v1/scorecard?period=2026-Q2"); got.Verdict == "stale" {
		t.Error("the closed quarter turned stale")
	}
	if _, body := p.get("/metrics"); !strings.Contains(body, `teamhealth_collector_up{collector="pagerduty"} 0`) {
		t.Error("the failing collector is shown as up")
	}
	p.down.Store(false)
	must(t, p.sync(t))
	if got := p.row(t, "/api/v1/scorecard?period=2026-Q3"); got.Verdict == "stale" {
		t.Error("still stale after recovery")
	}
}

type rowJSON struct {
	ID        string          `json:"id"`
	Verdict   string          `json:"verdict"`
	Numerator json.RawMessage `json:"numerator"`
}

// row returns the incident_response row of the card at path.
func (p *program) row(t *testing.T, path string) rowJSON {
	t.Helper()
	code, body := p.get(path)
	var card struct {
		Rows []rowJSON `json:"rows"`
	}
	if err := json.Unmarshal([]byte(body), &card); err != nil || code != http.StatusOK {
		t.Fatalf("GET %s: %d %v:\n%s", path, code, err, body)
	}
	for _, r := range card.Rows {
		if r.ID == "incident_response" {
			return r
		}
	}
	t.Fatalf("GET %s: no row incident_response", path)
	return rowJSON{}
}
