package scorecard_test

import "slices"

func innovationCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"process_improvements":     processImprovementCases(),
		"tooling_improvements":     toolingImprovementCases(),
		"conference_presentations": yearlyCases("conference_presentation"),
		"patent_submissions":       yearlyCases("patent_submission"),
	}
}

func processImprovementCases() map[string]rubricCase {
	four := []string{"2026-07-01", "2026-08-03", "2026-09-01", "2026-09-30 23:59:59"}
	process := []doing{labelled("process")}
	return map[string]rubricCase{
		"4 in the quarter, from its first day to its last": {
			given: func(s *stage) { s.delivers(process, four...) },
			want:  map[string]judged{"org": {"met -/- = 4, score 100", ""}},
		},
		"3 in it, one before and one after it": {
			given: func(s *stage) {
				s.delivers(process, "2026-06-30 23:59:59", "2026-07-01", "2026-08-03", "2026-09-01", "2026-10-01")
			},
			want: map[string]judged{"org": {"missed -/- = 3, score 75", "1 more would have met the target."}},
		},
		"2 half-way through the quarter": {
			given: func(s *stage) {
				s.delivers(process, "2026-07-01", "2026-08-03")
				s.seenAt("2026-08-16")
			},
			want: map[string]judged{"org": {"pending -/- = 2, score -", "2 more before 1 October meet the target."}},
		},
		"4 half-way through the quarter are enough": {
			given: func(s *stage) {
				s.delivers(process, "2026-07-01", "2026-07-02", "2026-07-03", "2026-08-03")
				s.seenAt("2026-08-16")
			},
			want: map[string]judged{"org": {"met -/- = 4, score 100", ""}},
		},
		"a year asks for 16": {
			given: func(s *stage) {
				s.delivers(process, slices.Repeat(four, 3)...)
				s.period = "2026"
				s.seenAt("2027-01-11")
			},
			want: map[string]judged{"org": {"missed -/- = 12, score 75", "4 more would have met the target."}},
		},
		"what was declined is not delivered": {
			given: func(s *stage) {
				s.tickets = append(s.tickets, ticket("T-9", s.at("2026-07-01"), labelled("process"), declinedAt(s.at("2026-08-03"))))
			},
			want: map[string]judged{"org": {"missed -/- = 0, score 0", "4 more would have met the target."}},
		},
	}
}

func toolingImprovementCases() map[string]rubricCase {
	return map[string]rubricCase{
		"one of mysql and one of nobody": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("tooling")}, "2026-08-03")
				s.delivers([]doing{labelled("tooling"), ofTeam("OTHER")}, "2026-08-03")
			},
			want: map[string]judged{"org": {"met -/- = 2, score 100", ""}},
		},
		"one of two teams counts once": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("tooling"), ofTeam("DRE", "mysql", "mongodb")}, "2026-08-03")
			},
			want: map[string]judged{"org": {"missed -/- = 1, score 50", "1 more would have met the target."}},
		},
	}
}

// yearlyCases are about two records a year.
func yearlyCases(metric string) map[string]rubricCase {
	return map[string]rubricCase{
		"2 in the year, seen from its third quarter": {
			given: func(s *stage) {
				s.records(metric, said("2026-01-01", "mysql", "1", 0), said("2026-09-30", "org", "1", 0))
			},
			want: map[string]judged{"org": {"met -/- = 2, score 100", ""}},
		},
		"1 in the year, whose third quarter is over": {
			given: func(s *stage) {
				s.records(metric, said("2026-08-03", "mysql", "1", 0), said("2025-12-31", "mysql", "1", 0))
			},
			want: map[string]judged{"org": {"pending -/- = 1, score -", "1 more before 1 January meet the target."}},
		},
		"1 in the year, which is over": {
			given: func(s *stage) {
				s.records(metric, said("2026-08-03", "mysql", "1", 0), said("2027-01-01", "mysql", "1", 0))
				s.period = "2026-Q4"
				s.seenAt("2027-01-11")
			},
			want: map[string]judged{"org": {"missed -/- = 1, score 50", "1 more would have met the target."}},
		},
		"2 on one line, on the card of the year": {
			given: func(s *stage) {
				s.records(metric, said("2026-12-31", "mysql", "2", 0))
				s.period = "2026"
				s.seenAt("2027-01-11")
			},
			want: map[string]judged{"org": {"met -/- = 2, score 100", ""}},
		},
	}
}
