package scorecard

import "fmt"

// doubts are what makes a burden less certain.
type doubts struct {
	untold    int // Engaging incidents that were handed over without telling to whom.
	urgency   int // Engaging incidents of unknown urgency.
	outside   int // Incidents of the subject's services that somebody acted on who is on no roster.
	unseen    int // Those of them that took nothing of anybody on it.
	incidents int // Of the used ones, those that one or more of these are true of.
	bare      int // Incidents of the subject of which no log entry is known.
	hidden    int // Schedules that nobody can see, at the levels at which somebody counts as being on call.
}

func (v *subjectView) doubts(b burden) doubts {
	var n doubts
	w, outside := v.workload(), v.handledOutside()
	n.outside, n.unseen = len(outside), len(outside)
	for i, one := range b.incidents {
		d := v.doubt(w.incidents[i], one, outside)
		n.untold += count(d.untold)
		n.urgency += count(d.urgency)
		n.unseen -= count(d.outside)
		n.incidents += count(d != burdenDoubt{})
	}
	var policies []string
	for _, t := range v.teams {
		n.bare += v.bare[t.ID]
		policies = append(policies, v.policiesOf(t)...)
	}
	_, n.hidden = v.hiddenSchedules(policies, secondaryLevel)
	return n
}

// burdenDoubt is what makes the part of one incident less certain.
type burdenDoubt struct{ untold, urgency, outside bool }

// doubt looks at one incident; outside are those that somebody acted on who is
// on no roster.
func (v *subjectView) doubt(d *Digest, one borne, outside map[*Digest]bool) burdenDoubt {
	if one.kind <= claimExcepted {
		return burdenDoubt{}
	}
	engaged := one.kind == ClaimEngaged
	return burdenDoubt{
		untold:  engaged && !d.Untold.IsZero() && d.Untold.Before(v.workload().span.To),
		urgency: engaged && d.Urgency == "",
		outside: outside[d],
	}
}

// words says it in a sentence each, after a space; empty when there is no doubt.
func (n burdenDoubt) words() string {
	var words string
	if n.untold {
		words += " PagerDuty does not tell to whom it was handed over."
	}
	if n.urgency {
		words += " Its urgency is unknown."
	}
	if n.outside {
		words += " Somebody on no roster acted on it as well, whose time is not counted."
	}
	return words
}

// count is 1 for what is true.
func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// handledOutside returns the incidents of the subject's services that somebody
// acted on who is on no roster, as far as no exception takes them out.
func (v *subjectView) handledOutside() map[*Digest]bool {
	own := map[string]bool{}
	for _, t := range v.teams {
		own[t.ID] = true
	}
	found := map[*Digest]bool{}
	for d := range v.workload().outside {
		team, mapped := v.teamOf[d.Service]
		if mapped && own[team] && v.exceptionFor(d, team) == nil {
			found[d] = true
		}
	}
	return found
}

func (v *subjectView) doubtCaveats(n doubts) []string {
	var caveats []string
	if n.untold > 0 {
		caveats = append(caveats, fmt.Sprintf(
			"Of %d incidents PagerDuty does not tell to whom they were handed over; those who had them are counted as if they had kept them.", n.untold))
	}
	if n.urgency > 0 {
		caveats = append(caveats, fmt.Sprintf("Of %d incidents the urgency is unknown; they are counted as high.", n.urgency))
	}
	if n.bare > 0 {
		caveats = append(caveats, fmt.Sprintf("Of %d incidents no log entry is known, so what they took is not counted.", n.bare))
	}
	if n.outside > 0 {
		caveats = append(caveats, fmt.Sprintf("Incidents that somebody acted on who is on no roster: %d. Their time is not counted.", n.outside))
	}
	if !v.workload().rota {
		caveats = append(caveats, "No on-call shift in the period is known: only those who acted or were paged are compared with.")
	}
	if n.hidden > 0 {
		caveats = append(caveats, fmt.Sprintf(
			"Schedules at the first two levels that PagerDuty does not show: %d. Who is on call by them alone is not compared with.", n.hidden))
	}
	return caveats
}
