package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

const finished = "finished"

// nameClass stands for a class of tickets that an objective names.
const nameClass = "CLASS"

func ticketRatio() Measure {
	return Measure{
		ID: scorecard.MeasureTicketRatio, Title: "Share of tickets",
		Question: "Which share of the finished tickets of a class are, or are not, of a second class too?",
		equation: ticketRatioEquation,
		Reading: "A ticket is delivered when its status category is done and its resolution is none of `sources.jira.declined_resolutions`; finished means delivered or declined. It is finished at its `resolutiondate`, else when its status last came to be done.\n\n" +
			"With `without` a delivered ticket is good when it is not of the second class; with `with`, when it is.",
		Population: "Tickets of class `of` of the subject that were finished in the period.",
		Classes: []Class{
			{"delivered", scorecard.InNumerator, "delivered, and on the good side"},
			{nameClass, scorecard.InDenominator, "with `without: CLASS`: delivered, and of that class"},
			{"not_" + nameClass, scorecard.InDenominator, "with `with: CLASS`: delivered, and not of that class"},
			{"declined", scorecard.InDenominator, "finished and not delivered; with `population: delivered` it is excluded"},
		},
		Org:     "The classes of all its teams; a ticket of several teams counts once.",
		Needs:   []string{"the classes of tickets that it names", "`jira.projects` or `jira.components` of a team"},
		Sources: []Source{{facts.Jira, "tickets of the classes, their resolutions and changes of status", "", nil}},
		Parameters: []Parameter{
			{"of", true, "", "The class of tickets that is looked at."},
			{"without", false, "", "The class that a good ticket is not of. Either this or `with`."},
			{"with", false, "", "The class that a good ticket is of."},
			{"population", false, "delivered", "`delivered`: only delivered tickets are looked at. `finished`: declined ones too, as not good."},
		},
		Evidence: "Every ticket of the population with its class.",
		Caveats:  all(ofHistory(), unlisted()),
		Origin:   "A proportion. Interval: E. B. Wilson, JASA 22 (1927). Trend: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.",
	}
}

func ticketRatioEquation(o scorecard.Objective) equation {
	second := o.Without
	if o.With != "" {
		second = "not_" + o.With
	}
	bad := []string{second}
	if o.Population == finished {
		bad = append(bad, "declined")
	}
	if second == "" { // No objective: that of the page.
		bad[0] = nameClass
	}
	return shareOf([]string{"delivered"}, bad)
}

func ticketCount() Measure {
	return Measure{
		ID: scorecard.MeasureTicketCount, Title: "Count of tickets",
		Question:   "How many tickets of a class were delivered?",
		equation:   always(only("delivered")),
		Reading:    countReading,
		Population: "Tickets of class `of` of the subject that were finished in the row's window.",
		Classes: []Class{
			{"delivered", InValue, "finished and delivered"},
			{"declined", scorecard.NotCounted, "finished and not delivered"},
		},
		Org:        "Those of all its teams; a ticket of several teams counts once, and one of no team is the organisation's.",
		Needs:      []string{"the class of tickets that it names", "`jira.projects` or `jira.components` of a team"},
		Sources:    []Source{{facts.Jira, "tickets of the class, their resolutions and changes of status", "", nil}},
		Parameters: []Parameter{{"of", true, "", "The class of tickets that is counted."}},
		Details:    pace(),
		Evidence:   "Every ticket of the population.",
		Caveats:    all(ofHistory(), unlisted()),
		Origin:     "The document names a number.",
	}
}

const countReading = "The target is per quarter; on the card of a year it is taken four times, unless the objective's window is a year anyway. A count is met as soon as it reaches the target; below it the row is `pending` until the window ends, and then missed. Nothing counted is 0, and never `empty`."

func pace() []Field {
	return []Field{{"pace", "While the window runs: `on_track` when the count is at least the target × the part of the window that has passed, else `behind`. Null afterwards, and without a target."}}
}

