package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func events() Measure {
	return Measure{
		ID: scorecard.MeasureEvents, Title: "Good events",
		Question: "Which share of all events, such as queries, were good ones?",
		equation: always(ratioOf("good events", "total events")),
		Reading: "Good and total events are counted hour by hour and added up over the period; the sums are divided once. That is why a latency target is put as a share: \"P99 < 50 ms\" is \"at least 0.99 of the queries within 50 ms\". Percentiles of hours cannot be added up or averaged to one of a quarter, and shares of counts can.\n\n" +
			"Hours that Prometheus has no answer for are not counted, neither as good nor as bad; they lower the row's coverage. They are asked for again as long as Prometheus may still have them. Where an hour has more good than total events, all of its events count as good.\n\n" +
			"Where nothing of the period is known the row is `no_data`; where hours are known and nothing happened in them it is `empty`. There is no interval: events come in storms, and so many of them would call any difference a certain one.",
		Population: "The hours of the period up to the horizon, each of every team to which the objective applies.",
		Classes:    hours(),
		Org:        "Good and total events of all its teams, added up and divided once.",
		Needs:      []string{"`good` and `total` of the objective"},
		Sources:    []Source{{facts.Prometheus, "the values of two expressions at the end of every hour, see [Prometheus](../prometheus.md)", "", nil}},
		Parameters: []Parameter{
			{"good", false, "", "PromQL that counts the good events of one hour, such as `sum(increase(…[1h]))`; `$team` is the team's id. Without it the row is `no_data`."},
			{"total", false, "", "PromQL that counts all events of one hour."},
		},
		Evidence: ofDays,
		Caveats:  all(ofHours(), ofHistory()),
		Origin:   "Good events / valid events is how the Site Reliability Workbook (Beyer et al., 2018, chapter 2) writes every service level indicator.",
	}
}

const ofDays = "Every day of every team with its good events, which add up to the numerator; the reason names the hours of which nothing is known."

// hours are the classes of a row that counts events.
func hours() []Class {
	return []Class{
		{"counted", scorecard.InNumerator, "its events are known"},
		{"clamped", scorecard.InNumerator, "its events are known, and more of them were good than there were; all count as good"},
		{"missing", scorecard.NotCounted, "nothing is known of it"},
	}
}

func ofHours() []Caveat {
	return []Caveat{
		{
			"Hours of which nothing is known: … of …. What happened in them is not counted.",
			"Prometheus was down, had no such series, or no longer keeps the time. They lower the coverage by their share.",
		},
		{
			"No hour of … is known, so the value does not see it.",
			"The organisation's number is about the other teams. Look at what `$team` becomes in the expressions.",
		},
		{
			"Hours in which more events were counted as good than there were: …. All of theirs count as good.",
			"The two expressions do not count the same events, or a counter was reset between them. They lower the coverage.",
		},
	}
}
