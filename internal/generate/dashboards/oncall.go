package dashboards

import (
	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// oncall is about the people who are on call.
func (a *author) oncall() grafana.Dashboard {
	return a.dashboard(oncallUID, teamVariables(),
		grafana.Row{Title: "What on-call costs", Panels: a.burden()},
		grafana.Row{Title: "How fast people answer", Panels: a.response()},
		grafana.Row{Title: "Incidents", Panels: []grafana.Panel{openIncidents(), incidentsByTeam()}},
		grafana.Row{Title: "Rotations", Panels: a.rotations()},
	)
}

func (a *author) burden() []grafana.Panel {
	objectives := a.measuring(scorecard.MeasureOncallBurden)
	if len(objectives) == 0 {
		return nil
	}
	return append(a.valuePanels(objectives),
		verdictsOverTime("Verdicts on the burden over time", objectives),
		a.load(&objectives[0]).Size(14, 9), a.pages().Size(10, 9), nightlyPages(),
	)
}

// heavyWeek is how many times the target of the burden one person's worst week
// may take before it is called heavy.
const heavyWeek = 3

// usualShare is the share of time on call that Google's book on reliability
// takes for the most that is sound.
const usualShare = 0.25

func (a *author) load(burden *scorecard.Objective) grafana.Panel {
	gauge := func(metric string) string { return each(of(metric, chosenTeams, chosenWindow), "team") }
	week := numbers("Worst week of one person", "percentunit", gauge("oncall_worst_week_ratio"))
	explanation := ""
	if burden.Target != nil {
		limit := burden.Target.Mul(scorecard.Int(heavyWeek))
		week = numbers(week.title, "percentunit", week.query,
			colored(grafana.From("transparent", over(limit.Float(), doubtful)))...)
		explanation = " A week above " + limit.Mul(scorecard.Int(100)).String() + "%, three times the target, is orange."
	}
	return a.table(byTeam(),
		numbers("Time that incidents took", "s", gauge("oncall_engaged_seconds")),
		numbers("Most of one person", "percentunit", gauge("oncall_burden_worst_ratio")),
		week,
		numbers("Share of time on call", "percentunit", gauge("oncall_share_ratio"),
			colored(grafana.From("transparent", over(usualShare, doubtful)))...),
	).Describe("Load of the teams", "The time that incidents took, its share of the working time of the one person and the one"+
		" person's week that had most of it, and the mean share of time that people were first on call."+explanation+
		" A share of time above 25%, the most that Google advises, is orange."+
		" What compares people is absent for fewer than three of them.")
}

func (a *author) pages() grafana.Panel {
	return a.matrix(
		"max by (hours, team) ("+of("oncall_pages", chosenTeams, chosenWindow)+")", "hours", "Hours", fields("short"),
	).Describe("Pages by hours of the day", "Pages to people in their own time zone: business is Monday to Friday, 8 to 18 h;"+
		" sleep is 22 to 8 h; off is the rest.")
}

func nightlyPages() grafana.Panel {
	return grafana.Timeseries(lines("short", nil)).Describe("Pages in sleeping hours",
		"How many pages of the chosen window came between 22 and 8 h of the person's own time.").Size(24, 8).
		Ask(prometheus(), grafana.Over(of("oncall_pages", `hours="sleep"`, chosenTeams, chosenWindow), "{{team}}"))
}

func (a *author) response() []grafana.Panel {
	times := responseTimes()
	objectives := a.measuring(scorecard.MeasureResponseTime)
	if len(objectives) == 0 {
		return []grafana.Panel{times}
	}
	return append(a.valuePanels(objectives), a.evidence(objectives).Size(16, 9), unanswered(), times)
}

// evidence shows how much lies behind a proportion.
func (a *author) evidence(objectives []scorecard.Objective) grafana.Panel {
	gauge := func(metric string) string {
		return each(of(metric, among(objectives), chosenTeams, chosenWindow), "objective", "team")
	}
	return a.table(byTeamAndObjective(),
		numbers("In time", "short", gauge("objective_numerator")),
		numbers("Of", "short", gauge("objective_denominator")),
		numbers("Value", "percentunit", gauge("objective_value"), precise(objectives)...),
		numbers("At least (95%)", "percentunit", gauge("objective_interval_low_ratio")),
		numbers("At most (95%)", "percentunit", gauge("objective_interval_high_ratio")),
		words("Verdict", among(objectives), chosenTeams, chosenWindow),
	).Describe("How sure the response is", "The incidents that were answered in time, those that were judged, and the 95%"+
		" confidence interval of their share. A target inside the interval is neither proven met nor proven missed.")
}

func unanswered() grafana.Panel {
	return grafana.Stat(judged("short", grafana.From(neutral, grafana.At(1, doubtful)))).Describe("Incidents that nobody answered",
		"Incidents of the chosen window that should have woken somebody and that no person answered. They count as not in time.").
		Size(8, 9).Ask(prometheus(), grafana.Now(of("incidents_unanswered", chosenTeams, chosenWindow), "{{team}}"))
}

func responseTimes() grafana.Panel {
	return grafana.Heatmap("s").Describe("Response times", "How long it took until a person answered, of answered"+
		" high-urgency incidents only. The darker, the more incidents. A mark is one incident; its menu leads to it.").
		Size(24, 10).Ask(prometheus(), grafana.Buckets(
		sum(increase(of("incident_response_seconds_bucket", chosenTeams)), "le")))
}

func openIncidents() grafana.Panel {
	return grafana.Stat(fields("short")).Describe("Open incidents", "Incidents that are open now, by their status.").
		Size(8, 8).Ask(prometheus(), grafana.Now(sum(of("incidents_open", chosenTeams), "status"), "{{status}}"))
}

func incidentsByTeam() grafana.Panel {
	return grafana.Timeseries(lines("short", nil)).Describe("Incidents a day",
		"How many incidents began, per day, by the team that has the service.").Size(16, 8).
		Ask(prometheus(), grafana.Over(perDay(sum(rate(of("incidents_total", chosenTeams)), "team")), "{{team}}"))
}

// rotations are judged for quarters, not for a window of days.
func (a *author) rotations() []grafana.Panel {
	objectives := a.measuring(scorecard.MeasureRotationCoverage, scorecard.MeasureRotationSize,
		scorecard.MeasureRotationShift, scorecard.MeasureEscalationDepth)
	if len(objectives) == 0 {
		return nil
	}
	return []grafana.Panel{
		a.verdictMatrix("Rotations in the current quarter", "of the current quarter whatever the chosen window is",
			among(objectives), chosenTeams, equal("window", scorecard.CurrentQuarter)).Size(24, 8),
	}
}
