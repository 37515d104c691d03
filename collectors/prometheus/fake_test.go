package prometheus_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/collectors"
	"teamhealth/collectors/prometheus"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	"teamhealth/internal/pipes"
	simulated "teamhealth/internal/simulator/prometheus"
)

// The clock of most tests: seven minutes after the hour from nine to ten is over.
var begun = time.Date(2026, 8, 3, 10, 7, 0, 0, time.UTC)

// lastHour is the last one that is over then.
var lastHour = time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC)

// latency is a query of two expressions for a team.
var latency = facts.EventQuery{
	Good:  `sum(increase(query_seconds_bucket{team="$team", le="0.05"}[1h]))`,
	Total: `sum(increase(query_seconds_count{team="$team"}[1h]))`,
}

// asked is what is asked for a team.
func asked(team string) facts.EventQuery {
	return facts.EventQuery{
		Good:  `sum(increase(query_seconds_bucket{team="` + team + `", le="0.05"}[1h]))`,
		Total: `sum(increase(query_seconds_count{team="` + team + `"}[1h]))`,
	}
}

// hourKey names an hour of a team.
type hourKey struct {
	query facts.EventQuery
	team  string
	hour  time.Time
}

// world is a simulated Prometheus, what stands before it, and what was kept of it.
type world struct {
	opts     prometheus.Options
	client   apiclient.Options
	upstream simulated.Options
	now      time.Time
	theirs   time.Duration // By how much Prometheus' clock is ahead.
	log      strings.Builder

	// intercept may answer in the place of Prometheus; it then returns true.
	intercept func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	requests []url.Values // All queries of ranges, as they came.

	cursor  []byte
	hours   map[hourKey]facts.EventHour
	skipped map[string]int
	done    *facts.Completion
	batches int
	changed int // Facts that were handed over although they were known.
	// failAt is which save of a cycle fails, from 0 on; nil for none.
	failAt *int
}

