package metrics

import (
	"time"

	"teamhealth/internal/facts"
)

// Tally is what counters have counted of the incidents of the whole history.
// It is immutable; counting on makes another one.
type Tally struct {
	Created time.Time // When the counting began.
	Teams   []TeamTally
}

// TeamTally is what was counted of one team's incidents.
type TeamTally struct {
	Team       string
	Incidents  map[facts.Urgency]int64 // By urgency at the trigger.
	Response   Histogram               // With the bounds of ResponseBounds.
	Resolution Histogram               // With the bounds of ResolutionBounds.
}

// Histogram says how long something took. The zero Histogram is of nothing.
type Histogram struct {
	Sum float64 // Seconds.
	// Buckets has one for each bound, and a last one for what is above all of
	// them. Each counts only what is in no earlier one.
	Buckets []Bucket
}

// Bucket is one bucket of a histogram.
type Bucket struct {
	Count  int64
	Latest Exemplar // Of no meaning while the bucket is empty.
}

// Exemplar is the incident that stands for those of its bucket.
type Exemplar struct {
	Incident string // Id.
	At       time.Time
	Took     time.Duration
}

// ResponseBounds are the inclusive upper bounds of the buckets of responses.
// The five minutes of the usual target are one of them.
func ResponseBounds() []time.Duration {
	return inSeconds(30, 60, 120, 180, 240, 300, 450, 600, 900, 1800, 3600)
}

// ResolutionBounds are the inclusive upper bounds of the buckets of resolutions.
func ResolutionBounds() []time.Duration {
	return inSeconds(300, 900, 1800, 3600, 7200, 14400, 28800, 86400)
}

func inSeconds(seconds ...int) []time.Duration {
	bounds := make([]time.Duration, 0, len(seconds))
	for _, s := range seconds {
		bounds = append(bounds, time.Duration(s)*time.Second)
	}
	return bounds
}
