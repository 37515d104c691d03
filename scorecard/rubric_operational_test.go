package scorecard_test

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

func operationalCases() map[string]map[string]rubricCase {
	return map[string]map[string]rubricCase{
		"database_uptime":        databaseUptimeCases(),
		"incident_response":      incidentResponseCases(),
		"postmortem_completion":  postmortemCompletionCases(),
		"documentation_coverage": documentationCoverageCases(),
	}
}

// The budget of the quarter is 0.00001 × 7,948,800 s = 79.488 s for a service; a service
// that was down for d seconds has the score 100 × 79.488 / d.
func databaseUptimeCases() map[string]rubricCase {
	return map[string]rubricCase{
		"79 s of downtime are within the budget": {
			given: func(s *stage) {
				s.incidents = []facts.Incident{outage("Q1", s.at("2026-08-03 10:00:00"), 79*time.Second)}
			},
			// 1 - 79/7948800 = 0.99999006…
			want: map[string]judged{
				"mysql":   {"met 7948721/7948800 = 0.999990061, score 100", ""},
				"mongodb": {"met 7948800/7948800 = 1, score 100", ""},
				"org":     {"met 7948721/7948800 = 0.999990061, score 100", ""},
			},
		},
		"the worst service decides, and that of the worst team for the organisation": {
			given: func(s *stage) {
				at := s.at("2026-08-03 10:00:00")
				s.incidents = []facts.Incident{
					outage("Q1", at, 160*time.Second), outage("Q2", at, 100*time.Second, onService("PMYSQL2")),
					outage("Q3", at, 200*time.Second, onService("PMONGO1")), outage("Q4", at, time.Hour, onService("PONCALL1")),
				}
			},
			// 100 × 79.488/160 = 49.68 and 100 × 79.488/200 = 39.744; 79 whole seconds are allowed, 160 - 79 = 81, 200 - 79 = 121.
			want: map[string]judged{
				"mysql":   {"missed 7948640/7948800 = 0.999979871, score 49.68", "1 min 21 s less of downtime would have met the target."},
				"mongodb": {"missed 7948600/7948800 = 0.999974839, score 39.744", "2 min 1 s less of downtime would have met the target."},
				"org":     {"missed 7948600/7948800 = 0.999974839, score 39.744", "2 min 1 s less of downtime would have met the target."},
			},
		},
		"half-way through the quarter, its whole budget is there": {
			given: func(s *stage) {
				s.seenAt("2026-08-16") // After 46 of 92 days, 3,974,400 s.
				s.incidents = []facts.Incident{outage("Q1", s.at("2026-08-03 10:00:00"), 8*time.Second)}
			},
			// 79.488 - 8 = 71.488.
			want: map[string]judged{"mysql": {
				"met 3974392/3974400 = 0.999997987, score 100", "1 min 11 s of downtime are left until 1 October.",
			}},
		},
		"a team of which no service counts": {
			given: func(s *stage) {
				s.policy.Incidents.OutageServices = []string{"PMYSQL1"}
				s.incidents = []facts.Incident{outage("Q1", s.at("2026-08-03 10:00:00"), time.Hour, onService("PMONGO1"))}
			},
			want: map[string]judged{"mysql": {"met 7948800/7948800 = 1, score 100", ""}, "mongodb": {"empty -/- = -, score -", ""}},
		},
		"no priority on any incident is no downtime of 0": {
			given: func(s *stage) {
				s.incidents = []facts.Incident{incident("Q1", s.at("2026-08-03 10:00:00"), resolved(time.Hour, ada))}
			},
			want: map[string]judged{"mysql": {"no_data -/- = -, score -", ""}, "mongodb": {"met 7948800/7948800 = 1, score 100", ""}},
		},
	}
}

// answers are incidents on a service, two hours apart: some that ada answered
// after 300 s, which is in time, and then some that she answered a second later.
func answers(s *stage, service string, within, late int) []facts.Incident {
	list := make([]facts.Incident, 0, within+late)
	for n := range within + late {
		after := 300 * time.Second
		if n >= within {
			after += time.Second
		}
		at := s.at("2026-07-06").Add(time.Duration(n) * 2 * time.Hour)
		list = append(list, incident(fmt.Sprintf("Q%s%03d", service, n), at, onService(service), acknowledged(after, ada), resolved(time.Hour, ada)))
	}
	return list
}

func incidentResponseCases() map[string]rubricCase {
	return map[string]rubricCase{
		"9 of 10 within 5 minutes": {
			given: func(s *stage) { s.incidents = answers(s, "PMYSQL1", 9, 1) },
			want: map[string]judged{
				"mysql": {"met 9/10 = 0.9, score 100", ""}, "mongodb": {"empty -/- = -, score -", ""}, "org": {"met 9/10 = 0.9, score 100", ""},
			},
		},
		"teams are added up, and divided once": {
			given: func(s *stage) {
				s.incidents = append(answers(s, "PMYSQL1", 9, 1), answers(s, "PMONGO1", 2, 3)...)
			},
			// mongodb: 100 × 0.1/0.6 = 16.66…, and 0.9 × 5 = 4.5 wants 5. All: 11/15 = 0.733…, 100 × 0.1/(4/15) = 37.5, and 13.5 wants 14.
			want: map[string]judged{
				"mysql":   {"met 9/10 = 0.9, score 100", ""},
				"mongodb": {"missed 2/5 = 0.4, score 16.666666667", "3 more of the 5 in time would have met the target."},
				"org":     {"missed 11/15 = 0.733333333, score 37.5", "3 more of the 15 in time would have met the target."},
			},
		},
		"half-way through the quarter, 24 in all may have 2 late ones": {
			given: func(s *stage) {
				s.seenAt("2026-08-16")
				s.incidents = answers(s, "PMYSQL1", 12, 0)
			},
			want: map[string]judged{"mysql": {"met 12/12 = 1, score 100", "2 of the next 12 may be late."}},
		},
		"noise is no answer and no miss": {
			given: func(s *stage) {
				at := s.at("2026-08-03 10:00:00")
				s.incidents = append(answers(s, "PMYSQL1", 1, 0), incident("Q1", at, resolved(5*time.Minute, alarm)),
					incident("Q2", at, lowUrgency), incident("Q3", at, mergedAway(5*time.Minute, ada)))
			},
			want: map[string]judged{"mysql": {"met 1/1 = 1, score 100", ""}},
		},
		"4 minutes old and open is neither": {
			given: func(s *stage) {
				s.seenAt("2026-08-03 10:04:00")
				s.incidents = []facts.Incident{incident("Q1", s.at("2026-08-03 10:00:00"))}
			},
			want: map[string]judged{"mysql": {"pending -/- = -, score -", ""}, "org": {"pending -/- = -, score -", ""}},
		},
	}
}

