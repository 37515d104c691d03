package scorecard

import (
	"fmt"
	"slices"
)

// nobodys stands for the services that had incidents and that no team lists. It has no id.
func (e *evaluator) nobodys() Team {
	services := slices.Clone(e.strange.Services)
	for _, d := range e.lingering[""] {
		services = append(services, d.Service)
	}
	slices.Sort(services)
	return Team{Services: slices.Compact(services)}
}

// missUnmapped lets the organisation's row say that it misses incidents of
// services that no team lists.
func (m *measurement) missUnmapped(incidents int) {
	if incidents > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf(
			"Incidents that would count if a team listed their service: %d. The card names the services as unmapped.", incidents))
	}
}

// lack lowers the coverage for what could not be judged, beside what could.
func (m *measurement) lack(judged, unknown int) {
	if unknown == 0 {
		return
	}
	share := judgeable(judged, unknown)
	if m.judgeable != nil {
		share = m.judgeable.Mul(*share).Ptr()
	}
	m.judgeable = share
}

// unmappedResponses counts the incidents that a response_time row of the
// organisation would judge if a team listed their service.
func (v *subjectView) unmappedResponses() int {
	if v.subject.ID != OrgID {
		return 0
	}
	return v.teamResponses(v.nobodys()).counts.judged()
}

// unmappedAftermaths counts those that a postmortem_completion row would judge.
func (v *subjectView) unmappedAftermaths() int {
	if v.subject.ID != OrgID {
		return 0
	}
	n := 0
	for _, a := range v.aftermaths(v.nobodys()) {
		if a.class.Judged() {
			n++
		}
	}
	return n
}

// unmappedOutages counts those that an availability row would take for
// outages, and the services that were down by them.
func (a *availability) unmappedOutages() (outages, services int) {
	if a.subject.ID != OrgID {
		return 0, 0
	}
	for _, s := range a.teamUptimes(a.nobodys(), a.span) {
		if n := s.counted(); n > 0 {
			outages, services = outages+n, services+1
		}
	}
	return outages, services
}
