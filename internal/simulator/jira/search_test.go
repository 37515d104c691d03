package jira_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
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

func TestFieldsAreThoseAskedFor(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	for name, test := range map[string]struct{ has, hasNot []string }{
		"summary,status":       {[]string{"summary", "status"}, []string{"created", "description"}},
		"*all":                 {[]string{"summary", "customfield_10101", "statuscategorychangedate"}, nil},
		"*navigable,-summary":  {[]string{"status"}, []string{"summary"}},
		"-description":         {[]string{"summary"}, []string{"description"}},
		"summary,nonsense":     {[]string{"summary"}, []string{"nonsense"}},
		"summary, resolution ": {[]string{"summary", "resolution"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var page issues
			s.get(t, &page, "/rest/api/2/search/jql", "jql", "project=DRE", "fields", name, "maxResults", "1")
			for _, field := range test.has {
				if _, ok := page.Issues[0].Fields[field]; !ok {
					t.Errorf("%s is missing", field)
				}
			}
			for _, field := range test.hasNot {
				if _, ok := page.Issues[0].Fields[field]; ok {
					t.Errorf("%s is there", field)
				}
			}
		})
	}
}

// TestIssuesAreWhatTheTicketsAre compares every issue with its ticket.
func TestIssuesAreWhatTheTicketsAre(t *testing.T) {
	t.Parallel()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, jira.Options{TimeZone: tokyo})
	at := now.Unix()
	view := s.view(t)
	for _, one := range s.everything(t, "jql", "project in (DRE,SRE)", "fields", "*all", "maxResults", "100") {
		index, ok := view.Find(one.Key, at)
		if !ok {
			t.Fatalf("there is no ticket %s", one.Key)
		}
		ticket := &view.Tickets[index]
		state := ticket.State(at)
		want := map[string]any{
			"id": strconv.Itoa(ticket.ID), "summary": ticket.Summary, "description": orNull(state.Description),
			"status": state.Status.ID + " " + string(state.Status.Category), "created": stamp(ticket.Created, tokyo), "updated": stamp(state.UpdatedAt, tokyo),
			"type": ticket.Type, "project": ticket.Project, "labels": strings.Join(state.Labels, " "), "components": strings.Join(ticket.Components, "|"),
			"assignee": state.Assignee, "reporter": ticket.Reporter, "creator": ticket.Creator, "resolution": state.Resolution.Name,
			"incident": orNull(ticket.Incident), "category": stamp(state.CategoryChangedAt, tokyo), "resolved": nil, "ranked": !ticket.Unranked,
		}
		if state.ResolvedAt > 0 {
			want["resolved"] = stamp(state.ResolvedAt, tokyo)
		}
		f := one.Fields
		got := map[string]any{
			"id": one.ID, "summary": f["summary"], "description": f["description"], "created": f["created"], "updated": f["updated"],
			"status": text(f["status"], "id") + " " + text(f["status"], "statusCategory", "key"), "type": text(f["issuetype"], "name"),
			"project": text(f["project"], "key"), "labels": join(f["labels"], " "), "components": join(f["components"], "|"),
			"assignee": text(f["assignee"], "accountId"), "reporter": text(f["reporter"], "accountId"), "creator": text(f["creator"], "accountId"),
			"resolution": text(f["resolution"], "name"), "incident": f["customfield_10101"], "category": f["statuscategorychangedate"],
			"resolved": f["resolutiondate"], "ranked": f["priority"] != nil,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-ticket +issue):\n%s", one.Key, diff)
		}
	}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func stamp(at int64, zone *time.Location) string {
	return time.Unix(at, 0).In(zone).Format("2006-01-02T15:04:05.000-0700")
}

// text follows a path through objects; null is empty.
func text(value any, path ...string) string {
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// join lists texts, or the names of objects.
func join(value any, between string) string {
	var all []string
	list, _ := value.([]any)
	for _, one := range list {
		if object, ok := one.(map[string]any); ok {
			one = object["name"]
		}
		all = append(all, fmt.Sprint(one))
	}
	return strings.Join(all, between)
}

func TestLinksAreSeenFromBothEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	ends := map[string][]string{}
	hidden := 0
	for _, one := range s.everything(t, "jql", "project in (DRE,SRE)", "fields", "issuelinks", "maxResults", "100") {
		links, _ := one.Fields["issuelinks"].([]any)
		for _, link := range links {
			for _, end := range []string{"inwardIssue", "outwardIssue"} {
				if key := text(link, end, "key"); key == "SEC-7" {
					hidden++
				} else if key != "" {
					ends[text(link, "id")] = append(ends[text(link, "id")], end+" "+one.Key+" "+key)
				}
			}
		}
	}
	if len(ends) < 50 || hidden == 0 {
		t.Errorf("%d links and %d to the hidden ticket, want many and some", len(ends), hidden)
	}
	for id, pair := range ends {
		if len(pair) != 2 {
			t.Errorf("link %s is seen as %v, want two ends", id, pair)
			continue
		}
		one, other := strings.Fields(pair[0]), strings.Fields(pair[1])
		if one[0] == other[0] || one[1] != other[2] || one[2] != other[1] {
			t.Errorf("link %s is seen as %v", id, pair)
		}
	}
}

