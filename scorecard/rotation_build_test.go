package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// oneWeek is how long a shift is meant to be.
const oneWeek = 7 * 24 * time.Hour

// Accounts that are on nobody's roster.
const (
	cleo = "PUSER03"
	dora = "PUSER04"
	evan = "PUSER05"
)

// dutyWorld is a world in which somebody may be on call.
type dutyWorld struct {
	world
	services []facts.Service
	policies []facts.EscalationPolicy
	shifts   []facts.Shift
}

// newDutyWorld has the third quarter of 2026 and the mysql team's rotation of four
// around the clock, by the policy EMYSQL. The oncall team has none.
func newDutyWorld(tb testing.TB, shifts ...facts.Shift) dutyWorld {
	tb.Helper()
	w := newWorld(tb)
	w.policy.Teams[0].Policies = []string{"EMYSQL"}
	w.policy.Teams[0].Rotation = &scorecard.Rotation{Coverage: scorecard.AroundTheClock, Size: 4, Shift: oneWeek}
	w.policy.Calendar.Week = scorecard.WorkingWeek{
		Hours: 40, Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		From: 9 * time.Hour, To: 17 * time.Hour,
	}
	w.policy.Rubric.Objectives = []scorecard.Objective{
		dutyObjective("primary_coverage", scorecard.MeasureRotationCoverage, scorecard.UnitRatio, "1"),
		dutyObjective("rotation_size", scorecard.MeasureRotationSize, scorecard.UnitCount, ""),
		dutyObjective("rotation_shift", scorecard.MeasureRotationShift, scorecard.UnitRatio, "1"),
		dutyObjective("escalation_depth", scorecard.MeasureEscalationDepth, scorecard.UnitCount, "3"),
	}
	w.policy.Rubric.Objectives[1].TargetFrom = "rotation.size"
	return dutyWorld{world: w, policies: []facts.EscalationPolicy{policy("EMYSQL", 3)}, shifts: shifts}
}

func dutyObjective(id string, m scorecard.Measure, unit scorecard.Unit, target string) scorecard.Objective {
	o := incidentResponse()
	o.ID, o.Measure, o.Unit, o.Target, o.Requires, o.Parameters = id, m, unit, decimal(target), "rotation", scorecard.Parameters{}
	return o
}

func policy(id string, levels int) facts.EscalationPolicy {
	return facts.EscalationPolicy{ID: id, Name: "Policy " + id, Levels: levels, URL: "https://example.pagerduty.com/escalation_policies/" + id}
}

// onCall is a shift at the first level of EMYSQL.
func onCall(tb testing.TB, user, from, to string) facts.Shift {
	tb.Helper()
	return facts.Shift{Policy: "EMYSQL", Level: 1, User: user, Schedule: "S1", Start: utc(tb, from), End: utc(tb, to)}
}

// weekly is a rotation from handover to handover, n shifts long, whose users take turns.
func weekly(tb testing.TB, from string, n int, users ...string) []facts.Shift {
	tb.Helper()
	shifts := make([]facts.Shift, 0, n)
	start := utc(tb, from)
	for i := range n {
		shifts = append(shifts, facts.Shift{
			Policy: "EMYSQL", Level: 1, User: users[i%len(users)], Schedule: "S1", Start: start, End: start.Add(oneWeek),
		})
		start = start.Add(oneWeek)
	}
	return shifts
}

// wholeQuarter is four people in weekly turns from Monday, June 1, to October 5.
func wholeQuarter(tb testing.TB) []facts.Shift {
	tb.Helper()
	return weekly(tb, "2026-06-01 09:00:00", 18, ada, bo, cleo, dora)
}

// horizonAt sets both the instant of evaluation and the last complete cycle.
func (w dutyWorld) horizonAt(at time.Time) dutyWorld {
	w.world = w.world.horizonAt(at)
	return w
}

// addTeam gives the oncall team a rotation too, by the policy EONCALL.
func (w dutyWorld) addTeam(coverage scorecard.Coverage, levels int, shifts ...facts.Shift) dutyWorld {
	w.policy.Teams[1].Policies = []string{"EONCALL"}
	w.policy.Teams[1].Rotation = &scorecard.Rotation{Coverage: coverage, Size: 4, Shift: oneWeek}
	w.policies = append(w.policies, policy("EONCALL", levels))
	return w.add("EONCALL", shifts...)
}

// add puts shifts into a policy.
func (w dutyWorld) add(policy string, shifts ...facts.Shift) dutyWorld {
	for _, s := range shifts {
		s.Policy = policy
		w.shifts = append(w.shifts, s)
	}
	return w
}

func (w dutyWorld) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := w.world.input(tb)
	in.Facts.Services, in.Facts.Policies, in.Facts.Shifts = w.services, w.policies, w.shifts
	return in
}

func (w dutyWorld) row(tb testing.TB, objective, subject string) scorecard.Row {
	tb.Helper()
	for _, c := range scorecard.Compute(w.input(tb)) {
		if r := c.Row(objective); c.Subject.ID == subject && r != nil {
			return *r
		}
	}
	tb.Fatalf("%s has no row %s", subject, objective)
	return scorecard.Row{}
}

func (w dutyWorld) evidence(tb testing.TB, objective, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), objective, subject)
	if err != nil {
		tb.Fatalf("evidence of %s for %s: %v", objective, subject, err)
	}
	return items
}

// checkRow wants a verdict and numbers; a dash is none.
func checkRow(tb testing.TB, r scorecard.Row, verdict scorecard.Verdict, value, numerator, denominator string) {
	tb.Helper()
	if r.Verdict != verdict || shown(r.Value) != value || shown(r.Numerator) != numerator || shown(r.Denominator) != denominator {
		tb.Errorf("%s: %s, %s = %s of %s (%s), want %s, %s = %s of %s", r.ID, r.Verdict, shown(r.Value), shown(r.Numerator),
			shown(r.Denominator), r.Reason, verdict, value, numerator, denominator)
	}
}
