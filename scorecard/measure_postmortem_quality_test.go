package scorecard_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func postmortemQuality() scorecard.Objective {
	return ticketObjective("postmortem_quality", scorecard.MeasurePostmortemQuality, scorecard.UnitRatio, "", scorecard.Parameters{})
}

// without leaves some words of a text out.
func without(text string, lines ...string) string {
	for _, line := range lines {
		text = strings.Replace(text, line, "", 1)
	}
	return text
}

func inDocument(t *facts.Ticket) { t.Format = facts.FormatDocument }

func partOf(key string) doing { return func(t *facts.Ticket) { t.Parent = "id-" + key } }

// Three post-mortems of August. The first has all 8 sections; the second lacks
// its lessons and action items, 6 of 8; the third is empty, 0 of 8. The mean is
// (8/8 + 6/8 + 0/8)/3 = 14/24.
func TestQualityIsTheMeanShareOfSectionsWithContent(t *testing.T) {
	t.Parallel()
	august := utc(t, "2026-08-03")
	text := postmortem(inWiki)
	w := newTicketWorld(
		t, postmortemQuality(),
		reviewOf(t, "DRE-1", "2026-07-06", nil, described(text), linkedTo("DRE-9"), deliveredAt(august)),
		reviewOf(t, "DRE-2", "2026-07-06", nil, described(without(text, "Alerts on the pool came late.")), deliveredAt(august)),
		reviewOf(t, "DRE-3", "2026-07-06", nil, deliveredAt(august)),
		reviewOf(t, "DRE-4", "2026-07-06", nil, described(text), declinedAt(august)),
		reviewOf(t, "DRE-5", "2026-07-06", nil, described(text), deliveredAt(utc(t, "2026-06-30"))),
		reviewOf(t, "DRE-6", "2026-07-06", nil, described(text)),
		reviewOf(t, "SRE-1", "2026-07-06", nil, described(text), ofTeam("SRE"), deliveredAt(august)),
		ticket("DRE-9", utc(t, "2026-07-07"), labelled("postmortem-action")),
	)
	r := w.row(t, "mysql")
	if funnel(r) != "14 of 24, map[complete:1 incomplete:2] of 4, without map[declined:1]" || r.Value.Cmp(scorecard.Ratio(7, 12)) != 0 || r.Verdict != scorecard.Tracked {
		t.Errorf("%s, %s", funnel(r), r.Verdict)
	}
	if short(r.Coverage) != "1" || r.Interval != nil || r.Details != nil {
		t.Errorf("coverage %s, interval %v, details %v", short(r.Coverage), r.Interval, r.Details)
	}
	want := map[string]string{
		"DRE-1": "Delivered on 2026-08-03T00:00:00Z. 8 of 8 sections have content of their own.",
		"DRE-2": "Delivered on 2026-08-03T00:00:00Z. 6 of 8 sections have content of their own. These do not: lessons, action items.",
		"DRE-3": "Delivered on 2026-08-03T00:00:00Z. 0 of 8 sections have content of their own. These do not: " +
			"summary, impact, timeline, root cause, detection, resolution, lessons, action items.",
		"DRE-4": "Declined on 2026-08-03T00:00:00Z.",
	}
	items := w.evidence(t, "mysql")
	if diff := cmp.Diff(want, reasons(items)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	counted := []scorecard.Counted{scorecard.InNumerator, scorecard.InNumerator, scorecard.InDenominator, scorecard.NotCounted}
	for n, value := range []string{"8", "6", "0", "-"} {
		if e := items[n]; e.Kind != "ticket" || shown(e.Value) != value || e.Counted != counted[n] {
			t.Errorf("item %d is %+v with value %s, want %s, %s", n, e, shown(e.Value), value, counted[n])
		}
	}
	// The organisation: 14 and the other team's 7 of 32.
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "21" || shown(r.Denominator) != "32" {
		t.Errorf("org: %s, want 21 of 32", funnel(r))
	}
}

func TestActionItemsOfAPostmortemAreLinkedToIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		review []doing
		action []doing
		want   string
	}{
		"from the post-mortem":   {[]doing{linkedTo("DRE-9")}, []doing{labelled("postmortem-action")}, "1"},
		"from the action item":   {nil, []doing{labelled("postmortem-action"), linkedTo("DRE-1")}, "1"},
		"as a part of it":        {nil, []doing{labelled("postmortem-action"), partOf("DRE-1")}, "1"},
		"declined, but thought":  {[]doing{linkedTo("DRE-9")}, []doing{labelled("postmortem-action"), declinedAt(utc(t, "2026-08-01"))}, "1"},
		"of no class":            {[]doing{linkedTo("DRE-9")}, nil, "0"},
		"of another post-mortem": {nil, []doing{labelled("postmortem-action"), linkedTo("DRE-2"), partOf("DRE-3")}, "0"},
		"not there yet":          {[]doing{linkedTo("DRE-9")}, []doing{labelled("postmortem-action"), func(i *facts.Ticket) { i.CreatedAt = utc(t, "2026-10-12") }}, "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(
				t, postmortemQuality(), reviewOf(t, "DRE-1", "2026-07-06", nil, append(tt.review, deliveredAt(utc(t, "2026-08-03")))...),
				ticket("DRE-9", utc(t, "2026-07-07"), tt.action...),
			)
			if r := w.row(t, "mysql"); shown(r.Numerator) != tt.want || shown(r.Denominator) != "8" {
				t.Errorf("%s, want %s of 8", funnel(r), tt.want)
			}
		})
	}
}

