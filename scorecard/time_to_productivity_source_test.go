package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// withoutPagerDuty leaves only Jira configured.
func withoutPagerDuty(w *world) {
	w.policy.Sources = []scorecard.SourceRules{{Source: facts.Jira, Built: true, Interval: 10 * time.Minute}}
	w.sources = nil
}

// The joiners of January 5 whose date is recorded took 30, 60 and 40 days.
func recordedJoiners() []scorecard.Person {
	return []scorecard.Person{
		person("a", "mysql", day(1, 5), productiveOn(day(2, 4))), person("b", "mysql", day(1, 5), productiveOn(day(3, 6))),
		person("c", "mysql", day(1, 5), productiveOn(day(2, 14))),
	}
}

func TestPagerDutyIsAskedOnlyAboutJoinersWithoutARecordedDate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		others []scorecard.Person
		want   string
		reason string
	}{
		"every date is recorded": {nil, "met -/- = 40", "The median of 3 joiners was productive after 40 days."},
		"one is not": {
			[]scorecard.Person{person("d", "mysql", day(9, 17))},
			"no_data -/- = -",
			"The source pagerduty is not configured. It would tell of the joiners without a recorded productive_on: 1 of 4.",
		},
		"one who joined before the window needs none": {
			[]scorecard.Person{person("d", "mysql", longAgo)},
			"met -/- = 40",
			"The median of 3 joiners was productive after 40 days.",
		},
		"one who is yet to come needs none": {
			[]scorecard.Person{person("d", "mysql", day(10, 20))},
			"met -/- = 40",
			"The median of 3 joiners was productive after 40 days.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureTimeToProductivity, append(recordedJoiners(), tt.others...)...)
			withoutPagerDuty(&w)
			r := w.row(t, scorecard.OrgID)
			if got := outcome(r); got != tt.want || r.Reason != tt.reason {
				t.Errorf("got %s: %s\nwant %s: %s", got, r.Reason, tt.want, tt.reason)
			}
		})
	}
}

func TestRowOfRecordedJoinersRestsOnNoSource(t *testing.T) {
	t.Parallel()
	w := rosterWorld(t, scorecard.MeasureTimeToProductivity, recordedJoiners()...)
	// PagerDuty was last read a day ago, and is read from the middle of the window on.
	w.sources[0].DataAsOf, w.sources[0].DataSince = w.asOf.Add(-24*time.Hour), utc(t, "2026-06-01")
	r := w.row(t, scorecard.OrgID)
	if len(r.Sources) != 0 || r.Horizon == nil || !r.Horizon.Equal(w.asOf) {
		t.Errorf("sources %v and horizon %v, want none and %v", r.Sources, r.Horizon, w.asOf)
	}
	if r.Coverage == nil || *r.Coverage != 1 || len(r.Caveats) != 0 {
		t.Errorf("coverage %v, caveats %q, want 1 and none", r.Coverage, r.Caveats)
	}
}

func TestRowRestsOnPagerDutyAsSoonAsOneDateIsNotRecorded(t *testing.T) {
	t.Parallel()
	w := rosterWorld(t, scorecard.MeasureTimeToProductivity, append(recordedJoiners(), person("d", "mysql", day(9, 17)))...)
	r := w.row(t, scorecard.OrgID)
	at := w.sources[0].DataAsOf
	want := []scorecard.RowSource{{Name: facts.PagerDuty, DataAsOf: &at, Complete: true}}
	if diff := cmp.Diff(want, r.Sources); diff != "" || r.Horizon == nil || !r.Horizon.Equal(at) {
		t.Errorf("horizon %v, want %v; sources (-want +got):\n%s", r.Horizon, at, diff)
	}
}

// A team whose joiners are recorded has its row, whatever is not known of another's.
func TestEachSubjectNeedsWhatItsOwnJoinersNeed(t *testing.T) {
	t.Parallel()
	w := rosterWorld(t, scorecard.MeasureTimeToProductivity, append(recordedJoiners(), person("d", "oncall", day(9, 17)))...)
	withoutPagerDuty(&w)
	for subject, want := range map[string]string{"mysql": "met -/- = 40", "oncall": "no_data -/- = -", scorecard.OrgID: "no_data -/- = -"} {
		if got := outcome(w.row(t, subject)); got != want {
			t.Errorf("%s: got %s, want %s", subject, got, want)
		}
	}
}
