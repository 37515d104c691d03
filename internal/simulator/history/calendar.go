package history

import (
	"slices"
	"time"
)

// quarter returns the first day and the day after the last one of the
// calendar quarter that holds a day; days count from 1970 UTC.
func quarter(of int64) (first, end int64) {
	t := time.Unix(of*day, 0).UTC()
	start := time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	return start.Unix() / day, start.AddDate(0, 3, 0).Unix() / day
}

// chosen reports whether a day is among the n of its quarter that the dice
// pick for a purpose, out of Tuesdays to Thursdays.
func chosen(seed uint64, purpose, team string, n int, of int64) bool {
	first, _ := quarter(of)
	days := midweek(first)
	pick := roll(seed, purpose, team, first)
	pick.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	return slices.Contains(days[:min(n, len(days))], of)
}

// midweek returns the Tuesdays to Thursdays of the quarter that begins with a day.
func midweek(first int64) []int64 {
	_, end := quarter(first)
	var days []int64
	for d := first; d < end; d++ {
		switch weekday(d) {
		case time.Tuesday, time.Wednesday, time.Thursday:
			days = append(days, d)
		default:
		}
	}
	return days
}

func weekday(of int64) time.Weekday { return time.Unix(of*day, 0).UTC().Weekday() }

// load returns how many incidents the hour that begins at an instant expects.
func (p Profile) load(at int64, zone *time.Location) float64 {
	local := time.Unix(at, 0).In(zone)
	perHour := p.PerDay / p.weights()
	if d := local.Weekday(); d == time.Saturday || d == time.Sunday {
		perHour *= p.Weekend
	}
	return perHour * p.weight(local.Hour())
}

// weight is the load of an hour of the day, relative to an evening hour.
func (p Profile) weight(hour int) float64 {
	switch {
	case hour < 7 || hour >= 22:
		return p.Night
	case hour >= 9 && hour < 18:
		return 1.6
	default:
		return 1
	}
}

func (p Profile) weights() float64 {
	var sum float64
	for hour := range 24 {
		sum += p.weight(hour)
	}
	return sum
}
