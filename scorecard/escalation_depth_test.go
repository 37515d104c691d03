package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestEscalationDepthIsThatOfTheShallowestPolicy(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		levels  []int
		verdict scorecard.Verdict
		want    string
	}{
		"one policy of three levels": {[]int{3}, scorecard.Met, "3"},
		"one of two":                 {[]int{2}, scorecard.Missed, "2"},
		"one of none":                {[]int{0}, scorecard.Missed, "0"},
		"the least of three":         {[]int{4, 2, 3}, scorecard.Missed, "2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t)
			w.policies, w.policy.Teams[0].Policies = nil, nil
			for i, levels := range tt.levels {
				id := "E" + string(rune('A'+i))
				w.policies = append(w.policies, policy(id, levels))
				w.policy.Teams[0].Policies = append(w.policy.Teams[0].Policies, id)
			}
			r := w.row(t, "escalation_depth", "mysql")
			checkRow(t, r, tt.verdict, tt.want, "-", "-")
			if shown(r.Target) != "3" || r.Population.Used != len(tt.levels) || r.Population.Classes["fewest_levels"] != 1 {
				t.Errorf("target %s, population %+v", shown(r.Target), r.Population)
			}
		})
	}
}

func TestEvidenceOfEscalationDepthIsThePolicies(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t)
	w.policies = append(w.policies, policy("EMYSQL2", 2))
	w.policy.Teams[0].Policies = []string{"EMYSQL2", "EMYSQL"}
	want := []stretchItem{
		{"EMYSQL", "2026-10-01 00:00:00", "more_levels", scorecard.NotCounted, "3"},
		{"EMYSQL2", "2026-10-01 00:00:00", "fewest_levels", scorecard.InNumerator, "2"},
	}
	if diff := cmp.Diff(want, stretchItems(w.evidence(t, "escalation_depth", "mysql"))); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

func TestReasonNamesTheFirstOfTheShallowestPolicies(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t)
	w.policies = append(w.policies, policy("EMYSQL2", 2), policy("EMYSQL3", 2))
	w.policy.Teams[0].Policies = []string{"EMYSQL3", "EMYSQL2", "EMYSQL"}
	want := "Levels of the escalation policy Policy EMYSQL2 of MySQL Team: 2."
	if r := w.row(t, "escalation_depth", "mysql"); r.Reason != want {
		t.Errorf("reason %q, want %q", r.Reason, want)
	}
}

func TestPolicyOfTwoServicesIsOne(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t)
	w.policy.Teams[0].Policies = nil
	w.services = []facts.Service{{ID: alarm, EscalationPolicy: "EMYSQL"}, {ID: "PMYSQL2", EscalationPolicy: "EMYSQL"}}
	if r := w.row(t, "escalation_depth", "mysql"); r.Population.Total != 1 {
		t.Errorf("population %+v, want one", r.Population)
	}
}

func TestDepthOfTheOrganisationIsThatOfItsShallowestTeam(t *testing.T) {
	t.Parallel()
	for levels, team := range map[int]string{1: "oncall", 3: "mysql", 5: "mysql"} {
		r := newDutyWorld(t).addTeam(scorecard.BusinessHours, levels).row(t, "escalation_depth", scorecard.OrgID)
		d, ok := r.Details.(scorecard.WeakestTeam)
		if !ok || d.Team != team || r.Value.Cmp(d.Value) != 0 || shown(d.Target) != "3" {
			t.Errorf("with %d levels of the oncall team: value %s and details %+v, want those of %s", levels, shown(r.Value), r.Details, team)
		}
	}
}

// The depth without a target is told, and judged by nobody.
func TestDepthWithoutATargetIsTracked(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t).addTeam(scorecard.BusinessHours, 2)
	w.policy.Rubric.Objectives[3].Target = nil
	r := w.row(t, "escalation_depth", scorecard.OrgID)
	checkRow(t, r, scorecard.Tracked, "2", "-", "-")
	if d, ok := r.Details.(scorecard.WeakestTeam); !ok || d.Team != "oncall" || d.Target != nil {
		t.Errorf("details %+v, want the oncall team without a target", r.Details)
	}
}

// Policies are read as they are: of a quarter that is over they tell less
// than of one that runs.
func TestDepthOfWhatIsOverCarriesACaveat(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t)
	if r := w.row(t, "escalation_depth", "mysql"); len(r.Caveats) != 1 {
		t.Errorf("after the quarter: caveats %q, want one", r.Caveats)
	}
	w = w.horizonAt(utc(t, "2026-08-10 06:00:00").Add(time.Second / 2))
	if r := w.row(t, "escalation_depth", "mysql"); len(r.Caveats) != 0 {
		t.Errorf("within it: caveats %q, want none", r.Caveats)
	}
	w.sources[0].DataAsOf = utc(t, "2026-08-20")
	if r := w.row(t, "escalation_depth", "mysql"); len(r.Caveats) != 1 {
		t.Errorf("within it, read later: caveats %q, want one", r.Caveats)
	}
}
