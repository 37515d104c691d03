package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Each case is one delivered post-mortem for Q1ABC, and how it names it.
func TestPostmortemNamesItsIncidentInEveryWay(t *testing.T) {
	t.Parallel()
	other := func(key string, what ...doing) facts.Ticket {
		return ticket(key, utc(t, "2026-07-06 10:05:00"), what...)
	}
	tests := map[string]struct {
		what   []doing
		others []facts.Ticket
		want   string // How it stands in the reason; empty when it does not count.
	}{
		"its id in the field":                        {[]doing{inField("Q1ABC")}, nil, "field"},
		"its id among words, in small letters":       {[]doing{inField("see q1abc, please")}, nil, "field"},
		"its address in the field":                   {[]doing{inField(page("Q1ABC"))}, nil, "field"},
		"its address in the summary":                 {[]doing{summarised("About " + page("Q1ABC"))}, nil, "url"},
		"its address in the text":                    {[]doing{described("See <" + page("Q1ABC") + "|it>.")}, nil, "url"},
		"its address among the remote links":         {[]doing{func(t *facts.Ticket) { t.RemoteLinks = []string{page("Q1ABC")} }}, nil, "url"},
		"its label":                                  {[]doing{labelled("pd-Q1ABC")}, nil, "label"},
		"its label in small letters":                 {[]doing{labelled("pd-q1abc")}, nil, "label"},
		"its label in capitals":                      {[]doing{labelled("PD-Q1ABC")}, nil, "label"},
		"a link to a ticket that names it":           {[]doing{linkedTo("DRE-7")}, []facts.Ticket{other("DRE-7", labelled("pd-q1abc"))}, "link to DRE-7"},
		"a link from a ticket that names it":         {nil, []facts.Ticket{other("DRE-7", inField("Q1ABC"), linkedTo("DRE-1"))}, "link to DRE-7"},
		"links to two tickets that name it":          {[]doing{linkedTo("DRE-8", "DRE-7")}, []facts.Ticket{other("DRE-8", inField("Q1ABC")), other("DRE-7", inField("Q1ABC"))}, "link to DRE-7"},
		"a link to another post-mortem of it":        {[]doing{linkedTo("DRE-7")}, []facts.Ticket{other("DRE-7", ofType("Post-mortem"), inField("Q1ABC"))}, "link to DRE-7"},
		"the field comes before the text":            {[]doing{described(page("Q1ABC")), inField("Q1ABC"), labelled("pd-Q1ABC")}, nil, "field"},
		"its own words come before a link":           {[]doing{labelled("pd-Q1ABC"), linkedTo("DRE-7")}, []facts.Ticket{other("DRE-7", inField("Q1ABC"))}, "label"},
		"a link to one that only is linked to it":    {[]doing{linkedTo("DRE-7")}, []facts.Ticket{other("DRE-7", linkedTo("DRE-8")), other("DRE-8", inField("Q1ABC"))}, ""},
		"a link to one that nobody may see":          {[]doing{linkedTo("DRE-7")}, nil, ""},
		"a link to one that is not there yet":        {[]doing{linkedTo("DRE-7")}, []facts.Ticket{ticket("DRE-7", utc(t, "2026-10-12"), inField("Q1ABC"))}, ""},
		"its id in the text, without an address":     {[]doing{described("About Q1ABC.")}, nil, ""},
		"a part of a label":                          {[]doing{labelled("pd-Q1ABC-2")}, nil, ""},
		"the field of another site":                  {[]doing{func(t *facts.Ticket) { t.Fields["Incident"] = []string{"Q1ABC"} }}, nil, ""},
		"another incident, that nobody knows either": {[]doing{labelled("pd-Q2ABC")}, nil, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := reviewOf(t, "DRE-1", "2026-07-06 12:00:00", nil, append(tt.what, deliveredAt(utc(t, "2026-07-07")))...)
			w := newReviewWorld(t, []facts.Incident{solved(t, "Q1ABC", "2026-07-06 10:00:00")}, append(tt.others, p)...)
			r, why := w.row(t, "mysql"), reasons(w.evidence(t, "mysql"))["Q1ABC"]
			want, num, unmatched := "No post-mortem is delivered that was due on 2026-07-13T10:30:00Z.", "0", 1
			if tt.want != "" {
				want = "A post-mortem was due on 2026-07-13T10:30:00Z. DRE-1 (" + tt.want + "): delivered on 2026-07-07T00:00:00Z."
				num, unmatched = "1", 0
			}
			if name == "a link to another post-mortem of it" {
				want += " DRE-7 (field): not finished."
			}
			if diff := cmp.Diff(want, why); diff != "" || shown(r.Numerator) != num {
				t.Errorf("%s, reason (-want +got):\n%s", funnel(r), diff)
			}
			if d := reviewDetails(t, r); d.UnmatchedPostmortems != unmatched {
				t.Errorf("%d are unmatched, want %d", d.UnmatchedPostmortems, unmatched)
			}
		})
	}
}

