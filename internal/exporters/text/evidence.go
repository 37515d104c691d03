package text

import (
	"fmt"

	"teamhealth/scorecard"
)

// evidenceTable lays out the evidence of a row. Values end below each other, so
// that they can be added up by eye; the reason comes last, as it may be long.
func evidenceTable(m scorecard.Measure, items []scorecard.Evidence) [][]string {
	if len(items) == 0 {
		return nil
	}
	lines := [][]string{{"AT", "CLASS", "COUNTED", "VALUE", "ID", "URL", "REASON"}}
	for _, e := range items {
		lines = append(lines, []string{
			instant(&e.At), oneLine(e.Class), string(e.Counted), evidenceValue(m, &e), oneLine(e.ID), oneLine(e.URL), oneLine(e.Reason),
		})
	}
	alignRight(lines, valueColumn)
	return lines
}

// valueColumn is where the values stand in the table of the evidence.
const valueColumn = 3

func alignRight(lines [][]string, column int) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l[column]))
	}
	for _, l := range lines {
		l[column] = fmt.Sprintf("%*s", width, l[column])
	}
}

// evidenceValue writes what a fact adds, in full where it is a part of a sum.
func evidenceValue(m scorecard.Measure, e *scorecard.Evidence) string {
	if e.Value == nil {
		return dash
	}
	if m == scorecard.MeasurePostmortems {
		return Format(e.Value, scorecard.UnitDays, nil)
	}
	if e.Kind == "person_count" && e.Value.Cmp(scorecard.Int(1)) == 0 {
		return "1 person"
	}
	return e.Value.String() + valueUnit(e.Kind)
}

// valueUnit says what the value of a kind of evidence counts; that of a ticket
// is the number of a text's sections.
func valueUnit(kind string) string {
	switch kind {
	case "incident", "shift":
		return " s"
	case "person_count":
		return " people"
	case "ticket":
		return " sections"
	}
	return ""
}
