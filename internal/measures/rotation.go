package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// ofRotation is what rows about rotations need.
func ofRotation() []string {
	return []string{"`rotation` of a team", "`pagerduty.escalation_policies` of the team, or services that name one"}
}

func fromShifts() []Source {
	return []Source{{facts.PagerDuty, "escalation policies and on-call shifts", "", nil}}
}

func rotationCoverage() Measure {
	return Measure{
		ID: scorecard.MeasureRotationCoverage, Title: "Rotation coverage",
		Question: "For which share of the time that a team promises to cover was somebody on call?",
		equation: always(ratioOf("seconds with somebody on call", "seconds to cover")),
		Reading: "On call means: at the first level of the team's escalation policies. An incident is escalated by the one policy of its service, so where a team has several policies, a second is covered when each of them has somebody. A policy that is not meant to be staffed is kept out by listing the others as `escalation_policies`.\n\n" +
			"With `coverage: 24x7` all time of the period up to the horizon is to be covered; with `business`, the hours of `working_week` on days that are no holidays.",
		Population: "Unbroken runs of time to cover, each all covered or all not. Time that need not be covered, such as a night, breaks no run.",
		Classes: []Class{
			{"covered", scorecard.InNumerator, "somebody was on call all the time"},
			{"gap", scorecard.InDenominator, "nobody was on call for one of the policies"},
		},
		Org: "The seconds of all its teams with such a rotation, added up and divided once.", Needs: ofRotation(), Sources: fromShifts(),
		Evidence: "Every run with its seconds: those of class `covered` add up to the numerator, all of them to the denominator. Nobody is named.",
		Caveats:  all(ofSchedules(), ofHistory(), ofShifts()),
		Origin:   "The share of the promised time in which an alert reaches somebody at once.",
	}
}

func rotationSize() Measure {
	return Measure{
		ID: scorecard.MeasureRotationSize, Title: "Rotation size",
		Question: "How many people share the team's rotation?",
		equation: always(only("people with at least half a shift")),
		Reading: "Counted are distinct people who were at the first level of the team's policies for at least half a shift, all in all, in the last `size` × `shift` before the cut, which is as long as one turn of the whole rotation takes. It looks back from the cut, so it is full on the second day of a quarter too. Of a rotation in business hours, half a shift is half of its hours.\n\n" +
			"Whoever stood in for a day is not of the rotation, and a roster of five with a rotation of four counts four.",
		Population: "People at the first level of the team's policies in the last `size` × `shift` before the cut; accounts of bots are nobody.",
		Classes: []Class{
			{"rotation", InValue, "at least half a shift"},
			{"less_than_half_a_shift", scorecard.NotCounted, "stood in for others"},
		},
		Org:   "That of the team with the smallest value − target, the first by id of several; `details.team` names it. Its target is that team's.",
		Needs: ofRotation(), Sources: fromShifts(), Details: weakestTeam(),
		Evidence: "How many people there are; nobody is named.",
		Caveats: all([]Caveat{{
			"Shifts are known from … on, which is less than one turn of the rotation: it may be larger.",
			"The count is a lower bound. It is shown when it is enough, and else the row is `pending` or `no_data`.",
		}}, ofSchedules(), ofShifts()),
		Origin: "The document asks for a number of engineers per team; counted are those who carry the pager, not those on the roster.",
	}
}

func rotationShift() Measure {
	return Measure{
		ID: scorecard.MeasureRotationShift, Title: "Shift length",
		Question:   "Which share of the shifts were no longer than they are meant to be?",
		equation:   always(shareOf([]string{"within"}, []string{"too_long"})),
		Reading:    "A turn is the unbroken time of one person at the first level of the team's policies, whatever number of shifts PagerDuty makes of it. It is within when it is no longer than `rotation.shift` by the organisation's clocks, with an hour of tolerance: a week is a week also when clocks are changed in it.",
		Population: "Turns that ended in the period. A permanent one never ends; it counts as too long in each period that it reaches into.",
		Classes: []Class{
			{"within", scorecard.InNumerator, "no longer than a shift"},
			{"too_long", scorecard.InDenominator, "longer than a shift, or permanent"},
			{"unfinished", scorecard.NotCounted, "not ended in the period"},
		},
		Org: "The turns of all its teams with a rotation, added up and divided once.", Needs: ofRotation(), Sources: fromShifts(),
		Evidence: "Every turn with its length in seconds, without saying whose it is.",
		Caveats: all([]Caveat{{
			"… turns may have begun before the first instant that is known, and be longer than they look.",
			"They lower the coverage.",
		}}, ofSchedules(), ofHistory(), ofShifts()),
		Origin: "The document asks for a weekly rotation; a share of turns shows how often it was one.",
	}
}

func escalationDepth() Measure {
	return Measure{
		ID: scorecard.MeasureEscalationDepth, Title: "Escalation levels",
		Question:   "How many levels does the team's escalation policy have?",
		equation:   always(only("levels of the policy with the fewest")),
		Reading:    "Of several policies the one with the fewest levels counts: whoever triggers it has no more.",
		Population: "The team's escalation policies.",
		Classes: []Class{
			{"fewest_levels", InValue, "none of the team's policies has fewer levels"},
			{"more_levels", InValue, "it has more levels than another of the team's policies"},
		},
		Org:   "That of the team with the smallest value − target, the first by id of several; `details.team` names it.",
		Needs: ofRotation(), Details: weakestTeam(),
		Sources:  []Source{{facts.PagerDuty, "escalation policies", "", nil}},
		Evidence: "Every policy with its number of levels.",
		Caveats: all([]Caveat{
			{
				"The escalation policies are known as they were on …; how they were before, nobody can tell.",
				"PagerDuty shows its policies as they are. A row about a time that is over shows those of a later one.",
			},
			{
				"PagerDuty's escalation policies could not be read the last time: they are shown as they were before.",
				"Give the token the right to read them.",
			},
		}, ofHistory()),
		Origin: "The document names the levels: the engineer on call, a senior, the director.",
	}
}

func weakestTeam() []Field {
	return []Field{
		{"team", "Of the organisation's row: the team that it is about."},
		{"value", "Of the organisation's row: that team's value."},
		{"target", "Of the organisation's row: that team's target; null where it has none."},
	}
}
