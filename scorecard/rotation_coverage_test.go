package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The third quarter has 92 days of 86,400 s: 7,948,800 s.
func TestCoverageAroundTheClock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change                        func(*testing.T, *dutyWorld)
		verdict                       scorecard.Verdict
		value, numerator, denominator string
	}{
		"somebody at every moment": {
			func(*testing.T, *dutyWorld) {}, scorecard.Met, "1", "7948800", "7948800",
		},
		"nobody for three hours": {
			// 3 h are 10,800 s, and 7,948,800 - 10,800 = 7,938,000.
			func(_ *testing.T, w *dutyWorld) { w.shifts[12].Start = w.shifts[12].Start.Add(3 * time.Hour) },
			scorecard.Missed, "0.998641304347826", "7938000", "7948800",
		},
		"nobody at all": {
			func(_ *testing.T, w *dutyWorld) { w.shifts = nil }, scorecard.Missed, "0", "0", "7948800",
		},
		"two people at once count once": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2026-08-01", "2026-09-01"))
			}, scorecard.Met, "1", "7948800", "7948800",
		},
		"somebody else's overlap closes the gap": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts[12].Start = w.shifts[12].Start.Add(3 * time.Hour) // Monday, August 24, 9 to 12.
				w.shifts = append(w.shifts, onCall(t, evan, "2026-08-24 08:00:00", "2026-08-24 13:00:00"))
			}, scorecard.Met, "1", "7948800", "7948800",
		},
		"one account for ever": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, evan, "2025-01-01", "2027-01-01")}
				w.shifts[0].Permanent = true
			}, scorecard.Met, "1", "7948800", "7948800",
		},
		"the second level is not the first": {
			// The first hour of July is one of 3,600 s.
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, ada, "2026-06-01", "2026-07-01 01:00:00"), onCall(t, bo, "2026-06-01", "2026-10-01")}
				w.shifts[1].Level = 2
			}, scorecard.Missed, "0.0004528985507246377", "3600", "7948800",
		},
		"a bot is nobody": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, robot, "2026-06-01", "2026-11-01")}
			},
			scorecard.Missed, "0", "0", "7948800",
		},
		"somebody on call for another policy is nobody": {
			func(_ *testing.T, w *dutyWorld) {
				for i := range w.shifts {
					w.shifts[i].Policy = "EOTHER"
				}
			}, scorecard.Missed, "0", "0", "7948800",
		},
		"a second policy without anybody for a day": {
			// Whoever is on call for the one is not told of what happens to the services of the other.
			func(t *testing.T, w *dutyWorld) {
				w.policy.Teams[0].Policies = []string{"EMYSQL", "EMYSQL2"}
				w.policies = append(w.policies, policy("EMYSQL2", 3))
				*w = w.add("EMYSQL2", onCall(t, ada, "2026-06-01", "2026-08-01"), onCall(t, ada, "2026-08-02", "2026-10-01"))
			}, scorecard.Missed, "0.9891304347826086", "7862400", "7948800", // 91 of 92 days.
		},
		"the policies of the services, where none is configured": {
			func(_ *testing.T, w *dutyWorld) {
				w.policy.Teams[0].Policies = nil
				w.services = []facts.Service{{ID: alarm, EscalationPolicy: "EMYSQL"}, {ID: "PX", EscalationPolicy: "EOTHER"}, {ID: "PMYSQL2"}}
			}, scorecard.Met, "1", "7948800", "7948800",
		},
		"only what has passed of a running quarter": {
			// July 1 to August 10, 6:00: 40 days and 6 hours are 3,477,600 s.
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-08-10 06:00:00")) },
			scorecard.Met, "1", "3477600", "3477600",
		},
		"a horizon within a second counts whole ones": {
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-07-01 00:00:10").Add(time.Second / 2)) },
			scorecard.Met, "1", "10", "10",
		},
		"nothing is said of the time before the data": {
			// August 1 to October 1: 61 days are 5,270,400 s.
			func(t *testing.T, w *dutyWorld) {
				w.sources[0].DataSince = utc(t, "2026-08-01")
				w.shifts = []facts.Shift{onCall(t, ada, "2026-08-01", "2026-10-01")}
			}, scorecard.Met, "1", "5270400", "5270400",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			tt.change(t, &w)
			checkRow(t, w.row(t, "primary_coverage", "mysql"), tt.verdict, tt.value, tt.numerator, tt.denominator)
		})
	}
}

