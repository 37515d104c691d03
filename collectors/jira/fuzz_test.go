package jira_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seed is an issue with something in every field.
const seed = `{"issues": [{"id": "17", "key": "DRE-17", "fields": {"created": "2026-08-01T17:30:00.000+0800", "updated": 1785576600000,
"issuetype": {"name": "Task"}, "project": {"key": "DRE"}, "status": {"id": 3, "statusCategory": {"key": "done"}}, "labels": ["b", null, 7],
"components": [{"name": "mysql"}, "x"], "assignee": {"accountId": "5b"}, "creator": {"key": "k"}, "reporter": {"name": "n"}, "duedate": "2026-08-01",
"issuelinks": [{"type": {"name": "Relates"}, "inwardIssue": {"id": "8", "key": "OPS-8"}}], "parent": {"id": 3},
"description": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"attrs": {"href": "b"}}]}]}]},
"customfield_10101": [{"value": "x", "child": {"name": "y"}}, true, 1.5]},
"changelog": {"total": 1, "histories": [{"id": 5, "created": "2026-08-01T09:30:00Z", "author": null,
"items": [{"field": "Workflow"}, {"field": "status", "from": "1", "to": 3, "toString": "Done"}, {"fieldId": "assignee", "to": "5b"}]}]}}], "total": 1}`

func FuzzIssues(f *testing.F) {
	f.Add([]byte(seed))
	f.Add([]byte(`{"issues": [[], 1, {"id": "1", "fields": {"created": 1}}, {"id": {}, "fields": {"created": "x"}}], "total": -1, "nextPageToken": 7}`))
	f.Add([]byte(`{"issues": [{"id": "1", "fields": {"created": 1e12, "description": {"content": [{"content": [{}]}]}}, "changelog": {"histories": [{}]}}]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, path := range []string{"/search", "/search/jql"} {
			r := newRig(t, strings.HasSuffix(path, "jql"))
			r.opts.Fields = []string{"PagerDuty Incident"}
			r.answering(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) })
			_ = r.collect(t) // An error is as good an answer as any.
			checkTickets(t, r.memory)
		}
	})
}

func FuzzChanges(f *testing.F) {
	f.Add([]byte(`{"issueChangeLogs": [{"issueId": "1", "changeHistories": [{"id": 5, "created": 1785576600000, "items": [{"fieldId": "status", "from": "1", "to": 3}]}]}]}`))
	f.Add([]byte(`{"issueChangeLogs": [7, {"issueId": 2, "changeHistories": "x"}], "nextPageToken": 5}`))
	f.Add([]byte(`{"values": [{"id": "5", "created": "2026-08-01T09:30:00Z", "items": [{"field": "resolution", "toString": "Done"}]}], "total": 1}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, issues := range []string{"1", "12"} { // One by itself, two together.
			r := newRig(t, true)
			for _, id := range issues {
				addCut(r.add(string(id), since, begun), 40)
			}
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				changes := strings.Contains(req.URL.Path, "changelog")
				if changes {
					_, _ = w.Write(answer)
				}
				return changes
			}
			_ = r.collect(t) // An error is as good an answer as any.
			checkTickets(t, r.memory)
		}
	})
}

func FuzzSite(f *testing.F) {
	f.Add([]byte(`{"baseUrl": "https://a.example", "deploymentType": "Cloud", "serverTime": "2026-08-01T09:30:00Z"}`), []byte(`{"accountId": "5b"}`), []byte(`[{"id": "customfield_10101", "name": "PagerDuty Incident"}]`), []byte(`[{"id": 1, "statusCategory": {"key": "new"}}]`))
	f.Add([]byte(`{"baseUrl": "%zz", "deploymentType": "Server", "serverTime": 1e300}`), []byte(`{"key": 7}`), []byte(`[7, {"id": []}]`), []byte(`[null]`))
	f.Fuzz(func(t *testing.T, info, self, fields, statuses []byte) {
		r := newRig(t, true)
		r.opts.Fields = []string{"PagerDuty Incident"}
		r.add("1", since, begun)
		answers := map[string][]byte{"serverInfo": info, "myself": self, "field": fields, "status": statuses}
		r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
			answer, ok := answers[req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:]]
			if ok {
				_, _ = w.Write(answer)
			}
			return ok
		}
		_ = r.collect(t) // An error is as good an answer as any.
		checkTickets(t, r.memory)
		for id := range r.memory.statuses {
			if id == "" {
				t.Error("a status has no id")
			}
		}
	})
}

func checkTickets(t *testing.T, kept *memory) {
	t.Helper()
	for id, ticket := range kept.tickets {
		if id == "" || ticket.CreatedAt.IsZero() || ticket.UpdatedAt.Before(ticket.CreatedAt) || ticket.Format == "" {
			t.Errorf("ticket %+v lacks what every ticket has", ticket)
		}
		for _, at := range []time.Time{ticket.CreatedAt, ticket.UpdatedAt, ticket.ResolvedAt, ticket.CategoryChangedAt} {
			if at.Location() != time.UTC {
				t.Errorf("time %s is not in UTC", at)
			}
		}
		for _, list := range append([][]string{ticket.Labels, ticket.Components}, ticket.Fields["PagerDuty Incident"]) {
			if !slices.IsSorted(list) || slices.Contains(list, "") {
				t.Errorf("list %q is not in order", list)
			}
		}
		for _, change := range ticket.Changes {
			if change.At.IsZero() || change.History == "" || change.Field == "" {
				t.Errorf("change %+v lacks what every change has", change)
			}
		}
		if encoded, err := json.Marshal(ticket); err != nil || !utf8.Valid(encoded) {
			t.Errorf("ticket %+v cannot be encoded: %v", ticket, err)
		}
	}
}
