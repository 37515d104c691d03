package jira_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
)

// longest returns the ticket with the longest history.
func longest(view *tickets.View) *tickets.Ticket {
	best := &view.Tickets[0]
	for index := range view.CreatedBefore(now.Unix()) {
		if one := &view.Tickets[index]; one.State(now.Unix()).Entries > best.State(now.Unix()).Entries {
			best = one
		}
	}
	return best
}

func ids(entries []entry) []string {
	list := []string{}
	for _, one := range entries {
		list = append(list, one.ID)
	}
	return list
}

func TestCloudCutsHistoriesAtForty(t *testing.T) {
	t.Parallel()
	cloud, center := serve(t, jira.Options{}), serve(t, jira.Options{Mode: jira.DataCenter})
	ticket := longest(cloud.view(t))
	total := ticket.State(now.Unix()).Entries
	if total <= 40 {
		t.Fatalf("the longest history has %d entries, want more than 40", total)
	}
	jql := "key = " + ticket.Key
	var short, long issues
	cloud.get(t, &short, "/rest/api/2/search/jql", "jql", jql, "fields", "summary", "expand", "changelog")
	center.get(t, &long, "/rest/api/2/search", "jql", jql, "expand", "changelog")
	whole := ids(long.Issues[0].Changelog.Histories)
	if len(whole) != total || long.Issues[0].Changelog.Total != total {
		t.Errorf("Data Center sends %d entries of %d, want all %d", len(whole), long.Issues[0].Changelog.Total, total)
	}
	newest := slices.Clone(whole[total-40:])
	slices.Reverse(newest)
	log := short.Issues[0].Changelog
	if diff := cmp.Diff(newest, ids(log.Histories)); diff != "" || log.Total != total || log.Max != 40 {
		t.Errorf("Cloud sends %d of %d (-want the newest 40 +got):\n%s", log.Max, log.Total, diff)
	}
	var pages []string
	for {
		var page struct {
			Total  int
			IsLast bool
			Values []entry
		}
		cloud.get(t, &page, "/rest/api/3/issue/"+ticket.Key+"/changelog", "startAt", strconv.Itoa(len(pages)), "maxResults", "30")
		pages = append(pages, ids(page.Values)...)
		if page.IsLast {
			break
		}
	}
	if diff := cmp.Diff(whole, pages); diff != "" {
		t.Errorf("page by page (-want, oldest first +got):\n%s", diff)
	}
}

type bulkPage struct {
	Histories []struct {
		IssueID string  `json:"issueId"`
		Entries []entry `json:"changeHistories"`
	} `json:"issueChangeLogs"`
	Token string `json:"nextPageToken"`
}

// TestBulkOfHistoriesIsEachHistory reads many histories page by page, and
// compares them with each one.
func TestBulkOfHistoriesIsEachHistory(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	view := s.view(t)
	want, got := map[string][]string{}, map[string][]string{}
	var names []string
	for index := range 300 {
		ticket := &view.Tickets[index]
		names = append(names, strconv.Quote(ticket.Key))
		for _, one := range ticket.Entries[:ticket.State(now.Unix()).Entries] {
			id := strconv.Itoa(ticket.ID)
			want[id] = append(want[id], fmt.Sprint(one.ID, " ", float64(one.At*1000)))
		}
	}
	names = append(names, `"DRE-999999"`, names[0]) // One that does not exist, and one twice.
	token, pages := "", 0
	for ; pages == 0 || token != ""; pages++ {
		var page bulkPage
		s.post(t, &page, "/rest/api/3/changelog/bulkfetch", fmt.Sprintf(`{"issueIdsOrKeys":[%s],"maxResults":97,"nextPageToken":%q}`, strings.Join(names, ","), token))
		for _, history := range page.Histories {
			for _, one := range history.Entries {
				got[history.IssueID] = append(got[history.IssueID], fmt.Sprint(one.ID, " ", one.Created))
			}
		}
		token = page.Token
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if pages < 5 {
		t.Errorf("there were %d pages, want several", pages)
	}
}

func TestBulkOfHistoriesHoldsTheFieldsAskedForAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	ticket := longest(s.view(t))
	var page bulkPage
	s.post(t, &page, "/rest/api/3/changelog/bulkfetch", fmt.Sprintf(`{"issueIdsOrKeys":["%d"],"fieldIds":["status","resolution"]}`, ticket.ID))
	fields := map[string]bool{}
	for _, one := range page.Histories[0].Entries {
		for _, item := range one.Items {
			fields[item.FieldID] = true
		}
	}
	if len(fields) != 2 || !fields["status"] || !fields["resolution"] {
		t.Errorf("the histories are about %v", fields)
	}
	many := strings.TrimSuffix(strings.Repeat(`"DRE-1",`, 1001), ",")
	if got := s.ask(t, http.MethodPost, "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":[`+many+`]}`); got.status != http.StatusBadRequest {
		t.Errorf("1,001 issues: %d, want 400", got.status)
	}
}

// TestHistoriesTellWhoDidWhat looks at the forms of entries in both modes.
func TestHistoriesTellWhoDidWhat(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode   jira.Mode
		path   string
		author func(person) string
		hasID  bool
	}{
		"on Cloud":       {jira.Cloud, "/rest/api/2/search/jql", func(p person) string { return p.AccountID }, true},
		"on Data Center": {jira.DataCenter, "/rest/api/2/search", func(p person) string { return p.Key }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, jira.Options{Mode: test.mode})
			var page issues
			s.get(t, &page, test.path, "jql", "issuetype = Change AND resolution = Done AND assignee is not EMPTY ORDER BY key", "fields", "summary", "expand", "changelog", "maxResults", "50")
			seen := map[string]bool{}
			for _, one := range page.Issues {
				for _, history := range one.Changelog.Histories {
					if !strings.HasPrefix(test.author(history.Author), "5b10") {
						t.Errorf("%s: nobody did %+v", one.Key, history)
					}
					if _, err := time.Parse("2006-01-02T15:04:05.000-0700", fmt.Sprint(history.Created)); err != nil {
						t.Error(err)
					}
					for _, item := range history.Items {
						seen[item.Field] = true
						if (item.FieldID != "") != (test.hasID && item.Field != "Workflow") {
							t.Errorf("%s: the id of field %s is %q", one.Key, item.Field, item.FieldID)
						}
						if item.Field == "assignee" && (item.To == nil || !strings.HasPrefix(*item.To, "5b10") || !strings.HasPrefix(*item.Name, "Engineer")) {
							t.Errorf("%s: the assignee is %v", one.Key, item)
						}
					}
				}
			}
			for _, field := range []string{"status", "resolution", "assignee", "Workflow"} {
				if !seen[field] {
					t.Errorf("no entry is about %s", field)
				}
			}
		})
	}
}
