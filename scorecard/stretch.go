package scorecard

import (
	"slices"
	"time"
)

// The functions below take and return stretches that have an end; clip makes
// such ones of those that last. None changes what it is given.

// union returns the time that is in any of the stretches: in order, disjoint,
// and with no two that touch. Empty stretches are in none.
func union(list []Stretch) []Stretch {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b Stretch) int { return a.From.Compare(b.From) })
	joined := make([]Stretch, 0, len(sorted))
	for _, s := range sorted {
		last := len(joined) - 1
		switch {
		case !s.From.Before(s.To):
		case last >= 0 && !s.From.After(joined[last].To):
			joined[last].To = later(joined[last].To, s.To)
		default:
			joined = append(joined, s)
		}
	}
	return joined
}

// clip returns the parts of the stretches that lie in [from, to), in the order
// of the stretches. One that lasts goes on to to.
func clip(list []Stretch, from, to time.Time) []Stretch {
	inside := make([]Stretch, 0, len(list))
	for _, s := range list {
		if s.To.IsZero() {
			s.To = to
		}
		part := Stretch{From: later(s.From, from), To: earlier(s.To, to)}
		if part.From.Before(part.To) {
			inside = append(inside, part)
		}
	}
	return inside
}

// intersect returns the time that is in a stretch of both lists, as a union.
func intersect(a, b []Stretch) []Stretch {
	a, b = union(a), union(b)
	var both []Stretch
	for len(a) > 0 && len(b) > 0 {
		both = append(both, clip(a[:1], b[0].From, b[0].To)...)
		if a[0].To.Before(b[0].To) {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return both
}

// subtract returns the time that is in a stretch of list and in none of
// minus, as a union.
func subtract(list, minus []Stretch) []Stretch {
	var left []Stretch
	minus = union(minus)
	for _, s := range union(list) {
		for len(minus) > 0 && !minus[0].To.After(s.From) {
			minus = minus[1:]
		}
		for _, m := range minus {
			if !m.From.Before(s.To) {
				break
			}
			left = append(left, clip([]Stretch{s}, s.From, m.From)...)
			s.From = m.To
		}
		left = append(left, clip([]Stretch{s}, s.From, s.To)...)
	}
	return left
}

// length adds the stretches up, each for itself.
func length(list []Stretch) time.Duration {
	var sum time.Duration
	for _, s := range list {
		sum += s.To.Sub(s.From)
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
