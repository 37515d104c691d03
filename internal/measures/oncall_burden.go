package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func oncallBurden() Measure {
	return Measure{
		ID: scorecard.MeasureOncallBurden, Title: "On-call burden",
		Question: "Which share of their working time did incidents take of the people on call?",
		equation: always(ratioOf("covered time", "working time")),
		Reading: "Both are seconds. A person's covered time is the union, within the period, of:\n\n" +
			"1. engagements: from their acknowledgement or acceptance of a high-urgency incident to its resolve, a handover that leaves them out, taking the acknowledgement back, or a snooze. Within it every action of theirs, the first one included, stands for the time from then on up to `engagement.maximum`, as far as the engagement goes, and at least for `engagement.minimum`;\n" +
			"2. `engagement.minimum` from every other action of theirs on any incident;\n" +
			"3. `engagement.minimum` from every page to them by push, phone or SMS; the first one opens 60 s in which further ones are the same page.\n\n" +
			"Working time is, over those who were on call anywhere at level 1 or 2, or have covered time, in the period: `working_week.hours` / 168 × the time for which they were employed × `fte`, rounded to whole seconds per person. Whoever changed teams counts with each for the time there.\n\n" +
			"It is a lower bound: only what leaves a trace in PagerDuty is seen. Post-mortems and follow-up work are not.",
		Population: "Incidents of any service and time that took time of the subject's people in the period.",
		Classes: []Class{
			{"engaged", scorecard.InNumerator, "somebody was engaged in it"},
			{"action", scorecard.InNumerator, "somebody did something about it, and nobody was engaged"},
			{"page", scorecard.InNumerator, "somebody was paged for it, and nobody did anything"},
			{"exception", scorecard.NotCounted, "an exception takes it, or the team's part of it, out"},
			{"people", scorecard.InDenominator, "in the evidence only: how many people the working time is of"},
		},
		Org:     "Covered time and working time of all its teams, added up and divided once.",
		Needs:   []string{"`people` with their PagerDuty accounts, so that there is anybody to bear anything"},
		Sources: []Source{{facts.PagerDuty, "incidents, log entries with the medium of pages, on-call shifts", "", nil}},
		Details: []Field{
			{"worst_person", "The largest ratio of one person over the period; null with fewer than 3 people, as everybody would know whose it is."},
			{"worst_week", "The largest ratio of one person over the part of one calendar week in the period, of at least 24 h; null with fewer than 3 people."},
			{"pages.business", "Pages on Monday to Friday, 8 to 18, in the zone of the person."},
			{"pages.sleep", "Pages from 22 to 8."},
			{"pages.off", "All other pages."},
			{"oncall_share", "Share of their time that people were on call at level 1, the mean over those who were at all. Google's advice is 25% at most."},
			{"pages_per_shift_max", "The most pages to one person within any 12 hours. Google's advice is 2 incidents at most."},
		},
		Evidence: "Every incident of the population, and how many people there are; nobody is named. The values of the incidents add up to the numerator: a second that somebody spent on several of them is the one's that had it first.",
		Caveats:  all(burdenCaveats(), ofHistory(), ofIncidents(), ofShifts()),
		Origin:   "The share of time that incidents take, against working time instead of all time, so that a share of 10% is a tenth of the week's work. What is context beside it is from Site Reliability Engineering (Beyer et al., 2016, chapter 11).",
	}
}

func burdenCaveats() []Caveat {
	return []Caveat{
		{
			"This is a lower bound: only what leaves a trace in PagerDuty is seen, post-mortems and follow-up work are not.",
			"The true burden is larger. The sentence stands on every row, and lowers nothing.",
		},
		{
			"Of … incidents PagerDuty does not tell to whom they were handed over; those who had them are counted as if they had kept them.",
			"The value may be too high. They lower the coverage.",
		},
		{
			"Of … incidents the urgency is unknown; they are counted as high.",
			"The value may be too high. They lower the coverage.",
		},
		{
			"Of … incidents no log entry is known, so what they took is not counted.",
			"The value is too low by what they took.",
		},
		{
			"Incidents that somebody acted on who is on no roster: …. Their time is not counted.",
			"The value is too low by their time. They lower the coverage. Write the accounts into the roster, or into `sources.pagerduty.bots`.",
		},
		{
			"Schedules at the first two levels that PagerDuty does not show: …. Who is on call by them alone is not compared with.",
			"Their working time is missing, so the value is too high. Give the token the right to read the schedules.",
		},
		{
			"No on-call shift in the period is known: only those who acted or were paged are compared with.",
			"The working time of those who had a quiet shift is missing, so the value is too high. PagerDuty's plan lacks on-calls, or the token may not read them.",
		},
	}
}
