package measures

import (
	"strings"

	"teamhealth/scorecard"
)

// equation is how a value follows from what was counted.
type equation struct {
	symbols string
	// numbers are the symbols with a row's figures; nil, or empty, where a row
	// shows none but the value. It is only asked of rows that have a value.
	numbers func(*scorecard.Row) string
}

// Formula writes how an objective's value follows from what is counted, such as
// within / (within + late + unanswered); empty for an unknown measure.
func Formula(o scorecard.Objective) string {
	m, ok := Of(o.Measure)
	if !ok {
		return ""
	}
	return m.equation(o).symbols
}

// Filled writes the formula of an objective and, step by step, a row's numbers in
// it: the symbols, the classes' counts, numerator and denominator, the value. Of a
// row without a value it writes the formula alone. The value is exact, or cut off
// and followed by an ellipsis, after so many digits that it is on the same side of
// the target as the row's.
func Filled(r *scorecard.Row, o scorecard.Objective) string {
	m, ok := Of(o.Measure)
	if !ok {
		return ""
	}
	e := m.equation(o)
	steps := []string{e.symbols}
	if r.Value == nil {
		return e.symbols
	}
	add := func(step string) {
		if step != "" && step != steps[len(steps)-1] {
			steps = append(steps, step)
		}
	}
	if e.numbers != nil {
		add(e.numbers(r))
	}
	if r.Numerator != nil && r.Denominator != nil {
		add(exactly(*r.Numerator) + " / " + exactly(*r.Denominator))
	}
	add(digits(*r.Value, r.Target))
	return strings.Join(steps, " = ")
}

// shareOf is the share that some classes have in others, as counts of them.
func shareOf(good, bad []string) equation {
	all := append(append([]string{}, good...), bad...)
	return equation{
		symbols: sum(good) + " / " + inParentheses(all),
		numbers: func(r *scorecard.Row) string {
			top, over := counts(r, good), counts(r, all)
			if !adds(r.Numerator, top) || !adds(r.Denominator, over) {
				return ""
			}
			return sum(written(top)) + " / " + inParentheses(written(over))
		},
	}
}

// ratioOf is a ratio of two amounts that no class counts.
func ratioOf(numerator, denominator string) equation {
	return equation{symbols: numerator + " / " + denominator}
}

// lossOf is what an amount that is lost leaves of a whole.
func lossOf(lost, whole string) equation {
	return equation{symbols: "1 − " + lost + " / " + whole, numbers: func(r *scorecard.Row) string {
		if r.Numerator == nil || r.Denominator == nil {
			return ""
		}
		return "1 − " + exactly(r.Denominator.Sub(*r.Numerator)) + " / " + exactly(*r.Denominator)
	}}
}

// only is a value that is what it is.
func only(what string) equation { return equation{symbols: what} }

// always is the equation of a measure that has one for all objectives.
func always(e equation) func(scorecard.Objective) equation {
	return func(scorecard.Objective) equation { return e }
}

func counts(r *scorecard.Row, classes []string) []scorecard.Number {
	n := make([]scorecard.Number, 0, len(classes))
	for _, c := range classes {
		n = append(n, scorecard.Int(r.Population.Classes[c]))
	}
	return n
}

// adds reports whether the terms are what a sum is made of. Where they are not, as
// in the card of another version, they must not be shown as if they were.
func adds(total *scorecard.Number, terms []scorecard.Number) bool {
	var s scorecard.Number
	for _, t := range terms {
		s = s.Add(t)
	}
	return total != nil && total.Cmp(s) == 0
}

func written(numbers []scorecard.Number) []string {
	words := make([]string, 0, len(numbers))
	for _, n := range numbers {
		words = append(words, exactly(n))
	}
	return words
}

// sum writes terms as a numerator.
func sum(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return inParentheses(terms)
}

func inParentheses(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " + ") + ")"
}
