package jira_test

import (
	"fmt"
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
