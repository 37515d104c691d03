package pagerduty

import (
	"slices"
	"strconv"
	"strings"

	"teamhealth/internal/simulator/history"
)

// apiURL is what the self links begin with.
const apiURL = "https://api.pagerduty.com"

// reference is how one object names another.
type reference struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Summary string `json:"summary"`
	Self    string `json:"self"`
	HTMLURL string `json:"html_url,omitempty"`
}

// account is all that does not change with time, in the form in which it is
// sent. The slices have the order of history.Account.
type account struct {
	from   *history.Account
	webURL string

	serviceRefs, teamRefs, policyRefs []*reference // Policies by team.
	memberRefs                        []*reference
	priorityRefs                      []*reference // By rank; none at 0.

	services, teams, priorities, policies []entry
	schedules                             []schedule // Two of each team.
}

// entry is an item of a list of the account.
type entry struct {
	id    string
	teams []string
	wire  any
}

func newAccount(from *history.Account, webURL string) *account {
	a := &account{from: from, webURL: webURL}
	for _, team := range from.Teams {
		a.teamRefs = append(a.teamRefs, a.reference("team", team.ID, team.Name, "teams"))
		a.policyRefs = append(a.policyRefs,
			a.reference("escalation_policy", team.Policy, team.Name+" escalation", "escalation_policies"))
	}
	for _, service := range from.Services {
		a.serviceRefs = append(a.serviceRefs, a.reference("service", service.ID, service.Name, "service-directory"))
	}
	for _, member := range from.Members {
		a.memberRefs = append(a.memberRefs, a.reference("user", member.ID, member.Name, "users"))
	}
	a.addPriorities()
	a.addTeams()
	a.addServices(from)
	a.addSchedules()
	a.addPolicies(from)
	return a
}

// reference names an object of a kind, whose page for people is in a folder.
func (a *account) reference(kind, id, summary, folder string) *reference {
	collection := strings.TrimSuffix(kind, "y") + "ies"
	if !strings.HasSuffix(kind, "y") {
		collection = kind + "s"
	}
	return &reference{
		ID: id, Type: kind + "_reference", Summary: summary,
		Self: apiURL + "/" + collection + "/" + id, HTMLURL: a.webURL + "/" + folder + "/" + id,
	}
}

// whole returns the head of the object that a reference names.
func whole(r *reference) reference {
	head := *r
	head.Type = strings.TrimSuffix(r.Type, "_reference")
	return head
}

// ids returns the ids of what is referred to.
func ids(refs []*reference) []string {
	list := make([]string, 0, len(refs))
	for _, ref := range refs {
		list = append(list, ref.ID)
	}
	return list
}

// actor names who did something on a service.
func (a *account) actor(by history.Actor, service uint16) *reference {
	if by == history.Machine {
		return a.serviceRefs[service]
	}
	return a.memberRefs[by]
}

type wirePriority struct {
	reference
	Name        string `json:"name"`
	Description string `json:"description"`
	Color       string `json:"color"`
}

func (a *account) addPriorities() {
	a.priorityRefs = []*reference{nil}
	descriptions := []string{
		"Customers cannot use the product", "Many customers are affected", "Few customers are affected",
		"No customer is affected", "Cosmetic",
	}
	colors := []string{"a8171c", "eb6016", "f9b406", "555555", "999999"}
	for i, description := range descriptions {
		name := "P" + strconv.Itoa(i+1)
		ref := a.reference("priority", "PPRIO0"+strconv.Itoa(i+1), name, "")
		ref.HTMLURL = ""
		a.priorityRefs = append(a.priorityRefs, ref)
		wire := wirePriority{reference: whole(ref), Name: name, Description: description, Color: colors[i]}
		a.priorities = append(a.priorities, entry{id: ref.ID, wire: wire})
	}
}

type wireTeam struct {
	reference
	Name        string  `json:"name"`
	Description *string `json:"description"`
}

func (a *account) addTeams() {
	for _, ref := range a.teamRefs {
		a.teams = append(a.teams, entry{id: ref.ID, teams: []string{ref.ID}, wire: wireTeam{reference: whole(ref), Name: ref.Summary}})
	}
}

type wireService struct {
	reference
	Name                   string       `json:"name"`
	Description            *string      `json:"description"`
	AutoResolveTimeout     *int         `json:"auto_resolve_timeout"`
	AcknowledgementTimeout *int         `json:"acknowledgement_timeout"`
	CreatedAt              string       `json:"created_at"`
	Status                 string       `json:"status"`
	AlertCreation          string       `json:"alert_creation"`
	Integrations           []reference  `json:"integrations"`
	EscalationPolicy       *reference   `json:"escalation_policy"`
	Teams                  []*reference `json:"teams"`
}

func (a *account) addServices(from *history.Account) {
	for i, service := range from.Services {
		ref := a.serviceRefs[i]
		wire := wireService{
			reference: whole(ref), Name: service.Name, CreatedAt: "2015-11-06T11:12:51-05:00", Status: "active",
			AlertCreation: "create_alerts_and_incidents", Integrations: []reference{},
			EscalationPolicy: a.policyRefs[service.Team], Teams: []*reference{a.teamRefs[service.Team]},
		}
		if service.AckTimeout > 0 {
			wire.AcknowledgementTimeout = &service.AckTimeout
		}
		a.services = append(a.services, entry{id: ref.ID, teams: []string{a.teamRefs[service.Team].ID}, wire: wire})
	}
}

type wireUser struct {
	reference
	Name     string       `json:"name"`
	Email    string       `json:"email"`
	TimeZone *string      `json:"time_zone"`
	Role     string       `json:"role"`
	JobTitle *string      `json:"job_title"`
	Teams    []*reference `json:"teams"`
}

// users returns the accounts of people and of automation, with the teams that
// they are in at an instant. Whoever left keeps the account.
func (a *account) users(now int64) []entry {
	users := make([]entry, 0, len(a.from.Members))
	for i, member := range a.from.Members {
		ref := a.memberRefs[i]
		wire := wireUser{
			reference: whole(ref), Name: member.Name, Role: "user", Teams: []*reference{},
			Email: email(member),
		}
		if member.TimeZone != "" {
			wire.TimeZone = &member.TimeZone
		}
		item := entry{id: ref.ID}
		for _, stay := range member.Stays {
			if stay.From <= now && now < stay.Until {
				wire.Teams = append(wire.Teams, a.teamRefs[stay.Team])
				item.teams = append(item.teams, a.teamRefs[stay.Team].ID)
			}
		}
		item.wire = wire
		users = append(users, item)
	}
	return users
}

// email is the address of a member.
func email(m history.Member) string { return strings.ToLower(m.ID) + "@example.com" }

// inTeams reports whether an item belongs to one of the teams; to no team
// asked for, everything belongs.
func (e entry) inTeams(ids []string) bool {
	return len(ids) == 0 || slices.ContainsFunc(e.teams, func(id string) bool { return slices.Contains(ids, id) })
}