func TestSubtasksAndParentsKnowEachOther(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	children := s.everything(t, "jql", "issuetype = Sub-task", "fields", "parent", "maxResults", "100")
	if len(children) == 0 {
		t.Fatal("there are no sub-tasks")
	}
	for _, child := range children {
		var parent issue
		s.get(t, &parent, "/rest/api/2/issue/"+text(child.Fields["parent"], "key"), "fields", "subtasks")
		list, _ := parent.Fields["subtasks"].([]any)
		if !slices.ContainsFunc(list, func(one any) bool { return text(one, "key") == child.Key }) {
			t.Errorf("%s does not know its part %s: %v", parent.Key, child.Key, list)
		}
	}
}

func TestPostmortemsWithoutAnotherNameAreFoundByTheirRemoteLinks(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{Mode: jira.DataCenter})
	address := regexp.MustCompile(`^https://example\.pagerduty\.com/incidents/Q[A-Z2-7]{13}$`)
	found := 0
	view := s.view(t)
	for index := range view.CreatedBefore(now.Unix() - 60) {
		ticket := &view.Tickets[index]
		if ticket.Type != tickets.TypePostmortem || len(ticket.Remote) == 0 {
			continue
		}
		var links []struct {
			Object struct{ URL, Title string }
		}
		s.get(t, &links, "/rest/api/2/issue/"+ticket.Key+"/remotelink")
		if len(links) == 1 && address.MatchString(links[0].Object.URL) && links[0].Object.Title != "" {
			found++
		}
	}
	if found < 4 {
		t.Errorf("%d post-mortems link to an incident, want one in each of four quarters", found)
	}
}

func TestOneIssueCanBeMalformed(t *testing.T) {
	t.Parallel()
	for _, mode := range []jira.Mode{jira.Cloud, jira.DataCenter} {
		s := serve(t, jira.Options{Mode: mode, Malformed: true})
		path := "/rest/api/2/search/jql"
		if mode == jira.DataCenter {
			path = "/rest/api/2/search"
		}
		var page issues
		s.get(t, &page, path, "jql", "project in (DRE,SRE) ORDER BY created", "fields", "created,status", "maxResults", "10")
		for i, one := range page.Issues {
			_, err := time.Parse("2006-01-02T15:04:05.000-0700", fmt.Sprint(one.Fields["created"]))
			if _, isObject := one.Fields["status"].(map[string]any); (err == nil) == (i == 0) || isObject == (i == 0) {
				t.Errorf("mode %d: issue %d is %v", mode, i, one.Fields)
			}
		}
	}
}

func TestTextsAreTrees(t *testing.T) {
	t.Parallel()
	jql := []string{"jql", "issuetype = Post-mortem", "fields", "description", "maxResults", "100"}
	count := func(s site, path string) (texts, trees int) {
		var page issues
		s.get(t, &page, path, jql...)
		for _, one := range page.Issues {
			if _, ok := one.Fields["description"].(string); ok {
				texts++
			} else if text(one.Fields["description"], "type") == "doc" {
				trees++
			}
		}
		return texts, trees
	}
	if texts, trees := count(serve(t, jira.Options{}), "/rest/api/2/search/jql"); texts != 100 || trees != 0 {
		t.Errorf("version 2 has %d texts and %d trees, want texts alone", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{}), "/rest/api/3/search/jql"); texts != 0 || trees != 100 {
		t.Errorf("version 3 has %d texts and %d trees, want trees alone", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{Documents: true}), "/rest/api/2/search/jql"); texts == 0 || trees == 0 {
		t.Errorf("with documents version 2 has %d texts and %d trees, want both", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{Mode: jira.DataCenter, Documents: true}), "/rest/api/2/search"); texts != 100 || trees != 0 {
		t.Errorf("Data Center has %d texts and %d trees, want texts alone", texts, trees)
	}
}

// TestTreeHoldsWhatTheTextSays compares the kinds of nodes of a post-mortem.
func TestTreeHoldsWhatTheTextSays(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	var page issues
	s.get(t, &page, "/rest/api/3/search/jql", "jql", `issuetype = Post-mortem AND description ~ "incidents" AND description ~ "h2."`, "fields", "description", "maxResults", "1")
	encoded, err := json.Marshal(page.Issues[0].Fields["description"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"type":"heading"`, `"level":2`, `"type":"inlineCard"`, `"url":"https://example.pagerduty.com/incidents/Q`, `"type":"bulletList"`, `"type":"listItem"`, `"text":"Impact"`} {
		if !strings.Contains(string(encoded), want) {
			t.Errorf("the tree has no %s: %s", want, encoded)
		}
	}
	if strings.Contains(string(encoded), "h2.") {
		t.Errorf("the tree has marks of headings: %s", encoded)
	}
}
