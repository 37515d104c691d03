package alerts

import (
	"fmt"
	"time"

	"teamhealth/scorecard"
)

// postmortemOverdue tells of post-mortems that nobody has written in time.
func postmortemOverdue(d *document) *alert {
	objectives := d.ofTeams(scorecard.MeasurePostmortems)
	if len(objectives) == 0 {
		return nil
	}
	first := objectives[0]
	team := d.example(first)
	due := each(objectives, func(o scorecard.Objective) string { return term(o.Due) })
	tell := func(team, incidents string) string {
		return fmt.Sprintf("Resolved incidents of %s that have no finished post-mortem after %s: %s.", team, due, incidents)
	}
	a := &alert{
		name: "TeamhealthPostmortemOverdue", about: ofObjectives, severity: warning, dashboard: dashboardReliability,
		why: "An incident of the last days of a quarter becomes overdue in the next one, so both are counted; no incident is in\n" +
			"two quarters. The organisation's number repeats those of the teams.",
		expression:  overduePostmortems,
		wait:        time.Hour,
		summary:     "Post-mortems are overdue.",
		description: tell("{{ $labels.team }}", `{{ $value | printf "%.0f" }}`),
		runbook: runbook{
			means: fmt.Sprintf("Incidents of the team were resolved more than %s ago, in this quarter or the last, and have no finished post-mortem: none names them, or it is still open, or it was declined.", due),
			check: paragraphs(
				"Which incidents miss theirs; `missing` is the class to look for, and an open post-mortem is named with its incident:",
				command(explain(first.ID, team, "current"), explain(first.ID, team, "previous")),
				"How many are overdue, and how many will be if nothing is written:",
				query(fmt.Sprintf(`teamhealth_postmortems_overdue{team=%q,window=~"current_quarter|previous_quarter"}`, team)),
				query(fmt.Sprintf(`teamhealth_postmortems_pending{team=%q,window=~"current_quarter|previous_quarter"}`, team))),
			act: paragraphs(first.Remediation,
				"A post-mortem that exists and is not found does not name its incident: by the configured field, by the incident's address in the text, by a label `pd-` and the incident's id, or by a link to a ticket that names it. Correct the ticket, not the configuration."),
			silence: "team=" + team,
			silent: "Nothing is overdue, or nobody can tell: while Jira or PagerDuty cannot be asked at all there is no sample. " +
				"With old data the number is that of the last read. What became overdue before the last quarter is no longer told of.",
		},
	}
	a.scenarios = []scenario{a.provenOverdue(team, tell)}
	return a
}

// overduePostmortems counts those of this quarter and the last.
const overduePostmortems = `sum without (window) (
  teamhealth_postmortems_overdue{team!="org",window=~"current_quarter|previous_quarter"}
) > 0`

// provenOverdue lets a post-mortem of this quarter and two of the last be
// overdue, and then all be written.
func (a *alert) provenOverdue(team string, tell func(team, incidents string) string) scenario {
	const begin, end = 10 * time.Minute, 3 * time.Hour
	overdue := func(window, before, then string) series {
		return series{
			"teamhealth_postmortems_overdue",
			labels{"team": team, "window": window},
			[]step{{0, before}, {begin, then}, {end, before}},
		}
	}
	org := overdue("current_quarter", "1", "3")
	org.labels = with(org.labels, "team", scorecard.OrgID)
	return scenario{
		name:    "those of this quarter and the last fire for their team until they are written",
		series:  []series{overdue("current_quarter", "0", "1"), overdue("previous_quarter", "0", "2"), overdue("28d", "1", "3"), org},
		moments: a.phases(begin, end, firing{labels{"team": team}, tell(team, "3")}),
	}
}
