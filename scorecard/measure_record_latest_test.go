package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func latest() scorecard.Objective {
	return recordObjective(scorecard.MeasureRecordLatest, scorecard.UnitScore, "")
}

func TestLatestRecordByTheEndOfThePeriodHolds(t *testing.T) {
	t.Parallel()
	may, july, october := said("2026-05-01", "mysql", "70", 0), said("2026-07-01", "mysql", "80.5", 0), said("2026-10-01", "mysql", "90", 0)
	tests := map[string]struct {
		records []facts.Record
		at      string
		want    string // Of mysql in the third quarter.
	}{
		"the latest of the quarter":                      {[]facts.Record{july, may}, "2026-10-11", "tracked 80.5"},
		"one from before the quarter still holds":        {[]facts.Record{may}, "2026-10-11", "tracked 70"},
		"one from after the quarter does not":            {[]facts.Record{may, october}, "2026-10-11", "tracked 70"},
		"one from after the instant does not":            {[]facts.Record{may, said("2026-09-02", "mysql", "90", 0)}, "2026-09-01", "tracked 70"},
		"of two on one day the one further down":         {[]facts.Record{july, said("2026-07-01", "mysql", "81", 0)}, "2026-10-11", "tracked 81"},
		"another team's says nothing":                    {[]facts.Record{said("2026-07-01", "oncall", "90", 0)}, "2026-10-11", "empty"},
		"that of all teams together says nothing of one": {[]facts.Record{said("2026-07-01", "org", "90", 0)}, "2026-10-11", "empty"},
		"answers of enough people are shown":             {[]facts.Record{may, said("2026-07-01", "mysql", "4.5", 5)}, "2026-10-11", "tracked 4.5"},
		"answers of too few are not, nor older ones":     {[]facts.Record{may, said("2026-07-01", "mysql", "4.5", 4)}, "2026-10-11", "insufficient_data"},
		"nor behind which too few others hide": {
			[]facts.Record{said("2026-07-01", "mysql", "4.5", 9), said("2026-07-01", "oncall", "4.5", 4)}, "2026-10-11", "insufficient_data",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := told(newRecordWorld(t, latest(), tt.records...).horizonAt(utc(t, tt.at)).rows(t)["mysql"]); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestTeamsLatestRecordsAreNotAddedUp(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, latest(), said("2026-07-01", "mysql", "80", 0), said("2026-08-01", "oncall", "90", 0))
	if r := w.rows(t)[scorecard.OrgID]; r.Verdict != scorecard.Empty || r.Reason != "No record of metric mood is about org itself." {
		t.Errorf("%s: %s", told(r), r.Reason)
	}
	w = newRecordWorld(t, latest(), said("2026-07-01", "org", "85", 0), said("2026-08-01", "oncall", "90", 0))
	if got := told(w.rows(t)[scorecard.OrgID]); got != "tracked 85" {
		t.Errorf("%s, want the 85 of the organisation's own record", got)
	}
}

func TestEvidenceOfTheLatestRecordListsTheEarlierOnes(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, latest(), said("2026-07-01", "mysql", "80", 0), said("2026-08-01", "mysql", "90", 0))
	want := []scorecard.Evidence{
		{Kind: "record", ID: "records/all.csv:2", At: utc(t, "2026-07-01"), Class: "earlier", Counted: scorecard.NotCounted, Reason: "There is a later one."},
		{
			Kind: "record", ID: "records/all.csv:3", At: utc(t, "2026-08-01"), Class: "recorded", Counted: scorecard.InNumerator,
			Value: decimal("90"), Reason: "Recorded on 2026-08-01 for mysql.",
		},
	}
	sameNumber := cmp.Comparer(func(a, b scorecard.Number) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(want, w.evidence(t, "mysql"), sameNumber); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.rows(t)["mysql"]
	if diff := cmp.Diff(scorecard.LatestDetails{Date: "2026-08-01"}, r.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	population := scorecard.Population{Total: 2, Used: 1, Classes: map[string]int{"recorded": 1}, Excluded: map[string]int{"earlier": 1}}
	if diff := cmp.Diff(population, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
}
