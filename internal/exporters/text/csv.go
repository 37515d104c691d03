package text

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"teamhealth/scorecard"
)

// CSV writes one line per row of each card, below a header. Numbers are
// unrounded, what is absent is an empty cell, and quoting is that of RFC 4180
// with lines that end in a newline alone. A reason that a spreadsheet would
// take for a formula gets an apostrophe in front.
func CSV(w io.Writer, cards []scorecard.Card) error {
	out := csv.NewWriter(w)
	lines := [][]string{{
		"period", "team", "objective", "value", "numerator", "denominator", "target", "direction", "unit", "verdict",
		"confidence", "score", "reason",
	}}
	for i := range cards {
		for j := range cards[i].Rows {
			lines = append(lines, record(&cards[i], &cards[i].Rows[j]))
		}
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func record(c *scorecard.Card, r *scorecard.Row) []string {
	sure := ""
	if r.Confidence != nil {
		sure = string(*r.Confidence)
	}
	return []string{
		c.Period.ID, c.Subject.ID, r.ID, exact(r.Value), exact(r.Numerator), exact(r.Denominator), exact(r.Target),
		string(r.Direction), string(r.Unit), string(r.Verdict), sure, exactScore(r.Score), harmless(r.Reason),
	}
}

func exact(n *scorecard.Number) string {
	if n == nil {
		return ""
	}
	return n.String()
}

func exactScore(s *float64) string {
	if s == nil {
		return ""
	}
	return strconv.FormatFloat(*s, 'f', -1, 64)
}

// formulaStarts are what a spreadsheet takes for the beginning of a formula, or
// passes over before one; the wide forms count where people write them.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// harmless keeps a spreadsheet from running a sentence as a formula.
func harmless(sentence string) string {
	first, _ := utf8.DecodeRuneInString(sentence)
	if sentence != "" && strings.ContainsRune(formulaStarts, first) {
		return "'" + sentence
	}
	return sentence
}
