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
// the headcounts at its two ends; the second end is the cut while that is
// earlier. Numerator and denominator are people, and may be half ones.
func measureRetention(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).retention)
}

func (v *subjectView) retention() measurement {
	w := v.window()
	end := earlier(w.End, v.cut())
	first, last := v.headcount(w.Start), v.headcount(end)
	p := v.stayedOrLeft(w.Start, end)
	mean := Ratio(int64(first+last), 2)
	m := measurement{judged: int(mean.Floor()), trusted: p.Used, population: p}
	m.evidence = func() []Evidence { return retentionEvidence(p, w.Start) }
	switch {
	case p.Total == 0:
		return m
	case m.judged == 0:
		m.judged, m.suppressed = 1, "Fewer than one person was there on average: too few to judge." // And yet not nobody.
		return m
	}
	leavers := p.Classes[personLeft]
	m.denominator, m.numerator = mean.Ptr(), mean.Sub(Int(leavers)).Ptr()
	m.value = m.numerator.Quo(mean).Ptr()
	m.reason = fmt.Sprintf("%d left; the headcount was %d at the beginning and %d at the end.", leavers, first, last)
	return m
}

// stayedOrLeft are those who were the subject's at either end of a span of time, or came
// or left in it.
func (v *subjectView) stayedOrLeft(from, to time.Time) Population {
	p, loc := newPopulation(), v.policy.Calendar.Location
	for i := range v.policy.People {
		person := &v.policy.People[i]
		here := func(t time.Time) bool { return person.Employed(t, loc) && v.ours(person, t) }
		joined := person.Joined.In(loc)
		came := !person.Joined.IsZero() && !joined.Before(from) && joined.Before(to) && v.ours(person, joined)
		class := personStayed
		if v.leaves(person, from, to) {
			class = personLeft
		} else if !here(from) && !here(to) && !came {
			continue
		}
		p.Total++
		p.Used++
		p.Classes[class]++
	}
	return p
}

// leaves reports whether somebody's first day no longer employed lies in [from, to), or
// begins at the horizon, up to which all counts, while the period runs.
func (v *subjectView) leaves(p *Person, from, to time.Time) bool {
	at := p.Left.In(v.policy.Calendar.Location)
	return !p.Left.IsZero() && !at.Before(from) && (at.Before(to) || at.Equal(to) && v.running()) &&
		v.ours(p, at.Add(-time.Nanosecond))
}

func retentionEvidence(p Population, at time.Time) []Evidence {
	items := []Evidence{}
	if n := p.Classes[personStayed]; n > 0 {
		items = append(items, people(personStayed, n, at, InNumerator, "People who stayed"))
	}
	if n := p.Classes[personLeft]; n > 0 {
		items = append(items, people(personLeft, n, at, InDenominator, "People who left"))
	}
	sortEvidence(items)
	return items
}
