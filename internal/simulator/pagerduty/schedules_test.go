package pagerduty_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	pd "github.com/PagerDuty/go-pagerduty"
	gocmp "github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

// schedule is one of either kind; what it lacks stays zero.
type schedule struct {
	Named
	TimeZone string `json:"time_zone"`
	Layers   []any  `json:"schedule_layers"`
	Final    *struct {
		Coverage *float64 `json:"rendered_coverage_percentage"`
		Entries  []struct {
			Start time.Time `json:"start"`
			End   time.Time `json:"end"`
			User  Named     `json:"user"`
		} `json:"rendered_schedule_entries"`
		Assignments []struct {
			Start  time.Time `json:"start_time"`
			End    time.Time `json:"end_time"`
			Member struct {
				Type   string `json:"type"`
				UserID string `json:"user_id"`
			} `json:"member"`
			Source map[string]string `json:"source"`
		} `json:"computed_shift_assignments"`
	} `json:"final_schedule"`
}

func TestEachListHasItsKindOfSchedules(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	listed, err := client.ListSchedulesWithContext(t.Context(), pd.ListSchedulesOptions{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, one := range listed.Schedules {
		kinds[one.ID] = one.Type
	}
	for _, one := range a.get(t, "/v3/schedules").Schedules {
		id, _ := one["id"].(string)
		if _, twice := kinds[id]; twice {
			t.Errorf("schedule %s is in both lists", id)
		}
		kinds[id], _ = one["type"].(string)
	}
	want := map[string]string{}
	for _, team := range a.view.Account.Teams {
		for _, level := range []string{"1", "2"} {
			want["S"+team.Policy+level] = "schedule"
		}
	}
	want["SEMONGODB1"], want["SEMONGODB2"] = "schedule_v3_reference", "schedule_v3_reference"
	if diff := gocmp.Diff(want, kinds); diff != "" {
		t.Errorf("schedules and their types (-want +got):\n%s", diff)
	}
	if got := a.get(t, "/schedules", "query", "oncall").Schedules; len(got) != 0 {
		t.Errorf("%d schedules have oncall in their names", len(got))
	}
	if got := a.get(t, "/schedules", "query", "on-CALL").Schedules; len(got) != 2 {
		t.Errorf("%d schedules have on-CALL in their names, want 2", len(got))
	}
}

func TestPagesOfShiftBasedSchedulesHaveTheirOwnLimits(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	for parameter, want := range map[string]int{"": 100, "?limit=1": 1, "?limit=5000": 1000} {
		var got map[string]any
		if err := json.Unmarshal(a.ask(t, "/v3/schedules"+parameter, "Token token="+testToken).body, &got); err != nil {
			t.Fatal(err)
		}
		_, total := got["total"]
		if got["limit"] != float64(want) || got["more"] != (want == 1) || total {
			t.Errorf("page %q is %v, want a limit of %d and no total", parameter, got, want)
		}
	}
}

func TestEntriesAreClippedUnlessTheyMayOverflow(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	from, until := now.AddDate(0, -1, 0), now
	want := a.view.Account.Shifts(0, 1, from.Unix(), until.Unix())
	for overflow, clip := range map[string]bool{"false": true, "true": false} {
		got := a.get(t, "/schedules/SEMYSQL1", "since", stamp(from), "until", stamp(until), "overflow", overflow).Schedule
		if len(got.Final.Entries) != len(want) || *got.Final.Coverage < 95 || *got.Final.Coverage > 100 || len(got.Layers) != 1 {
			t.Fatalf("%d entries cover %v%%, want %d that cover all but a gap", len(got.Final.Entries), *got.Final.Coverage, len(want))
		}
		for i, entry := range got.Final.Entries {
			start, end := want[i].Start, want[i].End
			if clip {
				start, end = max(start, from.Unix()), min(end, until.Unix())
			}
			if entry.Start.Unix() != start || entry.End.Unix() != end || entry.User.ID != a.view.Account.Members[want[i].Who].ID {
				t.Errorf("overflow %s: entry %+v, want %d to %d of %d", overflow, entry, start, end, want[i].Who)
			}
		}
	}
	if got := a.get(t, "/schedules/SEMYSQL1").Schedule; len(got.Final.Entries) != 0 || got.Final.Coverage != nil {
		t.Errorf("without bounds there are %d entries, want none", len(got.Final.Entries))
	}
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	whole, err := client.GetScheduleWithContext(t.Context(), "SEMYSQL1", pd.GetScheduleOptions{Since: stamp(from), Until: stamp(until)})
	if err != nil || len(whole.FinalSchedule.RenderedScheduleEntries) != len(want) || whole.TimeZone != "Europe/Berlin" {
		t.Errorf("the client reads %+v, %v", whole, err)
	}
}

// TestShiftBasedScheduleTellsWhenNobodyIsOnCall looks at the whole year, in
// which there is a gap.
func TestShiftBasedScheduleTellsWhenNobodyIsOnCall(t *testing.T) {
	t.Parallel()
	h, err := history.New(history.Options{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(-2, 0, 0), End: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, pagerduty.Options{History: h})
	from, until := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	bounds := []string{"since", stamp(from), "until", stamp(until)}
	if got := a.get(t, "/v3/schedules/SEMONGODB1", bounds...).Schedule; got.Final != nil || got.Type != "schedule_v3" {
		t.Errorf("a %s, shifts told: %v; want a schedule_v3 that tells them only when asked", got.Type, got.Final != nil)
	}
	got := a.get(t, "/v3/schedules/SEMONGODB1", append(bounds, "include[]", "final_schedule")...).Schedule
	empty, swapped, told := 0, 0, from
	for _, one := range got.Final.Assignments {
		if !one.Start.Equal(told) {
			t.Errorf("from %s to %s nothing is told", told, one.Start)
		}
		told = one.End
		switch {
		case one.Member.Type == "empty_member":
			empty++
		case one.Source["type"] == "schedule_rotation_override":
			swapped++
		}
		if (one.Member.Type == "empty_member") != (one.Member.UserID == "") {
			t.Errorf("member %+v", one.Member)
		}
	}
	if empty != 1 || swapped < 2 || !told.Equal(until) || *got.Final.Coverage < 99.9 || *got.Final.Coverage >= 100 {
		t.Errorf("%d gaps, %d swaps, told until %s, %v%% covered; want one gap of hours and some swaps",
			empty, swapped, told, *got.Final.Coverage)
	}
	old := a.get(t, "/schedules/SEMONGODB1", bounds...).Schedule
	if old.Type != "schedule_v3" || len(old.Final.Entries) != 0 || len(old.Layers) != 0 {
		t.Errorf("by the older address: a %s with %d entries, want a schedule_v3 with none", old.Type, len(old.Final.Entries))
	}
	for _, path := range []string{"/schedules/SNONE", "/v3/schedules/SNONE", "/escalation_policies/ENONE"} {
		if got := a.ask(t, path, "Token token="+testToken); got.status != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", path, got.status)
		}
	}
}

func TestPoliciesNameWhatExists(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	policies, err := client.ListEscalationPoliciesWithContext(t.Context(), pd.ListEscalationPoliciesOptions{Limit: 100})
	if err != nil || len(policies.EscalationPolicies) != 6 {
		t.Fatalf("ListEscalationPolicies: %v", err)
	}
	for _, policy := range policies.EscalationPolicies {
		if len(policy.EscalationRules) != 3 {
			t.Fatalf("%s has %d rules, want 3", policy.ID, len(policy.EscalationRules))
		}
		for level, rule := range policy.EscalationRules {
			target := rule.Targets[0]
			path := map[string]string{
				"schedule_reference": "/schedules/", "schedule_v3_reference": "/v3/schedules/", "user_reference": "/users?id=",
			}[target.Type]
			if path == "" || a.ask(t, path+target.ID, "Token token="+testToken).status != http.StatusOK {
				t.Errorf("%s, level %d: %s %s does not exist", policy.ID, level+1, target.Type, target.ID)
			}
			if (target.Type == "user_reference") != (level == 2) || rule.Delay != history.EscalateAfter/60 {
				t.Errorf("%s, level %d: %s after %d min", policy.ID, level+1, target.Type, rule.Delay)
			}
		}
	}
	if one, err := client.GetEscalationPolicyWithContext(t.Context(), "EMYSQL", nil); err != nil || one.ID != "EMYSQL" {
		t.Errorf("GetEscalationPolicy: %v", err)
	}
}
