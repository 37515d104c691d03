package jira_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/requestlog"
	"teamhealth/internal/simulator/tickets"
)

const (
	testToken = "token-of-the-test"
	testEmail = "bot@example.com"
	cloudID   = "11111111-2222-3333-4444-555555555555"
)

// now is when the tests look, unless they say otherwise: a year is past then.
var now = time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)

// past is the tickets that the tests look at.
var past = sync.OnceValues(func() (*tickets.History, error) {
	incidents, err := history.New(history.Options{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(-1, 0, 0), End: now.AddDate(0, 0, 1), Endless: true,
	})
	if err != nil {
		return nil, err
	}
	teams, people := tickets.Example()
	return tickets.New(tickets.Options{Incidents: incidents, Seed: 1, Teams: teams, People: people})
})

// clock is a clock that only moves when told to.
type clock struct{ nanos atomic.Int64 }

func (c *clock) set(t time.Time) { c.nanos.Store(t.UnixNano()) }
func (c *clock) now() time.Time  { return time.Unix(0, c.nanos.Load()).UTC() }

// site is a running simulator.
type site struct {
	*jira.Server
	clock *clock
	mode  jira.Mode
}

// serve starts a simulator; what the options leave out is fit for tests.
func serve(tb testing.TB, o jira.Options) site {
	tb.Helper()
	h, err := past()
	if err != nil {
		tb.Fatal(err)
	}
	c := &clock{}
	c.set(now)
	o.History, o.Token, o.Now = h, testToken, c.now
	if o.RateLimit == 0 {
		o.RateLimit = -1
	}
	server, err := jira.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return site{Server: server, clock: c, mode: o.Mode}
}

// view returns all tickets as they are.
func (s site) view(tb testing.TB) *tickets.View {
	tb.Helper()
	h, err := past()
	if err != nil {
		tb.Fatal(err)
	}
	return h.At(s.clock.now())
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request with the credentials that the server wants, unless edits
// change them.
func (s site) ask(tb testing.TB, method, path, body string, edits ...func(*http.Request)) answer {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), method, path, strings.NewReader(body))
	if s.mode == jira.DataCenter {
		request.Header.Set("Authorization", "Bearer "+testToken)
	} else {
		request.SetBasicAuth(testEmail, testToken)
	}
	for _, edit := range edits {
		edit(request)
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	result := recorder.Result()
	defer result.Body.Close()
	text, err := io.ReadAll(result.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{status: result.StatusCode, header: result.Header, body: text}
}

// get asks for a path with parameters, and expects an answer.
func (s site) get(tb testing.TB, into any, path string, parameters ...string) {
	tb.Helper()
	s.decode(tb, s.ask(tb, http.MethodGet, path+query(parameters), ""), into)
}

// post sends a body, and expects an answer.
func (s site) post(tb testing.TB, into any, path, body string) {
	tb.Helper()
	s.decode(tb, s.ask(tb, http.MethodPost, path, body), into)
}

func (s site) decode(tb testing.TB, got answer, into any) {
	tb.Helper()
	if got.status != http.StatusOK {
		tb.Fatalf("status %d: %s", got.status, got.body)
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		tb.Fatalf("%v: %s", err, got.body)
	}
}

// query joins names and values.
func query(parameters []string) string {
	values := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		values.Add(parameters[i], parameters[i+1])
	}
	return "?" + values.Encode()
}

// complaint is Jira's form of an error.
type complaint struct {
	Messages []string `json:"errorMessages"`
}

func complaintOf(t *testing.T, got answer) string {
	t.Helper()
	var c complaint
	if err := json.Unmarshal(got.body, &c); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	return strings.Join(c.Messages, "\n")
}

func TestIncompleteOptionsAreAllReported(t *testing.T) {
	t.Parallel()
	_, err := jira.New(jira.Options{})
	if err == nil || !strings.Contains(err.Error(), "no history") || !strings.Contains(err.Error(), "no token") {
		t.Errorf("error %v, want one that names the history and the token", err)
	}
}

