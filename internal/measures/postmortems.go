package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func postmortemCompletion() Measure {
	return Measure{
		ID: scorecard.MeasurePostmortems, Title: "Post-mortem completion",
		Question: "Which share of the incidents that need a post-mortem have a finished one?",
		equation: always(shareOf([]string{"on_time", "late", "undated"}, []string{"missing"})),
		Reading: "A post-mortem is asked for `due` after the incident was resolved, in business days by `working_week.days` and `holidays`; from then on the incident is judged. It counts whenever it is finished: `late` is as good as `on_time` here, and told apart beside it.\n\n" +
			"A ticket of class `postmortem` names incidents by the field `incident_field`, by addresses with `/incidents/<ID>` in its summary, description or remote links, by labels `pd-<ID>`, or by a link to a ticket that names them. All ways are read and every incident that is named is credited; one post-mortem may stand for several. One that was created before its incident is not about it.",
		Population: "Incidents of the subject's services that were resolved in the period. One that is open again is not resolved.",
		Classes: []Class{
			{"on_time", scorecard.InNumerator, "a post-mortem was delivered by its due date"},
			{"late", scorecard.InNumerator, "one was delivered after its due date"},
			{"undated", scorecard.InNumerator, "one is delivered, and nothing tells when"},
			{"missing", scorecard.InDenominator, "it is due, and none is delivered: none names the incident, or it is open, or it was declined"},
			{"merged", scorecard.NotCounted, "merged into another incident, which asks for the post-mortem"},
			{"low_urgency", scorecard.NotCounted, "its urgency at the trigger is none of `incidents.urgency`"},
			{"exception", scorecard.NotCounted, "an exception takes it out"},
			{"self_healed", scorecard.NotCounted, "it needed nobody, by the threshold of the objective `incident_response`; what counts as an outage needs a post-mortem all the same"},
			{"pending", scorecard.NotCounted, "not due yet"},
			{"postmortem", scorecard.NotCounted, "in the evidence only: a post-mortem that names an incident of the row"},
			{"unmatched", scorecard.NotCounted, "in the evidence only: a post-mortem of the subject, created in the period, that names no incident that is known"},
		},
		Org:   "The classes of all its teams, added up and divided once.",
		Needs: []string{"`pagerduty.services` of a team", "`tickets.postmortem`"},
		Sources: []Source{
			{facts.PagerDuty, "incidents and their log entries", "", nil},
			{facts.Jira, "tickets of class `postmortem` with links and remote links", "", nil},
		},
		Parameters: []Parameter{{"due", true, "", "When a post-mortem is due after the resolve: `5bd` is five business days, `7d` seven days."}},
		Details: []Field{
			{"on_time", "Judged incidents whose post-mortem was delivered by its due date."},
			{"unmatched_postmortems", "Post-mortems of the subject, created in the period, that name no incident that is known."},
			{"shared", "Post-mortems that stand for several of the judged incidents."},
			{"median_days_to_publish", "Median of the days from the resolve to the delivery, over judged incidents that have both; null when none has."},
		},
		Evidence: "Every incident, with the days that its post-mortem took, and every post-mortem. The reason says which ticket names an incident and by which way: field, url, label or link.",
		Caveats:  all(postmortemCaveats(), unmapped(), ofHistory(), unlisted(), ofIncidents()),
		Origin:   "A share of what is due. What is not due yet is neither done nor missing, as with any cohort that is still maturing.",
	}
}

func postmortemCaveats() []Caveat {
	return []Caveat{
		{
			"Of … post-mortems nothing tells when they were delivered; they are counted, and not as on time.",
			"The status says done and no change says since when. They lower the coverage.",
		},
		{
			"Of … judged incidents the urgency is unknown; they are counted.",
			"Leaving them out would hide them. They lower the coverage.",
		},
		{
			"Incidents whose post-mortem has no text but the empty form's: …. They count as done.",
			"Somebody closed the ticket and wrote nothing. They lower the coverage; [`postmortem_quality`](postmortem_quality.md) shows what is missing.",
		},
		{
			"Incidents whose post-mortem has no action item linked to it: …. They count as done.",
			"Either nothing was to be done, or nobody wrote it down. They lower the coverage.",
		},
	}
}

