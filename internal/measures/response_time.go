package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func responseTime() Measure {
	return Measure{
		ID: scorecard.MeasureResponseTime, Title: "Response time",
		Question: "Which share of the incidents did a person answer in time?",
		equation: always(shareOf([]string{"within"}, []string{"late", "unanswered"})),
		Reading: "The answer is the earliest of: an acknowledgement by a person, a responder's acceptance, a resolve or a merge by a person. Services, integrations, API keys and the accounts of `sources.pagerduty.bots` are not people. Taking an acknowledgement back does not undo the first answer, and a reopening does not start the clock again.\n\n" +
			"A target of 0.90 means the same as \"the 90th percentile is the threshold or less\", and needs no percentile: shares of counts add up over teams and can be compared.\n\n" +
			"The interval is not that of the incidents but that of the episodes: incidents of a team that begin within 30 minutes of each other mostly have one cause, and are no independent trials.",
		Population: "Incidents that were created in the period, of the subject's services. The first of `merged`, `low_urgency` and `exception` that applies wins, then the others.",
		Classes: []Class{
			{"within", scorecard.InNumerator, "answered no later than the threshold after it was created"},
			{"late", scorecard.InDenominator, "answered later"},
			{"unanswered", scorecard.InDenominator, "never answered by a person: resolved by none, or still open, for longer than the threshold"},
			{"merged", scorecard.NotCounted, "merged into another incident within the threshold, so that the other one asks for the answer"},
			{"low_urgency", scorecard.NotCounted, "its urgency at the trigger is none of `incidents.urgency`, so that nobody was to be woken up"},
			{"exception", scorecard.NotCounted, "an exception takes it out"},
			{"self_healed", scorecard.NotCounted, "resolved by no person within the threshold, before anybody answered: it needed nobody. That is decided at the first resolve"},
			{"pending", scorecard.NotCounted, "open and unanswered, and the threshold has not passed yet"},
		},
		Org:        "The classes of all its teams, added up and divided once.",
		Needs:      []string{"`pagerduty.services` of a team"},
		Sources:    []Source{{facts.PagerDuty, "incidents, their log entries and responders", "", nil}},
		Parameters: []Parameter{{"threshold", true, "", "The time within which an answer is in time, such as `5m`."}},
		Details: []Field{
			{"threshold_seconds", "The threshold."},
			{"p50_seconds", "Median of the response times, by nearest rank over answered and unanswered incidents, the unanswered ones as the longest. Null with fewer than 6 incidents, or where the rank falls among the unanswered."},
			{"p90_seconds", "The same for 90%; null with fewer than 36."},
			{"p95_seconds", "The same for 95%; null with fewer than 72."},
			{"self_healed_share", "self_healed / (self_healed + denominator); null when there are none of them."},
			{"episodes.within", "Episodes all of whose incidents are within."},
			{"episodes.total", "Runs of judged incidents of one team, each within 30 minutes of the one before."},
		},
		Evidence: "Every incident of the population; the value of an answered one is its response time in seconds.",
		Caveats:  all(responseCaveats(), unmapped(), ofHistory(), unlisted(), ofIncidents()),
		Origin:   "A share within a threshold, as service level objectives are put (Site Reliability Workbook, 2018, chapter 2). Interval: E. B. Wilson, Probable Inference, JASA 22 (1927). Percentiles: nearest rank. Trend: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.",
	}
}

func responseCaveats() []Caveat {
	return []Caveat{
		{
			"… incidents resolved themselves before anybody answered, more than three in ten: the alerts may be noisy, and the value rests on the rest.",
			"The share is about what is left. Delete or delay the alerts that need nobody.",
		},
		{
			"Of … judged incidents no log entry is known, so nobody can tell whether they were answered.",
			"They count as unanswered, so the value may be too low. They lower the coverage.",
		},
		{
			"Of … judged incidents the urgency is unknown; they are counted.",
			"Leaving them out would hide them. They lower the coverage.",
		},
		{
			"Judged incidents that were acknowledged in bulk, at least five by one person within seconds of each other: …. They count as answered.",
			"Each came within 5 s of the one before. Somebody silenced their pager, or answered one cause of many incidents: nobody can tell which. They lower the coverage.",
		},
		{
			"Judged incidents that were given to somebody else, unanswered, in the last minute of the threshold: …. The clock went on.",
			"Whoever got it had no time left to answer it. They lower the coverage.",
		},
	}
}
