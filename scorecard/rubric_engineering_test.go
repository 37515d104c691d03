package scorecard_test

import (
	"time"

	"teamhealth/internal/facts"
)

func engineeringCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"query_performance":     queryPerformanceCases(),
		"migration_success":     migrationCases(),
		"documentation_quality": documentationQualityCases(),
		"system_reliability":    systemReliabilityCases(),
		"automation_coverage":   automationCoverageCases(),
		"postmortem_quality":    postmortemQualityCases(),
		"action_items":          actionItemCases(),
	}
}

func queryPerformanceCases() map[string]rubricCase {
	return map[string]rubricCase{
		"hours are added up, and so are teams": {
			given: func(s *stage) {
				s.facts.Hours = []facts.EventHour{
					counted(s, "mysql", "2026-07-01 00", 1000, 1000), counted(s, "mysql", "2026-09-30 23", 485, 500),
					counted(s, "mongodb", "2026-07-01 00", 98, 100),
					counted(s, "mysql", "2026-06-30 23", 0, 1000), counted(s, "mysql", "2026-10-01 00", 0, 1000), // Of other quarters.
				}
			},
			// 1485/1500 = 0.99; 98/100, of which 100 × 0.01/0.02 = 50; 1583/1600 = 0.989375 lacks 1 to 1584, and 100 × 0.01/0.010625 = 94.117…
			want: map[string]judged{
				"mysql":   {"met 1485/1500 = 0.99, score 100", ""},
				"mongodb": {"missed 98/100 = 0.98, score 50", "1 more of the 100 events good would have met the target."},
				"org":     {"missed 1583/1600 = 0.989375, score 94.117647059", "1 more of the 1600 events good would have met the target."},
			},
		},
		"all are well": {
			given: func(s *stage) { s.facts.Hours = steady(s, "mysql", "2026-07-01", "2026-07-02", 99.5, 100) },
			want: map[string]judged{
				"mysql":   {"met 2388/2400 = 0.995, score 100", ""}, // 24 × 99.5.
				"mongodb": {"no_data -/- = -, score -", ""},
				"org":     {"met 2388/2400 = 0.995, score 100", ""},
			},
		},
		"nothing was asked": {
			given: func(s *stage) { s.facts.Hours = steady(s, "mysql", "2026-07-01", "2026-07-02", 0, 0) },
			want:  map[string]judged{"mysql": {"empty -/- = -, score -", ""}},
		},
	}
}

func migrationCases() map[string]rubricCase {
	return map[string]rubricCase{
		"one went well, one was rolled back, one was declined": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("migration")}, "2026-08-03")
				s.delivers([]doing{labelled("migration", "rolled-back")}, "2026-08-04")
				s.tickets = append(s.tickets, ticket("T-9", s.at("2026-07-01"), labelled("migration"), declinedAt(s.at("2026-08-03"))))
				s.delivers([]doing{labelled("migration"), ofTeam("DRE", "mongodb")}, "2026-08-05")
				s.delivers([]doing{labelled("migration"), ofTeam("SRE")}, "2026-08-05") // Of no database team.
			},
			want: map[string]judged{
				"mysql":   {"tracked 1/3 = 0.333333333, score -", ""},
				"mongodb": {"tracked 1/1 = 1, score -", ""},
				"org":     {"tracked 2/4 = 0.5, score -", ""},
			},
		},
		"none": {
			given: func(*stage) {},
			want:  map[string]judged{"mysql": {"empty -/- = -, score -", ""}, "org": {"empty -/- = -, score -", ""}},
		},
	}
}

func documentationQualityCases() map[string]rubricCase {
	return map[string]rubricCase{
		"the latest one, and for the organisation the one about it": {
			given: func(s *stage) {
				s.records("documentation_quality", said("2026-08-03", "mysql", "4.2", 0), said("2026-07-01", "mysql", "3.5", 0),
					said("2026-10-01", "mysql", "1", 0), said("2025-11-01", "org", "3.75", 0))
			},
			want: map[string]judged{
				"mysql": {"tracked -/- = 4.2, score -", ""}, "mongodb": {"empty -/- = -, score -", ""}, "org": {"tracked -/- = 3.75, score -", ""},
			},
		},
		"teams say nothing of the organisation": {
			given: func(s *stage) { s.records("documentation_quality", said("2026-08-03", "mysql", "4.2", 0)) },
			want:  map[string]judged{"org": {"empty -/- = -, score -", ""}},
		},
	}
}

