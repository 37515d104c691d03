package dashboards

import (
	"fmt"
	"math"
	"strings"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// coloredCell fills a table's cell with the value's colour.
const coloredCell = "color-background-solid"

// absent is what a panel says where there is no value.
const absent = "no data"

// noData keeps a missing value from taking the colour of a threshold.
func noData() grafana.Mapping { return grafana.Absent(grafana.Shown{Text: absent, Color: nothing}) }

// fields are how values of a unit look that are good or bad for nobody.
func fields(unit string) grafana.FieldConfig {
	return grafana.FieldConfig{
		Defaults: grafana.Defaults{
			Unit: unit, NoValue: absent, Mappings: []grafana.Mapping{noData()},
			Color: &grafana.Color{Mode: "fixed", FixedColor: neutral},
		},
		Overrides: []grafana.Override{},
	}
}

// judged are how values of a unit look that thresholds colour.
func judged(unit string, thresholds *grafana.Thresholds) grafana.FieldConfig {
	f := fields(unit)
	f.Defaults.Color, f.Defaults.Thresholds = &grafana.Color{Mode: "thresholds"}, thresholds
	return f
}

// lines are how a time series looks: a colour for each line, and thresholds,
// if there are any, as lines of their own.
func lines(unit string, thresholds *grafana.Thresholds) grafana.FieldConfig {
	f := judged(unit, thresholds)
	f.Defaults.Color = &grafana.Color{Mode: "palette-classic"}
	return f
}

// valueFields are how an objective's values look.
func valueFields(o *scorecard.Objective) grafana.FieldConfig {
	f := fields(unit(o.Unit))
	if t := thresholds(o); t != nil {
		f = judged(unit(o.Unit), t)
	}
	f.Defaults.Decimals = decimals(o)
	return f
}

// valueLines are how an objective's values look over time.
func valueLines(o *scorecard.Objective) grafana.FieldConfig {
	f := lines(unit(o.Unit), thresholds(o))
	f.Defaults.Decimals = decimals(o)
	return f
}

// thresholds colour the values that meet an objective's target. An objective
// without a target of its own has none.
func thresholds(o *scorecard.Objective) *grafana.Thresholds {
	if o.Target == nil {
		return nil
	}
	target := o.Target.Float()
	switch o.Direction {
	case scorecard.Below:
		return grafana.From(good, grafana.At(target, bad))
	case scorecard.AtMost:
		return grafana.From(good, over(target, bad))
	case scorecard.Above:
		return grafana.From(bad, over(target, good))
	default:
		return grafana.From(bad, grafana.At(target, good))
	}
}

// over makes a step for what is above a value. A step holds from its own value
// on, so it begins at the next number that there is.
func over(value float64, color string) grafana.Step {
	return grafana.At(math.Nextafter(value, math.Inf(1)), color)
}

// unit is Grafana's name of a unit. It has none for days that leaves them days.
func unit(u scorecard.Unit) string {
	switch u {
	case scorecard.UnitRatio:
		return "percentunit"
	case scorecard.UnitSeconds:
		return "s"
	default:
		return "short"
	}
}

// decimals are two more than the target needs, so that a value beside it is
// not shown as the target. Without a target Grafana chooses.
func decimals(o *scorecard.Objective) *int {
	if o.Target == nil {
		return nil
	}
	_, fraction, _ := strings.Cut(shown(o), ".")
	n := len(strings.TrimSuffix(fraction, "%")) + 2
	return &n
}

// precise shows enough decimals for all of some objectives.
func precise(objectives []scorecard.Objective) []grafana.Property {
	most := 0
	for i := range objectives {
		if n := decimals(&objectives[i]); n != nil {
			most = max(most, *n)
		}
	}
	if most == 0 {
		return nil
	}
	return []grafana.Property{{ID: "decimals", Value: most}}
}

// shown is the target as a reader writes it: ratios in percent.
func shown(o *scorecard.Objective) string {
	switch o.Unit {
	case scorecard.UnitRatio:
		return o.Target.Mul(scorecard.Int(100)).String() + "%"
	case scorecard.UnitSeconds:
		return o.Target.String() + " s"
	case scorecard.UnitDays:
		return o.Target.String() + " days"
	default:
		return o.Target.String()
	}
}

// aim says which values meet the target; empty where there is none.
func aim(o *scorecard.Objective) string {
	if o.Target == nil {
		return ""
	}
	return strings.ReplaceAll(string(o.Direction), "_", " ") + " " + shown(o)
}

// titled is an objective's title with its target.
func titled(o *scorecard.Objective) string {
	if o.Target == nil {
		return o.Title
	}
	return o.Title + " (" + aim(o) + ")"
}

// explained is what an objective's panels say about it.
func explained(o *scorecard.Objective) string {
	text := o.Interpretation
	if o.Quote != "" {
		text = "“" + o.Quote + "”: " + text
	}
	if o.Target == nil {
		text += " There is no target, so no value is good or bad."
	} else {
		text += " Green meets the target, " + aim(o) + "; red does not."
	}
	if len(o.Lines) > 0 {
		text += fmt.Sprintf(" Other teams than those of line %s have no value.", joined(o.Lines))
	}
	return text
}

func joined(lines []scorecard.Line) string {
	names := make([]string, len(lines))
	for i, l := range lines {
		names[i] = string(l)
	}
	return strings.Join(names, " and ")
}
