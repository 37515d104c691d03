package scorecard_test

import (
	"fmt"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// largeWorld has n incidents in the quarter and as many in the one before,
// dealt out to six teams, with timelines of 15 entries.
func largeWorld(b *testing.B, n int) world {
	b.Helper()
	w := newWorld(b)
	w.policy.Teams = nil
	for k := range 6 {
		service := fmt.Sprintf("PSERVICE%d", k)
		w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: fmt.Sprintf("team%d", k), Line: scorecard.LineDRE, Services: []string{service}})
	}
	start := utc(b, "2026-04-01")
	step := 183 * 24 * time.Hour / time.Duration(2*n)
	for k := range 2 * n {
		what := []happening{onService(fmt.Sprintf("PSERVICE%d", k%6)), answeredAt(k % 400)[0]}
		for e := range 12 {
			what = append(what, entry(facts.EntryNotify, time.Duration(e)*time.Minute, ada))
		}
		w.incidents = append(w.incidents, incident(fmt.Sprintf("Q%06d", k), start.Add(time.Duration(k)*step), append(what, resolved(time.Hour, ada))...))
	}
	return w
}

func BenchmarkCompute(b *testing.B) {
	in := largeWorld(b, 10_000).input(b)
	b.ReportAllocs()
	for b.Loop() {
		if cards := scorecard.Compute(in); len(cards) != 7 {
			b.Fatalf("%d cards, want those of the organisation and six teams", len(cards))
		}
	}
}

func BenchmarkEvidence(b *testing.B) {
	in := largeWorld(b, 10_000).input(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scorecard.EvidenceFor(in, "incident_response", scorecard.OrgID); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	w := largeWorld(b, 100)
	digester := scorecard.NewDigester(w.policy)
	b.ReportAllocs()
	for b.Loop() {
		for _, i := range w.incidents {
			digester.Digest(i)
		}
	}
	b.ReportMetric(float64(b.N*len(w.incidents))/b.Elapsed().Seconds(), "incidents/s")
}
