package jira_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
)

// TestQueriesFindWhatTheySay compares queries with what they mean.
func TestQueriesFindWhatTheySay(t *testing.T) {
	t.Parallel()
	type ticket struct {
		*tickets.Ticket
		tickets.State
	}
	has := func(list []string, name string) bool {
		return strings.Contains("|"+strings.Join(list, "|")+"|", "|"+name+"|")
	}
	since := func(d time.Duration) int64 { return now.Add(-d).Unix() }
	kolkata, err := time.LoadLocation("Asia/Kolkata") // UTC+5:30
	if err != nil {
		t.Fatal(err)
	}
	date := func(text string) int64 {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, kolkata)
		if err != nil {
			t.Fatal(err)
		}
		return at.Unix()
	}
	for query, want := range map[string]func(ticket) bool{
		"project in (DRE, SRE)":         func(ticket) bool { return true },
		`project = dre`:                 func(x ticket) bool { return x.Project == "DRE" },
		`PROJECT != "DRE"`:              func(x ticket) bool { return x.Project != "DRE" },
		`project not in (DRE)`:          func(x ticket) bool { return x.Project != "DRE" },
		`updated >= "-20000m"`:          func(x ticket) bool { return x.UpdatedAt >= since(20000*time.Minute) },
		`updated >= -2w`:                func(x ticket) bool { return x.UpdatedAt >= since(14*24*time.Hour) },
		`updated > "-1w 2d 3h"`:         func(x ticket) bool { return x.UpdatedAt > since((9*24+3)*time.Hour) },
		`updated >= "2026/06/20 04:30"`: func(x ticket) bool { return x.UpdatedAt >= date("2026-06-20 04:30") },
		`updated >= "2026-06-20"`:       func(x ticket) bool { return x.UpdatedAt >= date("2026-06-20 00:00") },
		`created < "2026/01/01" and created>="2025/12/01"`: func(x ticket) bool {
			return x.Created < date("2026-01-01 00:00") && x.Created >= date("2025-12-01 00:00")
		},
		`created <= now() AND created > startOfDay()`:     func(x ticket) bool { return x.Created > date("2026-07-01 00:00") },
		`issuetype = Post-mortem AND labels is not EMPTY`: func(x ticket) bool { return x.Type == "Post-mortem" && len(x.State.Labels) > 0 },
		`type in ("Post-mortem", Change) && status = "To Do"`: func(x ticket) bool {
			return (x.Type == "Post-mortem" || x.Type == "Change") && x.Status.Name == "To Do"
		},
		`labels = rolled-back OR labels = coding`:            func(x ticket) bool { return has(x.State.Labels, "rolled-back") || has(x.State.Labels, "coding") },
		`labels = coding OR project = SRE AND type = Change`: func(x ticket) bool { return has(x.State.Labels, "coding") || x.Project == "SRE" && x.Type == "Change" },
		`(labels = coding OR project = SRE) AND NOT type = Change`: func(x ticket) bool {
			return (has(x.State.Labels, "coding") || x.Project == "SRE") && x.Type != "Change"
		},
		`labels != coding`:                                             func(x ticket) bool { return len(x.State.Labels) > 0 && !has(x.State.Labels, "coding") },
		`labels in (coding, migration) ORDER BY key`:                   func(x ticket) bool { return has(x.State.Labels, "coding") || has(x.State.Labels, "migration") },
		`component = mysql`:                                            func(x ticket) bool { return has(x.Components, "mysql") },
		`component = "MySQL 1"`:                                        func(x ticket) bool { return has(x.Components, "MySQL 1") },
		`status = 10005`:                                               func(x ticket) bool { return x.Status.ID == "10005" },
		`status = Done`:                                                func(x ticket) bool { return x.Status.Name == "Done" },
		`statusCategory = Done`:                                        func(x ticket) bool { return x.Status.Category == tickets.CategoryDone },
		`statusCategory != new`:                                        func(x ticket) bool { return x.Status.Category != tickets.CategoryNew },
		`resolution = EMPTY`:                                           func(x ticket) bool { return x.Resolution.ID == "" },
		`resolution in ("Won't Do", Duplicate)`:                        func(x ticket) bool { return x.Resolution.Name == "Won't Do" || x.Resolution.Name == "Duplicate" },
		`resolved is EMPTY and resolution is EMPTY`:                    func(x ticket) bool { return x.Resolution.ID == "" },
		`resolutiondate >= -30d`:                                       func(x ticket) bool { return x.ResolvedAt >= since(30*24*time.Hour) },
		`assignee = 5b10a01`:                                           func(x ticket) bool { return x.State.Assignee == "5b10a01" },
		`assignee is EMPTY`:                                            func(x ticket) bool { return x.State.Assignee == "" },
		`creator = 5b10bot and reporter != 5b10bot`:                    func(x ticket) bool { return x.Creator == "5b10bot" && x.Reporter != "" && x.Reporter != "5b10bot" },
		`summary ~ "tech talk"`:                                        func(x ticket) bool { return strings.Contains(x.Summary, "Tech talk") },
		`"PagerDuty Incident" is not EMPTY`:                            func(x ticket) bool { return x.Incident != "" },
		`cf[10101] ~ "incidents"`:                                      func(x ticket) bool { return strings.Contains(x.Incident, "incidents") },
		`key in (DRE-1, SRE-2) OR id = 20005`:                          func(x ticket) bool { return x.Key == "DRE-1" || x.Key == "SRE-2" || x.ID == 20005 },
		`issuekey != DRE-1`:                                            func(x ticket) bool { return x.Key != "DRE-1" },
		`description ~ "TBD" order by created desc, key asc, id, rank`: func(x ticket) bool { return strings.Contains(strings.ToLower(x.State.Description), "tbd") },
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			s := serve(t, jira.Options{TimeZone: kolkata})
			found := map[string]bool{}
			for _, one := range s.everything(t, "jql", query, "fields", "key", "maxResults", "5000") {
				found[one.Key] = true
			}
			view := s.view(t)
			expected := 0
			for index := range view.CreatedBefore(now.Unix() + 1) {
				one := &view.Tickets[index]
				if wanted := want(ticket{one, one.State(now.Unix())}); wanted != found[one.Key] {
					t.Errorf("%s: found %v, want %v", one.Key, found[one.Key], wanted)
				} else if wanted {
					expected++
				}
			}
			if expected == 0 || expected != len(found) {
				t.Errorf("%d tickets were found, want %d and more than none", len(found), expected)
			}
		})
	}
}

func TestQueriesThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	for query, want := range map[string]string{
		"":                                "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
		"ORDER BY created":                "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
		"project in (DRE, NOPE)":          "The value 'NOPE' does not exist for the field 'project'.",
		`issuetype = "Nope"`:              "The value 'Nope' does not exist for the field 'issuetype'.",
		`component = nope`:                "The value 'nope' does not exist for the field 'component'.",
		"key in (DRE-1, DRE-999999)":      "An issue with key 'DRE-999999' does not exist for field 'key'.",
		"key = SEC-7":                     "An issue with key 'SEC-7' does not exist for field 'key'.",
		"nonsense = 1":                    "Field 'nonsense' does not exist or you do not have permission to view it.",
		"project = DRE ORDER BY nonsense": "Field 'nonsense' does not exist or you do not have permission to view it.",
		`updated >= "yesterday"`:          "Date value 'yesterday' for field 'updated' is invalid.",
		"updated >= endOfTime()":          "Unable to find JQL function 'endOfTime()'.",
		"project = currentProject()":      "Unable to find JQL function 'currentProject()'.",
		"project ~ DRE":                   "The operator '~' is not supported by the 'project' field.",
		"updated ~ DRE":                   "The operator '~' is not supported by the 'updated' field.",
		"summary = DRE":                   "The operator '=' is not supported by the 'summary' field.",
		"key > DRE-1":                     "The operator '>' is not supported by the 'key' field.",
		`project = "DRE`:                  "The quoted string 'DRE' has not been completed.",
		"project":                         "Expecting operator but got ''.",
		"project = ":                      "Expecting either a value, list or function but got ''.",
		"project is DRE":                  "The operator 'is' is not supported by the value 'DRE'.",
		"= DRE":                           "Expecting a field name but got '='.",
		"project = DRE SRE":               "Expecting either 'OR' or 'AND' but got 'SRE'.",
		"(project = DRE":                  "Expecting ')' before the end of the query.",
		"project in DRE":                  "Expecting '(' but got 'DRE'.",
		"project in (DRE SRE)":            "Expecting ',' or ')' but got 'SRE'.",
		"project = DRE ORDER BY":          "Expecting a field name at the end of the query but got ''.",
		"project = DRE ORDER BY id,id,id,id,id,id,id,id": "The maximum number of fields to sort by is 7.",
		"updated >= startOfDay(-1)":                      "The function 'startOfDay' takes no arguments here.",
		strings.Repeat("(", 200) + "project = DRE":       "The query is nested too deeply.",
	} {
		t.Run(query[:min(len(query), 60)], func(t *testing.T) {
			t.Parallel()
			got := s.ask(t, "GET", "/rest/api/2/search/jql"+queryOf("jql", query), "")
			if text := complaintOf(t, got); got.status != 400 || !strings.Contains(text, want) {
				t.Errorf("%d %q, want 400 and %q", got.status, text, want)
			}
		})
	}
}

func queryOf(parameters ...string) string { return query(parameters) }

// TestDatesAreReadInTheCallersZone holds that one query means another instant
// for another caller.
func TestDatesAreReadInTheCallersZone(t *testing.T) {
	t.Parallel()
	count := func(zone string) int {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, jira.Options{TimeZone: location})
		return len(s.everything(t, "jql", `updated >= "2026/06/30 09:00"`, "fields", "key"))
	}
	sydney, utc, denver := count("Australia/Sydney"), count("UTC"), count("America/Denver")
	if sydney <= utc || utc <= denver {
		t.Errorf("updated since 9 o'clock: %d in Sydney, %d in UTC, %d in Denver; want ever fewer", sydney, utc, denver)
	}
}

func TestResultsAreInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	view := s.view(t)
	for order, less := range map[string]func(a, b *tickets.Ticket) bool{
		"":                  func(a, b *tickets.Ticket) bool { return a.ID > b.ID },
		" ORDER BY created": func(a, b *tickets.Ticket) bool { return a.Created <= b.Created },
		" ORDER BY project DESC, id": func(a, b *tickets.Ticket) bool {
			return a.Project > b.Project || a.Project == b.Project && a.ID < b.ID
		},
		" order by updated desc": func(a, b *tickets.Ticket) bool {
			return a.State(now.Unix()).UpdatedAt >= b.State(now.Unix()).UpdatedAt
		},
	} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			var last *tickets.Ticket
			for _, one := range s.everything(t, "jql", "project in (DRE, SRE)"+order, "fields", "key", "maxResults", "5000") {
				index, _ := view.Find(one.Key, now.Unix())
				if next := &view.Tickets[index]; last != nil && !less(last, next) {
					t.Fatalf("%s comes before %s", last.Key, next.Key)
				}
				last = &view.Tickets[index]
			}
		})
	}
}
