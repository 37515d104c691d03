package jira_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/jira"
)

// issues is a page of a search; what it lacks stays zero.
type issues struct {
	Issues  []issue `json:"issues"`
	Token   string  `json:"nextPageToken"`
	IsLast  bool    `json:"isLast"`
	StartAt int     `json:"startAt"`
	Max     int     `json:"maxResults"`
	Total   int     `json:"total"`
}

type issue struct {
	ID        string         `json:"id"`
	Key       string         `json:"key"`
	Fields    map[string]any `json:"fields"`
	Changelog *changelog     `json:"changelog"`
}

type changelog struct {
	StartAt   int     `json:"startAt"`
	Max       int     `json:"maxResults"`
	Total     int     `json:"total"`
	Histories []entry `json:"histories"`
}

type entry struct {
	ID      string `json:"id"`
	Author  person `json:"author"`
	Created any    `json:"created"`
	Items   []item `json:"items"`
}

type person struct {
	AccountID string `json:"accountId"`
	Key       string `json:"key"`
}

type item struct {
	Field      string  `json:"field"`
	FieldID    string  `json:"fieldId"`
	From       *string `json:"from"`
	FromString *string `json:"fromString"`
	To         *string `json:"to"`
	Name       *string `json:"toString"`
}

func keys(list []issue) []string {
	names := []string{}
	for _, one := range list {
		names = append(names, one.Key)
	}
	return names
}

// everything reads all pages of a Cloud search.
func (s site) everything(tb testing.TB, parameters ...string) []issue {
	tb.Helper()
	var all []issue
	token := ""
	for {
		var page issues
		asked := slices.Clone(parameters)
		if token != "" {
			asked = append(asked, "nextPageToken", token)
		}
		s.get(tb, &page, "/rest/api/2/search/jql", asked...)
		all = append(all, page.Issues...)
		if token = page.Token; token == "" {
			return all
		}
	}
}

func TestCloudAndDataCenterFindTheSame(t *testing.T) {
	t.Parallel()
	cloud, center := serve(t, jira.Options{}), serve(t, jira.Options{Mode: jira.DataCenter})
	jql := "project in (DRE, SRE) ORDER BY created ASC, key ASC"
	found := cloud.everything(t, "jql", jql, "fields", "summary", "maxResults", "5000")
	var numbered []issue
	for {
		var page issues
		center.get(t, &page, "/rest/api/2/search", "jql", jql, "fields", "summary", "startAt", strconv.Itoa(len(numbered)), "maxResults", "300")
		numbered = append(numbered, page.Issues...)
		if len(numbered) >= page.Total {
			break
		}
	}
	if diff := cmp.Diff(keys(found), keys(numbered)); diff != "" {
		t.Errorf("(-Cloud +Data Center):\n%s", diff)
	}
	if want := cloud.view(t).CreatedBefore(now.Unix() + 1); len(found) != want {
		t.Errorf("%d issues were found, want %d", len(found), want)
	}
	var count struct{ Count int }
	cloud.post(t, &count, "/rest/api/3/search/approximate-count", `{"jql":"project in (DRE, SRE)"}`)
	if count.Count != len(found) {
		t.Errorf("the estimate is %d, want %d", count.Count, len(found))
	}
}

func TestPagesOfCloud(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	for name, test := range map[string]struct {
		parameters []string
		length     int
		hasFields  bool
		hasKey     bool
	}{
		"without fields there are ids alone":         {nil, 50, false, false},
		"ids may be thousands":                       {[]string{"maxResults", "700"}, 700, false, false},
		"keys may be thousands":                      {[]string{"maxResults", "700", "fields", "key"}, 700, false, true},
		"a page with fields has a hundred":           {[]string{"maxResults", "700", "fields", "summary"}, 100, true, true},
		"a page with all fields has a hundred":       {[]string{"maxResults", "5000", "fields", "*all"}, 100, true, true},
		"a page with histories has a hundred":        {[]string{"maxResults", "700", "expand", "changelog"}, 100, false, false},
		"a page has fifty unless more are asked for": {[]string{"fields", "summary,status"}, 50, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var page issues
			s.get(t, &page, "/rest/api/2/search/jql", append(test.parameters, "jql", "project in (DRE, SRE)")...)
			if len(page.Issues) != test.length || page.Token == "" || page.IsLast {
				t.Fatalf("%d issues, token %q, last %v; want %d and more to come", len(page.Issues), page.Token, page.IsLast, test.length)
			}
			if first := page.Issues[0]; (len(first.Fields) > 0) != test.hasFields || (first.Key != "") != test.hasKey || first.ID == "" {
				t.Errorf("the first issue is %+v", first)
			}
		})
	}
}

