package alerts

import (
	"fmt"
	"time"

	"teamhealth/scorecard"
)

// responseSlow tells that incidents are answered too late, and not by chance.
func responseSlow(d *document) *alert {
	responses := d.inRolling(scorecard.MeasureResponseTime)
	if len(responses) == 0 {
		return nil
	}
	first, target := responses[0], each(responses, wanted)
	team := d.example(first)
	threshold := each(responses, func(o scorecard.Objective) string { return spoken(time.Duration(o.Threshold)) })
	tell := func(team, share string) string {
		return fmt.Sprintf("Of the incidents of %s in the last 28 days, %s were answered within %s; the target is %s.", team, share, threshold, target)
	}
	a := &alert{
		name: "TeamhealthResponseSlow", about: ofObjectives, severity: warning, dashboard: dashboardOncall,
		why: fmt.Sprintf("The share answered within %s must be %s. A few incidents can miss that by chance:\n"+
			"while the interval reaches to the target, nothing is proven.", threshold, target),
		expression:  slowResponses(d),
		wait:        time.Hour,
		summary:     "Incidents are answered too late.",
		description: tell("{{ $labels.team }}", share(rolling)),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("Over the last 28 days, too few incidents were answered by a person within %s: the share must be %s. An incident that nobody answered counts as late; what healed by itself in that time is left out.", threshold, target),
				"The alert waits until the miss is proven: until the whole 95% interval of the share lies on the wrong side of the target. Of two or three incidents, a miss can be chance, and the scorecard calls it `unproven`."),
			check: paragraphs(
				"Which incidents were late, and by how much:",
				command(explain(first.ID, team, rolling)),
				"The share, its interval, and how many nobody answered at all:",
				query(valueOf(responses, rolling)),
				query(fmt.Sprintf(`teamhealth_objective_interval_high_ratio{%s,window="28d"}`, among("objective", ids(responses)))),
				query(fmt.Sprintf(`teamhealth_incidents_unanswered{team=%q,window="28d"}`, team))),
			act:     first.Remediation,
			silence: "team=" + team,
			silent:  "The target is met, or the miss is not proven, or nobody can tell. " + noVerdict(responses, rolling),
		},
	}
	a.scenarios = []scenario{a.provenResponse(first, team, tell)}
	return a
}

// slowResponses selects what the alert fires for; empty where no objective is
// about responses.
func slowResponses(d *document) string {
	responses := d.inRolling(scorecard.MeasureResponseTime)
	if len(responses) == 0 {
		return ""
	}
	return unless(missed(responses, rolling), unproven(responses, rolling))
}

// provenResponse lets a share be missed for four hours, at first with an
// interval that reaches to the target.
func (a *alert) provenResponse(o scorecard.Objective, team string, tell func(team, share string) string) scenario {
	const begin, proof, end = 10 * time.Minute, 2 * time.Hour, 4 * time.Hour
	value := missing(o)
	row := labels{"objective": o.ID, "team": team, "window": rolling}
	s := scenario{
		name: "a proven miss fires until the target is met, and an unproven one does not",
		series: []series{
			targetOf(o, team),
			{"teamhealth_objective_value", with(row, "unit", "ratio"), always(value.String())},
			{"teamhealth_objective_interval_low_ratio", row, []step{{0, "0"}, {proof, value.String()}}},
			{"teamhealth_objective_interval_high_ratio", row, []step{{0, "1"}, {proof, value.String()}}},
			{"teamhealth_objective_verdict", with(row, "verdict", "missed"), between(begin, end, "1")},
		},
		moments: []moment{{at: begin + a.wait}},
	}
	s.moments = append(s.moments, a.phases(proof, end, firing{with(row, "verdict", "missed"), tell(team, shown(value))})...)
	return s
}
