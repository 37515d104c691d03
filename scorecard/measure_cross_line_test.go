package scorecard_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func crossLine(share string) scorecard.Objective {
	o := ticketObjective(share, scorecard.MeasureCrossLine, scorecard.UnitRatio, "", scorecard.Parameters{Share: share})
	o.Scope = []scorecard.Scope{scorecard.ScopeOrg}
	return o
}

// lineWorld has three engineers and three SREs, whose accounts are eng1 to eng3
// and sre1 to sre3.
func lineWorld(t *testing.T, share string, tickets ...facts.Ticket) ticketWorld {
	t.Helper()
	w := newTicketWorld(t, crossLine(share), tickets...)
	w.policy.People = nil
	for n := 1; n <= 3; n++ {
		w.policy.People = append(
			w.policy.People,
			scorecard.Person{ID: fmt.Sprintf("e%d", n), Team: "mysql", Line: scorecard.LineEngineer, Jira: fmt.Sprintf("eng%d", n), PagerDuty: fmt.Sprintf("PENG%d", n)},
			scorecard.Person{ID: fmt.Sprintf("s%d", n), Team: "oncall", Line: scorecard.LinePersonSRE, Jira: fmt.Sprintf("sre%d", n), PagerDuty: fmt.Sprintf("PSRE%d", n)},
		)
	}
	return w
}

// changes are delivered change requests, one of each author, in August.
func changes(t *testing.T, authors ...string) []facts.Ticket {
	t.Helper()
	var list []facts.Ticket
	for n, author := range authors {
		list = append(list, ticket(fmt.Sprintf("DRE-%02d", n), utc(t, "2026-08-01"), ofType("Change"), createdBy(author),
			assignedTo(utc(t, "2026-08-02"), author), deliveredAt(utc(t, "2026-08-10"))))
	}
	return list
}

func TestEngineersShareOfChangeRequests(t *testing.T) {
	t.Parallel()
	// eng1 wrote 4, eng2 one, the SREs 5; what somebody strange wrote is in no share.
	authors := []string{"eng1", "eng1", "eng1", "eng1", "eng2", "sre1", "sre1", "sre2", "sre3", "sre3", "stranger"}
	w := lineWorld(t, "engineer_change_requests", changes(t, authors...)...)
	r := w.row(t, scorecard.OrgID)
	if r.Verdict != scorecard.Tracked || shown(r.Numerator) != "5" || shown(r.Denominator) != "10" || r.Population.Excluded["not_on_roster"] != 1 {
		t.Errorf("%s, %s of %s, %+v; want 5 of 10, tracked, and one that is nobody's", r.Verdict, shown(r.Numerator), shown(r.Denominator), r.Population)
	}
	want := []string{"Tickets that nobody on the roster wrote: 1. They are not counted."}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || short(r.Coverage) != "0.9091" { // 10 of 11.
		t.Errorf("coverage %s, want 10/11; caveats (-want +got):\n%s", short(r.Coverage), diff)
	}
	d, ok := r.Details.(scorecard.CrossLineDetails)
	if !ok || d.Crossers != 1 || shown(d.TopShare) != "0.8" {
		t.Errorf("details %+v, want one with two or more, and 4 of 5 of the tickets", r.Details)
	}
	counted := map[scorecard.Counted]int{}
	for _, e := range w.evidence(t, scorecard.OrgID) {
		counted[e.Counted]++
	}
	if counted[scorecard.InNumerator] != 5 || counted[scorecard.InDenominator] != 5 || counted[scorecard.NotCounted] != 1 {
		t.Errorf("evidence counts %v, want 5, 5 and 1", counted)
	}
}

