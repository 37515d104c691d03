package measures_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/internal/measures"
	"teamhealth/internal/measures/measurestest"
	"teamhealth/scorecard"
)

// Whatever the counts are, what is written is the value or the beginning of it, and a reader
// who knows no more than the digits that are shown can tell on which side of the target it is.
func TestTheDigitsOfAValueTellItsSideOfTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1_000_000, 100_000_000).Draw(t, "numerator")
		d := rapid.Int64Range(1, 100_000_000).Draw(t, "denominator")
		value, target := scorecard.Ratio(n, d), scorecard.Ratio(rapid.Int64Range(0, 100_000).Draw(t, "target in 100,000ths"), 100_000)
		row := scorecard.Row{Value: &value, Numerator: scorecard.Int(n).Ptr(), Denominator: scorecard.Int(d).Ptr(), Target: &target}
		filled := measures.Filled(&row, scorecard.Objective{Measure: scorecard.MeasureOncallBurden})
		if err := measurestest.Agrees(filled, value); err != nil {
			t.Fatal(err)
		}
		shown, isCut := strings.CutSuffix(filled[strings.LastIndex(filled, " ")+1:], "…")
		near, err := scorecard.ParseNumber(shown)
		if err != nil {
			t.Fatal(err)
		}
		_, places, _ := strings.Cut(shown, ".")
		far := near
		if isCut {
			last := scorecard.Int(value.Sign())
			for range places {
				last = last.Quo(scorecard.Int(10))
			}
			far = near.Add(last)
		}
		for _, mark := range []scorecard.Number{target, {}} {
			side := value.Cmp(mark)
			if near.Cmp(mark) != side || far.Cmp(mark) == -side && side != 0 {
				t.Fatalf("%s of %d / %d may be on either side of %s", filled, n, d, mark)
			}
		}
	})
}
