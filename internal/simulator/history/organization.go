package history

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Organization is who is on call for what.
type Organization struct {
	Teams []Team
	// Bot is the id of the user account that is automation. Default PUSERBOT.
	Bot string
}

// Team is one team: its services, and the people who look after them.
type Team struct {
	ID       string
	Name     string   // Default: the id.
	Services []string // Ids; at least one. No two teams share a service.
	Policy   string   // Id of the escalation policy of all services. Default: E and the id in capitals.
	Users    []User   // At least one. The first four share the rotation.
	// Profile is how loud and how quick the team's days are. The zero profile
	// stands for one of six built-in ones, by the team's place.
	Profile Profile
}

// User is an account of a person. One listed in two teams is one account.
type User struct {
	ID       string
	TimeZone string // IANA name; empty for the account's own zone.
}

// Profile is the temper of a team.
type Profile struct {
	PerDay     float64       // Incidents on a working day, storms aside.
	Weekend    float64       // Load of a Saturday or Sunday, relative to a working day.
	Night      float64       // Load of an hour between 22 and 7 o'clock, relative to an evening hour.
	Median     time.Duration // Of the time until somebody answers a page; below five minutes.
	Prompt     float64       // Share of answers within five minutes, above 0.5 and below 1.
	Unanswered float64       // Share of pages that nobody ever answers.
	Drills     int           // Planned failover drills per calendar quarter.
}

// Service is a thing that incidents happen to.
type Service struct {
	ID   string
	Name string
	Team int // Index into Account.Teams.
	// AckTimeout is after how many seconds an acknowledgement lapses; 0 for never.
	AckTimeout int
}

// Member is a user account with its place in the organisation.
type Member struct {
	User
	Name  string
	Teams []int // Indexes into Account.Teams; none for automation.
	Bot   bool
}

// Account is an organisation with its defaults filled in and its people and
// services numbered. It does not change.
type Account struct {
	Teams    []Team
	Services []Service
	Members  []Member // The bot is the last.

	crews []crew
}

// ackTimeout is how long an acknowledgement holds on services that limit it.
const ackTimeout = 1800

// Example returns an organisation of six teams with 27 people, in the shape
// of a database reliability organisation: three teams of five that run
// databases and their platform, three of four that run the operation.
func Example() Organization {
	var org Organization
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/Berlin", "Australia/Sydney"}
	next := 1
	add := func(id, name string, people int, services ...string) {
		team := Team{ID: id, Name: name, Services: services, Policy: "E" + strings.ToUpper(id)}
		for i := range people {
			team.Users = append(team.Users, User{ID: fmt.Sprintf("PUSER%02d", next), TimeZone: zones[i]})
			next++
		}
		org.Teams = append(org.Teams, team)
	}
	add("mysql", "MySQL Team", 5, "PMYSQL1", "PMYSQL2")
	add("mongodb", "MongoDB Team", 5, "PMONGO1", "PMONGO2")
	add("platform", "Platform Team", 5, "PPLAT1", "PPLAT2")
	add("oncall", "On-Call Team", 4, "PONC1")
	add("monitoring", "Monitoring Team", 4, "PMON1", "PMON2")
	add("automation", "Automation Team", 4, "PAUTO1")
	return org
}