func postmortemQuality() Measure {
	return Measure{
		ID: scorecard.MeasurePostmortemQuality, Title: "Post-mortem quality",
		Question: "Which share of the sections that a post-mortem is asked for do the post-mortems fill?",
		equation: always(sectionsFilled()),
		Reading: "A post-mortem is asked for 8 sections: summary, impact, timeline, root cause or contributing factors, detection, resolution, lessons, action items. A section counts when it has content of its own: neither nothing, nor `TBD` or `...`, nor the text of the same section in `tickets.postmortem.template`. A timeline has at least three times of day, action items are at least one ticket of class `action_item` linked to it or a part of it. Headings are read in wiki markup and Markdown.\n\n" +
			"As every post-mortem is asked for the same number of sections, the share of all sections is the mean of the shares of the post-mortems.",
		Population: "Tickets of class `postmortem` of the subject that were finished in the period.",
		Classes: []Class{
			{"complete", scorecard.InNumerator, "all 8 sections have content of their own"},
			{"incomplete", scorecard.InNumerator, "some have not; it counts with those that have"},
			{"declined", scorecard.NotCounted, "finished and not delivered"},
			{"unreadable", scorecard.NotCounted, "its text came as a document tree, of which only the words are kept, so that nobody can tell its sections"},
		},
		Org:   "The sections of all its teams' post-mortems, added up and divided once.",
		Needs: []string{"`tickets.postmortem` and `tickets.action_item`", "`jira.projects` or `jira.components` of a team"},
		Sources: []Source{
			{facts.Jira, "tickets of class `postmortem` with description and links, tickets of class `action_item`", "", nil},
		},
		Evidence: "Every post-mortem with the number of sections that have content, which add up to the numerator; the reason names those that have none.",
		Caveats:  all(qualityCaveats(), ofHistory(), unlisted()),
		Origin:   "The sections are those of the example post-mortem in Site Reliability Engineering (Beyer et al., 2016, appendix D). Their presence says that something is written, not that it is good.",
	}
}

// sectionsFilled counts the sections of all post-mortems of a row.
func sectionsFilled() equation {
	judged := []string{"complete", "incomplete"}
	return equation{
		symbols: "sections with content / (8 × " + inParentheses(judged) + ")",
		numbers: func(r *scorecard.Row) string {
			n := counts(r, judged)
			var asked scorecard.Number
			for _, texts := range n {
				asked = asked.Add(texts.Mul(scorecard.Int(8)))
			}
			if r.Numerator == nil || !adds(r.Denominator, []scorecard.Number{asked}) {
				return ""
			}
			return r.Numerator.String() + " / (8 × " + inParentheses(written(n)) + ")"
		},
	}
}

func qualityCaveats() []Caveat {
	return []Caveat{{
		"Post-mortems that came as document trees, which cannot be judged: …. They are not counted.",
		"The value is about the others. They lower the coverage by their share.",
	}}
}

func actionItems() Measure {
	return Measure{
		ID: scorecard.MeasureActionItems, Title: "Action items",
		Question:   "Which share of the action items were delivered by the time that they were due?",
		equation:   always(shareOf([]string{"on_time"}, []string{"late", "undated", "declined", "open"})),
		Reading:    "An action item is due `due` after it was created. One that is delivered later, declined or still open then is not in time for ever, so the number does not change any more once the period is over.",
		Population: "Tickets of class `action_item` of the subject whose due date falls in the period.",
		Classes: []Class{
			{"on_time", scorecard.InNumerator, "delivered by its due date"},
			{"late", scorecard.InDenominator, "delivered later"},
			{"undated", scorecard.InDenominator, "delivered, and nothing tells when"},
			{"declined", scorecard.InDenominator, "finished and not delivered"},
			{"open", scorecard.InDenominator, "not finished"},
			{"pending", scorecard.NotCounted, "not due yet"},
		},
		Org:        "The classes of all its teams; a ticket of several teams counts once.",
		Needs:      []string{"`tickets.action_item`", "`jira.projects` or `jira.components` of a team"},
		Sources:    []Source{{facts.Jira, "tickets of class `action_item` and their changes of status", "", nil}},
		Parameters: []Parameter{{"due", true, "", "The time from its creation in which an action item is to be delivered, such as `30d`."}},
		Evidence:   "Every action item of the population, with its due date and what became of it.",
		Caveats: all([]Caveat{
			{
				"Of … delivered action items nothing tells when; they are counted, and not as on time.",
				"The value may be too low. They lower the coverage.",
			},
			{
				"Of action items that were due before … not all are known, and none is counted.",
				"They were created before Jira is read, so only those that changed since are known. The coverage is lowered by that time.",
			},
		}, ofHistory(), unlisted()),
		Origin: "A share of what fell due, so that neither fresh items nor old ones that are finished at last make it look better. Interval: E. B. Wilson, JASA 22 (1927).",
	}
}
