package config

import (
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Policy translates the configuration into what a scorecard is computed by.
func (c *Config) Policy() *scorecard.Policy {
	return &scorecard.Policy{
		Organization: c.Organization.Name,
		Calendar:     c.Organization.calendar(),
		Teams:        each(c.Teams, Team.policy),
		People:       each(c.People, Person.policy),
		Incidents: scorecard.IncidentRules{
			Urgency:        c.Incidents.Urgency,
			OutagePriority: c.Incidents.Outage.Priorities,
			OutageUrgency:  c.Incidents.Outage.Urgency,
			OutageServices: c.Incidents.OutageServices,
		},
		Engagement: scorecard.Engagement(c.Engagement),
		Exceptions: each(c.Exceptions, Exception.policy),
		Tickets:    c.ticketRules(),
		Sources:    c.Sources.policy(),
		Rubric:     c.Rubric,
	}
}

// ticketRules lists the classes of tickets by name, so that the same configuration
// makes the same policy.
func (c *Config) ticketRules() scorecard.TicketRules {
	var rules scorecard.TicketRules
	if j := c.Sources.Jira; j != nil {
		rules.Declined, rules.IncidentField = j.DeclinedResolutions, j.IncidentField
	}
	for _, name := range slices.Sorted(maps.Keys(c.Tickets)) {
		rules.Classes = append(rules.Classes, scorecard.TicketClass{Name: name, Matchers: each(c.Tickets[name], Matcher.policy)})
	}
	for _, m := range c.Tickets[scorecard.ClassPostmortem] {
		rules.Template += m.Form // One of them has it.
	}
	return rules
}

func (m Matcher) policy() scorecard.TicketMatcher {
	return scorecard.TicketMatcher{
		Types: m.Types, Labels: m.Labels, Components: m.Components, Projects: m.Projects,
		Statuses: m.Statuses, Resolutions: m.Resolutions, Fields: m.Fields,
	}
}

// each translates a list.
func each[From, To any](list []From, translate func(From) To) []To {
	translated := make([]To, len(list))
	for i, element := range list {
		translated[i] = translate(element)
	}
	return translated
}

func (o Organization) calendar() scorecard.Calendar {
	return scorecard.Calendar{
		Location:    o.TimeZone,
		FiscalStart: o.FiscalYearStart,
		Week: scorecard.WorkingWeek{
			Hours: o.WorkingWeek.Hours,
			Days:  o.WorkingWeek.Days,
			From:  time.Duration(o.WorkingWeek.From),
			To:    time.Duration(o.WorkingWeek.To),
		},
		Holidays: slices.SortedFunc(slices.Values(o.Holidays), compare),
	}
}

func (t Team) policy() scorecard.Team {
	return scorecard.Team{
		ID:       t.ID,
		Name:     t.Name,
		Line:     t.Line,
		Services: t.PagerDuty.Services,
		Policies: t.PagerDuty.EscalationPolicies,
		Tickets:  scorecard.TeamTickets(t.Jira),
		Rotation: (*scorecard.Rotation)(t.Rotation),
	}
}

func (p Person) policy() scorecard.Person {
	return scorecard.Person{
		ID:           p.ID,
		Team:         p.Team,
		Line:         p.Line,
		Level:        p.Level,
		Joined:       p.Joined,
		Left:         p.Left,
		ProductiveOn: p.ProductiveOn,
		Mentor:       p.Mentor,
		FTE:          p.FTE,
		PagerDuty:    p.PagerDuty,
		Jira:         p.Jira,
		TimeZone:     p.TimeZone,
		Moves:        each(p.Moves, func(m Move) scorecard.Move { return scorecard.Move(m) }),
	}
}

func (e Exception) policy() scorecard.Exception { return scorecard.Exception(e) }

// policy lists the configured sources in the order of the pipeline.
func (s Sources) policy() []scorecard.SourceRules {
	var rules []scorecard.SourceRules
	if s.PagerDuty != nil {
		rules = append(rules, scorecard.SourceRules{Source: facts.PagerDuty, Built: true, Interval: s.PagerDuty.Interval, Bots: s.PagerDuty.Bots})
	}
	if s.Jira != nil {
		rules = append(rules, scorecard.SourceRules{Source: facts.Jira, Built: true, Interval: s.Jira.Interval, Bots: s.Jira.Bots})
	}
	if s.Prometheus != nil {
		rules = append(rules, scorecard.SourceRules{Source: facts.Prometheus, Built: true, Interval: s.Prometheus.Interval})
	}
	if s.Records != nil {
		rules = append(rules, scorecard.SourceRules{Source: facts.Records, Built: true, Interval: s.Records.Interval})
	}
	return rules
}
