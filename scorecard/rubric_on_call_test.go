package scorecard_test

import (
	"slices"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func onCallCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"primary_coverage":   primaryCoverageCases(),
		"secondary_coverage": secondaryCoverageCases(),
		"rotation_size":      rotationSizeCases(),
		"rotation_shift":     rotationShiftCases(),
		"escalation_depth":   escalationDepthCases(),
	}
}

// rotating puts teams' policies and shifts on the stage. The policies have three levels.
func (s *stage) rotating(shifts map[string][]facts.Shift) {
	for _, id := range []string{"EMYSQL", "EMONGO", "EONCALL"} {
		s.facts.Policies = append(s.facts.Policies, policy(id, 3))
		for _, shift := range shifts[id] {
			shift.Policy = id
			s.facts.Shifts = append(s.facts.Shifts, shift)
		}
	}
}

// taking turns from Monday, June 1, at nine, for 18 weeks.
func taking(s *stage, turns ...string) []facts.Shift {
	return weekly(s, "2026-06-01 09:00:00", 18, turns...)
}

// missing takes a time out of shifts.
func missing(s *stage, shifts []facts.Shift, from, to string) []facts.Shift {
	var list []facts.Shift
	for _, shift := range shifts {
		before, after := shift, shift
		if at := s.at(from); before.End.After(at) {
			before.End = at
		}
		if at := s.at(to); after.Start.Before(at) {
			after.Start = at
		}
		for _, part := range []facts.Shift{before, after} {
			if part.Start.Before(part.End) && !slices.Contains(list, part) {
				list = append(list, part)
			}
		}
	}
	return list
}

func primaryCoverageCases() map[string]rubricCase {
	return map[string]rubricCase{
		"at every moment": {
			given: func(s *stage) {
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo), "EMONGO": taking(s, cleo, dora)})
			},
			want: map[string]judged{"mysql": {"met 7948800/7948800 = 1, score 100", ""}, "org": {"met 15897600/15897600 = 1, score 100", ""}},
		},
		"one team lacks a Sunday": {
			given: func(s *stage) {
				sunday := missing(s, taking(s, cleo, dora), "2026-08-09", "2026-08-10")
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo), "EMONGO": sunday})
			},
			// 86,400 s: (7948800 - 86400)/7948800 = 0.98913…, and of two teams 0.99456…, whose score is 99 at most.
			want: map[string]judged{
				"mysql":   {"met 7948800/7948800 = 1, score 100", ""},
				"mongodb": {"missed 7862400/7948800 = 0.989130435, score 98.913043478", "24 h less of time with nobody on call would have met the target."},
				"org":     {"missed 15811200/15897600 = 0.994565217, score 99", "24 h less of time with nobody on call would have met the target."},
			},
		},
		"half-way through the quarter": {
			given: func(s *stage) {
				s.seenAt("2026-08-16")
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo)})
			},
			want: map[string]judged{"mysql": {"met 3974400/3974400 = 1, score 100", "No time with nobody on call is left until 1 October."}},
		},
		"nobody at all": {
			given: func(s *stage) { s.rotating(nil) },
			// 92 days are 2208 h.
			want: map[string]judged{"mysql": {"missed 0/7948800 = 0, score 0", "2208 h less of time with nobody on call would have met the target."}},
		},
	}
}

// July has 23 business days, August 21, September 22: 66 days of 8 hours are 1,900,800 s.
func secondaryCoverageCases() map[string]rubricCase {
	return map[string]rubricCase{
		"nights and Sundays need nobody": {
			given: func(s *stage) {
				s.rotating(map[string][]facts.Shift{"EONCALL": missing(s, taking(s, dee), "2026-08-07 17:00:00", "2026-08-10 09:00:00")})
			},
			want: map[string]judged{
				"oncall": {"met 1900800/1900800 = 1, score 100", ""}, "org": {"met 1900800/1900800 = 1, score 100", ""},
			},
		},
		"a Monday was forgotten": {
			given: func(s *stage) {
				s.rotating(map[string][]facts.Shift{"EONCALL": missing(s, taking(s, dee), "2026-08-10", "2026-08-11")})
			},
			// 28,800 s: 1872000/1900800 = 65/66.
			want: map[string]judged{
				"oncall": {"missed 1872000/1900800 = 0.984848485, score 98.484848485", "8 h less of time with nobody on call would have met the target."},
				"org":    {"missed 1872000/1900800 = 0.984848485, score 98.484848485", "8 h less of time with nobody on call would have met the target."},
			},
		},
	}
}

