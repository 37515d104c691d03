package scorecard

import "time"

// Employed reports whether the person is employed at t, in the organisation's calendar. Without a
// joining date the person has always been there.
func (p *Person) Employed(t time.Time, loc *time.Location) bool {
	if !p.Joined.IsZero() && t.Before(p.Joined.In(loc)) {
		return false
	}
	return p.Left.IsZero() || t.Before(p.Left.In(loc))
}

// TeamAt returns the id of the person's team at t: that of the entry itself
// before the first move.
func (p *Person) TeamAt(t time.Time, loc *time.Location) string {
	team := p.Team
	for _, m := range p.Moves {
		if m.Team != "" && !t.Before(m.On.In(loc)) {
			team = m.Team
		}
	}
	return team
}

// Headcount is how many people a team has at t.
func (p *Policy) Headcount(team string, t time.Time) int {
	n, loc := 0, p.Calendar.Location
	for i := range p.People {
		if person := &p.People[i]; person.Employed(t, loc) && person.TeamAt(t, loc) == team {
			n++
		}
	}
	return n
}