func coverage() Measure {
	return Measure{
		ID: scorecard.MeasureCoverage, Title: "Coverage of services",
		Question:   "Which share of the services did a ticket of a class name lately?",
		equation:   always(shareOf([]string{"covered"}, []string{"outdated", "not_covered"})),
		Reading:    "A ticket names a service by a component or a label that is the service's name or id, in any case. It may be of any team. It must be delivered, at most `max_age` before the cut, which is the end of the period or the horizon, whichever is earlier. So the row looks back from the cut, whenever the period began.",
		Population: "The services of the subject. Incidents do not matter: a service without any counts too.",
		Classes: []Class{
			{"covered", scorecard.InNumerator, "the latest ticket that names it is no older than `max_age`"},
			{"outdated", scorecard.InDenominator, "the latest ticket that names it is older"},
			{"not_covered", scorecard.InDenominator, "no ticket names it"},
		},
		Org:     "The services of all its teams.",
		Needs:   []string{"`pagerduty.services` of a team", "the class of tickets that it names", "`sources.pagerduty`, which knows the services' names, unless tickets name all of them by their ids"},
		Sources: []Source{{facts.Jira, "tickets of the class with components and labels", "", nil}},
		Parameters: []Parameter{
			{"of", true, "", "The class of tickets, such as `runbook`."},
			{"max_age", false, "365d", "How old the ticket may be."},
		},
		Evidence: "Every service, with the address of the latest ticket that names it.",
		Caveats: all([]Caveat{{
			"Tickets are known from … on, which is less than the … before the cut. Services of which nobody can tell for that reason: ….",
			"They count as not covered, so the value may be too low. They lower the coverage; `sources.jira.since` decides what is read.",
		}}),
		Origin: "A census of services: nothing is sampled, so there is no interval.",
	}
}

func crossLine() Measure {
	return Measure{
		ID: scorecard.MeasureCrossLine, Title: "Across the line",
		Question: "Which share of the tickets of a kind comes from the other side of the line between engineers and SREs, or from people who bear being on call?",
		equation: crossLineEquation,
		Reading: "`engineer_change_requests`: delivered tickets of class `change_request` that an engineer wrote. `sre_coding`: delivered tickets of class `coding` that an SRE did. `executed_by_oncall`: delivered tickets of class `change_request` whose doer had a shift at any level in the 90 days before.\n\n" +
			"Who wrote a ticket is its creator, or its reporter where the creator is a bot of `sources.jira.bots`. Who did it is its assignee when it was completed. Both count by the line that they were on then.\n\n" +
			"The row is held back (`insufficient_data`) below 10 tickets, and with fewer than 3 people of a line on the roster: it would be about persons.",
		Population: "Delivered tickets of the class that were finished in the period.",
		Classes: []Class{
			{"engineer", scorecard.InDenominator, "whoever wrote it, or did it, was an engineer"},
			{"sre", scorecard.InDenominator, "whoever wrote it, or did it, was an SRE"},
			{"not_on_roster", scorecard.NotCounted, "whoever wrote it, or did it, is on no line of the roster, so that nobody can tell on which side they are"},
			{"no_account", scorecard.NotCounted, "whoever did it has no PagerDuty account on the roster, so that nobody can tell whether they were on call (`executed_by_oncall` only)"},
		},
		Org:   "The tickets of all its teams; one of several teams counts once, and one of no team is the organisation's.",
		Needs: []string{"`tickets.change_request` or `tickets.coding`", "`jira.projects` or `jira.components` of a team", "`people` with their lines and accounts"},
		Sources: []Source{
			{facts.PagerDuty, "on-call shifts", "with `share: executed_by_oncall`", executed},
			{facts.Jira, "tickets of the class with their creators, reporters and changes of assignee", "", nil},
		},
		Parameters: []Parameter{{"share", true, "", "`engineer_change_requests`, `sre_coding` or `executed_by_oncall`."}},
		Details: []Field{
			{"crossers", "People with two tickets or more on the other side of the line."},
			{"top_share", "The largest part that one person has in the tickets on the other side; null when there are none. A line that one person crosses is still a line."},
		},
		Evidence: "Every ticket of the population with the line that it counts for; nobody is named.",
		Caveats: all([]Caveat{
			{
				"Of … tickets nobody can tell whether who did them had been on call in the 90 days before: that is known from … on. They count as if not, so that the share may be higher.",
				"The 90 days begin before PagerDuty is read. They lower the coverage.",
			},
			{
				"Tickets that nobody on the roster …: …. They are not counted.",
				"Whoever wrote them, or did them, is on no line of the roster. They lower the coverage by their share. Write the accounts into the roster, or into `sources.jira.bots`.",
			},
			{
				"Tickets done by people without a PagerDuty account on the roster: …. They are not counted.",
				"Write the accounts into the roster. They lower the coverage by their share.",
			},
		}, ofHistory(), unlisted(), ofShifts()),
		Origin: "The document asks to move the line, not to remove it: shares say where it is, and their trend whether it moves.",
	}
}