// The last four weeks before October 1 begin on September 3.
func rotationSizeCases() map[string]rubricCase {
	weekdays := func(s *stage) []facts.Shift { return taking(s, ada, bo, cleo, dora) }
	return map[string]rubricCase{
		"four people": {
			given: func(s *stage) {
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo, cleo, dora), "EMONGO": taking(s, ada, bo, cleo, dora), "EONCALL": weekdays(s)})
			},
			want: map[string]judged{
				"mysql": {"met -/- = 4, score 100", ""}, "oncall": {"met -/- = 4, score 100", ""}, "org": {"met -/- = 4, score 100", ""},
			},
		},
		"the team that is furthest below its size is the organisation's": {
			given: func(s *stage) {
				s.policy.Teams[2].Rotation = &scorecard.Rotation{Coverage: scorecard.BusinessHours, Size: 2, Shift: oneWeek}
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo, cleo, dora), "EMONGO": taking(s, ada, bo, cleo), "EONCALL": taking(s, ada, bo)})
			},
			// 4 of 4, 3 of 4, 2 of 2.
			want: map[string]judged{
				"mysql":   {"met -/- = 4, score 100", ""},
				"mongodb": {"missed -/- = 3, score 75", "The value is 1 short of the target."},
				"oncall":  {"met -/- = 2, score 100", ""},
				"org":     {"missed -/- = 3, score 75", "The value is 1 short of the target."},
			},
		},
		"less than one turn is known of three people": {
			given: func(s *stage) {
				s.seenAt("2026-09-27")
				s.since = s.at("2026-08-31")
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo, cleo)})
			},
			want: map[string]judged{"mysql": {"pending -/- = -, score -", ""}},
		},
		"somebody for less than half a shift is nobody": {
			given: func(s *stage) {
				// Evan had from Monday, September 7, at nine to Thursday at 20:59.
				shifts := missing(s, taking(s, ada, bo, cleo), "2026-09-07 09:00:00", "2026-09-10 20:59:00")
				shifts = append(shifts, onCall(s, evan, "2026-09-07 09:00:00", "2026-09-10 20:59:00"))
				s.rotating(map[string][]facts.Shift{"EMYSQL": shifts})
			},
			want: map[string]judged{"mysql": {"missed -/- = 3, score 75", "The value is 1 short of the target."}},
		},
	}
}

// Turns of a week end on 13 Mondays of the quarter, from July 6 to September 28.
func rotationShiftCases() map[string]rubricCase {
	return map[string]rubricCase{
		"every Monday somebody else": {
			given: func(s *stage) {
				s.rotating(map[string][]facts.Shift{"EMYSQL": taking(s, ada, bo), "EMONGO": taking(s, cleo, dora), "EONCALL": taking(s, dee, evan)})
			},
			want: map[string]judged{"mysql": {"met 13/13 = 1, score 100", ""}, "org": {"met 39/39 = 1, score 100", ""}},
		},
		"somebody had two weeks": {
			given: func(s *stage) {
				double := taking(s, ada, bo)
				double[9].User = double[8].User // July 27 to August 10.
				double[10].User = bo            // Then the other one; and so that nobody has three, the rest as before.
				for i := 10; i < len(double); i++ {
					double[i].User = []string{bo, ada}[i%2]
				}
				s.rotating(map[string][]facts.Shift{"EMYSQL": double, "EMONGO": taking(s, cleo, dora), "EONCALL": taking(s, dee, evan)})
			},
			// Two turns became one that is too long: 11 of 12, and 37 of 38 in all.
			want: map[string]judged{
				"mysql": {"missed 11/12 = 0.916666667, score 91.666666667", "1 more of the 12 shifts kept short would have met the target."},
				"org":   {"missed 37/38 = 0.973684211, score 97.368421053", "1 more of the 38 shifts kept short would have met the target."},
			},
		},
		"a permanent one is too long": {
			given: func(s *stage) {
				forever := onCall(s, ada, "2026-01-01", "2026-12-01")
				forever.Permanent = true
				s.rotating(map[string][]facts.Shift{"EMYSQL": {forever}})
			},
			want: map[string]judged{"mysql": {"missed 0/1 = 0, score 0", "1 more of the 1 shifts kept short would have met the target."}},
		},
	}
}

func escalationDepthCases() map[string]rubricCase {
	given := func(mysql, mongodb, oncall int) func(*stage) {
		return func(s *stage) {
			s.facts.Policies = []facts.EscalationPolicy{policy("EMYSQL", mysql), policy("EMONGO", mongodb), policy("EONCALL", oncall)}
		}
	}
	return map[string]rubricCase{
		"three levels and more": {
			given: given(3, 4, 3),
			want: map[string]judged{
				"mysql": {"met -/- = 3, score 100", ""}, "mongodb": {"met -/- = 4, score 100", ""}, "org": {"met -/- = 3, score 100", ""},
			},
		},
		"the least of all teams is the organisation's": {
			given: given(3, 2, 1),
			// 200/3 and 100/3.
			want: map[string]judged{
				"mongodb": {"missed -/- = 2, score 66.666666667", "The value is 1 short of the target."},
				"org":     {"missed -/- = 1, score 33.333333333", "The value is 2 short of the target."},
			},
		},
		"of several policies of a team the least": {
			given: func(s *stage) {
				s.policy.Teams[0].Policies = []string{"EMYSQL", "EOTHER"}
				given(3, 3, 3)(s)
				s.facts.Policies = append(s.facts.Policies, policy("EOTHER", 2))
			},
			want: map[string]judged{"mysql": {"missed -/- = 2, score 66.666666667", "The value is 1 short of the target."}},
		},
	}
}