// One post-mortem stands for three incidents of July 6: its field names the
// first, its text the two others. Of the second there is one more, delivered
// earlier; the third is due like the others. All three count once: 3 of 4 are
// done, and the fourth is named by nobody.
func TestPostmortemOfThreeIncidentsAndIncidentOfTwoPostmortems(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(
		t, []facts.Incident{
			solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-06 11:00:00"),
			solved(t, "Q3", "2026-07-06 12:00:00", onService("PONCALL1")), solved(t, "Q4", "2026-07-06 13:00:00"),
		},
		reviewOf(t, "DRE-1", "2026-07-06 14:00:00", nil, inField(page("Q1")), described("Also "+page("Q2")+" and "+page("Q3")+"."), deliveredAt(utc(t, "2026-07-20"))),
		reviewOf(t, "DRE-2", "2026-07-06 15:00:00", []string{"q2"}, deliveredAt(utc(t, "2026-07-07 11:30:00"))),
		reviewOf(t, "DRE-3", "2026-07-06 16:00:00", []string{"Q2"}, doneWithout),
	)
	org := w.row(t, scorecard.OrgID)
	if got, want := funnel(org), "3 of 4, map[late:2 missing:1 on_time:1] of 4, without map[]"; got != want {
		t.Errorf("org has %s, want %s", got, want)
	}
	// The first is late by 14 days (from 10:30 on July 6 to midnight before
	// July 20: 13 days and 13.5 hours), the second took a day (11:30 to 11:30).
	if d := reviewDetails(t, org); d.OnTime != 1 || d.Shared != 1 || d.MedianDaysToPublish.Cmp(scorecard.Ratio(23, 48).Add(scorecard.Int(13))) != 0 {
		t.Errorf("details %+v with a median of %s days, want 1 on time, 1 shared, 13 23/48 days", d, shown(d.MedianDaysToPublish))
	}
	// Of the teams, mysql has two of the three, so that the post-mortem is shared there too.
	if r := w.row(t, "mysql"); funnel(r) != "2 of 3, map[late:1 missing:1 on_time:1] of 3, without map[]" || reviewDetails(t, r).Shared != 1 {
		t.Errorf("mysql has %s, %+v", funnel(r), r.Details)
	}
	if r := w.row(t, "oncall"); funnel(r) != "1 of 1, map[late:1] of 1, without map[]" || reviewDetails(t, r).Shared != 0 {
		t.Errorf("oncall has %s, %+v", funnel(r), r.Details)
	}
	want := map[string]string{
		"Q1": "A post-mortem was due on 2026-07-13T10:30:00Z. DRE-1 (field): delivered on 2026-07-20T00:00:00Z, late.",
		"Q2": "A post-mortem was due on 2026-07-13T11:30:00Z. DRE-1 (url): delivered on 2026-07-20T00:00:00Z. " +
			"DRE-2 (label): delivered on 2026-07-07T11:30:00Z. DRE-3 (label): delivered, and nothing tells when.",
		"Q3":    "A post-mortem was due on 2026-07-13T12:30:00Z. DRE-1 (url): delivered on 2026-07-20T00:00:00Z, late.",
		"Q4":    "No post-mortem is delivered that was due on 2026-07-13T13:30:00Z.",
		"DRE-1": "Delivered on 2026-07-20T00:00:00Z. It names Q1 (field), Q2 (url), Q3 (url).",
		"DRE-2": "Delivered on 2026-07-07T11:30:00Z. It names Q2 (label).",
		"DRE-3": "Delivered, and nothing tells when. It names Q2 (label).",
	}
	if diff := cmp.Diff(want, reasons(w.evidence(t, scorecard.OrgID))); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// Q2 happened again on July 20, and was added to the post-mortem of Q1, which
// had been there before.
func TestPostmortemFromBeforeItsIncidentIsNotAboutIt(t *testing.T) {
	t.Parallel()
	incidents := []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-20 10:00:00")}
	w := newReviewWorld(t, incidents, reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1", "Q2"}, deliveredAt(utc(t, "2026-07-21"))))
	r := w.row(t, "mysql")
	if funnel(r) != "1 of 2, map[late:1 missing:1] of 2, without map[]" || reviewDetails(t, r).Shared != 0 {
		t.Errorf("%s, %+v", funnel(r), r.Details)
	}
	want := "No post-mortem is delivered that was due on 2026-07-27T10:30:00Z. DRE-1 (label): created before the incident, and so not about it."
	if got := reasons(w.evidence(t, "mysql"))["Q2"]; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
	// At the very instant is not before.
	w.tickets[0].CreatedAt = utc(t, "2026-07-20 10:00:00")
	if r := w.row(t, "mysql"); shown(r.Numerator) != "2" {
		t.Errorf("%s, want both to be done", funnel(r))
	}
}

func TestEvidenceLinksPostmortems(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(
		t, []facts.Incident{
			solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-06 11:00:00", lowUrgency), solved(t, "Q3", "2026-10-05 10:00:00"),
		},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, declinedAt(utc(t, "2026-07-07"))),
		reviewOf(t, "DRE-2", "2026-07-06 12:00:00", []string{"Q2"}, deliveredAt(utc(t, "2026-07-07"))),
		reviewOf(t, "DRE-3", "2026-07-08 12:00:00", []string{"QX"}),
		reviewOf(t, "DRE-4", "2026-06-30 12:00:00", []string{"QX"}),                // Of another quarter.
		reviewOf(t, "DRE-5", "2026-07-08 12:00:00", []string{"QOLD"}),              // Of an incident long ago.
		reviewOf(t, "SRE-1", "2026-07-09 12:00:00", []string{"QX"}, ofTeam("SRE")), // Another team's.
		reviewOf(t, "DRE-6", "2026-07-10 12:00:00", []string{"QNEW"}),              // Of an incident to come.
	)
	w.named = []facts.Incident{{ID: "QOLD", CreatedAt: utc(t, "2024-01-01")}, {ID: "QNEW", CreatedAt: utc(t, "2026-12-01")}}
	browse := "https://example.atlassian.net/browse/"
	want := []scorecard.Evidence{
		{
			Kind: "incident", ID: "Q1", URL: page("Q1"), At: utc(t, "2026-07-06 10:00:00"), Class: "missing", Counted: scorecard.InDenominator,
			Reason: "No post-mortem is delivered that was due on 2026-07-13T10:30:00Z. DRE-1 (label): declined.",
		},
		{
			Kind: "incident", ID: "Q2", URL: page("Q2"), At: utc(t, "2026-07-06 11:00:00"), Class: "low_urgency", Counted: scorecard.NotCounted,
			Reason: "Urgency at the trigger was low.",
		},
		{
			Kind: "ticket", ID: "DRE-1", URL: browse + "DRE-1", At: utc(t, "2026-07-07"), Class: "postmortem", Counted: scorecard.NotCounted,
			Reason: "Declined. It names Q1 (label).",
		},
		{
			Kind: "ticket", ID: "DRE-3", URL: browse + "DRE-3", At: utc(t, "2026-07-08 12:00:00"), Class: "unmatched", Counted: scorecard.NotCounted,
			Reason: "Not finished. It names no incident that is known.",
		},
		{
			Kind: "ticket", ID: "DRE-6", URL: browse + "DRE-6", At: utc(t, "2026-07-10 12:00:00"), Class: "unmatched", Counted: scorecard.NotCounted,
			Reason: "Not finished. It names no incident that is known.",
		},
	}
	if diff := cmp.Diff(want, w.evidence(t, "mysql")); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if d := reviewDetails(t, w.row(t, "mysql")); d.UnmatchedPostmortems != 2 {
		t.Errorf("%d are unmatched, want 2", d.UnmatchedPostmortems)
	}
	if d := reviewDetails(t, w.row(t, scorecard.OrgID)); d.UnmatchedPostmortems != 3 {
		t.Errorf("of all teams %d are unmatched, want 3", d.UnmatchedPostmortems)
	}
}

// The evidence of every class says why, and days since the resolve where there are any.
func TestReasonsOfEveryClass(t *testing.T) {
	t.Parallel()
	created := "2026-07-06 10:00:00"
	w := newReviewWorld(
		t, []facts.Incident{
			incident("QHEALED", utc(t, created), resolved(90*time.Second, alarm)),
			incident("QMERGED", utc(t, created), mergedAway(time.Hour, ada)),
			solved(t, "QOUT", created),
			solved(t, "QPENDING", "2026-09-30 10:00:00"),
			solved(t, "QTIME", created),
		},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"QTIME", "QHEALED", "QOUT"}, deliveredAt(utc(t, "2026-07-08 22:30:00"))),
		reviewOf(t, "DRE-2", "2026-09-30 12:00:00", []string{"QPENDING"}, deliveredAt(utc(t, "2026-10-01"))),
	).horizonAt(utc(t, "2026-10-02"))
	excepting("mysql", "QOUT")(&w)
	want := map[string]string{
		"QHEALED":  "Resolved by no person after 90 s, before anybody answered.",
		"QMERGED":  "Merged into another incident on 2026-07-06T11:00:00Z.",
		"QOUT":     "Exception ex1: planned failover test.",
		"QPENDING": "Its post-mortem is due on 2026-10-07T10:30:00Z. DRE-2 (label): delivered on 2026-10-01T00:00:00Z.",
		"QTIME":    "A post-mortem was due on 2026-07-13T10:30:00Z. DRE-1 (label): delivered on 2026-07-08T22:30:00Z.",
		"DRE-1":    "Delivered on 2026-07-08T22:30:00Z. It names QTIME (label).",
		"DRE-2":    "Delivered on 2026-10-01T00:00:00Z. It names QPENDING (label).",
	}
	items := w.evidence(t, "mysql")
	if diff := cmp.Diff(want, reasons(items)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	for _, e := range items {
		if got := shown(e.Value); got != map[string]string{"QTIME": "2.5"}[e.ID] && got != "-" {
			t.Errorf("%s took %s days", e.ID, got)
		}
	}
	if r := w.row(t, "mysql"); r.Reason != "1 of 1 high-urgency incidents have a post-mortem, 1 of them within 5bd." {
		t.Errorf("reason %q", r.Reason)
	}
}
