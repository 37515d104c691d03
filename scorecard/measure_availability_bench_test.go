package scorecard_test

import (
	"testing"

	"teamhealth/scorecard"
)

// Every incident of two quarters is an outage.
func BenchmarkAvailability(b *testing.B) {
	w := largeWorld(b, 10_000)
	w.policy.Rubric.Objectives = []scorecard.Objective{databaseUptime()}
	w.policy.Incidents.OutagePriority = []string{"P1"}
	for i := range w.incidents {
		w.incidents[i].Priority = "P1"
	}
	in := w.input(b)
	b.ReportAllocs()
	for b.Loop() {
		if cards := scorecard.Compute(in); cards[0].Rows[0].Value == nil {
			b.Fatalf("the organisation's row is %s", cards[0].Rows[0].Verdict)
		}
	}
}
