package scorecard

import (
	"fmt"
)

// Pace says whether a count that runs is likely to reach its target.
type Pace string

// The paces.
const (
	OnTrack Pace = "on_track"
	Behind  Pace = "behind"
)

// CountDetails are the details of a row that counts.
type CountDetails struct {
	// Pace compares the count with the share of the target that is due by now;
	// null when the window is over, or there is no target.
	Pace *Pace `json:"pace"`
}

// measureTicketCount counts the tickets of a class that were delivered in the
// row's window. Declined ones are shown, and not counted.
func measureTicketCount(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).deliveredCount)
}

func (v *subjectView) deliveredCount() measurement {
	finished := v.finishes(v.objective.Of)
	p := newPopulation()
	p.Total = len(finished)
	for _, f := range finished {
		if f.delivered {
			p.Used++
			p.Classes[ticketDelivered]++
		} else {
			p.Excluded[ticketDeclined]++
		}
	}
	m := v.counting(Int(p.Used))
	m.population, m.trusted = p, p.Used
	m.reason = fmt.Sprintf("Tickets of class %s that were delivered: %d.", v.objective.Of, p.Used)
	m.evidence = func() []Evidence { return countEvidence(finished) }
	return m
}

// counting is the measurement of a count so far. It is never empty: nothing
// counted is a count.
func (v *subjectView) counting(n Number) measurement {
	m := measurement{value: n.Ptr(), judged: max(1, v.objective.MinN), counts: true}
	w := v.window()
	cut := earlier(v.period.End, v.horizon)
	m.running = cut.Before(w.End)
	if v.target == nil || !m.running {
		m.details = CountDetails{}
		return m
	}
	pace := Behind
	due := v.target.Mul(Ratio(int64(max(0, cut.Sub(w.Start))), int64(w.End.Sub(w.Start))))
	if m.value.Cmp(due) >= 0 {
		pace = OnTrack
	}
	m.details = CountDetails{Pace: &pace}
	return m
}

func countEvidence(finished []*ticketState) []Evidence {
	items := make([]Evidence, 0, len(finished))
	for _, f := range finished {
		if f.delivered {
			items = append(items, ticketItem(f, ticketDelivered, InNumerator))
		} else {
			items = append(items, ticketItem(f, ticketDeclined, NotCounted))
		}
	}
	sortEvidence(items)
	return items
}
