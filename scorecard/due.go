package scorecard

import "time"

// due returns the instant at which a term that began at t is over: the same
// time of day so many days later by the organisation's clocks, or on the last of
// so many business days after the day of t.
func (c Calendar) due(t time.Time, d Due) time.Time {
	local := t.In(c.Location)
	day := dateOf(local)
	for left := d.Days; left > 0; {
		day = day.next()
		if !d.Business || c.isBusinessDay(day) {
			left--
		}
		if d.Business && len(c.Week.Days) == 0 {
			break // There are no business days to wait for.
		}
	}
	hour, minute, second := local.Clock()
	return time.Date(day.Year, day.Month, day.Day, hour, minute, second, local.Nanosecond(), c.Location)
}
