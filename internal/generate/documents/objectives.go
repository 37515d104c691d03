package documents

import (
	"fmt"
	"strings"

	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

const preface = `Every line of the organisation's document, in the order in which rows stand on a card: its own words, how they are read, and how they are measured. ` +
	"The pages of the measures say what is looked at, what is left out and why, and what may weaken a number; `teamhealth explain OBJECTIVE` fills the formula in. " +
	"[The rubric](rubric.md) says how to change all of this."

// objectivesPage writes a section for each objective, by category.
func objectivesPage(r *scorecard.Rubric) []byte {
	p := newPage("Objectives")
	p.paragraph(preface)
	p.paragraph(overview(r))
	category := ""
	for _, o := range r.Objectives {
		if o.Category != category {
			category = o.Category
			fmt.Fprintf(p, "\n## %s\n", words(category))
		}
		objectiveSection(p, o)
	}
	return p.content()
}

// overview is the rubric as a table.
func overview(r *scorecard.Rubric) string {
	var rows [][]string
	for _, o := range r.Objectives {
		rows = append(rows, []string{
			fmt.Sprintf("[%s](#%s)", oneLine(o.Title), o.ID), link(o.Measure), target(o), subjects(o),
		})
	}
	return table([]string{"objective", "measure", "target", "for"}, rows)
}

func objectiveSection(p *page, o scorecard.Objective) {
	fmt.Fprintf(p, "\n### %s\n", o.ID)
	p.paragraph("**" + oneLine(o.Title) + "**")
	if o.Quote != "" {
		p.paragraph("> " + oneLine(o.Quote))
	}
	p.paragraph(o.Interpretation)
	p.paragraph(list(facts(o)))
	if o.Remediation != "" {
		p.paragraph("When it is missed: " + o.Remediation)
	}
}

// facts are what there is to know of an objective beside its words.
func facts(o scorecard.Objective) []string {
	list := []string{
		fmt.Sprintf("Measured by %s: `%s`", link(o.Measure), measures.Formula(o)),
		fmt.Sprintf("Target: %s, as %s", target(o), code(string(o.Unit))),
		"Window: " + window(o) + onlyLong(o),
		"For: " + subjects(o),
	}
	if given := settings(o); given != "" {
		list = append(list, "Parameters: "+given)
	}
	if m, ok := measures.Of(o.Measure); ok {
		list = append(list,
			fmt.Sprintf("Population: %s [Classes](%s%s.md#population)", m.Population, folder, m.ID),
			"Sources: "+read(m, o),
			fmt.Sprintf("Caveats: [what its rows may say](%s%s.md#caveats)", folder, m.ID))
	}
	return append(list, fmt.Sprintf("Weight: %s; judged from %s on", o.Weight, items(o.MinN)))
}

func items(n int) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

// read names the sources of an objective.
func read(m measures.Measure, o scorecard.Objective) string {
	var names []string
	for _, s := range m.SourcesOf(o) {
		names = append(names, code(string(s)))
	}
	if len(names) == 0 {
		return "none but the configuration"
	}
	return strings.Join(names, ", ")
}

func link(m scorecard.Measure) string { return fmt.Sprintf("[`%s`](%s%s.md)", m, folder, m) }

func target(o scorecard.Objective) string {
	sides := map[scorecard.Direction]string{
		scorecard.AtLeast: "at least", scorecard.Above: "above", scorecard.AtMost: "at most", scorecard.Below: "below",
	}
	switch {
	case o.TargetFrom != "":
		return sides[o.Direction] + " `" + o.TargetFrom + "` of the team"
	case o.Target == nil:
		return "none, tracked"
	}
	return sides[o.Direction] + " " + o.Target.String()
}

func window(o scorecard.Objective) string {
	switch o.Window {
	case scorecard.WindowYear:
		return "the fiscal year of the card's end (`year`)"
	case scorecard.WindowTrailingYear:
		return "the 12 months before the card's end (`trailing_year`)"
	default:
		return "the card's period (`period`)"
	}
}

// onlyLong says where cards of months and rolling periods have no row for the objective.
func onlyLong(o scorecard.Objective) string {
	counts := o.Measure == scorecard.MeasureTicketCount || o.Measure == scorecard.MeasureRecordCount
	if counts || o.Window != scorecard.WindowPeriod || o.Measure == scorecard.MeasureHiringPlan || o.Requires != "" {
		return ", on cards of quarters and years only"
	}
	return ""
}

// subjects says whose cards have a row for the objective.
func subjects(o scorecard.Objective) string {
	var parts []string
	for _, s := range o.Scope {
		parts = append(parts, map[scorecard.Scope]string{scorecard.ScopeTeam: "teams", scorecard.ScopeOrg: "the organisation"}[s])
	}
	parts = []string{strings.Join(parts, " and ")}
	for _, l := range o.Lines {
		parts = append(parts, fmt.Sprintf("line `%s`", l))
	}
	if o.Requires != "" {
		parts = append(parts, fmt.Sprintf("with `%s`", o.Requires))
	}
	return strings.Join(parts, ", ")
}

// words makes a heading of a category.
func words(category string) string {
	return sentence(strings.ReplaceAll(category, "_", " "))
}
