package scorecard

import (
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// unmapped returns what happened in the period and nobody claims. An account of
// PagerDuty and one of Jira count as two: nothing tells that they are of one person.
func (e *evaluator) unmapped() Unmapped {
	if e.unclaimed == nil {
		e.unclaimed = &Unmapped{Services: e.strange.Services, People: e.strange.People + e.outsiders()}
	}
	return *e.unclaimed
}

// outsiders counts the accounts that wrote or did tickets of any class which were
// finished in the period, and that nobody on the roster has. As with incidents,
// time before Jira is read completely tells nothing.
func (e *evaluator) outsiders() int {
	from := later(e.period.Start, e.states[facts.Jira].DataSince)
	within := func(t time.Time) bool { return !t.Before(from) && t.Before(e.period.End) }
	horizon := e.horizon([]facts.Source{facts.Jira})
	n, settled := 0, e.policy.insiders() // Those of whom nothing needs to be found out any more.
	for _, t := range e.facts.Tickets {
		if !t.outsider || !t.existsAt(horizon) || t.resolvedOutside(within, horizon) || !t.involvesOthers(settled) {
			continue
		}
		at := e.completedAt(t, horizon)
		if !within(at) || !e.inAnyClass(t, horizon) {
			continue
		}
		for _, account := range []string{t.Author, t.assigneeAt(at)} {
			if !settled[account] {
				settled[account] = true
				n++
			}
		}
	}
	return n
}

// resolvedOutside reports whether a ticket, if it is finished by the horizon
// at all, was finished at an instant that is not within. It spares most tickets
// the work of finding out.
func (t *Ticket) resolvedOutside(within func(time.Time) bool, horizon time.Time) bool {
	return !t.resolvedAt.IsZero() && !t.resolvedAt.After(horizon) && !within(t.resolvedAt)
}

// insiders is the set of Jira accounts on the roster and of those that are
// automation. Nobody, the empty account, is in it too.
func (p *Policy) insiders() map[string]bool {
	set := map[string]bool{"": true}
	for i := range p.People {
		set[p.People[i].Jira] = true
	}
	for _, bot := range p.bots(facts.Jira) {
		set[bot] = true
	}
	return set
}

// involvesOthers reports whether an account wrote the ticket or ever had it that
// is none of those given.
func (t *Ticket) involvesOthers(than map[string]bool) bool {
	return !than[t.Author] || !than[t.assignee] || slices.ContainsFunc(t.changes, func(c ticketChange) bool {
		return c.field == facts.FieldAssignee && (!than[c.from] || !than[c.to])
	})
}
