package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// What rows say of one incident whose post-mortem lacks something.
const (
	unwritten  = "Incidents whose post-mortem has no text but the empty form's: 1. They count as done."
	unfollowed = "Incidents whose post-mortem has no action item linked to it: 1. They count as done."
)

// emptyForm is a template of post-mortems.
const emptyForm = "h2. Summary\nWhat happened, in two sentences.\n\nh2. Impact\n_Who felt it?_\n\nSay it plainly."

// Each case is the post-mortem of Q1, one of two incidents that have one; the
// other lacks nothing.
func TestPostmortemsThatAreHardlyAny(t *testing.T) {
	t.Parallel()
	followed := linkedTo("DRE-900")
	tests := map[string]struct {
		what    []doing
		caveats []string
		reason  string // How it ends.
	}{
		"a word of its own and something that follows": {[]doing{described("It was DNS."), followed}, []string{}, ""},
		"no action item":                      {[]doing{described("It was DNS.")}, []string{unfollowed}, " DRE-1 has no action item linked to it."},
		"a link to another kind of ticket":    {[]doing{described("It was DNS."), linkedTo("DRE-9")}, []string{unfollowed}, " DRE-1 has no action item linked to it."},
		"no text":                             {[]doing{followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"the empty form":                      {[]doing{described(emptyForm), followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"the empty form with other line ends": {[]doing{described("h2. Summary\r\nWhat happened,\r\nin two sentences.\r\n\r\nh2. Impact\r\n\r\nSay it plainly."), followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"a part of the empty form":            {[]doing{described("h2. Impact\nTBD\n\nSay it plainly."), followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"headings alone":                      {[]doing{described("h1. Outage of July 6\nh2. Lessons"), followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"placeholders":                        {[]doing{described("h2. Lessons\n* TBD\n* ...\n_to be written_"), followed}, []string{unwritten}, " DRE-1 has no text of its own."},
		"the empty form and the incident's address": {
			[]doing{described("Incident: " + page("Q9") + "\n\n" + emptyForm), followed}, []string{unwritten}, " DRE-1 has no text of its own.",
		},
		"an address with a word about it":     {[]doing{described(page("Q9") + " was DNS\n\n" + emptyForm), followed}, []string{}, ""},
		"the address of something else":       {[]doing{described("https://wiki.example.com/reviews/7"), followed}, []string{}, ""},
		"a line in the empty form":            {[]doing{described(emptyForm + "\nIt was DNS."), followed}, []string{}, ""},
		"a line before the empty form":        {[]doing{described("It was DNS.\n" + emptyForm), followed}, []string{}, ""},
		"a text that came as a document tree": {[]doing{described("What happened, in two sentences."), inDocument, followed}, []string{}, ""},
		"neither the one nor the other":       {nil, []string{unwritten, unfollowed}, " DRE-1 has no text of its own and no action item linked to it."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newReviewWorld(
				t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-07 10:00:00")},
				reviewOf(t, "DRE-2", "2026-07-07 12:00:00", []string{"Q2"}, deliveredAt(utc(t, "2026-07-08"))),
			)
			w.policy.Tickets.Template = emptyForm
			w.tickets = append(w.tickets, reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, append([]doing{deliveredAt(utc(t, "2026-07-07"))}, tt.what...)...))
			r := w.row(t, "mysql")
			coverage := "1"
			if len(tt.caveats) > 0 {
				coverage = "0.5"
			}
			if diff := cmp.Diff(tt.caveats, r.Caveats); diff != "" || short(r.Coverage) != coverage || shown(r.Value) != "1" {
				t.Errorf("%s with coverage %s, want 1 with %s; caveats (-want +got):\n%s", shown(r.Value), short(r.Coverage), coverage, diff)
			}
			delivered := "A post-mortem was due on 2026-07-13T10:30:00Z. DRE-1 (label): delivered on 2026-07-07T00:00:00Z."
			if diff := cmp.Diff(delivered+tt.reason, reasons(w.evidence(t, "mysql"))["Q1"]); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

// The one that was delivered first is the one that counts, whatever comes
// after it; and what does not count needs nothing.
func TestOnlyThePostmortemThatCountsIsLookedAt(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(
		t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-06 10:00:00"), solved(t, "Q3", "2026-10-08 10:00:00")},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, deliveredAt(utc(t, "2026-07-07"))),
	)
	w.tickets = append(
		w.tickets,
		reviewOf(t, "DRE-2", "2026-07-06 12:00:00", []string{"Q1"}, deliveredAt(utc(t, "2026-07-08"))),
		reviewOf(t, "DRE-3", "2026-07-06 12:00:00", []string{"Q2"}, declinedAt(utc(t, "2026-07-08"))),
		reviewOf(t, "DRE-4", "2026-10-08 12:00:00", []string{"Q3"}, deliveredAt(utc(t, "2026-10-09"))),
	)
	if r := w.row(t, "mysql"); len(r.Caveats) != 0 || *r.Coverage != 1 || funnel(r) != "1 of 2, map[missing:1 on_time:1] of 2, without map[]" {
		t.Errorf("%s, coverage %s, caveats %q", funnel(r), short(r.Coverage), r.Caveats)
	}
}

// Whether something follows cannot be told where nothing says what an action
// item is.
func TestPostmortemsWithoutAClassOfActionItems(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00")})
	w.tickets = []facts.Ticket{reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, described("It was DNS."), deliveredAt(utc(t, "2026-07-07")))}
	w.policy.Tickets.Classes = []scorecard.TicketClass{typeClass("postmortem", "Post-mortem")}
	if r := w.row(t, "mysql"); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("coverage %s, caveats %q; want 1 and none", short(r.Coverage), r.Caveats)
	}
}
