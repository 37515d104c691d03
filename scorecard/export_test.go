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

// Holds compares a value with a target.
func Holds(d Direction, value, target Number) bool { return d.holds(value, target) }

// Points is the score of a value.
func Points(o Objective, value, target Number) *float64 {
	return points(o, value, target, o.Direction.holds(value, target))
}

// Total is the score and the coverage of a card of the rows.
func Total(rows []Row) (score, coverage *float64) { return total(rows) }

// DueAt is when a term that began at t is over.
func DueAt(c Calendar, t time.Time, d Due) time.Time { return c.due(t, d) }

// RowAlone is a row of an objective for a subject, worked out without any other.
func RowAlone(in Input, o Objective, s Subject) Row {
	row, _ := newOutlook(in.Policy, in.Facts, in.AsOf).at(in.Period).measured(o, s)
	return row
}
