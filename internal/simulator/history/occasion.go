package history

import (
	"slices"
	"strconv"
	"time"
)

// occasion is something that a quarter brings besides what chance brings by
// the hour.
type occasion struct {
	at    int64 // When it begins, in seconds since 1970.
	write func(d dice, at int64) []*story
}

// occasions writes what begins on a day for a team out of all that its quarter
// brings.
func (g generator) occasions(team int, of int64) []*story {
	first, end := quarter(of)
	all := slices.Concat(
		g.outages(team, first, end),
		g.outagesInMaintenance(team, first),
		g.nights(team, first),
		g.volleys(team, first),
	)
	var stories []*story
	for _, o := range all {
		if o.at/day == of {
			stories = append(stories, o.write(roll(g.seed, "occasion", g.account.Teams[team].ID, o.at), o.at)...)
		}
	}
	return stories
}

// mood is how a team's quarter goes as to outages.
type mood int

// The moods. In a quiet quarter nothing is out but for seconds, or during
// maintenance; a shaken one sees hours of it.
const (
	quiet mood = iota
	touched
	shaken
)

// mood draws the moods of each three teams that stand together: in every
// quarter, one of them has each.
func (g generator) mood(team int, first int64) mood {
	moods := roll(g.seed, "mood", strconv.Itoa(team/3), first).Perm(3)
	return mood(moods[team%3])
}

// elected picks one team and quarter of each half-year for a purpose.
func (g generator) elected(purpose string, team int, first int64) bool {
	start := time.Unix(first*day, 0).UTC()
	quarters := start.Year()*4 + int(start.Month()-1)/3
	d := roll(g.seed, purpose, "", int64(quarters/2))
	return d.IntN(2) == quarters%2 && d.IntN(len(g.account.Teams)) == team
}

// nights brings, in some quarters, an evening after which an acknowledgement
// is forgotten until the next morning.
func (g generator) nights(team int, first int64) []occasion {
	c := g.account.crews[team]
	d := roll(g.seed, "forgotten", c.id, first)
	days := midweek(first)
	date := time.Unix(days[d.between(1, len(days)-1)]*day, 0).UTC()
	if !d.chance(0.4) {
		return nil
	}
	evening := time.Date(date.Year(), date.Month(), date.Day(), d.between(19, 22), d.IntN(60), d.IntN(60), 0, c.zone)
	morning := time.Date(date.Year(), date.Month(), date.Day()+1, 8, d.between(30, 90), d.IntN(60), 0, c.zone)
	length := int(morning.Unix() - evening.Unix())
	return []occasion{{at: evening.Unix(), write: func(d dice, at int64) []*story {
		s := g.storyOn(d, team, g.account.servicesOf(team)[0], at)
		s.open()
		answer := min(s.answerTime(), 2*answerLimit)
		by := s.answerer(s.ring(answer))
		s.acknowledge(answer, by)
		s.add(answer+s.between(30, 300), Annotate, ViaNote, by, s.text())
		s.add(length, Resolve, ViaWebsite, by, 0)
		return []*story{s}
	}}}
}

// volleys brings, in one quarter of each half-year to one of all teams, a
// dozen pages within a minute.
func (g generator) volleys(team int, first int64) []occasion {
	if !g.elected("volley", team, first) {
		return nil
	}
	d := roll(g.seed, "volley", g.account.Teams[team].ID, first)
	days := midweek(first)
	at := days[d.IntN(len(days))]*day + int64(d.between(1*60*60, 22*60*60))
	return []occasion{{at: at, write: func(d dice, at int64) []*story {
		stories := g.gather(d, team, at, 12, 40)
		acknowledgeAll(d, stories)
		return stories
	}}}
}
