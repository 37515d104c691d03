package scorecard

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

// shareExecuted is the share of cross_line that looks at who was on call.
const shareExecuted = "executed_by_oncall"

// A share is shown only when so many tickets stand behind it, and the roster has so
// many people of each line with an account; fewer would be about persons.
const (
	fewestTickets = 10
	fewestOfALine = 3
	crossings     = 2 // That make somebody a crosser.
)

// onCallLookback is how long before a ticket was finished somebody counts as
// bearing being on call who was on call.
const onCallLookback = 90 * 24 * time.Hour

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
	*ticketState
	person *Person // Who wrote it, or did it; nil for nobody on the roster.
	line   PersonLine
	class  string // The line, or why it is in no share.
	duty   duty   // Of who did it, where that is what the share looks at.
}

// duty is what is known of somebody's being on call before a ticket was finished.
type duty struct {
	held    bool
	unknown bool // The time begins before on-calls are known, and none of those that are known is theirs.
	rebuilt bool // It rests on time that was over before anybody looked.
}

// The classes of tickets that are in no share.
const (
	notOnRoster = "not_on_roster" // Nobody of the roster, or nobody of the two lines, wrote or did it.
	noAccount   = "no_account"    // Who did it has no PagerDuty account, so that nobody can tell whether they were on call.
)

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
		if !c.shares() {
			p.Excluded[c.class]++
			continue
		}
		p.Used++
		p.Classes[c.class]++
		if v.isGood(c) {
			good++
		}
	}
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p, details: crossDetails(crossed, v.otherLine()),
		evidence: func() []Evidence { return v.crossEvidence(crossed) },
	}
	if p.Used > 0 {
		m.suppressed = v.tooFew(p.Used)
	}
	if m.suppressed == "" {
		v.doubtDuty(&m, crossed)
	}
	if p.Used == 0 {
		return m
	}
	m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
	m.reason = fmt.Sprintf("%d of %d delivered tickets of class %s %s.", good, p.Used, v.objective.crossed(), v.crossWords())
	return m
}

// shares reports whether the ticket is in the denominator.
func (c *crossing) shares() bool { return c.class != notOnRoster && c.class != noAccount }

// doubtDuty says how much of a share rests on who is known to have been on call.
func (v *subjectView) doubtDuty(m *measurement, crossed []crossing) {
	unknown := 0
	for _, c := range crossed {
		if c.duty.unknown || c.duty.rebuilt {
			m.trusted--
		}
		if c.duty.unknown {
			unknown++
		}
		if from := c.at.Add(-onCallLookback); c.duty.rebuilt && (m.onCall.from.IsZero() || from.Before(m.onCall.from)) {
			m.onCall.from = from
		}
	}
	if unknown > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf("Of %d tickets nobody can tell whether who did them had been on call in the 90 days before: that is known from %s on. They count as if not, so that the share may be higher.",
			unknown, v.states[facts.PagerDuty].DataSince.UTC().Format(time.DateOnly)))
	}
	strangers, without := m.population.Excluded[notOnRoster], m.population.Excluded[noAccount]
	if strangers > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf("Tickets that nobody on the roster %s: %d. They are not counted.", v.roleWords(), strangers))
	}
	if without > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf("Tickets done by people without a PagerDuty account on the roster: %d. They are not counted.", without))
	}
	m.lack(m.population.Used, strangers+without)
}

// crossed lists the delivered tickets of the window with whoever they count for.
func (v *subjectView) crossed() []crossing {
	var list []crossing
	loc := v.policy.Calendar.Location
	for _, f := range v.finishes(v.objective.crossed()) {
		if !f.delivered {
			continue
		}
		c := crossing{ticketState: f, class: notOnRoster}
		account := f.assigneeAt(f.at)
		if v.isAboutAuthors() {
			account = f.Author
		}
		if c.person = v.personOf(account, f.at); c.person != nil {
			c.line = c.person.LineAt(f.at, loc)
			c.class = string(c.line)
			v.lookAtDuty(&c)
		}
		list = append(list, c)
	}
	return list
}

// personOf finds the employed person of one of the two lines who has a Jira account.
func (v *subjectView) personOf(account string, at time.Time) *Person {
	loc := v.policy.Calendar.Location
	person := v.byJira[account]
	if person == nil || !person.Employed(at, loc) || person.LineAt(at, loc) == "" {
		return nil
	}
	return person
}

// otherLine is the line whose people are on the other side with these tickets.
func (v *subjectView) otherLine() PersonLine {
	if v.objective.Share == shareCoding {
		return LinePersonSRE
	}
	return LineEngineer
}

// isGood reports whether a ticket of the share counts in its numerator.
func (v *subjectView) isGood(c crossing) bool {
	if v.objective.Share == shareExecuted {
		return c.duty.held
	}
	return c.line == v.otherLine()
}

// lookAtDuty finds out whether who did a ticket was on call, at any level, in the days
// before it was finished, where the share is about that.
func (v *subjectView) lookAtDuty(c *crossing) {
	if v.objective.Share != shareExecuted {
		return
	}
	if c.person.PagerDuty == "" {
		c.class = noAccount
		return
	}
	state, from := v.states[facts.PagerDuty], c.at.Add(-onCallLookback)
	seen := false
	for _, s := range v.facts.Shifts {
		if s.User == c.person.PagerDuty && s.Start.Before(c.at) && s.End.After(from) {
			c.duty.held = true
			seen = seen || s.End.After(state.FirstAsOf)
		}
	}
	c.duty.unknown = !c.duty.held && state.DataSince.After(from)
	c.duty.rebuilt = !c.duty.unknown && !seen && from.Before(state.FirstAsOf)
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

// isAboutAuthors reports whether the share is of those who wrote tickets, and
// not of those who did them.
func (v *subjectView) isAboutAuthors() bool {
	return v.objective.Share != shareExecuted && v.objective.Share != shareCoding
}

func (v *subjectView) roleWords() string {
	if v.isAboutAuthors() {
		return "wrote"
	}
	return "did"
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
		if c.shares() && c.line == other {
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

func (v *subjectView) crossEvidence(crossed []crossing) []Evidence {
	items := make([]Evidence, 0, len(crossed))
	for _, c := range crossed {
		counted := NotCounted
		switch {
		case c.shares() && v.isGood(c):
			counted = InNumerator
		case c.shares():
			counted = InDenominator
		}
		e := ticketItem(c.ticketState, c.class, counted)
		if c.duty.unknown {
			e.Reason += " Nobody can tell whether who did it had been on call in the 90 days before."
		}
		items = append(items, e)
	}
	sortEvidence(items)
	return items
}
