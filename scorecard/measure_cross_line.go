package scorecard

import (
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// shareExecuted is the share of cross_line that looks at who was on call.
const shareExecuted = "executed_by_oncall"

// A share is shown only when so many tickets and so many people of each line
// stand behind it; fewer would be about persons.
const (
	fewestTickets = 10
	fewestOfALine = 3
	crossings     = 2 // That make somebody a crosser.
)

// OnCallLookback is how long before a ticket was finished somebody counts as
// bearing being on call who was on call.
const OnCallLookback = 90 * 24 * time.Hour

// CrossLineDetails are the details of a cross_line row. They name nobody.
type CrossLineDetails struct {
	// Crossers counts people with two tickets or more on the other side of the line.
	Crossers int `json:"crossers"`
	// TopShare is the largest part that one person has in the tickets on the other
	// side; null when there are none. A line that one person crosses is still a line.
	TopShare *Number `json:"top_share"`
}

// crossing is a delivered ticket as a cross_line row sees it.
type crossing struct {
	finish
	person *Person // Who wrote it, or did it; nil for nobody on the roster.
	line   PersonLine
	good   bool // It counts in the numerator.
}

// The classes of tickets that nobody of the roster, or nobody of the two lines, wrote or did.
const notOnRoster = "not_on_roster"

// measureCrossLine judges which share of the delivered tickets of a kind comes
// from the other side of the line between engineers and SREs: change requests
// written by engineers, coding done by SREs; or from people who bear being on call.
// People count by the line that they were on when the ticket was finished.
func measureCrossLine(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).crossLine)
}

func (v *subjectView) crossLine() measurement {
	crossed, p := v.crossed(), newPopulation()
	p.Total = len(crossed)
	good := 0
	for _, c := range crossed {
		if c.person == nil {
			p.Excluded[notOnRoster]++
			continue
		}
		p.Used++
		p.Classes[string(c.line)]++
		if c.good {
			good++
		}
	}
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p, details: crossDetails(crossed, v.otherLine()),
		evidence: func() []Evidence { return crossEvidence(crossed) },
	}
	if p.Used == 0 {
		return m
	}
	m.suppressed = v.tooFew(p.Used)
	m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
	m.reason = fmt.Sprintf("%d of %d delivered tickets of class %s %s.", good, p.Used, v.objective.crossed(), v.crossWords())
	return m
}

// crossed lists the delivered tickets of the window with whoever they count for.
func (v *subjectView) crossed() []crossing {
	var list []crossing
	loc := v.policy.Calendar.Location
	for _, f := range v.finishes(v.objective.crossed()) {
		if !f.delivered {
			continue
		}
		c := crossing{finish: f}
		account := f.assigneeAt(f.at)
		if v.objective.Share != shareExecuted && v.objective.Share != shareCoding {
			account = f.Author
		}
		if c.person = v.personOf(account, f.at); c.person != nil {
			c.line = c.person.LineAt(f.at, loc)
			c.good = v.isGood(c)
		}
		list = append(list, c)
	}
	return list
}

// personOf finds the employed person of one of the two lines who has a Jira account.
func (v *subjectView) personOf(account string, at time.Time) *Person {
	loc := v.policy.Calendar.Location
	i := slices.IndexFunc(v.policy.People, func(p Person) bool { return account != "" && p.Jira == account })
	if i < 0 || !v.policy.People[i].Employed(at, loc) || v.policy.People[i].LineAt(at, loc) == "" {
		return nil
	}
	return &v.policy.People[i]
}

// otherLine is the line whose people are on the other side with these tickets.
func (v *subjectView) otherLine() PersonLine {
	if v.objective.Share == shareCoding {
		return LinePersonSRE
	}
	return LineEngineer
}

func (v *subjectView) isGood(c crossing) bool {
	if v.objective.Share == shareExecuted {
		return v.wasOnCall(c.person.PagerDuty, c.at)
	}
	return c.line == v.otherLine()
}

// wasOnCall reports whether an account was on call at any level in the days before an instant.
func (v *subjectView) wasOnCall(account string, at time.Time) bool {
	return account != "" && slices.ContainsFunc(v.facts.Shifts, func(s facts.Shift) bool {
		return s.User == account && s.Start.Before(at) && s.End.After(at.Add(-OnCallLookback))
	})
}

// tooFew says why a share would be about persons; empty when it is not.
func (v *subjectView) tooFew(tickets int) string {
	if tickets < fewestTickets {
		return fmt.Sprintf("Fewer than %d tickets: too few to tell lines from persons.", fewestTickets)
	}
	cut, loc := v.cut(), v.policy.Calendar.Location
	people := map[PersonLine]int{}
	for i := range v.policy.People {
		p := &v.policy.People[i]
		if p.Jira != "" && p.Employed(cut.Add(-time.Nanosecond), loc) {
			people[p.LineAt(cut.Add(-time.Nanosecond), loc)]++
		}
	}
	for _, line := range []PersonLine{LineEngineer, LinePersonSRE} {
		if people[line] < fewestOfALine {
			return fmt.Sprintf("Fewer than %d people of the line %s have a Jira account on the roster: too few to tell lines from persons.", fewestOfALine, line)
		}
	}
	return ""
}

func (v *subjectView) crossWords() string {
	switch v.objective.Share {
	case shareCoding:
		return "were done by SREs"
	case shareExecuted:
		return "were done by somebody who had been on call in the 90 days before"
	}
	return "were written by engineers"
}

// crossDetails counts who did what of the other line.
func crossDetails(crossed []crossing, other PersonLine) CrossLineDetails {
	tickets, all, most := map[string]int{}, 0, 0
	for _, c := range crossed {
		if c.person != nil && c.line == other {
			tickets[c.person.ID]++
			all++
			most = max(most, tickets[c.person.ID])
		}
	}
	var d CrossLineDetails
	for _, n := range tickets {
		if n >= crossings {
			d.Crossers++
		}
	}
	if all > 0 {
		d.TopShare = Ratio(int64(most), int64(all)).Ptr()
	}
	return d
}

func crossEvidence(crossed []crossing) []Evidence {
	items := make([]Evidence, 0, len(crossed))
	for _, c := range crossed {
		class, counted := notOnRoster, NotCounted
		if c.person != nil {
			class, counted = string(c.line), InDenominator
		}
		if c.good {
			counted = InNumerator
		}
		items = append(items, ticketItem(c.finish, class, counted))
	}
	sortEvidence(items)
	return items
}
