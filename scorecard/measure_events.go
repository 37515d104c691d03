package scorecard

import (
	"fmt"
	"math"

	"teamhealth/internal/facts"
)

// methodEvents is the method of an availability that is told by events, and not by incidents.
const methodEvents = "events"

// The classes of hours.
const (
	hourCounted = "counted"
	hourClamped = "clamped" // More events were counted as good than there were.
	hourMissing = "missing" // Nothing is known of it.
)

// CountsEvents reports whether the objective is measured by events that are good or
// not, whatever they are called.
func (o Objective) CountsEvents() bool {
	return o.Measure == MeasureEvents || o.Measure == MeasureAvailability && o.Method == methodEvents
}

// query is the pair of expressions that counts the objective's events; one of
// which a part is empty counts nothing.
func (o Objective) query() facts.EventQuery { return facts.EventQuery{Good: o.Good, Total: o.Total} }

// measureEvents judges which share of the events were good. They are counted
// hour by hour, so that they add up over teams and over any time. An hour of which
// nothing is known is in neither sum: it lowers the coverage.
func measureEvents(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).countedEvents)
}

func (v *subjectView) countedEvents() measurement {
	teams := make([]*teamEvents, 0, len(v.teams))
	var sum eventSum
	for _, t := range v.teams {
		one := v.eventsOf(t)
		teams, sum = append(teams, one), sum.plus(one.eventSum)
	}
	p := sum.population()
	m := measurement{
		population: p, trusted: p.Used - sum.clamped, immature: p.Total == 0, caveats: eventCaveats(sum, teams),
		evidence: func() []Evidence { return v.eventEvidence(teams) },
	}
	switch {
	case p.Total == 0:
		return m
	case p.Used == 0:
		m.noData = fmt.Sprintf("No event of %s is on record in any hour of the period.", v.subject.Name)
		return m
	}
	m.judgeable = judgeable(p.Used, sum.missing())
	if sum.total.Sign() == 0 {
		m.reason = fmt.Sprintf("No event was counted in the hours that are known, which are %d.", p.Used)
		return m
	}
	m.judged = wholeEvents(sum.total)
	m.numerator, m.denominator, m.value = sum.good.Ptr(), sum.total.Ptr(), sum.good.Quo(sum.total).Ptr()
	m.budget = v.budgetOfEvents(sum)
	m.reason = sum.words() + "."
	return m
}

// wholeEvents is how many events there were at least. Counts are extrapolated, so
// that what is less than one is still one that happened.
func wholeEvents(n Number) int {
	if n.Cmp(Int(math.MaxInt32)) > 0 {
		return math.MaxInt32 // Enough for whatever asks for a least number.
	}
	return max(1, int(n.Floor()))
}

// budgetOfEvents is how many of the events so far the target leaves to be bad; nil where
// the target is none to be kept from below. Extrapolated events need not be whole ones, nor is what they allow.
func (v *subjectView) budgetOfEvents(sum eventSum) *Budget {
	if v.target == nil || (v.objective.Direction != AtLeast && v.objective.Direction != Above) {
		return nil
	}
	allowed, used := Int(1).Sub(*v.target).Mul(sum.total), sum.total.Sub(sum.good)
	return &Budget{Unit: "events", Allowed: allowed.Ptr(), Used: used.Ptr(), Remaining: allowed.Sub(used).Ptr()}
}

// eventCaveats say what of the time the value does not see, and where counts contradict each other.
func eventCaveats(sum eventSum, teams []*teamEvents) []string {
	var caveats []string
	if n := sum.missing(); n > 0 {
		caveats = append(caveats, fmt.Sprintf("Hours of which nothing is known: %d of %d. What happened in them is not counted.", n, sum.expected))
	}
	for _, t := range teams {
		if t.known == 0 && sum.known > 0 {
			caveats = append(caveats, fmt.Sprintf("No hour of %s is known, so the value does not see it.", t.team.Name))
		}
	}
	if sum.clamped > 0 {
		caveats = append(caveats, fmt.Sprintf("Hours in which more events were counted as good than there were: %d. All of theirs count as good.", sum.clamped))
	}
	return caveats
}
