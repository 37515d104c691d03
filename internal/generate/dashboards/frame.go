package dashboards

import (
	"cmp"
	"time"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// prometheus is the data source that the reader has chosen.
func prometheus() grafana.Datasource {
	return grafana.Datasource{Type: "prometheus", UID: "${datasource}"}
}

// refreshes are the refresh intervals that Grafana offers, as far as they are
// of use here.
var refreshes = []scorecard.Span{
	scorecard.Span(5 * time.Minute), scorecard.Span(15 * time.Minute), scorecard.Span(30 * time.Minute),
	scorecard.Span(time.Hour), scorecard.Span(2 * time.Hour), scorecard.Span(24 * time.Hour),
}

// dashboard frames rows with what all dashboards have in common.
func (a *author) dashboard(uid string, variables []grafana.Variable, rows ...grafana.Row) grafana.Dashboard {
	of := find(uid)
	return grafana.Dashboard{
		UID: uid, Title: of.title, Description: a.policy.Organization + ": " + of.purpose,
		Tags: []string{"teamhealth"}, GraphTooltip: 1, Links: otherPages(uid),
		Panels: grafana.Arrange(rows...), Refresh: a.refresh(), Schema: grafana.SchemaVersion,
		Templating: grafana.Templating{List: variables},
		Time:       grafana.TimeRange{From: of.from, To: "now"},
		Timezone:   a.timezone(), FiscalStart: int(cmp.Or(a.policy.Calendar.FiscalStart, time.January)) - 1,
		Annotations: grafana.Annotations{List: []string{}},
	}
}

func find(uid string) page {
	for _, p := range pages {
		if p.uid == uid {
			return p
		}
	}
	return page{}
}

// timezone is the organisation's, for its quarters begin there.
func (a *author) timezone() string {
	switch loc := a.policy.Calendar.Location; loc {
	case nil, time.UTC:
		return "utc"
	default:
		return loc.String()
	}
}

// refresh is how often there can be something new: no source is read more often.
func (a *author) refresh() string {
	shortest := time.Duration(refreshes[len(refreshes)-1])
	for _, s := range a.policy.Sources {
		if s.Built {
			shortest = min(shortest, s.Interval)
		}
	}
	for _, offered := range refreshes {
		if time.Duration(offered) >= shortest {
			return offered.String()
		}
	}
	return refreshes[len(refreshes)-1].String()
}

// sourceVariables choose the data source and the teamhealth behind it.
func sourceVariables() []grafana.Variable {
	return []grafana.Variable{
		grafana.Sources("datasource", "Data source", "prometheus", "The Prometheus that scrapes teamhealth."),
		grafana.Values("job", "Job", "label_values(teamhealth_build_info, job)",
			"The job by which Prometheus scrapes teamhealth.", prometheus()),
		grafana.Values("instance", "Instance", `label_values(teamhealth_build_info{job=~"$job"}, instance)`,
			"The teamhealth that is shown. Of several, panels show each one, and tables of verdicts the worst.", prometheus()),
	}
}

// teamVariable chooses teams. The organisation is no choice of its own: it is
// there with all teams, because what is counted per incident has no sample for
// it, and a choice of it alone would show half of a dashboard.
func teamVariable() grafana.Variable {
	return grafana.Values("team", "Team",
		`label_values(teamhealth_objective_verdict{job=~"$job", instance=~"$instance", team!="org"}, team)`,
		"The teams that are shown. All has the organisation as a whole beside them.", prometheus()).WithAll()
}

// windowVariable chooses the span of time that values are about.
func windowVariable() grafana.Variable {
	return grafana.OneOf("window", "Window",
		"The time that values are about. A panel over time shows how they changed while it went by.",
		grafana.Choice{Text: windowTitle(scorecard.CurrentQuarter), Value: scorecard.CurrentQuarter},
		grafana.Choice{Text: windowTitle(scorecard.PreviousQuarter), Value: scorecard.PreviousQuarter},
		grafana.Choice{Text: windowTitle(scorecard.Last28Days), Value: scorecard.Last28Days},
	)
}

func windowTitle(window string) string {
	switch window {
	case scorecard.CurrentQuarter:
		return "Current quarter"
	case scorecard.PreviousQuarter:
		return "Previous quarter"
	default:
		return "Last 28 days"
	}
}

// teamVariables are those of a dashboard about teams in a window.
func teamVariables() []grafana.Variable {
	return append(sourceVariables(), teamVariable(), windowVariable())
}
