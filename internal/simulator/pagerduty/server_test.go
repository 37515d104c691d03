package pagerduty_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

const testToken = "key-of-the-test"

// now is when the tests look, unless they say otherwise: half a year is past
// then.
var now = time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)

// past is the history that the tests look at.
func past(t *testing.T) *history.History {
	t.Helper()
	h, err := history.New(history.Options{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(-1, 0, 0), End: now.AddDate(0, 0, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// clock is a clock that only moves when told to.
type clock struct{ nanos atomic.Int64 }

func (c *clock) set(t time.Time) { c.nanos.Store(t.UnixNano()) }
func (c *clock) now() time.Time  { return time.Unix(0, c.nanos.Load()).UTC() }

// account is a running simulator.
type account struct {
	*pagerduty.Server
	url    string
	client *http.Client
	clock  *clock
	view   *history.View
}

// serve starts a simulator; what the options leave out is fit for tests.
func serve(t *testing.T, o pagerduty.Options) account {
	t.Helper()
	if o.History == nil {
		o.History = past(t)
	}
	c := &clock{}
	c.set(now)
	o.Tokens, o.Now = append(o.Tokens, testToken), c.now
	if o.RateLimit == 0 {
		o.RateLimit = -1
	}
	server, err := pagerduty.New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return account{Server: server, url: listener.URL, client: listener.Client(), clock: c, view: o.History.At(now)}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a account) ask(t *testing.T, path, authorization string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	request.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
	response, err := a.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}
}

// page is any answer of the simulator; what it lacks stays zero.
type page struct {
	Incidents  []incident       `json:"incidents"`
	Incident   incident         `json:"incident"`
	LogEntries []logEntry       `json:"log_entries"`
	Services   []map[string]any `json:"services"`
	Service    map[string]any   `json:"service"`
	Teams      []map[string]any `json:"teams"`
	Users      []map[string]any `json:"users"`
	Priorities []map[string]any `json:"priorities"`
	Policies   []map[string]any `json:"escalation_policies"`
	Abilities  []string         `json:"abilities"`
	OnCalls    []onCall         `json:"oncalls"`
	Schedules  []map[string]any `json:"schedules"`
	Schedule   schedule         `json:"schedule"`
	Windows    []window         `json:"maintenance_windows"`
	Notices    []notice         `json:"notifications"`
	Limit      int              `json:"limit"`
	Offset     int              `json:"offset"`
	More       bool             `json:"more"`
	Total      *int             `json:"total"`
}

type Named struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Summary string `json:"summary"`
	Name    string `json:"name"`
}

type incident struct {
	Named
	Number           int              `json:"incident_number"`
	CreatedAt        time.Time        `json:"created_at"`
	UpdatedAt        time.Time        `json:"updated_at"`
	ResolvedAt       *time.Time       `json:"resolved_at"`
	ChangedAt        time.Time        `json:"last_status_change_at"`
	ChangedBy        Named            `json:"last_status_change_by"`
	Status           string           `json:"status"`
	Urgency          string           `json:"urgency"`
	Service          Named            `json:"service"`
	Teams            []Named          `json:"teams"`
	Priority         *Named           `json:"priority"`
	ResolveReason    *resolveReason   `json:"resolve_reason"`
	Assignments      []map[string]any `json:"assignments"`
	Acknowledgements []map[string]any `json:"acknowledgements"`
	PendingActions   []map[string]any `json:"pending_actions"`
	Responders       []responder      `json:"incidents_responders"`
	Alerts           map[string]int   `json:"alert_counts"`
}

type resolveReason struct {
	Type     string `json:"type"`
	Incident Named  `json:"incident"`
}

type responder struct {
	State     string    `json:"state"`
	User      Named     `json:"user"`
	UpdatedAt time.Time `json:"updated_at"`
}

type logEntry struct {
	Named
	CreatedAt time.Time      `json:"created_at"`
	Agent     *Named         `json:"agent"`
	User      *Named         `json:"user"`
	Channel   map[string]any `json:"channel"`
	Incident  Named          `json:"incident"`
	Service   Named          `json:"service"`
	Teams     []Named        `json:"teams"`
	Assignees []Named        `json:"assignees"`
}

// get asks for a path with parameters, and expects an answer.
func (a account) get(t *testing.T, path string, parameters ...string) page {
	t.Helper()
	got := a.ask(t, path+query(parameters), "Token token="+testToken)
	if got.status != http.StatusOK {
		t.Fatalf("GET %s%s: %d %s", path, query(parameters), got.status, got.body)
	}
	var p page
	if err := json.Unmarshal(got.body, &p); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return p
}

// query joins names and values.
func query(parameters []string) string {
	values := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		values.Add(parameters[i], parameters[i+1])
	}
	return "?" + values.Encode()
}

// created returns when the incidents of a page were created.
func (p page) created() []time.Time {
	times := make([]time.Time, 0, len(p.Incidents))
	for _, one := range p.Incidents {
		times = append(times, one.CreatedAt)
	}
	return times
}

// stamp writes a time as a parameter.
func stamp(t time.Time) string { return t.Format(time.RFC3339) }
