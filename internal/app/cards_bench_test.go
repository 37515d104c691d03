package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// BenchmarkCards computes all cards of the published windows, and reads one.
func BenchmarkCards(b *testing.B) {
	now := func() time.Time { return cardsAt }
	for _, size := range cardsSizes() {
		b.Run(fmt.Sprintf("stored=%d", size.stored), func(b *testing.B) {
			c := exampleConfig(b, "http://127.0.0.1:1")
			s := emptyStore(b)
			fillStore(b, s, c.Policy(), size)
			b.Run("cold", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					must(b, app.NewScores(c.Policy(), s, now).Refresh(b.Context()))
				}
			})
			scores := app.NewScores(c.Policy(), s, now)
			must(b, scores.Refresh(b.Context()))
			b.Run("until_facts_change", func(b *testing.B) {
				for b.Loop() {
					_, err := scores.CardsOf(b.Context(), "org", "previous", time.Time{})
					must(b, err)
				}
			})
			b.Run("one_new_incident", func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					saveOne(b.Context(), b, s, c.Teams[0].PagerDuty.Services[0], i)
					b.StartTimer()
					must(b, scores.Refresh(b.Context()))
				}
			})
		})
	}
}

// saveOne saves an incident that was not there before.
func saveOne(ctx context.Context, b *testing.B, s *store.Store, service string, i int) {
	b.Helper()
	id := "QBENCH" + time.Duration(i).String()
	must(b, s.Save(ctx, facts.PagerDuty, facts.Batch{Incidents: []facts.Incident{{
		ID: id, Service: service, Urgency: facts.UrgencyHigh, Status: "triggered", CreatedAt: cardsAt.Add(-time.Hour),
	}}}))
}
