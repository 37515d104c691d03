package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"teamhealth/scorecard"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		scores    scores
		path      string
		accept    string
		status    int
		detail    string // Part of it.
		parameter string
		allowed   string
	}{
		"a period that is none": {
			path: "/api/v1/scorecard?period=2026-Q5", status: 400,
			detail: `period "2026-Q5" is not valid`, parameter: "period", allowed: "current, 2026-Q3",
		},
		"a parameter that nobody knows": {
			path: "/api/v1/scorecard?perod=current", status: 400,
			detail: `did you mean "period"?`, parameter: "perod", allowed: "as_of, format, live, period, team",
		},
		"a parameter where there are none": {
			path: "/api/v1/teams?team=mysql", status: 400,
			detail: `unknown parameter "team"`, parameter: "team", allowed: "none",
		},
		"a parameter of another endpoint": {
			path: "/api/v1/evidence?objective=incident_response&format=csv", status: 400,
			detail: `unknown parameter "format"`, parameter: "format", allowed: "as_of, limit, objective, offset, period, team",
		},
		"a parameter given twice": {
			path: "/api/v1/scorecard?team=mysql&team=org", status: 400,
			detail: `team "mysql, org" is not valid`, parameter: "team", allowed: "one value",
		},
		"the same value given twice": {
			path: "/api/v1/scorecard?team=mysql&team=mysql", status: 400,
			detail: "team", parameter: "team", allowed: "one value",
		},
		"a parameter left empty": {
			path: "/api/v1/scorecard?team=", status: 400,
			detail: "team needs a value", parameter: "team", allowed: "a value, or to leave the parameter out",
		},
		"percent encoding that is none": {
			path: "/api/v1/scorecard?team=%zz", status: 400,
			detail: "the query string", parameter: "the query string", allowed: "name=value pairs with percent encoding, joined by &",
		},
		"an instant without a zone": {
			path: "/api/v1/scorecard?as_of=2026-10-01T00:00:00", status: 400,
			detail: "as_of", parameter: "as_of", allowed: "an RFC 3339 time such as 2026-10-01T00:00:00Z; a + in it is written %2B",
		},
		"an instant whose plus became a space": {
			path: "/api/v1/scorecard?as_of=2026-10-01T00:00:00+02:00", status: 400,
			detail: "as_of", parameter: "as_of", allowed: "an RFC 3339 time such as 2026-10-01T00:00:00Z; a + in it is written %2B",
		},
		"the instant that stands for none": {
			path: "/api/v1/scorecard?as_of=0001-01-01T00:00:00Z", status: 400,
			detail: "as_of", parameter: "as_of", allowed: "an RFC 3339 time such as 2026-10-01T00:00:00Z; a + in it is written %2B",
		},
		"a format that is none": {
			path: "/api/v1/scorecard?format=xml", status: 400,
			detail: `format "xml" is not valid`, parameter: "format", allowed: "json, csv, md",
		},
		"live that is neither": {
			path: "/api/v1/scorecard?live=yes", status: 400,
			detail: `live "yes" is not valid`, parameter: "live", allowed: "true, false",
		},
		"of two mistakes the first is told": {
			path: "/api/v1/scorecard?live=yes&as_of=yesterday", status: 400,
			detail: "as_of", parameter: "as_of", allowed: "an RFC 3339 time such as 2026-10-01T00:00:00Z; a + in it is written %2B",
		},
		"a limit of nothing": {
			path: "/api/v1/evidence?objective=incident_response&limit=0", status: 400,
			detail: `limit "0" is not valid`, parameter: "limit", allowed: "a whole number from 1 to 10000",
		},
		"a limit above the largest": {
			path: "/api/v1/evidence?objective=incident_response&limit=10001", status: 400,
			detail: `limit "10001" is not valid`, parameter: "limit", allowed: "a whole number from 1 to 10000",
		},
		"an offset before the first": {
			path: "/api/v1/evidence?objective=incident_response&offset=-1", status: 400,
			detail: `offset "-1" is not valid`, parameter: "offset", allowed: "a whole number from 0 to 2147483647",
		},
		"evidence of nothing in particular": {
			path: "/api/v1/evidence", status: 400,
			detail: "objective needs a value", parameter: "objective", allowed: "the id of an objective; /api/v1/objectives lists them",
		},
		"evidence of all teams at once": {
			path: "/api/v1/evidence?objective=incident_response&team=all", status: 400,
			detail: `team "all" is not valid`, parameter: "team", allowed: "org or the id of one team",
		},
		"a team that is near another": {
			path: "/api/v1/scorecard?team=mysqll", status: 404,
			detail: `unknown team "mysqll" (did you mean "mysql"?)`, parameter: "team", allowed: "org, mysql, oncall",
		},
		"evidence of an unknown team": {
			path: "/api/v1/evidence?objective=incident_response&team=pg", status: 404,
			detail: `unknown team "pg" (known: org, mysql, oncall)`, parameter: "team", allowed: "org, mysql, oncall",
		},
		"an objective that is near another": {
			path: "/api/v1/evidence?objective=incident_respons", status: 404,
			detail: `did you mean "incident_response"?`, parameter: "objective", allowed: "database_uptime, incident_response",
		},
		"an objective that the card has no row for": {
			scores: scores{err: &scorecard.ParameterError{Parameter: "objective", Value: "tech_talks", Why: "is on cards of quarters and years only", Allowed: "those on this card: a, b"}},
			path:   "/api/v1/evidence?objective=tech_talks", status: 400,
			detail: `objective "tech_talks" is on cards of quarters and years only`, parameter: "objective", allowed: "those on this card: a, b",
		},
		"an objective that is disabled": {
			scores: scores{err: &scorecard.UnknownError{Kind: "objective", ID: "retention", Why: "is disabled by the configuration", Known: []string{"a", "b"}}},
			path:   "/api/v1/evidence?objective=retention", status: 404,
			detail: `objective "retention" is disabled by the configuration`, parameter: "objective", allowed: "a, b",
		},
		"a path that is none": {
			path: "/api/v1/scorecards", status: 404, detail: "there is nothing at /api/v1/scorecards",
		},
		"a path below one that is": {
			path: "/api/v1/scorecard/", status: 404, detail: "there is nothing at /api/v1/scorecard/",
		},
		"a state that is none": {
			path: "/-/fine", status: 404, detail: "there is nothing at /-/fine",
		},
		"no form that the client accepts": {
			path: "/api/v1/scorecard", accept: "text/html, image/*", status: 406, detail: "application/json, text/csv or text/markdown",
		},
		"a card before any source was read": {
			scores: scores{err: scorecard.ErrNotReady}, path: "/api/v1/scorecard", status: 503,
			detail: "no source has completed its first sync",
		},
		"evidence before any source was read": {
			scores: scores{err: scorecard.ErrNotReady}, path: "/api/v1/evidence?objective=incident_response", status: 503,
			detail: "no source has completed its first sync",
		},
		"periods before any source was read": {
			scores: scores{err: scorecard.ErrNotReady}, path: "/api/v1/periods", status: 503,
			detail: "no source has completed its first sync",
		},
		"not ready before any source was read": {
			scores: scores{notReady: true}, path: "/-/ready", status: 503,
			detail: "no source has completed its first sync",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, &tt.scores, io.Discard)
			header := http.Header{}
			if tt.accept != "" {
				header.Set("Accept", tt.accept)
			}
			got := do(t, http.MethodGet, url+tt.path, header)
			if ct := got.header.Get("Content-Type"); got.status != tt.status || ct != "application/problem+json" {
				t.Fatalf("GET %s: status %d, %s; want %d, application/problem+json\n%s", tt.path, got.status, ct, tt.status, got.body)
			}
			var p struct {
				Type, Title, Detail, Parameter, Allowed string
				Status                                  int
			}
			if err := json.Unmarshal([]byte(got.body), &p); err != nil {
				t.Fatal(err)
			}
			if p.Type != "about:blank" || p.Title != http.StatusText(tt.status) || p.Status != tt.status {
				t.Errorf("problem is %q %q %d, want that of status %d", p.Type, p.Title, p.Status, tt.status)
			}
			if !strings.Contains(p.Detail, tt.detail) {
				t.Errorf("detail = %s, want it to contain %s", p.Detail, tt.detail)
			}
			if p.Parameter != tt.parameter || p.Allowed != tt.allowed {
				t.Errorf("parameter %q allows %q, want %q and %q", p.Parameter, p.Allowed, tt.parameter, tt.allowed)
			}
		})
	}
}
