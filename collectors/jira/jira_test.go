package jira_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/jira"
	"teamhealth/internal/facts"
)

func TestTheFirstCycleReadsEverythingThatWasUpdatedSince(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		// Created long before, but touched within the history; and touched in the
		// 35 days before it, which may decide about its first weeks.
		r.add("1", since.AddDate(-3, 0, 0), since.Add(time.Hour))
		r.add("2", since.AddDate(-3, 0, 0), since.AddDate(0, 0, -34))
		r.add("3", since.AddDate(-3, 0, 0), since.AddDate(0, 0, -36))
		r.add("4", begun.Add(-time.Second), begun.Add(-time.Second))
		r.mustCollect(t)
		if diff := cmp.Diff([]string{"1", "2", "4"}, r.memory.ids()); diff != "" {
			t.Errorf("tickets (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]facts.Completion{{DataAsOf: begun, DataSince: since}}, r.memory.complete); diff != "" {
			t.Errorf("completion (-want +got):\n%s", diff)
		}
		want := map[string]facts.TicketStatus{
			"1":     {ID: "1", Name: "To Do", Category: facts.CategoryNew},
			"3":     {ID: "3", Name: "In Progress", Category: facts.CategoryInProgress},
			"10001": {ID: "10001", Name: "已完成", Category: facts.CategoryDone},
		}
		if diff := cmp.Diff(want, r.memory.statuses); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
	})
}

func TestACycleAsksWhoItIsBeforeItSearches(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	r.opts.Fields = []string{"PagerDuty Incident"}
	r.add("1", begun, begun)
	r.mustCollect(t)
	var got []string
	for _, one := range r.requests {
		got = append(got, strings.TrimPrefix(one.path, "/rest/api/2/"))
	}
	if diff := cmp.Diff([]string{"serverInfo", "myself", "field", "status", "search/jql"}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestTheTokenIsReadAnewEachCycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ email, want string }{
		"basic with an e-mail address": {"bot@example.com", "Basic " + base64.StdEncoding.EncodeToString([]byte("bot@example.com:token-2"))},
		"bearer without":               {"", "Bearer token-2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, false)
			r.opts.Email = test.email
			r.add("1", begun, begun)
			r.mustCollect(t)
			r.forget()
			r.mustCollect(t)
			for _, one := range r.requests {
				if got := one.header.Get("Authorization"); got != test.want {
					t.Errorf("%s: Authorization %q, want %q", one.path, got, test.want)
				}
			}
		})
	}
}

func TestAScopedTokenWorksBelowThePathOfItsSite(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	const base = "/ex/jira/11223344-a1b2"
	r.opts.URL = r.url + base // Without a slash at its end.
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.HasPrefix(req.URL.Path, base+"/rest/") {
			send(w, 404, object{"errorMessages": []any{"Not found"}})
			return true
		}
		req.URL.Path = strings.TrimPrefix(req.URL.Path, base)
		return false
	}
	r.info["baseUrl"] = "https://example.atlassian.net"
	r.add("7", begun, begun)
	r.mustCollect(t)
	if got, want := r.memory.tickets["7"].URL, "https://example.atlassian.net/browse/DRE-7"; got != want {
		t.Errorf("the ticket's page is %s, want %s", got, want)
	}
}

func TestAnUnusableAddressOfTheSiteIsNotLinkedTo(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]any{"none": nil, "a script": "javascript:alert(1)", "a number": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, false)
			r.info["baseUrl"] = told
			r.add("7", begun, begun)
			r.mustCollect(t)
			if got, want := r.memory.tickets["7"].URL, r.url+"/browse/DRE-7"; got != want {
				t.Errorf("the ticket's page is %s, want %s", got, want)
			}
		})
	}
}

func TestTheFlavorIsAskedForWhateverItsCase(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavor jira.Flavor
		told   any
		cloud  bool
		want   string
	}{
		"Cloud":                          {told: "Cloud", cloud: true},
		"cloud":                          {told: "cloud", cloud: true},
		"Server":                         {told: "Server"},
		"server":                         {flavor: jira.FlavorAuto, told: "server"},
		"no answer":                      {want: "set flavor"},
		"no answer that matters":         {flavor: jira.FlavorCloud, cloud: true},
		"an answer that is not believed": {flavor: jira.FlavorDataCenter, told: "Cloud"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.cloud)
			r.opts.Flavor = test.flavor
			r.info["deploymentType"] = test.told
			r.add("1", begun, begun)
			wantError(t, r.collect(t), test.want)
		})
	}
}