func TestTokensFitOneQueryForAWeek(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	var page issues
	s.get(t, &page, "/rest/api/2/search/jql", "jql", "project = DRE", "maxResults", "1")
	ask := func(jql string) int {
		return s.ask(t, "GET", "/rest/api/2/search/jql"+query([]string{"jql", jql, "nextPageToken", page.Token}), "").status
	}
	if got := ask("project = DRE"); got != http.StatusOK {
		t.Errorf("the token's own query: %d", got)
	}
	if got := ask("project = SRE"); got != http.StatusBadRequest {
		t.Errorf("another query: %d, want 400", got)
	}
	s.clock.set(now.AddDate(0, 0, 7))
	if got := ask("project = DRE"); got != http.StatusOK {
		t.Errorf("after a week: %d", got)
	}
	s.clock.set(now.AddDate(0, 0, 7).Add(time.Second))
	if got := ask("project = DRE"); got != http.StatusBadRequest {
		t.Errorf("after more than a week: %d, want 400", got)
	}
}

// TestWhatIsCreatedMeanwhileMovesNoRow holds that the pages of one search are
// of one moment.
func TestWhatIsCreatedMeanwhileMovesNoRow(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	parameters := []string{"jql", "project = DRE ORDER BY created DESC", "fields", "summary", "maxResults", "2"}
	var first, second, later issues
	s.get(t, &first, "/rest/api/2/search/jql", parameters...)
	s.get(t, &second, "/rest/api/2/search/jql", append(parameters, "nextPageToken", first.Token)...)
	s.clock.set(now.AddDate(0, 0, 5))
	s.get(t, &later, "/rest/api/2/search/jql", append(parameters, "nextPageToken", first.Token)...)
	if diff := cmp.Diff(keys(second.Issues), keys(later.Issues)); diff != "" {
		t.Errorf("the second page five days later (-then +later):\n%s", diff)
	}
}

func TestDataCenterPagesByNumber(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{Mode: jira.DataCenter})
	var whole, part, none, beyond issues
	s.get(t, &whole, "/rest/api/2/search", "jql", "ORDER BY id ASC", "maxResults", "5000")
	s.get(t, &part, "/rest/api/2/search", "jql", "ORDER BY id ASC", "maxResults", "3", "startAt", "10")
	s.get(t, &none, "/rest/api/2/search", "jql", "", "maxResults", "0")
	s.get(t, &beyond, "/rest/api/2/search", "startAt", "999999")
	if len(whole.Issues) != 1000 || whole.Max != 1000 || whole.Total <= 1000 {
		t.Errorf("%d issues of %d, at most %d; want 1,000 of more", len(whole.Issues), whole.Total, whole.Max)
	}
	if diff := cmp.Diff(keys(whole.Issues[10:13]), keys(part.Issues)); diff != "" || part.StartAt != 10 || part.Total != whole.Total {
		t.Errorf("from the tenth on: %+v\n%s", part, diff)
	}
	if len(none.Issues) != 0 || none.Total != whole.Total {
		t.Errorf("no issues were asked for, and there are %d of %d", len(none.Issues), none.Total)
	}
	if len(beyond.Issues) != 0 || beyond.Total != whole.Total {
		t.Errorf("beyond the end there are %d of %d", len(beyond.Issues), beyond.Total)
	}
	if len(part.Issues[0].Fields) < 20 {
		t.Errorf("an issue has the fields %v, want all", part.Issues[0].Fields)
	}
}
