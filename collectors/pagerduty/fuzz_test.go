package pagerduty_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"teamhealth/collectors/pagerduty"
	"teamhealth/internal/facts"
)

// kind is a kind of item that a list holds.
type kind struct {
	list string
	good string // An item of it, with %s for its id.
	has  func(m *memory, id string) bool
}

func kinds() []kind {
	return []kind{
		{"incidents", `{"id": "%s", "created_at": "2026-08-02T00:00:00Z", "status": "resolved", "service": {"id": "S"}}`, func(m *memory, id string) bool { return m.incidents[id].ID == id }},
		{"log_entries", `{"id": "%s", "type": "annotate_log_entry", "created_at": "2026-08-02T00:00:00Z", "incident": {"id": "QX"}}`, func(m *memory, id string) bool { return m.entries[id].ID == id }},
		{"services", `{"id": "%s"}`, func(m *memory, id string) bool { return m.services[id].ID == id }},
		{"teams", `{"id": "%s"}`, func(m *memory, id string) bool { return m.teams[id].ID == id }},
		{"users", `{"id": "%s"}`, func(m *memory, id string) bool { return m.users[id].ID == id }},
		{"priorities", `{"id": "%s"}`, func(m *memory, id string) bool { return m.priorities[id].ID == id }},
		{"escalation_policies", `{"id": "%s", "escalation_rules": [{}]}`, func(m *memory, id string) bool { return m.policies[id].ID == id }},
		{"schedules", `{"id": "%s"}`, func(m *memory, id string) bool { return m.schedules[id].ID == id }},
		{"maintenance_windows", `{"id": "%s", "start_time": "2026-08-02T00:00:00Z", "end_time": "2026-08-02T01:00:00Z", "services": []}`, func(m *memory, id string) bool {
			for _, w := range m.works.Windows {
				if w.ID == id {
					return true
				}
			}
			return false
		}},
		{"oncalls", `{"escalation_policy": {"id": "P"}, "escalation_level": 1, "user": {"id": "%s"}, "start": null, "end": null}`, func(m *memory, id string) bool {
			for _, s := range m.shifts {
				if s.User == id {
					return true
				}
			}
			return false
		}},
	}
}

// FuzzOddItem puts any JSON between two good items of a list: neither that the
// cycle fails nor that a neighbour is lost may come of it.
func FuzzOddItem(f *testing.F) {
	for list := range kinds() {
		for _, item := range []string{
			`null`, `[]`, `7`, `"x"`, `{}`, `{"id": 7}`, `{"id": "../../x?y#z"}`, `{"id": "Q1"}`, `{"id": null, "summary": {}}`,
			`{"id": "X", "created_at": "2026-08-02T00:00:00Z", "channel": null, "agent": 3, "incident": "Q", "type": "notify_log_entry"}`,
			`{"id": "X", "escalation_rules": 7, "start_time": "x", "services": {}, "escalation_policy": [], "escalation_level": "1", "user": 4}`,
			`{"id": "X", "created_at": "2026-08-02T00:00:00Z", "incidents_responders": {}, "resolve_reason": {"type": "merge_resolve_reason", "incident": {"id": 3}}}`,
			`{"escalation_policy": {"id": "P"}, "escalation_level": 99999999999999999999, "user": {"id": "U"}, "start": "2026-08-09T00:00:00Z", "end": "2026-08-02T00:00:00Z"}`,
		} {
			f.Add(uint8(list), []byte(item))
		}
	}
	f.Fuzz(func(t *testing.T, list uint8, item []byte) {
		if !json.Valid(item) {
			return
		}
		k := kinds()[int(list)%len(kinds())]
		body := fmt.Sprintf(`{"%s": [`+k.good+`, %s, `+k.good+`]}`, k.list, "Q1", item, "Q2")
		kept, err := readAnswers(t, replies{k.list: []byte(body)})
		if err != nil {
			t.Fatalf("%s with %s: %v", k.list, item, err)
		}
		for _, id := range []string{"Q1", "Q2"} {
			if !k.has(kept, id) {
				t.Errorf("%s with %s: %s is lost", k.list, item, id)
			}
		}
		checkKept(t, kept)
	})
}

