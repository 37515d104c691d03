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

// ticketState is a ticket as it is at an instant.
type ticketState struct {
	*Ticket
	finished  bool
	delivered bool      // Finished, and not declined.
	at        time.Time // When it was finished; zero while it is not, and where nothing tells.
}

// classState are the tickets of a class as they are at an instant, by id.
type classState struct {
	all []*ticketState
	of  map[string][]*ticketState // By team.
}

// known is the instant up to which what happened to the tickets of a window
// counts: the horizon, but of a year no later than the card's end.
func (v *subjectView) known() time.Time {
	if v.objective.Window == WindowYear {
		return earlier(v.horizon, v.period.End.Add(-time.Nanosecond))
	}
	return v.horizon
}

// ofClass returns the tickets that exist by an instant and are of a class then,
// whosever they are. Rows and periods share them.
func (o *outlook) ofClass(class string, at time.Time) *classState {
	key := at.UnixNano()
	known, ok := o.classes[key]
	if !ok {
		known = o.classesAt(at)
		o.classes[key] = known
	}
	if c := known[class]; c != nil {
		return c
	}
	return &classState{}
}

// classesAt finds the tickets of all classes that have any at an instant.
func (o *outlook) classesAt(at time.Time) map[string]*classState {
	classes := map[string]*classState{}
	for _, t := range o.facts.Tickets {
		if len(t.matchers) == 0 || !t.existsAt(at) {
			continue
		}
		state := &ticketState{Ticket: t, finished: o.finished(t, at), delivered: o.delivered(t, at), at: o.completedAt(t, at)}
		for _, n := range t.matchers {
			if m := o.matchers[n]; o.fitsAt(m.TicketMatcher, t, at) {
				if classes[m.class] == nil {
					classes[m.class] = &classState{of: map[string][]*ticketState{}}
				}
				classes[m.class].add(state)
			}
		}
	}
	for _, c := range classes {
		c.sort()
	}
	return classes
}

// add adds a ticket, unless it was the last one to be added: several matchers of a class may fit.
func (c *classState) add(t *ticketState) {
	if n := len(c.all); n == 0 || c.all[n-1] != t {
		c.all = append(c.all, t)
	}
}

// sort puts the tickets in order, and deals them out to their teams.
func (c *classState) sort() {
	slices.SortFunc(c.all, func(a, b *ticketState) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range c.all {
		for _, team := range t.Teams {
			c.of[team] = append(c.of[team], t)
		}
	}
}

// tickets lists the subject's tickets that are of a class as far as its window
// is known. A ticket of several teams is each one's, and the organisation's once.
func (v *subjectView) tickets(class string) []*ticketState {
	c := v.ofClass(class, v.known())
	switch {
	case v.subject.ID != OrgID && len(v.teams) == 1:
		return c.of[v.teams[0].ID]
	case v.subject.ID == OrgID && len(v.teams) == len(v.policy.Teams):
		return c.all
	}
	var list []*ticketState
	for _, t := range c.all {
		if v.isOurs(t.Ticket) {
			list = append(list, t)
		}
	}
	return list
}

// isOurs reports whether the ticket is one of the subject's teams. One of no
// team is the organisation's, as far as the objective is everybody's.
func (v *subjectView) isOurs(t *Ticket) bool {
	if len(t.Teams) == 0 {
		return v.takesInStrays()
	}
	return slices.ContainsFunc(v.teams, func(team Team) bool { return slices.Contains(t.Teams, team.ID) })
}

// takesInStrays reports whether tickets of no team are the subject's.
func (v *subjectView) takesInStrays() bool {
	return v.subject.ID == OrgID && len(v.evaluator.teams(v.objective, v.subject)) == len(v.policy.Teams)
}

// finishes lists the subject's tickets of a class that were finished within
// the row's window.
func (v *subjectView) finishes(class string) []*ticketState {
	var list []*ticketState
	within := v.within()
	for _, t := range v.tickets(class) {
		if !t.at.IsZero() && within(t.at) {
			list = append(list, t)
		}
	}
	return list
}

// within tells whether something of the row's window happened by the end of the card's period.
func (v *subjectView) within() func(time.Time) bool {
	w := v.window()
	end := earlier(w.End, v.period.End)
	return func(t time.Time) bool { return !t.Before(w.Start) && t.Before(end) }
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
func ticketItem(f *ticketState, class string, counted Counted) Evidence {
	what := "Delivered"
	if !f.delivered {
		what = "Declined"
	}
	return Evidence{
		Kind: "ticket", ID: f.Key, URL: f.URL, At: f.at.UTC(), Class: class, Counted: counted,
		Reason: fmt.Sprintf("%s on %s.", what, f.at.UTC().Format(time.RFC3339)),
	}
}
