package dashboards

import (
	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// reliability is about the services, and what is learned from their incidents.
func (a *author) reliability() grafana.Dashboard {
	return a.dashboard(reliabilityUID, teamVariables(),
		grafana.Row{Title: "Reliability", Panels: a.uptime()},
		grafana.Row{Title: "Error budget", Panels: a.budgets()},
		grafana.Row{Title: "Incidents", Panels: []grafana.Panel{incidentsByUrgency(), resolutionTimes()}},
		grafana.Row{Title: "Post-mortems", Panels: a.postmortems()},
	)
}

func (a *author) uptime() []grafana.Panel {
	panels := a.valuePanels(a.measuring(scorecard.MeasureAvailability))
	if all := a.measuring(scorecard.MeasureAvailability, scorecard.MeasureEvents); len(all) > 0 {
		panels = append(panels, verdictsOverTime("Verdicts on reliability over time", all))
	}
	return panels
}

func (a *author) budgets() []grafana.Panel {
	objectives := a.objectives(func(o *scorecard.Objective) bool {
		return o.Measure == scorecard.MeasureAvailability && !o.CountsEvents()
	})
	if len(objectives) == 0 {
		return nil
	}
	gauge := func(metric string) string { return of(metric, among(objectives), chosenTeams, chosenWindow) }
	allowed, remaining := gauge("error_budget_seconds"), gauge("error_budget_remaining_seconds")
	left := judged("percentunit", grafana.From(bad, grafana.At(0, good)))
	left.Defaults.Min, left.Defaults.Max = new(0.0), new(1.0)
	left.Defaults.Links = a.drillDown(teamOfSeries)
	row := func(expression string) string { return each(expression, "objective", "team") }
	return []grafana.Panel{
		grafana.Gauge(left).Describe("Error budget that is left", "The share of the downtime that the target allows in the whole"+
			" window which is not used up. Below zero, in red, more was used than is allowed, and the target is missed.").
			Size(12, 10).Ask(prometheus(), grafana.Now(remaining+" / ("+allowed+" > 0)", "{{team}} {{objective}}")),
		a.table(byTeamAndObjective(),
			numbers("Allowed", "s", row(allowed)),
			numbers("Left", "s", row(remaining), colored(grafana.From(bad, grafana.At(0, "transparent")))...),
			words("Verdict", among(objectives), chosenTeams, chosenWindow),
		).Describe("Error budgets", "The downtime that the target allows in the whole window, and what of it is left."+
			" In red, more was used than is allowed.").Size(12, 10),
		grafana.Stat(fields("s")).Describe("Downtime", "Downtime in the window of the service that was down longest,"+
			" outside maintenance windows.").Size(10, 8).
			Ask(prometheus(), grafana.Now(of("downtime_seconds", chosenTeams, chosenWindow), "{{team}}")),
		grafana.Timeseries(lines("s", grafana.From(bad, grafana.At(0, good)))).Describe("Error budget over time",
			"What of the allowed downtime was left. The dashed line is where nothing is left.").Size(14, 8).
			Ask(prometheus(), grafana.Over(remaining, "{{team}} {{objective}}")),
	}
}

func incidentsByUrgency() grafana.Panel {
	return grafana.Timeseries(lines("short", nil)).Describe("Incidents a day by urgency",
		"How many incidents of the chosen teams began, per day, by their urgency at the beginning.").Size(24, 8).
		Ask(prometheus(), grafana.Over(perDay(sum(rate(of("incidents_total", chosenTeams)), "urgency")), "{{urgency}}"))
}

func resolutionTimes() grafana.Panel {
	return grafana.Heatmap("s").Describe("Resolution times", "How long incidents were open until their first resolve,"+
		" whoever made it. The darker, the more incidents. A mark is one incident; its menu leads to it.").
		Size(24, 10).Ask(prometheus(), grafana.Buckets(
		sum(increase(of("incident_resolution_seconds_bucket", chosenTeams)), "le")))
}

func (a *author) postmortems() []grafana.Panel {
	objectives := a.measuring(scorecard.MeasurePostmortems)
	if len(objectives) == 0 {
		return nil
	}
	count := func(metric string) string { return each(of(metric, chosenTeams, chosenWindow), "team") }
	return append(a.valuePanels(objectives),
		a.table(byTeam(),
			numbers("Needed", "short", count("postmortems_required")),
			numbers("Written", "short", count("postmortems_completed")),
			numbers("Overdue", "short", count("postmortems_overdue"),
				colored(grafana.From("transparent", grafana.At(1, bad)))...),
			numbers("Not due yet", "short", count("postmortems_pending")),
		).Describe("State of the post-mortems", "Resolved incidents of the window that need a post-mortem: those that have it, those whose"+
			" time to write it is over without one, and those whose time is not over.").Size(10, 9),
		grafana.Timeseries(lines("short", nil)).Describe("Overdue post-mortems over time",
			"How many post-mortems of the window were overdue.").Size(14, 9).
			Ask(prometheus(), grafana.Over(of("postmortems_overdue", chosenTeams, chosenWindow), "{{team}}")),
	)
}
