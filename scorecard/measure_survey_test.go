package scorecard_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// satisfaction asks for a mean above 4.5.
func satisfaction() scorecard.Objective {
	o := recordObjective(scorecard.MeasureSurvey, scorecard.UnitScore, "4.5")
	o.Direction = scorecard.Above
	return o
}

func TestSurveyIsTheMeanByRespondents(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		records []facts.Record
		want    map[string]string // Of the subjects that have records.
	}{
		// mysql: (4.8 × 10 + 4.2 × 5) / 15 = 69 / 15 = 4.6. mongodb: 4 × 10 / 10. Together: (69 + 40) / 25 = 4.36.
		"each record weighs as much as people answered": {
			[]facts.Record{said("2026-07-15", "mysql", "4.8", 10), said("2026-09-15", "mysql", "4.2", 5), said("2026-07-15", "mongodb", "4.0", 10)},
			map[string]string{"mysql": "met 4.6", "mongodb": "missed 4", "org": "missed 4.36"},
		},
		"the target itself is not above it": {
			[]facts.Record{said("2026-07-15", "mysql", "4.50", 8)}, map[string]string{"mysql": "missed 4.5", "org": "missed 4.5"},
		},
		// (4.5 × 7 + 4.500000000001 × 7) / 14 = 4.5000000000005, which no rounding takes for 4.5.
		"the least above the target meets it": {
			[]facts.Record{said("2026-07-15", "mysql", "4.500000000001", 7), said("2026-07-16", "mysql", "4.5", 7)},
			map[string]string{"mysql": "met 4.5000000000005", "org": "met 4.5000000000005"},
		},
		"answers of all teams together are the organisation's": {
			[]facts.Record{said("2026-07-15", "mysql", "5", 5), said("2026-07-15", "org", "4", 15)}, // (25 + 60) / 20 = 4.25.
			map[string]string{"mysql": "met 5", "org": "missed 4.25"},
		},
		"only those of the quarter count": {
			[]facts.Record{
				said("2026-06-30", "mysql", "1", 9), said("2026-07-01", "mysql", "5", 9), said("2026-09-30", "mysql", "4", 9), said("2026-10-01", "mysql", "1", 9),
			},
			map[string]string{"mysql": "missed 4.5", "org": "missed 4.5"},
		},
		"other metrics and strangers do not count": {
			[]facts.Record{
				said("2026-07-15", "mysql", "5", 9), said("2026-07-15", "gone", "1", 9),
				{File: "records/all.csv", Date: "2026-07-15", Metric: "certification", Team: "mysql", Value: "1", N: 9},
			},
			map[string]string{"mysql": "met 5", "org": "met 5"},
		},
		"without records nothing was asked": {nil, map[string]string{"mysql": "empty", "org": "empty"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newRecordWorld(t, satisfaction(), tt.records...).requireRows(t, tt.want)
		})
	}
}

