package alerts

import (
	"fmt"
	"strconv"
	"time"

	"teamhealth/scorecard"
)

// uptimeBudgetExhausted tells that the quarter's downtime is more than its target allows.
func uptimeBudgetExhausted(d *document) *alert {
	objectives := d.availabilities()
	if len(objectives) == 0 {
		return nil
	}
	first := objectives[0]
	team := d.example(first)
	tell := func(objective, team, over, budget string) string {
		return fmt.Sprintf("The downtime that %s allows %s in the current quarter (%s) is overspent by %s.", objective, team, budget, over)
	}
	a := &alert{
		name: "TeamhealthUptimeBudgetExhausted", about: ofObjectives, severity: warning, dashboard: dashboardReliability,
		why: "A budget of which nothing is left is still kept; the target is missed by the first second beyond it. The\n" +
			"organisation's budget repeats that of a team.",
		expression:  "-" + remaining + " > 0",
		wait:        15 * time.Minute,
		summary:     "The downtime allowed for the quarter is overspent.",
		description: tell("{{ $labels.objective }}", "{{ $labels.team }}", "{{ $value | humanizeDuration }}", budgetFigure),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("One of the team's services has been down for longer than its uptime target allows in the whole quarter: %s. Whatever happens until the quarter's end, the target is missed.", budgetsInWords(objectives)),
				"The alert is about a decision, not about an outage: outages page by themselves."),
			check: paragraphs(
				"Which service was down, when, and what each incident added:",
				command(explain(first.ID, team, "current")),
				"What is left of each budget; less than 0 is overspent:",
				query("teamhealth_error_budget_remaining_seconds{window=\"current_quarter\"}")),
			act: paragraphs(first.Remediation,
				"If an outage was planned and approved, configure it as an exception with its incidents; if an incident stayed open after the service was back, all of that time counts: resolve incidents when the service is back."),
			silence: "team=" + team,
			silent: "The budget is kept, or nobody can tell: a row that is `no_data` or `empty` has no budget. " +
				"With old data the budget is that of the last read, and a later outage is not in it. The alert ends when the next quarter begins.",
		},
	}
	a.scenarios = []scenario{a.provenOverspending(first, team, tell)}
	return a
}

// budgetFigure is the part of a description that shows the whole budget of the alert's row.
const budgetFigure = `{{ with printf "teamhealth_error_budget_seconds{objective='%s',team='%s',job='%s',instance='%s',window='current_quarter'}" ` +
	ofRow + ` }}{{ . | first | value | humanizeDuration }}{{ else }}unknown{{ end }}`

// provenOverspending lets a budget be used up to its last second, then be
// overspent, and then a quarter begin.
func (a *alert) provenOverspending(o scorecard.Objective, team string, tell func(objective, team, over, budget string) string) scenario {
	const spent, begin, end = 5 * time.Minute, time.Hour, 2 * time.Hour
	budget := sampleBudget(o)
	row := labels{"objective": o.ID, "team": team, "window": quarter}
	course := []step{{0, strconv.FormatInt(budget, 10)}, {spent, "0"}, {begin, "-90"}, {end, strconv.FormatInt(budget, 10)}}
	return scenario{
		name: "a budget that is overspent fires until the next quarter, and one that is spent does not",
		series: []series{
			{"teamhealth_error_budget_seconds", row, always(strconv.FormatInt(budget, 10))},
			{"teamhealth_error_budget_remaining_seconds", row, course},
			{"teamhealth_error_budget_remaining_seconds", with(row, "team", scorecard.OrgID), course},
			{"teamhealth_error_budget_remaining_seconds", with(row, "window", "previous_quarter"), always("-90")},
		},
		moments: a.phases(begin, end, firing{row, tell(o.ID, team, "1m 30s", humanDuration(budget))}),
	}
}

// humanDuration is what Prometheus' humanizeDuration makes of at least a second.
func humanDuration(seconds int64) string {
	days, hours, minutes := seconds/86400, seconds/3600%24, seconds/60%60
	switch {
	case days > 0:
		return fmt.Sprintf("%dd %dh %dm %ds", days, hours, minutes, seconds%60)
	case hours > 0:
		return fmt.Sprintf("%dh %dm %ds", hours, minutes, seconds%60)
	case minutes > 0:
		return fmt.Sprintf("%dm %ds", minutes, seconds%60)
	}
	return fmt.Sprintf("%ds", seconds)
}
