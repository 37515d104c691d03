package tickets

import (
	"fmt"
	"strconv"
	"time"
)

// Lengths of time, in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// quarter is a calendar quarter, half-open, in seconds since 1970.
type quarter struct{ start, end int64 }

// quarterOf returns the quarter that holds an instant.
func quarterOf(at int64) quarter {
	t := time.Unix(at, 0).UTC()
	start := time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	return quarter{start: start.Unix(), end: start.AddDate(0, 3, 0).Unix()}
}

func (q quarter) next() quarter { return quarterOf(q.end) }

// id is the quarter's name, such as 2026-Q3.
func (q quarter) id() string {
	t := time.Unix(q.start, 0).UTC()
	return fmt.Sprintf("%d-Q%d", t.Year(), q.number())
}

// number is the quarter's place in its year, from 1.
func (q quarter) number() int { return int(time.Unix(q.start, 0).UTC().Month()-1)/3 + 1 }

// days is how many days the quarter has.
func (q quarter) days() int { return int((q.end - q.start) / day) }

// office returns a moment between 8 and 16 o'clock of the day that holds an
// instant, or of the Monday after it when that is a day off.
func (d dice) office(at int64) int64 {
	midnight := at - at%day
	switch weekday(midnight) {
	case time.Saturday:
		midnight += 2 * day
	case time.Sunday:
		midnight += day
	default:
	}
	return midnight + 8*hour + int64(d.IntN(8*hour))
}

func weekday(at int64) time.Weekday { return time.Unix(at, 0).UTC().Weekday() }

// someDay returns an office hour of the quarter, none of its last days.
func (d dice) someDay(q quarter) int64 {
	return d.office(q.start + int64(d.IntN(q.days()-3))*day)
}

// migrations returns when the workflow of a project is exchanged: once in each
// year, early on a Sunday.
func (w *writer) migrations(project string) []int64 {
	var all []int64
	for year := time.Unix(w.since, 0).UTC().Year(); ; year++ {
		d := roll(w.seed, "migration", project, strconv.Itoa(year))
		at := time.Date(year, time.Month(d.between(2, 12)), d.between(1, 22), 3, 0, 0, 0, time.UTC)
		for at.Weekday() != time.Sunday {
			at = at.AddDate(0, 0, 1)
		}
		if at.Unix() >= w.until {
			return all
		}
		if at.Unix() >= w.since {
			all = append(all, at.Unix())
		}
	}
}
