package dashboards

import (
	"slices"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// column says how a column of numbers looks. That a value is missing is said
// here and not for the whole table: to Grafana, every text is a missing number.
func column(title, unit string, more ...grafana.Property) grafana.Override {
	return grafana.ByName(title, append([]grafana.Property{
		{ID: "unit", Value: unit}, {ID: "mappings", Value: []grafana.Mapping{noData()}},
	}, more...)...)
}

// teamNames makes names of ids.
func (a *author) teamNames() grafana.Mapping {
	names := map[string]grafana.Shown{scorecard.OrgID: {Text: "Organisation"}}
	for i, t := range a.policy.Teams {
		names[t.ID] = grafana.Shown{Text: t.Name, Index: i + 1}
	}
	return grafana.ByValue(names)
}

// objectiveTitles makes titles of ids, with the unit where a bare number does
// not tell it.
func (a *author) objectiveTitles() grafana.Mapping {
	titles := map[string]grafana.Shown{}
	for i, o := range a.policy.Rubric.Objectives {
		title := o.Title
		if o.Unit == scorecard.UnitDays || o.Unit == scorecard.UnitSeconds {
			title += " (" + string(o.Unit) + ")"
		}
		titles[o.ID] = grafana.Shown{Text: title, Index: i}
	}
	return grafana.ByValue(titles)
}

// fact is a query that is one column of a table.
type fact struct {
	title string
	query string
	looks grafana.Override
}

// numbers is a fact that is a number of a unit.
func numbers(title, unit, query string, more ...grafana.Property) fact {
	return fact{title, query, column(title, unit, more...)}
}

// words is a fact that is a verdict.
func words(title string, matchers ...string) fact {
	return fact{title, each(verdictCodes(matchers...), "objective", "team"), verdictColumn(title)}
}

// colored fills the cells of a column by thresholds.
func colored(t *grafana.Thresholds) []grafana.Property {
	return []grafana.Property{{ID: "thresholds", Value: t}, {ID: "custom.displayMode", Value: coloredCell}}
}

// table shows facts of rows that labels name. The labels are the first columns.
func (a *author) table(labels []grafana.Column, facts ...fact) grafana.Panel {
	look := judged("short", grafana.From("transparent"))
	look.Defaults.Mappings = nil
	var targets []grafana.Target
	columns := slices.Clone(labels)
	for i, f := range facts {
		targets = append(targets, grafana.Rows(f.query))
		look.Overrides = append(look.Overrides, f.looks)
		columns = append(columns, grafana.Column{Field: grafana.ValueOf(i, len(facts)), Title: f.title})
	}
	for _, l := range labels {
		look.Overrides = append(look.Overrides, a.labelColumn(l))
	}
	p := grafana.Table(look, labels[0].Title).Ask(prometheus(), targets...)
	p.Transformations = []grafana.Transformation{grafana.Merge(), grafana.Organize(columns, "Time", "job", "instance")}
	return p
}

// labelColumn shows the values of a label: teams by name, with links to what
// there is about them, objectives by title, and others as they are.
func (a *author) labelColumn(c grafana.Column) grafana.Override {
	names := []grafana.Mapping{}
	switch c.Field {
	case "team":
		return grafana.ByName(c.Title,
			grafana.Property{ID: "mappings", Value: append(names, a.teamNames())}, a.teamLinks(teamOfCell))
	case "objective":
		names = append(names, a.objectiveTitles())
	}
	return grafana.ByName(c.Title, grafana.Property{ID: "mappings", Value: names})
}

// The columns that name the rows of tables.
func byTeam() []grafana.Column { return []grafana.Column{{Field: "team", Title: "Team"}} }

func byTeamAndObjective() []grafana.Column {
	return append(byTeam(), grafana.Column{Field: "objective", Title: "Objective"})
}

// matrix shows a query's values with a row per value of a label and a column
// for each team, whose cells lead to what there is about the team.
func (a *author) matrix(query, label, title string, look grafana.FieldConfig) grafana.Panel {
	columns := []grafana.Column{{Field: label + `\team`, Title: title}, {Field: scorecard.OrgID, Title: "Organisation"}}
	links := []grafana.Override{grafana.ByName("Organisation", a.teamLinks(grafana.All))}
	for _, t := range a.policy.Teams {
		columns = append(columns, grafana.Column{Field: t.ID, Title: t.Name})
		links = append(links, grafana.ByName(t.Name, a.teamLinks(t.ID)))
	}
	look.Defaults.NoValue = "–" // There is no such row: nobody asked for it.
	look.Defaults.Color, look.Defaults.Thresholds = &grafana.Color{Mode: "thresholds"}, grafana.From("transparent")
	look.Defaults.Custom = &grafana.Custom{DisplayMode: coloredCell}
	look.Overrides = append(append(look.Overrides, links...), a.labelColumn(grafana.Column{Field: label, Title: title}))
	p := grafana.Table(look, title).Ask(prometheus(), grafana.Rows(query))
	p.Transformations = []grafana.Transformation{grafana.ToMatrix(label, "team"), grafana.Organize(columns)}
	return p
}

func (a *author) teamLinks(team string) grafana.Property {
	return grafana.Property{ID: "links", Value: a.drillDown(team)}
}