// FuzzLists answers with any body at any list. What is made of it has what all
// facts have.
func FuzzLists(f *testing.F) {
	for list, k := range kinds() {
		f.Add(uint8(list), fmt.Appendf(nil, `{"%s": [`+k.good+`, null], "more": false, "total": null}`, k.list, "Q1"))
		f.Add(uint8(list), fmt.Appendf(nil, `{"%s": null, "more": true, "total": -1}`, k.list))
		f.Add(uint8(list), fmt.Appendf(nil, `{"%s": {"id": "x"}, "more": 3, "total": "9"}`, k.list))
	}
	f.Add(uint8(0), testdata(f, "incidents.json"))
	f.Add(uint8(1), testdata(f, "log_entries.json"))
	for list, bodies := range map[uint8][]string{
		0: {
			`{"incidents": [{"id": "Q", "created_at": "2026-08-02T00:00:00Z", "incidents_responders": [null, {"state": "joined", "user": {}}]}], "more": true}`,
			`{"incidents": [[], 1, "x", {"priority": "P1"}], "total": 99999999}`,
		},
		1: {
			`{"log_entries": [{"id": "R", "type": "notify_log_entry", "created_at": "2026-08-02T00:00:00Z", "incident": {"id": "Q"}, "channel": {"notification": {"type": 3}}}]}`,
			`{"log_entries": [{"id": "R", "type": "priority_change", "created_at": "2026-08-02T00:00:00Z", "incident": {"id": "Q"}, "channel": {"changeset": {"application_fields": [{"name": "priority", "value": [1]}]}}}]}`,
		},
		6: {`{"escalation_policies": [{"id": "P", "escalation_rules": [1, null]}], "schedules": [{"id": "S"}]}`},
		8: {`{"maintenance_windows": [{"id": "W", "start_time": "2026-08-02T00:00:00Z", "end_time": "2026-08-01T00:00:00Z", "services": [null, {"id": 7}]}]}`},
		9: {
			`{"oncalls": [{"escalation_policy": {"id": "P"}, "escalation_level": 1, "user": {"id": "U"}, "schedule": null, "start": null, "end": null}]}`,
			`{"oncalls": [
				{"escalation_policy": {"id": "P"}, "escalation_level": 2, "user": {"id": "U"}, "schedule": {"id": "S"}, "start": "2026-08-02T00:00:00+02:00", "end": "2026-08-09T00:00:00Z"},
				{"escalation_policy": {"id": "P"}, "escalation_level": 2, "user": {"id": "U"}, "schedule": {"id": "T"}, "start": "2026-08-09T00:00:00Z", "end": "2026-08-02T00:00:00.5Z"},
				{"escalation_level": -1}, null, 7], "total": 3}`,
		},
	} {
		for _, body := range bodies {
			f.Add(list, []byte(body))
		}
	}
	for _, body := range []string{``, `{}`, `[]`, `null`, `<html>`, `{"error": {"message": "no"}}`} {
		f.Add(uint8(2), []byte(body))
	}
	f.Fuzz(func(t *testing.T, list uint8, body []byte) {
		k := kinds()[int(list)%len(kinds())]
		kept, err := readAnswers(t, replies{k.list: body})
		if err == nil && !json.Valid(body) {
			t.Errorf("%s: %q passed for a list", k.list, body)
		}
		if complete := len(kept.complete) > 0; complete != (err == nil) {
			t.Errorf("%s: the cycle is complete %t, with error %v", k.list, complete, err)
		}
		checkKept(t, kept)
	})
}

// FuzzSingleIncident answers with any body when one incident is asked for.
func FuzzSingleIncident(f *testing.F) {
	for _, body := range []string{
		`{"incident": {"id": "QX", "created_at": "2026-08-01T00:00:00Z", "status": "triggered"}}`, `{"incident": null}`, `{"incident": []}`,
		`{"incident": {"id": "QOTHER", "created_at": "2026-08-01T00:00:00+02:00", "resolved_at": "x"}}`, `{}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(body))
	}
	entry := []byte(`{"log_entries": [{"id": "R", "type": "annotate_log_entry", "created_at": "2026-08-02T00:00:00Z", "incident": {"id": "QX"}}]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		kept, _ := readAnswers(t, replies{"log_entries": entry, "QX": body}) // An error is as good an answer as any.
		checkKept(t, kept)
	})
}

