package jira_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"teamhealth/internal/simulator/jira"
)

// FuzzQueries holds that whatever is asked, the answer is a page or a
// complaint, and JSON.
func FuzzQueries(f *testing.F) {
	s := serve(f, jira.Options{})
	for _, seed := range []string{
		"project in (DRE, SRE)", `updated >= "-200m" ORDER BY created ASC, key ASC`, `a="\"`, "((((", "not not not", "key in (DRE-1,)",
		`project = DRE and (labels is not empty or resolution in ("Won't Do"))`, "updated >= -999999999w", "created >= now()", "order by order by",
		"cf[10101] ~ x", "project=DRE||project=SRE&&!type=Change", "\xff = \x00", `"" = ""`, "in in in", "project not in not", "is is not",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, jql string) {
		got := s.ask(t, "GET", "/rest/api/2/search/jql"+query([]string{"jql", jql, "fields", "key", "maxResults", "3"}), "")
		if got.status != http.StatusOK && got.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", jql, got.status, got.body)
		}
		if !json.Valid(got.body) {
			t.Errorf("%q: the answer is no JSON: %s", jql, got.body)
		}
	})
}

// FuzzTokens holds that a token is one that the server made, or is refused.
func FuzzTokens(f *testing.F) {
	s := serve(f, jira.Options{})
	var page issues
	s.get(f, &page, "/rest/api/2/search/jql", "jql", "project = DRE", "maxResults", "1")
	for _, seed := range []string{page.Token, page.Token + "=", page.Token[1:], "MTox", "::", "LTE6MA", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		got := s.ask(t, "GET", "/rest/api/2/search/jql"+query([]string{"jql", "project = DRE", "nextPageToken", token}), "")
		good := token == "" || token == page.Token
		if good != (got.status == http.StatusOK) || !json.Valid(got.body) {
			t.Errorf("token %q: %d %s", token, got.status, got.body)
		}
	})
}
