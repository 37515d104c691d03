package alerts

import (
	"fmt"
	"slices"
	"strings"

	"teamhealth/scorecard"
)

// among matches a label that has one of some values.
func among(label string, values []string) string {
	if len(values) == 1 {
		return fmt.Sprintf("%s=%q", label, values[0])
	}
	return fmt.Sprintf("%s=~%q", label, strings.Join(values, "|"))
}

// missed selects the rows of objectives that are missed in a window.
func missed(objectives []scorecard.Objective, window string) string {
	return fmt.Sprintf(`teamhealth_objective_verdict{%s,window=%q,verdict="missed"} == 1`,
		among("objective", ids(objectives)), window)
}

// unproven selects, of objectives whose rows have an interval, those whose
// interval reaches to the good side of the target: a miss of theirs may be chance.
// It is empty where there are no such objectives.
func unproven(objectives []scorecard.Objective, window string) string {
	var sides []string
	for _, side := range []struct {
		direction scorecard.Direction
		end, is   string
	}{
		{scorecard.AtLeast, "high", ">="},
		{scorecard.Above, "high", ">"},
		{scorecard.AtMost, "low", "<="},
		{scorecard.Below, "low", "<"},
	} {
		of := slices.DeleteFunc(slices.Clone(objectives), func(o scorecard.Objective) bool { return o.Direction != side.direction })
		if len(of) > 0 {
			sides = append(sides, fmt.Sprintf(
				"teamhealth_objective_interval_%s_ratio{%s,window=%q}\n  %s ignoring (unit, window) teamhealth_objective_target",
				side.end, among("objective", ids(of)), window, side.is))
		}
	}
	return strings.Join(sides, "\nor\n")
}

// unless takes out of an expression the rows that others select, whatever
// verdict and window these have.
func unless(expression string, others ...string) string {
	parts := []string{inParentheses(expression)}
	for _, other := range others {
		if other != "" {
			parts = append(parts, "unless ignoring (verdict, window)", inParentheses(other))
		}
	}
	return strings.Join(parts, "\n")
}

func inParentheses(expression string) string {
	return "(\n  " + strings.ReplaceAll(expression, "\n", "\n  ") + "\n)"
}

// ofRow asks for the series of a metric that belongs to an alert's row. Job and
// instance keep apart what two organisations call alike.
const ofRow = `$labels.objective $labels.team $labels.job $labels.instance | query`

// share is the part of a description that shows the value of the alert's row, a
// ratio, in percent. The digits are enough for 99.99999%, so that rounding
// carries no value over its target.
func share(window string) string {
	return fmt.Sprintf(`{{ with printf "100 * teamhealth_objective_value{objective='%%s',team='%%s',job='%%s',instance='%%s',window='%s'}" %s }}`+
		`{{ . | first | value | printf "%%.7g" }}%%{{ else }}unknown{{ end }}`, window, ofRow)
}

// figure is the part of a description that shows a number of the alert's row
// in whatever unit the row has.
func figure(metric, window string) string {
	row := "objective='%[1]s',team='%[2]s',job='%[3]s',instance='%[4]s'"
	if window != "" {
		row += ",window='" + window + "'"
	}
	return fmt.Sprintf(`{{ with printf "100 * %[1]s{%[2]s,unit='ratio'} or %[1]s{%[2]s,unit!='ratio'}" %[3]s }}`+
		`{{ $unit := . | first | label "unit" }}{{ . | first | value | printf "%%.7g" }}`+
		`{{ if eq $unit "ratio" }}%%{{ else if match "^(days|seconds)$" $unit }} {{ $unit }}{{ end }}`+
		`{{ else }}unknown{{ end }}`, metric, row, ofRow)
}

// shown is what share makes of a ratio.
func shown(n scorecard.Number) string { return inUnit(n, scorecard.UnitRatio) }

// inUnit is what figure makes of a value.
func inUnit(n scorecard.Number, u scorecard.Unit) string {
	switch u {
	case scorecard.UnitRatio:
		return fmt.Sprintf("%.7g%%", 100*n.Float())
	case scorecard.UnitDays, scorecard.UnitSeconds:
		return fmt.Sprintf("%.7g %s", n.Float(), u)
	default:
		return fmt.Sprintf("%.7g", n.Float())
	}
}

// humanPercentage is what Prometheus' humanizePercentage makes of a ratio.
func humanPercentage(n scorecard.Number) string { return fmt.Sprintf("%.4g%%", 100*n.Float()) }

// valueOf asks for the values of objectives.
func valueOf(objectives []scorecard.Objective, window string) string {
	return fmt.Sprintf("teamhealth_objective_value{%s,window=%q}", among("objective", ids(objectives)), window)
}

// noVerdict tells a reader how to see that an alert about verdicts is silent for
// want of one.
func noVerdict(objectives []scorecard.Objective, window string) string {
	return paragraphs(
		"A row that is `stale`, `no_data`, `empty` or has too little data is neither met nor missed, and the alert ends although nothing is better. The rows that are neither, and what they are:",
		query(fmt.Sprintf(`teamhealth_objective_verdict{%s,window=%q,verdict!~"met|missed"}`, among("objective", ids(objectives)), window)))
}