// checkKept fails when a fact lacks what all of its kind have.
func checkKept(t *testing.T, m *memory) {
	t.Helper()
	for id, incident := range m.incidents {
		if id == "" || incident.CreatedAt.IsZero() || incident.CreatedAt.Location() != time.UTC {
			t.Errorf("incident %q was created at %s", id, incident.CreatedAt)
		}
	}
	checkEntries(t, m)
	_, service := m.services[""]
	_, team := m.teams[""]
	_, user := m.users[""]
	_, priority := m.priorities[""]
	_, schedule := m.schedules[""]
	if service || team || user || priority || schedule {
		t.Error("something without an id is kept")
	}
	for id, policy := range m.policies {
		if id == "" || policy.Levels < 0 {
			t.Errorf("policy %+v is none", policy)
		}
	}
	if m.works != nil {
		for _, window := range m.works.Windows {
			if window.ID == "" || window.Start.IsZero() || window.End.Before(window.Start) {
				t.Errorf("maintenance window %+v is none", window)
			}
		}
	}
	for _, batch := range m.batches {
		checkReading(t, batch.OnCalls)
		for _, s := range batch.Skipped {
			if s.Kind == "" || s.Reason == "" || s.Count < 1 {
				t.Errorf("skipped %+v, which says nothing", s)
			}
		}
	}
}

func checkEntries(t *testing.T, kept *memory) {
	t.Helper()
	for id, entry := range kept.entries {
		if id == "" || entry.Incident == "" || entry.At.IsZero() || entry.At.Location() != time.UTC || entry.Kind == "" {
			t.Errorf("entry %+v lacks what every entry has", entry)
		}
		if entry.Page && entry.Kind != facts.EntryNotify {
			t.Errorf("entry %+v pages nobody", entry)
		}
	}
}

// bounded answers as an empty account does, and counts.
type bounded struct {
	replies

	t     *testing.T
	asked int
}

func (b *bounded) Do(req *http.Request) (*http.Response, error) {
	if b.asked++; b.asked > 50_000 {
		b.t.Fatal("the cycle does not end")
	}
	return b.replies.Do(req)
}

// FuzzCursor resumes from any kept cursor: it is refused, or the cycle ends and
// leaves a cursor from which the next one can go on.
func FuzzCursor(f *testing.F) {
	f.Add([]byte(`{"version": 1, "teams": null, "since": "2026-07-01T00:00:00Z", "until": "2026-08-01T00:00:00Z"}`))
	f.Add([]byte(`{"version": 1, "since": "2026-07-01T00:00:00Z", "until": "2026-08-01T00:00:00Z",
		"plan": [{"from": "2026-07-01T00:00:00Z", "until": "2026-07-20T00:00:00Z", "history": true}], "list": "log_entries",
		"windows": [{"from": "2026-07-03T00:00:00Z", "until": "2026-07-20T00:00:00Z"}], "offset": 200,
		"on_calls": {"from": "2026-07-01T00:00:00Z", "until": "2026-07-20T00:00:00Z"}, "retry": ["Q1", "Q/2"]}`))
	f.Add([]byte(`{"version": 1, "since": "2026-07-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "list": "incidents", "offset": -5}`))
	f.Add([]byte(`{"version": 1, "since": "2026-07-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "offset": 9999999, "list": "users", "plan": [{}]}`))
	f.Add([]byte(`{"version": 1, "since": "0001-01-01T00:00:00Z", "until": "9999-12-31T00:00:00Z"}`))
	f.Add([]byte(`{"version": 2}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, cursor []byte) {
		if cursor == nil {
			cursor = []byte{}
		}
		var read struct{ Since time.Time }
		if json.Unmarshal(cursor, &read) == nil && !read.Since.IsZero() && read.Since.Year() < 1900 {
			return // Whoever wants centuries gets them, month by month.
		}
		account := &bounded{replies: emptyAccount(), t: t}
		collector, err := pagerduty.New(pagerduty.Options{
			URL: "https://api.pagerduty.invalid", Token: new(keys), Since: begun.AddDate(0, 0, -2), HTTP: account,
			Now: func() time.Time { return begun },
		})
		if err != nil {
			t.Fatal(err)
		}
		kept := newMemory()
		kept.cursor = cursor
		if err := collector.Collect(t.Context(), kept, kept.save); err != nil {
			if len(kept.complete) > 0 || !bytes.Equal(kept.cursor, cursor) && len(kept.batches) == 0 {
				t.Errorf("a cycle that failed with %v is complete, or has moved the cursor to %s", err, kept.cursor)
			}
			return
		}
		account.asked = 0
		if err := collector.Collect(t.Context(), kept, kept.save); err != nil {
			t.Fatalf("the cycle after %s left %s: %v", cursor, kept.cursor, err)
		}
		if len(kept.complete) != 2 {
			t.Errorf("%d cycles are complete, want 2", len(kept.complete))
		}
		checkKept(t, kept)
	})
}
