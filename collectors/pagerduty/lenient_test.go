package pagerduty_test

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

func list(t *testing.T, key string, items ...any) []byte {
	t.Helper()
	body, err := json.Marshal(object{key: append([]any{}, items...)})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestAnOddFieldLosesNoIncident(t *testing.T) {
	t.Parallel()
	user := object{"id": "PUSER2", "type": "user_reference"}
	joined := func(user any) object {
		return object{"state": "joined", "user": user, "updated_at": "2026-08-02T05:20:00Z", "message": 7}
	}
	for name, test := range map[string]struct {
		odd     object
		want    func(*facts.Incident)
		joined  int // Acceptances that are found.
		skipped map[string]int
	}{
		"a title that is a number":         {odd: object{"title": 12}, want: func(i *facts.Incident) { i.Title = "" }},
		"a title that is an object":        {odd: object{"title": object{"text": "x"}}, want: func(i *facts.Incident) { i.Title = "" }},
		"a number that is text":            {odd: object{"incident_number": "12"}, want: func(i *facts.Incident) { i.Number = 12 }},
		"a number that is none":            {odd: object{"incident_number": "twelve"}, want: func(i *facts.Incident) { i.Number = 0 }},
		"a fraction for a number":          {odd: object{"incident_number": 1.5}, want: func(i *facts.Incident) { i.Number = 0 }},
		"a resolve at a number":            {odd: object{"resolved_at": 12345}, want: func(i *facts.Incident) { i.ResolvedAt = time.Time{} }},
		"an update at an unreadable time":  {odd: object{"updated_at": "never"}, want: func(i *facts.Incident) { i.UpdatedAt = time.Time{} }},
		"a status that is a number":        {odd: object{"status": 7}, want: func(i *facts.Incident) { i.Status, i.ResolvedAt = "", time.Time{} }},
		"an urgency that is a list":        {odd: object{"urgency": []any{"high"}}, want: func(i *facts.Incident) { i.Urgency = "" }},
		"a link that is a number":          {odd: object{"html_url": 5}, want: func(*facts.Incident) {}},
		"a priority by its name":           {odd: object{"priority": "P1"}, want: func(i *facts.Incident) { i.Priority = "P1" }},
		"a priority that is a number":      {odd: object{"priority": 1}, want: func(*facts.Incident) {}},
		"a priority whose name is a list":  {odd: object{"priority": object{"name": []any{}, "summary": "P2"}}, want: func(i *facts.Incident) { i.Priority = "P2" }},
		"a service by what may be a name":  {odd: object{"service": "Orders"}, want: func(i *facts.Incident) { i.Service = "" }},
		"a service whose type is a number": {odd: object{"service": object{"id": "PSVC2", "type": 5}}, want: func(i *facts.Incident) { i.Service = "PSVC2" }},
		"a reason that is text":            {odd: object{"resolve_reason": "merged"}, want: func(*facts.Incident) {}},
		"a reason of no type":              {odd: object{"resolve_reason": object{"type": 5, "incident": "Q2"}}, want: func(*facts.Incident) {}},
		"a last change by a number":        {odd: object{"last_status_change_by": 5}, want: func(*facts.Incident) {}},
		"teams that are text":              {odd: object{"teams": "x", "assignments": 5, "acknowledgements": "y"}, want: func(*facts.Incident) {}},
		"responders that are text":         {odd: object{"incidents_responders": "x"}, want: func(*facts.Incident) {}},
		"text among the responders": {
			odd: object{"incidents_responders": []any{"x", nil, 5, joined(user)}}, want: func(*facts.Incident) {}, joined: 1,
		},
		"a responder without a user": {
			odd: object{"incidents_responders": []any{joined("PUSER2"), joined(user)}}, want: func(*facts.Incident) {}, joined: 1,
			skipped: map[string]int{"log_entry/no_id": 2}, // Of the list of open ones, and of all.
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			odd := object{
				"id": "Q1", "incident_number": 1, "title": "Replica lag", "status": "resolved", "urgency": "high",
				"service": object{"id": "PSVC1"}, "created_at": "2026-08-02T05:00:00Z",
				"resolved_at": "2026-08-02T06:00:00Z", "updated_at": "2026-08-02T06:00:00Z",
			}
			maps.Copy(odd, test.odd)
			kept, err := read(t, list(t, "incidents", odd, object{"id": "Q2", "created_at": "2026-08-02T05:00:00Z"}), list(t, "log_entries"))
			if err != nil {
				t.Fatal(err)
			}
			want := facts.Incident{
				ID: "Q1", Number: 1, Title: "Replica lag", Status: "resolved", Urgency: facts.UrgencyHigh, Service: "PSVC1",
				CreatedAt: at("05:00:00"), ResolvedAt: at("06:00:00"), UpdatedAt: at("06:00:00"),
			}
			test.want(&want)
			if diff := cmp.Diff(want, kept.incidents["Q1"]); diff != "" {
				t.Errorf("incident (-want +got):\n%s", diff)
			}
			if len(kept.incidents) != 2 || len(kept.entries) != test.joined {
				t.Errorf("kept %v and %v", kept.incidentIDs(), kept.entryIDs())
			}
			if diff := cmp.Diff(test.skipped, kept.skipped, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOddFieldLosesNoLogEntry(t *testing.T) {
	t.Parallel()
	ada := facts.Actor{ID: "PUSER1", User: true}
	incidents := list(t, "incidents", object{"id": "Q1", "created_at": "2026-08-02T05:00:00Z", "status": "resolved"})
	for name, test := range map[string]struct {
		kind string
		odd  object
		want facts.Entry
	}{
		"an agent that is text": {
			kind: "acknowledge", odd: object{"agent": "PUSER1"}, want: facts.Entry{Kind: facts.EntryAcknowledge},
		},
		"an agent of no type": {
			kind: "acknowledge", odd: object{"agent": object{"id": "PUSER1", "type": 5}},
			want: facts.Entry{Kind: facts.EntryAcknowledge, Actor: facts.Actor{ID: "PUSER1"}},
		},
		"a channel that is text": {
			kind: "acknowledge", odd: object{"channel": "mobile"}, want: facts.Entry{Kind: facts.EntryAcknowledge, Actor: ada},
		},
		"everything that is not used": {
			kind: "acknowledge",
			odd: object{
				"service": "x", "user": 5, "teams": 5, "assignees": "x", "event_details": []any{1}, "note": object{},
				"acknowledgement_timeout": "x", "changed_actions": 5, "contexts": "x", "summary": 7,
			},
			want: facts.Entry{Kind: facts.EntryAcknowledge, Actor: ada},
		},
		"assignees that are text": {
			kind: "assign", odd: object{"assignees": "PUSER2"}, want: facts.Entry{Kind: facts.EntryAssign, Actor: ada},
		},
		"text among the assignees": {
			kind: "assign", odd: object{"assignees": []any{nil, "x", 5, object{"id": "PUSER2"}}},
			want: facts.Entry{Kind: facts.EntryAssign, Actor: ada, Assignees: []string{"PUSER2"}},
		},
		"a notification of no type": {
			kind: "notify", odd: object{"user": object{"id": "PUSER1"}, "channel": object{"notification": object{"type": 5}}},
			want: facts.Entry{Kind: facts.EntryNotify, Actor: ada},
		},
		"text among the changed fields": {
			kind: "priority_change",
			odd: object{"channel": object{"changeset": object{"application_fields": []any{
				nil, 5, "x", object{"name": 5}, object{"name": "priority", "old_value": 5, "value": "P1"},
			}}}},
			want: facts.Entry{Kind: facts.EntryPriorityChange, Actor: ada, New: "P1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			odd := object{
				"id": "R1", "type": test.kind + "_log_entry", "created_at": "2026-08-02T05:01:00Z", "incident": object{"id": "Q1"},
				"agent": object{"id": "PUSER1", "type": "user_reference"},
			}
			maps.Copy(odd, test.odd)
			kept, err := read(t, incidents, list(t, "log_entries", odd))
			if err != nil {
				t.Fatal(err)
			}
			test.want.ID, test.want.Incident, test.want.At = "R1", "Q1", at("05:01:00")
			if diff := cmp.Diff(map[string]facts.Entry{"R1": test.want}, kept.entries); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if len(kept.skipped) != 0 {
				t.Errorf("skipped %v", kept.skipped)
			}
		})
	}
}