// aftermath is an incident of Monday, August 3, that took ada an hour; its
// post-mortem is due on Monday, August 10.
func aftermath(s *stage, id, service string) facts.Incident {
	return incident(id, s.at("2026-08-03 10:00:00"), onService(service), acknowledged(time.Minute, ada), resolved(time.Hour, ada))
}

// review is a post-mortem of an incident, delivered on a day.
func review(s *stage, key, id, on string, what ...doing) facts.Ticket {
	return ticket(key, s.at("2026-08-03 12:00:00"), append(what, ofType("Post-mortem"), labelled("pd-"+id), deliveredAt(s.at(on)))...)
}

func postmortemCompletionCases() map[string]rubricCase {
	return map[string]rubricCase{
		"all have one, one of them late": {
			given: func(s *stage) {
				s.incidents = []facts.Incident{aftermath(s, "Q1", "PMYSQL1"), aftermath(s, "Q2", "PMYSQL2")}
				s.tickets = []facts.Ticket{review(s, "DRE-1", "Q1", "2026-08-10 11:00:00"), review(s, "DRE-2", "Q2", "2026-10-10")}
			},
			want: map[string]judged{
				"mysql": {"met 2/2 = 1, score 100", ""}, "mongodb": {"empty -/- = -, score -", ""}, "org": {"met 2/2 = 1, score 100", ""},
			},
		},
		"one of three has none": {
			given: func(s *stage) {
				s.incidents = []facts.Incident{aftermath(s, "Q1", "PMYSQL1"), aftermath(s, "Q2", "PMYSQL2"), aftermath(s, "Q3", "PMONGO1")}
				s.tickets = []facts.Ticket{review(s, "DRE-1", "Q1", "2026-08-05"), review(s, "DRE-3", "Q3", "2026-08-05", ofTeam("DRE", "mongodb"))}
			},
			want: map[string]judged{
				"mysql":   {"missed 1/2 = 0.5, score 50", "1 more of the 2 meet the target: deliver post-mortems that are missing."},
				"mongodb": {"met 1/1 = 1, score 100", ""},
				"org":     {"missed 2/3 = 0.666666667, score 66.666666667", "1 more of the 3 meet the target: deliver post-mortems that are missing."},
			},
		},
		"before the fifth business day nothing is missing": {
			given: func(s *stage) {
				s.seenAt("2026-08-10 10:59:59")
				s.incidents = []facts.Incident{aftermath(s, "Q1", "PMYSQL1")}
			},
			want: map[string]judged{"mysql": {"pending -/- = -, score -", ""}},
		},
	}
}

func documentationCoverageCases() map[string]rubricCase {
	return map[string]rubricCase{
		"each service has a runbook of the 365 days before October 1": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("runbook", "PMYSQL1", "PMYSQL2")}, "2025-10-01")
				s.delivers([]doing{labelled("runbook", "PMONGO1")}, "2026-09-30")
				s.delivers([]doing{labelled("runbook", "PONCALL1", "PONCALL2")}, "2026-07-01")
			},
			want: map[string]judged{"mysql": {"met 2/2 = 1, score 100", ""}, "org": {"met 5/5 = 1, score 100", ""}},
		},
		"one is a second too old": {
			given: func(s *stage) {
				s.delivers([]doing{labelled("runbook", "PMYSQL1")}, "2025-09-30 23:59:59")
				s.delivers([]doing{labelled("runbook", "PMYSQL2")}, "2026-07-01")
				s.delivers([]doing{labelled("runbook", "PMONGO1")}, "2026-07-01")
			},
			// More than 0.9 × 2 is 2, and more than 0.9 × 5 = 4.5 is 5; 100 × 0.1/0.5 = 20, 100 × 0.1/0.6 = 16.66…
			want: map[string]judged{
				"mysql":   {"missed 1/2 = 0.5, score 20", "1 more of the 2 would have met the target."},
				"mongodb": {"met 1/1 = 1, score 100", ""},
				"org":     {"missed 2/5 = 0.4, score 16.666666667", "3 more of the 5 would have met the target."},
			},
		},
		"exactly 90% are not more than 90%": {
			given: func(s *stage) {
				team := &s.policy.Teams[1]
				team.Services = []string{"P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"}
				s.delivers([]doing{labelled(append([]string{"runbook"}, team.Services[:9]...)...)}, "2026-07-01")
				s.seenAt("2026-08-16")
			},
			// 100 × 0.1/0.1 would be 100.
			want: map[string]judged{"mongodb": {
				"missed 9/10 = 0.9, score 99",
				"1 more of the 10 meet the target: deliver tickets of class runbook that name the services without.",
			}},
		},
	}
}
