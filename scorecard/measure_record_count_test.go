package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// yearly asks for two of something per fiscal year.
func yearly() scorecard.Objective {
	o := recordObjective(scorecard.MeasureRecordCount, scorecard.UnitCount, "2")
	o.Window = scorecard.WindowYear
	return o
}

func TestRecordsAreCountedOverTheFiscalYear(t *testing.T) {
	t.Parallel()
	first, last := said("2026-01-01", "mysql", "1", 0), said("2026-12-31", "mysql", "1", 0)
	tests := map[string]struct {
		records []facts.Record
		at      string
		want    string // Of the organisation in the third quarter.
	}{
		"the value says how many there were":             {[]facts.Record{said("2026-03-01", "mysql", "3", 0)}, "2026-10-11", "met 3"},
		"teams and all teams together are added up":      {[]facts.Record{first, said("2026-03-01", "org", "1", 0)}, "2026-10-11", "met 2"},
		"one is not enough, and the year is not over":    {[]facts.Record{first}, "2026-10-11", "pending 1"},
		"one is not enough when the year is over":        {[]facts.Record{first}, "2027-01-01", "pending 1"}, // The card ends on October 1.
		"none is a count":                                {nil, "2026-10-11", "pending 0"},
		"what comes after the card's end does not count": {[]facts.Record{first, said("2026-10-01", "mysql", "1", 0)}, "2026-10-11", "pending 1"},
		"what comes after the instant does not count":    {[]facts.Record{first, said("2026-09-02", "mysql", "1", 0)}, "2026-09-01", "pending 1"},
		"the day of the instant counts":                  {[]facts.Record{first, said("2026-09-01", "mysql", "1", 0)}, "2026-09-01", "met 2"},
		"the years around do not count":                  {[]facts.Record{said("2025-12-31", "mysql", "1", 0), said("2027-01-01", "mysql", "1", 0)}, "2027-02-01", "pending 0"},
		"of equal lines of two files one counts": {
			[]facts.Record{first, {File: "records/copy.csv", Date: first.Date, Metric: "mood", Team: "mysql", Value: "1"}}, "2026-10-11", "pending 1",
		},
		"the last day of the year is the fourth quarter's": {[]facts.Record{first, last}, "2027-01-01", "pending 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := told(newRecordWorld(t, yearly(), tt.records...).horizonAt(utc(t, tt.at)).rows(t)[scorecard.OrgID]); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// The card of the third quarter ends after 273 of the year's 365 days, when 2 · 273/365 = 1.49… of two are due.
func TestRecordsOfTheYearHaveAPace(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"1.49": "behind", "1.5": "on_track", "2.25": "on_track"} {
		r := newRecordWorld(t, yearly(), said("2026-01-01", "mysql", value, 0)).rows(t)[scorecard.OrgID]
		d, ok := r.Details.(scorecard.CountDetails)
		if !ok || d.Pace == nil || string(*d.Pace) != want || shown(r.Value) != value {
			t.Errorf("%s on record: %s with details %+v, want pace %s", value, told(r), r.Details, want)
		}
	}
}

func TestCountOfTheYearIsMissedWhenTheYearIsOver(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, yearly(), said("2026-01-01", "mysql", "1", 0))
	w.period = "2026-Q4"
	r := w.horizonAt(utc(t, "2027-01-01")).rows(t)[scorecard.OrgID]
	if told(r) != "missed 1" || r.Score == nil || *r.Score != 50 { // 100 × 1 / 2.
		t.Errorf("%s with score %v, want missed with 50", told(r), show(r.Score))
	}
}

// A fiscal year that begins in July: its first quarter is the third of the calendar.
func TestFiscalYearDecidesWhichRecordsCount(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, yearly(), said("2026-06-30", "mysql", "5", 0), said("2026-07-01", "mysql", "2", 0))
	w.policy.Calendar.FiscalStart, w.period = time.July, "2026-Q1"
	if got := told(w.rows(t)[scorecard.OrgID]); got != "met 2" {
		t.Errorf("%s, want met with the 2 of July", got)
	}
}

// Midnight of Sydney's 1 July is 14:00 of 30 June in UTC.
func TestDayOfARecordIsTheOrganisations(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, recordObjective(scorecard.MeasureRecordCount, scorecard.UnitCount, ""), said("2026-07-01", "mysql", "1", 0))
	w.policy.Calendar.Location = time.FixedZone("Sydney", 10*3600)
	got := w.evidence(t, "mysql")
	want := []scorecard.Evidence{{
		Kind: "record", ID: "records/all.csv:2", At: utc(t, "2026-06-30 14:00:00"), Class: "recorded", Counted: scorecard.InNumerator,
		Value: decimal("1"), Reason: "Recorded on 2026-07-01 for mysql.",
	}}
	sameNumber := cmp.Comparer(func(a, b scorecard.Number) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(want, got, sameNumber); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

func TestEvidenceOfARecordCountTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, yearly(), said("2026-02-01", "org", "1", 0), said("2026-01-01", "mysql", "1", 0))
	again := w.records[1]
	again.File = "records/copy.csv"
	w.records = append(w.records, again)
	var got []string
	for _, e := range w.evidence(t, scorecard.OrgID) {
		got = append(got, e.ID+" "+string(e.Counted)+": "+e.Reason)
	}
	want := []string{
		"records/all.csv:3 numerator: Recorded on 2026-01-01 for mysql.",
		"records/copy.csv:3 excluded: Another file has the same line, which counts.",
		"records/all.csv:2 numerator: Recorded on 2026-02-01 for all teams.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.rows(t)[scorecard.OrgID]
	if diff := cmp.Diff([]string{"A record stands in two files, and counts once."}, r.Caveats); diff != "" || *r.Coverage != 1 {
		t.Errorf("coverage %v, caveats (-want +got):\n%s", show(r.Coverage), diff)
	}
}

func TestRecordsWithoutFilesAreNoData(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*recordWorld)
		reason string
	}{
		"no file is there": {
			func(w *recordWorld) { w.sources[0].Unread = []string{facts.KindRecord} }, "There is no file that sources.records.files names.",
		},
		"the files were never all sound": {func(w *recordWorld) { w.sources = nil }, "The source records has not completed a first sync yet."},
		"no files are configured":        {func(w *recordWorld) { w.policy.Sources = nil }, "The source records is not configured."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRecordWorld(t, yearly(), said("2026-02-01", "org", "2", 0))
			tt.change(&w)
			if r := w.rows(t)[scorecard.OrgID]; r.Verdict != scorecard.NoData || r.Reason != tt.reason || r.Value != nil {
				t.Errorf("%s: %s", told(r), r.Reason)
			}
		})
	}
}
