package config

import (
	"cmp"
	"slices"

	"teamhealth/scorecard"
)

// checkTeams fills in names, and wants every id and service to belong to one
// team.
func (r *reader) checkTeams(teams []Team) {
	ids, owners := map[string]string{}, map[string]string{}
	for i := range teams {
		t, path := &teams[i], item("teams", i)
		t.Name = cmp.Or(t.Name, t.ID)
		if t.ID == scorecard.OrgID || t.ID == "all" {
			r.report(path+".id", "choose another; this one means more than a team", "%s is reserved", quote(t.ID))
		}
		r.claim(ids, path+".id", t.ID, "team "+quote(t.ID))
		for j, service := range t.PagerDuty.Services {
			r.own(owners, item(path+".pagerduty.services", j), service, t.ID)
		}
	}
}

// own reports a service that another team has already; owners maps services to
// teams.
func (r *reader) own(owners map[string]string, path, service, team string) {
	switch owner, taken := owners[service]; {
	case !taken:
		owners[service] = team
	case owner == team:
		r.report(path, "keep one of the two", "service %s is listed twice", quote(service))
	default:
		r.report(path, "keep it in the team that answers for it", "service %s is in team %s and in team %s", quote(service), quote(owner), quote(team))
	}
}

// claim reports an id that another entry has already, as what the message calls
// it; taken maps ids to the paths of their entries.
func (r *reader) claim(taken map[string]string, path, id, called string) {
	if id == "" {
		return
	}
	if first, again := taken[id]; again {
		r.report(path, "choose another", "%s is on line %d already", called, nearestPlace(r.places, first).line)
		return
	}
	taken[id] = path
}

// checkPeople fills in lines and orders moves, and wants references that lead
// somewhere and dates in their order. Its messages quote nobody's id: they reach
// logs and, after a reload, whoever asked for it.
func (r *reader) checkPeople(c *Config) {
	ids, accounts, jira := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range c.People {
		p, path := &c.People[i], item("people", i)
		r.claim(ids, path+".id", p.ID, "this person")
		r.claim(accounts, path+".pagerduty", p.PagerDuty, "this PagerDuty user")
		r.claim(jira, path+".jira", p.Jira, "this Jira account")
		r.checkTeam(c, path+".team", p.Team)
		p.Line = cmp.Or(p.Line, lineOf(c, p.Team))
		r.checkDates(path, *p)
		r.checkMoves(c, path, p)
	}
	r.checkMentors(c.People)
}

// checkTeam wants a team that is configured, or none. While teams are missing,
// or a team's id is, nothing can be said.
func (r *reader) checkTeam(c *Config, path, id string) {
	known := c.teamIDs()
	if id != "" && len(known) > 0 && !slices.Contains(known, "") && !slices.Contains(known, id) {
		r.report(path, suggest(id, known), "unknown team %s", quote(id))
	}
}

// lineOf returns on which side of the line the people of a team are unless
// they say otherwise.
func lineOf(c *Config, team string) scorecard.PersonLine {
	switch t, _ := c.team(team); t.Line {
	case scorecard.LineDRE:
		return scorecard.LineEngineer
	case scorecard.LineSRE:
		return scorecard.LinePersonSRE
	default:
		return ""
	}
}

// checkDates wants a time of employment, and who became productive to have done so in it.
func (r *reader) checkDates(path string, p Person) {
	const productive = "productive_on is the day on which somebody became productive"
	if !p.Joined.IsZero() && !p.Left.IsZero() && compare(p.Left, p.Joined) <= 0 {
		r.report(path+".left", "left is the first day no longer employed", "is not after joined")
		return
	}
	switch {
	case p.ProductiveOn.IsZero():
	case !p.Joined.IsZero() && compare(p.ProductiveOn, p.Joined) < 0:
		r.report(path+".productive_on", productive, "is before joined")
	case !p.Left.IsZero() && compare(p.ProductiveOn, p.Left) >= 0:
		r.report(path+".productive_on", productive, "is not before left")
	}
}

// checkMoves wants moves of days on which somebody was there, one for each, and puts them in order.
func (r *reader) checkMoves(c *Config, path string, p *Person) {
	days := map[scorecard.Date]bool{}
	for i, m := range p.Moves {
		at := item(path+".moves", i)
		switch {
		case !r.sound(at):
		case m.Team == "" && m.Line == "" && m.Level == "":
			r.report(at, "give at least one of team, line, level", "changes nothing")
		case days[m.On]:
			r.report(at+".on", "join moves of one day into one", "is the day of another move")
		case !p.Joined.IsZero() && compare(m.On, p.Joined) <= 0:
			r.report(at+".on", "what holds from the first day on stands in the entry itself", "is not after joined")
		case !p.Left.IsZero() && compare(m.On, p.Left) >= 0:
			r.report(at+".on", "nothing changes for somebody who is not employed any more", "is not before left")
		}
		days[m.On] = true
		r.checkTeam(c, at+".team", m.Team)
	}
	slices.SortStableFunc(p.Moves, func(a, b Move) int { return compare(a.On, b.On) })
}

// checkMentors wants mentors who are somebody else on the roster.
func (r *reader) checkMentors(people []Person) {
	known := make([]string, len(people))
	for i, p := range people {
		known[i] = p.ID
	}
	for i, p := range people {
		path := item("people", i) + ".mentor"
		switch {
		case p.Mentor == "":
		case p.Mentor == p.ID:
			r.report(path, "name somebody else", "is the person's own id")
		case !slices.Contains(known, p.Mentor):
			r.report(path, "the mentor must be on the roster", "unknown person")
		}
	}
}

// checkExceptions wants ids of their own, and objectives and teams that exist.
func (r *reader) checkExceptions(c *Config) {
	ids := map[string]string{}
	known := make([]string, len(c.Rubric.Objectives))
	for i, o := range c.Rubric.Objectives {
		known[i] = o.ID
	}
	for i, e := range c.Exceptions {
		path := item("exceptions", i)
		r.claim(ids, path+".id", e.ID, "exception "+quote(e.ID))
		r.checkTeam(c, path+".team", e.Team)
		switch {
		case e.Objective == "" || len(known) == 0 || slices.Contains(known, e.Objective):
		case slices.Contains(c.Rubric.Disabled, e.Objective):
			r.report(path+".objective", "remove the exception, or enable the objective", "objective %s is disabled", quote(e.Objective))
		default:
			r.report(path+".objective", suggest(e.Objective, known), "unknown objective %s", quote(e.Objective))
		}
		unique(r, path+".incidents", "incident", e.Incidents)
	}
}

// compare orders two days.
func compare(a, b scorecard.Date) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
}
