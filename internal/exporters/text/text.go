// Package text writes cards for people and scripts: as an aligned table, CSV,
// Markdown and JSON, and as the explanation of one row. It computes nothing:
// what it shows is on the card, and what is absent there it shows as a dash,
// an empty cell or null. It refuses to round a value across its target.
package text

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"teamhealth/scorecard"
)

// columns are the headings that Table and Markdown give to a card's rows.
func columns() []string {
	return []string{"Objective", "Value", "Counts", "Target", "Interval", "Verdict", "Confidence", "Score", "Reason"}
}

// cells are what stands below the headings for one row.
func cells(r *scorecard.Row) []string {
	return []string{
		r.ID, Format(r.Value, r.Unit, r.Target), counts(r), target(r), interval(r),
		string(r.Verdict), confidence(r), Score(r.Score), oneLine(r.Reason),
	}
}

// counts writes numerator and denominator unrounded, so that the value can be
// worked out again.
func counts(r *scorecard.Row) string {
	if r.Numerator == nil || r.Denominator == nil {
		return dash
	}
	return r.Numerator.String() + "/" + r.Denominator.String()
}

func target(r *scorecard.Row) string {
	if r.Target == nil {
		return dash
	}
	return relation(r.Direction) + " " + Format(r.Target, r.Unit, r.Target)
}

func relation(d scorecard.Direction) string {
	switch d {
	case scorecard.AtLeast:
		return ">="
	case scorecard.Above:
		return ">"
	case scorecard.AtMost:
		return "<="
	case scorecard.Below:
		return "<"
	default:
		return string(d)
	}
}

func interval(r *scorecard.Row) string {
	if r.Interval == nil {
		return dash
	}
	low, high := decimalOf(r.Interval.Low), decimalOf(r.Interval.High)
	return Format(low, scorecard.UnitRatio, r.Target) + " to " + Format(high, scorecard.UnitRatio, r.Target)
}

func confidence(r *scorecard.Row) string {
	if r.Confidence == nil {
		return dash
	}
	return string(*r.Confidence)
}

// heading names a card's subject and period.
func heading(c *scorecard.Card) string {
	return fmt.Sprintf("%s (%s), %s", oneLine(c.Subject.Name), c.Subject.ID, c.Period.ID)
}

// summary is the card in one line.
func summary(c *scorecard.Card) string {
	return fmt.Sprintf("score %s, coverage %s: %s; as of %s, data as of %s",
		Score(c.Score), Share(c.Coverage), verdicts(c.Verdicts), instant(&c.AsOf), instant(c.DataAsOf))
}

// verdicts counts rows by verdict, in the verdicts' own order.
func verdicts(n map[scorecard.Verdict]int) string {
	var parts []string
	for _, v := range Verdicts(n) {
		parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
	}
	if len(parts) == 0 {
		return "no rows"
	}
	return strings.Join(parts, ", ")
}

// Verdicts lists the verdicts that some of the given counts have, those that
// judge first.
func Verdicts(counts ...map[scorecard.Verdict]int) []scorecard.Verdict {
	seen := map[scorecard.Verdict]bool{}
	for _, n := range counts {
		for v := range n {
			seen[v] = true
		}
	}
	order := []scorecard.Verdict{
		scorecard.Met, scorecard.Missed, scorecard.Tracked, scorecard.Pending, scorecard.InsufficientData,
		scorecard.Empty, scorecard.Stale, scorecard.NoData, scorecard.Exempt,
	}
	return slices.DeleteFunc(order, func(v scorecard.Verdict) bool { return !seen[v] })
}

// instant writes a time in UTC; a card's zone is named with its period.
func instant(t *time.Time) string {
	if t == nil {
		return dash
	}
	return t.UTC().Format(time.RFC3339)
}

// oneLine keeps words from the configuration or a source from breaking a line
// or steering a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
