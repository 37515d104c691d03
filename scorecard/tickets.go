package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The classes of finished tickets.
const (
	ticketDelivered = "delivered"
	ticketDeclined  = "declined"
)

// finish is a ticket that was finished within a row's window.
type finish struct {
	*Ticket
	at        time.Time
	delivered bool
}

// classAt is a class of tickets as it is at an instant.
type classAt struct {
	class string
	at    int64 // In nanoseconds since 1970.
}

// ofClass lists the tickets that exist by the horizon and are of a class then,
// whosever they are, by id. Rows share the list.
func (v *subjectView) ofClass(class string) []*Ticket {
	key := classAt{class, v.horizon.UnixNano()}
	if list, listed := v.classes[key]; listed {
		return list
	}
	var list []*Ticket
	for _, t := range v.facts.Tickets {
		if !t.CreatedAt.After(v.horizon) && v.inClass(t, class, v.horizon) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *Ticket) int { return cmp.Compare(a.ID, b.ID) })
	v.classes[key] = list
	return list
}

// tickets lists the subject's tickets of a class. A ticket of several teams is
// each one's, and the organisation's once.
func (v *subjectView) tickets(class string) []*Ticket {
	var list []*Ticket
	for _, t := range v.ofClass(class) {
		if v.isOurs(t) {
			list = append(list, t)
		}
	}
	return list
}

// isOurs reports whether the ticket is one of the subject's teams. One of no
// team is the organisation's, as far as the objective is everybody's.
func (v *subjectView) isOurs(t *Ticket) bool {
	if len(t.Teams) == 0 {
		return v.subject.ID == OrgID && len(v.evaluator.teams(v.objective, v.subject)) == len(v.policy.Teams)
	}
	return slices.ContainsFunc(v.teams, func(team Team) bool { return slices.Contains(t.Teams, team.ID) })
}

// finishes lists the subject's tickets of a class that were finished within
// the row's window.
func (v *subjectView) finishes(class string) []finish {
	var list []finish
	for _, t := range v.tickets(class) {
		at := v.completedAt(t, v.horizon)
		if !at.IsZero() && v.inWindow(at) {
			list = append(list, finish{Ticket: t, at: at, delivered: v.delivered(t, v.horizon)})
		}
	}
	return list
}

// inWindow reports whether something of the row's window happened by the end of the card's period.
func (v *subjectView) inWindow(t time.Time) bool {
	w := v.window()
	return !t.Before(w.Start) && t.Before(w.End) && t.Before(v.period.End)
}

// undefined names the class of tickets that an objective needs and the
// configuration does not have; empty when it has all.
func (e *evaluator) undefined(o Objective) string {
	for _, class := range o.classes() {
		if !slices.ContainsFunc(e.policy.Tickets.Classes, func(c TicketClass) bool { return c.Name == class }) {
			return class
		}
	}
	return ""
}

// classes lists the classes of tickets that an objective looks at.
func (o Objective) classes() []string {
	var classes []string
	switch o.Measure {
	case MeasurePostmortems:
		return []string{ClassPostmortem}
	case MeasurePostmortemQuality:
		return []string{ClassPostmortem, ClassActionItem}
	case MeasureActionItems:
		return []string{ClassActionItem}
	case MeasureCrossLine:
		return []string{o.crossed()}
	case MeasureTicketRatio, MeasureTicketCount, MeasureCoverage, MeasureOnboarding:
		for _, class := range []string{o.Of, o.With, o.Without} {
			if class != "" {
				classes = append(classes, class)
			}
		}
	default:
	}
	return classes
}

// crossed is the class of tickets of a cross_line objective.
func (o Objective) crossed() string {
	if o.Share == shareCoding {
		return classCoding
	}
	return classChangeRequest
}

// shareCoding is the one share of cross_line that is about coding tickets.
const shareCoding = "sre_coding"

// ticketItem is the evidence of a finished ticket.
func ticketItem(f finish, class string, counted Counted) Evidence {
	what := "Delivered"
	if !f.delivered {
		what = "Declined"
	}
	return Evidence{
		Kind: "ticket", ID: f.Key, URL: f.URL, At: f.at.UTC(), Class: class, Counted: counted,
		Reason: fmt.Sprintf("%s on %s.", what, f.at.UTC().Format(time.RFC3339)),
	}
}
