package tickets

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/simulator/history"
)

// Line is what a person is.
type Line uint8

// The lines.
const (
	Engineer Line = iota
	SRE
)

// Person says which account somebody in the history has here.
type Person struct {
	User    string // Id of the user in the history.
	Account string
	Line    Line // Before all moves.
	Moves   []LineMove
}

// LineMove says that a person changes the line.
type LineMove struct {
	On   time.Time
	Line Line
}

// Team says where the work of a team of the history is kept.
type Team struct {
	ID        string
	Project   string // Key.
	Component string // Default: the id.
}

// roster is who has an account and who is in which team when.
type roster struct {
	teams    []Team // In the history's order.
	members  []member
	accounts map[history.Actor]string
	bot      string
}

// member is a person with an account.
type member struct {
	Person
	who   history.Actor
	stays []history.Stay
}

// newRoster matches teams and people to those of the history, and reports all
// that do not fit.
func newRoster(account *history.Account, o Options) (*roster, error) {
	r := &roster{bot: cmp.Or(o.Bot, "5b10bot"), accounts: map[history.Actor]string{}}
	var problems []error
	for _, team := range account.Teams {
		at := slices.IndexFunc(o.Teams, func(t Team) bool { return t.ID == team.ID })
		if at < 0 || o.Teams[at].Project == "" {
			problems = append(problems, fmt.Errorf("tickets: team %q has no project", team.ID))
			continue
		}
		known := o.Teams[at]
		known.Component = cmp.Or(known.Component, known.ID)
		r.teams = append(r.teams, known)
	}
	for _, person := range o.People {
		who := slices.IndexFunc(account.Members, func(m history.Member) bool { return m.ID == person.User })
		if who < 0 || person.Account == "" {
			problems = append(problems, fmt.Errorf("tickets: user %q with account %q is nobody of the history", person.User, person.Account))
			continue
		}
		r.accounts[history.Actor(who)] = person.Account
		r.members = append(r.members, member{Person: person, who: history.Actor(who), stays: account.Members[who].Stays})
	}
	if len(r.members) == 0 {
		problems = append(problems, errors.New("tickets: nobody has an account"))
	}
	return r, errors.Join(problems...)
}

// line is what the person is at an instant.
func (m *member) line(at int64) Line {
	line := m.Line
	for _, move := range m.Moves {
		if move.On.Unix() <= at {
			line = move.Line
		}
	}
	return line
}

// team returns which team the person is in at an instant, -1 for none.
func (m *member) team(at int64) int {
	for _, stay := range m.stays {
		if stay.From <= at && at < stay.Until {
			return stay.Team
		}
	}
	return -1
}

// settled is for how long before they go people begin nothing new.
const settled = 14 * day

// among returns the accounts of those for whom something holds, out of all
// who are there at an instant and stay a while.
func (r *roster) among(at int64, holds func(m *member, team int) bool) []string {
	var accounts []string
	for i := range r.members {
		m := &r.members[i]
		if team := m.team(at); team >= 0 && m.team(at+settled) >= 0 && holds(m, team) {
			accounts = append(accounts, m.Account)
		}
	}
	return accounts
}

// inTeam returns the accounts of a team at an instant.
func (r *roster) inTeam(team int, at int64) []string {
	return r.among(at, func(_ *member, in int) bool { return in == team })
}

// ofLine returns the accounts of a line at an instant.
func (r *roster) ofLine(line Line, at int64) []string {
	return r.among(at, func(m *member, _ int) bool { return m.line(at) == line })
}

// engineersOf returns those of a team who are engineers at an instant, or all
// engineers where the team has none.
func (r *roster) engineersOf(team int, at int64) []string {
	own := r.among(at, func(m *member, in int) bool { return in == team && m.line(at) == Engineer })
	if len(own) > 0 {
		return own
	}
	return r.ofLine(Engineer, at)
}

// users returns the accounts of the site.
func (r *roster) users(account *history.Account) []User {
	users := make([]User, 0, len(r.members)+1)
	for i := range r.members {
		m := &r.members[i]
		known := account.Members[m.who]
		users = append(users, User{
			Account: m.Account, Name: known.Name, TimeZone: known.TimeZone,
			Email: strings.ToLower(known.ID) + "@example.com",
		})
	}
	return append(users, User{Account: r.bot, Name: "Automation for Jira", Bot: true, Email: "automation@example.com"})
}

// Example returns the teams and people of history.Example(): the database
// teams work in one project, the others in another one; the people of the
// platform team and of the other project are SREs, and one of the MongoDB team
// becomes an SRE on 16 February 2026.
func Example() ([]Team, []Person) {
	var teams []Team
	var people []Person
	seen := map[string]bool{}
	for i, team := range history.Example().Teams {
		project, line := "DRE", SRE
		if i > 2 {
			project = "SRE"
		}
		if i < 2 {
			line = Engineer
		}
		teams = append(teams, Team{ID: team.ID, Project: project})
		for _, user := range team.Users {
			if !seen[user.ID] {
				seen[user.ID] = true
				people = append(people, Person{User: user.ID, Account: "5b10a" + strings.TrimPrefix(user.ID, "PUSER"), Line: line})
			}
		}
	}
	people[9].Moves = []LineMove{{On: time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC), Line: SRE}}
	return teams, people
}
