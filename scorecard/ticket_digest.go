package scorecard

import (
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// Ticket is what scoring needs of one ticket. It depends on the ticket and on
// the policy, and on nothing else: neither period nor horizon. So it is made once
// and reused until the ticket changes.
type Ticket struct {
	ID         string
	Key        string
	URL        string
	Summary    string
	Labels     []string
	Components []string
	Teams      []string // Ids, in configuration order.
	CreatedAt  time.Time
	GoneAt     time.Time // From when on it is in no population; zero for never.
	Author     string    // Who created it; where that was a bot, who is said to have reported it.
	Reporter   string
	Names      []Mention // Incidents, each by the first way that names it.
	Links      []string  // Ids of the tickets that it is linked to.
	Parent     string    // Id of the ticket that it is a part of; empty when it is none.

	// sections are those of a post-mortem that have content of their own; unwritten says
	// that nothing in its text is its own, unreadable that nobody can tell. Other tickets have none of these.
	sections   sections
	unwritten  bool
	unreadable bool

	outsider bool // It is of a class, and somebody wrote it or ever had it who is neither on the roster nor automation.

	matchers   []uint16 // Those that fit as far as what does not change goes, numbered through all classes.
	status     facts.TicketStatus
	resolution string
	assignee   string
	resolvedAt time.Time
	categoryAt time.Time
	changes    []ticketChange // In order of time.
}

// ticketChange is one change of a ticket's state: of a status, by ids; of a
// resolution, by names; of the assignee, by accounts.
type ticketChange struct {
	at       time.Time
	field    facts.TicketField
	from, to string
	migrated bool
}

// TicketDigester makes tickets fit for scoring. It is safe for use by several goroutines.
type TicketDigester struct {
	policy   *Policy
	bots     []string
	insiders map[string]bool // Accounts; see Policy.insiders.
	matchers []numberedMatcher
	form     form
}

type numberedMatcher struct {
	class string
	*TicketMatcher
}

// NewTicketDigester returns a TicketDigester for a policy.
func NewTicketDigester(p *Policy) *TicketDigester {
	return &TicketDigester{
		policy: p, bots: p.bots(facts.Jira), insiders: p.insiders(), matchers: p.Tickets.matchers(),
		form: newForm(p.Tickets.Template),
	}
}

// bots lists the accounts of a source that are automation.
func (p *Policy) bots(source facts.Source) []string {
	i := slices.IndexFunc(p.Sources, func(s SourceRules) bool { return s.Source == source })
	if i < 0 {
		return nil
	}
	return p.Sources[i].Bots
}

// matchers lists the matchers of all classes.
func (r *TicketRules) matchers() []numberedMatcher {
	var list []numberedMatcher
	for _, c := range r.Classes {
		for i := range c.Matchers {
			list = append(list, numberedMatcher{class: c.Name, TicketMatcher: &c.Matchers[i]})
		}
	}
	return list
}

// Digest reduces a ticket.
func (r *TicketDigester) Digest(t *facts.Ticket) Ticket {
	d := Ticket{
		ID: t.ID, Key: t.Key, URL: t.URL, Summary: t.Summary, Labels: all(t.Labels), Components: all(t.Components),
		CreatedAt: t.CreatedAt, GoneAt: t.GoneAt, Author: one(t.Creator), Reporter: one(t.Reporter), Parent: t.Parent,
		Names:      mentions(t, r.policy.Tickets.IncidentField),
		status:     facts.TicketStatus{ID: one(t.Status.ID), Name: one(t.Status.Name), Category: facts.StatusCategory(one(string(t.Status.Category)))},
		resolution: one(t.Resolution), assignee: one(t.Assignee), resolvedAt: t.ResolvedAt, categoryAt: t.CategoryChangedAt,
	}
	if slices.Contains(r.bots, t.Creator) {
		d.Author = d.Reporter
	}
	for _, team := range r.policy.Teams {
		if team.Tickets.takes(t.Project, t.Components) {
			d.Teams = append(d.Teams, team.ID)
		}
	}
	for _, l := range t.Links {
		d.Links = append(d.Links, l.Ticket)
	}
	r.match(&d, t)
	d.changes = changes(t.Changes)
	d.outsider = len(d.matchers) > 0 && d.involvesOthers(r.insiders)
	return d
}

// match finds the matchers that fit a ticket, and reads it if one takes post-mortems.
func (r *TicketDigester) match(d *Ticket, t *facts.Ticket) {
	postmortem := false
	for i, m := range r.matchers {
		if m.fitsAlways(t) {
			d.matchers = append(d.matchers, uint16(i))
			postmortem = postmortem || m.class == ClassPostmortem
		}
	}
	if postmortem {
		r.form.read(t, d)
	}
}

// changes keeps of a history what tells the state at an instant.
func changes(history []facts.TicketChange) []ticketChange {
	sorted := slices.Clone(history)
	facts.SortChanges(sorted)
	changes := make([]ticketChange, 0, len(sorted))
	for _, c := range sorted {
		kept := ticketChange{at: c.At, field: facts.TicketField(one(string(c.Field))), from: one(c.From), to: one(c.To), migrated: c.Migrated}
		if c.Field == facts.FieldResolution {
			kept.from, kept.to = one(c.FromName), one(c.ToName)
		}
		changes = append(changes, kept)
	}
	return changes
}

// all returns the one copy of each word.
func all(words []string) []string {
	list := make([]string, 0, len(words))
	for _, w := range words {
		list = append(list, one(w))
	}
	return list
}
