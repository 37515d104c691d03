package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// ofRoster is what all measures of the roster need.
func ofRoster() []string {
	return []string{"`people` with the day that each `joined`, and `left` where they did"}
}

func retention() Measure {
	return Measure{
		ID: scorecard.MeasureRetention, Title: "Retention",
		Question:   "Which share of the people stayed?",
		equation:   always(lossOf("left", "((headcount at the start + headcount at the end) / 2)")),
		Reading:    "Leavers are those whose first day no longer employed is in the window, those who joined within it too. The headcounts are taken at both ends of the window, the second one at the card's end or the horizon while that is earlier. Where the mean headcount is below one person there is no value. Numerator and denominator are people, and may be half ones.",
		Population: "People of the roster who were in the subject's teams at either end of the window, or joined them or left in it.",
		Classes: []Class{
			{"stayed", InValue, "did not leave in the window"},
			{"left", InValue, "left within it"},
		},
		Org: "The people of all its teams; whoever changed teams has not left.", Needs: ofRoster(),
		Evidence: "How many stayed and how many left; nobody is named.",
		Caveats:  all(),
		Origin:   "1 − turnover, where turnover is leavers divided by the mean headcount, as it is usually given.",
	}
}

func timeToProductivity() Measure {
	return Measure{
		ID: scorecard.MeasureTimeToProductivity, Title: "Time to productivity",
		Question: "After how many days is a joiner productive?",
		equation: always(only("median of the days from the first day to being productive")),
		Reading: "Productive is the recorded `productive_on`, else, for those who joined after `sources.pagerduty.since`, the first shift at level 1. Days are whole local ones. Of an even number of joiners the median is the mean of the middle two.\n\n" +
			"Whoever is not productive yet takes longer than they have been there, and nobody knows how much longer. Where the median depends on that there is no value: the row is missed when even the least that it can be is not below the target, and else pending.",
		Population: "People of the roster who joined one of the subject's teams in the window.",
		Classes: []Class{
			{"productive", InValue, "productive by the horizon, be that after the end of the period"},
			{"not_yet_productive", InValue, "not productive yet: counts as longer than they have been there"},
			{"unknown", scorecard.NotCounted, "joined before on-call shifts are kept, or has no PagerDuty account, and no date is recorded"},
			{"left", scorecard.NotCounted, "left before they were productive"},
		},
		Org: "The median over the joiners of all its teams.", Needs: ofRoster(),
		Sources:  []Source{{facts.PagerDuty, "on-call shifts at level 1, where a joiner of the window has no recorded `productive_on`", "", nil}},
		Evidence: "How many joiners there are of each class; nobody is named.",
		Caveats: all([]Caveat{{
			"Joiners from before on-call shifts are kept, without a recorded date: …. They are left out.",
			"The median is of the others. Write `productive_on` into the roster. They lower the coverage by their share.",
		}}, ofHistory(), ofIncidents()),
		Origin: "The median of times of which some are not over yet, and only known to be longer than so much: it is known as long as it does not hang on those. A mean would need all of them.",
	}
}

func hiringPlan() Measure {
	return Measure{
		ID: scorecard.MeasureHiringPlan, Title: "Hiring plan",
		Question:   "Which share of the planned positions were filled?",
		equation:   always(shareOf([]string{"filled"}, []string{"open"})),
		Reading:    "A joiner of the quarter fills at most one position of it: one whose `team`, `line` and `level`, as far as the plan names them, are theirs on the first day. Joiners are placed so that as many positions as possible are filled. More in one position do not stand in for another, so the value is never above 1. While the quarter runs the row is pending.",
		Population: "Positions that the plan names for the card's quarter, or for the quarters of its year, and joiners of these quarters.",
		Classes: []Class{
			{"filled", scorecard.InNumerator, "somebody who joined in the quarter fills it"},
			{"open", scorecard.InDenominator, "nobody does"},
			{"unplanned", scorecard.NotCounted, "a joiner whom no position was planned for"},
		},
		Org: "The positions of all its teams, and those that name no team.", Needs: append(ofRoster(), "`plan` of the objective"),
		Parameters: []Parameter{{"plan", false, "", "A list of `{period: 2026-Q1, team, line, level, count}`; all but `period` and `count` may be left out. Without a plan the row is `no_data`."}},
		Evidence:   "For each quarter how many positions are filled and open, and how many joiners were not planned for; nobody is named.",
		Caveats:    all(),
		Origin:     "Σ min(joined, planned) / Σ planned. Where positions overlap it is the largest matching of joiners and positions (H. W. Kuhn, The Hungarian method, 1955).",
	}
}

func mentorship() Measure {
	return Measure{
		ID: scorecard.MeasureMentorship, Title: "Mentorship",
		Question:   "Which share of the joiners have a senior mentor?",
		equation:   always(shareOf([]string{"mentored"}, []string{"unmentored"})),
		Reading:    "A senior mentor is somebody of the roster whose level is L5 or above, and who is employed, on the day that the joiner begins.",
		Population: "People of the roster who joined one of the subject's teams in the period.",
		Classes: []Class{
			{"mentored", scorecard.InNumerator, "`mentor` names a senior"},
			{"unmentored", scorecard.InDenominator, "`mentor` names nobody, or nobody who was a senior then"},
		},
		Org: "The joiners of all its teams.", Needs: append(ofRoster(), "`mentor` and `level` of people"),
		Evidence: "How many joiners have one and how many have not; nobody is named.",
		Caveats:  all(),
		Origin:   "A census of joiners: nothing is sampled, so there is no interval.",
	}
}
