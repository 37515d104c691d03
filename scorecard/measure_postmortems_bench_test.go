package scorecard_test

import (
	"fmt"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// BenchmarkCardsOfManyTickets computes all cards of 200,000 tickets and 10,000
// incidents for the measures that read post-mortems.
func BenchmarkCardsOfManyTickets(b *testing.B) {
	start := utc(b, "2026-07-01")
	var incidents []facts.Incident
	for n := range 10_000 {
		incidents = append(incidents, solvedAt(fmt.Sprintf("Q%d", n), start.Add(time.Duration(n)*10*time.Minute)))
	}
	w := newReviewWorld(b, incidents)
	for n := range 200_000 {
		at := start.Add(time.Duration(n) * 30 * time.Second)
		one := ticket(fmt.Sprintf("DRE-%d", n), at, deliveredAt(at.Add(24*time.Hour)))
		switch n % 20 {
		case 0:
			ofType("Post-mortem")(&one)
			labelled(fmt.Sprintf("pd-Q%d", n/20))(&one)
			linkedTo(fmt.Sprintf("DRE-%d", n+1))(&one)
		case 1:
			labelled("postmortem-action")(&one)
			linkedTo(fmt.Sprintf("DRE-%d", n-1))(&one)
		}
		w.tickets = append(w.tickets, one)
	}
	w.policy.Rubric.Objectives = []scorecard.Objective{postmortemCompletion(), postmortemQuality(), actionItems()}
	in := w.input(b)
	for b.Loop() {
		scorecard.Compute(in)
	}
}
