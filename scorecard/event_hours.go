package scorecard

import (
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

const secondsPerHour = 3600

// eventSeries names the hours of a team.
type eventSeries struct {
	query facts.EventQuery
	team  string
}

// hoursOf lists the hours of a team that are known, by time. All are dealt out when the first are asked for.
func (o *outlook) hoursOf(query facts.EventQuery, team string) []facts.EventHour {
	if o.hours == nil {
		o.hours = dealHours(o.facts.Hours)
	}
	return o.hours[eventSeries{query, team}]
}

// dealHours copies nothing of what comes as stores tell it: one series after the other, by time.
func dealHours(all []facts.EventHour) map[eventSeries][]facts.EventHour {
	dealt := map[eventSeries][]facts.EventHour{}
	for i := 0; i < len(all); {
		begin, series := i, eventSeries{all[i].Query, all[i].Team}
		for i < len(all) && all[i].Team == series.team && all[i].Query == series.query {
			i++
		}
		if run := all[begin:i:i]; len(dealt[series]) == 0 {
			dealt[series] = run
		} else {
			dealt[series] = append(dealt[series], run...)
		}
	}
	byTime := func(a, b facts.EventHour) int { return a.Hour.Compare(b.Hour) }
	for series, list := range dealt {
		if !slices.IsSortedFunc(list, byTime) {
			dealt[series] = slices.SortedFunc(slices.Values(list), byTime)
		}
	}
	return dealt
}

// eventSum is what some hours come to.
type eventSum struct {
	expected int // Hours that are over, whether or not they are known.
	known    int
	clamped  int // Of the known ones.
	good     Number
	total    Number
}

func (s eventSum) missing() int { return s.expected - s.known }

func (s eventSum) plus(o eventSum) eventSum {
	return eventSum{
		expected: s.expected + o.expected, known: s.known + o.known, clamped: s.clamped + o.clamped,
		good: s.good.Add(o.good), total: s.total.Add(o.total),
	}
}

func (s eventSum) population() Population {
	p := newPopulation()
	p.Total, p.Used = s.expected, s.known
	for _, c := range []struct {
		in    map[string]int
		class string
		n     int
	}{{p.Classes, hourCounted, s.known - s.clamped}, {p.Classes, hourClamped, s.clamped}, {p.Excluded, hourMissing, s.missing()}} {
		if c.n > 0 {
			c.in[c.class] = c.n
		}
	}
	return p
}

// words tell the sums to two decimals, the good ones never as more than they are nor all of them as fewer.
func (s eventSum) words() string {
	return fmt.Sprintf("%s of %s events were good", Ratio(s.good.Mul(Int(100)).Floor(), 100), Ratio(s.total.Mul(Int(100)).Ceil(), 100))
}

// teamEvents are a team's hours of a row's window.
type teamEvents struct {
	eventSum
	team        Team
	from, until int64             // Those that count, in hours since 1970: until is the first that does not.
	hours       []facts.EventHour // Of these, those that are known, by time.
}

// eventsOf adds a team's hours up once, for its own row and the organisation's.
func (v *subjectView) eventsOf(t Team) *teamEvents {
	key := rowKey{v.objective.ID, t.ID}
	if known, ok := v.events[key]; ok {
		return known
	}
	e := &teamEvents{team: t}
	e.from, e.until = v.hoursOver()
	all := v.hoursOf(v.objective.query(), t.ID)
	e.hours = all[placeOf(all, e.from):placeOf(all, e.until)]
	e.eventSum = sumHours(e.hours)
	e.expected = int(e.until - e.from)
	v.events[key] = e
	return e
}

// placeOf is the place of the first of some hours that is not before one.
func placeOf(hours []facts.EventHour, at int64) int {
	i, _ := slices.BinarySearchFunc(hours, instantOf(at), func(h facts.EventHour, at time.Time) int { return h.Hour.Compare(at) })
	return i
}

// instantOf is the first instant of an hour.
func instantOf(hour int64) time.Time { return time.Unix(hour*secondsPerHour, 0) }

// hoursOver are the hours that begin in the row's window, before the card's
// period ends, and were over by the horizon.
func (v *subjectView) hoursOver() (from, until int64) {
	w := v.window()
	from = hourFrom(w.Start.Unix())
	until = min(hourFrom(earlier(w.End, v.period.End).Unix()), v.horizon.Unix()/secondsPerHour)
	return from, max(from, until)
}

// hourFrom is the first hour that does not begin before an instant.
func hourFrom(unix int64) int64 { return (unix + secondsPerHour - 1) / secondsPerHour }

func sumHours(hours []facts.EventHour) eventSum {
	var good, total decimalSum
	s := eventSum{known: len(hours)}
	for i := range hours {
		h := &hours[i]
		good.add(h.Good)
		total.add(h.Total)
		if h.Clamped {
			s.clamped++
		}
	}
	s.good, s.total = good.number(), total.number()
	return s
}
