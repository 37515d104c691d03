package history

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
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
	// Users are the people who are, were or will be in the team; at least one
	// of them stays for good. The first who does leads it.
	Users []User
	// Rotation is how the team shares being on call.
	Rotation Rotation
	// Profile is how loud and how quick the team's days are. The zero profile
	// stands for one of six built-in ones, by the team's place.
	Profile Profile
}

// User is an account of a person, as a member of a team. One listed in two
// teams is one account, with the time zone of its first listing.
type User struct {
	ID       string
	TimeZone string // IANA name; empty for the account's own zone.
	// From is when the person joins the team, Until when they are no longer in
	// it. Zero: were always there, stay for good.
	From, Until time.Time
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
	ID       string
	Name     string
	TimeZone string // IANA name; empty for the account's own zone.
	Stays    []Stay // None for automation.
	Bot      bool
}

// Stay is a time in a team, half-open, in seconds since 1970.
type Stay struct {
	Team        int // Index into Account.Teams.
	From, Until int64
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
// databases and their platform, three of four that run the operation. The
// database teams are on call around the clock, one of them by the newer kind of
// schedule, the on-call team in business hours. The last of the platform team
// leaves in November 2025, and the last of the monitoring team moves to the
// automation team in February 2026.
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
	org.Teams[0].Rotation = Rotation{Coverage: AroundTheClock}
	org.Teams[1].Rotation = Rotation{Coverage: AroundTheClock, ShiftBased: true}
	org.Teams[3].Rotation = Rotation{Coverage: BusinessHours, TimeZone: "UTC"}
	org.Teams[2].Users[4].Until = time.Date(2025, time.November, 16, 0, 0, 0, 0, time.UTC)
	mover := &org.Teams[4].Users[3]
	mover.Until = time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC)
	org.Teams[5].Users = append(org.Teams[5].Users, User{ID: mover.ID, TimeZone: mover.TimeZone, From: mover.Until})
	return org
}

// account numbers the organisation's people and services, and reports all
// that is wrong with it.
func (o Organization) account(seed uint64) (*Account, error) {
	a := &Account{}
	a.addTeams(o.Teams)
	members := map[string]int{}
	for i := range a.Teams {
		a.addMembers(i, members)
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	a.Members = append(a.Members, Member{ID: cmp.Or(o.Bot, "PUSERBOT"), Name: "Runbook Bot", Bot: true})
	for i := range a.Teams {
		crew, err := a.crew(i, members, seed)
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
			a.Members = append(a.Members, Member{ID: user.ID, Name: fmt.Sprintf("Engineer %02d", at+1), TimeZone: user.TimeZone})
		}
		a.Members[at].Stays = append(a.Members[at].Stays, user.stay(team))
	}
}

// stay returns the user's time in a team.
func (u User) stay(team int) Stay {
	s := Stay{Team: team, From: math.MinInt64, Until: math.MaxInt64}
	if !u.From.IsZero() {
		s.From = u.From.Unix()
	}
	if !u.Until.IsZero() {
		s.Until = u.Until.Unix()
	}
	return s
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
		problems = append(problems, team.checkUsers())
		if err := team.Profile.check(); err != nil {
			problems = append(problems, fmt.Errorf("team %q: %w", team.ID, err))
		}
	}
	return errors.Join(problems...)
}

// checkUsers reports users who leave before they come, and a team that nobody
// is left to lead.
func (t Team) checkUsers() error {
	var problems []error
	for _, user := range t.Users {
		if stay := user.stay(0); stay.Until <= stay.From {
			problems = append(problems, fmt.Errorf("team %q: user %s is gone before being there", t.ID, user.ID))
		}
	}
	if len(t.Users) > 0 && !slices.ContainsFunc(t.Users, func(u User) bool { return u.Until.IsZero() }) {
		problems = append(problems, fmt.Errorf("team %q: nobody stays to lead it", t.ID))
	}
	return errors.Join(problems...)
}
