package scorecard

import (
	"fmt"
	"slices"

	"teamhealth/internal/facts"
)

// hiddenSchedules counts the schedules that policies name at the levels up to one,
// and those of them that nobody can see: PagerDuty does not list them and tells
// of no shift by them, in the period or not long before. Of one that is listed,
// nobody being on call means just that.
func (v *subjectView) hiddenSchedules(policies []string, level int) (named, hidden int) {
	shown := map[string]bool{}
	for _, p := range v.facts.Policies {
		if !slices.Contains(policies, p.ID) {
			continue
		}
		for _, s := range p.Schedules {
			if s.Level <= level {
				shown[s.ID] = !s.Unlisted || v.tellsShifts(s.ID)
			}
		}
	}
	for _, is := range shown {
		hidden += count(!is)
	}
	return len(shown), hidden
}

// tellsShifts reports whether a shift by a schedule is known, in the period or
// as long before as every row may look back.
func (e *evaluator) tellsShifts(schedule string) bool {
	from := e.period.Start.Add(-onCallLookback)
	return slices.ContainsFunc(e.facts.Shifts, func(s facts.Shift) bool {
		return s.Schedule == schedule && s.Start.Before(e.period.End) && s.End.After(from)
	})
}

// doubtSchedules lowers the coverage of rotations by the share of their
// first-level schedules that are hidden.
func (v *subjectView) doubtSchedules(m *measurement, rotas []rota) {
	if !v.objective.needsShifts() || m.noData != "" {
		return
	}
	var policies []string
	for _, r := range rotas {
		for _, p := range r.policies {
			policies = append(policies, p.ID)
		}
	}
	named, hidden := v.hiddenSchedules(policies, primaryLevel)
	m.lack(named-hidden, hidden)
	if hidden > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf(
			"Schedules at the first level that PagerDuty does not show: %d of %d. Whoever is on call by them alone is not seen.", hidden, named))
	}
}
