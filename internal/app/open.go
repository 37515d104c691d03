package app

import (
	"context"
	"fmt"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// open counts the open incidents of each team by present urgency and status.
// Those of services that no team has are left out. Before PagerDuty has been
// read completely nothing is known, and nothing listed.
func (s *Scores) open(ctx context.Context, sources []facts.SourceState) ([]scorecard.OpenIncidents, error) {
	if !pagerDutyComplete(sources) {
		return nil, nil
	}
	ids, err := s.store.OpenIncidents(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up open incidents: %w", err)
	}
	kept, err := s.store.KnownIncidents(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look up open incidents: %w", err)
	}
	counts := map[scorecard.OpenIncidents]int{}
	for id, incident := range kept {
		team := s.policy.TeamOf(s.ledgers.incidents.serviceOf(id, incident.Service))
		counts[scorecard.OpenIncidents{Team: team, Urgency: incident.Urgency, Status: incident.Status}]++
	}
	return s.listed(counts), nil
}

func pagerDutyComplete(sources []facts.SourceState) bool {
	for _, state := range sources {
		if state.Source == facts.PagerDuty {
			return state.Complete()
		}
	}
	return false
}

// listed is every team with every urgency and status that an open incident
// has, none of them included.
func (s *Scores) listed(counts map[scorecard.OpenIncidents]int) []scorecard.OpenIncidents {
	var list []scorecard.OpenIncidents
	for _, team := range s.policy.Teams {
		for _, urgency := range []facts.Urgency{facts.UrgencyHigh, facts.UrgencyLow} {
			for _, status := range []string{"triggered", "acknowledged"} {
				o := scorecard.OpenIncidents{Team: team.ID, Urgency: urgency, Status: status}
				o.Count = counts[o]
				list = append(list, o)
			}
		}
	}
	return list
}
