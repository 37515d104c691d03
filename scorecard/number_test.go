package scorecard_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"teamhealth/scorecard"
)

func TestNumberIsWrittenAsItIs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		number scorecard.Number
		want   string
	}{
		"the zero number is 0":            {scorecard.Number{}, "0"},
		"a count":                         {scorecard.Int(28), "28"},
		"a count below nothing":           {scorecard.Int(-4), "-4"},
		"a ratio that is whole":           {scorecard.Ratio(30, 30), "1"},
		"a ratio that has no end":         {scorecard.Ratio(28, 30), "0.9333333333333333"},
		"five nines":                      {*decimal("0.99999"), "0.99999"},
		"never with an exponent":          {*decimal("1e-9"), "0.000000001"},
		"a count beyond what floats hold": {scorecard.Int(int64(9_007_199_254_740_993)), "9007199254740993"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(tt.number)
			if err != nil || string(text) != tt.want || tt.number.String() != tt.want {
				t.Errorf("JSON %s (%v), text %s, want %s", text, err, tt.number, tt.want)
			}
		})
	}
}

func TestNumberIsReadExactly(t *testing.T) {
	t.Parallel()
	var n scorecard.Number
	if err := json.Unmarshal([]byte("0.1"), &n); err != nil || n.Mul(scorecard.Int(10)).Cmp(scorecard.Int(1)) != 0 {
		t.Errorf("ten times 0.1 is %s (%v), want exactly 1", n.Mul(scorecard.Int(10)), err)
	}
	for _, bad := range []string{`""`, `"0,9"`, `true`, `"five"`} {
		if err := json.Unmarshal([]byte(bad), &n); err == nil {
			t.Errorf("%s was read as %s", bad, n)
		}
	}
}

func TestNumbersCalculateWithoutRounding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(-1_000_000, 1_000_000)
		some := rapid.Int64Range(1, 1_000_000)
		a := scorecard.Ratio(whole.Draw(t, "a"), some.Draw(t, "of"))
		b := scorecard.Ratio(some.Draw(t, "b"), some.Draw(t, "of"))
		if a.Add(b).Sub(b).Cmp(a) != 0 || a.Mul(b).Quo(b).Cmp(a) != 0 {
			t.Fatalf("%s and %s do not come back", a, b)
		}
		if floor := scorecard.Int(a.Floor()); floor.Cmp(a) > 0 || floor.Add(scorecard.Int(1)).Cmp(a) <= 0 {
			t.Fatalf("the floor of %s is %s", a, floor)
		}
		if a.Sub(b).Sign() != a.Cmp(b) {
			t.Fatalf("%s less %s is %s, and they compare as %d", a, b, a.Sub(b), a.Cmp(b))
		}
	})
}