func executed(o scorecard.Objective) bool { return o.Share == "executed_by_oncall" }

func crossLineEquation(o scorecard.Objective) equation {
	switch o.Share {
	case "executed_by_oncall":
		return partOf("tickets of whoever had been on call", []string{"engineer", "sre"})
	case "sre_coding":
		return ofLine("sre")
	case "engineer_change_requests":
		return ofLine("engineer")
	}
	return partOf("tickets on the good side", []string{"engineer", "sre"})
}

// ofLine is the share of one of the two lines.
func ofLine(line string) equation {
	e := partOf(line, []string{"engineer", "sre"})
	inNumbers := e.numbers
	e.numbers = func(r *scorecard.Row) string {
		if !adds(r.Numerator, counts(r, []string{line})) {
			return ""
		}
		return inNumbers(r)
	}
	return e
}

// partOf is the share of something that no class counts in some classes.
func partOf(part string, classes []string) equation {
	return equation{symbols: part + " / " + inParentheses(classes), numbers: func(r *scorecard.Row) string {
		over := counts(r, classes)
		if r.Numerator == nil || !adds(r.Denominator, over) {
			return ""
		}
		return r.Numerator.String() + " / " + inParentheses(written(over))
	}}
}

func onboarding() Measure {
	return Measure{
		ID: scorecard.MeasureOnboarding, Title: "Onboarding",
		Question:   "Which share of the joiners were on board in due time?",
		equation:   always(shareOf([]string{"on_time"}, []string{"late", "missing"})),
		Reading:    "A joiner is on board when a ticket of class `of` that was assigned to them when it was finished, or that they reported, is delivered. It is due `due` after the first day; joiners are judged from then on.",
		Population: "People of the roster who joined one of the subject's teams in the period.",
		Classes: []Class{
			{"on_time", scorecard.InNumerator, "delivered by its due date"},
			{"late", scorecard.InDenominator, "delivered later"},
			{"missing", scorecard.InDenominator, "none of theirs is delivered"},
			{"pending", scorecard.NotCounted, "not due yet"},
			{"left", scorecard.NotCounted, "left before it was due"},
			{"no_account", scorecard.NotCounted, "has no Jira account on the roster, so that nobody can tell which tickets are theirs"},
		},
		Org:     "The joiners of all its teams.",
		Needs:   []string{"the class of tickets that it names", "`people` with `joined` and their Jira accounts"},
		Sources: []Source{{facts.Jira, "tickets of the class with assignees and reporters", "", nil}},
		Parameters: []Parameter{
			{"of", true, "", "The class of tickets, such as `onboarding`."},
			{"due", true, "", "The time from the first day in which it is to be delivered, such as `28d` or `20bd`."},
		},
		Evidence: "The tickets, and how many joiners have none; nobody is named.",
		Caveats: all([]Caveat{{
			"Joiners without a Jira account on the roster: …. They are not counted.",
			"Write the accounts into the roster. They lower the coverage by their share.",
		}}, ofHistory()),
		Origin: "A share of a matured cohort: whoever is not due yet is neither in time nor late.",
	}
}
