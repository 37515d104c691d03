package pagerduty

import (
	"fmt"
	"strconv"
	"time"

	"teamhealth/internal/simulator/history"
)

// wireIncident is an incident as it is sent.
type wireIncident struct {
	reference
	IncidentNumber       uint32         `json:"incident_number"`
	Title                string         `json:"title"`
	CreatedAt            string         `json:"created_at"`
	UpdatedAt            string         `json:"updated_at"`
	Status               string         `json:"status"`
	IncidentKey          string         `json:"incident_key"`
	Service              *reference     `json:"service"`
	Assignments          []assignment   `json:"assignments"`
	AssignedVia          string         `json:"assigned_via"`
	LastStatusChangeAt   string         `json:"last_status_change_at"`
	ResolvedAt           *string        `json:"resolved_at"`
	FirstTriggerLogEntry reference      `json:"first_trigger_log_entry"`
	AlertCounts          alertCounts    `json:"alert_counts"`
	IsMergeable          bool           `json:"is_mergeable"`
	IncidentType         incidentType   `json:"incident_type"`
	EscalationPolicy     *reference     `json:"escalation_policy"`
	Teams                []*reference   `json:"teams"`
	PendingActions       []timedAction  `json:"pending_actions"`
	Acknowledgements     []acknowledged `json:"acknowledgements"`
	LastStatusChangeBy   *reference     `json:"last_status_change_by"`
	Priority             any            `json:"priority"`
	ResolveReason        *resolveReason `json:"resolve_reason"`
	IncidentsResponders  []responder    `json:"incidents_responders"`
	ResponderRequests    []helpRequest  `json:"responder_requests"`
	Urgency              string         `json:"urgency"`
}

type assignment struct {
	At       string     `json:"at"`
	Assignee *reference `json:"assignee"`
}

type acknowledged struct {
	At           string     `json:"at"`
	Acknowledger *reference `json:"acknowledger"`
}

type timedAction struct {
	Type string `json:"type"`
	At   string `json:"at"`
}

type alertCounts struct {
	All       int `json:"all"`
	Triggered int `json:"triggered"`
	Resolved  int `json:"resolved"`
}

type incidentType struct {
	Name string `json:"name"`
}

type resolveReason struct {
	Type     string    `json:"type"`
	Incident reference `json:"incident"`
}

type responder struct {
	State       string     `json:"state"`
	User        *reference `json:"user"`
	Incident    reference  `json:"incident"`
	UpdatedAt   string     `json:"updated_at"`
	Message     string     `json:"message"`
	Requester   *reference `json:"requester"`
	RequestedAt string     `json:"requested_at"`
}

type helpRequest struct {
	Incident    reference    `json:"incident"`
	Requester   *reference   `json:"requester"`
	RequestedAt string       `json:"requested_at"`
	Message     string       `json:"message"`
	Targets     []helpTarget `json:"responder_request_targets"`
}

type helpTarget struct {
	Target struct {
		Type       string      `json:"type"`
		ID         string      `json:"id"`
		Responders []responder `json:"incidents_responders"`
	} `json:"responder_request_target"`
}

// The words for history.Status and history.Urgency, by their numbers.
func statusWords() []string  { return []string{"triggered", "acknowledged", "resolved"} }
func urgencyWords() []string { return []string{"high", "low"} }

// helpMessage is what every request for help says.
const helpMessage = "Please help with this incident"

// incidentReference names an incident.
func (s *Server) incidentReference(view *history.View, index int) reference {
	inc := &view.Incidents[index]
	id := inc.ID()
	return reference{
		ID: id, Type: "incident_reference",
		Summary: "[#" + strconv.Itoa(int(inc.Number)) + "] " + view.Account.Title(inc),
		Self:    apiURL + "/incidents/" + id, HTMLURL: s.options.WebURL + "/incidents/" + id,
	}
}

// entryReference names an event of an incident.
func (s *Server) entryReference(inc *history.Incident, n int, kind, summary string) reference {
	incident, id := inc.ID(), inc.EntryID(n)
	return reference{
		ID: id, Type: kind, Summary: summary,
		Self:    apiURL + "/log_entries/" + id + "?incident_id=" + incident,
		HTMLURL: s.options.WebURL + "/incidents/" + incident + "/log_entries/" + id,
	}
}

// stamp writes a time as the request wants it.
func (r *request) stamp(at int64) string { return time.Unix(at, 0).In(r.zone).Format(time.RFC3339) }

