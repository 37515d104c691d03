package text_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/internal/exporters/text"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/scorecard"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	n := cardtest.Number
	third, almost := scorecard.Ratio(1, 3), scorecard.Ratio(7948720, 7948800)
	tests := map[string]struct {
		value  *scorecard.Number
		unit   scorecard.Unit
		target *scorecard.Number
		want   string
	}{
		"an absent value is a dash":                         {nil, scorecard.UnitRatio, n("0.9"), "-"},
		"a ratio is a percentage with a tenth":              {n("0.9333333333"), scorecard.UnitRatio, n("0.9"), "93.3%"},
		"a ratio just below its target stays below it":      {n("0.899996"), scorecard.UnitRatio, n("0.9"), "89.9996%"},
		"a ratio just above its target stays above it":      {n("0.900004"), scorecard.UnitRatio, n("0.9"), "90.0004%"},
		"a ratio at its target is shown at it":              {n("0.90"), scorecard.UnitRatio, n("0.9"), "90.0%"},
		"a target of five nines shows five nines":           {n("0.99999"), scorecard.UnitRatio, n("0.99999"), "99.999%"},
		"80 s of a quarter miss five nines":                 {&almost, scorecard.UnitRatio, n("0.99999"), "99.99899%"}, // 0.999989935…
		"nearly all is not all, target or not":              {n("0.99996"), scorecard.UnitRatio, nil, "99.996%"},
		"nearly nothing is not nothing":                     {n("0.0001"), scorecard.UnitRatio, nil, "0.01%"},
		"all is all":                                        {n("1"), scorecard.UnitRatio, n("1"), "100.0%"},
		"a third is cut off":                                {&third, scorecard.UnitRatio, nil, "33.3%"},
		"a half is rounded away from zero":                  {n("0.12345"), scorecard.UnitRatio, nil, "12.3%"},
		"a rounding carries over":                           {n("0.9996"), scorecard.UnitRatio, n("0.5"), "99.96%"},
		"seconds below two minutes are seconds":             {n("74"), scorecard.UnitSeconds, nil, "74 s"},
		"five minutes are five minutes":                     {n("300"), scorecard.UnitSeconds, n("300"), "5 min"},
		"301 s are above five minutes":                      {n("301"), scorecard.UnitSeconds, n("300"), "5 min 1 s"},
		"a fraction above five minutes is shown":            {n("300.04"), scorecard.UnitSeconds, n("300"), "5 min 0.04 s"},
		"an hour and a second skips the minutes":            {n("3601"), scorecard.UnitSeconds, nil, "1 h 1 s"},
		"a negative span has its sign once":                 {n("-3725"), scorecard.UnitSeconds, nil, "-1 h 2 min 5 s"},
		"a small negative span keeps its sign":              {n("-0.512"), scorecard.UnitSeconds, nil, "-1 s"},
		"a tiny negative span is not zero":                  {n("-0.2"), scorecard.UnitSeconds, nil, "-0.2 s"},
		"no seconds are none":                               {n("0"), scorecard.UnitSeconds, nil, "0 s"},
		"a whole count has no decimals":                     {n("4"), scorecard.UnitCount, n("4"), "4"},
		"a count between has a tenth":                       {n("3.97"), scorecard.UnitCount, n("4"), "3.97"},
		"a mark out of five has two decimals":               {n("4.4333"), scorecard.UnitScore, n("4.5"), "4.43"},
		"a mark just below its target stays below":          {n("4.4999"), scorecard.UnitScore, n("4.5"), "4.4999"},
		"one day is a day":                                  {n("1"), scorecard.UnitDays, nil, "1 day"},
		"days between have a tenth":                         {n("90.96"), scorecard.UnitDays, n("91"), "90.96 days"},
		"a value of an unknown unit is shown all the same":  {n("2.5"), scorecard.Unit("furlongs"), nil, "2.5"},
		"a target that no decimal can show is no dead end":  {&third, scorecard.UnitCount, &third, "0." + strings.Repeat("3", 30)},
		"a negative ratio is rounded away from zero as any": {n("-0.00251"), scorecard.UnitRatio, nil, "-0.3%"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := text.Format(tt.value, tt.unit, tt.target); got != tt.want {
				t.Errorf("Format() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShareAndScore(t *testing.T) {
	t.Parallel()
	p := func(f float64) *float64 { return &f }
	tests := map[string]struct{ got, want string }{
		"an absent share is a dash":       {text.Share(nil), "-"},
		"a share is a percentage":         {text.Share(p(0.92)), "92.0%"},
		"nearly covered is not covered":   {text.Share(p(0.9999)), "99.99%"},
		"a share of no number is a dash":  {text.Share(p(math.NaN())), "-"},
		"an absent score is a dash":       {text.Score(nil), "-"},
		"a full score has no decimals":    {text.Score(p(100)), "100"},
		"a score has a tenth":             {text.Score(p(87.44)), "87.4"},
		"nearly full is not full":         {text.Score(p(99.97)), "99.97"},
		"a score of no number is a dash":  {text.Score(p(math.Inf(1))), "-"},
		"a score of nothing is a nothing": {text.Score(p(0)), "0"},
	}
	for name, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", name, tt.got, tt.want)
		}
	}
}

func TestFormatNeverCrossesTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := scorecard.Ratio(rapid.Int64Range(0, 100000).Draw(t, "target"), 100000)
		den := rapid.Int64Range(1, 1<<40).Draw(t, "denominator")
		value := scorecard.Ratio(rapid.Int64Range(0, den).Draw(t, "numerator"), den)
		if rapid.Bool().Draw(t, "near") {
			value = target.Add(scorecard.Ratio(rapid.Int64Range(-3, 3).Draw(t, "steps"), den))
		}
		shown := text.Format(&value, scorecard.UnitRatio, &target)
		percent, err := scorecard.ParseNumber(strings.TrimSuffix(shown, "%"))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := percent.Cmp(target.Mul(scorecard.Int(100))), value.Cmp(target); got != want {
			t.Errorf("%v against %v is shown as %s: compares %d, want %d", value, target, shown, got, want)
		}
		// Half a tenth of a point is the most that rounding may take away.
		off := percent.Sub(value.Mul(scorecard.Int(100)))
		if half := scorecard.Ratio(5, 100); off.Cmp(half) > 0 || off.Add(half).Sign() < 0 {
			t.Errorf("%v is shown as %s, off by %v points", value, shown, off)
		}
	})
}

func TestSecondsNeverCrossTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := scorecard.Int(rapid.Int64Range(1, 119).Draw(t, "target"))
		value := scorecard.Ratio(rapid.Int64Range(0, 119_000).Draw(t, "milliseconds"), 1000)
		shown := text.Format(&value, scorecard.UnitSeconds, &target)
		seconds, err := scorecard.ParseNumber(strings.TrimSuffix(shown, " s"))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := seconds.Cmp(target), value.Cmp(target); got != want {
			t.Errorf("%v s against %v s is shown as %s: compares %d, want %d", value, target, shown, got, want)
		}
	})
}