func TestAnswersThatEndTheCycle(t *testing.T) {
	t.Parallel()
	const login = "X-Seraph-LoginReason"
	for name, test := range map[string]struct {
		center bool
		path   string
		answer http.HandlerFunc
		want   []string
	}{
		"an expired token that finds nothing": {
			path: "search/jql", answer: body(`{"issues": [], "isLast": true}`, login, "AUTHENTICATED_FAILED"),
			want: []string{"does not accept the token", "AUTHENTICATED_FAILED", "check token_file"},
		},
		"an expired token that finds what everybody may see": {
			path: "serverInfo", answer: body(`{"deploymentType": "Cloud"}`, login, "AUTHENTICATED_FAILED"),
			want: []string{"does not accept the token"},
		},
		"an expired token for which a project does not exist": {
			path: "search/jql", answer: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set(login, "AUTHENTICATED_FAILED")
				status(400, "The value 'DRE' does not exist for the field 'project'.")(w, r)
			}, want: []string{"does not accept the token", "check token_file"},
		},
		"Data Center's anonymous user": {
			center: true, path: "/search", answer: body(`{"issues": [], "total": 0}`, "X-AUSERNAME", "anonymous"),
			want: []string{"X-AUSERNAME: anonymous"},
		},
		"nobody's account":    {path: "myself", answer: body(`{}`), want: []string{"whose the token is", "check token_file"}},
		"Cloud's wrong token": {path: "myself", answer: status(401, "Client must be authenticated"), want: []string{"401", "token may be wrong, revoked or expired", "and email", "ex/jira/CLOUD-ID"}},
		"a wrong token":       {center: true, path: "myself", answer: status(401, "no"), want: []string{"401", "personal access token, without email"}},
		"no right":            {path: "status", answer: status(403, "no"), want: []string{"403", "permission to browse"}},
		"a wrong site":        {path: "serverInfo", answer: status(404, "Site temporarily unavailable"), want: []string{"404", "check url"}},
		"a login page":        {path: "serverInfo", answer: body("<!DOCTYPE html><html>Log in</html>"), want: []string{"HTML instead of JSON", "is the url right"}},
		"a page for issues":   {path: "search/jql", answer: body("<html>Log in</html>", "Content-Type", "text/html"), want: []string{"HTML instead of JSON"}},
		"a redirect elsewhere": {path: "serverInfo", answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://id.example.com/login", http.StatusFound)
		}, want: []string{"redirects to https://id.example.com", "is the url right"}},
		"an unknown project": {
			path: "search/jql", answer: status(400, "The value 'DRE' does not exist for the field 'project'."),
			want: []string{"400", "The value 'DRE' does not exist", "check jql"},
		},
		"what the site finds unbounded": {
			path: "search/jql", answer: status(400, "Unbounded JQL queries are not allowed here."),
			want: []string{"Unbounded JQL", "check jql: it must be bounded"},
		},
		"an object in place of its messages": {path: "search/jql", answer: body(`{"errorMessages": {}}`), want: []string{`no "issues"`}},
		"null is not zero issues":            {path: "search/jql", answer: body(`{"issues": null}`), want: []string{`no "issues"`}},
		"an array is not zero issues":        {path: "search/jql", answer: body(`[]`), want: []string{"decode the answer"}},
		"429 as text for ever":               {path: "search/jql", answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "slow down", http.StatusTooManyRequests) }, want: []string{"429", "gave up after 5 attempts"}},
		"no status at all":                   {path: "status", answer: body(`[]`), want: []string{"list every Jira status: there is none"}},
		"statuses that are none":             {path: "status", answer: body(`{}`), want: []string{"list every Jira status"}},
		"a token that leads to itself":       {path: "search/jql", answer: body(`{"issues": [{"id": "1", "fields": {}}], "nextPageToken": "again"}`), want: []string{"does not end"}},
		"ten issues of which none is one": {
			path: "search/jql", answer: body(`{"issues": [1, 2, 3, 4, 5, 6, 7, 8, 9, {"id": "1"}]}`), want: []string{"none of 10 issues"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, !test.center)
			r.add("1", begun, begun)
			r.answering(test.path, test.answer)
			err := r.collect(t)
			wantError(t, err, test.want...)
			if len(r.memory.complete) > 0 {
				t.Error("the cycle is complete all the same")
			}
			for _, hidden := range []string{"token-1", "updated", "<html"} {
				if err != nil && strings.Contains(err.Error(), hidden) {
					t.Errorf("error %q shows %q", err, hidden)
				}
			}
		})
	}
}

func TestOptionsThatAreMissingAreAllNamed(t *testing.T) {
	t.Parallel()
	_, err := jira.New(jira.Options{URL: "ftp://example.com", Flavor: "server"})
	wantError(t, err, "ftp://example.com", "no Token", "no Since", "no HTTP", `unknown Flavor "server"`)
}

func TestAFailureToKeepEndsTheCycle(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		broken := errors.New("disk full")
		r.memory.fail = func(facts.Batch) error { return broken }
		if err := r.collect(t); !errors.Is(err, broken) {
			t.Errorf("error %v, want the one of keeping", err)
		}
	})
}

func TestALimitedAnswerIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	limited := 0
	for i := range 3 {
		addCut(r.add(strconv.Itoa(i+1), begun, begun), 50)
	}
	r.intercept = func(w http.ResponseWriter, _ *http.Request) bool {
		if limited++; limited%2 == 0 { // Each second request, the POST too.
			return false
		}
		w.Header().Set("Retry-After", "3")
		w.Header().Set("RateLimit-Reason", "jira-burst-based")
		w.Header().Set("X-RateLimit-Reset", "2026-08-03T10:01Z") // Coarser than Retry-After.
		send(w, 429, object{})
		return true
	}
	r.mustCollect(t)
	for _, slept := range r.slept {
		if slept < 3*time.Second || slept > 3300*time.Millisecond { // A tenth of jitter.
			t.Errorf("waited %v, want what Retry-After says", slept)
		}
	}
	if got := len(r.memory.tickets["1"].Changes); got != 50 {
		t.Errorf("%d changes, want 50", got)
	}
}
