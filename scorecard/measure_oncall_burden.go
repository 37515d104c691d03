package scorecard

import (
	"fmt"
	"slices"
)

// lowerBound is what everybody must know who reads a burden.
const lowerBound = "This is a lower bound: only what leaves a trace in PagerDuty is seen, post-mortems and follow-up work are not."

// The classes of incidents in a burden: the used ones by what people had to
// do with them, and why others are not used.
const (
	classEngaged  = "engaged" // Somebody was engaged in it.
	classAction   = "action"  // Somebody did something about it, and nobody was engaged.
	classPage     = "page"    // Somebody was paged, and nobody did anything.
	classExcepted = "exception"
)

// burden is what incidents took of the people of some teams.
type burden struct {
	shares             []share              // Of people who were on call, or have covered time.
	incidents          []borne              // By index into the workload's incidents.
	exceptions         map[int32]*Exception // What took an incident, or a team's part of it, out.
	covered, allowance int64                // Seconds.
}

// borne is what one incident took.
type borne struct {
	seconds int64     // That no earlier one took of the same person already.
	kind    ClaimKind // Zero when it took nothing.
}

// measureOncallBurden judges which share of their working time incidents took
// of the people on call.
func measureOncallBurden(v *subjectView) measurement {
	w := v.workload()
	b := v.burden(true)
	people := b.people(len(w.workers))
	m := measurement{
		judged: counted(people), immature: !w.span.From.Before(w.span.To), population: b.population(),
		details: burdenDetails(b, people), evidence: func() []Evidence { return v.burdenEvidence(b, counted(people)) },
	}
	m.exceptions, m.withoutExceptions = v.burdenExceptions(b)
	doubts := v.doubts(b)
	m.trusted = m.population.Used - doubts.incidents
	if b.allowance == 0 {
		m.judged, m.reason = 0, "There is no working time of anybody who was on call at one of the first two levels, or had to act."
		return m
	}
	m.numerator, m.denominator, m.value = Int(b.covered).Ptr(), Int(b.allowance).Ptr(), Ratio(b.covered, b.allowance).Ptr()
	m.reason = fmt.Sprintf("Incidents took %s of the %s of working time of those who were on call or had to act (people: %d).",
		spell(b.covered), spell(b.allowance), m.judged)
	m.caveats = append(v.doubtCaveats(doubts), lowerBound)
	m.lack(m.population.Used, doubts.unseen)
	m.onCall.from = w.span.From
	return m
}

// burden adds up the shares of the subject's teams, with exceptions honoured
// or not.
func (v *subjectView) burden(honoured bool) burden {
	w := v.workload()
	b := burden{incidents: make([]borne, len(w.incidents)), exceptions: map[int32]*Exception{}}
	for _, t := range v.teams {
		if honoured && v.teamException(t.ID) != nil {
			continue
		}
		exception := func(i int32) *Exception { return v.exceptionFor(w.incidents[i], t.ID) }
		some := honoured && v.hasExceptions(t.ID)
		for _, s := range w.shares[t.ID] {
			if !s.worker.involved {
				continue
			}
			if some {
				s = w.shareOf(s.worker, t.ID, func(i int32) bool { return exception(i) != nil })
			}
			b.add(s, exception)
		}
	}
	return b
}

// hasExceptions reports whether incidents of a team may be taken out.
func (v *subjectView) hasExceptions(team string) bool {
	return slices.ContainsFunc(v.policy.Exceptions, func(x Exception) bool {
		return x.Objective == v.objective.ID && x.concerns(team) && len(x.Incidents) > 0
	})
}

// add counts a share; exception tells what took an incident out of it.
func (b *burden) add(s share, exception func(int32) *Exception) {
	b.shares = append(b.shares, s)
	b.covered += s.covered
	b.allowance += s.allowance
	for _, p := range s.parts {
		i := &b.incidents[p.incident]
		i.seconds += p.seconds
		i.kind = max(i.kind, p.kind)
		if p.kind == claimExcepted && b.exceptions[p.incident] == nil {
			b.exceptions[p.incident] = exception(p.incident)
		}
	}
}

// class says where the incident counts; empty for one that is none of the subject's.
func (i borne) class() string {
	switch i.kind {
	case claimExcepted:
		return classExcepted
	case ClaimEngaged:
		return classEngaged
	case ClaimAction:
		return classAction
	case ClaimPage:
		return classPage
	}
	return ""
}

func (b *burden) population() Population {
	var of [ClaimEngaged + 1]int
	for _, i := range b.incidents {
		of[i.kind]++
	}
	p := newPopulation()
	for kind, n := range of {
		class := borne{kind: ClaimKind(kind)}.class()
		switch {
		case n == 0 || class == "":
			continue
		case class == classExcepted:
			p.Excluded[class] = n
		default:
			p.Used += n
			p.Classes[class] = n
		}
		p.Total += n
	}
	return p
}

// burdenExceptions lists the exceptions that took incidents or teams out, and
// the value that the row would have with them in.
func (v *subjectView) burdenExceptions(b burden) ([]RowException, *Number) {
	log := v.exceptionLog()
	for i, exception := range b.exceptions {
		x := log.entry(exception, v.policy.Calendar.Location)
		x.Incidents = append(x.Incidents, v.workload().incidents[i].ID)
	}
	if len(log) == 0 {
		return log.rows(), nil
	}
	all := v.burden(false)
	if all.allowance == 0 {
		return log.rows(), nil
	}
	return log.rows(), Ratio(all.covered, all.allowance).Ptr()
}
