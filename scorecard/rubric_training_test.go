package scorecard_test

import (
	"fmt"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func trainingCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"onboarding":         onboardingCases(),
		"mentorship":         mentorshipCases(),
		"quarterly_training": onePerQuarter("training"),
		"cross_training":     crossTrainingCases(),
		"certifications":     certificationCases(),
	}
}

// newcomers join on July 1 and have the Jira accounts new0, new1 and so on.
func newcomers(n int) []scorecard.Person {
	list := make([]scorecard.Person, 0, n)
	for i := range n {
		p := person(fmt.Sprint("n", i), "mysql", day(7, 1))
		p.Jira = fmt.Sprint("new", i)
		list = append(list, p)
	}
	return list
}

// welcomed is an onboarding ticket of an account.
func welcomed(s *stage, account, on string) facts.Ticket {
	return ticket("ON-"+account, s.at("2026-07-01"), ofType("Onboarding"), assignedTo(s.at("2026-07-02"), account), deliveredAt(s.at(on)))
}

func onboardingCases() map[string]rubricCase {
	return map[string]rubricCase{
		"28 days after the first day": {
			given: func(s *stage) {
				s.policy.People, s.tickets = newcomers(1), []facts.Ticket{welcomed(s, "new0", "2026-07-29")}
			},
			want: map[string]judged{"org": {"met 1/1 = 1, score 100", ""}},
		},
		"one in time, one a second late, one without": {
			given: func(s *stage) {
				s.policy.People = newcomers(3)
				s.tickets = []facts.Ticket{welcomed(s, "new0", "2026-07-29"), welcomed(s, "new1", "2026-07-29 00:00:01")}
			},
			want: map[string]judged{"org": {"missed 1/3 = 0.333333333, score 33.333333333", "2 more of the 3 in time would have met the target."}},
		},
		"28 days are not over": {
			given: func(s *stage) {
				s.policy.People = newcomers(1)
				s.seenAt("2026-07-28 23:59:59")
			},
			want: map[string]judged{"org": {"pending -/- = -, score -", ""}},
		},
		"nobody joined": {
			given: func(s *stage) { s.policy.People = staff(3) },
			want:  map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
	}
}

func mentorshipCases() map[string]rubricCase {
	mentor := person("m", "oncall", longAgo, ofLevel("L5"))
	return map[string]rubricCase{
		"a mentor of level L5": {
			given: func(s *stage) {
				s.policy.People = []scorecard.Person{mentor, person("j", "mysql", day(7, 1), mentored)}
			},
			want: map[string]judged{"org": {"met 1/1 = 1, score 100", ""}},
		},
		"one of four has none": {
			given: func(s *stage) {
				s.policy.People = []scorecard.Person{
					mentor, person("a", "mysql", day(7, 1), mentored), person("b", "mysql", day(8, 1), mentored),
					person("c", "oncall", day(9, 30), mentored), person("d", "mongodb", day(9, 30)), person("e", "mysql", day(10, 1)),
				}
			},
			want: map[string]judged{"org": {
				"missed 3/4 = 0.75, score 75", "1 more of the 4 joiners with a senior mentor would have met the target.",
			}},
		},
		"nobody joined": {
			given: func(s *stage) { s.policy.People = staff(3) },
			want:  map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
	}
}

// onePerQuarter is about one ticket of a label for each team; the organisation has no row.
func onePerQuarter(label string) map[string]rubricCase {
	return map[string]rubricCase{
		"mysql had one, the others none": {
			given: func(s *stage) { s.delivers([]doing{labelled(label)}, "2026-09-30") },
			want: map[string]judged{
				"mysql":  {"met -/- = 1, score 100", ""},
				"oncall": {"missed -/- = 0, score 0", "1 more would have met the target."},
			},
		},
		"there is time left": {
			given: func(s *stage) { s.seenAt("2026-08-16") },
			want:  map[string]judged{"mysql": {"pending -/- = 0, score -", "1 more before 1 October meet the target."}},
		},
	}
}

func crossTrainingCases() map[string]rubricCase {
	return map[string]rubricCase{
		"two of mysql and one of nobody": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("cross-training")}, "2026-08-03", "2026-08-04")
				s.delivers([]doing{labelled("cross-training"), ofTeam("OTHER")}, "2026-08-04")
			},
			want: map[string]judged{
				"mysql": {"tracked -/- = 2, score -", ""}, "oncall": {"tracked -/- = 0, score -", ""}, "org": {"tracked -/- = 3, score -", ""},
			},
		},
	}
}

func certificationCases() map[string]rubricCase {
	return map[string]rubricCase{
		"three and one in the year so far": {
			given: func(s *stage) {
				s.records("certification", said("2026-01-01", "mysql", "3", 0), said("2026-09-30", "org", "1", 0),
					said("2025-12-31", "mysql", "1", 0), said("2026-10-01", "mysql", "1", 0))
			},
			want: map[string]judged{"org": {"tracked -/- = 4, score -", ""}},
		},
	}
}
