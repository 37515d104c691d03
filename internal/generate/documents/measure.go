package documents

import (
	"fmt"
	"strings"

	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

// measurePage writes what is true of a measure, and which objectives use it.
func measurePage(m measures.Measure, r *scorecard.Rubric) []byte {
	p := newPage(fmt.Sprintf("%s (`%s`)", m.Title, m.ID))
	p.paragraph(m.Question)
	p.paragraph(usedBy(m, r))
	p.section("Formula", formulas(m, r))
	p.paragraph(m.Reading)
	p.section("Population", m.Population)
	p.paragraph(classes(m))
	p.section("The organisation's row", m.Org)
	p.section("Parameters", parameters(m))
	p.section("Details", details(m))
	p.section("Evidence", m.Evidence)
	p.section("Sources", sources(m))
	p.section("Caveats", caveats(m))
	p.section("Where it comes from", m.Origin)
	return p.content()
}

// usedBy links the objectives of a measure.
func usedBy(m measures.Measure, r *scorecard.Rubric) string {
	var links []string
	for _, o := range r.Objectives {
		if o.Measure == m.ID {
			links = append(links, fmt.Sprintf("[%s](../%s#%s)", oneLine(o.Title), objectives, o.ID))
		}
	}
	if len(links) == 0 {
		return "No objective of the rubric is measured by it; [the rubric](../rubric.md) says how to add one."
	}
	return "Measures " + strings.Join(links, ", ") + "."
}

// formulas writes the formula, and those of the objectives where they differ from it.
func formulas(m measures.Measure, r *scorecard.Rubric) string {
	usual := measures.Formula(scorecard.Objective{Measure: m.ID})
	parts := []string{fmt.Sprintf("```text\nvalue = %s\n```", usual)}
	var others []string
	for _, o := range r.Objectives {
		if f := measures.Formula(o); o.Measure == m.ID && f != usual {
			others = append(others, fmt.Sprintf("[%s](../%s#%s): `%s`", oneLine(o.Title), objectives, o.ID, f))
		}
	}
	if len(others) > 0 {
		parts = append(parts, list(others))
	}
	return strings.Join(parts, "\n\n")
}

func classes(m measures.Measure) string {
	var rows [][]string
	for _, c := range m.Classes {
		in := string(c.Counted)
		if c.Counted == scorecard.NotCounted {
			in = "nothing"
		}
		rows = append(rows, []string{code(c.Word), in, sentence(c.Meaning)})
	}
	return table([]string{"class", "counted in", "what it is, and why"}, rows)
}

func parameters(m measures.Measure) string {
	var rows [][]string
	for _, f := range m.Parameters {
		usual := "none"
		switch {
		case f.Required:
			usual = "required"
		case f.Default != "":
			usual = code(f.Default)
		}
		rows = append(rows, []string{code(f.Key), usual, f.Meaning})
	}
	if len(rows) == 0 {
		return "None beside the keys that every objective has: see [the rubric](../rubric.md)."
	}
	return table([]string{"key", "default", "what it says"}, rows)
}

func details(m measures.Measure) string {
	var rows [][]string
	for _, f := range m.Details {
		rows = append(rows, []string{code(f.Key), f.Meaning})
	}
	if len(rows) == 0 {
		return "None."
	}
	return table([]string{"field", "what it is"}, rows)
}

func sources(m measures.Measure) string {
	var rows [][]string
	for _, s := range m.Sources {
		reads := s.Reads
		if s.When != "" {
			reads += ", " + s.When
		}
		rows = append(rows, []string{code(string(s.Name)), reads})
	}
	text := table([]string{"source", "what is read of it"}, rows)
	if text == "" {
		text = "None: what it looks at is configuration."
	}
	if len(m.Needs) == 0 {
		return text
	}
	return text + "\n\nIn the configuration it needs, or the row is `no_data`:\n\n" + list(m.Needs)
}

func caveats(m measures.Measure) string {
	var rows [][]string
	for _, c := range m.Caveats {
		rows = append(rows, []string{c.Sentence, c.Meaning})
	}
	return "What a row may say, with … in place of figures and names. Caveats are for whoever reads the number: they change neither the value nor the score. Those that lower the row's `coverage` say so.\n\n" +
		table([]string{"the row says", "what that means"}, rows)
}
