package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func actionItems() scorecard.Objective {
	return ticketObjective("action_items", scorecard.MeasureActionItems, scorecard.UnitRatio, "", scorecard.Parameters{Due: scorecard.Due{Days: 30}})
}

// Created on July 6 at 10:00, due on August 5 at 10:00.
func TestActionItemIsDeliveredWithinItsTerm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		what    []doing
		want    string
		counted scorecard.Counted
	}{
		"at the last instant":                {[]doing{deliveredAt(utc(t, "2026-08-05 10:00:00"))}, "on_time", scorecard.InNumerator},
		"a second later":                     {[]doing{deliveredAt(utc(t, "2026-08-05 10:00:01"))}, "late", scorecard.InDenominator},
		"not begun":                          {nil, "open", scorecard.InDenominator},
		"in work":                            {[]doing{moved(utc(t, "2026-07-07"), inProgress)}, "open", scorecard.InDenominator},
		"Won't Do":                           {[]doing{declinedAt(utc(t, "2026-07-07"))}, "declined", scorecard.InDenominator},
		"delivered after the horizon":        {[]doing{deliveredAt(utc(t, "2026-10-12"))}, "open", scorecard.InDenominator},
		"reopened, and open":                 {[]doing{deliveredAt(utc(t, "2026-07-07")), moved(utc(t, "2026-09-08"), toDo), resolvedAs(utc(t, "2026-09-08"), "")}, "open", scorecard.InDenominator},
		"reopened, and delivered again late": {[]doing{deliveredAt(utc(t, "2026-07-07")), moved(utc(t, "2026-09-08"), toDo), resolvedAs(utc(t, "2026-09-08"), ""), deliveredAt(utc(t, "2026-09-09"))}, "late", scorecard.InDenominator},
		"delivered, and nothing tells when":  {[]doing{doneWithout}, "undated", scorecard.InDenominator},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(t, actionItems(), ticket("DRE-1", utc(t, "2026-07-06 10:00:00"), append([]doing{labelled("postmortem-action")}, tt.what...)...))
			r := w.row(t, "mysql")
			if diff := cmp.Diff(map[string]int{tt.want: 1}, r.Population.Classes); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			num := map[bool]string{true: "1", false: "0"}[tt.counted == scorecard.InNumerator]
			if shown(r.Numerator) != num || shown(r.Denominator) != "1" || r.Verdict != scorecard.Tracked || r.Interval == nil {
				t.Errorf("%s, %s, interval %v; want %s of 1", funnel(r), r.Verdict, r.Interval, num)
			}
			coverage := map[bool]string{true: "0", false: "1"}[tt.want == "undated"]
			if short(r.Coverage) != coverage || (len(r.Caveats) == 1) != (tt.want == "undated") {
				t.Errorf("coverage %s with caveats %q, want %s", short(r.Coverage), r.Caveats, coverage)
			}
			if e := w.evidence(t, "mysql")[0]; e.Class != tt.want || e.Counted != tt.counted || e.Kind != "ticket" {
				t.Errorf("evidence %+v", e)
			}
		})
	}
}

// The third quarter begins on July 1, for which items of June 1 are due, and its
// last day is that of items of August 31.
func TestActionItemsCountWhereTheyFallDue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		created, horizon string
		change           func(*ticketWorld)
		want             string
	}{
		"due in the first instant":     {"2026-06-01", "2026-10-11", nil, "0 of 1, map[open:1] of 1, without map[]"},
		"due just before":              {"2026-05-31 23:59:59", "2026-10-11", nil, "- of -, map[] of 0, without map[]"},
		"due in the last second":       {"2026-08-31 23:59:59", "2026-10-11", nil, "0 of 1, map[open:1] of 1, without map[]"},
		"due in the next quarter":      {"2026-09-01", "2026-10-11", nil, "- of -, map[] of 0, without map[]"},
		"due at the horizon":           {"2026-07-01", "2026-07-31", nil, "0 of 1, map[open:1] of 1, without map[]"},
		"due later in the quarter":     {"2026-07-01 00:00:01", "2026-07-31", nil, "- of -, map[] of 1, without map[pending:1]"},
		"due before facts are kept":    {"2026-07-01", "2026-10-11", func(w *ticketWorld) { w.sources[1].DataSince = utc(t, "2026-07-31 00:00:01") }, "- of -, map[] of 0, without map[]"},
		"due when facts begin to be":   {"2026-07-01", "2026-10-11", func(w *ticketWorld) { w.sources[1].DataSince = utc(t, "2026-07-31") }, "0 of 1, map[open:1] of 1, without map[]"},
		"of another team":              {"2026-07-01", "2026-10-11", func(w *ticketWorld) { ofTeam("SRE")(&w.tickets[0]) }, "- of -, map[] of 0, without map[]"},
		"of another class":             {"2026-07-01", "2026-10-11", func(w *ticketWorld) { w.tickets[0].Labels = nil }, "- of -, map[] of 0, without map[]"},
		"due after the end of a month": {"2026-07-31", "2026-10-11", nil, "0 of 1, map[open:1] of 1, without map[]"}, // August 30.
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(t, actionItems(), ticket("DRE-1", utc(t, tt.created), labelled("postmortem-action"))).horizonAt(utc(t, tt.horizon))
			if tt.change != nil {
				tt.change(&w)
			}
			r := w.row(t, "mysql")
			if got := funnel(r); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if (r.Verdict == scorecard.Pending) != (r.Population.Excluded["pending"] == 1) {
				t.Errorf("%s: it is %s", funnel(r), r.Verdict)
			}
		})
	}
}

