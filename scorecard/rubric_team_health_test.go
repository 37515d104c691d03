package scorecard_test

import (
	"fmt"
	"strconv"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func teamHealthCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"employee_satisfaction": satisfactionCases(),
		"retention":             retentionCases(),
		"time_to_productivity":  productivityCases(),
		"oncall_burden":         burdenCases(),
	}
}

func satisfactionCases() map[string]rubricCase {
	return map[string]rubricCase{
		"the mean is weighted by who answered": {
			given: func(s *stage) {
				s.records("employee_satisfaction", said("2026-08-03", "mysql", "4.6", 10), said("2026-08-03", "mongodb", "4", 5))
			},
			// (4.6 × 10 + 4 × 5)/15 = 66/15 = 4.4; 100 × 4.4/4.5 = 97.77…, 100 × 4/4.5 = 88.88…
			want: map[string]judged{
				"mysql":   {"met 46/10 = 4.6, score 100", ""},
				"mongodb": {"missed 20/5 = 4, score 88.888888889", "The value is 0.5 short of the target."},
				"oncall":  {"empty -/- = -, score -", ""},
				"org":     {"missed 66/15 = 4.4, score 97.777777778", "The value is 0.1 short of the target."},
			},
		},
		"4.5 is not above 4.5": {
			given: func(s *stage) { s.records("employee_satisfaction", said("2026-08-03", "mysql", "4.5", 10)) },
			want: map[string]judged{"mysql": {
				"missed 45/10 = 4.5, score 99", "The value is equal to the target, and has to pass it.",
			}},
		},
		"4 of one team are not shown, nor the next smallest team, and all together are": {
			given: func(s *stage) {
				s.records("employee_satisfaction",
					said("2026-08-03", "mysql", "5", 4), said("2026-08-03", "mongodb", "4", 5), said("2026-08-03", "oncall", "5", 6))
			},
			// (20 + 20 + 30)/15 = 4.66…
			want: map[string]judged{
				"mysql":   {"insufficient_data -/- = -, score -", ""},
				"mongodb": {"insufficient_data -/- = -, score -", ""},
				"oncall":  {"met 30/6 = 5, score 100", ""},
				"org":     {"met 70/15 = 4.666666667, score 100", ""},
			},
		},
	}
}

// staff are people of mysql who were there all the time.
func staff(n int) []scorecard.Person {
	list := make([]scorecard.Person, 0, n)
	for i := range n {
		list = append(list, person("s"+strconv.Itoa(i), "mysql", longAgo))
	}
	return list
}

