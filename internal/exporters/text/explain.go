package text

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

// none stands where a section has nothing to list.
const none = "none"

// Explain writes how a row came about, so that its number can be followed back
// by hand: the document's words and how they are read, the formula with the
// numbers filled in, the funnel from the whole population to what counts, what
// weakens the number, and the evidence in the order given.
func Explain(
	w io.Writer, card scorecard.Card, row scorecard.Row, objective scorecard.Objective, evidence []scorecard.Evidence,
) error {
	measured, err := measuredBy(objective)
	if err != nil {
		return err
	}
	found, err := details(row.Details)
	if err != nil {
		return err
	}
	e := explanation{}
	e.title(&card, &row)
	e.section("", append([][]string{
		{"The document says", oneLine(row.Quote)},
		{"We read it as", oneLine(row.Interpretation)},
		{"Measured by", measured},
		{"Formula", oneLine(measures.Filled(&row, objective))},
	}, outcome(&row, objective)...))
	e.section("Population", funnel(row.Population))
	e.section("Details", found)
	e.section("Sources", sources(row.Sources))
	e.section("Caveats", orNone(bullets(row.Caveats)))
	e.section("Exceptions", exceptions(row.Exceptions))
	e.section(fmt.Sprintf("Evidence (%d)", len(evidence)), orNone(evidenceTable(scorecard.Measure(row.Measure), evidence)))
	if e.err != nil {
		return fmt.Errorf("lay out the explanation of %s: %w", row.ID, e.err)
	}
	_, err = w.Write(e.out.Bytes())
	return err
}

// explanation gathers the sections, and the first error of them.
type explanation struct {
	out bytes.Buffer
	err error
}

func (e *explanation) title(c *scorecard.Card, r *scorecard.Row) {
	fmt.Fprintf(&e.out, "%s (%s)\n%s\n", oneLine(r.Title), r.ID, heading(c))
	fmt.Fprintf(&e.out, "From %s to %s (%s), as of %s, facts up to %s\n",
		instant(&r.Window.Start), instant(&r.Window.End), c.Period.TimeZone, instant(&c.AsOf), instant(r.Horizon))
}

// section writes aligned lines below a name; nothing when there are none.
func (e *explanation) section(name string, lines [][]string) {
	if len(lines) == 0 || e.err != nil {
		return
	}
	e.out.WriteByte('\n')
	if name != "" {
		e.out.WriteString(name + "\n")
		for i := range lines {
			lines[i][0] = "  " + lines[i][0]
		}
	}
	e.err = align(&e.out, lines)
}

// orNone says that a section which always stands is empty: that there is no
// caveat is worth knowing.
func orNone(lines [][]string) [][]string {
	if len(lines) == 0 {
		return [][]string{{none}}
	}
	return lines
}

// measuredBy names the measure and its parameters.
func measuredBy(o scorecard.Objective) (string, error) {
	plan := len(o.Plan)
	o.Plan = nil // Its lines stand in the evidence, quarter by quarter.
	parameters, err := details(o.Parameters)
	if err != nil {
		return "", err
	}
	words := []string{string(o.Measure)}
	for _, p := range parameters {
		words = append(words, strings.Join(p, " "))
	}
	if plan > 0 {
		words = append(words, fmt.Sprintf("plan of %d entries", plan))
	}
	return strings.Join(words, ", "), nil
}

// outcome is what came of the measuring, and what follows from it.
func outcome(r *scorecard.Row, o scorecard.Objective) [][]string {
	lines := [][]string{{"Value", value(r)}}
	add := func(name, value string) {
		if value != "" && value != dash {
			lines = append(lines, []string{name, value})
		}
	}
	add("Without exceptions", Format(r.ValueWithoutExceptions, r.Unit, r.Target))
	if r.Interval != nil {
		add("Interval", fmt.Sprintf("%s (%s, %g%%%s)", interval(r), r.Interval.Method, 100*r.Interval.Level, trials(r)))
	}
	add("Verdict", verdict(r))
	add("Because", oneLine(r.Reason))
	add("Coverage", Share(r.Coverage))
	add("Budget", budget(r.Budget))
	add("Trend", trend(r))
	lines = append(lines, []string{"Next step", nextStep(r)})
	if r.Verdict == scorecard.Missed {
		add("Remediation", oneLine(o.Remediation))
	}
	return lines
}

