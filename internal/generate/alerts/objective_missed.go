package alerts

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"teamhealth/scorecard"
)

// patience is how long a missing sample is taken for the last one.
const patience = 15 * time.Minute

// objectiveMissed tells of every objective that the quarter misses and no other
// alert tells of.
func objectiveMissed(d *document) *alert {
	sample := d.plainObjective()
	if sample == nil {
		return nil
	}
	first := *sample
	team := d.example(first)
	tell := func(objective, team, value, target string) string {
		return fmt.Sprintf("%s of %s is missed in the current quarter: %s, with a target of %s.", objective, team, value, target)
	}
	a := &alert{
		name: "TeamhealthObjectiveMissed", about: ofObjectives, severity: warning, dashboard: dashboardQuarter,
		why: "Left out is what is not proven, and, for as long as it speaks, what an alert of its own tells of. The quarter of\n" +
			"an hour lets a failed scrape or a restart pass, which would begin the day anew.",
		expression: missedObjectives(d),
		wait:       24 * time.Hour,
		summary:    "The current quarter misses an objective.",
		description: tell("{{ $labels.objective }}", "{{ $labels.team }}",
			figure("teamhealth_objective_value", quarter), figure("teamhealth_objective_target", "")),
		runbook: runbook{
			means: paragraphs(
				"The scorecard of the current quarter misses the objective that the alert names, and has for a day. A proportion is told of only when the miss is proven: when its whole 95% interval lies on the wrong side of the target. A count is missed only when its time is over.",
				"Burden, response times, overspent downtime and post-mortems have alerts of their own; while one of them tells of an objective, this one does not."),
			check: paragraphs(
				"What is behind the number, and what would change it; put in the objective and the team of the alert:",
				command(explain(first.ID, team, "current")),
				"All that the quarter misses:",
				query(`teamhealth_objective_verdict{window="current_quarter",verdict="missed"}`),
				"The whole card:",
				command(fmt.Sprintf("curl 'http://127.0.0.1:9977/api/v1/scorecard?team=%s&period=current&format=md'", team))),
			act:     "Every row of the card has a `next_step`: what the rubric recommends for this objective. If the target itself is wrong, change it in the configuration, in the open; an exception is for single cases, with a reason, an approver and an end.",
			silence: fmt.Sprintf("objective=%s team=%s", first.ID, team),
			silent: paragraphs("Nothing is missed, or not proven, or nobody can tell. What cannot be judged, by objective, team and reason:",
				query(`teamhealth_objective_verdict{window="current_quarter",verdict=~"no_data|stale|insufficient_data"}`),
				"When a quarter begins, all rows begin anew, and the alert of the last quarter ends."),
		},
	}
	a.scenarios = []scenario{a.provenMiss(first, team, tell)}
	if proportions := d.proportions(); len(proportions) > 0 {
		a.scenarios = append(a.scenarios, a.provenChance(proportions[0], team))
	}
	if own := d.ownAlerts(team); len(own) > 0 {
		a.scenarios = append(a.scenarios, a.provenLeftOut(own, team, tell))
	}
	return a
}

// plainObjective returns an objective that can be missed, if possible one that
// no other alert tells of; nil when none has a target.
func (d *document) plainObjective() *scorecard.Objective {
	var found *scorecard.Objective
	own := []scorecard.Measure{
		scorecard.MeasureOncallBurden, scorecard.MeasureResponseTime, scorecard.MeasureAvailability, scorecard.MeasurePostmortems,
	}
	for i := range d.policy.Rubric.Objectives {
		o := &d.policy.Rubric.Objectives[i]
		switch {
		case o.Target == nil && o.TargetFrom == "" || d.team(*o) == "":
		case !slices.Contains(own, o.Measure):
			return o
		case found == nil:
			found = o
		}
	}
	return found
}

// missedObjectives selects what is missed, for certain, and told of by no other
// alert.
func missedObjectives(d *document) string {
	others := []string{unproven(d.proportions(), quarter)}
	if burdens := d.inRolling(scorecard.MeasureOncallBurden); len(burdens) > 0 {
		others = append(others, missed(burdens, rolling))
	}
	others = append(others, slowResponses(d))
	if len(d.availabilities()) > 0 {
		others = append(others, `teamhealth_error_budget_remaining_seconds{window="current_quarter"} < 0`)
	}
	for _, o := range d.ofTeams(scorecard.MeasurePostmortems) {
		others = append(others, fmt.Sprintf(
			`label_replace(teamhealth_postmortems_overdue{window="current_quarter"} > 0, "objective", %q, "", "")`, o.ID))
	}
	return unless(fmt.Sprintf(
		`last_over_time(teamhealth_objective_verdict{window="current_quarter",verdict="missed"}[%s]) == 1`, span(patience)), others...)
}

