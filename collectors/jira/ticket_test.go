package jira_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

func TestATicketIsWhatItsIssueSays(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.opts.Fields = []string{"PagerDuty Incident", "Affected services"}
		one := r.add("17", since, begun)
		maps.Copy(fieldsOf(one), object{
			"issuetype":                object{"name": "Problemanalyse", "untranslatedName": "Post-mortem"},
			"status":                   object{"id": "10001", "name": "已完成", "statusCategory": object{"key": "done"}},
			"statuscategorychangedate": "2026-04-02T12:00:00.000+0800",
			"resolution":               object{"id": "1", "name": "Done"},
			"resolutiondate":           "2026-04-02T04:00:00.000Z",
			"duedate":                  "2026-04-09",
			"description":              "h2. Impact\n40 minutes",
			"labels":                   []any{"pd-Q1", "b", "a", "b"},
			"components":               []any{object{"name": "mysql"}, object{"name": "backup"}, nil},
			"assignee":                 person("5b10a1"),
			"creator":                  object{"name": "ada", "key": "JIRAUSER10100", "displayName": "Ada"},
			"reporter":                 object{"name": "ada"},
			"parent":                   object{"id": "3", "key": "DRE-3", "fields": object{}},
			"issuelinks": []any{
				object{"type": object{"name": "Problem/Incident", "inward": "is caused by", "outward": "causes"}, "outwardIssue": object{"id": "9", "key": "OPS-9"}},
				object{"type": object{"name": "Relates"}, "inwardIssue": object{"id": 8, "key": "OPS-8"}},
				object{"type": object{"name": "Relates"}, "inwardIssue": nil}, // Of what the account may not see.
				object{"type": object{"name": "Relates"}},
				nil,
			},
			"customfield_10101": "https://acme.pagerduty.com/incidents/Q1ABC",
			"customfield_10104": []any{object{"value": "orders"}, object{"value": "billing"}},
		})
		r.mustCollect(t)
		want := facts.Ticket{
			ID: "17", Key: "DRE-17", URL: "https://jira.example.com/base/browse/DRE-17", Project: "DRE", Type: "Post-mortem",
			Status:            facts.TicketStatus{ID: "10001", Name: "已完成", Category: facts.CategoryDone},
			CategoryChangedAt: time.Date(2026, 4, 2, 4, 0, 0, 0, time.UTC),
			Resolution:        "Done", CreatedAt: since, UpdatedAt: begun, ResolvedAt: time.Date(2026, 4, 2, 4, 0, 0, 0, time.UTC),
			Due: "2026-04-09", Summary: "Ticket 17", Description: "h2. Impact\n40 minutes", Format: facts.FormatPlain,
			Labels: []string{"a", "b", "pd-Q1"}, Components: []string{"backup", "mysql"},
			Assignee: "5b10a1", Creator: "JIRAUSER10100", Reporter: "ada", Parent: "3",
			Links: []facts.TicketLink{
				{Type: "Relates", Ticket: "8", Key: "OPS-8"},
				{Type: "Problem/Incident", Outward: true, Ticket: "9", Key: "OPS-9"},
			},
			Fields: map[string][]string{
				"PagerDuty Incident": {"https://acme.pagerduty.com/incidents/Q1ABC"}, "Affected services": {"billing", "orders"},
			},
		}
		if diff := cmp.Diff(want, r.memory.tickets["17"]); diff != "" {
			t.Errorf("ticket (-want +got):\n%s", diff)
		}
	})
}

func TestAnIssueOfNullsIsATicket(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.opts.Fields = []string{"PagerDuty Incident"}
		nulls := object{"created": wire(since), "customfield_10101": nil}
		for name := range strings.SplitSeq("summary,issuetype,project,status,statuscategorychangedate,resolution,updated,resolutiondate,duedate,"+
			"labels,components,assignee,creator,reporter,issuelinks,parent,description", ",") {
			nulls[name] = nil
		}
		answer := object{"issues": []any{object{"id": "17", "key": nil, "fields": nulls, "changelog": object{"histories": []any{}}}}, "total": nil}
		r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
			if !strings.Contains(req.URL.Path, "/search") {
				return false
			}
			send(w, 200, answer)
			return true
		}
		r.mustCollect(t)
		want := facts.Ticket{
			ID: "17", URL: "https://jira.example.com/base/browse", CreatedAt: since, UpdatedAt: since, Format: facts.FormatPlain,
		}
		if diff := cmp.Diff(want, r.memory.tickets["17"], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("ticket (-want +got):\n%s", diff)
		}
	})
}