// newWorld has a week of events of mysql and mongodb.
func newWorld() *world {
	w := &world{now: begun, hours: map[hourKey]facts.EventHour{}, skipped: map[string]int{}}
	w.opts = prometheus.Options{
		Queries: []prometheus.Query{{Objective: "query_performance", Events: latency, Teams: []string{"mysql", "mongodb"}}},
		Since:   begun.AddDate(0, 0, -40), Now: func() time.Time { return w.now },
		Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	w.client = apiclient.Options{
		Sleep: func(context.Context, time.Duration) error { return nil }, Timeout: time.Hour,
		Now: func() time.Time { return w.now },
	}
	w.upstream = simulated.Options{
		Start: begun.AddDate(0, 0, -7).Truncate(time.Hour), Seed: 5,
		Now: func() time.Time { return w.now.Add(w.theirs) },
		Series: []simulated.Series{
			{Good: asked("mysql").Good, Total: asked("mysql").Total, PerHour: 5000, GoodShare: 0.995},
			{Good: asked("mongodb").Good, Total: asked("mongodb").Total, PerHour: 90, GoodShare: 0.98},
		},
	}
	return w
}

// only leaves mysql alone in the world.
func (w *world) only() *world {
	w.opts.Queries[0].Teams = []string{"mysql"}
	return w
}

// serve starts the server. It is called once everything is set.
func (w *world) serve(t *testing.T) *world {
	t.Helper()
	front := httptest.NewServer(w.front(t))
	t.Cleanup(front.Close)
	return w.at(front.URL)
}

// servePiped starts the server in a bubble of synctest, in which it costs no time to
// wait for what never comes.
func (w *world) servePiped(t *testing.T) *world {
	t.Helper()
	listener := pipes.Listen()
	front, transport := &http.Server{Handler: w.front(t)}, &http.Transport{DialContext: listener.Dial}
	go func() { _ = front.Serve(listener) }() // Until it is closed.
	t.Cleanup(func() { transport.CloseIdleConnections(); _ = front.Close() })
	w.client.Transport = transport
	return w.at("http://" + listener.Addr().String())
}

// at is the world once it is served.
func (w *world) at(address string) *world {
	w.opts.URL = address + "/prom/"
	w.opts.HTTP = apiclient.New(w.client)
	return w
}

// front is the simulated Prometheus and what stands before it.
func (w *world) front(t *testing.T) http.Handler {
	t.Helper()
	server, err := simulated.New(w.upstream)
	must(t, err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		must(t, r.ParseForm())
		w.mu.Lock()
		if r.URL.Path == "/prom/api/v1/query_range" {
			w.requests = append(w.requests, maps.Clone(r.Form))
		}
		w.mu.Unlock()
		if w.intercept == nil || !w.intercept(rw, r) {
			http.StripPrefix("/prom", server).ServeHTTP(rw, r)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// memory is a store that knows the cursor alone.
type memory struct {
	collectors.Memory
	cursor []byte
}

func (m memory) Cursor(context.Context, facts.Source) ([]byte, error) { return m.cursor, nil }

var errFull = errors.New("the disk is full")

// collect runs a cycle and keeps what it hands over.
func (w *world) collect(t *testing.T) error {
	t.Helper()
	c, err := prometheus.New(w.opts)
	must(t, err)
	w.requests, w.done = nil, nil
	saves := 0
	return c.Collect(t.Context(), memory{cursor: w.cursor}, func(b facts.Batch) error {
		if w.failAt != nil && *w.failAt == saves {
			return errFull
		}
		saves++
		w.batches++
		if b.Cursor != nil {
			w.cursor = b.Cursor
		}
		if b.Progress < 0 || b.Progress > 1 {
			t.Errorf("progress %v", b.Progress)
		}
		w.take(t, b)
		return nil
	})
}

func (w *world) take(t *testing.T, b facts.Batch) {
	t.Helper()
	for _, h := range b.EventHours {
		key := hourKey{h.Query, h.Team, h.Hour}
		if _, known := w.hours[key]; known {
			w.changed++
		}
		w.hours[key] = h
	}
	for _, s := range b.Skipped {
		if s.Kind != facts.KindEventHour || s.Count <= 0 {
			t.Errorf("skipped %+v", s)
		}
		w.skipped[s.Reason] += s.Count
	}
	if b.Complete != nil {
		w.done = b.Complete
	}
}

// mustCollect runs a cycle that has to be complete.
func (w *world) mustCollect(t *testing.T) {
	t.Helper()
	must(t, w.collect(t))
	if w.done == nil {
		t.Fatal("the cycle does not say that it is complete")
	}
}

// kept lists the hours of a team that are facts, in order.
func (w *world) kept(team string) []facts.EventHour {
	var all []facts.EventHour
	for _, h := range w.hours {
		if h.Team == team {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b facts.EventHour) int { return a.Hour.Compare(b.Hour) })
	return all
}

func (w *world) wantSkipped(t *testing.T, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, w.skipped, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

// truth asks the simulated server itself for a value, past everything that stands before it.
func (w *world) truth(t *testing.T, expression string, hour time.Time) string {
	t.Helper()
	server, err := simulated.New(w.upstream)
	must(t, err)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/query?"+url.Values{
		"query": {expression}, "time": {hour.Add(time.Hour).Format(time.RFC3339)},
	}.Encode(), http.NoBody))
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	must(t, json.Unmarshal(recorder.Body.Bytes(), &answer))
	if len(answer.Data.Result) == 0 {
		return ""
	}
	return answer.Data.Result[0].Value[1].(string)
}

// asksFor reports how many ranges were asked for by an expression.
func (w *world) asksFor(expression string) int {
	n := 0
	for _, r := range w.requests {
		if r.Get("query") == expression {
			n++
		}
	}
	return n
}

// respond answers a request with a body.
func respond(w http.ResponseWriter, status int, body string) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
	return true
}

// isRange reports whether a request is for a range, of one of some expressions if there are any.
func isRange(r *http.Request, expressions ...string) bool {
	about := len(expressions) == 0 || slices.Contains(expressions, r.Form.Get("query"))
	return strings.HasSuffix(r.URL.Path, "/query_range") && about
}
