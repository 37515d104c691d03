package scorecard

import "time"

// What the tests look at from outside is made reachable here, and nowhere else.

// Wilson is the interval of k of n.
func Wilson(k, n int) *Interval { return sample{k: k, n: n}.wilson() }

// Newcombe is the interval of the difference of k of n and l of m.
func Newcombe(k, n, l, m int) (low, high float64) {
	return newcombe(sample{k: k, n: n}, sample{k: l, n: m})
}

// Detectable tells whether k of n and l of m differ.
func Detectable(k, n, l, m int) *bool { return detectable(sample{k: k, n: n}, sample{k: l, n: m}) }

// ConfidenceOf judges an interval.
func ConfidenceOf(i Interval, met bool, d Direction, target Number) Confidence {
	return i.confidence(met, d, target)
}

// Points is the score of a value.
func Points(o Objective, value, target Number) *float64 {
	return points(o, value, target, o.Direction.holds(value, target))
}

// Total is the score and the coverage of a card of the rows.
func Total(rows []Row) (score, coverage *float64) { return total(rows) }

// DueAt is when a term that began at t is over.
func DueAt(c Calendar, t time.Time, d Due) time.Time { return c.due(t, d) }

// Step is what a next step follows from.
type Step struct {
	Objective              Objective
	Target, Value          string // As they stand in the rubric and on the card.
	Numerator, Denominator int64  // None where the denominator is 0.
	Left                   string // What a budget of seconds leaves; none where it is empty.
	Elapsed, Rest          int64  // Of the window, in seconds; it is over where Rest is 0.
}

// Sentence is the next step.
func (o Step) Sentence() (string, error) {
	target, err := ParseNumber(o.Target)
	if err != nil {
		return "", err
	}
	s := step{objective: o.Objective, target: target, elapsed: o.Elapsed, rest: o.Rest, running: o.Rest > 0, until: "1 October"}
	if o.Denominator > 0 {
		s.numerator, s.denominator = Int(o.Numerator).Ptr(), Int(o.Denominator).Ptr()
		s.value = Ratio(o.Numerator, o.Denominator)
	} else if s.value, err = ParseNumber(o.Value); err != nil {
		return "", err
	}
	if o.Left != "" {
		left, err := ParseNumber(o.Left)
		if err != nil {
			return "", err
		}
		s.budget = &Budget{Unit: "seconds", Remaining: &left}
	}
	s.met = o.Objective.Direction.holds(s.value, target)
	return s.sentence(), nil
}

// RowAlone is a row of an objective for a subject, worked out without any other.
func RowAlone(in Input, o Objective, s Subject) Row {
	row, _ := newOutlook(in.Policy, in.Facts, in.AsOf).at(in.Period).measured(o, s)
	return row
}

// SumDecimals adds floats up as the decimals that they are written as.
func SumDecimals(floats ...float64) Number {
	var s decimalSum
	for _, f := range floats {
		s.add(f)
	}
	return s.number()
}