func TestTooFewAnswersAreHeldBackWithWhatWouldTellThem(t *testing.T) {
	t.Parallel()
	const day = "2026-08-15"
	const hidden = "insufficient_data"
	tests := map[string]struct {
		records []facts.Record
		want    map[string]string
	}{
		"five are enough": {
			[]facts.Record{said(day, "mysql", "4", 5), said(day, "mongodb", "4", 5), said(day, "oncall", "4", 5)},
			map[string]string{"mysql": "missed 4", "mongodb": "missed 4", "oncall": "missed 4", "org": "missed 4"},
		},
		// The organisation's sum less mysql's is of the 4 + 6 of two teams.
		"of one hidden team the next smallest is hidden too": {
			[]facts.Record{said(day, "mysql", "4", 12), said(day, "mongodb", "3", 4), said(day, "oncall", "5", 6)},
			map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": "missed 4.090909090909091"}, // (48 + 12 + 30) / 22.
		},
		"of two equally small ones the first by its id": {
			[]facts.Record{said(day, "mysql", "4", 6), said(day, "mongodb", "4", 6), said(day, "oncall", "4", 4)},
			map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": "missed 4"},
		},
		"two hidden teams hide each other": {
			[]facts.Record{said(day, "mysql", "4", 12), said(day, "mongodb", "4", 4), said(day, "oncall", "4", 4)},
			map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": "missed 4"},
		},
		"two hidden teams of four people together take a third one": {
			[]facts.Record{said(day, "mysql", "4", 12), said(day, "mongodb", "4", 2), said(day, "oncall", "4", 2)},
			map[string]string{"mysql": hidden, "mongodb": hidden, "oncall": hidden, "org": "missed 4"}, // Of 16 people.
		},
		"the only team that answered hides the organisation too": {
			[]facts.Record{said(day, "mysql", "4", 4)}, map[string]string{"mysql": hidden, "org": hidden, "oncall": "empty"},
		},
		"all together are too few": {
			[]facts.Record{said(day, "mysql", "4", 2), said(day, "oncall", "4", 2)}, map[string]string{"mysql": hidden, "oncall": hidden, "org": hidden},
		},
		"what is left of the organisation without its teams is hidden like a team": {
			[]facts.Record{said(day, "mysql", "4", 12), said(day, "mongodb", "4", 7), said(day, "org", "4", 2)},
			map[string]string{"mysql": "missed 4", "mongodb": hidden, "org": "missed 4"},
		},
		"teams that answered on different days of a quarter hide each other": {
			[]facts.Record{said("2026-07-14", "mysql", "4", 4), said(day, "mongodb", "4", 9)},
			map[string]string{"mysql": hidden, "mongodb": hidden, "org": "missed 4"},
		},
		"what a team answered in a quarter is one sum": {
			[]facts.Record{said("2026-07-15", "mysql", "4", 3), said("2026-09-15", "mysql", "5", 2)}, // (12 + 10) / 5.
			map[string]string{"mysql": "missed 4.4", "org": "missed 4.4"},
		},
		"those of another quarter are another": {
			[]facts.Record{said("2026-06-30", "mysql", "4", 9), said(day, "mysql", "4", 3), said(day, "oncall", "4", 9)},
			map[string]string{"mysql": hidden, "oncall": hidden, "mongodb": "empty", "org": "missed 4"},
		},
		"nobody knows how many answered": {
			[]facts.Record{said(day, "mysql", "4", 0)}, map[string]string{"mysql": "empty", "org": "empty"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newRecordWorld(t, satisfaction(), tt.records...).requireRows(t, tt.want)
		})
	}
}

// The answer of the small team is 1.23, which stands nowhere, nor does what it
// would take to work it out: its numerator 3.69, or how many answered.
func TestNothingOfAHeldBackRowIsShown(t *testing.T) {
	t.Parallel()
	secret := []facts.Record{
		said("2026-08-15", "mysql", "4", 12), said("2026-08-15", "mongodb", "1.23", 3), said("2026-08-15", "oncall", "4.56", 6),
		said("2026-05-15", "mongodb", "1.23", 3), said("2026-05-15", "mysql", "4", 12), said("2026-05-15", "oncall", "4.56", 6),
	}
	stale := func(w *recordWorld) {
		w.asOf = utc(t, "2026-09-10")
		w.sources[0].DataAsOf = utc(t, "2026-09-09")
	}
	exempt := func(team string) func(*recordWorld) {
		return func(w *recordWorld) {
			x := exception("ex1", team, 12, 31)
			x.Objective = "mood"
			w.policy.Exceptions = []scorecard.Exception{x}
		}
	}
	tests := map[string]struct {
		change  func(*recordWorld)
		verdict scorecard.Verdict // Of mongodb.
	}{
		"held back":                         {func(*recordWorld) {}, scorecard.InsufficientData},
		"stale":                             {stale, scorecard.Stale},
		"exempt":                            {exempt("mongodb"), scorecard.Exempt},
		"while another one is exempt":       {exempt("oncall"), scorecard.InsufficientData},
		"on the card of the month":          {func(w *recordWorld) { w.period = "2026-08" }, scorecard.InsufficientData},
		"on the card of the year":           {func(w *recordWorld) { w.period = "2026" }, scorecard.InsufficientData},
		"where the smallest item is of ten": {func(w *recordWorld) { w.objective().MinN = 10 }, scorecard.InsufficientData},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRecordWorld(t, satisfaction(), secret...)
			tt.change(&w)
			cards := scorecard.Compute(w.input(t))
			if got := w.rows(t)["mongodb"].Verdict; got != tt.verdict {
				t.Errorf("mongodb is %s, want %s", got, tt.verdict)
			}
			all := []any{cards[2:], w.evidence(t, "mongodb"), w.evidence(t, "oncall")} // But those of org and mysql.
			if diff := cmp.Diff([]scorecard.Evidence{}, append(w.evidence(t, "mongodb"), w.evidence(t, "oncall")...)); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
			all = append(all, w.evidence(t, scorecard.OrgID))
			text, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			for _, telling := range []string{"1.23", "3.69", "4.56", "27.36", " 3 ", " 6 ", `"denominator":3`, `"denominator":6`} {
				if strings.Contains(string(text), telling) {
					t.Errorf("%q is told:\n%s", telling, text)
				}
			}
		})
	}
}

