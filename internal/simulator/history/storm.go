package history

import "time"

// The sizes of storms. Each year one storm has the size of the great one.
const (
	smallStorm = 10
	largeStorm = 36
	greatStorm = 40
)

// storm returns the incidents of a team's storm, if there is one that day:
// one failure that shows up as many incidents within minutes. Smaller ones are
// sometimes acknowledged in bulk, all others merged into the first.
func (g generator) storm(team int, of int64) []*story {
	id := g.account.Teams[team].ID
	first, _ := quarter(of)
	d := roll(g.seed, "storm", id, first)
	size := d.between(smallStorm, largeStorm)
	happens := d.chance(0.18)
	if g.isGreat(team, first) {
		size, happens = greatStorm, true
	}
	if !happens || !chosen(g.seed, "storm day", id, 1, of) {
		return nil
	}
	start := of*day + int64(d.between(1*60*60, 22*60*60))
	stories := g.gather(d, team, start, size, d.between(120, 330))
	if size < 15 {
		acknowledgeAll(d, stories)
	} else {
		mergeAll(d, stories)
	}
	return stories
}

// isGreat picks one team and one quarter of each year for the great storm.
func (g generator) isGreat(team int, quarterStart int64) bool {
	start := time.Unix(quarterStart*day, 0).UTC()
	d := roll(g.seed, "great storm", "", int64(start.Year()))
	return d.IntN(4) == int(start.Month()-1)/3 && d.IntN(len(g.account.Teams)) == team
}

// gather opens the incidents of a storm on one service, within so many
// seconds; the first begins it.
func (g generator) gather(d dice, team int, start int64, size, length int) []*story {
	stories := []*story{g.story(d, team, start)}
	stories[0].inc.Priority = 3
	for range size - 1 {
		created := start + int64(d.between(5, length))
		stories = append(stories, g.storyOn(d, team, int(stories[0].inc.Service), created))
	}
	for _, s := range stories {
		s.open()
	}
	return stories
}

// mergeAll lets one person acknowledge the first incident of a storm, merge
// the others into it in two rounds, find two stragglers later, and work on.
func mergeAll(d dice, stories []*story) {
	first := stories[0]
	seen := d.between(60, 140)
	by := first.ring(seen)
	first.acknowledge(seen, by)
	rounds := []int{d.between(150, 250), d.between(345, 380), d.between(700, 1100)}
	merged := make([]int32, len(rounds))
	for i, s := range stories[1:] {
		round := roundOf(s.since(first), rounds)
		if i < 2 {
			round = len(rounds) - 1
		}
		merged[round]++
		s.mergeInto(first, rounds[round], by)
	}
	for i, n := range merged {
		if n > 0 {
			first.add(rounds[i], Merge, ViaWebsite, by, n)
		}
	}
	last := rounds[len(rounds)-1]
	first.acknowledge(last, by) // Anew, or it might have lapsed.
	first.work(last, by)
}

// roundOf returns the first round that comes after an incident began.
func roundOf(began int, rounds []int) int {
	for i, at := range rounds {
		if began+5 < at {
			return i
		}
	}
	return len(rounds) - 1
}

func (s *story) since(first *story) int { return int(s.inc.Created - first.inc.Created) }

// mergeInto resolves an incident by merging it into the first of its storm, so
// many seconds after that began. It pages until then.
func (s *story) mergeInto(first *story, at int, by Actor) {
	at -= s.since(first)
	s.ring(min(at, 2*EscalateAfter))
	s.into = first
	s.add(at, Merged, ViaWebsite, by, 0)
}

// acknowledgeAll lets one person acknowledge a storm in three sweeps, after
// which each incident goes its own way.
func acknowledgeAll(d dice, stories []*story) {
	first := stories[0]
	sweeps := []int{d.between(60, 160), d.between(220, 320), d.between(345, 420)}
	by := first.levels[0]
	for _, s := range stories {
		at := sweeps[roundOf(s.since(first), sweeps)] - s.since(first)
		s.ring(at)
		s.add(at, Acknowledge, ViaWebsite, by, 0)
		s.add(at+d.between(120, ackTimeout), Resolve, ViaAPI, Machine, 0)
	}
}
