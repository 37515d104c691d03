package measures_test

import (
	"testing"

	"teamhealth/internal/measures"
	"teamhealth/internal/measures/measurestest"
	"teamhealth/scorecard"
)

// number reads a decimal or, with a slash, a ratio.
func number(t *testing.T, s string) *scorecard.Number {
	t.Helper()
	if s == "" {
		return nil
	}
	n, err := scorecard.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return &n
}

// The figures are worked out by hand; the last step of each is the value.
func TestFormulasAreFilledWithTheNumbersOfARow(t *testing.T) {
	t.Parallel()
	type counts = map[string]int
	of := func(m scorecard.Measure) scorecard.Objective { return scorecard.Objective{Measure: m} }
	with := func(m scorecard.Measure, p scorecard.Parameters) scorecard.Objective {
		return scorecard.Objective{Measure: m, Parameters: p}
	}
	tests := map[string]struct {
		objective                             scorecard.Objective
		value, numerator, denominator, target string
		classes                               counts
		want                                  string
	}{
		"the worst service was down for 80 of 7,948,800 s, and 0.9999… might be the target": {
			objective: of(scorecard.MeasureAvailability), value: "7948720/7948800", numerator: "7948720", denominator: "7948800", target: "0.99999",
			classes: counts{"outage": 1},
			want:    "1 − downtime of the worst service / elapsed time = 1 − 80 / 7948800 = 7948720 / 7948800 = 0.99998…",
		},
		"all services together were never down": {
			objective: with(scorecard.MeasureAvailability, scorecard.Parameters{Method: "incidents", Aggregate: "pooled"}),
			value:     "1", numerator: "2000", denominator: "2000", target: "0.999",
			want: "1 − downtime of all services / elapsed time of all services = 1 − 0 / 2000 = 2000 / 2000 = 1",
		},
		"availability by events": {
			objective: with(scorecard.MeasureAvailability, scorecard.Parameters{Method: "events", Aggregate: "worst"}),
			value:     "999/1000", numerator: "999", denominator: "1000",
			classes: counts{"counted": 24},
			want:    "good events / total events = 999 / 1000 = 0.999",
		},
		"events need not be whole: 49.5 / 50 = 0.99": {
			objective: of(scorecard.MeasureEvents), value: "0.99", numerator: "49.5", denominator: "50", target: "0.99",
			classes: counts{"counted": 1},
			want:    "good events / total events = 49.5 / 50 = 0.99",
		},
		"28 of 30 answers are within: 0.93333… is cut off, not rounded": {
			objective: of(scorecard.MeasureResponseTime), value: "28/30", numerator: "28", denominator: "30", target: "0.9",
			classes: counts{"within": 28, "late": 1, "unanswered": 1},
			want:    "within / (within + late + unanswered) = 28 / (28 + 1 + 1) = 28 / 30 = 0.9333…",
		},
		"a class without anything is shown as 0": {
			objective: of(scorecard.MeasureResponseTime), value: "0.5", numerator: "1", denominator: "2",
			classes: counts{"within": 1, "unanswered": 1},
			want:    "within / (within + late + unanswered) = 1 / (1 + 0 + 1) = 1 / 2 = 0.5",
		},
		"a value just above the target gets as many digits as it needs: 1000001 / 1111111 = 0.90000099…": {
			objective: of(scorecard.MeasureResponseTime), value: "1000001/1111111", numerator: "1000001", denominator: "1111111", target: "0.9",
			classes: counts{"within": 1000001, "late": 111110},
			want:    "within / (within + late + unanswered) = 1000001 / (1000001 + 111110 + 0) = 1000001 / 1111111 = 0.9000009…",
		},
		"classes that are not what the counts are made of are left out": {
			objective: of(scorecard.MeasureResponseTime), value: "0.5", numerator: "1", denominator: "2", classes: counts{"answered": 1},
			want: "within / (within + late + unanswered) = 1 / 2 = 0.5",
		},
		"a burden of 45,000 s in 1,234,567 s": {
			objective: of(scorecard.MeasureOncallBurden), value: "45000/1234567", numerator: "45000", denominator: "1234567", target: "0.1",
			classes: counts{"engaged": 9, "page": 3},
			want:    "covered time / working time = 45000 / 1234567 = 0.0364…",
		},
		"a burden above zero is not shown as zero": {
			objective: of(scorecard.MeasureOncallBurden), value: "1/999983", numerator: "1", denominator: "999983", target: "0.1",
			want: "covered time / working time = 1 / 999983 = 0.000001…",
		},
		"an hour of a day has nobody": {
			objective: of(scorecard.MeasureRotationCoverage), value: "82800/86400", numerator: "82800", denominator: "86400", target: "1",
			classes: counts{"covered": 2, "gap": 1},
			want:    "seconds with somebody on call / seconds to cover = 82800 / 86400 = 0.9583…",
		},
		"four people carry the pager": {
			objective: of(scorecard.MeasureRotationSize), value: "4", target: "4", classes: counts{"rotation": 4},
			want: "people with at least half a shift = 4",
		},
		"12 of 13 turns": {
			objective: of(scorecard.MeasureRotationShift), value: "12/13", numerator: "12", denominator: "13", target: "1",
			classes: counts{"within": 12, "too_long": 1},
			want:    "within / (within + too_long) = 12 / (12 + 1) = 12 / 13 = 0.9230…",
		},
		"three levels": {
			objective: of(scorecard.MeasureEscalationDepth), value: "3", target: "3", classes: counts{"fewest_levels": 1, "more_levels": 1},
			want: "levels of the policy with the fewest = 3",
		},
		"post-mortems that are late or undated are done": {
			objective: of(scorecard.MeasurePostmortems), value: "7/8", numerator: "7", denominator: "8", target: "1",
			classes: counts{"on_time": 4, "late": 2, "undated": 1, "missing": 1},
			want:    "(on_time + late + undated) / (on_time + late + undated + missing) = (4 + 2 + 1) / (4 + 2 + 1 + 1) = 7 / 8 = 0.875",
		},
		"12 of 16 sections of two post-mortems": {
			objective: of(scorecard.MeasurePostmortemQuality), value: "0.75", numerator: "12", denominator: "16",
			classes: counts{"complete": 1, "incomplete": 1},
			want:    "sections with content / (8 × (complete + incomplete)) = 12 / (8 × (1 + 1)) = 12 / 16 = 0.75",
		},
		"one action item of each class": {
			objective: of(scorecard.MeasureActionItems), value: "1/5", numerator: "1", denominator: "5",
			classes: counts{"on_time": 1, "late": 1, "undated": 1, "declined": 1, "open": 1},
			want:    "on_time / (on_time + late + undated + declined + open) = 1 / (1 + 1 + 1 + 1 + 1) = 1 / 5 = 0.2",
		},
		"finished migrations without a rollback": {
			objective: with(scorecard.MeasureTicketRatio, scorecard.Parameters{Of: "migration", Without: "rollback", Population: "finished"}),
			value:     "8/11", numerator: "8", denominator: "11", classes: counts{"delivered": 8, "rollback": 1, "declined": 2},
			want: "delivered / (delivered + rollback + declined) = 8 / (8 + 1 + 2) = 8 / 11 = 0.7272…",
		},
		"delivered tickets that are also of a class": {
			objective: with(scorecard.MeasureTicketRatio, scorecard.Parameters{Of: "change", With: "reviewed", Population: "delivered"}),
			value:     "3/4", numerator: "3", denominator: "4", classes: counts{"delivered": 3, "not_reviewed": 1},
			want: "delivered / (delivered + not_reviewed) = 3 / (3 + 1) = 3 / 4 = 0.75",
		},
		"nothing delivered is a count": {
			objective: with(scorecard.MeasureTicketCount, scorecard.Parameters{Of: "training"}), value: "0", target: "1",
			want: "delivered = 0",
		},
		"two of three services": {
			objective: of(scorecard.MeasureCoverage), value: "2/3", numerator: "2", denominator: "3", target: "0.9",
			classes: counts{"covered": 2, "not_covered": 1},
			want:    "covered / (covered + outdated + not_covered) = 2 / (2 + 0 + 1) = 2 / 3 = 0.6666…",
		},
		"change requests that engineers wrote": {
			objective: with(scorecard.MeasureCrossLine, scorecard.Parameters{Share: "engineer_change_requests"}),
			value:     "3/10", numerator: "3", denominator: "10", classes: counts{"engineer": 3, "sre": 7},
			want: "engineer / (engineer + sre) = 3 / (3 + 7) = 3 / 10 = 0.3",
		},
		"coding that SREs did": {
			objective: with(scorecard.MeasureCrossLine, scorecard.Parameters{Share: "sre_coding"}),
			value:     "7/10", numerator: "7", denominator: "10", classes: counts{"engineer": 3, "sre": 7},
			want: "sre / (engineer + sre) = 7 / (3 + 7) = 7 / 10 = 0.7",
		},
		"changes that people on call executed, whatever their line": {
			objective: with(scorecard.MeasureCrossLine, scorecard.Parameters{Share: "executed_by_oncall"}),
			value:     "9/10", numerator: "9", denominator: "10", classes: counts{"engineer": 3, "sre": 7},
			want: "tickets of whoever had been on call / (engineer + sre) = 9 / (3 + 7) = 9 / 10 = 0.9",
		},
		"two of three joiners were on board": {
			objective: of(scorecard.MeasureOnboarding), value: "2/3", numerator: "2", denominator: "3", target: "1",
			classes: counts{"on_time": 2, "missing": 1},
			want:    "on_time / (on_time + late + missing) = 2 / (2 + 0 + 1) = 2 / 3 = 0.6666…",
		},
		"12 answers of 4.6 and 9 of 4.2 on the mean: 55.2 + 37.8 = 93": {
			objective: of(scorecard.MeasureSurvey), value: "93/21", numerator: "93", denominator: "21", target: "4.5",
			classes: counts{"answered": 2},
			want:    "Σ (mean answer × respondents) / Σ respondents = 93 / 21 = 4.4285…",
		},
		"a sum of answers that is no whole number": {
			objective: of(scorecard.MeasureSurvey), value: "4.61", numerator: "46.1", denominator: "10", target: "4.5",
			want: "Σ (mean answer × respondents) / Σ respondents = 46.1 / 10 = 4.61",
		},
		"two on record": {
			objective: of(scorecard.MeasureRecordCount), value: "2", target: "2", classes: counts{"recorded": 1},
			want: "Σ values on record = 2",
		},
		"what the latest record says": {
			objective: of(scorecard.MeasureRecordLatest), value: "82.5", classes: counts{"recorded": 1},
			want: "value of the latest record = 82.5",
		},
		"two of 26 and 27 people left, on the mean 26.5": {
			objective: of(scorecard.MeasureRetention), value: "49/53", numerator: "24.5", denominator: "26.5", target: "0.9",
			classes: counts{"stayed": 27, "left": 2},
			want:    "1 − left / ((headcount at the start + headcount at the end) / 2) = 1 − 2 / 26.5 = 24.5 / 26.5 = 0.9245…",
		},
		"more left than there were on the mean: 2 / 1.5 is above 1": {
			objective: of(scorecard.MeasureRetention), value: "-1/3", numerator: "-0.5", denominator: "1.5", target: "0.9",
			want: "1 − left / ((headcount at the start + headcount at the end) / 2) = 1 − 2 / 1.5 = -0.5 / 1.5 = -0.3333…",
		},
		"the median of an even number of joiners may be half a day": {
			objective: of(scorecard.MeasureTimeToProductivity), value: "45.5", target: "91", classes: counts{"productive": 4},
			want: "median of the days from the first day to being productive = 45.5",
		},
		"a median that nobody knows yet": {
			objective: of(scorecard.MeasureTimeToProductivity), target: "91", classes: counts{"not_yet_productive": 4},
			want: "median of the days from the first day to being productive",
		},
		"two of three positions": {
			objective: of(scorecard.MeasureHiringPlan), value: "2/3", numerator: "2", denominator: "3", target: "1",
			classes: counts{"filled": 2, "open": 1},
			want:    "filled / (filled + open) = 2 / (2 + 1) = 2 / 3 = 0.6666…",
		},
		"everybody has a mentor": {
			objective: of(scorecard.MeasureMentorship), value: "1", numerator: "3", denominator: "3", target: "1", classes: counts{"mentored": 3},
			want: "mentored / (mentored + unmentored) = 3 / (3 + 0) = 3 / 3 = 1",
		},
		"a row that is held back has no figures": {
			objective: of(scorecard.MeasureMentorship), target: "1", classes: counts{},
			want: "mentored / (mentored + unmentored)",
		},
		"a row that could not be measured has none": {
			objective: of(scorecard.MeasureOncallBurden), target: "0.1", want: "covered time / working time",
		},
	}
	seen := map[scorecard.Measure]bool{}
	for name, tt := range tests {
		seen[tt.objective.Measure] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := scorecard.Row{
				Value: number(t, tt.value), Numerator: number(t, tt.numerator), Denominator: number(t, tt.denominator), Target: number(t, tt.target),
				Population: scorecard.Population{Classes: tt.classes},
			}
			got := measures.Filled(&row, tt.objective)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if row.Value == nil {
				return
			}
			if err := measurestest.Agrees(got, *row.Value); err != nil {
				t.Error(err)
			}
		})
	}
	for _, m := range scorecard.Measures() {
		if !seen[m] {
			t.Errorf("no case is of %s", m)
		}
	}
}

func TestAnUnknownMeasureHasNoFormula(t *testing.T) {
	t.Parallel()
	o := scorecard.Objective{Measure: "luck"}
	if got := measures.Formula(o) + measures.Filled(&scorecard.Row{Value: scorecard.Int(1).Ptr()}, o); got != "" {
		t.Errorf("the formula of an unknown measure is %q", got)
	}
}
