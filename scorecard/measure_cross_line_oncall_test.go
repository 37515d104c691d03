package scorecard_test

import (
	"strings"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// carriedWorld has ten change requests that were finished on August 10, so that
// the 90 days before them begin on May 12: two are eng1's, who was on call from
// July 7 to 14; the others sre1's, who is not known to have been.
func carriedWorld(t *testing.T) ticketWorld {
	t.Helper()
	w := lineWorld(t, "executed_by_oncall", changes(t, "eng1", "eng1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1", "sre1")...)
	w.shifts = []facts.Shift{{Policy: "EMYSQL", Level: 3, User: "PENG1", Start: utc(t, "2026-07-07"), End: utc(t, "2026-07-14")}}
	return w
}

func TestExecutionByPeopleOnCallRestsOnWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change                func(*ticketWorld)
		num, den, coverage    string
		since, first, account bool // The caveats.
	}{
		"all is known": {nil, "2", "10", "1", false, false, false},
		"on-calls are known from the first of the 90 days on": {
			func(w *ticketWorld) { w.sources[0].DataSince = utc(t, "2026-05-12") }, "2", "10", "1", false, false, false,
		},
		"they begin a second later": { // Those who are known to have been on call are: 2 of 10 are certain.
			func(w *ticketWorld) { w.sources[0].DataSince = utc(t, "2026-05-12 00:00:01") }, "2", "10", "0.2", true, false, false,
		},
		"they begin in the quarter": {
			func(w *ticketWorld) { w.sources[0].DataSince = utc(t, "2026-08-01") }, "2", "10", "0.2", true, false, false,
		},
		"the first sync was after the shift": { // Nothing of it is certain.
			func(w *ticketWorld) { w.sources[0].FirstAsOf = utc(t, "2026-07-14") }, "2", "10", "0", false, true, false,
		},
		"the first sync was during the shift": {
			func(w *ticketWorld) { w.sources[0].FirstAsOf = utc(t, "2026-07-13") }, "2", "10", "0.2", false, true, false,
		},
		"the first sync was before the 90 days": {
			func(w *ticketWorld) { w.sources[0].FirstAsOf = utc(t, "2026-05-12") }, "2", "10", "1", false, false, false,
		},
		"an SRE has no PagerDuty account": { // Two more of twelve are sre2's, of whom nobody can tell.
			func(w *ticketWorld) {
				w.tickets = append(w.tickets, changes(t, "sre2", "sre2")...)
				w.tickets[10].ID, w.tickets[11].ID = "id-a", "id-b"
				w.policy.People[3].PagerDuty = ""
			}, "2", "10", "0.8333", false, false, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := carriedWorld(t)
			if tt.change != nil {
				tt.change(&w)
			}
			r := w.row(t, scorecard.OrgID)
			if shown(r.Numerator) != tt.num || shown(r.Denominator) != tt.den || short(r.Coverage) != tt.coverage || r.Verdict != scorecard.Tracked {
				t.Errorf("%s, %s, coverage %s; want %s of %s, coverage %s", funnel(r), r.Verdict, short(r.Coverage), tt.num, tt.den, tt.coverage)
			}
			caveats := strings.Join(r.Caveats, "\n")
			for words, want := range map[string]bool{"nobody can tell": tt.since, "the first sync": tt.first, "without a PagerDuty account": tt.account} {
				if strings.Contains(caveats, words) != want {
					t.Errorf("caveats %q, want one with %q: %t", r.Caveats, words, want)
				}
			}
		})
	}
}

func TestExecutionByPeopleOnCallIsNoDataWhereThatWasNeverTold(t *testing.T) {
	t.Parallel()
	w := carriedWorld(t)
	w.sources[0].Unread = []string{facts.KindShift}
	if r := w.row(t, scorecard.OrgID); r.Verdict != scorecard.NoData || !strings.Contains(r.Reason, "Who is on call was never told") || r.Value != nil {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	// The other shares do not look at it.
	w.policy.Rubric.Objectives[0] = crossLine("engineer_change_requests")
	if r := w.row(t, scorecard.OrgID); r.Verdict != scorecard.Tracked {
		t.Errorf("the share of engineers is %s, want tracked", r.Verdict)
	}
}

func TestNobodyWithAnAccountLeavesNothingToShare(t *testing.T) {
	t.Parallel()
	w := carriedWorld(t)
	for i := range w.policy.People {
		w.policy.People[i].PagerDuty = ""
	}
	if r := w.row(t, scorecard.OrgID); r.Verdict != scorecard.Empty || r.Population.Excluded["no_account"] != 10 || len(r.Caveats) != 1 {
		t.Errorf("%s, %s, caveats %q; want that it is empty and says why", r.Verdict, funnel(r), r.Caveats)
	}
}
