package scorecard_test

import (
	"testing"

	"teamhealth/internal/facts"
)

// Remote links are read of a post-mortem in which nothing looks like the id of an
// incident: P or Q, and more capitals and digits, seven to fourteen in all.
func TestRemoteLinksAreReadWhereNothingElseNamesAnIncident(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		what []doing
		want bool
	}{
		"nothing at all":                         {nil, true},
		"an id in the field":                     {[]doing{inField("Q3YON8WNWTZMRQ")}, false},
		"an older id in the field":               {[]doing{inField("see PT4KHLK.")}, false},
		"an id without any digit":                {[]doing{inField("QZZYONWNWTZMRQ")}, false},
		"an address in the field":                {[]doing{inField(page("PT4KHLK"))}, false},
		"nothing applicable in the field":        {[]doing{inField("N/A")}, true},
		"a word in capitals in the field":        {[]doing{inField("PENDING")}, true},
		"another program's id":                   {[]doing{inField("INC0012345")}, true},
		"an address in the text":                 {[]doing{described("See " + page("Q3YON8WNWTZMRQ"))}, false},
		"an address in the summary":              {[]doing{summarised(page("PT4KHLK"))}, false},
		"another program's incident":             {[]doing{described("https://status.acme.com/incidents/abc123x")}, true},
		"another program's incident of a number": {[]doing{described("https://acme.example/incidents/1234567")}, true},
		"a label in small letters":               {[]doing{labelled("pd-q3yon8wnwtzmrq")}, false},
		"a label in capitals":                    {[]doing{labelled("PD-PT4KHLK")}, false},
		"a label that says something else":       {[]doing{labelled("pd-reviewed", "pd-planned")}, true},
		"a link to elsewhere":                    {[]doing{func(t *facts.Ticket) { t.RemoteLinks = []string{page("PT4KHLK")} }}, true},
		"no post-mortem":                         {[]doing{ofType("Task")}, false},
	}
	rules := newTicketWorld(t, postmortemCompletion()).policy.Tickets
	for name, tt := range tests {
		if got := rules.NeedsRemoteLinks(reviewOf(t, "DRE-1", "2026-07-06", nil, tt.what...)); got != tt.want {
			t.Errorf("%s: remote links are read: %t, want %t", name, got, tt.want)
		}
	}
}

// What is no id to look at counts all the same when it is an incident's.
func TestFieldNamesIncidentsByIDAndAddressSideBySide(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"id before address":  "odd1 and " + page("Q2"),
		"address before id":  page("Q2") + " ODD1",
		"link with a title":  "[odd1|" + page("Q2") + "]",
		"link in brackets":   "<" + page("Q2") + "|ODD1>",
		"another's address":  "odd1, Q2 (https://status.acme.com/incidents/abc123x)",
		"address in the end": "odd1\n" + page("Q2") + ".",
	} {
		w := newReviewWorld(
			t, []facts.Incident{solved(t, "ODD1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-06 10:00:00")},
			reviewOf(t, "DRE-1", "2026-07-06 12:00:00", nil, inField(value), deliveredAt(utc(t, "2026-07-07"))),
		)
		if r := w.row(t, "mysql"); funnel(r) != "2 of 2, map[on_time:2] of 2, without map[]" {
			t.Errorf("%s: %s", name, funnel(r))
		}
	}
	// The host of an address is no word of the field.
	w := newReviewWorld(
		t, []facts.Incident{solved(t, "EXAMPLE", "2026-07-06 10:00:00")},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", nil, inField(page("QX")), deliveredAt(utc(t, "2026-07-07"))),
	)
	if r := w.row(t, "mysql"); shown(r.Numerator) != "0" {
		t.Errorf("%s, want that the host names nothing", funnel(r))
	}
}