// The form is the same text, but for the impact: that is all there is.
func TestFormOfThePolicyIsNoContent(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, postmortemQuality(), reviewOf(t, "DRE-1", "2026-07-06", nil, described(postmortem(inWiki)), deliveredAt(utc(t, "2026-08-03"))))
	w.policy.Tickets.Template = strings.Replace(postmortem(inMarkdown), "2% of the orders", "Which part of the orders", 1)
	if r := w.row(t, "mysql"); shown(r.Numerator) != "1" {
		t.Errorf("%s, want the impact alone", funnel(r))
	}
}

// Of three, one came as a document tree: what is said rests on two of three.
func TestDocumentsCannotBeJudged(t *testing.T) {
	t.Parallel()
	august := utc(t, "2026-08-03")
	w := newTicketWorld(
		t, postmortemQuality(),
		reviewOf(t, "DRE-1", "2026-07-06", nil, described(postmortem(inWiki)), deliveredAt(august)),
		reviewOf(t, "DRE-2", "2026-07-06", nil, described("Summary\nEverything."), inDocument, deliveredAt(august)),
		reviewOf(t, "DRE-3", "2026-07-06", nil, inDocument, deliveredAt(august)), // There is no text to misread.
	)
	r := w.row(t, "mysql")
	if funnel(r) != "7 of 16, map[incomplete:2] of 3, without map[unreadable:1]" || short(r.Coverage) != "0.6667" || len(r.Caveats) != 1 {
		t.Errorf("%s, coverage %s, caveats %q", funnel(r), short(r.Coverage), r.Caveats)
	}
	w.tickets = w.tickets[1:2]
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Empty || r.Value != nil || len(r.Caveats) != 1 {
		t.Errorf("a document alone is %s with caveats %q, want empty and one", r.Verdict, r.Caveats)
	}
}

// What is no post-mortem is not read, whatever it says.
func TestOnlyPostmortemsAreRead(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, postmortemQuality(), ticket("DRE-1", utc(t, "2026-07-06"), described(postmortem(inWiki))))
	d := scorecard.NewTicketDigester(w.policy)
	if got := scorecard.SectionsOf(d.Digest(&w.tickets[0])); got != 0 {
		t.Errorf("a task has %d sections", got)
	}
	ofType("Post-mortem")(&w.tickets[0])
	if got := scorecard.SectionsOf(d.Digest(&w.tickets[0])); got != 7 {
		t.Errorf("a post-mortem has %d sections, want 7", got)
	}
}
