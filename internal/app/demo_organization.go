package app

import (
	"teamhealth/config"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

// SimulatedTickets is what the simulated Jira makes up its tickets from: the
// configured teams' projects and people's accounts.
func SimulatedTickets(c *config.Config, past *history.History, seed uint64) tickets.Options {
	o := tickets.Options{Incidents: past, Seed: seed}
	for _, t := range c.Teams {
		team := tickets.Team{ID: t.ID}
		if len(t.Jira.Projects) > 0 {
			team.Project = t.Jira.Projects[0]
		}
		if len(t.Jira.Components) > 0 {
			team.Component = t.Jira.Components[0]
		}
		o.Teams = append(o.Teams, team)
	}
	for _, p := range c.People {
		if p.PagerDuty != "" && p.Jira != "" {
			o.People = append(o.People, simulatedPerson(c, p))
		}
	}
	if j := c.Sources.Jira; j != nil && len(j.Bots) > 0 {
		o.Bot = j.Bots[0]
	}
	return o
}

func simulatedPerson(c *config.Config, p config.Person) tickets.Person {
	one := tickets.Person{User: p.PagerDuty, Account: p.Jira, Line: simulatedLine(p.Line)}
	for _, m := range p.Moves {
		if m.Line != "" {
			one.Moves = append(one.Moves, tickets.LineMove{On: m.On.In(c.Organization.TimeZone), Line: simulatedLine(m.Line)})
		}
	}
	return one
}

func simulatedLine(l scorecard.PersonLine) tickets.Line {
	if l == scorecard.LinePersonSRE {
		return tickets.SRE
	}
	return tickets.Engineer
}

// Simulated is the configured organisation as the simulator wants it.
func Simulated(c *config.Config) history.Organization {
	var org history.Organization
	for _, t := range c.Teams {
		team := history.Team{ID: t.ID, Name: t.Name, Services: t.PagerDuty.Services}
		if len(t.PagerDuty.EscalationPolicies) > 0 {
			team.Policy = t.PagerDuty.EscalationPolicies[0]
		}
		if t.Rotation != nil {
			team.Rotation = simulatedRotation(c, t)
		}
		for _, p := range c.People {
			team.Users = append(team.Users, stays(c, t, p)...)
		}
		org.Teams = append(org.Teams, team)
	}
	if pd := c.Sources.PagerDuty; len(pd.Bots) > 0 {
		org.Bot = pd.Bots[0]
	}
	return org
}

// simulatedRotation is a team's rotation. The first team that is on call
// around the clock but one keeps it in a shift-based schedule.
func simulatedRotation(c *config.Config, t config.Team) history.Rotation {
	if t.Rotation.Coverage == scorecard.BusinessHours {
		return history.Rotation{Coverage: history.BusinessHours, TimeZone: c.Organization.TimeZone.String()}
	}
	return history.Rotation{Coverage: history.AroundTheClock, ShiftBased: t.ID != c.Teams[0].ID}
}

// stays are the times that a person spends in a team, each as a user of it.
func stays(c *config.Config, t config.Team, p config.Person) []history.User {
	var list []history.User
	zone := c.Organization.TimeZone
	team, from := p.Team, p.Joined
	add := func(until scorecard.Date) {
		if team != t.ID || p.PagerDuty == "" {
			return
		}
		u := history.User{ID: p.PagerDuty}
		if p.TimeZone != nil {
			u.TimeZone = p.TimeZone.String()
		}
		if !from.IsZero() {
			u.From = from.In(zone)
		}
		if !until.IsZero() {
			u.Until = until.In(zone)
		}
		list = append(list, u)
	}
	for _, m := range p.Moves {
		if m.Team == "" || m.Team == team {
			continue
		}
		add(m.On)
		team, from = m.Team, m.On
	}
	add(p.Left)
	return list
}
