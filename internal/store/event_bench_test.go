package store_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
)

// yearOfHours is what a year of six teams comes to, in pages as a collector makes them.
func yearOfHours() []facts.Batch {
	const perPage = 1000
	q := facts.EventQuery{Good: `sum(increase(fast_total{team="$team"}[1h]))`, Total: `sum(increase(all_total{team="$team"}[1h]))`}
	var pages []facts.Batch
	var page []facts.EventHour
	for _, team := range []string{"mysql", "mongodb", "platform", "oncall", "monitoring", "automation"} {
		for hour := range 365 * 24 {
			h := facts.EventHour{Query: q, Team: team, Hour: epoch.Add(time.Duration(hour) * time.Hour), Good: 99_000.25, Total: 100_000.5}
			if page = append(page, h); len(page) == perPage {
				pages, page = append(pages, facts.Batch{EventHours: page}), nil
			}
		}
	}
	return append(pages, facts.Batch{EventHours: page})
}

// BenchmarkSaveEventHours keeps a year of six teams.
func BenchmarkSaveEventHours(b *testing.B) {
	pages := yearOfHours()
	for b.Loop() {
		b.StopTimer()
		s := openBench(b)
		b.StartTimer()
		saveBench(b, s, pages)
	}
}

// BenchmarkEventHours reads a year of six teams.
func BenchmarkEventHours(b *testing.B) {
	s, pages := openBench(b), yearOfHours()
	saveBench(b, s, pages)
	b.ReportAllocs()
	for b.Loop() {
		hours, err := s.EventHours(b.Context(), []facts.EventQuery{pages[0].EventHours[0].Query}, epoch, epoch.AddDate(1, 0, 0))
		if err != nil || len(hours) != 6*365*24 {
			b.Fatalf("read %d hours, %v", len(hours), err)
		}
	}
}