// Each case changes the last of ten change requests, the first nine of which
// SREs wrote.
func TestWhoATicketCountsFor(t *testing.T) {
	t.Parallel()
	august := utc(t, "2026-08-10")
	tests := map[string]struct {
		share string
		last  []doing
		moves []scorecard.Move // Of eng1.
		want  string           // In the numerator.
	}{
		"written by an engineer":                       {"engineer_change_requests", []doing{createdBy("eng1")}, nil, "1"},
		"written by a bot, for an engineer":            {"engineer_change_requests", []doing{createdBy(jiraRobot), reportedBy("eng1")}, nil, "1"},
		"reported by an engineer, written by an SRE":   {"engineer_change_requests", []doing{createdBy("sre1"), reportedBy("eng1")}, nil, "0"},
		"by one who was an SRE by then":                {"engineer_change_requests", []doing{createdBy("eng1")}, []scorecard.Move{{On: day(8, 10), Line: scorecard.LinePersonSRE}}, "0"},
		"by one who became an SRE the day after":       {"engineer_change_requests", []doing{createdBy("eng1")}, []scorecard.Move{{On: day(8, 11), Line: scorecard.LinePersonSRE}}, "1"},
		"done by an SRE":                               {"sre_coding", []doing{assignedTo(august, "sre1")}, nil, "10"},
		"done by an engineer, and an SRE's afterwards": {"sre_coding", []doing{assignedTo(august, "eng1"), assignedTo(utc(t, "2026-09-01"), "sre1")}, nil, "9"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tickets := changes(t, "sre1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1")
			last := ticket("DRE-99", utc(t, "2026-08-01"), ofType("Change"), deliveredAt(august))
			for _, what := range tt.last {
				what(&last)
			}
			tickets = append(tickets, last)
			for n := range tickets {
				tickets[n].Labels = []string{"coding"}
			}
			w := lineWorld(t, tt.share, tickets...)
			w.policy.People[0].Moves = tt.moves
			w.policy.People = append(w.policy.People, scorecard.Person{ID: "e4", Team: "mysql", Line: scorecard.LineEngineer, Jira: "eng4"})
			if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != tt.want || shown(r.Denominator) != "10" {
				t.Errorf("%s of %s, want %s of 10", shown(r.Numerator), shown(r.Denominator), tt.want)
			}
		})
	}
}

// Finished on August 10; the 90 days before it begin on May 12.
func TestChangesExecutedByPeopleWhoBearBeingOnCall(t *testing.T) {
	t.Parallel()
	w := lineWorld(t, "executed_by_oncall", changes(t, "eng1", "eng2", "sre1", "sre2", "sre3", "sre1", "sre1", "sre1", "sre1", "sre1")...)
	shift := func(user, from, to string) facts.Shift {
		return facts.Shift{Policy: "EMYSQL", Level: 2, User: user, Start: utc(t, from), End: utc(t, to)}
	}
	w.shifts = []facts.Shift{
		shift("PENG1", "2026-05-05", "2026-05-12 00:00:01"), shift("PENG2", "2026-05-05", "2026-05-12"),
		shift("PSRE2", "2026-08-09", "2026-08-11"), shift("PSRE3", "2026-08-10", "2026-08-17"),
	}
	// eng1 and sre2.
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "2" || shown(r.Denominator) != "10" || len(r.Sources) != 2 {
		t.Errorf("%s of %s by %+v, want 2 of 10 by PagerDuty and Jira", shown(r.Numerator), shown(r.Denominator), r.Sources)
	}
}

func TestShareOfFewIsHeldBack(t *testing.T) {
	t.Parallel()
	ten := []string{"eng1", "eng1", "eng1", "eng1", "eng1", "sre1", "sre1", "sre1", "sre1", "sre1"}
	tests := map[string]struct {
		authors []string
		people  int
		want    scorecard.Verdict
	}{
		"ten tickets and three people of each line": {ten, 6, scorecard.Tracked},
		"nine tickets":                    {ten[1:], 6, scorecard.InsufficientData},
		"two people of one line":          {ten, 5, scorecard.InsufficientData},
		"none at all is nothing to share": {nil, 6, scorecard.Empty},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := lineWorld(t, "engineer_change_requests", changes(t, tt.authors...)...)
			w.policy.People = w.policy.People[:tt.people]
			r := w.row(t, scorecard.OrgID)
			if r.Verdict != tt.want {
				t.Errorf("%s (%s), want %s", r.Verdict, r.Reason, tt.want)
			}
			held := r.Value == nil && r.Numerator == nil && r.Details == nil && len(r.Population.Classes) == 0 && len(w.evidence(t, scorecard.OrgID)) == 0
			if tt.want == scorecard.InsufficientData && !held {
				t.Errorf("a row that is held back shows %+v", r)
			}
		})
	}
}
