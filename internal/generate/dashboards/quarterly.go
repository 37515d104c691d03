package dashboards

import (
	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// bothQuarters are what a review holds beside each other.
const bothQuarters = `window=~"` + scorecard.CurrentQuarter + "|" + scorecard.PreviousQuarter + `"`

// quarterly is for the review of a quarter. It has no window to choose: it
// shows the quarter that is over beside the one that runs.
func (a *author) quarterly() grafana.Dashboard {
	a = &author{policy: a.policy, window: "var-window=" + scorecard.PreviousQuarter}
	previous, current := equal("window", scorecard.PreviousQuarter), equal("window", scorecard.CurrentQuarter)
	return a.dashboard(quarterlyUID, append(sourceVariables(), teamVariable()),
		grafana.Row{Title: "Scores", Panels: a.quarterScores()},
		grafana.Row{Title: "Verdicts", Panels: []grafana.Panel{
			a.verdictMatrix("Previous quarter", "of the quarter that is over", chosenTeams, previous).Size(24, 22),
			a.verdictMatrix("Current quarter", "of the quarter that runs", chosenTeams, current).Size(24, 22),
		}},
		grafana.Row{Title: "Values", Panels: a.quarterValues()},
	)
}

func (a *author) quarterScores() []grafana.Panel {
	look := fields("percentunit")
	for _, window := range []string{scorecard.PreviousQuarter, scorecard.CurrentQuarter} {
		look.Overrides = append(look.Overrides,
			grafana.ByName(window, grafana.Property{ID: "displayName", Value: windowTitle(window)}))
	}
	return []grafana.Panel{
		grafana.Text("**How to read this page.** The previous quarter is over; the current one runs, and counts that have not"+
			" reached their target in it are *pending*, not missed. A verdict is exact: values are rounded for reading, verdicts"+
			" are not. What has no data, is too little or is stale is said in words and is never a zero.\n").
			Describe("Reading this page", "What the verdicts of the two quarters mean.").Size(8, 7),
		grafana.Stat(look).Describe("Score of the organisation", scores).Size(6, 7).
			Ask(prometheus(), grafana.Now(of("scorecard_score_ratio", organisation, bothQuarters), "{{window}}")),
		a.table(byTeam(),
			numbers("Previous quarter", "percentunit", a.quarterScore(scorecard.PreviousQuarter)),
			numbers("Current quarter", "percentunit", a.quarterScore(scorecard.CurrentQuarter)),
		).Describe("Scores of the teams", scores).Size(10, 7),
	}
}

func (a *author) quarterScore(window string) string {
	return each(of("scorecard_score_ratio", chosenTeams, equal("window", window)), "team")
}

// quarterValues shows values in two tables, because a column has one unit.
func (a *author) quarterValues() []grafana.Panel {
	var panels []grafana.Panel
	shares := a.objectives(func(o *scorecard.Objective) bool { return o.Unit == scorecard.UnitRatio })
	if len(shares) > 0 {
		panels = append(panels, a.quarterTable(shares).Describe("Shares",
			"Target, value and verdict of both quarters, of the objectives that are a share of a whole.").Size(24, 22))
	}
	rest := a.objectives(func(o *scorecard.Objective) bool { return o.Unit != scorecard.UnitRatio })
	if len(rest) > 0 {
		panels = append(panels, a.quarterTable(rest).Describe("Counts, scores and times",
			"Target, value and verdict of both quarters, of the objectives that are counted or measured.").Size(24, 16))
	}
	return panels
}

// quarterTable shows the values of both quarters, all in the unit of the first
// objective.
func (a *author) quarterTable(objectives []scorecard.Objective) grafana.Panel {
	chosen := []string{among(objectives), chosenTeams}
	value := func(title, metric string, more ...string) fact {
		query := each(of(metric, append(chosen, more...)...), "objective", "team")
		return numbers(title, unit(objectives[0].Unit), query, precise(objectives)...)
	}
	previous, current := equal("window", scorecard.PreviousQuarter), equal("window", scorecard.CurrentQuarter)
	return a.table(byTeamAndObjective(),
		value("Target", "objective_target"),
		value("Previous quarter", "objective_value", previous),
		words("Previous verdict", append(chosen, previous)...),
		value("Current quarter", "objective_value", current),
		words("Current verdict", append(chosen, current)...),
	)
}
