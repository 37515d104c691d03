package scorecard

import (
	"slices"
	"time"
)

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

// LevelAt returns the person's level at t: that of the entry itself before the first move.
func (p *Person) LevelAt(t time.Time, loc *time.Location) string {
	level := p.Level
	for _, m := range p.Moves {
		if m.Level != "" && !t.Before(m.On.In(loc)) {
			level = m.Level
		}
	}
	return level
}

// LineAt returns the side of the line that the person is on at t.
func (p *Person) LineAt(t time.Time, loc *time.Location) PersonLine {
	line := p.Line
	for _, m := range p.Moves {
		if m.Line != "" && !t.Before(m.On.In(loc)) {
			line = m.Line
		}
	}
	return line
}

// Term is a time during which a person is employed in one team.
type Term struct {
	Team string // Id; empty for somebody in no team.
	Stretch
}

// Terms returns the person's terms within [from, to), in order. Two that
// follow each other are in different teams.
func (p *Person) Terms(from, to time.Time, loc *time.Location) []Term {
	var terms []Term
	edges := p.edges(from, to, loc)
	for i, end := range edges[1:] {
		start := edges[i]
		if !p.Employed(start, loc) {
			continue
		}
		team, last := p.TeamAt(start, loc), len(terms)-1
		if last >= 0 && terms[last].Team == team {
			terms[last].To = end
			continue
		}
		terms = append(terms, Term{Team: team, Stretch: Stretch{From: start, To: end}})
	}
	return terms
}

// edges lists the instants in [from, to] at which the person's employment or
// team may change, with both ends, in order and none twice.
func (p *Person) edges(from, to time.Time, loc *time.Location) []time.Time {
	edges := []time.Time{from, later(from, to)}
	add := func(d Date) {
		if at := d.In(loc); !d.IsZero() && at.After(from) && at.Before(to) {
			edges = append(edges, at)
		}
	}
	add(p.Joined)
	add(p.Left)
	for _, m := range p.Moves {
		add(m.On)
	}
	slices.SortFunc(edges, time.Time.Compare)
	return slices.CompactFunc(edges, time.Time.Equal)
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
