package text

import (
	"fmt"
	"strconv"
	"strings"

	"teamhealth/scorecard"
)

// dash stands for what is absent.
const dash = "-"

// maxDigits bounds the search for digits that tell a value from its target:
// no two values that counts can give are as near as this.
const maxDigits = 30

// Format writes a value in its unit to a sensible precision: percent for
// ratios, hours, minutes and seconds for seconds. It adds digits until what it
// shows lies on the same side of the target as the value does, and of zero and
// (for ratios) one, so that 0.899996 against 0.9 is 89.9996%. An absent value
// is a dash; the target may be nil.
func Format(value *scorecard.Number, unit scorecard.Unit, target *scorecard.Number) string {
	if value == nil {
		return dash
	}
	marks := []scorecard.Number{{}}
	if target != nil {
		marks = append(marks, *target)
	}
	switch unit {
	case scorecard.UnitRatio:
		return percent(*value, marks)
	case scorecard.UnitSeconds:
		return span(faithful(*value, 0, marks))
	case scorecard.UnitScore:
		return faithful(*value, 2, marks)
	case scorecard.UnitDays:
		return days(faithful(*value, wholeOrTenths(*value), marks))
	case scorecard.UnitCount:
	}
	return faithful(*value, wholeOrTenths(*value), marks)
}

// Share writes a share of 0 to 1, such as a coverage, in percent; a dash when
// it is absent.
func Share(share *float64) string {
	if share == nil {
		return dash
	}
	return Format(decimalOf(*share), scorecard.UnitRatio, nil)
}

// Score writes a score of 0 to 100, which it never rounds up to 100 or down
// to 0; a dash when it is absent.
func Score(score *float64) string {
	if score == nil {
		return dash
	}
	full := scorecard.Int(100)
	return Format(decimalOf(*score), scorecard.UnitCount, &full)
}

// decimalOf returns the shortest decimal that reads back as f; nil for what
// is no number.
func decimalOf(f float64) *scorecard.Number {
	n, err := scorecard.ParseNumber(strconv.FormatFloat(f, 'f', -1, 64))
	if err != nil {
		return nil
	}
	return &n
}

func percent(ratio scorecard.Number, marks []scorecard.Number) string {
	hundred := scorecard.Int(100)
	scaled := []scorecard.Number{hundred}
	for _, m := range marks {
		scaled = append(scaled, m.Mul(hundred))
	}
	return faithful(ratio.Mul(hundred), 1, scaled) + "%"
}

// span writes seconds, a decimal, as they are below two minutes and else as
// hours, minutes and seconds.
func span(seconds string) string {
	digits, negative := strings.CutPrefix(seconds, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	total, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || total < 120 {
		return seconds + " s"
	}
	var parts []string
	if h := total / 3600; h > 0 {
		parts = append(parts, fmt.Sprintf("%d h", h))
	}
	if m := total / 60 % 60; m > 0 {
		parts = append(parts, fmt.Sprintf("%d min", m))
	}
	if s := total % 60; s > 0 || fraction != "" {
		parts = append(parts, strings.TrimSuffix(fmt.Sprintf("%d.%s", s, fraction), ".")+" s")
	}
	if negative {
		parts[0] = "-" + parts[0]
	}
	return strings.Join(parts, " ")
}

func days(n string) string {
	if n == "1" {
		return "1 day"
	}
	return n + " days"
}

// wholeOrTenths is how many digits a number deserves that is mostly whole.
func wholeOrTenths(n scorecard.Number) int {
	if n.Cmp(scorecard.Int(n.Floor())) == 0 {
		return 0
	}
	return 1
}

// faithful rounds n to so many digits, or to the fewest more with which it
// compares to each mark as n itself does.
func faithful(n scorecard.Number, digits int, marks []scorecard.Number) string {
	for {
		shown := decimal(n, digits)
		if digits >= maxDigits || comparesAs(shown, n, marks) {
			return shown
		}
		digits++
	}
}

func comparesAs(shown string, n scorecard.Number, marks []scorecard.Number) bool {
	s, err := scorecard.ParseNumber(shown)
	if err != nil {
		return false
	}
	for _, m := range marks {
		if s.Cmp(m) != n.Cmp(m) {
			return false
		}
	}
	return true
}

// decimal writes n with so many digits after the point, rounded half away
// from zero. It works digit by digit, so it is exact.
func decimal(n scorecard.Number, digits int) string {
	ten, unit := scorecard.Int(10), scorecard.Int(1)
	for range digits {
		unit = unit.Quo(ten)
	}
	var out strings.Builder
	if n.Sign() < 0 {
		out.WriteByte('-')
		n = scorecard.Number{}.Sub(n)
	}
	n = n.Add(unit.Quo(scorecard.Int(2)))
	whole := n.Floor()
	out.WriteString(strconv.FormatInt(whole, 10))
	if digits > 0 {
		out.WriteByte('.')
	}
	for range digits {
		n = n.Sub(scorecard.Int(whole)).Mul(ten)
		whole = n.Floor()
		out.WriteString(strconv.FormatInt(whole, 10))
	}
	return out.String()
}
