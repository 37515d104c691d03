package alerts

import (
	"fmt"
	"time"

	"teamhealth/scorecard"
)

// heavyWeek is how many times the target of the burden a week of one person
// must be above to be told of.
const heavyWeek = 3

// oncallWeekHeavy tells that somebody had a week that no average shows.
func oncallWeekHeavy(d *document) *alert {
	burdens := d.inRolling(scorecard.MeasureOncallBurden)
	if len(burdens) == 0 {
		return nil
	}
	first := burdens[0]
	team := d.example(first)
	limit := each(burdens, func(o scorecard.Objective) string { return percent(threeTimes(o)) })
	tell := func(team, week string) string {
		return fmt.Sprintf("In one week of the last 28 days, incidents took %s of the working time of one person in %s; that is more than %d times the target of the burden, %s.", week, team, heavyWeek, limit)
	}
	a := &alert{
		name: "TeamhealthOncallWeekHeavy", about: ofObjectives, severity: warning, dashboard: dashboardOncall,
		why: fmt.Sprintf("%d times the target of the burden is %s. The organisation's worst week is that of some team, so it tells only of\n"+
			"weeks that no team tells of: those of a team with fewer than three people are not shown.", heavyWeek, limit),
		expression:  heavyWeeks(burdens),
		wait:        time.Hour,
		summary:     "On-call took far too much of one person's week.",
		description: tell("{{ $labels.team }}", "{{ $value | humanizePercentage }}"),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("In one week of the last 28 days, incidents took more than %s of the working time of one person: %d times what they may take on average. The burden of the team can meet its target all the same.", limit, heavyWeek),
				"`team` is the person's team, or `org` where the team is too small for its weeks to be shown. No metric and no page says who it was."),
			check: paragraphs(
				"The incidents that took the time; the largest values are the ones to look at:",
				command(explain(first.ID, team, rolling)),
				"Whether the week is an exception, and at what hours the pages came:",
				query(fmt.Sprintf("teamhealth_oncall_worst_week_ratio{team=%q}", team)),
				query(fmt.Sprintf(`teamhealth_oncall_pages{team=%q,window="28d"}`, team))),
			act: "Ask whoever is responsible for the rotation whether that person has had time to recover, and give it if not. " +
				"Then find out why nobody else took over: a week like this is usually one long incident without a handover, or a storm of alerts that nobody silenced.",
			silence: "team=" + team,
			silent: "No week was that heavy, or nobody can tell: there is no sample for fewer than three people, nor while the burden is `no_data`. " +
				"The alert ends by itself when the week is more than 28 days ago.",
		},
	}
	a.scenarios = []scenario{a.provenWeek(first, team, tell), a.provenSmallTeam(first, team, tell)}
	return a
}

// threeTimes is the burden that a week of one person must not be above.
func threeTimes(o scorecard.Objective) scorecard.Number {
	return o.Target.Mul(scorecard.Int(heavyWeek))
}

// heavyWeeks selects the worst weeks above the limit. Where several objectives
// are about the burden, the limit is the team's own.
func heavyWeeks(burdens []scorecard.Objective) string {
	limit := threeTimes(burdens[0]).String()
	if len(burdens) > 1 {
		limit = fmt.Sprintf("ignoring (window) group_left () (%d * min without (objective, unit) (teamhealth_objective_target{%s}))",
			heavyWeek, among("objective", ids(burdens)))
	}
	weeks := func(is string) string {
		return fmt.Sprintf(`teamhealth_oncall_worst_week_ratio{team%s"org",window="28d"} > %s`, is, limit)
	}
	return weeks("!=") + "\nor\n" + inParentheses(weeks("=")+"\nunless ignoring (team)\n"+weeks("!="))
}

// provenWeek lets a week above the limit come and leave the window.
func (a *alert) provenWeek(o scorecard.Objective, team string, tell func(team, week string) string) scenario {
	const begin, end = 10 * time.Minute, 3 * time.Hour
	limit := threeTimes(o)
	week := limit.Mul(scorecard.Ratio(6, 5))
	row := labels{"team": team, "window": rolling}
	course := []step{{0, limit.String()}, {begin, week.String()}, {end, limit.String()}}
	return scenario{
		name: "a week above the limit fires once, and one at the limit does not",
		series: []series{
			targetOf(o, team), targetOf(o, scorecard.OrgID),
			{"teamhealth_oncall_worst_week_ratio", row, course},
			{"teamhealth_oncall_worst_week_ratio", with(row, "team", scorecard.OrgID), course},
		},
		moments: a.phases(begin, end, firing{row, tell(team, humanPercentage(week))}),
	}
}

// provenSmallTeam lets a week be heavy of which only the organisation tells.
func (a *alert) provenSmallTeam(o scorecard.Objective, team string, tell func(team, week string) string) scenario {
	const begin, end = 10 * time.Minute, 3 * time.Hour
	week := threeTimes(o).Mul(scorecard.Ratio(6, 5))
	row := labels{"team": scorecard.OrgID, "window": rolling}
	return scenario{
		name: "a heavy week in a team that is too small to show it is the organisation's",
		series: []series{
			targetOf(o, team), targetOf(o, scorecard.OrgID),
			{"teamhealth_oncall_worst_week_ratio", row, between(begin, end, week.String())},
			{"teamhealth_oncall_worst_week_ratio", with(row, "team", team), always("0")},
		},
		moments: a.phases(begin, end, firing{row, tell(scorecard.OrgID, humanPercentage(week))}),
	}
}
