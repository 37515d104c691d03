package scorecard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// shiftTolerance is by how much a shift may be too long: a handover at nine
// by the team's clocks need not be one at nine by the organisation's.
const shiftTolerance = time.Hour

// The classes of turns. The first two are judged.
const (
	turnWithin     = "within"
	turnTooLong    = "too_long"
	turnUnfinished = "unfinished"
)

// turn is the unbroken time of one person at the first level of a team's
// policies, whatever number of shifts the source makes of it.
type turn struct {
	Stretch
	team      Team
	policy    facts.EscalationPolicy // That of the first shift.
	permanent bool                   // Some of it has no end in sight.
	class     string
	doubtful  bool // It may have begun before anything is known, and so be longer.
	rebuilt   bool // It began before anybody looked.
}

// measureRotationShift judges which share of the turns that ended in the
// period were no longer than the team's shift, by the clocks of the
// organisation: a week is a week also when it has an hour more.
//
// A turn that ends at the very end of the period belongs to the next one. A
// permanent turn never ends; it counts once, as too long, in each period that
// it reaches into.
func measureRotationShift(v *subjectView) measurement {
	return v.measureRotas(func(rotas []rota) measurement {
		var turns []turn
		for _, r := range rotas {
			turns = append(turns, v.turnsOf(r)...)
		}
		return v.shareOfTurns(turns)
	})
}

func (v *subjectView) shareOfTurns(turns []turn) measurement {
	p, doubtful, trusted, from := newPopulation(), 0, 0, v.period.Start
	for _, t := range turns {
		if t.class == turnUnfinished {
			p.Excluded[t.class]++
			continue
		}
		p.Classes[t.class]++
		p.Used++
		from = earlier(from, t.From)
		if t.doubtful {
			doubtful++
		}
		if !t.doubtful && !t.rebuilt {
			trusted++
		}
	}
	p.Total = len(turns)
	m := measurement{
		judged: p.Used, immature: v.running(), trusted: trusted, population: p,
		onCall:   onCallTime{from: from},
		evidence: func() []Evidence { return v.turnEvidence(turns) },
	}
	if p.Used > 0 {
		m.numerator, m.denominator = Int(p.Classes[turnWithin]).Ptr(), Int(p.Used).Ptr()
		m.value = m.numerator.Quo(*m.denominator).Ptr()
		m.reason = fmt.Sprintf("%d of %d turns at the first level were no longer than a shift.", p.Classes[turnWithin], p.Used)
	}
	if doubtful > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf("%d turns may have begun before the first instant that is known, and be longer than they look.", doubtful))
	}
	return m
}

// turnsOf lists the turns of a team that reach into the period, in a stable
// order that gives no person away.
func (v *subjectView) turnsOf(r rota) []turn {
	shifts := map[string][]facts.Shift{}
	for _, s := range r.shifts {
		shifts[s.User] = append(shifts[s.User], s)
	}
	var turns []turn
	for _, user := range slices.Sorted(maps.Keys(shifts)) {
		for _, t := range r.join(shifts[user]) {
			if v.judgeTurn(&t) {
				turns = append(turns, t)
			}
		}
	}
	slices.SortStableFunc(turns, compareTurns)
	return turns
}

// join makes turns of the shifts of one person, which come in order of time.
func (r rota) join(shifts []facts.Shift) []turn {
	var turns []turn
	for _, s := range shifts {
		held := stretchOf(s)
		if last := len(turns) - 1; last >= 0 && !held.From.After(turns[last].To) {
			turns[last].To = later(turns[last].To, held.To)
			turns[last].permanent = turns[last].permanent || s.Permanent
			continue
		}
		policy := r.policies[slices.IndexFunc(r.policies, func(p facts.EscalationPolicy) bool { return p.ID == s.Policy })]
		turns = append(turns, turn{Stretch: held, team: r.team, policy: policy, permanent: s.Permanent})
	}
	return turns
}

// judgeTurn gives a turn its class; it is false for one that does not reach
// into the period.
func (v *subjectView) judgeTurn(t *turn) bool {
	reaches := t.From.Before(v.cut()) && t.To.After(v.period.Start)
	t.rebuilt = t.From.Before(v.states[facts.PagerDuty].FirstAsOf)
	ended := !t.To.Before(v.period.Start) && t.To.Before(v.period.End) && !t.To.After(v.horizon)
	switch {
	case t.permanent:
		t.class = turnTooLong
		return reaches
	case !ended:
		t.class = turnUnfinished
		return reaches
	case onClock(t.Stretch, v.policy.Calendar.Location) > t.team.Rotation.Shift+shiftTolerance:
		t.class = turnTooLong
	default:
		t.class = turnWithin
		t.doubtful = !t.From.After(v.dataSince())
	}
	return true
}

// onClock is how far the clocks in loc move on during a stretch: that they are
// put forward or back on the way adds or takes nothing that people would call longer.
func onClock(s Stretch, loc *time.Location) time.Duration {
	_, before := s.From.In(loc).Zone()
	_, after := s.To.In(loc).Zone()
	return s.To.Sub(s.From) + time.Duration(after-before)*time.Second
}

func compareTurns(a, b turn) int {
	return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.policy.ID, b.policy.ID), a.To.Compare(b.To))
}

// turnEvidence lists the turns by time and then id, without saying whose they are.
func (v *subjectView) turnEvidence(turns []turn) []Evidence {
	items := make([]Evidence, 0, len(turns))
	for _, t := range turns {
		length := int64(t.To.Sub(t.From) / time.Second)
		e := Evidence{
			Kind: "shift", ID: fmt.Sprintf("%s/%d/%s", t.policy.ID, primaryLevel, t.From.UTC().Format(time.RFC3339)), URL: t.policy.URL,
			At: t.From.UTC(), Class: t.class, Value: Int(length).Ptr(), Reason: fmt.Sprintf("Ended after %s.", spell(length)),
		}
		switch t.class {
		case turnWithin:
			e.Counted = InNumerator
		case turnTooLong:
			e.Counted = InDenominator
		default:
			e.Counted, e.Value, e.Reason = NotCounted, nil, "Not ended in the period."
		}
		if t.permanent {
			e.Value, e.Reason = nil, "Permanent: it has no end, so it is longer than any shift."
		}
		items = append(items, e)
	}
	sortEvidence(items)
	tellApart(items)
	return items
}

// tellApart numbers items of one id, which two people who begin together have.
func tellApart(items []Evidence) {
	seen := map[string]int{}
	for i := range items {
		id := items[i].ID
		seen[id]++
		if n := seen[id]; n > 1 {
			items[i].ID = fmt.Sprintf("%s/%d", id, n)
		}
	}
}
