package scorecard

import (
	"fmt"
	"time"
)

// The classes of people who were on call during a turn of the whole rotation.
const (
	carriesShift = "rotation"
	standsIn     = "less_than_half_a_shift"
)

// measureRotationSize counts the people who share a team's rotation: those who
// were at the first level for at least half a shift, all in all, in the time
// that the whole rotation needs for one turn. That time ends at the cut, and
// does not stop at the period's start: the second day of a quarter has a full
// one too.
//
// Whoever stood in for a day is not of the rotation, and a roster of five with
// a rotation of four counts four. The organisation's row is that of the team
// that is furthest below its size.
func measureRotationSize(v *subjectView) measurement {
	return v.measureRotas(func(rotas []rota) measurement { return v.weakest(rotas, v.sizeOf) })
}

// sizeOf counts the people of one team's rotation.
func (v *subjectView) sizeOf(r rota) measurement {
	turn := time.Duration(r.team.Rotation.Size) * r.team.Rotation.Shift
	cut := v.cut()
	duty := v.dutyTime(r, cut.Add(-turn), cut)
	people, standIns := r.carriers(duty, v.policy.Calendar.Week.dutyOf(*r.team.Rotation)/2)
	m := measurement{
		onCall: onCallTime{from: cut.Add(-turn), witnessed: v.witnessed(duty)},
		value:  Int(people).Ptr(), judged: 1, trusted: people,
		population: Population{
			Total: people + standIns, Used: people,
			Classes: classOf(carriesShift, people), Excluded: classOf(standsIn, standIns),
		},
		reason: fmt.Sprintf("People with at least half a shift of %s in the %s before %s: %d.",
			Span(r.team.Rotation.Shift), Span(turn), cut.UTC().Format(time.RFC3339), people),
	}
	m.evidence = func() []Evidence {
		return []Evidence{{
			Kind: "person_count", ID: r.team.ID, URL: r.policies[0].URL, At: cut.UTC(), Class: carriesShift,
			Counted: InNumerator, Value: m.value, Reason: m.reason,
		}}
	}
	if v.dataSince().After(cut.Add(-turn)) {
		return v.atLeast(m, r)
	}
	return m
}

// atLeast is a count of people in a turn that began before anything is known.
// It is a lower bound: it can show that the rotation is large enough, and
// never that it is too small.
func (v *subjectView) atLeast(m measurement, r rota) measurement {
	since := v.dataSince().UTC().Format(time.DateOnly)
	target := v.evaluator.target(v.objective, Subject{ID: r.team.ID})
	switch {
	case target != nil && v.objective.Direction.holds(*m.value, *target):
		m.trusted = 0
		m.caveats = []string{fmt.Sprintf("Shifts are known from %s on, which is less than one turn of the rotation: it may be larger.", since)}
		return m
	case v.running():
		return measurement{immature: true}
	}
	return measurement{noData: fmt.Sprintf(
		"Shifts are known from %s on, which is less than one turn of the rotation of %s.", since, r.team.Name)}
}

// dutyOf is how long somebody is on call who has a shift of the rotation to
// himself: in a rotation of business hours that is the working week's share of it.
func (w WorkingWeek) dutyOf(r Rotation) time.Duration {
	if r.Coverage != BusinessHours {
		return r.Shift
	}
	const week = 7 * 24 * time.Hour
	weekly := time.Duration(len(w.Days)) * (w.To - w.From)
	return time.Duration(float64(r.Shift) / float64(week) * float64(weekly))
}

// dutyTime is the part of a span in which somebody must be on call.
func (v *subjectView) dutyTime(r rota, from, to time.Time) []Stretch {
	if r.team.Rotation.Coverage == BusinessHours {
		return v.policy.Calendar.businessHours(from, to)
	}
	return []Stretch{{From: from, To: to}}
}

// carriers counts those who were at the first level for at least half a shift
// of the time of duty, and those who were for less.
func (r rota) carriers(duty []Stretch, half time.Duration) (people, standIns int) {
	for _, held := range byUser(r.shifts) {
		switch d := length(intersect(union(held), duty)); {
		case d > 0 && d >= half:
			people++
		case d > 0:
			standIns++
		}
	}
	return people, standIns
}

// classOf is n items of one class, and of none when there are none.
func classOf(class string, n int) map[string]int {
	if n == 0 {
		return map[string]int{}
	}
	return map[string]int{class: n}
}
