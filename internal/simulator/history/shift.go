package history

import (
	"cmp"
	"slices"
	"time"
)

// week returns the shifts of a week of the rotation at level 1 or 2, in order.
func (c crew) week(level, n int) []Shift {
	turn := c.turn(n)
	whole := Shift{Who: turn[0], Start: c.handover(n), End: c.handover(n + 1)}
	if level == 2 {
		whole.Who = turn[1%len(turn)]
		return []Shift{whole}
	}
	shifts := []Shift{whole}
	if c.coverage != NoRotation {
		shifts = c.swap(shifts, n, turn)
	}
	switch c.coverage {
	case AroundTheClock:
		shifts = without(shifts, c.gap(time.Unix(whole.Start, 0).UTC().Year()))
		shifts = without(shifts, c.gap(time.Unix(whole.End, 0).UTC().Year()))
	case BusinessHours:
		shifts = c.businessHours(shifts, n)
	case NoRotation:
	}
	return shifts
}

// swap lets somebody who has no shift take over a day or two of some weeks.
func (c crew) swap(shifts []Shift, n int, turn []Actor) []Shift {
	d := roll(c.seed, "swap", c.id, int64(n))
	if len(turn) < 3 || !d.chance(0.2) {
		return shifts
	}
	first := d.between(1, 6)
	swapped := Shift{
		Who: turn[d.between(2, len(turn))], Swapped: true,
		Start: c.morning(n, first), End: c.morning(n, first+d.between(1, 3)),
	}
	shifts = append(without(shifts, period{swapped.Start, swapped.End}), swapped)
	slices.SortFunc(shifts, func(a, b Shift) int { return cmp.Compare(a.Start, b.Start) })
	return shifts
}

// period is a half-open time, in seconds since 1970.
type period struct{ from, until int64 }

// gap returns the hours of a calendar year during which nobody has the shift
// because somebody forgot about it: two to six.
func (c crew) gap(year int) period {
	d := roll(c.seed, "gap", c.id, int64(year))
	start := time.Date(year, time.January, 1+d.IntN(364), d.IntN(18), 15*d.IntN(4), 0, 0, time.UTC).Unix()
	return period{from: start, until: start + int64(d.between(8, 24))*15*60}
}

// without takes a time out of shifts.
func without(shifts []Shift, out period) []Shift {
	var left []Shift
	for _, s := range shifts {
		before, after := s, s
		before.End, after.Start = min(s.End, out.from), max(s.Start, out.until)
		for _, part := range []Shift{before, after} {
			if part.Start < part.End {
				left = append(left, part)
			}
		}
	}
	return left
}

// businessHours leaves of a week's shifts what lies in business hours.
func (c crew) businessHours(shifts []Shift, n int) []Shift {
	const hours = 8 * 60 * 60 // No zone changes its clocks on a working day between 9 and 17.
	var left []Shift
	for weekday := range 5 {
		open := c.morning(n, weekday)
		for _, s := range shifts {
			s.Start, s.End = max(s.Start, open), min(s.End, open+hours)
			if s.Start < s.End {
				left = append(left, s)
			}
		}
	}
	return left
}
