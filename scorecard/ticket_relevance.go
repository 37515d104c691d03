package scorecard

import (
	"time"

	"teamhealth/internal/facts"
)

// Matters reports whether a row may rest on a ticket by itself: it is of a class,
// as far as what does not change goes, or it is linked to others, to which it may
// name an incident. Texts, people and history are not looked at.
func (r *TicketDigester) Matters(t *facts.Ticket) bool {
	for _, m := range r.matchers {
		if m.fitsAlways(t) {
			return true
		}
	}
	return len(t.Links) > 0
}

// TicketLookback is how long before the period before a card's own something may
// last have happened to a ticket that the card rests on: a leap year, for the rows of a
// year, or what the rubric asks for in the age of a ticket or the term of an action item.
func (p *Policy) TicketLookback() time.Duration {
	const day, week = 24 * time.Hour, 7 * 24 * time.Hour
	longest := 366 * day
	for _, o := range p.Rubric.Objectives {
		unit := day
		if o.Due.Business {
			unit = week // A week with holidays may have a single business day.
		}
		longest = max(longest, time.Duration(o.MaxAge), time.Duration(o.Due.Days+1)*unit)
	}
	return longest
}