// In the third quarter mysql answered twice, each time by enough, oncall once, and mongodb by too few,
// behind which oncall hides; in the second all did by enough, mysql in two parts of which one is small.
func TestPartsOfAQuartersAnswersAreHeldBackWhereOneOfThemIsOfTooFew(t *testing.T) {
	t.Parallel()
	const hidden = "insufficient_data"
	records := []facts.Record{
		said("2026-05-15", "mysql", "5", 6), said("2026-06-20", "mysql", "5", 4), said("2026-05-15", "mongodb", "5", 10), said("2026-05-15", "oncall", "5", 10),
		said("2026-07-15", "mysql", "4", 10), said("2026-08-20", "mysql", "4", 10), said("2026-08-20", "oncall", "4", 6), said("2026-08-20", "mongodb", "4", 4),
	}
	tests := map[string]struct {
		period, at string
		want       map[string]string
	}{
		"a month that lacks a small part":       {"2026-05", "2026-10-11", map[string]string{"mysql": hidden, "mongodb": "met 5", "oncall": "met 5", "org": hidden}},
		"a month that has all of its quarter's": {"2026-05", "2026-06-19", map[string]string{"mysql": "met 5", "mongodb": "met 5", "oncall": "met 5", "org": "met 5"}},
		"a month that has some of a team's":     {"2026-07", "2026-10-11", map[string]string{"mysql": "missed 4", "mongodb": "empty", "oncall": "empty", "org": hidden}},
		"a month that has all of a team's and some of all": {
			"2026-08", "2026-10-11", map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": hidden},
		},
		"a month that had all that was known": {"2026-07", "2026-08-19", map[string]string{"mysql": "missed 4", "org": "missed 4"}},
		"rolling days that have all":          {"90d", "2026-10-11", map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": "missed 4"}},
		"rolling days that have some":         {"60d", "2026-10-11", map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": hidden}},
		"rolling days that have none":         {"28d", "2026-10-11", map[string]string{"mysql": "empty", "org": "empty"}},
		"the quarter":                         {"2026-Q3", "2026-10-11", map[string]string{"mysql": "missed 4", "mongodb": hidden, "oncall": hidden, "org": "missed 4"}},
		// (50 + 80) / 30; (150 + 120) / 60.
		"the year, with its hidden quarter": {
			"2026", "2026-10-11", map[string]string{"mysql": "missed 4.333333333333333", "mongodb": hidden, "oncall": hidden, "org": "missed 4.5"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRecordWorld(t, satisfaction(), records...).horizonAt(utc(t, tt.at))
			w.period = tt.period
			rows, got := w.rows(t), map[string]string{}
			for subject := range tt.want {
				r := rows[subject]
				got[subject] = told(r)
				if got[subject] == hidden && (r.Numerator != nil || r.Denominator != nil || len(w.evidence(t, subject)) > 0) {
					t.Errorf("%s is held back, and tells %s / %s or evidence", subject, shown(r.Numerator), shown(r.Denominator))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// A fiscal year from April on has quarters of its own, by the organisation's clock.
func TestAnswersBelongToTheFiscalQuarterOfTheirDay(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(t, satisfaction(), said("2026-07-01", "mysql", "4", 3), said("2026-08-31", "mysql", "4", 3), said("2026-09-01", "mysql", "4", 3))
	w.policy.Calendar.FiscalStart, w.period = time.March, "2026-Q2" // June to August.
	w.policy.Calendar.Location = time.FixedZone("UTC+9", 9*3600)
	if got := told(w.rows(t)["mysql"]); got != "missed 4" {
		t.Errorf("%s, want the mean of six people", got)
	}
	w.period = "2026-Q3"
	if got := told(w.rows(t)["mysql"]); got != "insufficient_data" {
		t.Errorf("%s, want nothing of three people", got)
	}
}

// An exception that takes a small team out of the organisation's row in one
// period, and not in another, would tell it by the difference.
func TestExceptionThatWouldTellASmallTeamHidesTheOrganisation(t *testing.T) {
	t.Parallel()
	for team, want := range map[string]string{
		"mongodb": "insufficient_data", // 3 people.
		"oncall":  "insufficient_data", // 6, behind which mongodb hides.
		"mysql":   "missed 3.8",        // Without the 12 of mysql: (2 × 3 + 4.7 × 6) / 9.
	} {
		w := newRecordWorld(
			t, satisfaction(), said("2026-08-15", "mysql", "4", 12), said("2026-08-15", "mongodb", "2", 3), said("2026-08-15", "oncall", "4.7", 6),
		)
		x := exception("ex1", team, 12, 31)
		x.Objective = "mood"
		w.policy.Exceptions = []scorecard.Exception{x}
		r := w.rows(t)[scorecard.OrgID]
		if got := told(r); got != want || (r.Value == nil) != (r.ValueWithoutExceptions == nil) {
			t.Errorf("without %s: %s, and %s with it; want %s", team, got, shown(r.ValueWithoutExceptions), want)
		}
	}
}

func TestEvidenceOfASurveyShowsWhatMayBeShown(t *testing.T) {
	t.Parallel()
	const day = "2026-08-15"
	w := newRecordWorld(
		t, satisfaction(), said(day, "mysql", "4", 12), said(day, "mongodb", "3", 4), said(day, "oncall", "5", 6),
		said("2026-08-16", "mysql", "4.25", 3), said("2026-08-16", "mysql", "4.75", 9), said("2026-08-17", "mysql", "4.25", 0),
		said("2026-08-18", "automation", "5", 7),
	)
	w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: "automation", Name: "Automation", Line: scorecard.LineSRE})
	again := w.records[0]
	again.File, again.Line = "records/copy.csv", 9
	w.records = append(w.records, again)
	at := utc(t, day)
	item := func(line string, days int, class string, counted scorecard.Counted, value, reason string) scorecard.Evidence {
		return scorecard.Evidence{
			Kind: "record", ID: "records/" + line, At: at.AddDate(0, 0, days), Class: class, Counted: counted, Value: decimal(value), Reason: reason,
		}
	}
	want := []scorecard.Evidence{
		item("all.csv:2", 0, "answered", scorecard.InNumerator, "", "Recorded on 2026-08-15 for mysql. What it says is held back."),
		item("all.csv:3", 0, "answered", scorecard.InNumerator, "", "Recorded on 2026-08-15 for mongodb. What it says is held back."),
		item("all.csv:4", 0, "answered", scorecard.InNumerator, "", "Recorded on 2026-08-15 for oncall. What it says is held back."),
		item("copy.csv:9", 0, "repeated", scorecard.NotCounted, "", "Another file has the same line, which counts."),
		item("all.csv:5", 1, "answered", scorecard.InNumerator, "", "Recorded on 2026-08-16 for mysql. What it says is held back."),
		item("all.csv:6", 1, "answered", scorecard.InNumerator, "", "Recorded on 2026-08-16 for mysql. What it says is held back."),
		item("all.csv:7", 2, "no_respondents", scorecard.NotCounted, "", "The line does not say how many people answered."),
		item("all.csv:8", 3, "answered", scorecard.InNumerator, "5", "Recorded on 2026-08-18 for automation. 7 answered."),
	}
	sameNumber := cmp.Comparer(func(a, b scorecard.Number) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(want, w.evidence(t, scorecard.OrgID), sameNumber); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.rows(t)[scorecard.OrgID]
	population := scorecard.Population{
		Total: 8, Used: 6, Classes: map[string]int{"answered": 6}, Excluded: map[string]int{"repeated": 1, "no_respondents": 1},
	}
	if diff := cmp.Diff(population, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
	caveats := []string{"A record stands in two files, and counts once.", "Records that do not say how many people answered are left out: 1."}
	if diff := cmp.Diff(caveats, r.Caveats); diff != "" {
		t.Errorf("caveats (-want +got):\n%s", diff)
	}
	// 12 + 4 + 6 + 3 + 9 + 7 people: (48 + 12 + 30 + 12.75 + 42.75 + 35) / 41 = 180.5 / 41.
	if shown(r.Numerator) != "180.5" || shown(r.Denominator) != "41" {
		t.Errorf("%s / %s, want 180.5 / 41", shown(r.Numerator), shown(r.Denominator))
	}
}

func TestTrendOfASurveyNeedsBothQuarters(t *testing.T) {
	t.Parallel()
	w := newRecordWorld(
		t, satisfaction(), said("2026-05-15", "mysql", "4.25", 8), said("2026-05-15", "oncall", "4", 4), said("2026-05-15", "mongodb", "4", 5),
		said("2026-08-15", "mysql", "4.5", 8), said("2026-08-15", "oncall", "4", 8), said("2026-08-15", "mongodb", "4", 8),
	)
	rows := w.rows(t)
	if trend := rows["mysql"].Trend; trend == nil || shown(trend.Previous) != "4.25" || shown(trend.Delta) != "0.25" || trend.Detectable != nil {
		t.Errorf("trend of mysql %+v, want 4.25, 0.25 and unknown chance", trend)
	}
	for _, team := range []string{"oncall", "mongodb"} {
		if trend := rows[team].Trend; trend != nil {
			t.Errorf("trend of %s %+v, want none: what was before is held back", team, trend)
		}
	}
}