// trials says what an interval counts where that is not the numerator and
// denominator themselves.
func trials(r *scorecard.Row) string {
	if r.Measure == string(scorecard.MeasureResponseTime) {
		return ", of episodes"
	}
	return ""
}

// value is numerator / denominator = value, and what the value is held against.
func value(r *scorecard.Row) string {
	value := Format(r.Value, r.Unit, r.Target)
	if r.Numerator != nil && r.Denominator != nil {
		value = fmt.Sprintf("%s / %s = %s", r.Numerator, r.Denominator, value)
	}
	if r.Target == nil {
		return value + " (the document names no target)"
	}
	return value + " against " + target(r)
}

func verdict(r *scorecard.Row) string {
	words := []string{string(r.Verdict)}
	if r.Confidence != nil {
		words = append(words, string(*r.Confidence))
	}
	if r.Score != nil {
		words = append(words, "score "+Score(r.Score))
	}
	if r.Weight != nil && r.Weight.Cmp(scorecard.Int(1)) != 0 {
		words = append(words, "weight "+r.Weight.String())
	}
	return strings.Join(words, ", ")
}

func nextStep(r *scorecard.Row) string {
	if r.NextStep == nil {
		return none
	}
	return oneLine(*r.NextStep)
}

func budget(b *scorecard.Budget) string {
	if b == nil {
		return ""
	}
	unit, word := scorecard.UnitCount, " "+b.Unit
	if b.Unit == string(scorecard.UnitSeconds) {
		unit, word = scorecard.UnitSeconds, ""
	}
	words := fmt.Sprintf("%s%s allowed, %s used, %s remaining",
		Format(b.Allowed, unit, nil), word, Format(b.Used, unit, nil), Format(b.Remaining, unit, nil))
	if b.ExhaustsAt != nil {
		words += ", exhausted at " + instant(b.ExhaustsAt) + " at this pace"
	}
	return words
}

func trend(r *scorecard.Row) string {
	if r.Trend == nil || r.Trend.Previous == nil {
		return ""
	}
	words := Format(r.Trend.Previous, r.Unit, r.Target) + " in the period before"
	if d := r.Trend.Detectable; d != nil && !*d {
		words += "; the difference is within chance"
	}
	return words
}

// funnel leads from everything to what counts, where anybody has looked.
func funnel(p scorecard.Population) [][]string {
	if !p.Known() {
		return [][]string{{"not known"}}
	}
	out := 0
	for _, n := range p.Excluded {
		out += n
	}
	lines := [][]string{{"total", strconv.Itoa(p.Total)}, {"excluded", strconv.Itoa(out)}}
	lines = append(lines, tally(p.Excluded)...)
	lines = append(lines, []string{"used", strconv.Itoa(p.Used)})
	return append(lines, tally(p.Classes)...)
}

func tally(n map[string]int) [][]string {
	var lines [][]string
	for _, class := range slices.Sorted(maps.Keys(n)) {
		lines = append(lines, []string{"  " + class, strconv.Itoa(n[class])})
	}
	return lines
}

func sources(read []scorecard.RowSource) [][]string {
	var lines [][]string
	for _, s := range read {
		state := "not read completely yet"
		switch {
		case s.Unconfigured:
			state = fmt.Sprintf("not configured: the configuration has no sources.%s", s.Name)
		case s.Complete:
			state = "complete up to " + instant(s.DataAsOf)
		}
		lines = append(lines, []string{string(s.Name), state})
	}
	return lines
}

func bullets(sentences []string) [][]string {
	var lines [][]string
	for _, s := range sentences {
		lines = append(lines, []string{"- " + oneLine(s)})
	}
	return lines
}

func exceptions(taken []scorecard.RowException) [][]string {
	var lines [][]string
	for _, x := range taken {
		covers := "the whole objective"
		if len(x.Incidents) > 0 {
			covers = "incidents " + strings.Join(x.Incidents, ", ")
		}
		lines = append(lines, []string{x.ID, oneLine(fmt.Sprintf("%s; approved by %s; until %s; covers %s",
			x.Reason, x.ApprovedBy, instant(&x.Until), covers))})
	}
	return lines
}
