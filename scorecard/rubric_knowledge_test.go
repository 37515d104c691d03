package scorecard_test

import (
	"slices"
	"strconv"
)

func knowledgeCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"tech_talks":           countCases("talk", 13, "12, score 92.307692308"),       // 1200/13.
		"architecture_reviews": countCases("architecture", 3, "2, score 66.666666667"), // 200/3.
		"retrospectives":       onePerQuarter("retrospective"),
	}
}

// countCases are about n tickets of a label in a quarter; oneLess is the value and score of one too few.
func countCases(label string, n int, oneLess string) map[string]rubricCase {
	days := slices.Repeat([]string{"2026-08-03"}, n)
	return map[string]rubricCase{
		"as many as asked for": {
			given: func(s *stage) { s.delivers([]doing{labelled(label)}, days...) },
			want:  map[string]judged{"org": {"met -/- = " + strconv.Itoa(n) + ", score 100", ""}},
		},
		"one too few": {
			given: func(s *stage) { s.delivers([]doing{labelled(label)}, days[1:]...) },
			want:  map[string]judged{"org": {"missed -/- = " + oneLess, "1 more would have met the target."}},
		},
		"none yet": {
			given: func(s *stage) { s.seenAt("2026-07-02") },
			want: map[string]judged{"org": {
				"pending -/- = 0, score -", strconv.Itoa(n) + " more before 1 October meet the target.",
			}},
		},
	}
}
