package scorecard_test

import (
	"strings"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Both teams have a talk, a migration and an incident of August, until the
// configuration forgets the mysql team's.
func TestTeamOfWhichNothingIsConfiguredIsNoData(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	noJira := func(p *scorecard.Policy) { p.Teams[0].Tickets = scorecard.TeamTickets{} }
	noServices := func(p *scorecard.Policy) { p.Teams[0].Services = nil }
	const tickets, services = "No Jira project or component of MySQL Team is configured.", "No PagerDuty service of MySQL Team is configured."
	share := scorecard.Parameters{Of: "migration", Without: "rollback", Population: "finished"}
	tests := map[string]struct {
		objective scorecard.Objective
		forget    func(*scorecard.Policy)
		reason    string
		org       string // Its numerator, or value.
	}{
		"counts of tickets":       {talks("1"), noJira, tickets, "2"}, // The ticket is nobody's now, and the organisation's still.
		"shares of tickets":       {ticketObjective("migration_success", scorecard.MeasureTicketRatio, scorecard.UnitRatio, "", share), noJira, tickets, "2"},
		"action items":            {actionItems(), noJira, tickets, "2"},
		"quality of post-mortems": {postmortemQuality(), noJira, tickets, "0"},
		"shares of the line":      {crossLine("engineer_change_requests"), noJira, tickets, "-"},
		"post-mortems":            {postmortemCompletion(), noServices, services, "0"},
		"answers":                 {incidentResponse(), noServices, services, "1"},
		"services with a runbook": {runbooks(), noServices, services, "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.objective.Scope = []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg}
			w := newTicketWorld(
				t, tt.objective, ticket("DRE-1", at, labelled("tech-talk", "migration", "postmortem-action"), ofType("Post-mortem"), deliveredAt(at)),
				ticket("SRE-1", at, ofTeam("SRE"), labelled("tech-talk", "migration", "postmortem-action"), ofType("Post-mortem"), deliveredAt(at)),
			)
			w.incidents = []facts.Incident{solved(t, "Q1", "2026-08-03 10:00:00"), solved(t, "Q2", "2026-08-03 10:00:00", onService("PONCALL1"))}
			tt.forget(w.policy)
			if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData || r.Reason != tt.reason || r.Value != nil {
				t.Errorf("mysql is %s with %s (%s), want no_data: %s", r.Verdict, shown(r.Value), r.Reason, tt.reason)
			}
			if r := w.row(t, "oncall"); r.Verdict == scorecard.NoData {
				t.Errorf("oncall is no_data: %s", r.Reason)
			}
			org := w.row(t, scorecard.OrgID)
			got := shown(org.Numerator)
			if org.Numerator == nil {
				got = shown(org.Value)
			}
			if got != tt.org || org.Verdict == scorecard.NoData {
				t.Errorf("org has %s, %s, want %s", got, org.Verdict, tt.org)
			}
		})
	}
}

// Without its services the organisation's value does not see the team.
func TestOrganisationSaysWhichTeamItDoesNotSee(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, incidentResponse())
	w.incidents = []facts.Incident{solved(t, "Q2", "2026-08-03 10:00:00", onService("PONCALL1"))}
	w.policy.Teams[0].Services = nil
	if r := w.row(t, scorecard.OrgID); !strings.Contains(strings.Join(r.Caveats, "\n"), "No PagerDuty service of MySQL Team is configured, so the value does not see it.") {
		t.Errorf("caveats %q", r.Caveats)
	}
	// An objective of one line has tickets of that line's teams alone, and here there is none.
	o := talks("1")
	o.Lines = []scorecard.Line{scorecard.LineDRE}
	w.policy.Rubric.Objectives[0], w.policy.Teams[0].Tickets = o, scorecard.TeamTickets{}
	if r := w.row(t, scorecard.OrgID); r.Verdict != scorecard.NoData {
		t.Errorf("org is %s, want no_data", r.Verdict)
	}
}