// stretchItem is what a test looks at of a piece of evidence.
type stretchItem struct {
	ID, At, Class string
	Counted       scorecard.Counted
	Value         string
}

func stretchItems(items []scorecard.Evidence) []stretchItem {
	list := make([]stretchItem, 0, len(items))
	for _, e := range items {
		list = append(list, stretchItem{ID: e.ID, At: e.At.Format(time.DateTime), Class: e.Class, Counted: e.Counted, Value: shown(e.Value)})
	}
	return list
}

func TestEvidenceOfCoverageIsItsGapsAndWhatLiesBetween(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.shifts[12].Start = w.shifts[12].Start.Add(3 * time.Hour) // From Monday, August 24, 12:00 on.
	want := []stretchItem{
		// July 1 to August 24, 9:00: 54 days and 9 hours are 4,698,000 s.
		{"mysql/1/2026-07-01T00:00:00Z", "2026-07-01 00:00:00", "covered", scorecard.InNumerator, "4698000"},
		{"mysql/1/2026-08-24T09:00:00Z", "2026-08-24 09:00:00", "gap", scorecard.InDenominator, "10800"},
		// From 12:00 to October 1: 37 days and 12 hours are 3,240,000 s.
		{"mysql/1/2026-08-24T12:00:00Z", "2026-08-24 12:00:00", "covered", scorecard.InNumerator, "3240000"},
	}
	items := w.evidence(t, "primary_coverage", "mysql")
	if diff := cmp.Diff(want, stretchItems(items)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if gap := items[1]; gap.Kind != "shift" || gap.URL != w.policies[0].URL ||
		gap.Reason != "For 3 h until 2026-08-24T12:00:00Z, nobody was on call at the first level of Policy EMYSQL (EMYSQL)." {
		t.Errorf("the gap is %+v", gap)
	}
	r := w.row(t, "primary_coverage", "mysql")
	wanted := scorecard.Population{Total: 3, Used: 3, Classes: map[string]int{"covered": 2, "gap": 1}, Excluded: map[string]int{}}
	if diff := cmp.Diff(wanted, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
	if r.Reason != "Nobody was on call at the first level for 3 h of 2208 h (gaps: 1)." || r.Interval != nil || *r.Coverage != 1 {
		t.Errorf("row %+v", r)
	}
}

func TestGapNamesThePolicyThatLacksSomebody(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.policy.Teams[0].Policies = []string{"EMYSQL", "EMYSQL2"}
	w.policies = append(w.policies, policy("EMYSQL2", 3))
	w = w.add("EMYSQL2", onCall(t, ada, "2026-06-01", "2026-08-01"), onCall(t, ada, "2026-08-02", "2026-10-01"))
	items := w.evidence(t, "primary_coverage", "mysql")
	if len(items) != 3 || !strings.Contains(items[1].Reason, "of Policy EMYSQL2 (EMYSQL2).") || items[1].URL != w.policies[1].URL {
		t.Errorf("evidence %+v, want EMYSQL2 in the reason of the second", items)
	}
}

func TestCoverageBeforeTheDataLowersTheShareThatIsKnown(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.sources[0].DataSince = utc(t, "2026-08-01")
	r := w.row(t, "primary_coverage", "mysql")
	if want := 61.0 / 92; r.Coverage == nil || *r.Coverage != want || len(r.Caveats) != 1 {
		t.Errorf("coverage %v with caveats %q, want %v with one", r.Coverage, r.Caveats, want)
	}
}

func TestOrganisationAddsUpWhatItsTeamsCover(t *testing.T) {
	t.Parallel()
	// The oncall team has 66 weekdays of 8 hours from July to September: 1,900,800 s. On Wednesday, July 1,
	// it begins an hour late: 3,600 s.
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.BusinessHours, 3, onCall(t, evan, "2026-07-01 10:00:00", "2026-10-02"))
	checkRow(t, w.row(t, "primary_coverage", "oncall"), scorecard.Missed, "0.9981060606060606", "1897200", "1900800")
	// 7,948,800 + 1,897,200 of 7,948,800 + 1,900,800.
	checkRow(t, w.row(t, "primary_coverage", scorecard.OrgID), scorecard.Missed, "0.9996345029239766", "9846000", "9849600")
	if items := w.evidence(t, "primary_coverage", scorecard.OrgID); len(items) != 3 || items[1].ID != "oncall/1/2026-07-01T09:00:00Z" {
		t.Errorf("evidence %v, want that of the mysql team, the gap, and the rest", stretchItems(items))
	}
}

func TestExemptTeamDoesNotCountForTheOrganisation(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3)
	x := exception("ex1", "oncall", 12, 31)
	x.Objective = "primary_coverage"
	w.policy.Exceptions = []scorecard.Exception{x}
	team, org := w.row(t, "primary_coverage", "oncall"), w.row(t, "primary_coverage", scorecard.OrgID)
	checkRow(t, team, scorecard.Exempt, "-", "-", "-")
	checkRow(t, org, scorecard.Met, "1", "7948800", "7948800")
	// With the other team, half of all time is covered.
	if shown(team.ValueWithoutExceptions) != "0" || shown(org.ValueWithoutExceptions) != "0.5" || len(org.Exceptions) != 1 {
		t.Errorf("without exceptions %s and %s, want 0 and 0.5; exceptions %v",
			shown(team.ValueWithoutExceptions), shown(org.ValueWithoutExceptions), org.Exceptions)
	}
}

