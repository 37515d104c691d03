package scorecard

import (
	"fmt"
	"slices"
)

// populationFinished is the population of a ticket_ratio that takes in declined tickets too.
const populationFinished = "finished"

// measureTicketRatio judges which share of the finished tickets of a class
// were delivered with, or without, being of a second class.
func measureTicketRatio(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).ticketRatio)
}

func (v *subjectView) ticketRatio() measurement {
	finished := v.finishes(v.objective.Of)
	p, good := newPopulation(), 0
	p.Total = len(finished)
	for _, f := range finished {
		class, counted := v.ratioClass(f)
		switch counted {
		case InNumerator:
			good++
			fallthrough
		case InDenominator:
			p.Used++
			p.Classes[class]++
		case NotCounted:
			p.Excluded[class]++
		}
	}
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p, sample: &sample{k: good, n: p.Used},
		evidence: func() []Evidence { return v.ratioEvidence(finished) },
	}
	if p.Used > 0 {
		m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d %s tickets of class %s were delivered %s.", good, p.Used, v.objective.Population, v.objective.Of, v.condition())
	}
	return m
}

// condition says in words what makes a ticket a good one.
func (v *subjectView) condition() string {
	if v.objective.With != "" {
		return "and are of class " + v.objective.With
	}
	return "and are not of class " + v.objective.Without
}

// ratioClass says what became of a ticket, and how that counts.
func (v *subjectView) ratioClass(f *ticketState) (string, Counted) {
	second := slices.ContainsFunc([]string{v.objective.With, v.objective.Without}, func(class string) bool {
		return class != "" && v.inClass(f.Ticket, class, v.known())
	})
	switch {
	case !f.delivered && v.objective.Population != populationFinished:
		return ticketDeclined, NotCounted
	case !f.delivered:
		return ticketDeclined, InDenominator
	case second == (v.objective.With != ""):
		return ticketDelivered, InNumerator
	case second:
		return v.objective.Without, InDenominator
	}
	return "not_" + v.objective.With, InDenominator
}

func (v *subjectView) ratioEvidence(finished []*ticketState) []Evidence {
	items := make([]Evidence, 0, len(finished))
	for _, f := range finished {
		class, counted := v.ratioClass(f)
		items = append(items, ticketItem(f, class, counted))
	}
	sortEvidence(items)
	return items
}
