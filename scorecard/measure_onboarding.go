package scorecard

import (
	"fmt"
	"time"
)

// The classes of joiners. The first three are judged.
const (
	joinerOnTime    = "on_time"
	joinerLate      = "late"
	joinerMissing   = "missing"
	joinerPending   = "pending"
	joinerLeft      = "left"       // Before they had to be on board.
	joinerNoAccount = "no_account" // Nobody can tell which tickets are theirs.
)

// joiner is somebody who joined in the period.
type joiner struct {
	person *Person
	class  string
	ticket *ticketState // Nil when none of theirs was delivered.
}

// measureOnboarding judges which share of the period's joiners had a ticket of
// a class, assigned to or reported by them, that was delivered in due time. Its
// evidence shows tickets, and of people only how many there are.
func measureOnboarding(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).onboarding)
}

func (v *subjectView) onboarding() measurement {
	joiners, p := v.joiners(), newPopulation()
	for _, j := range joiners {
		switch j.class {
		case joinerOnTime, joinerLate, joinerMissing:
			p.Used++
			p.Classes[j.class]++
		default:
			p.Excluded[j.class]++
		}
	}
	p.Total = len(joiners)
	m := measurement{
		judged: p.Used, trusted: p.Used, immature: p.Excluded[joinerPending] > 0, population: p,
		evidence: func() []Evidence { return v.joinerEvidence(joiners) },
	}
	if n := p.Excluded[joinerNoAccount]; n > 0 {
		m.judgeable = judgeable(p.Used, n)
		m.caveats = append(m.caveats, fmt.Sprintf("Joiners without a Jira account on the roster: %d. They are not counted.", n))
	}
	if p.Used > 0 {
		good := p.Classes[joinerOnTime]
		m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d joiners were on board within %s.", good, p.Used, v.objective.Due)
	}
	return m
}

// joiners lists those who joined one of the subject's teams in the period, in roster order.
func (v *subjectView) joiners() []joiner {
	var list []joiner
	tickets, loc := v.deliveredOfClass(v.objective.Of), v.policy.Calendar.Location
	for _, p := range v.joined(Window{Start: v.period.Start, End: v.period.End}) {
		j := joiner{person: p, ticket: firstOf(p, tickets)}
		v.judgeJoiner(&j, v.policy.Calendar.due(p.Joined.In(loc), v.objective.Due))
		list = append(list, j)
	}
	return list
}

func (v *subjectView) has(team string) bool {
	for _, t := range v.teams {
		if t.ID == team {
			return true
		}
	}
	return false
}

// deliveredOfClass lists all tickets of a class that are delivered, whosever they are.
func (v *subjectView) deliveredOfClass(class string) []*ticketState {
	var list []*ticketState
	for _, t := range v.ofClass(class, v.horizon).all {
		if t.delivered {
			list = append(list, t)
		}
	}
	return list
}

// firstOf returns the first of some tickets that was assigned to a person when
// it was finished, or was reported by them.
func firstOf(p *Person, tickets []*ticketState) (first *ticketState) {
	if p.Jira == "" {
		return nil
	}
	for _, t := range tickets {
		theirs := t.Reporter == p.Jira || t.assigneeAt(t.at) == p.Jira
		if !t.at.IsZero() && theirs && (first == nil || t.at.Before(first.at) || t.at.Equal(first.at) && t.ID < first.ID) {
			first = t
		}
	}
	return first
}

func (v *subjectView) judgeJoiner(j *joiner, due time.Time) {
	left := j.person.Left
	switch {
	case j.person.Jira == "":
		j.class = joinerNoAccount
	case due.After(v.horizon):
		j.class = joinerPending
	case j.ticket != nil && !j.ticket.at.After(due):
		j.class = joinerOnTime
	case !left.IsZero() && left.In(v.policy.Calendar.Location).Before(due):
		j.class = joinerLeft
	case j.ticket != nil:
		j.class = joinerLate
	default:
		j.class = joinerMissing
	}
}

func (v *subjectView) joinerEvidence(joiners []joiner) []Evidence {
	items := []Evidence{}
	missing := 0
	for _, j := range joiners {
		if j.class == joinerMissing {
			missing++
		}
		if j.ticket == nil {
			continue
		}
		counted := NotCounted
		switch j.class {
		case joinerOnTime:
			counted = InNumerator
		case joinerLate:
			counted = InDenominator
		}
		items = append(items, ticketItem(j.ticket, j.class, counted))
	}
	if missing > 0 {
		items = append(items, Evidence{
			Kind: "person_count", ID: joinerMissing, At: v.period.Start.UTC(), Class: joinerMissing, Counted: InDenominator,
			Value: Int(missing).Ptr(), Reason: fmt.Sprintf("Joiners without a delivered ticket of class %s: %d.", v.objective.Of, missing),
		})
	}
	sortEvidence(items)
	return items
}
