package scorecard

import "teamhealth/internal/facts"

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
