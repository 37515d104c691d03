package history

import (
	"fmt"
	"slices"
	"time"
)

// crew is the people of a team, as actors.
type crew struct {
	team []Actor
	zone *time.Location // Where most of the team's load comes from: the first user's.
}

const (
	day  = 24 * 60 * 60
	week = 7 * day
	// shiftStart is the first Monday of 1970 at nine, from which shifts count.
	shiftStart   = 4*day + 9*60*60
	rotationSize = 4
)

func (a *Account) crew(team int, members map[string]int) (crew, error) {
	c := crew{}
	for i, user := range a.Teams[team].Users {
		zone, err := time.LoadLocation(user.TimeZone)
		if err != nil {
			return crew{}, fmt.Errorf("time zone of user %s: %w", user.ID, err)
		}
		if i == 0 {
			c.zone = zone
		}
		c.team = append(c.team, Actor(members[user.ID]))
	}
	return c, nil
}

// chain returns whom a page reaches at an instant, level by level: whoever
// has the weekly shift, who has the next one, and the first of the team
// besides them.
func (c crew) chain(at int64) []Actor {
	rotation := c.team[:min(rotationSize, len(c.team))]
	shift := int((at - shiftStart) / week)
	chain := []Actor{rotation[shift%len(rotation)]}
	for _, next := range append([]Actor{rotation[(shift+1)%len(rotation)]}, c.team...) {
		if len(chain) < 3 && !slices.Contains(chain, next) {
			chain = append(chain, next)
		}
	}
	return chain
}

// other returns somebody of the team who is not a given person, unless there
// is nobody else.
func (c crew) other(d dice, than Actor) Actor {
	others := slices.DeleteFunc(slices.Clone(c.team), func(a Actor) bool { return a == than })
	if len(others) == 0 {
		return than
	}
	return others[d.IntN(len(others))]
}