// ownAlerts lists for the objectives that have alerts of their own a series that
// makes these speak until an instant.
func (d *document) ownAlerts(team string) map[string]func(until time.Duration) series {
	own := map[string]func(time.Duration) series{}
	verdict := func(id string) func(time.Duration) series {
		row := labels{"objective": id, "team": team, "window": rolling, "verdict": "missed"}
		return func(until time.Duration) series {
			return series{"teamhealth_objective_verdict", row, between(0, until, "1")}
		}
	}
	for _, m := range []scorecard.Measure{scorecard.MeasureOncallBurden, scorecard.MeasureResponseTime} {
		for _, o := range d.inRolling(m) {
			own[o.ID] = verdict(o.ID)
		}
	}
	for _, o := range d.availabilities() {
		row := labels{"objective": o.ID, "team": team, "window": quarter}
		own[o.ID] = func(until time.Duration) series {
			return series{"teamhealth_error_budget_remaining_seconds", row, []step{{0, "-1"}, {until, "1"}}}
		}
	}
	for _, o := range d.ofTeams(scorecard.MeasurePostmortems) {
		own[o.ID] = func(until time.Duration) series {
			return series{"teamhealth_postmortems_overdue", labels{"team": team, "window": quarter}, []step{{0, "1"}, {until, "0"}}}
		}
	}
	return own
}

// provenMiss lets an objective be missed for more than a day, with a restart in
// between.
func (a *alert) provenMiss(o scorecard.Objective, team string, tell func(objective, team, value, target string) string) scenario {
	const begin, restart, end = 10 * time.Minute, 12 * time.Hour, 26 * time.Hour
	if o.Target == nil {
		o.Target = scorecard.Int(4).Ptr()
	}
	row := labels{"objective": o.ID, "team": team, "window": quarter}
	fires := []firing{{with(row, "verdict", "missed"), tell(o.ID, team, inUnit(missing(o), o.Unit), inUnit(*o.Target, o.Unit))}}
	return scenario{
		name: "an objective that is missed for a day fires, a restart in between or not, until it is met",
		series: []series{
			targetOf(o, team),
			{"teamhealth_objective_value", with(row, "unit", string(o.Unit)), always(missing(o).String())},
			{"teamhealth_objective_verdict", with(row, "verdict", "missed"), []step{{begin, "1"}, {restart, ""}, {restart + patience - 2*scrape, "1"}, {end, ""}}},
			{"teamhealth_objective_verdict", with(row, "verdict", "met"), []step{{end, "1"}}},
		},
		moments: []moment{
			{at: begin - scrape},
			{at: begin + a.wait - scrape},
			{at: begin + a.wait, firing: fires},
			{at: end + patience - 2*scrape, firing: fires}, // Ranges include their beginning in Prometheus 2, and not in 3.
			{at: end + patience},
		},
	}
}

// provenChance lets a proportion be missed whose interval reaches to its target.
func (a *alert) provenChance(o scorecard.Objective, team string) scenario {
	const begin = 10 * time.Minute
	row := labels{"objective": o.ID, "team": team, "window": quarter}
	return scenario{
		name: "a miss that is not proven does not fire",
		series: []series{
			targetOf(o, team),
			{"teamhealth_objective_interval_low_ratio", row, always("0")},
			{"teamhealth_objective_interval_high_ratio", row, always("1")},
			{"teamhealth_objective_verdict", with(row, "verdict", "missed"), []step{{begin, "1"}}},
		},
		moments: []moment{{at: begin + a.wait}, {at: begin + a.wait + time.Hour}},
	}
}

// provenLeftOut lets objectives be missed that other alerts tell of, until these end.
func (a *alert) provenLeftOut(
	own map[string]func(until time.Duration) series, team string, tell func(objective, team, value, target string) string,
) scenario {
	const until = 2 * time.Hour
	s := scenario{name: "what an alert of its own tells of is left out while that one speaks"}
	var fires []firing
	for _, id := range slices.Sorted(maps.Keys(own)) {
		row := labels{"objective": id, "team": team, "window": quarter, "verdict": "missed"}
		s.series = append(s.series, own[id](until), series{"teamhealth_objective_verdict", row, always("1")})
		fires = append(fires, firing{row, tell(id, team, "unknown", "unknown")})
	}
	s.moments = []moment{{at: a.wait}, {at: until + a.wait - scrape}, {at: until + a.wait, firing: fires}}
	return s
}