func TestTextsOfManyShapes(t *testing.T) {
	t.Parallel()
	paragraph := func(content ...any) object { return object{"type": "paragraph", "content": content} }
	words := func(text string) object { return object{"type": "text", "text": text} }
	document := func(content ...any) object { return object{"type": "doc", "version": 1, "content": content} }
	const plain, doc = facts.FormatPlain, facts.FormatDocument
	for name, test := range map[string]struct {
		description any
		want        string
		format      facts.TextFormat
	}{
		"a text":              {"h2. Impact", "h2. Impact", plain},
		"none":                {nil, "", plain},
		"a number":            {7, "7", plain},
		"a list":              {[]any{"x"}, "", plain},
		"an empty document":   {document(), "", doc},
		"an object of nobody": {object{"a": 1}, "", doc},
		"a document without a list": {
			object{"type": "doc", "content": "oops"}, "", doc,
		},
		"blocks are lines": {
			document(object{"type": "heading", "attrs": object{"level": 2}, "content": []any{words("Impact")}}, paragraph(words("40 "), words("minutes"))),
			"Impact\n40 minutes", doc,
		},
		"a list in a list": {
			document(object{"type": "bulletList", "content": []any{object{"type": "listItem", "content": []any{
				paragraph(words("one")), object{"type": "orderedList", "content": []any{object{"type": "listItem", "content": []any{paragraph(words("two"))}}}},
			}}}}), "one\ntwo", doc,
		},
		"cells are lines": {
			document(object{"type": "table", "content": []any{object{"type": "tableRow", "content": []any{
				object{"type": "tableCell", "content": []any{paragraph(words("09:00"))}}, object{"type": "tableCell", "content": []any{paragraph(words("paged"))}},
			}}}}), "09:00\npaged", doc,
		},
		"the address of a link is kept": {
			document(paragraph(object{"type": "text", "text": "the incident", "marks": []any{object{"type": "strong"}, object{
				"type": "link", "attrs": object{"href": "https://acme.pagerduty.com/incidents/Q1"},
			}}}, words(" of Monday"))),
			"the incident https://acme.pagerduty.com/incidents/Q1 of Monday", doc,
		},
		"an address that is its own words is kept once": {
			document(paragraph(object{"type": "text", "text": "https://a.example/incidents/Q1", "marks": []any{object{"type": "link", "attrs": object{"href": "https://a.example/incidents/Q1"}}}})),
			"https://a.example/incidents/Q1", doc,
		},
		"cards are their addresses": {
			document(paragraph(words("see "), object{"type": "inlineCard", "attrs": object{"url": "https://a.example/incidents/Q2"}}),
				object{"type": "blockCard", "attrs": object{"url": "https://a.example/incidents/Q3"}}),
			"see https://a.example/incidents/Q2\nhttps://a.example/incidents/Q3", doc,
		},
		"what stands in a line": {
			document(paragraph(object{"type": "mention", "attrs": object{"id": "5b", "text": "@Ada"}}, object{"type": "hardBreak"},
				object{"type": "status", "attrs": object{"text": "DONE"}}, words(" "), object{"type": "date", "attrs": object{"timestamp": "1785751200000"}})),
			"@Ada\nDONE 2026-08-03", doc,
		},
		"what nobody knows": {
			document(object{"type": "extension", "attrs": "x", "content": []any{7, nil, paragraph(words("kept"))}}), "kept", doc,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			fieldsOf(r.add("1", since, begun))["description"] = test.description
			r.mustCollect(t)
			got := r.memory.tickets["1"]
			if got.Description != test.want || got.Format != test.format {
				t.Errorf("got %q as %q, want %q as %q", got.Description, got.Format, test.want, test.format)
			}
		})
	}
}

func TestTimesOfManyShapes(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 8, 1, 9, 30, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		value any
		want  time.Time
	}{
		"Jira's own":                {"2026-08-01T17:30:00.000+0800", want},
		"without a fraction":        {"2026-08-01T17:30:00+0800", want},
		"with a colon":              {"2026-08-01T17:30:00.000+08:00", want},
		"UTC":                       {"2026-08-01T09:30:00Z", want},
		"milliseconds":              {want.UnixMilli(), want},
		"milliseconds as text":      {"1785576600000", want},
		"seconds":                   {want.Unix(), want},
		"a fraction stays":          {"2026-08-01T09:30:00.250Z", want.Add(250 * time.Millisecond)},
		"null":                      {nil, time.Time{}},
		"nothing":                   {"", time.Time{}},
		"a day":                     {"2026-08-01", time.Time{}},
		"no offset":                 {"2026-08-01T09:30:00", time.Time{}},
		"zero":                      {0, time.Time{}},
		"before there was any":      {-5, time.Time{}},
		"after all that is written": {1e15, time.Time{}},
		"no number":                 {"NaN", time.Time{}},
		"an object":                 {object{"iso": "x"}, time.Time{}},
		"the beginning of all time": {"0001-01-01T00:00:00Z", time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			fieldsOf(r.add("1", since, begun))["resolutiondate"] = test.value
			r.mustCollect(t)
			if got := r.memory.tickets["1"].ResolvedAt; !got.Equal(test.want) {
				t.Errorf("%v is read as %s, want %s", test.value, got, test.want)
			}
		})
	}
}

