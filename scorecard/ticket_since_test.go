package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// jiraSince sets from when on Jira is read.
func (w ticketWorld) jiraSince(at time.Time) ticketWorld {
	w.sources[1].DataSince = at
	return w
}

// A year before the cut is October 1, 2025. PMYSQL1 has a runbook of May, PMYSQL2 one of
// August 2025, or none.
func TestServiceWithoutATicketIsUncertainWhereTicketsAreKnownTooLate(t *testing.T) {
	t.Parallel()
	old := ticket("DRE-2", utc(t, "2025-01-01"), labelled("runbook", "PMYSQL2"), deliveredAt(utc(t, "2025-08-01")))
	const none = "No ticket of class runbook that names PMYSQL2 is known to have been delivered in the 365d before 2026-10-01"
	tests := map[string]struct {
		since    string
		tickets  []facts.Ticket
		coverage string
		why      string // Of PMYSQL2.
	}{
		"known for the quarter before too": {"2025-07-01", nil, "1", none + "."},
		"known for all of the year":        {"2025-10-01", nil, "1", none + "."},
		"known for all but a second": {
			"2025-10-01 00:00:01", nil, "0.5", none + "; of those before 2025-10-01, not all are known.",
		},
		"known for a part of the quarter": {
			"2026-08-01", nil, "0.5", none + "; of those before 2026-08-01, not all are known.",
		},
		"an older one is known": {
			"2026-01-01", []facts.Ticket{old}, "0.5", "DRE-2, which was delivered on 2025-08-01, names PMYSQL2; of those before 2026-01-01, not all are known.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			covered := ticket("DRE-1", utc(t, "2025-01-01"), labelled("runbook", "PMYSQL1"), deliveredAt(utc(t, "2026-05-01")))
			w := newTicketWorld(t, runbooks(), append(tt.tickets, covered)...).jiraSince(utc(t, tt.since))
			r := w.row(t, "mysql")
			if shown(r.Numerator) != "1" || shown(r.Denominator) != "2" || short(r.Coverage) != tt.coverage {
				t.Errorf("%s, coverage %s, want 1 of 2, coverage %s", funnel(r), short(r.Coverage), tt.coverage)
			}
			if got := strings.Contains(strings.Join(r.Caveats, "\n"), "Services of which nobody can tell"); got != (tt.coverage != "1") || len(r.Caveats) > 1 {
				t.Errorf("caveats %q with coverage %s", r.Caveats, tt.coverage)
			}
			if got := reasons(w.evidence(t, "mysql"))["PMYSQL2"]; got != tt.why {
				t.Errorf("reason %q, want %q", got, tt.why)
			}
			// The quarter before looked back to July 1, 2025.
			if (r.Trend != nil) != (tt.since == "2025-07-01") {
				t.Errorf("trend %+v", r.Trend)
			}
		})
	}
}

// The year has 273 days until October 1; from April 1 on it has 183.
func TestShareOfTheYearThatIsKnown(t *testing.T) {
	t.Parallel()
	one := ticket("DRE-1", utc(t, "2026-05-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-07-10")))
	tests := map[string]struct {
		window   scorecard.WindowKind
		since    string
		coverage string
	}{
		"a quarter of a known year":     {scorecard.WindowYear, "2026-01-01", "1"},
		"a year that is known in parts": {scorecard.WindowYear, "2026-04-01", "0.6703"},
		"the quarter alone":             {scorecard.WindowPeriod, "2026-04-01", "1"},
		"the twelve months before":      {scorecard.WindowTrailingYear, "2026-04-01", "0.5014"}, // 183 of 365.
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := talks("")
			o.Window = tt.window
			r := newTicketWorld(t, o, one).jiraSince(utc(t, tt.since)).row(t, "mysql")
			if shown(r.Value) != "1" || short(r.Coverage) != tt.coverage || (len(r.Caveats) == 1) != (tt.coverage != "1") {
				t.Errorf("value %s, coverage %s, caveats %q, want 1 and %s", shown(r.Value), short(r.Coverage), r.Caveats, tt.coverage)
			}
		})
	}
}

// A card of the third quarter says of its year what was so on September 30.
func TestCountOfAYearEndsWithTheCard(t *testing.T) {
	t.Parallel()
	reopened := utc(t, "2026-10-05")
	o := talks("3")
	o.Window = scorecard.WindowYear
	w := newTicketWorld(
		t, o, ticket("DRE-1", utc(t, "2026-05-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-06-10")), moved(reopened, toDo), resolvedAs(reopened, "")),
		ticket("DRE-2", utc(t, "2026-05-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-10-01"))),
	)
	r := w.row(t, "mysql")
	if shown(r.Value) != "1" || r.Verdict != scorecard.Pending {
		t.Errorf("%s with %s, want pending with 1", r.Verdict, shown(r.Value))
	}
	if items := w.evidence(t, "mysql"); len(items) != 1 || items[0].ID != "DRE-1" || items[0].Class != "delivered" {
		t.Errorf("evidence %+v, want DRE-1 as delivered", items)
	}
	w.period = "2026-Q4"
	if r := w.row(t, "mysql"); shown(r.Value) != "1" {
		t.Errorf("the current quarter counts %s of the year, want DRE-2 alone", shown(r.Value))
	}
}

// Jira is read from July 1 on, and what is untouched since May 27 (35 days
// before) is not known. An item of 90 days of that day is due on August 25, so
// that the items of 37 of the quarter's 92 days are known.
func TestActionItemsThatMayNotBeKnownAreNotCounted(t *testing.T) {
	t.Parallel()
	mine := labelled("postmortem-action")
	o := actionItems()
	o.Due.Days = 90
	w := newTicketWorld(
		t, o, ticket("DRE-1", utc(t, "2026-05-26"), mine, deliveredAt(utc(t, "2026-07-20"))), ticket("DRE-2", utc(t, "2026-05-27"), mine),
	).jiraSince(utc(t, "2026-07-01"))
	r := w.row(t, "mysql")
	if funnel(r) != "0 of 1, map[open:1] of 1, without map[]" || short(r.Coverage) != "0.4022" {
		t.Errorf("%s, coverage %s, want DRE-2 alone and 37/92", funnel(r), short(r.Coverage))
	}
	if len(r.Caveats) != 1 || !strings.Contains(r.Caveats[0], "due before 2026-08-25") {
		t.Errorf("caveats %q", r.Caveats)
	}
	// A term of 30 days needs no more than was read.
	w.policy.Rubric.Objectives[0] = actionItems()
	if r := w.row(t, "mysql"); short(r.Coverage) != "-" || len(r.Caveats) != 0 {
		t.Errorf("coverage %s with caveats %q", short(r.Coverage), r.Caveats)
	}
	o.Due.Days = 200
	w.policy.Rubric.Objectives[0] = o
	if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData || r.Reason != "Of action items that were due before 2026-12-13 not all are known: Jira is read from 2026-07-01 on." {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}
