package dashboards

import (
	"slices"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// objectives are those of the rubric that a dashboard wants, in its order.
func (a *author) objectives(wanted func(*scorecard.Objective) bool) []scorecard.Objective {
	var list []scorecard.Objective
	for i := range a.policy.Rubric.Objectives {
		if o := &a.policy.Rubric.Objectives[i]; wanted(o) {
			list = append(list, *o)
		}
	}
	return list
}

// measuring are the objectives of some measures, whatever they are called.
func (a *author) measuring(measures ...scorecard.Measure) []scorecard.Objective {
	return a.objectives(func(o *scorecard.Objective) bool { return slices.Contains(measures, o.Measure) })
}

// valuePanels show the value of each objective, now and over time, held against
// its target.
func (a *author) valuePanels(objectives []scorecard.Objective) []grafana.Panel {
	var panels []grafana.Panel
	for i := range objectives {
		o := &objectives[i]
		value := of("objective_value", equal("objective", o.ID), chosenTeams, chosenWindow)
		look := valueFields(o)
		look.Defaults.Links = a.drillDown(teamOfSeries)
		panels = append(panels,
			grafana.Stat(look).Describe(titled(o), explained(o)).Size(10, 8).
				Ask(prometheus(), grafana.Now(value, "{{team}}")),
			grafana.Timeseries(valueLines(o)).Describe(o.Title+" over time",
				"How the value for the chosen window went"+dashed(o)+".").Size(14, 8).
				Ask(prometheus(), grafana.Over(value, "{{team}}")),
		)
	}
	return panels
}

func dashed(o *scorecard.Objective) string {
	if o.Target == nil {
		return ""
	}
	return "; the dashed line is the target, " + aim(o)
}

// verdictsOverTime shows when the chosen teams met objectives.
func verdictsOverTime(title string, objectives []scorecard.Objective) grafana.Panel {
	labels, legend := []string{"team"}, "{{team}}"
	if len(objectives) > 1 {
		labels, legend = append(labels, "objective"), "{{team}}: {{objective}}"
	}
	return grafana.StateTimeline(verdictFields()).Describe(title,
		"When which verdict held on each team, for the chosen window.").Size(24, 8).
		Ask(prometheus(), grafana.Over(
			each(verdictCodes(among(objectives), chosenTeams, chosenWindow), labels...), legend))
}
