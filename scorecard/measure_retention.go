package scorecard

import (
	"fmt"
	"time"
)

// The classes of people as retention sees them.
const (
	personStayed = "stayed"
	personLeft   = "left"
)

// measureRetention is 1 less those who left in the window, divided by the mean of
// the headcounts at its two ends; the second end is the horizon while that is
// earlier. Numerator and denominator are people, and may be half ones.
func measureRetention(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).retention)
}

func (v *subjectView) retention() measurement {
	w := v.window()
	end := earlier(w.End, v.horizon)
	first, last, leavers := v.headcount(w.Start), v.headcount(end), v.leavers(w.Start, end)
	p := newPopulation()
	p.Used, p.Total = first+v.joinedSince(w.Start, end), first+v.joinedSince(w.Start, end)
	if leavers > 0 {
		p.Classes[personLeft] = leavers
	}
	if stayed := p.Used - leavers; stayed > 0 {
		p.Classes[personStayed] = stayed
	}
	m := measurement{judged: first + last, trusted: p.Used, population: p}
	m.evidence = func() []Evidence { return retentionEvidence(p, w.Start) }
	if first+last == 0 {
		return m
	}
	mean := Ratio(int64(first+last), 2)
	m.denominator, m.numerator = mean.Ptr(), mean.Sub(Int(leavers)).Ptr()
	m.value = m.numerator.Quo(mean).Ptr()
	m.reason = fmt.Sprintf("%d left; the headcount was %d at the beginning and %d at the end.", leavers, first, last)
	return m
}

// leavers counts those whose first day no longer employed lies in [from, to).
func (v *subjectView) leavers(from, to time.Time) int {
	n, loc := 0, v.policy.Calendar.Location
	for i := range v.policy.People {
		p := &v.policy.People[i]
		at := p.Left.In(loc)
		if !p.Left.IsZero() && !at.Before(from) && at.Before(to) && v.ours(p, at.Add(-time.Nanosecond)) {
			n++
		}
	}
	return n
}

// joinedSince counts those who were not there at from and came before to.
func (v *subjectView) joinedSince(from, to time.Time) int {
	n := 0
	for _, p := range v.joined(Window{Start: from, End: to}) {
		if p.Joined.In(v.policy.Calendar.Location).After(from) {
			n++
		}
	}
	return n
}

func retentionEvidence(p Population, at time.Time) []Evidence {
	items := []Evidence{}
	if n := p.Classes[personStayed]; n > 0 {
		items = append(items, people(personStayed, n, at, NotCounted, "People who stayed"))
	}
	if n := p.Classes[personLeft]; n > 0 {
		items = append(items, people(personLeft, n, at, NotCounted, "People who left"))
	}
	sortEvidence(items)
	return items
}
