package scorecard

import (
	"fmt"
	"slices"
)

// unlisted says what the configuration would have to name of the subject for
// the objective to see anything; empty when it names some of it.
func (v *subjectView) unlisted() string {
	if what := v.lacks(v.teams); what != "" {
		return fmt.Sprintf("No %s of %s is configured.", what, v.subject.Name)
	}
	return ""
}

// unseen names the teams of which the organisation's value sees nothing. A
// team alone would have no value.
func (v *subjectView) unseen() []string {
	var caveats []string
	for _, t := range v.teams {
		if what := v.lacks([]Team{t}); what != "" && v.teamException(t.ID) == nil {
			caveats = append(caveats, fmt.Sprintf("No %s of %s is configured, so the value does not see it.", what, t.Name))
		}
	}
	return caveats
}

// lacks names what an objective looks for by the configuration, and of some
// teams finds nothing; empty when it finds some, or looks otherwise. What is of no
// team is the organisation's, whichever teams have something.
func (v *subjectView) lacks(teams []Team) string {
	switch v.objective.Measure {
	case MeasureResponseTime, MeasurePostmortems:
		if !slices.ContainsFunc(teams, func(t Team) bool { return len(t.Services) > 0 }) {
			return "PagerDuty service"
		}
	case MeasureTicketCount, MeasureTicketRatio, MeasureActionItems, MeasurePostmortemQuality, MeasureCrossLine:
		if !v.takesInStrays() && !slices.ContainsFunc(teams, func(t Team) bool { return t.Tickets.some() }) {
			return "Jira project or component"
		}
	default:
	}
	return ""
}

// some reports whether there may be tickets of the team's at all.
func (t TeamTickets) some() bool { return len(t.Projects) > 0 || len(t.Components) > 0 }
