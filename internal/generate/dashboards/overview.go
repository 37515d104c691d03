package dashboards

import (
	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// overview is what a reader sees first: all teams and all objectives.
func (a *author) overview() grafana.Dashboard {
	return a.dashboard(overviewUID, teamVariables(),
		grafana.Row{Title: "The organisation", Panels: a.organisationAtAGlance()},
		grafana.Row{Title: "The teams", Panels: []grafana.Panel{a.teamScores(), a.teamsAtAGlance()}},
		grafana.Row{Title: "Objectives", Panels: []grafana.Panel{
			a.verdictMatrix("Verdicts", "of the window", chosenTeams, chosenWindow).Size(24, 22),
			a.scoreMatrix().Size(24, 22),
		}},
		grafana.Row{Title: "Over time", Panels: a.overTime()},
		grafana.Row{Title: "What the numbers rest on", Panels: a.trust()},
	)
}

// scores tells what a score is, where one is shown.
const scores = "The weighted mean of the scores of the objectives that are met (100%) or missed (less)." +
	" It is absent while less than half of what should be judged can be. It has no target; the verdicts below have."

func (a *author) organisationAtAGlance() []grafana.Panel {
	score, coverage := fields("percentunit"), judged("percentunit", grafana.From(doubtful, grafana.At(0.5, neutral)))
	score.Defaults.Links, coverage.Defaults.Links = a.drillDown(grafana.All), a.drillDown(grafana.All)
	counts := fields("short")
	for _, v := range verdicts {
		counts.Overrides = append(counts.Overrides, grafana.ByName(string(v.verdict),
			grafana.Property{ID: "displayName", Value: v.text},
			grafana.Property{ID: "color", Value: grafana.Color{Mode: "fixed", FixedColor: v.color}},
		))
	}
	return []grafana.Panel{
		grafana.Stat(score).Describe("Score of the organisation", scores).Size(5, 5).
			Ask(prometheus(), grafana.Now(of("scorecard_score_ratio", organisation, chosenWindow), "{{team}}")),
		grafana.Stat(coverage).Describe("Coverage",
			"The share of what should be judged that could be. Orange is less than half, which gives no score.").Size(5, 5).
			Ask(prometheus(), grafana.Now(of("scorecard_coverage_ratio", organisation, chosenWindow), "{{team}}")),
		grafana.Stat(counts).Describe("Objectives by verdict",
			"How many of the organisation's objectives have which verdict. A verdict that none has is not shown.").Size(14, 5).
			Ask(prometheus(), grafana.Now(
				sum(of("objective_verdict", organisation, chosenWindow), "verdict"), "{{verdict}}")),
	}
}

func (a *author) teamScores() grafana.Panel {
	look := fields("percentunit")
	look.Defaults.Links = a.drillDown(teamOfSeries)
	return grafana.Stat(look).Describe("Scores of the teams", scores+" A click on a team leads to its dashboards.").Size(24, 5).
		Ask(prometheus(), grafana.Now(
			of("scorecard_score_ratio", chosenTeams, oneTeamEach, chosenWindow), "{{team}}"))
}

func (a *author) teamsAtAGlance() grafana.Panel {
	counted := func(verdict string) string {
		chosen := []string{chosenTeams, oneTeamEach, chosenWindow}
		return orZero(
			sum(of("objective_verdict", append(chosen, verdict)...), "team"),
			sum(of("objective_verdict", chosen...), "team"),
		)
	}
	share := func(metric string) string {
		return each(of(metric, chosenTeams, oneTeamEach, chosenWindow), "team")
	}
	return a.table(byTeam(),
		numbers("Score", "percentunit", share("scorecard_score_ratio")),
		numbers("Coverage", "percentunit", share("scorecard_coverage_ratio")),
		numbers("Missed", "short", counted(equal("verdict", scorecard.Missed)),
			colored(grafana.From("transparent", grafana.At(1, bad)))...),
		numbers("Met", "short", counted(equal("verdict", scorecard.Met))),
		numbers("No or old data", "short", counted(`verdict=~"no_data|stale|insufficient_data"`)),
	).Describe("Teams at a glance",
		"The scores of the teams, the share of their objectives that could be judged, and how many objectives are"+
			" missed, met, or cannot be judged. A click on a team leads to its dashboards.").Size(24, 8)
}

// verdictMatrix shows the verdicts of all objectives that matchers select.
func (a *author) verdictMatrix(title, what string, matchers ...string) grafana.Panel {
	return a.matrix("max by (objective, team) ("+verdictCodes(matchers...)+")", "objective", "Objective", verdictFields()).
		Describe(title, "The verdict on each objective for each team, "+what+
			". A dash is where an objective does not apply. A click on a verdict leads to the team's dashboards.")
}

func (a *author) scoreMatrix() grafana.Panel {
	query := "min by (objective, team) (" + of("objective_score_ratio", chosenTeams, chosenWindow) + ")"
	return a.matrix(query, "objective", "Objective", fields("percentunit")).
		Describe("Scores", "How close each team is to each target: 100% is met, less is missed. A dash is where there is"+
			" no score, because the objective does not apply, has no target or could not be judged.")
}

func (a *author) overTime() []grafana.Panel {
	panels := []grafana.Panel{
		grafana.Timeseries(lines("percentunit", nil)).Describe("Scores over time",
			"How the scores for the chosen window went. At the start of a quarter few objectives can be judged yet.").Size(24, 9).
			Ask(prometheus(), grafana.Over(of("scorecard_score_ratio", chosenTeams, chosenWindow), "{{team}}")),
	}
	judgedOnes := a.objectives(func(o *scorecard.Objective) bool { return o.Target != nil || o.TargetFrom != "" })
	if len(judgedOnes) == 0 {
		return panels
	}
	look := verdictFields()
	for _, o := range judgedOnes {
		look.Overrides = append(look.Overrides, grafana.ByName(o.ID, grafana.Property{ID: "displayName", Value: o.Title}))
	}
	return append(panels,
		grafana.StateTimeline(look).Describe("Verdicts on the organisation over time",
			"When which verdict held on each of the organisation's objectives that have a target.").Size(24, 16).
			Ask(prometheus(), grafana.Over(
				each(verdictCodes(among(judgedOnes), organisation, chosenWindow), "objective"), "{{objective}}")))
}

func (a *author) trust() []grafana.Panel {
	unknown := judged("short", grafana.From(neutral, grafana.At(1, doubtful)))
	return []grafana.Panel{
		a.lastReads().Size(8, 5),
		grafana.Stat(unknown).Describe("Services of no team",
			"Services with incidents in the current quarter that the configuration gives to no team: they are on no scorecard.").
			Size(5, 5).Ask(prometheus(), grafana.Now(of("unmapped_services"), "services")),
		grafana.Stat(unknown).Describe("Accounts of nobody",
			"Accounts that acted in the current quarter and are in nobody's entry of the roster.").
			Size(5, 5).Ask(prometheus(), grafana.Now(of("unmapped_people"), "accounts")),
		grafana.Stat(unknown).Describe("Exceptions to review",
			"Configured exceptions that no longer cover anything new, or never covered anything.").
			Size(6, 5).Ask(prometheus(), grafana.Now(
			orZero(sum(of("exception_expired")), sum(of("unmapped_services"))), "exceptions")),
	}
}