func TestEvidenceOfActionItems(t *testing.T) {
	t.Parallel()
	mine := labelled("postmortem-action")
	w := newTicketWorld(
		t, actionItems(),
		ticket("DRE-1", utc(t, "2026-07-06 10:00:00"), mine, deliveredAt(utc(t, "2026-07-07"))),
		ticket("DRE-2", utc(t, "2026-07-06 10:00:00"), mine, declinedAt(utc(t, "2026-07-07"))),
		ticket("DRE-3", utc(t, "2026-07-07 10:00:00"), mine),
		ticket("DRE-4", utc(t, "2026-07-07 10:00:00"), mine, doneWithout),
		ticket("DRE-5", utc(t, "2026-08-20"), mine),
		ticket("DRE-6", utc(t, "2026-08-20"), mine, deliveredAt(utc(t, "2026-08-21"))),
	).horizonAt(utc(t, "2026-09-01"))
	want := map[string]string{
		"DRE-1": "Due on 2026-08-05T10:00:00Z; delivered on 2026-07-07T00:00:00Z.",
		"DRE-2": "Due on 2026-08-05T10:00:00Z; declined.",
		"DRE-3": "Due on 2026-08-06T10:00:00Z; not finished.",
		"DRE-4": "Due on 2026-08-06T10:00:00Z; delivered, and nothing tells when.",
		"DRE-5": "Due on 2026-09-19T00:00:00Z; not finished yet.",
		"DRE-6": "Due on 2026-09-19T00:00:00Z; finished on 2026-08-21T00:00:00Z.",
	}
	items := w.evidence(t, "mysql")
	if diff := cmp.Diff(want, reasons(items)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	first := scorecard.Evidence{
		Kind: "ticket", ID: "DRE-1", URL: "https://example.atlassian.net/browse/DRE-1", At: utc(t, "2026-07-06 10:00:00"), Class: "on_time",
		Counted: scorecard.InNumerator, Reason: want["DRE-1"],
	}
	if diff := cmp.Diff(first, items[0]); diff != "" {
		t.Errorf("first item (-want +got):\n%s", diff)
	}
	// One of four is in time; two are not due yet.
	if r := w.row(t, "mysql"); funnel(r) != "1 of 4, map[declined:1 on_time:1 open:1 undated:1] of 6, without map[pending:2]" || r.Reason != "1 of 4 action items were delivered within 30d." {
		t.Errorf("%s: %s", funnel(r), r.Reason)
	}
}

// An exempt team's items leave the organisation's row.
func TestExemptTeamsActionItemsLeaveTheOrganisation(t *testing.T) {
	t.Parallel()
	items := []facts.Ticket{
		ticket("DRE-1", utc(t, "2026-07-06"), labelled("postmortem-action"), deliveredAt(utc(t, "2026-07-07"))),
		ticket("SRE-1", utc(t, "2026-07-06"), labelled("postmortem-action"), ofTeam("SRE")),
	}
	w := newTicketWorld(t, actionItems(), items...)
	x := exception("ex1", "oncall", 12, 31)
	x.Objective = "action_items"
	w.policy.Exceptions = []scorecard.Exception{x}
	if r := w.row(t, scorecard.OrgID); shown(r.Value) != "1" || shown(r.ValueWithoutExceptions) != "0.5" {
		t.Errorf("value %s, %s without exceptions, want 1 and 0.5", shown(r.Value), shown(r.ValueWithoutExceptions))
	}
}
