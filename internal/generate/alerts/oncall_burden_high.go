package alerts

import (
	"fmt"
	"time"

	"teamhealth/scorecard"
)

// oncallBurdenHigh tells that incidents take more of a team's time than they may.
func oncallBurdenHigh(d *document) *alert {
	burdens := d.inRolling(scorecard.MeasureOncallBurden)
	if len(burdens) == 0 {
		return nil
	}
	first, target := burdens[0], each(burdens, wanted)
	team := d.example(first)
	tell := func(team, burden string) string {
		return fmt.Sprintf("Incidents took %s of the working time of those on call in %s over the last 28 days; the target is %s.", burden, team, target)
	}
	a := &alert{
		name: "TeamhealthOncallBurdenHigh", about: ofObjectives, severity: warning, dashboard: dashboardOncall,
		why:         fmt.Sprintf("The burden must be %s. A ticket, not a page: nobody can lower it in the night.", target),
		expression:  missed(burdens, rolling),
		wait:        time.Hour,
		summary:     "Incidents take more of the on-call time than the target allows.",
		description: tell("{{ $labels.team }}", share(rolling)),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("Over the last 28 days, incidents and pages took more of the working time of those who were on call than the organisation wants: the burden must be %s. Time is counted from actions that PagerDuty saw, so the true burden is higher: work that follows an incident leaves no trace there.", target),
				"`team` is a team, or `org` for all of them together."),
			check: paragraphs(
				"Which incidents took the time; the largest values are the ones to look at:",
				command(explain(first.ID, team, rolling)),
				"The burden, and how unevenly it is spread:",
				query(valueOf(burdens, rolling)),
				query(fmt.Sprintf(`teamhealth_oncall_burden_worst_ratio{team=%q,window="28d"}`, team))),
			act: paragraphs(first.Remediation,
				"What is done today shows slowly: the window is 28 days long, and heavy days leave it one by one."),
			silence: "team=" + team,
			silent:  "The burden meets its target, or nobody can tell. " + noVerdict(burdens, rolling),
		},
	}
	a.scenarios = []scenario{a.provenBurden(first, team, tell)}
	return a
}

// provenBurden lets a burden be far above its target for two hours.
func (a *alert) provenBurden(o scorecard.Objective, team string, tell func(team, burden string) string) scenario {
	const begin, end = 10 * time.Minute, 130 * time.Minute
	burden := missing(o)
	row := labels{"objective": o.ID, "team": team, "window": rolling}
	return scenario{
		name: "a burden above its target for an hour fires until the target is met",
		series: []series{
			{"teamhealth_objective_value", with(row, "unit", "ratio"), always(burden.String())},
			{"teamhealth_objective_verdict", with(row, "verdict", "missed"), between(begin, end, "1")},
			{"teamhealth_objective_verdict", with(row, "verdict", "met"), []step{{0, "1"}, {begin, ""}, {end, "1"}}},
		},
		moments: a.phases(begin, end, firing{with(row, "verdict", "missed"), tell(team, shown(burden))}),
	}
}
