package history

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Rotation is how a team shares being on call. Up to four people take turns by
// the week: from Monday at nine to the next one, somebody is the first to be
// told, at level 1, and whoever comes next is the second. The lead of the team
// is told third, at all times, and takes turns only where there are not four
// others.
type Rotation struct {
	Coverage Coverage
	// TimeZone is the IANA name of the zone that handovers and business hours
	// are in. Default: the first user's.
	TimeZone string
	// ShiftBased makes the team's schedules ones of the newer kind.
	ShiftBased bool
}

// Coverage is when a rotation has somebody at level 1.
type Coverage uint8

// The coverages. A team that has no rotation of note takes turns too, always
// and as planned. The others swap a day or two now and then; one that covers
// everything is left without anybody for some hours once in a calendar year.
const (
	NoRotation Coverage = iota
	AroundTheClock
	BusinessHours // Monday to Friday, 9 to 17. Level 2 is there at all times.
)

// Shift is a time during which somebody is on call, half-open, in seconds
// since 1970.
type Shift struct {
	Who        Actor
	Start, End int64
	Swapped    bool // Taken over from whoever had the week.
}

const (
	day  = 24 * 60 * 60
	week = 7 * day
	// shiftStart is the first Monday of 1970 at nine, from which weeks count.
	shiftStart   = 4*day + 9*60*60
	rotationSize = 4
	// notice is for how long before they go people take no shift any more and
	// are not asked for help, so that nothing is left for them to finish.
	notice = 14 * day
)

// crew is the people of a team, as actors, and how they are on call.
type crew struct {
	id    string
	seed  uint64
	stays []stay // In the team's order.
	lead  Actor
	zone  *time.Location // Where most of the team's load comes from: the first user's.

	coverage Coverage
	clock    *time.Location // Of the rotation.
}

// stay is somebody's time in the team.
type stay struct {
	Stay
	who Actor
}

func (a *Account) crew(team int, members map[string]int, seed uint64) (crew, error) {
	t := a.Teams[team]
	c := crew{id: t.ID, seed: seed, lead: Machine, coverage: t.Rotation.Coverage}
	for i, user := range t.Users {
		zone, err := time.LoadLocation(user.TimeZone)
		if err != nil {
			return crew{}, fmt.Errorf("time zone of user %s: %w", user.ID, err)
		}
		who := Actor(members[user.ID])
		if i == 0 {
			c.zone = zone
		}
		if c.lead == Machine && user.Until.IsZero() {
			c.lead = who
		}
		c.stays = append(c.stays, stay{Stay: user.stay(team), who: who})
	}
	clock, err := time.LoadLocation(cmp.Or(t.Rotation.TimeZone, c.zone.String()))
	if err != nil {
		return crew{}, fmt.Errorf("time zone of the rotation of team %q: %w", t.ID, err)
	}
	c.clock = clock
	return c, nil
}

// Shifts returns whole all shifts at level 1 or 2 of a team that overlap a
// time, in order.
func (a *Account) Shifts(team, level int, from, until int64) []Shift {
	c := a.crews[team]
	var shifts []Shift
	for n := c.weekOf(from); c.handover(n) < until; n++ {
		shifts = append(shifts, c.week(level, n)...)
	}
	return slices.DeleteFunc(shifts, func(s Shift) bool { return max(s.Start, from) >= min(s.End, until) })
}

// Lead returns who is told at level 3, at all times.
func (a *Account) Lead(team int) Actor { return a.crews[team].lead }

// Turn returns who takes turns at levels 1 and 2 at an instant, in order,
// beginning with whose turn it is.
func (a *Account) Turn(team int, at int64) []Actor {
	c := a.crews[team]
	return c.turn(c.weekOf(at))
}

// Handover returns when the week of a team's rotation began that an instant
// belongs to.
func (a *Account) Handover(team int, at int64) int64 {
	c := a.crews[team]
	return c.handover(c.weekOf(at))
}

// Clock returns the zone that a team's handovers and business hours are in.
func (a *Account) Clock(team int) *time.Location { return a.crews[team].clock }

// chain returns whom a page reaches at an instant, level by level. A level at
// which nobody is on call is passed over.
func (c crew) chain(at int64) []Actor {
	n := c.weekOf(at)
	var chain []Actor
	for level := 1; level <= 2; level++ {
		for _, shift := range c.week(level, n) {
			if shift.Start <= at && at < shift.End {
				chain = append(chain, shift.Who)
			}
		}
	}
	return append(chain, c.lead)
}

// present returns who is in the team during all of a time.
func (c crew) present(from, until int64) []Actor {
	var people []Actor
	for _, s := range c.stays {
		if s.From <= from && until <= s.Until && !slices.Contains(people, s.who) {
			people = append(people, s.who)
		}
	}
	return people
}

// rotation returns who takes turns in a week: never nobody.
func (c crew) rotation(n int) []Actor {
	people := c.present(c.handover(n), c.handover(n+1)+notice)
	others := slices.DeleteFunc(slices.Clone(people), func(a Actor) bool { return a == c.lead })
	switch {
	case len(others) >= rotationSize:
		return others[:rotationSize]
	case len(people) > 0:
		return people[:min(rotationSize, len(people))]
	default:
		return []Actor{c.lead}
	}
}

// turn returns those who take turns in a week, in order, beginning with whose
// turn it is. When people came or went, nobody has two weeks on end for it.
func (c crew) turn(n int) []Actor {
	people, before := c.rotation(n), c.rotation(n-1)
	first := n % len(people)
	if people[first] == before[(n-1)%len(before)] {
		first = (n + 2) % len(people)
	}
	return append(slices.Clone(people[first:]), people[:first]...)
}

// handover returns when a week of the rotation begins.
func (c crew) handover(n int) int64 { return c.morning(n, 0) }

// morning returns nine o'clock of a day of a week, 0 for Monday.
func (c crew) morning(n, weekday int) int64 {
	return time.Date(1970, time.January, 5+7*n+weekday, 9, 0, 0, 0, c.clock).Unix()
}

// weekOf returns the week of the rotation that an instant belongs to.
func (c crew) weekOf(at int64) int {
	n := int((at - shiftStart) / week)
	for c.handover(n) > at {
		n--
	}
	for c.handover(n+1) <= at {
		n++
	}
	return n
}
