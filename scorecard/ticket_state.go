package scorecard

import (
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// existsAt reports whether the ticket was created by an instant, and was not
// known to be gone then.
func (t *Ticket) existsAt(at time.Time) bool {
	return !t.CreatedAt.After(at) && (t.GoneAt.IsZero() || t.GoneAt.After(at))
}

// valueAt returns what a field was at an instant: what its first later change
// found there, or its present value when none came.
func (t *Ticket) valueAt(f facts.TicketField, present string, at time.Time) string {
	for i := range t.changes {
		if c := &t.changes[i]; c.field == f && c.at.After(at) {
			return c.from
		}
	}
	return present
}

func (t *Ticket) resolutionAt(at time.Time) string {
	return t.valueAt(facts.FieldResolution, t.resolution, at)
}

// assigneeAt returns the account that the ticket was assigned to; empty when it was nobody's.
func (t *Ticket) assigneeAt(at time.Time) string {
	return t.valueAt(facts.FieldAssignee, t.assignee, at)
}

// statusAt returns the status that the ticket had at an instant, under its
// present name. The category of one that the site no longer has is unknown.
func (o *outlook) statusAt(t *Ticket, at time.Time) facts.TicketStatus {
	return o.status(t, t.valueAt(facts.FieldStatus, t.status.ID, at))
}

func (o *outlook) status(t *Ticket, id string) facts.TicketStatus {
	if id == t.status.ID {
		return t.status
	}
	i := slices.IndexFunc(o.facts.TicketStatuses, func(s facts.TicketStatus) bool { return s.ID == id })
	if i < 0 {
		return facts.TicketStatus{ID: id}
	}
	return o.facts.TicketStatuses[i]
}

// finished reports whether the ticket was done at an instant, delivered or
// declined. One that did not exist yet was not.
func (o *outlook) finished(t *Ticket, at time.Time) bool {
	return !t.CreatedAt.After(at) && o.statusAt(t, at).Category == facts.CategoryDone
}

// delivered reports whether the ticket was done at an instant, and not declined.
func (o *outlook) delivered(t *Ticket, at time.Time) bool {
	return o.finished(t, at) && !containsFold(o.policy.Tickets.Declined, t.resolutionAt(at))
}

// completedAt returns when a ticket that was done at an instant had been
// finished; zero for one that was not, and for one of which nothing tells.
//
// That is when its resolution was set, wherever a workflow sets one; else when
// it last became done, unless that was by a migration of the workflow, which
// happens to the project and not to the ticket; else when the category of its
// status changed; else, where it was done from the start, when it was created.
func (o *outlook) completedAt(t *Ticket, at time.Time) time.Time {
	if !o.finished(t, at) {
		return time.Time{}
	}
	if resolved := t.resolvedBy(at); !resolved.IsZero() {
		return resolved
	}
	for _, c := range slices.Backward(t.changes) {
		if c.field == facts.FieldStatus && !c.at.After(at) && !c.migrated &&
			o.status(t, c.to).Category == facts.CategoryDone && o.status(t, c.from).Category != facts.CategoryDone {
			return c.at
		}
	}
	if !t.categoryAt.IsZero() && !t.categoryAt.After(at) {
		return t.categoryAt
	}
	if o.doneFromTheStart(t, at) {
		return t.CreatedAt
	}
	return time.Time{}
}

// doneFromTheStart reports whether a ticket that is done at an instant never was anything else.
func (o *outlook) doneFromTheStart(t *Ticket, at time.Time) bool {
	return !slices.ContainsFunc(t.changes, func(c ticketChange) bool {
		return c.field == facts.FieldStatus && !c.at.After(at) &&
			(o.status(t, c.from).Category != facts.CategoryDone || o.status(t, c.to).Category != facts.CategoryDone)
	})
}

// resolvedBy returns when the resolution that the ticket had at an instant was
// set; zero when it had none.
func (t *Ticket) resolvedBy(at time.Time) time.Time {
	if !t.resolvedAt.IsZero() && !t.resolvedAt.After(at) {
		return t.resolvedAt
	}
	if t.resolutionAt(at) == "" {
		return time.Time{}
	}
	for _, c := range slices.Backward(t.changes) {
		if c.field == facts.FieldResolution && c.to != "" && !c.at.After(at) {
			return c.at
		}
	}
	return time.Time{}
}

// inClass reports whether the ticket is of a class in its state of an instant.
func (o *outlook) inClass(t *Ticket, class string, at time.Time) bool {
	return slices.ContainsFunc(t.matchers, func(n uint16) bool {
		return o.matchers[n].class == class && o.fitsAt(o.matchers[n].TicketMatcher, t, at)
	})
}

// inAnyClass reports whether the ticket is of some class in its state of an instant.
func (o *outlook) inAnyClass(t *Ticket, at time.Time) bool {
	return slices.ContainsFunc(t.matchers, func(n uint16) bool { return o.fitsAt(o.matchers[n].TicketMatcher, t, at) })
}

// fitsAt reports whether what changes with time of a ticket fits at an instant.
func (o *outlook) fitsAt(m *TicketMatcher, t *Ticket, at time.Time) bool {
	return (len(m.Statuses) == 0 || containsFold(m.Statuses, o.statusAt(t, at).Name)) &&
		(len(m.Resolutions) == 0 || containsFold(m.Resolutions, t.resolutionAt(at)))
}