func TestAddressesAnswerByMode(t *testing.T) {
	t.Parallel()
	cloud, center := serve(t, jira.Options{}), serve(t, jira.Options{Mode: jira.DataCenter})
	bounded := "?jql=project%20%3D%20DRE"
	for name, test := range map[string]struct {
		method, path, body string
		cloud, center      int
	}{
		"the removed search":             {"GET", "/rest/api/2/search" + bounded, "", 410, 200},
		"the removed search, version 3":  {"GET", "/rest/api/3/search" + bounded, "", 410, 404},
		"the removed search, latest":     {"GET", "/rest/api/latest/search" + bounded, "", 410, 200},
		"the removed search, by body":    {"POST", "/rest/api/2/search", `{"jql":"project = DRE"}`, 410, 200},
		"the removed evaluation":         {"POST", "/rest/api/3/expression/eval", "{}", 410, 404},
		"the search by tokens":           {"GET", "/rest/api/2/search/jql" + bounded, "", 200, 404},
		"the search by tokens, 3":        {"GET", "/rest/api/3/search/jql" + bounded, "", 200, 404},
		"the search by tokens, by body":  {"POST", "/rest/api/3/search/jql", `{"jql":"project = DRE"}`, 200, 404},
		"the estimate":                   {"POST", "/rest/api/3/search/approximate-count", `{"jql":"project = DRE"}`, 200, 404},
		"many histories":                 {"POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["DRE-1"]}`, 200, 404},
		"one history":                    {"GET", "/rest/api/2/issue/DRE-1/changelog", "", 200, 404},
		"links to elsewhere":             {"GET", "/rest/api/2/issue/DRE-1/remotelink", "", 200, 200},
		"an issue":                       {"GET", "/rest/api/2/issue/dre-1", "", 200, 200},
		"an issue that nobody may see":   {"GET", "/rest/api/2/issue/SEC-7", "", 404, 404},
		"the server":                     {"GET", "/rest/api/2/serverInfo", "", 200, 200},
		"the caller":                     {"GET", "/rest/api/latest/myself", "", 200, 200},
		"fields":                         {"GET", "/rest/api/3/field", "", 200, 404},
		"a version that does not exist":  {"GET", "/rest/api/4/myself", "", 404, 404},
		"a path that does not exist":     {"GET", "/rest/agile/1.0/board", "", 404, 404},
		"a method that does not exist":   {"DELETE", "/rest/api/2/issue/DRE-1", "", 404, 404},
		"the gateway":                    {"GET", "/ex/jira/" + cloudID + "/rest/api/2/myself", "", 200, 404},
		"the gateway of another site":    {"GET", "/ex/jira/other/rest/api/2/myself", "", 404, 404},
		"a body that is no JSON":         {"POST", "/rest/api/2/search/jql", `{"jql":`, 400, 404},
		"histories of nothing":           {"POST", "/rest/api/3/changelog/bulkfetch", `{}`, 400, 404},
		"a negative number of the first": {"GET", "/rest/api/2/issue/DRE-1/changelog?startAt=-1", "", 400, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := cloud.ask(t, test.method, test.path, test.body); got.status != test.cloud {
				t.Errorf("Cloud answers %d, want %d: %.200s", got.status, test.cloud, got.body)
			}
			if got := center.ask(t, test.method, test.path, test.body); got.status != test.center {
				t.Errorf("Data Center answers %d, want %d: %.200s", got.status, test.center, got.body)
			}
		})
	}
}

func TestRemovedSearchSaysWhereToGo(t *testing.T) {
	t.Parallel()
	got := serve(t, jira.Options{}).ask(t, "GET", "/rest/api/2/search?jql=project=DRE", "")
	want := "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. " +
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
	if text := complaintOf(t, got); text != want {
		t.Errorf("the message is %q, want %q", text, want)
	}
}

func TestServerTellsWhichJiraItIs(t *testing.T) {
	t.Parallel()
	for mode, want := range map[jira.Mode]string{jira.Cloud: "Cloud", jira.DataCenter: "Server"} {
		var info struct {
			Type string `json:"deploymentType"`
			URL  string `json:"baseUrl"`
		}
		serve(t, jira.Options{Mode: mode, WebURL: "https://jira.example.com"}).get(t, &info, "/rest/api/2/serverInfo")
		if info.Type != want || info.URL != "https://jira.example.com" {
			t.Errorf("mode %d: %+v, want %s", mode, info, want)
		}
	}
}

func TestCallerHasATimeZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for mode, field := range map[jira.Mode]string{jira.Cloud: "accountId", jira.DataCenter: "key"} {
		var me map[string]any
		serve(t, jira.Options{Mode: mode, TimeZone: berlin}).get(t, &me, "/rest/api/2/myself")
		if me["timeZone"] != "Europe/Berlin" || me[field] != "5b10caller" {
			t.Errorf("mode %d: %v", mode, me)
		}
	}
}

func TestFieldsCanHaveOneNameTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options jira.Options
		want    []string
	}{
		"on Cloud":       {jira.Options{}, []string{"customfield_10101"}},
		"on Data Center": {jira.Options{Mode: jira.DataCenter}, []string{"customfield_11201"}},
		"twice":          {jira.Options{DoubledField: true}, []string{"customfield_10101", "customfield_10777"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var fields []struct{ ID, Name string }
			serve(t, test.options).get(t, &fields, "/rest/api/2/field")
			var found []string
			for _, field := range fields {
				if field.Name == jira.FieldIncident {
					found = append(found, field.ID)
				}
			}
			if strings.Join(found, " ") != strings.Join(test.want, " ") {
				t.Errorf("the field for incidents is %v, want %v", found, test.want)
			}
		})
	}
}

func TestAStatusCalledDoneIsNone(t *testing.T) {
	t.Parallel()
	var statuses []struct {
		ID, Name string
		Category struct{ Key string } `json:"statusCategory"`
	}
	serve(t, jira.Options{}).get(t, &statuses, "/rest/api/2/status")
	found := map[string]bool{}
	for _, status := range statuses {
		if status.Name == "Done" {
			found[status.Category.Key] = true
		}
	}
	if !found["done"] || !found["new"] {
		t.Errorf("statuses called Done have the categories %v, want done and new", found)
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Break") != "" {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}})
	s.ask(t, "GET", "/rest/api/2/issue/DRE-1/changelog", "")
	s.ask(t, "GET", "/rest/api/3/issue/DRE-2/changelog", "", func(r *http.Request) { r.Header.Set("X-Break", "yes") })
	s.ask(t, "GET", "/nowhere", "")
	want := map[requestlog.Call]int{
		{Path: "/issue/{id}/changelog", Status: 200}: 1, {Path: "/issue/{id}/changelog", Status: 502}: 1, {Path: "/", Status: 404}: 1,
	}
	got := s.Requests()
	for call, n := range want {
		if got[call] != n {
			t.Errorf("%+v was logged %d times, want %d", call, got[call], n)
		}
	}
}
