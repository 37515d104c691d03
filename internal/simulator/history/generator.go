package history

import (
	"cmp"
	"slices"
)

// generator writes days.
type generator struct {
	account *Account
	seed    uint64
}

// write returns all that begins on a day, in order of creation.
func (g generator) write(of int64) []*story {
	var stories []*story
	for i := range g.account.Teams {
		stories = append(stories, g.writeTeam(i, of)...)
	}
	slices.SortStableFunc(stories, func(a, b *story) int { return cmp.Compare(a.inc.Created, b.inc.Created) })
	return stories
}

// writeTeam returns what begins on a day for a team: what chance brings, a
// drill on some days, once in a quarter a page that nobody hears in time, and
// perhaps a storm, and what else the quarter has in store.
func (g generator) writeTeam(team int, of int64) []*story {
	id, profile := g.account.Teams[team].ID, g.account.Teams[team].Profile
	d := roll(g.seed, "day", id, of)
	var stories []*story
	noise := 1.0
	if g.isHard(team, of*day) {
		noise = hardNoise
	}
	for hour := range int64(24) {
		start := of*day + hour*60*60
		for range d.poisson(noise * profile.load(start, g.account.crews[team].zone)) {
			stories = append(stories, g.ordinary(d, team, start+int64(d.IntN(60*60))))
		}
	}
	if chosen(g.seed, "drill", id, profile.Drills, of) {
		stories = append(stories, g.drill(d, team, of))
	}
	if chosen(g.seed, "overslept", id, 1, of) {
		stories = append(stories, g.overslept(d, team, of))
	}
	return slices.Concat(stories, g.storm(team, of), g.occasions(team, of))
}

// story begins an incident of a team on one of its services.
func (g generator) story(d dice, team int, created int64) *story {
	services := g.account.servicesOf(team)
	return g.storyOn(d, team, services[d.IntN(len(services))], created)
}

func (g generator) storyOn(d dice, team, service int, created int64) *story {
	s := &story{
		dice:    d,
		crew:    g.account.crews[team],
		profile: g.account.Teams[team].Profile,
		service: g.account.Services[service],
		bot:     Actor(len(g.account.Members) - 1),
		effort:  g.effort(team, created),
	}
	s.levels = s.chain(created)
	s.inc = Incident{
		Created: created, Key: d.Uint64(), Service: uint16(service),
		Priority: priority(d), Title: uint8(d.IntN(titleTexts)),
	}
	return s
}

// How much more there is to do in a hard quarter, and how much longer work
// takes then, relative to a plain one.
const (
	hardNoise  = 1.3
	hardEffort = 12
)

// isHard reports whether the quarter of an instant is a hard one for a team:
// for one team in each half-year there is one.
func (g generator) isHard(team int, at int64) bool {
	first, _ := quarter(at / day)
	return g.elected("hard quarter", team, first)
}

// effort is how long work takes a team in the quarter of an instant, relative
// to a plain one.
func (g generator) effort(team int, at int64) float64 {
	if g.isHard(team, at) {
		return hardEffort
	}
	first, _ := quarter(at / day)
	return 1 + 2*roll(g.seed, "effort", g.account.Teams[team].ID, first).Float64()
}

// priority draws how severe an incident that is no outage is taken for at first.
func priority(d dice) uint8 {
	weights := []float64{0.30, 0, 0, 0.40, 0.24, 0.06}
	at := d.Float64()
	for rank, weight := range weights {
		if at < weight {
			return uint8(rank)
		}
		at -= weight
	}
	return 0
}

func (g generator) ordinary(d dice, team int, created int64) *story {
	s := g.story(d, team, created)
	if s.chance(0.13) {
		s.inc.Urgency = Low
		s.whisper()
		return s
	}
	s.live()
	return s
}

// drill is a planned failover: expected, answered soon, over soon.
func (g generator) drill(d dice, team int, of int64) *story {
	s := g.story(d, team, of*day+int64(d.between(9*60*60, 15*60*60)))
	s.inc.Drill = true
	s.inc.Priority = 4
	answer := s.between(10, 200)
	s.open()
	by := s.ring(answer)
	s.acknowledge(answer, by)
	s.add(answer+60, Annotate, ViaNote, by, drillText)
	s.add(answer+s.between(400, 1500), Resolve, ViaWebsite, by, 0)
	return s
}

// overslept is a page that only the next level answers.
func (g generator) overslept(d dice, team int, of int64) *story {
	s := g.story(d, team, of*day+int64(d.between(1*60*60, 20*60*60)))
	s.open()
	s.isAnswered(answerLimit + s.between(20, 700))
	return s
}
