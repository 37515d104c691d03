package scorecard_test

import (
	"teamhealth/scorecard"
)

func hiringCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{"hiring_plan": hiringPlanCases()}
}

func hiringPlanCases() map[string]rubricCase {
	plan := []scorecard.PlanEntry{
		{Period: "2026-Q3", Team: "mysql", Count: 2},
		{Period: "2026-Q3", Line: scorecard.LinePersonSRE, Count: 1},
		{Period: "2026-Q4", Team: "mysql", Count: 9},
	}
	sre := person("s", "oncall", day(9, 30))
	sre.Line = scorecard.LinePersonSRE
	return map[string]rubricCase{
		"two of mysql and an SRE came": {
			given: func(s *stage) {
				s.objective("hiring_plan").Plan = plan
				s.policy.People = append(newcomers(2), sre)
			},
			want: map[string]judged{"org": {"met 3/3 = 1, score 100", ""}},
		},
		"more in one position do not stand in for another": {
			given: func(s *stage) {
				s.objective("hiring_plan").Plan = plan
				s.policy.People = newcomers(5)
			},
			want: map[string]judged{"org": {"missed 2/3 = 0.666666667, score 66.666666667", "1 more of the 3 would have met the target."}},
		},
		"the quarter is not over": {
			given: func(s *stage) {
				s.objective("hiring_plan").Plan = plan
				s.policy.People = newcomers(2)
				s.seenAt("2026-08-16")
			},
			want: map[string]judged{"org": {
				"pending 2/3 = 0.666666667, score -", "1 more of the 3 meet the target: fill the places that are planned and open.",
			}},
		},
		"nothing is planned": {
			given: func(s *stage) {
				s.objective("hiring_plan").Plan = plan[2:]
				s.policy.People = newcomers(2)
			},
			want: map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
		"there is no plan": {
			given: func(s *stage) { s.policy.People = newcomers(2) },
			want:  map[string]judged{"org": {"no_data -/- = -, score -", ""}},
		},
	}
}
