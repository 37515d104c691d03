package scorecard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// The classes of time that a rotation has to cover.
const (
	classCovered = "covered"
	classGap     = "gap"
)

// run is an unbroken succession of time to cover that is all covered or all
// not. Time that need not be covered, such as a night, does not break it.
type run struct {
	Stretch
	class   string
	seconds int64 // Of the time to cover in it.
	team    Team
	lacking []facts.EscalationPolicy // Those that have nobody for some of a gap.
	url     string
}

// measureRotationCoverage judges how much of the time that a team promises to
// cover somebody was on call at the first level of its escalation policies.
//
// An incident is escalated by the one policy of its service, so whoever is on
// call for another policy is not told of it. Where a team has several policies,
// time is therefore covered when each has somebody. A policy that is not
// meant to be staffed is kept out by listing the others as the team's.
//
// Time from before PagerDuty is read completely is not counted, neither as
// covered nor as a gap.
func measureRotationCoverage(v *subjectView) measurement {
	return v.measureRotas(func(rotas []rota) measurement {
		var runs []run
		var due []Stretch
		for _, r := range rotas {
			runs = append(runs, v.runsOf(r)...)
			due = append(due, v.timeToCover(r.team.Rotation.Coverage)...)
		}
		m := v.coverageOf(runs)
		m.onCall = onCallTime{from: v.observed().From, witnessed: v.witnessed(due)}
		return m
	})
}

// coverageOf adds up the runs of all teams.
func (v *subjectView) coverageOf(runs []run) measurement {
	seconds, p := map[string]int64{}, newPopulation()
	for _, r := range runs {
		seconds[r.class] += r.seconds
		p.Classes[r.class]++
	}
	p.Total, p.Used = len(runs), len(runs)
	covered, due := seconds[classCovered], seconds[classCovered]+seconds[classGap]
	m := measurement{
		judged: int(due), immature: v.running(), trusted: len(runs), population: p,
		evidence: func() []Evidence { return coverageEvidence(runs) },
	}
	if due == 0 {
		return m
	}
	m.numerator, m.denominator, m.value = Int(covered).Ptr(), Int(due).Ptr(), Ratio(covered, due).Ptr()
	m.reason = fmt.Sprintf("Somebody was on call at the first level for all of %s.", spell(due))
	if gaps := p.Classes[classGap]; gaps > 0 {
		m.reason = fmt.Sprintf("Nobody was on call at the first level for %s of %s (gaps: %d).", spell(seconds[classGap]), spell(due), gaps)
	}
	return m
}

// runsOf divides the time that a team has to cover, in order of time.
func (v *subjectView) runsOf(r rota) []run {
	due := v.timeToCover(r.team.Rotation.Coverage)
	staffed := map[string][]Stretch{}
	for _, s := range r.shifts {
		staffed[s.Policy] = append(staffed[s.Policy], stretchOf(s))
	}
	covered := due
	for _, p := range r.policies {
		covered = intersect(covered, staffed[p.ID])
	}
	runs := successions(covered, subtract(due, covered))
	for i := range runs {
		g := &runs[i]
		g.team, g.url = r.team, r.policies[0].URL
		if g.class == classCovered {
			continue
		}
		open := intersect(due, []Stretch{g.Stretch})
		g.lacking = slices.DeleteFunc(slices.Clone(r.policies), func(p facts.EscalationPolicy) bool {
			return len(subtract(open, staffed[p.ID])) == 0
		})
		g.url = g.lacking[0].URL
	}
	return runs
}

// timeToCover is what a rotation has to cover of the period up to the cut, as
// far as it is known.
func (v *subjectView) timeToCover(c Coverage) []Stretch {
	span := v.observed()
	if c == BusinessHours {
		return v.policy.Calendar.businessHours(span.From, span.To)
	}
	return union([]Stretch{span})
}

// successions joins what follows on what is of the same class.
func successions(covered, gaps []Stretch) []run {
	var pieces []run
	for _, s := range covered {
		pieces = append(pieces, run{Stretch: s, class: classCovered})
	}
	for _, s := range gaps {
		pieces = append(pieces, run{Stretch: s, class: classGap})
	}
	slices.SortFunc(pieces, func(a, b run) int { return a.From.Compare(b.From) })
	var runs []run
	for _, p := range pieces {
		p.seconds = int64(p.To.Sub(p.From) / time.Second)
		if last := len(runs) - 1; last >= 0 && runs[last].class == p.class {
			runs[last].To = p.To
			runs[last].seconds += p.seconds
			continue
		}
		runs = append(runs, p)
	}
	return runs
}

// coverageEvidence lists the runs by time and then team. Their seconds add up
// to the row: the covered ones to its numerator, all of them to its denominator.
func coverageEvidence(runs []run) []Evidence {
	items := make([]Evidence, 0, len(runs))
	for _, r := range runs {
		e := Evidence{
			Kind: "shift", ID: fmt.Sprintf("%s/%d/%s", r.team.ID, primaryLevel, r.From.UTC().Format(time.RFC3339)), URL: r.url,
			At: r.From.UTC(), Class: r.class, Counted: InNumerator, Value: Int(r.seconds).Ptr(),
			Reason: fmt.Sprintf("For %s until %s, somebody was on call at the first level.", spell(r.seconds), r.To.UTC().Format(time.RFC3339)),
		}
		if r.class == classGap {
			e.Counted = InDenominator
			e.Reason = fmt.Sprintf("For %s until %s, nobody was on call at the first level of %s.",
				spell(r.seconds), r.To.UTC().Format(time.RFC3339), names(r.lacking))
		}
		items = append(items, e)
	}
	sortEvidence(items)
	return items
}

// names lists policies, one of which lacks somebody, by name and id.
func names(policies []facts.EscalationPolicy) string {
	words := make([]string, 0, len(policies))
	for _, p := range policies {
		words = append(words, fmt.Sprintf("%s (%s)", p.Name, p.ID))
	}
	return strings.Join(words, " or ")
}

// spell writes a number of seconds in hours, minutes and seconds.
func spell(seconds int64) string {
	var words []string
	for _, unit := range []struct {
		name string
		size int64
	}{{"h", 3600}, {"min", 60}, {"s", 1}} {
		if n := seconds / unit.size; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, unit.name))
		}
		seconds %= unit.size
	}
	return strings.Join(words, " ")
}
