package metrics_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/facts"
)

// tally has three incidents of one team and none of the other. Of the three,
// one is of low urgency; of the others, one was answered just in time and one
// a second later, and the first took more than a day to resolve.
func tally() *metrics.Tally {
	created := cardtest.AsOf().Add(-time.Hour)
	inTime := metrics.Exemplar{Incident: "Q1INTIME", At: created.Add(300 * time.Second), Took: 300 * time.Second}
	late := metrics.Exemplar{Incident: "Q2LATE", At: created.Add(301 * time.Second), Took: 301 * time.Second}
	resolved := metrics.Exemplar{Incident: "Q1INTIME", At: created.Add(25 * time.Hour), Took: 25 * time.Hour}
	response, resolution := make([]metrics.Bucket, 12), make([]metrics.Bucket, 9)
	response[5] = metrics.Bucket{Count: 1, Latest: inTime}
	response[6] = metrics.Bucket{Count: 1, Latest: late}
	resolution[8] = metrics.Bucket{Count: 1, Latest: resolved}
	return &metrics.Tally{Created: created, Teams: []metrics.TeamTally{
		{Team: "oncall", Incidents: map[facts.Urgency]int64{facts.UrgencyHigh: 0, facts.UrgencyLow: 0}},
		{
			Team: "mysql", Incidents: map[facts.Urgency]int64{facts.UrgencyHigh: 2, facts.UrgencyLow: 1, "": 1},
			Response:   metrics.Histogram{Sum: 601, Buckets: response}, // 300 + 301.
			Resolution: metrics.Histogram{Sum: 90_000, Buckets: resolution},
		},
	}}
}

// tallied is what a scrape of a tally says in a format.
func tallied(t *testing.T, write format, of *metrics.Tally) string {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	if err := metrics.RegisterTally(r, tallies{of}); err != nil {
		t.Fatal(err)
	}
	return expositionIn(t, write, r)
}

func wantLines(t *testing.T, got string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+got, "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

// unixTime is an instant of whole seconds as OpenMetrics writes it.
func unixTime(t time.Time) string { return strconv.FormatFloat(float64(t.Unix()), 'g', -1, 64) }

func TestATallyIsCountersAndHistograms(t *testing.T) {
	t.Parallel()
	wantLines(t, tallied(t, plainText, tally()),
		`teamhealth_incidents_total{team="mysql",urgency="high"} 2`,
		`teamhealth_incidents_total{team="mysql",urgency="low"} 1`,
		`teamhealth_incidents_total{team="mysql",urgency="unknown"} 1`,
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="240"} 0`,
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="300"} 1`,
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="450"} 2`,
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="+Inf"} 2`,
		`teamhealth_incident_response_seconds_count{team="mysql"} 2`,
		`teamhealth_incident_response_seconds_sum{team="mysql"} 601`,
		`teamhealth_incident_resolution_seconds_bucket{team="mysql",le="86400"} 0`,
		`teamhealth_incident_resolution_seconds_bucket{team="mysql",le="+Inf"} 1`,
		`teamhealth_incident_resolution_seconds_sum{team="mysql"} 90000`, // 25 × 3600.
	)
}

func TestATeamWithoutIncidentsHasCountedNone(t *testing.T) {
	t.Parallel()
	wantLines(t, tallied(t, plainText, tally()),
		`teamhealth_incidents_total{team="oncall",urgency="high"} 0`,
		`teamhealth_incidents_total{team="oncall",urgency="low"} 0`,
		`teamhealth_incident_response_seconds_bucket{team="oncall",le="300"} 0`,
		`teamhealth_incident_response_seconds_count{team="oncall"} 0`,
		`teamhealth_incident_resolution_seconds_count{team="oncall"} 0`,
	)
}

func TestBeforeTheFirstTallyThereIsNothing(t *testing.T) {
	t.Parallel()
	if got := tallied(t, plainText, nil); got != "" {
		t.Errorf("exposed without a tally:\n%s", got)
	}
}

func TestOpenMetricsNameAnIncidentOfEachBucket(t *testing.T) {
	t.Parallel()
	created := cardtest.AsOf().Add(-time.Hour)
	wantLines(t, tallied(t, openMetrics, tally()),
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="300.0"} 1 # {incident_id="Q1INTIME"} 300.0 `+
			unixTime(created.Add(300*time.Second)),
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="450.0"} 2 # {incident_id="Q2LATE"} 301.0 `+
			unixTime(created.Add(301*time.Second)),
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="600.0"} 2`,
		`teamhealth_incident_resolution_seconds_bucket{team="mysql",le="+Inf"} 1 # {incident_id="Q1INTIME"} 90000.0 `+
			unixTime(created.Add(25*time.Hour)),
	)
	if strings.Contains(tallied(t, plainText, tally()), "incident_id") {
		t.Error("the text format, which has no exemplars, names an incident")
	}
}

func TestOpenMetricsTellWhenTheCountingBegan(t *testing.T) {
	t.Parallel()
	began := unixTime(cardtest.AsOf().Add(-time.Hour))
	wantLines(t, tallied(t, openMetrics, tally()),
		`teamhealth_incidents_created{team="mysql",urgency="high"} `+began,
		`teamhealth_incident_response_seconds_created{team="mysql"} `+began,
		`teamhealth_incident_resolution_seconds_created{team="oncall"} `+began,
	)
}

func TestAnIDThatIsTooLongForAnExemplarCostsNoCount(t *testing.T) {
	t.Parallel()
	of := tally()
	of.Teams[1].Response.Buckets[5].Latest.Incident = strings.Repeat("Q", 200)
	wantLines(t, tallied(t, openMetrics, of),
		`teamhealth_incident_response_seconds_bucket{team="mysql",le="300.0"} 1`,
		`teamhealth_incident_response_seconds_count{team="mysql"} 2`,
	)
}

func TestASecondRegistrationOfTheTallyIsAnError(t *testing.T) {
	t.Parallel()
	r := prometheus.NewRegistry()
	if err := metrics.RegisterTally(r, tallies{}); err != nil {
		t.Fatal(err)
	}
	if err := metrics.RegisterTally(r, tallies{}); err == nil {
		t.Error("registering the same metrics twice succeeded")
	}
}
