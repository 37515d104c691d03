package scorecard

import "time"

// due returns the instant at which a term that began at t is over: the same
// time of day so many days later by the organisation's clocks, or on the last of
// so many business days after the day of t.
func (c Calendar) due(t time.Time, d Due) time.Time {
	return c.onDay(c.dueDay(dateOf(t.In(c.Location)), d), t)
}

// dueDay returns the last day of a term that began on a day.
func (c Calendar) dueDay(day Date, d Due) Date {
	for left := d.Days; left > 0; {
		day = day.next()
		if !d.Business || c.isBusinessDay(day) {
			left--
		}
		if d.Business && len(c.Week.Days) == 0 {
			break // There are no business days to wait for.
		}
	}
	return day
}

// onDay returns the instant of a day at which the organisation's clocks show the time of day of t.
func (c Calendar) onDay(day Date, t time.Time) time.Time {
	local := t.In(c.Location)
	hour, minute, second := local.Clock()
	return time.Date(day.Year, day.Month, day.Day, hour, minute, second, local.Nanosecond(), c.Location)
}

// term is a term that begins on a day.
type term struct {
	from   Date
	length Due
}

// due is the calendar's due, with each term's days counted once.
func (o *outlook) due(t time.Time, d Due) time.Time {
	key := term{dateOf(t.In(o.policy.Calendar.Location)), d}
	day, known := o.dueDays[key]
	if !known {
		day = o.policy.Calendar.dueDay(key.from, d)
		o.dueDays[key] = day
	}
	return o.policy.Calendar.onDay(day, t)
}
