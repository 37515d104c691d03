package scorecard_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func postmortemCompletion() scorecard.Objective {
	return ticketObjective("postmortem_completion", scorecard.MeasurePostmortems, scorecard.UnitRatio, "1",
		scorecard.Parameters{Due: scorecard.Due{Days: 5, Business: true}})
}

// newReviewWorld is the third quarter of 2026 with the one objective of
// post-mortems within five business days, where P1 and P2 are outages. Its
// post-mortems have a text, if only a word, and something follows from each.
func newReviewWorld(tb testing.TB, incidents []facts.Incident, tickets ...facts.Ticket) ticketWorld {
	tb.Helper()
	tickets = slices.Clone(tickets)
	for i := range tickets {
		if t := &tickets[i]; t.Type == "Post-mortem" {
			t.Description += "\nWritten."
			linkedTo("DRE-900")(t)
		}
	}
	w := newTicketWorld(tb, postmortemCompletion(), append(tickets, ticket("DRE-900", utc(tb, "2026-01-01"), labelled("postmortem-action")))...)
	w.incidents = incidents
	w.policy.Incidents.OutagePriority = []string{"P1", "P2"}
	return w
}

// solved is an incident that Ada answered at once and resolved after half an hour.
func solved(tb testing.TB, id, created string, what ...happening) facts.Incident {
	tb.Helper()
	return incident(id, utc(tb, created), append([]happening{acknowledged(time.Minute, ada), resolved(30*time.Minute, ada)}, what...)...)
}

// reviewOf is a post-mortem that was opened on an instant and names incidents by label.
func reviewOf(tb testing.TB, key, created string, incidents []string, what ...doing) facts.Ticket {
	tb.Helper()
	t := ticket(key, utc(tb, created), ofType("Post-mortem"))
	for _, id := range incidents {
		t.Labels = append(t.Labels, "pd-"+id)
	}
	for _, d := range what {
		d(&t)
	}
	return t
}

func inField(values ...string) doing {
	return func(t *facts.Ticket) { t.Fields["PagerDuty Incident"] = values }
}

func described(text string) doing { return func(t *facts.Ticket) { t.Description = text } }

func summarised(text string) doing { return func(t *facts.Ticket) { t.Summary = text } }

func linkedTo(keys ...string) doing {
	return func(t *facts.Ticket) {
		for _, key := range keys {
			t.Links = append(t.Links, facts.TicketLink{Type: "Relates", Outward: true, Ticket: "id-" + key, Key: key})
		}
	}
}

// page is the address of an incident.
func page(id string) string { return "https://example.pagerduty.com/incidents/" + id }

// doneWithout finishes the ticket in a way that leaves no trace of when: by a migration of its workflow.
func doneWithout(t *facts.Ticket) {
	migratedAt(t.CreatedAt.Add(time.Hour), done)(t)
	t.CategoryChangedAt = time.Time{}
}

// reviewDetails are the row's own details.
func reviewDetails(tb testing.TB, r scorecard.Row) scorecard.PostmortemDetails {
	tb.Helper()
	d, ok := r.Details.(scorecard.PostmortemDetails)
	if !ok {
		tb.Fatalf("details are %T, want scorecard.PostmortemDetails", r.Details)
	}
	return d
}

// funnel writes what is counted and what is not, and the detail of each class.
func funnel(r scorecard.Row) string {
	return fmt.Sprintf("%s of %s, %v of %d, without %v", shown(r.Numerator), shown(r.Denominator), r.Population.Classes, r.Population.Total, r.Population.Excluded)
}

// reasons are the evidence's reasons by id.
func reasons(items []scorecard.Evidence) map[string]string {
	found := map[string]string{}
	for _, e := range items {
		found[e.ID] = e.Reason
	}
	return found
}
