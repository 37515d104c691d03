package scorecard_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/scorecard"
)

func TestWilsonIntervalAgreesWithPublishedValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		k, n      int
		low, high string
	}{
		{9, 10, "0.596", "0.982"},
		{18, 20, "0.699", "0.972"},
		{27, 30, "0.744", "0.965"},
		{90, 100, "0.826", "0.945"},
		{30, 30, "0.886", "1.000"}, // 30/33.8415
		{12, 12, "0.758", "1.000"}, // 12/15.8415
		{5, 5, "0.566", "1.000"},   // 5/8.8415
		{0, 5, "0.000", "0.434"},   // The mirror of 5 of 5.
		{26, 28, "0.774", "0.980"},
		{81, 263, "0.255", "0.366"}, // Newcombe's first example.
		{15, 148, "0.062", "0.160"}, // His second,
		{0, 20, "0.000", "0.161"},   // third,
		{1, 29, "0.006", "0.172"},   // and fourth.
	}
	for _, tt := range tests {
		i := scorecard.Wilson(tt.k, tt.n)
		if low, high := fmt.Sprintf("%.3f", i.Low), fmt.Sprintf("%.3f", i.High); low != tt.low || high != tt.high {
			t.Errorf("%d of %d: %s to %s, want %s to %s", tt.k, tt.n, low, high, tt.low, tt.high)
		}
		if i.Method != "wilson" || i.Level != 0.95 {
			t.Errorf("%d of %d: method %s, level %v", tt.k, tt.n, i.Method, i.Level)
		}
	}
	if i := scorecard.Wilson(26, 28); math.Abs(i.Low-0.7735) > 5e-5 || math.Abs(i.High-0.9802) > 5e-5 {
		t.Errorf("26 of 28: %v to %v, want 0.7735 to 0.9802", i.Low, i.High)
	}
	if i := scorecard.Wilson(0, 0); i != nil {
		t.Errorf("nothing of nothing: %+v, want no interval", i)
	}
}

func TestWilsonIntervalHoldsTheProportionAndShrinksWithTheSample(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 100_000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		times := rapid.IntRange(2, 9).Draw(t, "times")
		i, p := scorecard.Wilson(k, n), float64(k)/float64(n)
		if i.Low < 0 || i.Low > p || p > i.High || i.High > 1 {
			t.Fatalf("%d of %d: %v to %v does not hold %v within 0 to 1", k, n, i.Low, i.High, p)
		}
		more := scorecard.Wilson(k*times, n*times)
		if more.High-more.Low >= i.High-i.Low {
			t.Fatalf("%d of %d: the same share of %d times as many is no narrower", k, n, times)
		}
		mirror := scorecard.Wilson(n-k, n)
		if math.Abs(mirror.Low-(1-i.High)) > 1e-12 || math.Abs(mirror.High-(1-i.Low)) > 1e-12 {
			t.Fatalf("%d of %d: the interval of the others is %v to %v, no mirror of %v to %v", k, n, mirror.Low, mirror.High, i.Low, i.High)
		}
	})
}

func TestNewcombeIntervalAgreesWithHisExamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		k, n, l, m int
		low, high  string
	}{
		{56, 70, 48, 80, "0.0524", "0.3339"},
		{9, 10, 3, 10, "0.1705", "0.8090"},
		{6, 7, 2, 7, "0.0582", "0.8062"},
		{5, 56, 0, 29, "-0.0381", "0.1926"},
		{0, 10, 0, 20, "-0.1611", "0.2775"},
		{10, 10, 0, 10, "0.6075", "1.0000"},
	}
	for _, tt := range tests {
		low, high := scorecard.Newcombe(tt.k, tt.n, tt.l, tt.m)
		if l, h := fmt.Sprintf("%.4f", low), fmt.Sprintf("%.4f", high); l != tt.low || h != tt.high {
			t.Errorf("%d/%d less %d/%d: %s to %s, want %s to %s", tt.k, tt.n, tt.l, tt.m, l, h, tt.low, tt.high)
		}
	}
}

func TestDifferenceIsDetectableWhenItsIntervalExcludesZero(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		k, n, l, m int
		want       string
	}{
		"80% against 60% of many":              {56, 70, 48, 80, "true"},
		"60% against 80% of many":              {48, 80, 56, 70, "true"},
		"80% against 60% of ten":               {8, 10, 6, 10, "false"},
		"equal":                                {56, 70, 56, 70, "false"},
		"all against none":                     {10, 10, 0, 10, "true"},
		"nine now are too few":                 {9, 9, 0, 100, "unknown"},
		"nine before are too few":              {100, 100, 0, 9, "unknown"},
		"none now":                             {0, 0, 50, 100, "unknown"},
		"28 of 30 against 27 of 30 is nothing": {28, 30, 27, 30, "false"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := "unknown"
			if d := scorecard.Detectable(tt.k, tt.n, tt.l, tt.m); d != nil {
				got = strconv.FormatBool(*d)
			}
			if got != tt.want {
				t.Errorf("%d/%d against %d/%d is %s, want %s", tt.k, tt.n, tt.l, tt.m, got, tt.want)
			}
		})
	}
}

func TestVerdictIsProvenWhenTheWholeIntervalAgrees(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		low, high float64
		met       bool
		direction scorecard.Direction
		want      scorecard.Confidence
	}{
		"met, and all above the target":         {0.92, 0.99, true, scorecard.AtLeast, scorecard.Proven},
		"met, and the low end on the target":    {0.875, 0.99, true, scorecard.AtLeast, scorecard.Unproven},
		"met, and the interval straddles":       {0.8, 0.99, true, scorecard.AtLeast, scorecard.Unproven},
		"missed, and all below the target":      {0.5, 0.85, false, scorecard.AtLeast, scorecard.Proven},
		"missed, and the interval straddles":    {0.5, 0.95, false, scorecard.AtLeast, scorecard.Unproven},
		"missed, and all above the target":      {0.92, 0.99, false, scorecard.AtLeast, scorecard.Unproven},
		"met below, and all below":              {0.5, 0.85, true, scorecard.Below, scorecard.Proven},
		"missed below, and all above":           {0.92, 0.99, false, scorecard.Below, scorecard.Proven},
		"missed below, and the interval covers": {0.8, 0.99, false, scorecard.Below, scorecard.Unproven},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := scorecard.Interval{Low: tt.low, High: tt.high}
			if got := scorecard.ConfidenceOf(i, tt.met, tt.direction, *decimal("0.90")); got != tt.want {
				t.Errorf("%v to %v against 0.90 is %s, want %s", tt.low, tt.high, got, tt.want)
			}
		})
	}
	// 0.875 is 7/8 exactly in binary too: a low end on the target proves at_least, and not above.
	on := scorecard.Interval{Low: 0.875, High: 1}
	if got := scorecard.ConfidenceOf(on, true, scorecard.AtLeast, *decimal("0.875")); got != scorecard.Proven {
		t.Errorf("at_least with the low end on the target is %s, want proven", got)
	}
	if got := scorecard.ConfidenceOf(on, true, scorecard.Above, *decimal("0.875")); got != scorecard.Unproven {
		t.Errorf("above with the low end on the target is %s, want unproven", got)
	}
}
