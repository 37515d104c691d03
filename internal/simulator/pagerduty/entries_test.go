package pagerduty_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/pagerduty"
)

// entries reads every page of a list of log entries.
func (a account) entries(t *testing.T, path string, parameters ...string) []logEntry {
	t.Helper()
	var all []logEntry
	for {
		got := a.get(t, path, append(slices.Clone(parameters), "limit", "100", "offset", itoa(len(all)))...)
		all = append(all, got.LogEntries...)
		if !got.More {
			return all
		}
	}
}

func TestLogIsNewestFirstAndEndsNow(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	all := a.entries(t, "/log_entries")
	if !slices.IsSortedFunc(all, func(x, y logEntry) int { return y.CreatedAt.Compare(x.CreatedAt) }) {
		t.Error("entries are not newest first")
	}
	if newest := all[0].CreatedAt; newest.After(now) || newest.Before(now.AddDate(0, 0, -2)) {
		t.Errorf("the newest entry is of %s, want it just before %s", newest, now)
	}
	ids := map[string]bool{}
	for _, entry := range all {
		ids[entry.ID] = true
	}
	if len(ids) != len(all) {
		t.Errorf("%d ids for %d entries", len(ids), len(all))
	}
}

func TestTeamsNarrowTheLog(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	window := []string{"since", "2026-05-01", "until", "2026-06-01"}
	want := slices.DeleteFunc(a.entries(t, "/log_entries", window...), func(e logEntry) bool {
		return e.Teams[0].ID != "mysql" && e.Teams[0].ID != "oncall"
	})
	got := a.entries(t, "/log_entries", append(window, "team_ids[]", "mysql", "team_ids[]", "oncall")...)
	if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
		t.Errorf("entries of two teams (-want +got):\n%s", diff)
	}
}

func TestChannelHasOnlyItsTypeUnlessIncluded(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	for _, entry := range a.entries(t, "/log_entries") {
		if len(entry.Channel) != 1 || entry.Channel["type"] == "" {
			t.Fatalf("%s has the channel %v, want only a type", entry.Type, entry.Channel)
		}
	}
	detailed := map[string]string{
		"notify_log_entry": "notification", "annotate_log_entry": "summary", "field_value_change_log_entry": "changeset",
	}
	seen := map[string]bool{}
	for _, entry := range a.entries(t, "/log_entries", "include[]", "channels") {
		if member := detailed[entry.Type]; member != "" && entry.Channel[member] == nil {
			t.Fatalf("%s has the channel %v, want it to have a %s", entry.Type, entry.Channel, member)
		}
		seen[entry.Type] = true
		if told, ok := entry.Channel["notification"].(map[string]any); ok {
			kind, _ := told["type"].(string)
			seen[kind] = true
		}
	}
	for _, want := range []string{
		"notify_log_entry", "annotate_log_entry", "field_value_change_log_entry", "ios_push_notification",
		"android_push_notification", "phone", "phone_notification", "sms", "sms_notification", "email", "email_notification",
	} {
		if !seen[want] {
			t.Errorf("a month of entries has no %s", want)
		}
	}
}

func TestEntriesNameWhoActed(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	people := map[string]bool{}
	months := append(a.entries(t, "/log_entries", "since", "2026-02-01", "until", "2026-04-15"),
		a.entries(t, "/log_entries", "since", "2026-04-15", "until", "2026-07-01")...)
	for _, entry := range months {
		switch entry.Type {
		case "notify_log_entry":
			if entry.Agent != nil || entry.User == nil || entry.User.Type != "user_reference" {
				t.Fatalf("a notification by %v to %v, want no agent and a user", entry.Agent, entry.User)
			}
			continue
		case "assign_log_entry", "escalate_log_entry":
			if len(entry.Assignees) != 1 {
				t.Fatalf("%s with the assignees %v, want one", entry.Type, entry.Assignees)
			}
		case "unacknowledge_log_entry":
			if entry.Channel["type"] != "timeout" || entry.Agent.Type != "service_reference" {
				t.Fatalf("unacknowledged by %v through %v, want the service's timeout", entry.Agent, entry.Channel)
			}
		}
		if entry.User != nil || entry.Agent == nil {
			t.Fatalf("%s by %v with the user %v, want an agent alone", entry.Type, entry.Agent, entry.User)
		}
		people[entry.Type+" "+entry.Agent.Type] = true
	}
	for _, want := range []string{
		"trigger_log_entry service_reference", "trigger_log_entry user_reference", "assign_log_entry service_reference",
		"assign_log_entry user_reference", "acknowledge_log_entry user_reference", "unacknowledge_log_entry service_reference",
		"escalate_log_entry service_reference", "escalate_log_entry user_reference", "resolve_log_entry service_reference",
		"resolve_log_entry user_reference", "annotate_log_entry user_reference", "snooze_log_entry user_reference",
		"urgency_change_log_entry user_reference", "responder_request_log_entry user_reference",
		"responder_accept_log_entry user_reference", "status_update_log_entry user_reference",
		"merge_incidents_log_entry user_reference", "repeat_escalation_path_log_entry service_reference",
	} {
		if !people[want] {
			t.Errorf("five months of entries have no %s", want)
		}
	}
}

func TestOverviewLeavesOutNotesAndNotifications(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	want := slices.DeleteFunc(a.entries(t, "/log_entries"), func(e logEntry) bool {
		return e.Type == "notify_log_entry" || e.Type == "annotate_log_entry"
	})
	if diff := cmp.Diff(want, a.entries(t, "/log_entries", "is_overview", "true")); diff != "" {
		t.Errorf("overview (-want +got):\n%s", diff)
	}
}

func TestIncidentHasItsWholeTimeline(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index := 0
	for len(a.view.Timeline(index)) <= 100 && index < len(a.view.Incidents)-1 {
		index++
	}
	inc := &a.view.Incidents[index]
	path := "/incidents/" + inc.ID() + "/log_entries"
	first := a.get(t, path, "limit", "100", "total", "true")
	if n := len(a.view.Timeline(index)); *first.Total != n || !first.More || n <= 100 {
		t.Fatalf("a timeline of %d has a total of %d, more %v; want one that takes two pages", n, *first.Total, first.More)
	}
	got := a.entries(t, path)
	var fromLog []logEntry
	since := time.Unix(inc.Created, 0).UTC()
	for _, entry := range a.entries(t, "/log_entries", "since", stamp(since), "until", stamp(since.AddDate(0, 0, 20))) {
		if entry.Incident.ID == inc.ID() {
			fromLog = append(fromLog, entry)
		}
	}
	if diff := cmp.Diff(fromLog, got); diff != "" {
		t.Errorf("timeline (-account's log +incident's log):\n%s", diff)
	}
	early := a.entries(t, path, "since", stamp(since), "until", stamp(since.Add(time.Minute)))
	if len(early) == 0 || len(early) >= len(got) || early[0].CreatedAt.Sub(since) >= time.Minute {
		t.Errorf("%d of %d entries are of the first minute", len(early), len(got))
	}
	a.clock.set(since)
	if got := a.entries(t, path); len(got) != 2 || !strings.HasPrefix(got[1].Type, "trigger") {
		t.Errorf("when it begins it has %d entries, want the trigger and the assignment", len(got))
	}
}
