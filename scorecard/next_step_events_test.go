package scorecard_test

import (
	"testing"

	"teamhealth/scorecard"
)

func TestNextStepOfEventsSaysHowManyMayBeBad(t *testing.T) {
	t.Parallel()
	events := func(d scorecard.Direction, target string, good, of, elapsed, rest int64) scorecard.Step {
		return spent(scorecard.MeasureEvents, d, target, good, of, elapsed, rest)
	}
	availability := events(scorecard.AtLeast, "0.99999", 600_000, 600_000, 60, 30)
	availability.Objective.Measure, availability.Objective.Method = scorecard.MeasureAvailability, "events"
	tests := map[string]struct {
		step scorecard.Step
		want string
	}{
		// 48,000 in 60 days make 24,000 in 30; a hundredth of 72,000 is 720, of which 500 are gone.
		"some of those to come": {events(scorecard.AtLeast, "0.99", 47_500, 48_000, 60, 30), "220 of the next 24000 events may be bad."},
		// 0.00001 · 900,000 = 9.
		"of an availability by events": {availability, "9 of the next 300000 events may be bad."},
		"too many were bad":            {events(scorecard.AtLeast, "0.99", 47_000, 48_000, 60, 30), "About 24000 more events come before 1 October at this pace, and the target is missed even if none of them is bad."},
		// (0.01 · 10^12 - 10^9) / 0.99 = 9,090,909,090.9: as many bad ones and no good one leave 0.99 of all.
		"many, and too early for a pace": {events(scorecard.AtLeast, "0.99", 999_000_000_000, 1_000_000_000_000, 10, 80), "9090909090 in a row may be bad."},
		// 2 · 10^13 / 0.01 - 10^14: each hundred good ones make up for one bad.
		"many, missed, and too early": {events(scorecard.AtLeast, "0.99", 80_000_000_000_000, 100_000_000_000_000, 10, 80), "The target is met after 1900000000000000 in a row of which none is bad."},
		// At a pace of 10^14 in 60 days, 10^14 · 30 days in seconds would not fit in 64 bits.
		"many, with a pace": {events(scorecard.AtLeast, "0.99", 100_000_000_000_000, 100_000_000_000_000, 60, 30), "1500000000000 of the next 50000000000000 events may be bad."},
		"a window that is over": {
			events(scorecard.AtLeast, "0.99", 980, 1000, 90, 0), "10 more of the 1000 events good would have met the target.",
		},
		"a strict target that was just reached":      {events(scorecard.Above, "0.99", 990, 1000, 90, 0), "1 more of the 1000 events good would have met the target."},
		"a target of nothing says nothing":           {events(scorecard.AtLeast, "0", 5, 10, 10, 80), ""},
		"the same is true of other things":           {spent(scorecard.MeasureResponseTime, scorecard.AtLeast, "0", 5, 10, 10, 80), ""},
		"more than anybody counts says nothing":      {events(scorecard.AtLeast, "0.99", 1<<60, 1<<60, 10, 80), ""},
		"bad ones to be kept below are not foretold": {events(scorecard.Below, "0.99", 5, 10, 10, 80), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.step.Sentence()
			if err != nil || got != tt.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

// 48 · 9.9 good ones of 48 · 10.5 in two of 92 days, too early for a pace: 28.8 / 0.01 - 504 = 2376.
func TestNextStepCountsPartsOfEvents(t *testing.T) {
	t.Parallel()
	w := twoDays(t, steady(t, "mysql", "2026-07-01", "2026-07-03", 9.9, 10.5)...)
	r := w.row(t, "mysql")
	if r.NextStep == nil || *r.NextStep != "The target is met after 2376 in a row of which none is bad." {
		t.Errorf("next step %v", r.NextStep)
	}
	// Over, one of 0.99 · 504 = 498.96 lacks 23.76.
	w = w.horizonAt(utc(t, "2026-10-11"))
	if r := w.row(t, "mysql"); r.NextStep == nil || *r.NextStep != "24 more of the 504 events good would have met the target." {
		t.Errorf("next step %v", r.NextStep)
	}
}