func TestDueDaysAreDays(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"a day":         {"2026-08-01", "2026-08-01"},
		"with an hour":  {"2026-08-01T00:00:00.000+0000", "2026-08-01"},
		"no day":        {"2026-02-30", ""},
		"nothing":       {"", ""},
		"a number":      {20260801, ""},
		"another order": {"01.08.2026", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			fieldsOf(r.add("1", since, begun))["duedate"] = test.value
			r.mustCollect(t)
			if got := r.memory.tickets["1"].Due; got != test.want {
				t.Errorf("%v is due %q, want %q", test.value, got, test.want)
			}
		})
	}
}

func TestValuesOfFieldsOfAllTypes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value any
		want  []string
	}{
		"a text":                      {" Q1ABC ", []string{"Q1ABC"}},
		"an empty text":               {"", nil},
		"null":                        {nil, nil},
		"a whole number":              {3.0, []string{"3"}},
		"a large number":              {1e15, []string{"1000000000000000"}},
		"a fraction":                  {2.5, []string{"2.5"}},
		"yes":                         {true, []string{"true"}},
		"an option":                   {object{"self": "x", "id": "1", "value": "Sev 1"}, []string{"Sev 1"}},
		"an option of two levels":     {object{"value": "EU", "child": object{"value": "Berlin"}}, []string{"Berlin", "EU"}},
		"a version":                   {object{"id": "1", "name": "1.2"}, []string{"1.2"}},
		"an issue":                    {object{"id": "1", "key": "DRE-1"}, []string{"DRE-1"}},
		"a list of texts":             {[]any{"b", "a", "b"}, []string{"a", "b"}},
		"a list of options":           {[]any{object{"value": "x"}, object{"value": "y"}, nil}, []string{"x", "y"}},
		"an account of Cloud":         {person("5b10a0"), []string{"5b10a0"}},
		"an account of Data Center":   {object{"name": "ada", "key": "JIRAUSER1", "displayName": "Ada"}, []string{"JIRAUSER1"}},
		"an address":                  {"https://acme.pagerduty.com/incidents/Q1", []string{"https://acme.pagerduty.com/incidents/Q1"}},
		"an object with an address":   {object{"url": "https://acme.pagerduty.com/incidents/Q1"}, []string{"https://acme.pagerduty.com/incidents/Q1"}},
		"a document":                  {object{"type": "doc", "content": []any{object{"type": "paragraph", "content": []any{object{"type": "text", "text": "Q1"}}}}}, []string{"Q1"}},
		"an object that says no word": {object{"completedCycles": []any{}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.opts.Fields = []string{"PagerDuty Incident"}
			fieldsOf(r.add("1", since, begun))["customfield_10101"] = test.value
			r.mustCollect(t)
			if diff := cmp.Diff(test.want, r.memory.tickets["1"].Fields["PagerDuty Incident"]); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRemoteLinksAreReadWhereTheyAreNeeded(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.opts.NeedsRemoteLinks = func(ticket facts.Ticket) bool { return ticket.ID != "1" }
		for _, id := range []string{"1", "2", "3", "4"} {
			r.add(id, since, begun)
		}
		link := func(url any) object { return object{"id": 1, "object": object{"url": url, "title": "Incident"}} }
		r.remote["1"] = []any{link("https://acme.pagerduty.com/incidents/Q1")}
		r.remote["2"] = []any{link("https://b.example"), link("https://acme.pagerduty.com/incidents/Q2"), 7, link(nil), object{"object": nil}}
		r.remote["3"] = []any{}
		r.mustCollect(t)
		got := map[string][]string{}
		for id, ticket := range r.memory.tickets {
			got[id] = ticket.RemoteLinks
		}
		want := map[string][]string{"1": nil, "2": {"https://acme.pagerduty.com/incidents/Q2", "https://b.example"}, "3": {}, "4": nil}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("remote links (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]facts.Skip{{Kind: "remote_links", Reason: "not_found", Count: 1}}, r.memory.skipped); diff != "" {
			t.Errorf("skipped (-want +got):\n%s", diff)
		}
	})
}

func TestRemoteLinksThatCannotBeReadNow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code    int
		skipped []facts.Skip
		want    string
	}{
		"forbidden":   {403, []facts.Skip{{Kind: "remote_links", Reason: "forbidden", Count: 1}}, ""},
		"unavailable": {503, nil, "list the remote links of Jira issue DRE-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.add("1", since, begun)
			r.opts.NeedsRemoteLinks = func(facts.Ticket) bool { return true }
			r.answering("remotelink", status(test.code, "no"))
			wantError(t, r.collect(t), test.want)
			if diff := cmp.Diff(test.skipped, r.memory.skipped); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}
