package scorecard

import (
	"slices"
	"time"
)

// isBusinessDay reports whether people are expected at work on a day.
func (c Calendar) isBusinessDay(d Date) bool {
	weekday := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
	return slices.Contains(c.Week.Days, weekday) && !slices.Contains(c.Holidays, d)
}

// businessHours returns the working hours of the business days within
// [from, to), in order. They begin and end by the clocks of the organisation's
// zone, so a day on which those change may have an hour more or less.
func (c Calendar) businessHours(from, to time.Time) []Stretch {
	var hours []Stretch
	for d := dateOf(from.In(c.Location)); d.In(c.Location).Before(to); d = d.next() {
		if c.isBusinessDay(d) {
			hours = append(hours, Stretch{From: d.at(c.Week.From, c.Location), To: d.at(c.Week.To, c.Location)})
		}
	}
	return clip(hours, from, to)
}

// dateOf returns the day that t's own clock shows.
func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

func (d Date) next() Date {
	return dateOf(time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC))
}

// at returns the instant at which clocks in loc show a time of the day; 24 h
// is the midnight that ends it.
func (d Date) at(clock time.Duration, loc *time.Location) time.Time {
	if clock == 0 {
		return d.In(loc)
	}
	if clock == 24*time.Hour {
		return d.next().In(loc)
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, int(clock/time.Second), 0, loc)
}
