package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

const days = 24 * time.Hour

func runbooks() scorecard.Objective {
	return ticketObjective("documentation_coverage", scorecard.MeasureCoverage, scorecard.UnitRatio, "0.90",
		scorecard.Parameters{Of: "runbook", MaxAge: scorecard.Span(365 * days)})
}

// The mysql team has the services PMYSQL1 and PMYSQL2; the quarter ends with
// September 30, 2026, so that a year before the cut is October 1, 2025.
func TestServiceIsCoveredByALateEnoughTicketThatNamesIt(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-05-01")
	tests := map[string]struct {
		what []doing
		want string
	}{
		"its id is a component":               {[]doing{labelled("runbook"), ofTeam("DRE", "PMYSQL1"), deliveredAt(at)}, "covered"},
		"its id is a label, in small letters": {[]doing{labelled("runbook", "pmysql1"), deliveredAt(at)}, "covered"},
		"its name is a label":                 {[]doing{labelled("runbook", "Orders"), deliveredAt(at)}, "covered"},
		"a ticket of no team":                 {[]doing{labelled("runbook", "orders"), ofTeam("ELSE"), deliveredAt(at)}, "covered"},
		"a year old at the cut":               {[]doing{labelled("runbook", "orders"), deliveredAt(utc(t, "2025-10-01"))}, "covered"},
		"a second older":                      {[]doing{labelled("runbook", "orders"), deliveredAt(utc(t, "2025-09-30 23:59:59"))}, "outdated"},
		// Tickets are at hand from 366 days before the second quarter on, whichever period is asked for.
		"a year older than the quarter before":       {[]doing{labelled("runbook", "orders"), deliveredAt(utc(t, "2025-03-31"))}, "outdated"},
		"a second older than that":                   {[]doing{labelled("runbook", "orders"), deliveredAt(utc(t, "2025-03-30 23:59:59"))}, "not_covered"},
		"delivered after the quarter":                {[]doing{labelled("runbook", "orders"), deliveredAt(utc(t, "2026-10-02"))}, "not_covered"},
		"declined":                                   {[]doing{labelled("runbook", "orders"), declinedAt(at)}, "not_covered"},
		"not begun":                                  {[]doing{labelled("runbook", "orders")}, "not_covered"},
		"of another class":                           {[]doing{labelled("coding", "orders"), deliveredAt(at)}, "not_covered"},
		"the team's component names no service":      {[]doing{labelled("runbook"), deliveredAt(at)}, "not_covered"},
		"a part of its name does not name it either": {[]doing{labelled("runbook", "order"), deliveredAt(at)}, "not_covered"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(t, runbooks(), ticket("DRE-1", utc(t, "2025-01-01"), tt.what...))
			w.services = []facts.Service{{ID: "PMYSQL1", Name: "Orders", URL: "https://example.pagerduty.com/service-directory/PMYSQL1"}}
			r := w.row(t, "mysql")
			want := map[string]int{"not_covered": 1}
			want[tt.want]++
			if diff := cmp.Diff(want, r.Population.Classes); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			num := map[bool]string{true: "1", false: "0"}[tt.want == "covered"]
			if shown(r.Numerator) != num || shown(r.Denominator) != "2" || r.Verdict != scorecard.Missed {
				t.Errorf("%s of %s, %s, want %s of 2, missed", shown(r.Numerator), shown(r.Denominator), r.Verdict, num)
			}
		})
	}
}

func TestEvidenceOfCoverageNamesTheLatestTicket(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(
		t, runbooks(),
		ticket("DRE-1", utc(t, "2025-01-01"), labelled("runbook", "PMYSQL1"), deliveredAt(utc(t, "2026-05-01"))),
		ticket("DRE-2", utc(t, "2025-01-01"), labelled("runbook", "PMYSQL1"), deliveredAt(utc(t, "2026-06-01"))),
		ticket("DRE-3", utc(t, "2025-01-01"), labelled("runbook", "PMYSQL1"), deliveredAt(utc(t, "2025-06-01"))),
	)
	want := []scorecard.Evidence{
		{
			Kind: "service", ID: "PMYSQL1", URL: "https://example.atlassian.net/browse/DRE-2", At: utc(t, "2026-06-01"), Class: "covered",
			Counted: scorecard.InNumerator, Reason: "DRE-2, which was delivered on 2026-06-01, names PMYSQL1.",
		},
		{
			Kind: "service", ID: "PMYSQL2", At: utc(t, "2026-07-01"), Class: "not_covered", Counted: scorecard.InDenominator,
			Reason: "No ticket of class runbook that names PMYSQL2 is known to have been delivered in the 365d before 2026-10-01.",
		},
	}
	if diff := cmp.Diff(want, w.evidence(t, "mysql")); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	// The organisation has three services, of which one is covered.
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "1" || shown(r.Denominator) != "3" {
		t.Errorf("org: %s of %s, want 1 of 3", shown(r.Numerator), shown(r.Denominator))
	}
	w.policy.Teams[1].Services = nil
	if r := w.row(t, "oncall"); r.Verdict != scorecard.NoData {
		t.Errorf("a team without services is %s, want no_data", r.Verdict)
	}
}