// account numbers the organisation's people and services, and reports all
// that is wrong with it.
func (o Organization) account() (*Account, error) {
	a := &Account{}
	a.addTeams(o.Teams)
	members := map[string]int{}
	for i := range a.Teams {
		a.addMembers(i, members)
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	a.Members = append(a.Members, Member{User: User{ID: cmp.Or(o.Bot, "PUSERBOT")}, Name: "Runbook Bot", Bot: true})
	for i := range a.Teams {
		crew, err := a.crew(i, members)
		if err != nil {
			return nil, err
		}
		a.crews = append(a.crews, crew)
	}
	return a, nil
}

func (a *Account) addTeams(teams []Team) {
	for i, team := range teams {
		team.Name = cmp.Or(team.Name, team.ID)
		team.Policy = cmp.Or(team.Policy, "E"+strings.ToUpper(team.ID))
		if team.Profile == (Profile{}) {
			team.Profile = builtIn(i)
		}
		a.Teams = append(a.Teams, team)
		for j, id := range team.Services {
			service := Service{ID: id, Name: fmt.Sprintf("%s %d", strings.TrimSuffix(team.Name, " Team"), j+1), Team: i}
			if j%2 == 1 {
				service.AckTimeout = ackTimeout
			}
			a.Services = append(a.Services, service)
		}
	}
}

func (a *Account) addMembers(team int, members map[string]int) {
	for _, user := range a.Teams[team].Users {
		at, known := members[user.ID]
		if !known {
			at = len(a.Members)
			members[user.ID] = at
			a.Members = append(a.Members, Member{User: user, Name: fmt.Sprintf("Engineer %02d", at+1)})
		}
		a.Members[at].Teams = append(a.Members[at].Teams, team)
	}
}

// check reports everything that no history could be made of.
func (a *Account) check() error {
	var problems []error
	if len(a.Teams) == 0 {
		problems = append(problems, errors.New("the organisation has no team"))
	}
	owners := map[string]string{}
	for _, team := range a.Teams {
		if team.ID == "" || len(team.Services) == 0 || len(team.Users) == 0 {
			problems = append(problems, fmt.Errorf("team %q needs an id, a service and a user", team.ID))
		}
		for _, service := range team.Services {
			if owner, taken := owners[service]; taken {
				problems = append(problems, fmt.Errorf("service %s belongs to the teams %s and %s", service, owner, team.ID))
			}
			owners[service] = team.ID
		}
		if err := team.Profile.check(); err != nil {
			problems = append(problems, fmt.Errorf("team %q: %w", team.ID, err))
		}
	}
	return errors.Join(problems...)
}

// answerLimit is the five minutes, in seconds, that profiles speak of.
const answerLimit = 300

func (p Profile) check() error {
	switch {
	case p.Prompt <= 0.5 || p.Prompt >= 1:
		return fmt.Errorf("profile: prompt is %v, not above 0.5 and below 1", p.Prompt)
	case p.Median < time.Second || p.Median >= answerLimit*time.Second:
		return fmt.Errorf("profile: median is %v, not between a second and five minutes", p.Median)
	case p.PerDay < 0 || p.Weekend < 0 || p.Night < 0 || p.Drills < 0 || p.Unanswered < 0 || p.Unanswered > 1:
		return errors.New("profile: a rate is negative or a share above 1")
	}
	return nil
}

// builtIn returns the profile of the team at a place of the organisation.
func builtIn(place int) Profile {
	profiles := []Profile{
		{PerDay: 0.92, Weekend: 0.7, Night: 0.7, Median: 75 * time.Second, Prompt: 0.985, Unanswered: 0.004, Drills: 2},
		{PerDay: 0.82, Weekend: 0.7, Night: 0.7, Median: 85 * time.Second, Prompt: 0.980, Unanswered: 0.005, Drills: 2},
		{PerDay: 0.78, Weekend: 0.6, Night: 0.5, Median: 120 * time.Second, Prompt: 0.910, Unanswered: 0.020, Drills: 1},
		{PerDay: 0.76, Weekend: 0.7, Night: 0.6, Median: 65 * time.Second, Prompt: 0.985, Unanswered: 0.005},
		{PerDay: 0.78, Weekend: 0.6, Night: 0.5, Median: 130 * time.Second, Prompt: 0.900, Unanswered: 0.025},
		{PerDay: 0.78, Weekend: 0.6, Night: 0.5, Median: 140 * time.Second, Prompt: 0.890, Unanswered: 0.025},
	}
	return profiles[place%len(profiles)]
}
