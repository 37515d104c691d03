package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestEventQueriesAreThoseOfTheTeamsThatCount(t *testing.T) {
	t.Parallel()
	events := func(id string, change func(*scorecard.Objective)) scorecard.Objective {
		o := scorecard.Objective{ID: id, Measure: scorecard.MeasureEvents, Window: scorecard.WindowPeriod}
		o.Good, o.Total = "good of "+id, "all of "+id
		change(&o)
		return o
	}
	p := scorecard.Policy{
		Teams: []scorecard.Team{
			{ID: "mysql", Line: scorecard.LineDRE, Rotation: &scorecard.Rotation{Coverage: scorecard.AroundTheClock}},
			{ID: "platform", Line: scorecard.LineDRE},
			{ID: "oncall", Line: scorecard.LineSRE},
		},
		Rubric: scorecard.Rubric{Objectives: []scorecard.Objective{
			events("queries", func(o *scorecard.Objective) { o.Lines = []scorecard.Line{scorecard.LineDRE} }),
			events("unconfigured", func(o *scorecard.Objective) { o.Good, o.Total = "", "" }),
			events("incidents", func(o *scorecard.Objective) { o.Measure, o.Method = scorecard.MeasureAvailability, "incidents" }),
			events("uptime", func(o *scorecard.Objective) {
				o.Measure, o.Method, o.Scope = scorecard.MeasureAvailability, "events", []scorecard.Scope{scorecard.ScopeOrg}
			}),
			events("on call", func(o *scorecard.Objective) { o.Requires = scorecard.RequireRotation24x7 }),
			events("nobody", func(o *scorecard.Objective) { o.Requires = scorecard.RequireRotationBusiness }),
		}},
	}
	query := func(id string, teams ...string) scorecard.EventQuery {
		return scorecard.EventQuery{Objective: id, Query: facts.EventQuery{Good: "good of " + id, Total: "all of " + id}, Teams: teams}
	}
	want := []scorecard.EventQuery{
		query("queries", "mysql", "platform"), query("uptime", "mysql", "platform", "oncall"), query("on call", "mysql"),
	}
	if diff := cmp.Diff(want, p.EventQueries()); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
	if got := p.EventLookback(); got != 0 {
		t.Errorf("rows of periods look back %s, want none", got)
	}
	p.Rubric.Objectives[0].Window = scorecard.WindowYear
	if got := p.EventLookback(); got != 366*24*time.Hour {
		t.Errorf("rows of a year look back %s, want a leap year", got)
	}
}