// incidentPainter returns what turns an index into the incident as it is now.
func (s *Server) incidentPainter(r *request) func(int) wireIncident {
	whole := r.query.includes("priorities")
	return func(index int) wireIncident {
		inc, state := &r.view.Incidents[index], r.view.State(index, r.now)
		wire := s.incidentHead(r, index)
		wire.UpdatedAt = r.stamp(state.UpdatedAt)
		wire.Status = statusWords()[state.Status]
		wire.Urgency = urgencyWords()[state.Urgency]
		wire.LastStatusChangeAt = r.stamp(state.ChangedAt)
		wire.LastStatusChangeBy = s.account.actor(state.ChangedBy, inc.Service)
		wire.AlertCounts = counts(state)
		wire.IsMergeable = state.MergedInto < 0
		wire.Priority = s.account.priority(state.Priority, whole)
		s.paintPeople(r, &wire, state)
		s.paintHelp(r, &wire, state)
		if state.Status == history.Resolved {
			at := r.stamp(state.ResolvedAt)
			wire.ResolvedAt = &at
		}
		if state.MergedInto >= 0 {
			target := s.incidentReference(r.view, state.MergedInto)
			wire.ResolveReason = &resolveReason{Type: "merge_resolve_reason", Incident: target}
		}
		return wire
	}
}

// incidentHead fills in what never changes.
func (s *Server) incidentHead(r *request, index int) wireIncident {
	inc := &r.view.Incidents[index]
	team := r.view.Account.Services[inc.Service].Team
	head := s.incidentReference(r.view, index)
	head.Type = "incident"
	return wireIncident{
		reference: head, IncidentNumber: inc.Number, Title: r.view.Account.Title(inc),
		CreatedAt: r.stamp(inc.Created), IncidentKey: fmt.Sprintf("%016x", inc.Key),
		Service: s.account.serviceRefs[inc.Service], AssignedVia: "escalation_policy",
		FirstTriggerLogEntry: s.entryReference(inc, 0, "trigger_log_entry_reference", "Triggered through the API."),
		IncidentType:         incidentType{Name: "incident_default"},
		EscalationPolicy:     s.account.policyRefs[team], Teams: []*reference{s.account.teamRefs[team]},
		Assignments: []assignment{}, Acknowledgements: []acknowledged{}, PendingActions: []timedAction{},
		IncidentsResponders: []responder{}, ResponderRequests: []helpRequest{},
	}
}

// paintPeople fills in who is in charge and who is at work.
func (s *Server) paintPeople(r *request, wire *wireIncident, state history.State) {
	for _, a := range state.AssignedTo {
		wire.Assignments = append(wire.Assignments, assignment{At: r.stamp(a.At), Assignee: s.account.memberRefs[a.Who]})
	}
	for _, a := range state.Acknowledged {
		wire.Acknowledgements = append(wire.Acknowledgements,
			acknowledged{At: r.stamp(a.At), Acknowledger: s.account.memberRefs[a.Who]})
	}
	if state.ByHand {
		wire.AssignedVia = "direct_assignment"
	}
	if state.LapsesAt > 0 {
		wire.PendingActions = append(wire.PendingActions, timedAction{Type: "unacknowledge", At: r.stamp(state.LapsesAt)})
	}
}

// paintHelp fills in who was asked to join.
func (s *Server) paintHelp(r *request, wire *wireIncident, state history.State) {
	incident := wire.reference
	incident.Type = "incident_reference"
	for _, asked := range state.Requests {
		one := responder{
			State: "pending", User: s.account.memberRefs[asked.Who], Incident: incident, UpdatedAt: r.stamp(asked.At),
			Message: helpMessage, Requester: s.account.memberRefs[asked.By], RequestedAt: r.stamp(asked.At),
		}
		if asked.AcceptedAt > 0 {
			one.State, one.UpdatedAt = "joined", r.stamp(asked.AcceptedAt)
		}
		target := helpTarget{}
		target.Target.Type, target.Target.ID = "user", one.User.ID
		target.Target.Responders = []responder{one}
		wire.IncidentsResponders = append(wire.IncidentsResponders, one)
		wire.ResponderRequests = append(wire.ResponderRequests, helpRequest{
			Incident: incident, Requester: one.Requester, RequestedAt: one.RequestedAt,
			Message: helpMessage, Targets: []helpTarget{target},
		})
	}
}

// counts says how many alerts an incident has. Those of a merged one went
// with it.
func counts(state history.State) alertCounts {
	c := alertCounts{All: 1 + state.MergedIn}
	if state.MergedInto >= 0 {
		c.All = 0
	}
	if state.Status == history.Resolved {
		c.Resolved = c.All
	} else {
		c.Triggered = c.All
	}
	return c
}

// priority returns the priority of a rank, whole or as a reference; nothing
// for none.
func (a *account) priority(rank uint8, whole bool) any {
	switch {
	case rank == 0:
		return nil
	case whole:
		return a.priorities[rank-1].wire
	default:
		return a.priorityRefs[rank]
	}
}
