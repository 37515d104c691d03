package scorecard

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

// The classes of escalation policies: those that have as few levels as any of
// the team's, and the others.
const (
	fewestLevels = "fewest_levels"
	moreLevels   = "more_levels"
)

// measureEscalationDepth counts the levels of a team's escalation policy; of
// several, the one with the fewest. The organisation's row is that of the team
// that is furthest below the target.
//
// A source shows its policies as they are, not as they were. Of a time that is
// over, the row therefore says that it is about a later one.
func measureEscalationDepth(v *subjectView) measurement {
	return v.measureRotas(func(rotas []rota) measurement { return v.weakest(rotas, v.depthOf) })
}

func (v *subjectView) depthOf(r rota) measurement {
	least := r.policies[0]
	p := newPopulation()
	for _, policy := range r.policies {
		if policy.Levels < least.Levels {
			least = policy
		}
	}
	for _, policy := range r.policies {
		p.Classes[depthClass(policy.Levels, least.Levels)]++
	}
	p.Total, p.Used = len(r.policies), len(r.policies)
	m := measurement{
		value: Int(least.Levels).Ptr(), judged: len(r.policies), trusted: len(r.policies), population: p,
		reason:   fmt.Sprintf("Levels of the escalation policy %s of %s: %d.", least.Name, r.team.Name, least.Levels),
		evidence: func() []Evidence { return v.depthEvidence(r, least.Levels) },
	}
	if read := v.states[facts.PagerDuty].DataAsOf; v.cut().Before(read.Truncate(time.Second)) {
		m.caveats = []string{fmt.Sprintf("The escalation policies are known as they were on %s; how they were before, nobody can tell.",
			read.UTC().Format(time.DateOnly))}
	}
	return m
}

func depthClass(levels, least int) string {
	if levels == least {
		return fewestLevels
	}
	return moreLevels
}

// depthEvidence lists the team's policies by id.
func (v *subjectView) depthEvidence(r rota, least int) []Evidence {
	items := make([]Evidence, 0, len(r.policies))
	for _, p := range r.policies {
		e := Evidence{
			Kind: "record", ID: p.ID, URL: p.URL, At: v.cut().UTC(), Class: depthClass(p.Levels, least),
			Counted: NotCounted, Value: Int(p.Levels).Ptr(), Reason: fmt.Sprintf("The escalation policy %s has %d levels.", p.Name, p.Levels),
		}
		if e.Class == fewestLevels {
			e.Counted = InNumerator
		}
		items = append(items, e)
	}
	return items
}
