package scorecard_test

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/scorecard"
)

func TestDecimalsAreAddedUpAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		floats []float64
		want   string
	}{
		"of nothing":                        {nil, "0"},
		"tenths, which floats do not hold":  {slices.Repeat([]float64{0.1}, 10), "1"},
		"whole numbers":                     {[]float64{1, 2, 3e9}, "3000000003"},
		"above all whole floats":            {[]float64{1e20, 1}, "100000000000000000001"},
		"far apart":                         {[]float64{1e22, 1e-7}, "10000000000000000000000.0000001"},
		"more digits than a word has":       {slices.Repeat([]float64{0.12345678901234568}, 1000), "123.45678901234568"},
		"the largest and the smallest ones": {[]float64{math.MaxFloat64, math.SmallestNonzeroFloat64, 0}, "17976931348623157e292"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := decimal(tt.want)
			if name == "the largest and the smallest ones" {
				want = want.Add(*decimal("5e-324")).Ptr()
			}
			if got := scorecard.SumDecimals(tt.floats...); got.Cmp(*want) != 0 {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestDecimalSumIsThatOfTheWrittenNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		floats := rapid.SliceOfN(rapid.Float64Range(0, math.MaxFloat64), 0, 20).Draw(t, "floats")
		var want scorecard.Number
		for _, f := range floats {
			want = want.Add(*decimal(strconv.FormatFloat(f, 'g', -1, 64)))
		}
		if got := scorecard.SumDecimals(floats...); got.Cmp(want) != 0 {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
