package jira_test

import (
	"net/http"
	"testing"
	"time"

	"teamhealth/internal/simulator/jira"
)

// TestWrongTokenIsSuccessAndNothing holds what makes an expired token so
// dangerous: a search that looks as if there were no tickets.
func TestWrongTokenIsSuccessAndNothing(t *testing.T) {
	t.Parallel()
	basic := func(email, token string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(email, token) }
	}
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	gateway := "/ex/jira/" + cloudID
	for name, test := range map[string]struct {
		options        jira.Options
		prefix         string
		credentials    func(*http.Request)
		myself, search int
		isEmpty        bool
		seraph         string
	}{
		"the right token":                  {jira.Options{}, "", basic(testEmail, testToken), 200, 200, false, "OK"},
		"a wrong token":                    {jira.Options{}, "", basic(testEmail, "x"), 401, 200, true, "AUTHENTICATED_FAILED"},
		"a wrong address":                  {jira.Options{}, "", basic("else@example.com", testToken), 401, 200, true, "AUTHENTICATED_FAILED"},
		"no token":                         {jira.Options{}, "", func(r *http.Request) { r.Header.Del("Authorization") }, 401, 200, true, ""},
		"an expired token":                 {jira.Options{Expires: now}, "", basic(testEmail, testToken), 401, 200, true, "AUTHENTICATED_FAILED"},
		"a token that expires later":       {jira.Options{Expires: now.Add(time.Second)}, "", basic(testEmail, testToken), 200, 200, false, "OK"},
		"a bearer at the site":             {jira.Options{}, "", bearer(testToken), 403, 403, false, ""},
		"a scoped token at the site":       {jira.Options{Scoped: true}, "", basic(testEmail, testToken), 401, 200, true, "AUTHENTICATED_FAILED"},
		"a scoped token at the gateway":    {jira.Options{Scoped: true}, gateway, basic(testEmail, testToken), 200, 200, false, ""},
		"a bearer at the gateway":          {jira.Options{}, gateway, bearer(testToken), 200, 200, false, ""},
		"a wrong bearer at the gateway":    {jira.Options{}, gateway, bearer("x"), 401, 401, false, ""},
		"a bearer at the data center":      {jira.Options{Mode: jira.DataCenter}, "", bearer(testToken), 200, 200, false, "OK"},
		"a wrong token at the data center": {jira.Options{Mode: jira.DataCenter}, "", bearer("x"), 401, 200, true, "AUTHENTICATED_FAILED"},
		"basic at the data center":         {jira.Options{Mode: jira.DataCenter}, "", basic(testEmail, testToken), 401, 200, true, "AUTHENTICATED_FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.options)
			if got := s.ask(t, "GET", test.prefix+"/rest/api/2/myself", "", test.credentials); got.status != test.myself {
				t.Errorf("myself answers %d, want %d: %s", got.status, test.myself, got.body)
			}
			path := "/rest/api/2/search/jql"
			if test.options.Mode == jira.DataCenter {
				path = "/rest/api/2/search"
			}
			got := s.ask(t, "GET", test.prefix+path+"?jql=project%3DDRE&fields=summary", "", test.credentials)
			if got.status != test.search || got.header.Get("X-Seraph-LoginReason") != test.seraph {
				t.Fatalf("search answers %d with %q, want %d with %q", got.status, got.header.Get("X-Seraph-LoginReason"), test.search, test.seraph)
			}
			if got.status != http.StatusOK {
				return
			}
			var page issues
			s.decode(t, got, &page)
			if (len(page.Issues) == 0) != test.isEmpty {
				t.Errorf("search finds %d issues", len(page.Issues))
			}
		})
	}
}

func TestLimitIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode   jira.Mode
		at     time.Time
		good   map[string]string
		turned map[string]string
	}{
		// A bucket of 12 gets 2 tokens back every 10 s; the last ones were taken
		// 4 s after the first, so that 6 s remain. 12:00:04 + 6 s = 12:00:10, whose
		// minute is over at 12:01.
		"on Cloud, to the minute": {
			jira.Cloud, now,
			map[string]string{"X-RateLimit-Limit": "12", "X-RateLimit-Remaining": "11", "Retry-After": "", "X-RateLimit-NearLimit": ""},
			map[string]string{"Retry-After": "6", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-07-01T12:01Z", "X-RateLimit-NearLimit": "true", "RateLimit-Reason": "jira-burst-based"},
		},
		"on Data Center, as a bucket": {
			jira.DataCenter, now,
			map[string]string{"X-RateLimit-Limit": "12", "X-RateLimit-Remaining": "11", "X-RateLimit-FillRate": "2", "X-RateLimit-Interval-Seconds": "10", "Retry-After": "0"},
			map[string]string{"Retry-After": "6", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, jira.Options{Mode: test.mode, RateLimit: 12})
			check := func(got answer, status int, want map[string]string) {
				t.Helper()
				if got.status != status {
					t.Fatalf("status %d, want %d", got.status, status)
				}
				for header, value := range want {
					if got.header.Get(header) != value {
						t.Errorf("%s is %q, want %q", header, got.header.Get(header), value)
					}
				}
			}
			check(s.ask(t, "GET", "/rest/api/2/myself", ""), 200, test.good)
			s.clock.set(test.at.Add(4 * time.Second))
			for range 11 {
				check(s.ask(t, "GET", "/rest/api/2/myself", ""), 200, nil)
			}
			check(s.ask(t, "GET", "/rest/api/2/myself", ""), 429, test.turned)
			s.clock.set(test.at.Add(10 * time.Second))
			for range 2 {
				check(s.ask(t, "GET", "/rest/api/2/myself", ""), 200, nil)
			}
			check(s.ask(t, "GET", "/rest/api/2/myself", ""), 429, nil)
		})
	}
}
