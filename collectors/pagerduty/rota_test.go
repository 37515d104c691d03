package pagerduty_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

func TestPoliciesAndSchedulesBecomeFacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.policies = []any{
		object{"id": "PEP1", "name": "Databases", "html_url": "https://example.pagerduty.com/p", "escalation_rules": []any{object{}, nil, object{"targets": 7}}},
		object{"id": "PEP2", "summary": "Nobody", "escalation_rules": []any{}},
		object{"id": "PEP3", "escalation_rules": nil}, // Its levels are unknown, which is not none.
		object{"name": "without id", "escalation_rules": []any{}},
		object{"id": "PEP4", "escalation_rules": "two"},
		nil,
	}
	r.schedules = []any{
		object{"id": "PS1", "name": "Primary", "summary": "P", "time_zone": "Europe/Berlin", "html_url": "https://example.pagerduty.com/s", "users": 7},
		object{"id": "PS2", "summary": "Secondary", "time_zone": nil},
		object{"id": []any{}},
		nil,
	}
	r.shiftBased = []any{
		object{"id": "PS3", "type": "schedule_v3_reference", "summary": "On-call", "html_url": "https://example.pagerduty.com/s3"}, nil,
	}
	r.mustCollect(t)
	wantPolicies := map[string]facts.EscalationPolicy{
		"PEP1": {ID: "PEP1", Name: "Databases", Levels: 3, URL: "https://example.pagerduty.com/p"},
		"PEP2": {ID: "PEP2", Name: "Nobody"},
	}
	if diff := cmp.Diff(wantPolicies, r.memory.policies); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	wantSchedules := map[string]facts.Schedule{
		"PS1": {ID: "PS1", Name: "Primary", TimeZone: "Europe/Berlin", URL: "https://example.pagerduty.com/s"},
		"PS2": {ID: "PS2", Name: "Secondary"},
		"PS3": {ID: "PS3", Name: "On-call", ShiftBased: true, URL: "https://example.pagerduty.com/s3"},
	}
	if diff := cmp.Diff(wantSchedules, r.memory.schedules); diff != "" {
		t.Errorf("schedules (-want +got):\n%s", diff)
	}
	wantSkipped := map[string]int{
		"policy/no_id": 2, "policy/undecodable": 2, "schedule/no_id": 2, "schedule/undecodable": 1,
	}
	if diff := cmp.Diff(wantSkipped, r.memory.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestMaintenanceWindowsBecomeFacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	window := func(id, start, end any, services ...any) object {
		return object{"id": id, "start_time": start, "end_time": end, "services": append([]any{}, services...)}
	}
	r.works = []any{
		window("PW1", "2026-08-02T22:00:00+02:00", "2026-08-02T21:00:00Z", object{"id": "PSVC2"}, object{"id": "PSVC1"}, object{"id": "PSVC2"}),
		window("PW2", "2026-08-02T20:00:00Z", "2026-08-02T20:00:00Z"), // Called off as it began.
		window("PW3", nil, "2026-08-02T20:00:00Z"),
		window("PW4", "2026-08-02T20:00:00Z", "2026-08-02T19:59:59Z"),
		window(nil, "2026-08-02T20:00:00Z", "2026-08-02T21:00:00Z"),
		window("PW5", 7, "2026-08-02T21:00:00Z"),
		window("PW6", "2026-08-02T20:00:00Z", "2026-08-02T21:00:00Z", object{"id": "PSVC1"}, nil),
		object{"id": "PW7", "start_time": "2026-08-02T20:00:00Z", "end_time": "2026-08-02T21:00:00Z"},
		nil,
	}
	r.mustCollect(t)
	want := &facts.MaintenanceReading{At: begun, Windows: []facts.MaintenanceWindow{
		{ID: "PW1", Start: at("20:00:00"), End: at("21:00:00"), Services: []string{"PSVC1", "PSVC2"}},
		{ID: "PW2", Start: at("20:00:00"), End: at("20:00:00")},
	}}
	if diff := cmp.Diff(want, r.memory.works); diff != "" {
		t.Errorf("maintenance (-want +got):\n%s", diff)
	}
	wantSkipped := map[string]int{
		"maintenance_window/no_time": 2, "maintenance_window/no_id": 2, "maintenance_window/undecodable": 1,
		"maintenance_window/incomplete": 2,
	}
	if diff := cmp.Diff(wantSkipped, r.memory.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestNoMaintenanceIsNotTheSameAsUnread(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.mustCollect(t)
	if diff := cmp.Diff(&facts.MaintenanceReading{At: begun}, r.memory.works); diff != "" {
		t.Errorf("maintenance (-want +got):\n%s", diff)
	}
}

func TestManyMaintenanceWindows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ windows, want int }{
		"several pages are all read":                  {windows: 250, want: 250},
		"of more than a list can hold the open count": {windows: 10_001, want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			for i := range test.windows {
				start := since.Add(time.Duration(i) * time.Minute)
				r.works = append(r.works, object{"id": fmt.Sprintf("PW%05d", i), "start_time": wire(start), "end_time": wire(start.Add(time.Hour)), "services": []any{}})
			}
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				open := req.URL.Query().Get("filter") == "open"
				if open {
					page(w, req, "maintenance_windows", r.works[len(r.works)-3:], false)
				}
				return open
			}
			r.mustCollect(t)
			if got := len(r.memory.works.Windows); got != test.want {
				t.Errorf("read %d windows, want %d", got, test.want)
			}
		})
	}
}

func TestAListThatIsRefusedHalfwayIsLeftUnread(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 150 {
		r.works = append(r.works, object{"id": fmt.Sprintf("PW%03d", i), "start_time": wire(since), "end_time": wire(begun), "services": []any{}})
		r.schedules = append(r.schedules, object{"id": fmt.Sprintf("PS%03d", i)})
	}
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		second := (req.URL.Path == "/maintenance_windows" || req.URL.Path == "/schedules") && req.URL.Query().Get("offset") != "0"
		if second {
			w.WriteHeader(http.StatusForbidden)
		}
		return second
	}
	r.mustCollect(t)
	if r.memory.works != nil || len(r.memory.schedules) != 0 {
		t.Errorf("kept %v and %d schedules of half a list", r.memory.works, len(r.memory.schedules))
	}
}
