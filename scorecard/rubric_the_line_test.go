package scorecard_test

import (
	"fmt"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func theLineCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"engineer_change_requests": changeRequestCases(),
		"sre_coding":               codingCases(),
		"executed_by_oncall":       executionCases(),
		"walkthroughs":             walkthroughCases(),
	}
}

// bothLines puts three engineers and three SREs on the roster, with the accounts eng0 to sre2.
func bothLines(s *stage) {
	s.policy.People = nil
	for i := range 3 {
		e, sre := person(fmt.Sprint("e", i), "mysql", longAgo), person(fmt.Sprint("s", i), "oncall", longAgo)
		e.Jira, sre.Jira, sre.Line = fmt.Sprint("eng", i), fmt.Sprint("sre", i), scorecard.LinePersonSRE
		s.policy.People = append(s.policy.People, e, sre)
	}
}

// work is that of some accounts, one delivered ticket of each, in an organisation of both lines.
func work(s *stage, kind doing, by ...string) {
	bothLines(s)
	for i, account := range by {
		s.tickets = append(s.tickets, ticket(fmt.Sprintf("W-%02d", i), s.at("2026-08-01"), kind, createdBy(account),
			assignedTo(s.at("2026-08-02"), account), deliveredAt(s.at("2026-08-10"))))
	}
}

// six tickets of engineers and four of SREs, and one of somebody who is on no roster.
func six() []string {
	return []string{"eng0", "eng0", "eng0", "eng1", "eng1", "eng2", "sre0", "sre0", "sre1", "sre2", "guest"}
}

func changeRequestCases() map[string]rubricCase {
	return map[string]rubricCase{
		"6 of 10 are engineers'": {
			given: func(s *stage) { work(s, ofType("Change"), six()...) },
			want:  map[string]judged{"org": {"tracked 6/10 = 0.6, score -", ""}},
		},
		"9 are too few": {
			given: func(s *stage) { work(s, ofType("Change"), six()[1:]...) },
			want:  map[string]judged{"org": {"insufficient_data -/- = -, score -", ""}},
		},
		"two SREs are too few": {
			given: func(s *stage) {
				work(s, ofType("Change"), append(six(), "eng2")...)
				s.policy.People = s.policy.People[:5]
			},
			want: map[string]judged{"org": {"insufficient_data -/- = -, score -", ""}},
		},
	}
}

func codingCases() map[string]rubricCase {
	return map[string]rubricCase{
		"4 of 10 were done by SREs": {
			given: func(s *stage) { work(s, labelled("coding"), six()...) },
			want:  map[string]judged{"org": {"tracked 4/10 = 0.4, score -", ""}},
		},
	}
}

// The 90 days before August 10 begin on May 12.
func executionCases() map[string]rubricCase {
	return map[string]rubricCase{
		"one engineer and one SRE were on call in the 90 days before": {
			given: func(s *stage) {
				work(s, ofType("Change"), six()...)
				s.facts.Shifts = []facts.Shift{
					{Policy: "EMYSQL", Level: 1, User: "PUSERe0", Start: s.at("2026-05-04"), End: s.at("2026-05-12 00:00:01")},
					{Policy: "EMYSQL", Level: 1, User: "PUSERe1", Start: s.at("2026-05-04"), End: s.at("2026-05-12")},
					{Policy: "EONCALL", Level: 3, User: "PUSERs0", Start: s.at("2026-08-09"), End: s.at("2026-08-16")},
				}
			},
			// Three of eng0 and two of sre0.
			want: map[string]judged{"org": {"tracked 5/10 = 0.5, score -", ""}},
		},
	}
}

func walkthroughCases() map[string]rubricCase {
	return map[string]rubricCase{
		"two": {
			given: func(s *stage) { s.delivers([]doing{labelled("walkthrough")}, "2026-08-03", "2026-08-04") },
			want:  map[string]judged{"org": {"tracked -/- = 2, score -", ""}},
		},
		"none is a number": {
			given: func(*stage) {},
			want:  map[string]judged{"org": {"tracked -/- = 0, score -", ""}},
		},
	}
}
