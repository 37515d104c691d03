package measurestest_test

import (
	"testing"

	"teamhealth/internal/measures/measurestest"
	"teamhealth/scorecard"
)

func TestAgrees(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		filled string
		value  scorecard.Number
		agrees bool
	}{
		"every step comes to the value":             {"a / (a + b) = 1 / (1 + 3) = 1 / 4 = 0.25", scorecard.Ratio(1, 4), true},
		"a difference and a product":                {"a = 1 − 2 / (8 × (1 + 1)) = 0.875", scorecard.Ratio(7, 8), true},
		"below zero":                                {"a = -1 / 3 = -0.3333…", scorecard.Ratio(-1, 3), true},
		"cut off where it goes on":                  {"a = 2 / 3 = 0.6666…", scorecard.Ratio(2, 3), true},
		"rounded instead of cut off":                {"a = 2 / 3 = 0.6667…", scorecard.Ratio(2, 3), false},
		"cut off where it does not go on":           {"a = 1 / 4 = 0.25…", scorecard.Ratio(1, 4), false},
		"rounded and taken for the whole":           {"a = 2 / 3 = 0.6667", scorecard.Ratio(2, 3), false},
		"a first step that comes to something else": {"a / b = 1 / (1 + 1) = 1 / 4 = 0.25", scorecard.Ratio(1, 4), false},
		"no numbers":                                {"a / b", scorecard.Ratio(1, 4), false},
		"nothing to divide by":                      {"a / b = 1 / (1 − 1)", scorecard.Ratio(1, 4), false},
		"no arithmetic":                             {"a / b = one quarter", scorecard.Ratio(1, 4), false},
		"a name":                                    {"a / b = within", scorecard.Ratio(1, 4), false},
		"an operation that is none of the four":     {"a / b = 5 % 3", scorecard.Int(2), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := measurestest.Agrees(tt.filled, tt.value); (err == nil) != tt.agrees {
				t.Errorf("Agrees(%q, %s) = %v", tt.filled, tt.value, err)
			}
		})
	}
}