// What the row would be without the exception, nobody can tell.
func TestExemptTeamNeedsNoKnownPolicies(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*scorecard.Team){
		"of a policy that is not there": func(team *scorecard.Team) { team.Policies = []string{"EX"} },
		"of no policy":                  func(team *scorecard.Team) { team.Policies = nil },
	} {
		w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3)
		change(&w.policy.Teams[1])
		for _, o := range w.policy.Rubric.Objectives {
			x := exception("ex1", "oncall", 12, 31)
			x.Objective = o.ID
			w.policy.Exceptions = []scorecard.Exception{x}
			if r := w.row(t, o.ID, scorecard.OrgID); r.Verdict != scorecard.Met || r.ValueWithoutExceptions != nil {
				t.Errorf("%s: %s is %s (%s), without the exception %s", name, o.ID, r.Verdict, r.Reason, shown(r.ValueWithoutExceptions))
			}
		}
		if r := w.row(t, "escalation_depth", "oncall"); r.Verdict != scorecard.Exempt {
			t.Errorf("%s: the team is %s, want exempt", name, r.Verdict)
		}
	}
}

func TestRotationOfUnknownPoliciesHasNoData(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*dutyWorld)
		reason string // A part of it.
	}{
		"PagerDuty has no such policies": {
			func(w *dutyWorld) { w.policy.Teams[0].Policies = []string{"EMYSQL", "EX2", "EX1"} }, "policies EX1, EX2 of MySQL Team",
		},
		"no policy is configured, and the services have none": {
			func(w *dutyWorld) { w.policy.Teams[0].Policies = nil }, "No escalation policy of MySQL Team is known",
		},
		"the team of an objective for all has no rotation": {
			func(w *dutyWorld) {
				w.policy.Teams[0].Rotation = nil
				for i := range w.policy.Rubric.Objectives {
					w.policy.Rubric.Objectives[i].Requires = ""
				}
			}, "No rotation is configured for MySQL Team",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			tt.change(&w)
			for _, o := range w.policy.Rubric.Objectives {
				r := w.row(t, o.ID, "mysql")
				checkRow(t, r, scorecard.NoData, "-", "-", "-")
				if !strings.Contains(r.Reason, tt.reason) || r.Population.Known() {
					t.Errorf("row %+v, want the reason %q and no population", r, tt.reason)
				}
				if items := w.evidence(t, o.ID, "mysql"); len(items) != 0 {
					t.Errorf("evidence %+v, want none", items)
				}
			}
		})
	}
}

// Leaving out the team of which nothing is known would make the others' sum
// look like the organisation's.
func TestOneUnknownTeamLeavesTheOrganisationUnknown(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3)
	w.policies = w.policies[:1]
	for _, o := range w.policy.Rubric.Objectives {
		if r := w.row(t, o.ID, scorecard.OrgID); r.Verdict != scorecard.NoData || !strings.Contains(r.Reason, "EONCALL") {
			t.Errorf("%s is %s (%s), want no_data for EONCALL", o.ID, r.Verdict, r.Reason)
		}
	}
}
