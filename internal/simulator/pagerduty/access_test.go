package pagerduty_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/requestlog"
)

func TestOnlyAKnownTokenIsLetIn(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{Tokens: []string{"another"}})
	tests := map[string]struct {
		authorization string
		want          int
	}{
		"a known token":                {"Token token=" + testToken, http.StatusOK},
		"another known token":          {"Token token=another", http.StatusOK},
		"an unknown token":             {"Token token=wrong", http.StatusUnauthorized},
		"no header":                    {"", http.StatusUnauthorized},
		"an empty token":               {"Token token=", http.StatusUnauthorized},
		"a bearer token is no API key": {"Bearer " + testToken, http.StatusUnauthorized},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.ask(t, "/abilities", test.authorization)
			if got.status != test.want {
				t.Errorf("%d %s, want %d", got.status, got.body, test.want)
			}
			if test.want == http.StatusUnauthorized && string(got.body) != `{"error":{"message":"Invalid token","code":2006}}` {
				t.Errorf("body %s is not PagerDuty's error", got.body)
			}
		})
	}
}

func TestWhatDoesNotExistIsNotFound(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	for _, path := range []string{
		"/", "/nothing", "/incidents/", "/incidents/QAAAAAAAAAAAAA", "/incidents/x/log_entries", "/services/PNONE", "/incidents/x/notes",
	} {
		got := a.ask(t, path, "Token token="+testToken)
		if got.status != http.StatusNotFound || string(got.body) != `{"error":{"message":"Not Found","code":2100}}` {
			t.Errorf("GET %s: %d %s, want 404 with PagerDuty's error", path, got.status, got.body)
		}
	}
}

func TestRequestsBeyondTheLimitAreTurnedAway(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{RateLimit: 3, Tokens: []string{"another"}})
	mine, other := "Token token="+testToken, "Token token=another"
	expect := func(token string, status, remaining, reset int) {
		t.Helper()
		got := a.ask(t, "/abilities", token)
		headers := []string{
			got.header.Get("ratelimit-limit"), got.header.Get("ratelimit-remaining"), got.header.Get("ratelimit-reset"),
		}
		want := []string{"3", strconv.Itoa(remaining), strconv.Itoa(reset)}
		if got.status != status || !cmp.Equal(want, headers) {
			t.Errorf("%d with headers %q, want %d with %q", got.status, headers, status, want)
		}
		if status == http.StatusTooManyRequests && string(got.body) != `{"error":{"message":"Rate Limit Exceeded","code":2020}}` {
			t.Errorf("body %s is not PagerDuty's error", got.body)
		}
	}
	expect(mine, http.StatusOK, 2, 60)
	a.clock.set(now.Add(20 * time.Second))
	expect(mine, http.StatusOK, 1, 40)
	expect(mine, http.StatusOK, 0, 40)
	expect(mine, http.StatusTooManyRequests, 0, 40)
	expect(other, http.StatusOK, 2, 60)
	a.clock.set(now.Add(59500 * time.Millisecond))
	expect(mine, http.StatusTooManyRequests, 0, 1)
	a.clock.set(now.Add(time.Minute))
	expect(mine, http.StatusOK, 2, 60)
}

func TestLimitIsThatOfPagerDutyUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	o := pagerduty.Options{History: past(t), Tokens: []string{testToken}, Now: func() time.Time { return now }}
	for limit, want := range map[int]string{0: "960", -1: ""} {
		o.RateLimit = limit
		server, err := pagerduty.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, server, "/abilities").Header().Get("ratelimit-limit"); got != want {
			t.Errorf("RateLimit %d: ratelimit-limit %q, want %q", limit, got, want)
		}
	}
}

func TestLogCountsRequestsByPathAndStatus(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	id := a.view.Incidents[0].ID()
	for _, path := range []string{"/incidents", "/incidents?limit=7", "/incidents?limit=x", "/incidents/" + id, "/nothing", "/incidents/x"} {
		a.ask(t, path, "Token token="+testToken)
	}
	a.ask(t, "/teams", "")
	want := map[requestlog.Call]int{
		{Path: "/incidents", Status: 200}: 2, {Path: "/incidents", Status: 400}: 1, {Path: "/incidents/{id}", Status: 200}: 1,
		{Path: "/incidents/{id}", Status: 404}: 1, {Path: "/", Status: 404}: 1, {Path: "/teams", Status: 401}: 1,
	}
	if diff := cmp.Diff(want, a.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestMiddlewareSeesRequestsBeforeAnythingElseInItsOrder(t *testing.T) {
	t.Parallel()
	var seen []string
	note := func(name string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen = append(seen, name)
				if r.URL.Query().Has("fault") {
					w.WriteHeader(http.StatusBadGateway)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	a := serve(t, pagerduty.Options{Middleware: []func(http.Handler) http.Handler{note("first"), note("second")}})
	if got := a.ask(t, "/teams", "").status; got != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", got)
	}
	if got := a.ask(t, "/teams?fault=1", "").status; got != http.StatusBadGateway {
		t.Errorf("status %d, want 502", got)
	}
	if diff := cmp.Diff([]string{"first", "second", "first"}, seen); diff != "" {
		t.Errorf("middleware (-want +got):\n%s", diff)
	}
	if n := a.Requests()[requestlog.Call{Path: "/teams", Status: http.StatusBadGateway}]; n != 1 {
		t.Errorf("the log has %d requests answered 502, want 1", n)
	}
}

func TestMissingOptionsAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := pagerduty.New(pagerduty.Options{})
	if err == nil || !strings.Contains(err.Error(), "no history") || !strings.Contains(err.Error(), "no token") {
		t.Errorf("New: %v, want it to miss the history and the tokens", err)
	}
}
