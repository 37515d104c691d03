package jira_test

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// addCut adds n changes of status to an issue, a second apart, the first to "3".
func addCut(one object, n int) {
	for i := range n {
		to := []string{"3", "1"}[i%2]
		from := []string{"1", "3"}[i%2]
		addHistory(one, strconv.Itoa(1000+i), since.Add(time.Duration(i)*time.Second), statusItem(from, to))
	}
}

func TestChangesAreCompleteBeyondWhatASearchTells(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		n, inline, issues int
		honest, noBulk    bool
		path              string // Of the request that completes; empty for none.
		requests          int
	}{
		"fewer than the limit are all":                   {n: 39, inline: 40, issues: 3},
		"exactly the limit may be cut":                   {n: 40, inline: 40, issues: 3, path: "bulkfetch", requests: 1},
		"one more is cut, and the total does not say":    {n: 41, inline: 40, issues: 3, path: "bulkfetch", requests: 1},
		"a limit of 20":                                  {n: 25, inline: 20, issues: 3, path: "bulkfetch", requests: 1},
		"a limit of 100":                                 {n: 130, inline: 100, issues: 3, path: "bulkfetch", requests: 1},
		"a limit that nobody knows, and an honest total": {n: 40, inline: 33, issues: 3, honest: true, path: "bulkfetch", requests: 1},
		"a list of several pages":                        {n: 500, inline: 40, issues: 3, path: "bulkfetch", requests: 2},
		"one issue alone":                                {n: 250, inline: 40, issues: 1, path: "changelog", requests: 3},
		"a site without the list":                        {n: 150, inline: 40, issues: 3, noBulk: true, path: "changelog", requests: 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.inlineCap, r.honestTotal, r.noBulk = test.inline, test.honest, test.noBulk
			for i := range test.issues {
				addCut(r.add(strconv.Itoa(i+1), since, begun), test.n)
			}
			r.mustCollect(t)
			for id, ticket := range r.memory.tickets {
				if len(ticket.Changes) != test.n {
					t.Fatalf("ticket %s has %d changes, want %d", id, len(ticket.Changes), test.n)
				}
				first := facts.TicketChange{
					History: "1000", At: since, Author: "5b10a0", Field: facts.FieldStatus,
					From: "1", To: "3", FromName: "was 1", ToName: "is 3",
				}
				if diff := cmp.Diff(first, ticket.Changes[0]); diff != "" {
					t.Errorf("the oldest change (-want +got):\n%s", diff)
				}
			}
			asked := 0
			for _, one := range r.requests {
				if strings.Contains(one.path, "changelog") {
					asked++
				}
			}
			if asked != test.requests && !test.noBulk || asked != test.requests+1 && test.noBulk || (test.path != "" && r.asked(test.path) != test.requests) {
				t.Errorf("%d requests for changes, want %d of %q", asked, test.requests, test.path)
			}
		})
	}
}

func TestASiteWithoutTheListIsAskedForItOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	r.noBulk, r.pageCap = true, 2
	for i := range 6 {
		addCut(r.add(strconv.Itoa(i+1), since, begun), 50)
	}
	r.mustCollect(t)
	if got := r.asked("bulkfetch"); got != 1 || len(r.memory.tickets) != 6 {
		t.Errorf("the list was asked for %d times, for %d tickets", got, len(r.memory.tickets))
	}
}

func TestOnDataCenterASearchTellsAllChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	addCut(r.add("1", since, begun), 40)
	r.mustCollect(t)
	if got := len(r.memory.tickets["1"].Changes); got != 40 || len(r.requests) != 4 {
		t.Errorf("%d changes by %d requests, want 40 by 4", got, len(r.requests))
	}
}

func TestATicketWhoseChangesCannotBeHadIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(*rig){
		"Data Center cuts them off": func(r *rig) {
			r.answering("/search", func(w http.ResponseWriter, req *http.Request) {
				rows := r.rows(r.issues, req.URL.Query())
				rows[0].(object)["changelog"].(object)["total"] = 5
				send(w, 200, object{"issues": rows, "total": 2})
			})
		},
		"there is no changelog": func(r *rig) { r.issues[0]["changelog"] = nil },
		"the issue is gone by now": func(r *rig) {
			r.cloud, r.info["deploymentType"] = true, "Cloud"
			r.issues[0]["changelog"] = nil
			r.answering("/1/changelog", status(404, "Issue does not exist"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, false)
			addCut(r.add("1", since, begun), 3)
			r.add("2", since, begun)
			arrange(r)
			r.mustCollect(t)
			wantTickets(t, r, []string{"2"})
			if diff := cmp.Diff([]facts.Skip{{Kind: "ticket", Reason: "incomplete", Count: 1}}, r.memory.skipped); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersAboutChangesThatEndTheCycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		issues int
		path   string
		answer http.HandlerFunc
		want   string
	}{
		"a list that is none":         {2, "bulkfetch", body(`{}`), `no "issueChangeLogs"`},
		"a list that never ends":      {2, "bulkfetch", body(`{"issueChangeLogs": [], "nextPageToken": "x"}`), "does not end"},
		"a refusal":                   {2, "bulkfetch", status(400, "too many"), "400"},
		"an expired token":            {2, "bulkfetch", body(`{"issueChangeLogs": []}`, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED"), "does not accept the token"},
		"one issue's list never ends": {1, "/1/changelog", body(`{"values": [{"id": "1"}]}`), "does not end"},
		"one issue's list is none":    {1, "/1/changelog", body(`{}`), `no "values"`},
		"one issue's list is refused": {1, "/1/changelog", status(500, "no"), "list the changes of Jira issue DRE-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			for i := range test.issues {
				addCut(r.add(strconv.Itoa(i+1), since, begun), 50)
			}
			r.answering(test.path, test.answer)
			wantError(t, r.collect(t), test.want)
		})
	}
}

// changesOf collects one issue with the given changelog and returns its changes.
func changesOf(t *testing.T, cloud bool, histories ...any) ([]facts.TicketChange, []facts.Skip) {
	t.Helper()
	r := newRig(t, cloud)
	r.add("1", since, begun)["changelog"] = histories
	r.mustCollect(t)
	return r.memory.tickets["1"].Changes, r.memory.skipped
}

func TestChangesAreUnderstood(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 28, 7, 0, 0, 0, time.UTC)
	item := func(field string, more object) object {
		o := object{"field": field, "fieldtype": "jira", "from": "1", "fromString": "A", "to": "2", "toString": "B"}
		maps.Copy(o, more)
		return o
	}
	entry := func(more object, items ...any) object {
		o := object{"id": "7", "author": person("5b10a0"), "created": wire(at), "items": items}
		maps.Copy(o, more)
		return o
	}
	change := facts.TicketChange{
		History: "7", At: at, Author: "5b10a0", Field: facts.FieldStatus, From: "1", To: "2", FromName: "A", ToName: "B",
	}
	with := func(edit func(*facts.TicketChange)) []facts.TicketChange {
		c := change
		edit(&c)
		return []facts.TicketChange{c}
	}
	skip := func(reason string) []facts.Skip { return []facts.Skip{{Kind: "change", Reason: reason, Count: 1}} }
	for name, test := range map[string]struct {
		entry   any
		want    []facts.TicketChange
		skipped []facts.Skip
	}{
		"a status":           {entry: entry(nil, item("status", nil)), want: []facts.TicketChange{change}},
		"a status by its id": {entry: entry(nil, item("Zustand", object{"fieldId": "status"})), want: []facts.TicketChange{change}},
		"a resolution":       {entry: entry(nil, item("resolution", nil)), want: with(func(c *facts.TicketChange) { c.Field = facts.FieldResolution })},
		"an assignee has no name": {
			entry: entry(nil, item("assignee", object{"from": nil, "fromString": nil, "to": "5b10b1", "toString": "Ada Example"})),
			want: with(func(c *facts.TicketChange) {
				c.Field, c.From, c.FromName, c.To, c.ToName = facts.FieldAssignee, "", "", "5b10b1", ""
			}),
		},
		"a resolution that was taken off": {
			entry: entry(nil, item("resolution", object{"to": nil, "toString": nil})),
			want:  with(func(c *facts.TicketChange) { c.Field, c.To, c.ToName = facts.FieldResolution, "", "" }),
		},
		"ids that are numbers": {
			entry: entry(object{"id": 7}, item("status", object{"from": 1, "to": 2})), want: []facts.TicketChange{change},
		},
		"a time in milliseconds":             {entry: entry(object{"created": at.UnixMilli()}, item("status", nil)), want: []facts.TicketChange{change}},
		"a time in milliseconds as text":     {entry: entry(object{"created": strconv.FormatInt(at.UnixMilli(), 10)}, item("status", nil)), want: []facts.TicketChange{change}},
		"a time in seconds":                  {entry: entry(object{"created": at.Unix()}, item("status", nil)), want: []facts.TicketChange{change}},
		"a time in UTC":                      {entry: entry(object{"created": "2026-03-28T07:00:00Z"}, item("status", nil)), want: []facts.TicketChange{change}},
		"an offset with a colon":             {entry: entry(object{"created": "2026-03-28T15:00:00.000+08:00"}, item("status", nil)), want: []facts.TicketChange{change}},
		"nobody did it":                      {entry: entry(object{"author": nil}, item("status", nil)), want: with(func(c *facts.TicketChange) { c.Author = "" })},
		"a user of Data Center is his key":   {entry: entry(object{"author": object{"name": "ada", "key": "JIRAUSER1"}}, item("status", nil)), want: with(func(c *facts.TicketChange) { c.Author = "JIRAUSER1" })},
		"another workflow in the same entry": {entry: entry(nil, item("Workflow", nil), item("status", nil)), want: with(func(c *facts.TicketChange) { c.Migrated = true })},
		"a custom field of that name":        {entry: entry(nil, item("status", object{"fieldtype": "custom"}))},
		"a custom field of that name by id":  {entry: entry(nil, item("status", object{"fieldId": "customfield_10001"}))},
		"a field of no interest":             {entry: entry(object{"created": "never"}, item("description", object{"to": object{}}))},
		"an item that is none":               {entry: entry(nil, 7, nil, item("status", nil)), want: []facts.TicketChange{change}},
		"items that are none":                {entry: entry(object{"items": "x"})},
		"a change at no time":                {entry: entry(object{"created": nil}, item("status", nil)), skipped: skip("no_time")},
		"a change at a time without offset":  {entry: entry(object{"created": "2026-03-28T07:00:00"}, item("status", nil)), skipped: skip("no_time")},
		"a change without an id":             {entry: entry(object{"id": nil}, item("status", nil)), skipped: skip("no_id")},
		"an entry that is none":              {entry: 7, skipped: skip("undecodable")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, cloud := range []bool{true, false} {
				got, skipped := changesOf(t, cloud, test.entry)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("changes (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.skipped, skipped); diff != "" {
					t.Errorf("skipped (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestAWorkflowMigrationIsKnownAlsoWhereAListLeavesItOut(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	for i := range 2 {
		one := r.add(strconv.Itoa(i+1), since, begun)
		addCut(one, 60)
		addHistory(one, "2000", since.AddDate(0, 5, 0),
			object{"field": "Workflow", "fieldtype": "jira", "from": "1", "to": "2"}, statusItem("1", "10001"))
	}
	r.mustCollect(t)
	if r.asked("bulkfetch") != 1 {
		t.Fatal("the changes were not read from a list")
	}
	changes := r.memory.tickets["1"].Changes
	if len(changes) != 61 {
		t.Fatalf("%d changes, want 61", len(changes))
	}
	for _, c := range changes {
		if want := c.History == "2000"; c.Migrated != want {
			t.Errorf("change %s is migrated: %v", c.History, c.Migrated)
		}
	}
}

func TestStatusesThatTheSiteDoesNotListAreKept(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.statuses = append(r.statuses, "x", object{"id": nil, "name": "Nothing"})
		fieldsOf(r.add("1", since, begun))["status"] = object{"id": 77, "name": "Done", "statusCategory": object{"key": "new"}}
		r.mustCollect(t)
		want := facts.TicketStatus{ID: "77", Name: "Done", Category: facts.CategoryNew}
		if diff := cmp.Diff(want, r.memory.statuses["77"]); diff != "" {
			t.Errorf("status (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]facts.Skip{{Kind: "status", Reason: "no_id", Count: 2}}, r.memory.skipped); diff != "" {
			t.Errorf("skipped (-want +got):\n%s", diff)
		}
	})
}