// The trailing year begins on October 1, 2025.
func retentionCases() map[string]rubricCase {
	return map[string]rubricCase{
		"one of 20 left": {
			given: func(s *stage) { s.policy.People = append(staff(19), person("a", "oncall", longAgo, leftOn(day(3, 1)))) },
			// The mean headcount is (20 + 19)/2 = 19.5; 18.5/19.5 = 0.94871…
			want: map[string]judged{"org": {"met 18.5/19.5 = 0.948717949, score 100", ""}},
		},
		"one of ten left, and another came": {
			given: func(s *stage) {
				s.policy.People = append(staff(9), person("a", "oncall", longAgo, leftOn(day(3, 1))), person("b", "oncall", day(3, 1)))
			},
			// 1 - 1/10 is not above 0.90.
			want: map[string]judged{"org": {"missed 9/10 = 0.9, score 99", "With 1 fewer leaving the target would have been met."}},
		},
		"nobody was there": {
			given: func(s *stage) { s.policy.People = []scorecard.Person{person("a", "mysql", day(10, 5))} },
			want:  map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
		"three of ten left": {
			given: func(s *stage) {
				s.policy.People = append(staff(7), person("a", "mysql", longAgo, leftOn(scorecard.Date{Year: 2025, Month: time.October, Day: 1})),
					person("b", "oncall", longAgo, leftOn(day(1, 1))), person("c", "oncall", longAgo, leftOn(day(9, 30))))
			},
			// On October 1 of 2025 the first was no longer there: (9 + 7)/2 = 8, and 3 left: 5/8; 100 × 0.1/(3/8) = 26.66…
			// With 2 fewer it would be 1 - 1/9, which is less than 0.9.
			want: map[string]judged{"org": {"missed 5/8 = 0.625, score 26.666666667", "With 3 fewer leaving the target would have been met."}},
		},
	}
}

// learners join on January 5 and are productive some days later.
func learners(days ...int) []scorecard.Person {
	list := make([]scorecard.Person, 0, len(days))
	for i, n := range days {
		at := time.Date(2026, time.January, 5+n, 0, 0, 0, 0, time.UTC)
		list = append(list, person(fmt.Sprint("j", i), "mysql", day(1, 5), productiveOn(day(at.Month(), at.Day()))))
	}
	return list
}

func productivityCases() map[string]rubricCase {
	beginners := func(n int) []scorecard.Person { // 92 days old on October 1.
		list := staff(n)
		for i := range list {
			list[i].Joined = day(7, 1)
		}
		return list
	}
	return map[string]rubricCase{
		"the median of 60, 90 and 200 days": {
			given: func(s *stage) { s.policy.People = learners(60, 200, 90) },
			alone: true,
			want:  map[string]judged{"org": {"met -/- = 90, score 100", ""}},
		},
		"91 days are not below 91": {
			given: func(s *stage) { s.policy.People = learners(91, 90, 92) },
			alone: true,
			want:  map[string]judged{"org": {"missed -/- = 91, score 99", "The value is equal to the target, and has to pass it."}},
		},
		"182 days": {
			given: func(s *stage) { s.policy.People = learners(182, 182, 10) },
			alone: true,
			want:  map[string]judged{"org": {"missed -/- = 182, score 50", "The value is 91 days beyond the target."}},
		},
		"nobody joined": {
			given: func(s *stage) { s.policy.People = staff(3) },
			alone: true,
			want:  map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
		"two joiners are too few": {
			given: func(s *stage) { s.policy.People = learners(60, 90) },
			alone: true,
			want:  map[string]judged{"org": {"insufficient_data -/- = -, score -", ""}},
		},
		"a median among those who are not productive after 92 days is missed": {
			given: func(s *stage) { s.policy.People = append(learners(60), beginners(2)...) },
			want:  map[string]judged{"org": {"missed -/- = -, score -", remedy}},
		},
		"the same on September 30, after 91 days less than a day": {
			given: func(s *stage) {
				s.policy.People = append(learners(60), beginners(2)...)
				s.seenAt("2026-09-29 23:59:59") // 90 whole days.
			},
			want: map[string]judged{"org": {"pending -/- = -, score -", ""}},
		},
	}
}

// engagements are incidents of mysql that took ada four hours each, one a day:
// her acknowledgement stands for them, and they resolve themselves.
func engagements(s *stage, n int) []facts.Incident {
	list := make([]facts.Incident, 0, n)
	for i := range n {
		at := s.at("2026-07-06 10:00:00").AddDate(0, 0, i)
		list = append(list, incident(fmt.Sprintf("Q%02d", i), at, acknowledged(0, ada), resolved(4*time.Hour, alarm)))
	}
	return list
}

// Of the quarter's 7,948,800 s somebody at full time works 40/168: 1,892,571 s. Less than a
// tenth of it are at most 189,257 s.
func burdenCases() map[string]rubricCase {
	given := func(n int) func(*stage) {
		return func(s *stage) {
			s.policy.People = []scorecard.Person{person("a", "mysql", longAgo), person("b", "mongodb", longAgo)}
			s.policy.People[0].PagerDuty, s.policy.People[1].PagerDuty = ada, bo
			s.incidents = engagements(s, n)
			whole := onCall(s, ada, "2026-01-01", "2027-01-01")
			second := facts.Shift{Policy: "EMONGO", Level: 2, User: bo, Start: whole.Start, End: whole.End}
			s.facts.Shifts = []facts.Shift{whole, second}
		}
	}
	return map[string]rubricCase{
		"13 times four hours": {
			given: given(13),
			// 13 × 14,400 = 187,200.
			want: map[string]judged{
				"mysql":   {"met 187200/1892571 = 0.098913066, score 100", ""},
				"mongodb": {"met 0/1892571 = 0, score 100", ""},
				"oncall":  {"empty -/- = -, score -", ""},
				"org":     {"met 187200/3785142 = 0.049456533, score 100", ""},
			},
		},
		"14 times four hours are too much for one, and not for both": {
			given: given(14),
			// 14 × 14,400 = 201,600; 100 × 189257.1/201600 = 93.877…; 201,600 - 189,257 = 12,343.
			want: map[string]judged{
				"mysql": {
					"missed 201600/1892571 = 0.106521763, score 93.877529762", "3 h 25 min 43 s less of incident work would have met the target.",
				},
				"org": {"met 201600/3785142 = 0.053260882, score 100", ""},
			},
		},
		"27 times four hours are too much for both": {
			given: given(27),
			// 27 × 14,400 = 388,800 of 3,785,142: 0.10271…; 100 × 378514.2/388800 = 97.354…; 388,800 - 378,514 = 10,286.
			want: map[string]judged{"org": {
				"missed 388800/3785142 = 0.102717415, score 97.354475309", "2 h 51 min 26 s less of incident work would have met the target.",
			}},
		},
	}
}
