// Package scorecard turns facts into judgement: rows, verdicts and scores for
// a period, as a pure function of policy, facts, period and instant. It has no
// clock, performs no I/O, logs nothing, and never guesses: what the facts do
// not show is null, with the reason.
package scorecard

import (
	"cmp"
	"slices"
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
	Incidents []Digest
	Sources   []facts.SourceState
	Services  []facts.Service
	Policies  []facts.EscalationPolicy
	Users     []facts.User
	// Shifts and Maintenance are those that overlap the period, and of shifts
	// also those that rotation rows look back to.
	Shifts      []facts.Shift
	Maintenance []facts.MaintenanceWindow
	// Named are the incidents that exceptions name, of whatever time. They
	// tell an exception that another period uses from one that none does.
	Named []facts.Incident
}

// Compute returns the card of the organisation, then those of the teams in
// configuration order. Trends look at the period before, so facts should reach
// back to its start, and hold what was open then although it was created
// earlier, along with the incidents that any of them was merged into.
func Compute(in Input) []Card {
	now := newEvaluator(in)
	before := now.before()
	subjects := in.Policy.Subjects()
	cards := make([]Card, 0, len(subjects))
	for _, s := range subjects {
		cards = append(cards, now.card(s, before))
	}
	return cards
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
	e := newEvaluator(in)
	if !e.applies(o, s) {
		return nil, &ParameterError{Parameter: "objective", Value: objective, Allowed: "one that the card of " + subject + " has a row for"}
	}
	row, m := e.row(o, s)
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
	policy *Policy
	rubric RubricID
	period Period
	asOf   time.Time
	facts  Facts
	states map[facts.Source]facts.SourceState
	rules  map[facts.Source]SourceRules
	byTeam map[string][]*Digest // Created in the period, by time and id.
	// lingering are, by team, the incidents from before those of byTeam that may have been open for longer.
	lingering map[string][]*Digest
	targets   map[string]*Digest // Incidents that others were merged into, by id; made when first asked for.
	strange   Unmapped
	work      *workload // Made when a row first asks for it.
}

func newEvaluator(in Input) *evaluator {
	e := &evaluator{
		policy: in.Policy, rubric: in.Policy.Rubric.Identity(), period: in.Period, asOf: in.AsOf.UTC(), facts: in.Facts,
		states: map[facts.Source]facts.SourceState{}, rules: map[facts.Source]SourceRules{},
	}
	for _, s := range in.Facts.Sources {
		e.states[s.Source] = s
	}
	for _, s := range in.Policy.Sources {
		e.rules[s.Source] = s
	}
	e.sortIncidents()
	return e
}

// before returns the evaluator of the period before, at the same instant.
func (e *evaluator) before() *evaluator {
	return newEvaluator(Input{
		Policy: e.policy, Facts: e.facts, AsOf: e.asOf, Period: e.policy.Calendar.Before(e.period, e.asOf),
	})
}

// sortIncidents deals the period's incidents out to their teams, and notes
// what belongs to nobody.
func (e *evaluator) sortIncidents() {
	teamOf := e.policy.serviceOwners()
	roster := e.policy.accounts()
	services, people := map[string]bool{}, map[string]bool{}
	e.byTeam, e.lingering = map[string][]*Digest{}, map[string][]*Digest{}
	horizon := e.horizon([]facts.Source{facts.PagerDuty})
	for i := range e.facts.Incidents {
		d := &e.facts.Incidents[i]
		if d.CreatedAt.After(horizon) {
			continue
		}
		if !e.owns(d.CreatedAt) {
			if team, ok := teamOf[d.Service]; ok && e.lingers(d) {
				e.lingering[team] = append(e.lingering[team], d)
			}
			continue
		}
		for _, act := range d.People {
			if !act.At.After(horizon) {
				people[act.Account] = !roster[act.Account]
			}
		}
		team, ok := teamOf[d.Service]
		if !ok {
			services[d.Service] = true
			continue
		}
		e.byTeam[team] = append(e.byTeam[team], d)
	}
	for _, dealt := range []map[string][]*Digest{e.byTeam, e.lingering} {
		for _, incidents := range dealt {
			slices.SortFunc(incidents, compareDigests)
		}
	}
	e.strange = unmapped(services, people)
}

// owns reports whether an incident created at t is one of the period's. Those
// from before PagerDuty is read completely are none: of their time only the
// ones are known that stayed open for long.
func (e *evaluator) owns(t time.Time) bool {
	return !t.Before(e.period.Start) && t.Before(e.period.End) && !t.Before(e.states[facts.PagerDuty].DataSince)
}

func compareDigests(a, b *Digest) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
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

// horizon is the instant up to which facts of the sources are complete: no
// later than asOf. It is zero when one of them never completed a cycle.
func (e *evaluator) horizon(sources []facts.Source) time.Time {
	h := e.asOf
	for _, s := range sources {
		if at := e.states[s].DataAsOf; at.Before(h) {
			h = at
		}
	}
	return h
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
