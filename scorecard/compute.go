// Package scorecard turns facts into judgement: rows, verdicts and scores for
// a period, as a pure function of policy, facts, period and instant. It has no
// clock, performs no I/O, logs nothing, and never guesses: what the facts do
// not show is null, with the reason.
package scorecard

import (
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// Input is all that a card depends on.
type Input struct {
	Policy *Policy
	Facts  Facts
	Period Period
	AsOf   time.Time
}

// Facts are what a computation may draw on. They may hold more than the
// period needs, and stand in any order.
type Facts struct {
	Incidents []*Digest
	Sources   []facts.SourceState
	Services  []facts.Service
	Policies  []facts.EscalationPolicy
	Users     []facts.User
	// Shifts and Maintenance are those that overlap the period, and of shifts
	// also those that rotation rows look back to.
	Shifts      []facts.Shift
	Maintenance []facts.MaintenanceWindow
	// Named are the incidents that exceptions or tickets name, of whatever time. They
	// tell an exception that another period uses from one that none does.
	Named []facts.Incident

	// Tickets are those that something happened to since the policy's TicketLookback before the
	// period before, and those that they are linked to.
	Tickets        []*Ticket
	TicketStatuses []facts.TicketStatus

	Records []facts.Record // All that are kept.

	// Hours are those of the policy's event queries that reach back as far as the trends of the periods do.
	Hours []facts.EventHour
}

// Compute returns the card of the organisation, then those of the teams in
// configuration order. Trends look at the period before, so facts should reach
// back to its start, and hold what was open then although it was created
// earlier, along with the incidents that any of them was merged into.
func Compute(in Input) []Card {
	return ComputeAll(in.Policy, in.Facts, in.AsOf, in.Period)[0]
}

// ComputeAll returns for each of several periods what Compute returns for it.
// What they have in common is worked out once, such as the rows of a period
// that is also the one before another.
func ComputeAll(p *Policy, f Facts, asOf time.Time, periods ...Period) [][]Card {
	seen := newOutlook(p, f, asOf)
	all := make([][]Card, 0, len(periods))
	for _, period := range periods {
		now, before := seen.at(period), seen.at(p.Calendar.Before(period, asOf.UTC()))
		var cards []Card
		for _, s := range p.Subjects() {
			cards = append(cards, now.card(s, before))
		}
		all = append(all, cards)
	}
	return all
}

// EvidenceFor returns the facts behind one row, by time and then id. The error
// is an *UnknownError, or a *ParameterError for an objective that the subject's
// card has no row for.
func EvidenceFor(in Input, objective, subject string) ([]Evidence, error) {
	s, err := in.Policy.Subject(subject)
	if err != nil {
		return nil, err
	}
	o, err := in.Policy.Rubric.Find(objective)
	if err != nil {
		return nil, err
	}
	e := newOutlook(in.Policy, in.Facts, in.AsOf).at(in.Period)
	if why := e.absence(o, s); why != "" {
		return nil, &ParameterError{
			Parameter: "objective", Value: objective, Why: why, Allowed: "those on this card: " + strings.Join(e.rowsOf(s), ", "),
		}
	}
	row, m := e.measured(o, s)
	if row.Verdict == InsufficientData || m.evidence == nil {
		return []Evidence{}, nil
	}
	return m.evidence(), nil
}

// Subjects lists the organisation, then the teams in configuration order.
func (p *Policy) Subjects() []Subject {
	subjects := make([]Subject, 0, len(p.Teams)+1)
	subjects = append(subjects, Subject{ID: OrgID, Name: p.Organization})
	for _, t := range p.Teams {
		subjects = append(subjects, Subject{ID: t.ID, Name: t.Name, Line: t.Line})
	}
	return subjects
}

// Subject returns the subject of an id; the error is an *UnknownError.
func (p *Policy) Subject(id string) (Subject, error) {
	subjects := p.Subjects()
	known := make([]string, 0, len(subjects))
	for _, s := range subjects {
		if s.ID == id {
			return s, nil
		}
		known = append(known, s.ID)
	}
	return Subject{}, &UnknownError{Kind: "team", ID: id, Known: known}
}

// evaluator holds what the rows of one period share.
type evaluator struct {
	*outlook
	period    Period
	knownFrom time.Time            // From when on the period's incidents are known.
	byTeam    map[string][]*Digest // Created in the period, by time and id; those of no team under the empty id.
	// lingering are, likewise by team, the incidents from before those of byTeam that may have been open for longer.
	lingering map[string][]*Digest
	bare      map[string]int // By team, how many of byTeam have no log entry.
	strange   Unmapped       // As far as incidents tell.
	unclaimed *Unmapped      // As far as tickets tell too; made when a card first asks for it.
	work      *workload      // Made when a row first asks for it.
	rows      map[rowKey]judgedRow
	bulks     map[*Digest]int        // See acknowledgedInBulk; made when a row first asks for it.
	answers   map[rowKey]*responses  // Of the incidents of a team, as a response_time objective sees them.
	services  map[rowKey][]uptime    // Of a team, as an availability objective sees them.
	events    map[rowKey]*teamEvents // Of a team, as an objective counts them.
}

// rowKey is an objective and a subject, by their ids.
type rowKey struct{ objective, subject string }

// judgedRow is a row with what a trend needs beside it.
type judgedRow struct {
	row    Row
	sample *sample
}

// row returns the row of an objective for a subject. It is worked out once.
func (e *evaluator) row(o Objective, s Subject) judgedRow {
	key := rowKey{o.ID, s.ID}
	known, ok := e.rows[key]
	if !ok {
		row, m := e.measured(o, s)
		known = judgedRow{row, m.sample}
		e.rows[key] = known
	}
	return known
}

// sortIncidents deals the period's incidents out to their teams, and notes
// what belongs to nobody.
func (e *evaluator) sortIncidents() {
	services, people := map[string]bool{}, map[string]bool{}
	e.byTeam, e.lingering, e.bare = map[string][]*Digest{}, map[string][]*Digest{}, map[string]int{}
	horizon := e.horizon([]facts.Source{facts.PagerDuty})
	for d := range e.reaching(e.period.Start) {
		if d.CreatedAt.After(horizon) || !d.CreatedAt.Before(e.period.End) {
			break // As are all that follow.
		}
		team, mapped := e.teamOf[d.Service]
		if !e.owns(d.CreatedAt) {
			if e.lingers(d) {
				e.lingering[team] = append(e.lingering[team], d)
			}
			continue
		}
		for _, act := range d.People {
			if _, met := people[act.Account]; !met && !act.At.After(horizon) {
				people[act.Account] = !e.roster[act.Account]
			}
		}
		e.byTeam[team] = append(e.byTeam[team], d)
		if !mapped {
			services[d.Service] = true
		}
		if d.Bare {
			e.bare[team]++
		}
	}
	e.strange = unmapped(services, people)
}

// owns reports whether an incident created at t is one of the period's. Those
// from before PagerDuty is read completely are none: of their time only the
// ones are known that stayed open for long.
func (e *evaluator) owns(t time.Time) bool {
	return !t.Before(e.knownFrom) && t.Before(e.period.End)
}

func unmapped(services, people map[string]bool) Unmapped {
	u := Unmapped{Services: make([]string, 0, len(services))}
	for s := range services {
		u.Services = append(u.Services, s)
	}
	slices.Sort(u.Services)
	for _, strange := range people {
		if strange {
			u.People++
		}
	}
	return u
}

// serviceOwners maps a service to the team that lists it.
func (p *Policy) serviceOwners() map[string]string {
	owners := map[string]string{}
	for _, t := range p.Teams {
		for _, s := range t.Services {
			owners[s] = t.ID
		}
	}
	return owners
}

// TeamOf returns the id of the team that lists a service; empty when none does.
func (p *Policy) TeamOf(service string) string { return p.serviceOwners()[service] }

// accounts is the set of PagerDuty accounts on the roster.
func (p *Policy) accounts() map[string]bool {
	accounts := map[string]bool{}
	for _, person := range p.People {
		accounts[person.PagerDuty] = true
	}
	return accounts
}

// byJira finds people by their Jira account, the first of several with the same.
func (p *Policy) byJira() map[string]*Person {
	people := map[string]*Person{}
	for i := range p.People {
		if person := &p.People[i]; person.Jira != "" && people[person.Jira] == nil {
			people[person.Jira] = person
		}
	}
	return people
}

// dataAsOf is the earliest instant up to which the sources that this version
// reads are complete; nil before each has completed once.
func (e *evaluator) dataAsOf() *time.Time {
	var earliest *time.Time
	for _, r := range e.policy.Sources {
		if !r.Built {
			continue
		}
		at := e.states[r.Source].DataAsOf.UTC()
		if at.IsZero() {
			return nil
		}
		if earliest == nil || at.Before(*earliest) {
			earliest = &at
		}
	}
	return earliest
}