// The budget of the quarter is 0.001 × 7,948,800 s = 7,948.8 s.
func systemReliabilityCases() map[string]rubricCase {
	given := func(seconds int) func(*stage) {
		return func(s *stage) {
			at := s.at("2026-08-03 10:00:00")
			s.incidents = []facts.Incident{
				outage("Q1", at, time.Duration(seconds)*time.Second, onService("PONCALL1")),
				outage("Q2", at, 24*time.Hour), // Of a database, which is another objective's.
			}
		}
	}
	return map[string]rubricCase{
		"7948 s of downtime": {
			given: given(7948),
			want: map[string]judged{
				"oncall": {"met 7940852/7948800 = 0.999000101, score 100", ""}, "org": {"met 7940852/7948800 = 0.999000101, score 100", ""},
			},
		},
		"15,000 s of downtime": {
			given: given(15000),
			// 100 × 7948.8/15000 = 52.992; 15,000 - 7,948 = 7,052 s.
			want: map[string]judged{
				"oncall": {"missed 7933800/7948800 = 0.998112923, score 52.992", "1 h 57 min 32 s less of downtime would have met the target."},
				"org":    {"missed 7933800/7948800 = 0.998112923, score 52.992", "1 h 57 min 32 s less of downtime would have met the target."},
			},
		},
	}
}

func automationCoverageCases() map[string]rubricCase {
	return map[string]rubricCase{
		"one of two services": {
			given: func(s *stage) { s.delivers([]doing{labelled("automation", "PONCALL2")}, "2026-01-05") },
			want: map[string]judged{
				"oncall": {"tracked 1/2 = 0.5, score -", ""}, "org": {"tracked 1/2 = 0.5, score -", ""},
			},
		},
	}
}

// sixSections are a text with all that is asked for but lessons and action items,
// which are tickets.
const sixSections = `h2. Summary
Writes failed for an hour.
h2. Impact
One in ten orders.
h2. Timeline
10:00 alert, 10:05 answered, 11:00 resolved.
h2. Root cause
A full disk.
h2. Detection
By the alert on free space.
h2. Resolution
Logs were moved away.
h2. Lessons
TBD
h2. Action items
`

func postmortemQualityCases() map[string]rubricCase {
	return map[string]rubricCase{
		"7 and 6 of 8 sections, and none": {
			given: func(s *stage) {
				s.tickets = []facts.Ticket{
					review(s, "DRE-1", "Q1", "2026-08-05", described(sixSections), linkedTo("DRE-9")),
					review(s, "DRE-2", "Q2", "2026-08-05", described(sixSections)),
					review(s, "DRE-3", "Q3", "2026-08-05", ofTeam("DRE", "mongodb"), described("We fixed it.")),
					ticket("DRE-9", s.at("2026-08-05"), labelled("action")),
				}
			},
			want: map[string]judged{
				"mysql":   {"tracked 13/16 = 0.8125, score -", ""},
				"mongodb": {"tracked 0/8 = 0, score -", ""},
				"org":     {"tracked 13/24 = 0.541666667, score -", ""},
				"oncall":  {"empty -/- = -, score -", ""},
			},
		},
	}
}

func actionItemCases() map[string]rubricCase {
	item := func(s *stage, key, created string, what ...doing) facts.Ticket {
		return ticket(key, s.at(created), append(what, labelled("action"))...)
	}
	return map[string]rubricCase{
		"delivered on the thirtieth day, a second later, never, and not due in the quarter": {
			given: func(s *stage) {
				s.tickets = []facts.Ticket{
					item(s, "DRE-1", "2026-07-01 12:00:00", deliveredAt(s.at("2026-07-31 12:00:00"))),
					item(s, "DRE-2", "2026-07-01 12:00:00", deliveredAt(s.at("2026-07-31 12:00:01"))),
					item(s, "DRE-3", "2026-09-01"),                                                 // Due on October 1.
					item(s, "DRE-4", "2026-08-31 23:59:59"),                                        // Due a second before.
					item(s, "SRE-1", "2026-06-01", ofTeam("SRE"), deliveredAt(s.at("2026-06-02"))), // Due on July 1.
				}
			},
			want: map[string]judged{
				"mysql":  {"tracked 1/3 = 0.333333333, score -", ""},
				"oncall": {"tracked 1/1 = 1, score -", ""},
				"org":    {"tracked 2/4 = 0.5, score -", ""},
			},
		},
		"not due yet": {
			given: func(s *stage) {
				s.seenAt("2026-07-31 11:59:59")
				s.tickets = []facts.Ticket{item(s, "DRE-1", "2026-07-01 12:00:00")}
			},
			want: map[string]judged{"mysql": {"pending -/- = -, score -", ""}, "org": {"pending -/- = -, score -", ""}},
		},
	}
}
