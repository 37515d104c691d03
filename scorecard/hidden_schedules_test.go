package scorecard_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// naming lets a policy name schedules.
func (w dutyWorld) naming(policy string, schedules ...facts.PolicySchedule) dutyWorld {
	w.policies = slices.Clone(w.policies)
	for i := range w.policies {
		if w.policies[i].ID == policy {
			w.policies[i].Schedules = schedules
		}
	}
	return w
}

// The rotation of the quarter is by the schedule S1.
func TestSchedulesThatPagerDutyDoesNotShow(t *testing.T) {
	t.Parallel()
	listed := func(level int, id string) facts.PolicySchedule { return facts.PolicySchedule{Level: level, ID: id} }
	unlisted := func(level int, id string) facts.PolicySchedule {
		return facts.PolicySchedule{Level: level, ID: id, Unlisted: true}
	}
	caveat := func(of string) string {
		return "Schedules at the first level that PagerDuty does not show: " + of + ". Whoever is on call by them alone is not seen."
	}
	tests := map[string]struct {
		schedules []facts.PolicySchedule
		want      string // The caveat; empty for none.
		coverage  string
	}{
		"a policy that names people":                {nil, "", "1"},
		"a schedule that is listed":                 {[]facts.PolicySchedule{listed(1, "S1")}, "", "1"},
		"one that is not, and shifts by it":         {[]facts.PolicySchedule{unlisted(1, "S1")}, "", "1"},
		"one that is listed, and nobody is on it":   {[]facts.PolicySchedule{listed(1, "S1"), listed(1, "S2")}, "", "1"},
		"one of two that is not listed":             {[]facts.PolicySchedule{listed(1, "S1"), unlisted(1, "S2")}, caveat("1 of 2"), "0.5"},
		"the only one":                              {[]facts.PolicySchedule{unlisted(1, "S2")}, caveat("1 of 1"), "0"},
		"one at another level is for another level": {[]facts.PolicySchedule{listed(1, "S1"), unlisted(2, "S2")}, "", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			for _, objective := range []string{"primary_coverage", "rotation_size", "rotation_shift", "escalation_depth"} {
				want, coverage := []string{}, tt.coverage
				switch {
				case objective == "escalation_depth": // Levels are told whoever is on call.
					coverage = "1"
				case tt.want != "":
					want = []string{tt.want}
				}
				before, r := w.row(t, objective, "mysql"), w.naming("EMYSQL", tt.schedules...).row(t, objective, "mysql")
				caveats := slices.DeleteFunc(r.Caveats, func(c string) bool { return slices.Contains(before.Caveats, c) })
				if diff := cmp.Diff(want, caveats); diff != "" || short(r.Coverage) != coverage {
					t.Errorf("%s: coverage %s, want %s; caveats (-want +got):\n%s", objective, short(r.Coverage), coverage, diff)
				}
				checkRow(t, r, before.Verdict, shown(before.Value), shown(before.Numerator), shown(before.Denominator))
			}
		})
	}
}

// Of the schedules of two teams one is hidden; a shift that was over 90 days before the quarter, on April 2, shows it no more.
func TestHiddenSchedulesOfTheOrganisation(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3)
	w.shifts = append(w.shifts, facts.Shift{Policy: "EONCALL", Level: 1, User: dee, Schedule: "S2", Start: utc(t, "2026-03-01"), End: utc(t, "2026-04-02")})
	w = w.naming("EMYSQL", facts.PolicySchedule{Level: 1, ID: "S1"}).naming("EONCALL", facts.PolicySchedule{Level: 1, ID: "S2", Unlisted: true})
	r := w.row(t, "primary_coverage", scorecard.OrgID)
	want := []string{"Schedules at the first level that PagerDuty does not show: 1 of 2. Whoever is on call by them alone is not seen."}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || short(r.Coverage) != "0.5" || r.Verdict != scorecard.Missed {
		t.Errorf("%s with coverage %s, want missed with 0.5; caveats (-want +got):\n%s", r.Verdict, short(r.Coverage), diff)
	}
	w.shifts[len(w.shifts)-1].End = utc(t, "2026-04-02 00:00:01")
	if r := w.row(t, "primary_coverage", scorecard.OrgID); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("a second later: coverage %s, caveats %q", short(r.Coverage), r.Caveats)
	}
	if r := w.row(t, "primary_coverage", "mysql"); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("the team whose schedule is listed has coverage %s, caveats %q", short(r.Coverage), r.Caveats)
	}
}

// A burden is compared with whoever is on call at the first two levels.
func TestHiddenSchedulesAreNotComparedWith(t *testing.T) {
	t.Parallel()
	l := newLabor(t, incident("Q1", utc(t, "2026-08-03 10:00:00"), noted(0, ada))).onCall(t, 1, ada, bo)
	l.policy.Teams[0].Policies = []string{"EMYSQL"}
	in := l.input(t)
	for level, want := range map[int]bool{1: true, 2: true, 3: false} {
		in.Facts.Policies = []facts.EscalationPolicy{{ID: "EMYSQL", Schedules: []facts.PolicySchedule{{Level: level, ID: "S2", Unlisted: true}}}}
		r := scorecard.Compute(in)[1].Row("oncall_burden")
		caveat := "Schedules at the first two levels that PagerDuty does not show: 1. Who is on call by them alone is not compared with."
		if slices.Contains(r.Caveats, caveat) != want || *r.Coverage != 1 {
			t.Errorf("level %d: coverage %s, %s", level, short(r.Coverage), strings.Join(r.Caveats, " "))
		}
	}
}
