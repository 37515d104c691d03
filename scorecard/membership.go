package scorecard

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// seniorLevel is the level from which on somebody is senior.
const seniorLevel = 5

var levelForm = regexp.MustCompile(`^L(\d+)$`)

// isSenior reports whether the person is of level L5 or above at t.
func (p *Person) isSenior(t time.Time, loc *time.Location) bool {
	form := levelForm.FindStringSubmatch(p.LevelAt(t, loc))
	if form == nil {
		return false
	}
	level, err := strconv.Atoi(form[1])
	return err == nil && level >= seniorLevel
}

// ours reports whether a person belongs to the subject at t, employed or not.
// Whoever is in no configured team belongs to the organisation alone.
func (v *subjectView) ours(p *Person, t time.Time) bool {
	team := p.TeamAt(t, v.policy.Calendar.Location)
	return v.has(team) || v.subject.ID == OrgID && !v.policy.hasTeam(team)
}

func (p *Policy) hasTeam(id string) bool {
	for _, t := range p.Teams {
		if t.ID == id {
			return true
		}
	}
	return false
}

// headcount is how many people the subject has at t.
func (v *subjectView) headcount(t time.Time) int {
	n := 0
	for i := range v.policy.People {
		if p := &v.policy.People[i]; p.Employed(t, v.policy.Calendar.Location) && v.ours(p, t) {
			n++
		}
	}
	return n
}

// joined lists those who joined the subject's teams from w's start on and before
// its end and the card's, as far as the horizon, in roster order.
func (v *subjectView) joined(w Window) []*Person { return v.joinedBy(w, v.horizon) }

// joinedBy lists them as far as an instant, that one included.
func (v *subjectView) joinedBy(w Window, last time.Time) []*Person {
	var list []*Person
	for i := range v.policy.People {
		p := &v.policy.People[i]
		at := p.Joined.In(v.policy.Calendar.Location)
		if !p.Joined.IsZero() && !at.Before(w.Start) && at.Before(earlier(w.End, v.period.End)) && !at.After(last) && v.ours(p, at) {
			list = append(list, p)
		}
	}
	return list
}

// people is evidence of how many persons are in a class. Who they are it does not say.
func people(class string, n int, at time.Time, counted Counted, what string) Evidence {
	return Evidence{
		Kind: "person_count", ID: class, At: at.UTC(), Class: class, Counted: counted,
		Value: Int(n).Ptr(), Reason: fmt.Sprintf("%s: %d.", what, n),
	}
}
