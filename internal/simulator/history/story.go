package history

import (
	"cmp"
	"slices"
)

// story is one incident being written: its head, its timeline in no order
// yet, and the dice and people that it is written with.
type story struct {
	dice
	crew
	profile Profile
	service Service
	bot     Actor
	levels  []Actor // Whom pages reach when it begins, level by level.
	effort  float64 // How long work takes, relative to a plain quarter.

	inc    Incident
	events []Event
	into   *story // What it was merged into.
}

// What all escalation policies have in common.
const (
	// EscalateAfter is for how many seconds a page waits for an answer before
	// it goes to the next level.
	EscalateAfter = 300
	// Rounds is how often the levels of a policy are gone through.
	Rounds = 5
)

// endless stands for an answer that never comes.
const endless = 1 << 30

func (s *story) add(at int, kind Kind, via Via, by Actor, arg int32) {
	s.events = append(s.events, Event{After: uint32(at), Kind: kind, Via: via, By: by, Arg: arg})
}

// sorted returns the timeline in order; what happens in one second stays in
// the order in which it was written.
func (s *story) sorted() []Event {
	slices.SortStableFunc(s.events, func(a, b Event) int { return cmp.Compare(a.After, b.After) })
	return s.events
}

// open triggers the incident and assigns it to the first level.
func (s *story) open() {
	s.add(0, Trigger, ViaAPI, Machine, 0)
	s.add(0, Assign, ViaAuto, Machine, int32(s.levels[0]))
}

// ring pages level after level, round after round, whoever is on call by then,
// for as long as nobody answers, and returns who is in charge when the answer
// comes.
func (s *story) ring(answer int) Actor {
	inCharge := s.levels[0]
	s.page(inCharge, 0, min(answer, EscalateAfter))
	level, round := 0, 0
	for from := EscalateAfter; from < answer; from += EscalateAfter {
		levels := s.chain(s.inc.Created + int64(from))
		if level++; level >= len(levels) {
			level, round = 0, round+1
			if round == Rounds {
				s.add(from, Exhaust, ViaTimeout, Machine, 0)
				return inCharge
			}
			s.add(from, Repeat, ViaTimeout, Machine, 0)
		}
		inCharge = levels[level]
		s.add(from, Escalate, ViaTimeout, Machine, int32(inCharge))
		s.page(inCharge, from, min(answer, from+EscalateAfter))
	}
	return inCharge
}

// page notifies somebody by the usual rules, push and mail first, then, where
// it is urgent, text message and phone, until a moment that is excluded.
func (s *story) page(to Actor, from, until int) {
	tell := func(after int, via Via) {
		if from+after < until {
			s.add(from+after, Notify, via, Machine, int32(to))
		}
	}
	first := s.between(1, 4)
	tell(first, ByPush)
	if to%2 == 0 {
		tell(first, ByPush) // A second device.
	}
	tell(s.between(2, 7), ByEmail)
	if s.inc.Urgency == Low {
		return
	}
	tell(60+s.between(0, 4), BySMS)
	tell(120+s.between(0, 6), ByPhone)
	tell(240+s.between(0, 6), ByPhone)
}

func (s *story) acknowledge(at int, by Actor) {
	vias := []Via{ViaMobile, ViaMobile, ViaPhone, ViaWebsite, ViaSMS}
	s.add(at, Acknowledge, vias[s.IntN(len(vias))], by, 0)
}

// answerTime is when somebody first reacts to a page: mostly soon.
func (s *story) answerTime() int {
	median := s.profile.Median.Seconds()
	seconds := s.skewed(median, spread(median, answerLimit, s.profile.Prompt))
	return min(max(seconds, 9), 6*60*60)
}

// answerer is who answers while somebody is in charge: mostly they themselves.
func (s *story) answerer(inCharge Actor) Actor {
	switch {
	case s.chance(0.85):
		return inCharge
	case s.chance(0.6):
		return s.levels[0]
	default:
		return s.colleague(inCharge)
	}
}

// colleague returns somebody who is in the team then and is not a given
// person, unless there is nobody else.
func (s *story) colleague(than Actor) Actor {
	others := s.present(s.inc.Created, s.inc.Created+notice)
	others = slices.DeleteFunc(others, func(a Actor) bool { return a == than })
	if len(others) == 0 {
		return than
	}
	return others[s.IntN(len(others))]
}
