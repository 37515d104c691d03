package pagerduty

import (
	"slices"
	"strconv"

	"teamhealth/internal/simulator/history"
)

// list answers with a page of what the account holds of a kind; team_ids[]
// narrows it where the kind has teams.
func list(name string, entries []entry) endpoint {
	return func(r *request) (body, error) {
		p, err := r.query.page()
		if err != nil {
			return nil, err
		}
		teams := r.query.several("team_ids")
		all := func(yield func(any) bool) {
			for _, item := range entries {
				if item.inTeams(teams) && !yield(item.wire) {
					return
				}
			}
		}
		return listing[any]{name: name, rows: take(p, all)}, nil
	}
}

// listUsers answers GET /users.
func (s *Server) listUsers(r *request) (body, error) {
	return list("users", s.account.users(r.now))(r)
}

// get answers with the item of an id.
func get(name string, entries []entry) endpoint {
	return func(r *request) (body, error) {
		i := slices.IndexFunc(entries, func(e entry) bool { return e.id == r.id })
		if i < 0 {
			return nil, notFound()
		}
		return object{name: name, value: entries[i].wire}, nil
	}
}

// listAbilities says what the account's plan can do.
func listAbilities(*request) (body, error) {
	abilities := []string{"teams", "read_only_users", "service_support_hours", "urgencies", "priorities", "response_operations"}
	return object{name: "abilities", value: abilities}, nil
}

type wirePolicy struct {
	reference
	Name     string       `json:"name"`
	Handoff  string       `json:"on_call_handoff_notifications"`
	Rules    []wireRule   `json:"escalation_rules"`
	Services []*reference `json:"services"`
	Loops    int          `json:"num_loops"`
	Teams    []*reference `json:"teams"`
}

type wireRule struct {
	ID      string       `json:"id"`
	Delay   int          `json:"escalation_delay_in_minutes"`
	Targets []*reference `json:"targets"`
}

// addPolicies gives each team one policy: whoever has the shift, whoever has
// the next one, and the lead of the team at all times.
func (a *account) addPolicies(from *history.Account) {
	for i, team := range from.Teams {
		ref := a.policyRefs[i]
		wire := wirePolicy{
			reference: whole(ref), Name: ref.Summary, Handoff: "if_has_services",
			Loops: history.Rounds - 1, Teams: []*reference{a.teamRefs[i]}, Services: []*reference{},
		}
		targets := []*reference{a.schedules[2*i].ref, a.schedules[2*i+1].ref, a.memberRefs[from.Lead(i)]}
		for level, target := range targets {
			id := "R" + team.Policy + strconv.Itoa(level+1)
			wire.Rules = append(wire.Rules, wireRule{ID: id, Delay: history.EscalateAfter / 60, Targets: []*reference{target}})
		}
		for j, service := range from.Services {
			if service.Team == i {
				wire.Services = append(wire.Services, a.serviceRefs[j])
			}
		}
		a.policies = append(a.policies, entry{id: ref.ID, teams: []string{a.teamRefs[i].ID}, wire: wire})
	}
}
