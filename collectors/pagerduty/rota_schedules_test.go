package pagerduty_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// The policy names schedules of either kind, people, and what nobody
// understands; of the schedules S1 and S3 are listed, each in its list.
func TestPoliciesNameTheirSchedules(t *testing.T) {
	t.Parallel()
	target := func(kind, id string) object { return object{"id": id, "type": kind} }
	level := func(targets ...any) object { return object{"targets": targets} }
	tests := map[string]struct {
		refused string // The list that the token may not read.
		want    []facts.PolicySchedule
	}{
		"both kinds are listed": {"", []facts.PolicySchedule{
			{Level: 1, ID: "PS1"}, {Level: 1, ID: "PS2", Unlisted: true}, {Level: 3, ID: "PS3"},
		}},
		"the older ones cannot be read": {"/schedules", []facts.PolicySchedule{
			{Level: 1, ID: "PS1", Unlisted: true}, {Level: 1, ID: "PS2", Unlisted: true}, {Level: 3, ID: "PS3"},
		}},
		"the newer ones cannot be read": {"/v3/schedules", []facts.PolicySchedule{
			{Level: 1, ID: "PS1"}, {Level: 1, ID: "PS2", Unlisted: true}, {Level: 3, ID: "PS3", Unlisted: true},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.schedules, r.shiftBased = []any{object{"id": "PS1"}}, []any{object{"id": "PS3"}}
			r.policies = []any{object{"id": "PEP1", "escalation_rules": []any{
				level(target("schedule_reference", "PS2"), target("user_reference", "PUSER1"), target("schedule", "PS1"), target("schedule_reference", "PS2"), 7, nil, object{}),
				object{"targets": "all"},
				level(target("schedule_v3_reference", "PS3")),
			}}}
			if tt.refused != "" {
				r.intercept = refusing(tt.refused, http.StatusForbidden, object{})
			}
			r.mustCollect(t)
			if diff := cmp.Diff(tt.want, r.memory.policies["PEP1"].Schedules); diff != "" {
				t.Errorf("schedules (-want +got):\n%s", diff)
			}
		})
	}
}
