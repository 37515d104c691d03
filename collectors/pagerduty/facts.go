package pagerduty

import (
	"strings"
	"time"

	"teamhealth/internal/facts"
)

func addService(p *page, wire wireService) {
	if wire.ID == "" {
		p.skip(kindService, reasonNoID)
		return
	}
	p.ids = append(p.ids, wire.ID)
	p.facts.Services = append(p.facts.Services, facts.Service{
		ID:               wire.ID,
		Name:             firstOf(wire.Name.value, wire.Summary.value),
		Status:           wire.Status.value,
		EscalationPolicy: wire.EscalationPolicy.id(),
		URL:              wire.HTMLURL.value,
	})
}

func addTeam(p *page, wire wireReference) {
	if wire.ID == "" {
		p.skip(kindTeam, reasonNoID)
		return
	}
	p.ids = append(p.ids, wire.ID)
	p.facts.Teams = append(p.facts.Teams, facts.Team{ID: wire.ID, Name: firstOf(wire.Name, wire.Summary)})
}

func addUser(p *page, wire wireUser) {
	if wire.ID == "" {
		p.skip(kindUser, reasonNoID)
		return
	}
	p.ids = append(p.ids, wire.ID)
	p.facts.Users = append(p.facts.Users, facts.User{ID: wire.ID, TimeZone: wire.TimeZone.value})
}

// addPriority leaves the rank to rankPriorities: it is the place in the whole
// list, not in a page of it.
func addPriority(p *page, wire wireReference) {
	if wire.ID == "" {
		p.skip(kindPriority, reasonNoID)
		return
	}
	p.ids = append(p.ids, wire.ID)
	p.facts.Priorities = append(p.facts.Priorities, facts.Priority{ID: wire.ID, Name: firstOf(wire.Name, wire.Summary)})
}

func rankPriorities(priorities []facts.Priority) {
	for i := range priorities {
		priorities[i].Rank = i
	}
}

// addIncident adds an incident and, as entries, the acceptances of responders
// that are told with it.
func addIncident(p *page, wire wireIncident) {
	createdAt, ok := instant(wire.CreatedAt)
	p.tellTime(createdAt)
	if wire.ID == "" {
		p.skip(kindIncident, reasonNoID)
		return
	}
	if !ok {
		p.skip(kindIncident, reasonNoTime)
		return
	}
	if !wire.whole() {
		p.flaw()
		p.unsure = append(p.unsure, wire.ID)
	}
	p.ids = append(p.ids, wire.ID)
	p.facts.Incidents = append(p.facts.Incidents, incident(&wire, createdAt))
	for _, responder := range wire.Responders.value {
		addResponder(p, wire.ID, responder.value)
	}
}

func incident(wire *wireIncident, createdAt time.Time) facts.Incident {
	lastChangeAt, _ := instant(wire.LastStatusChangeAt.value) // Zero is unknown.
	updatedAt, ok := instant(wire.UpdatedAt.value)
	if !ok {
		updatedAt = lastChangeAt
	}
	return facts.Incident{
		ID:         wire.ID,
		Number:     int64(wire.Number),
		Title:      wire.Title.value,
		Service:    wire.Service.id(),
		Urgency:    facts.Urgency(wire.Urgency.value),
		Priority:   wire.Priority.name(),
		Status:     wire.Status.value,
		CreatedAt:  createdAt,
		UpdatedAt:  updatedAt,
		ResolvedAt: resolvedAt(wire),
		LastChange: facts.Change{At: lastChangeAt, Actor: wire.LastStatusChangeBy.actor()},
		MergedInto: mergedInto(&wire.ResolveReason.value),
		URL:        wire.HTMLURL.value,
	}
}

// resolvedAt is zero for an incident that is open, whatever a former resolve
// may have left in the field.
func resolvedAt(wire *wireIncident) time.Time {
	if wire.Status.value != facts.StatusResolved {
		return time.Time{}
	}
	at, _ := instant(wire.ResolvedAt.value)
	return at
}

func mergedInto(reason *wireResolveReason) string {
	if !reason.merges() {
		return ""
	}
	return reason.Incident.id()
}

func (r *wireResolveReason) merges() bool {
	return strings.HasPrefix(r.Type.value, "merge_resolve_reason")
}

// addResponder adds the acceptance of a responder. The API tells only when the
// request was last changed; for one that was accepted that is the acceptance.
func addResponder(p *page, incident string, wire wireResponder) {
	if wire.State.value != "joined" && wire.State.value != "accepted" {
		return
	}
	user := wire.User.id()
	if user == "" {
		p.skip(kindLogEntry, reasonNoID)
		return
	}
	at, ok := instant(wire.UpdatedAt.value)
	if !ok {
		p.skip(kindLogEntry, reasonNoTime)
		return
	}
	p.facts.Entries = append(p.facts.Entries, facts.Entry{
		ID:       "responder/" + incident + "/" + user,
		Incident: incident,
		At:       at,
		Kind:     facts.EntryResponderAccept,
		Actor:    facts.Actor{ID: user, User: true},
	})
}

// instant reads a time with any offset. Without one it is no instant.
func instant(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.IsZero() {
		return time.Time{}, false
	}
	return at.UTC(), true
}

func (r *wireReference) id() string {
	if r == nil {
		return ""
	}
	return r.ID
}

// name prefers the name, which references lack; their summary says the same.
func (r *wireReference) name() string {
	if r == nil {
		return ""
	}
	return firstOf(r.Name, r.Summary)
}

func (r *wireReference) actor() facts.Actor {
	if r == nil {
		return facts.Actor{}
	}
	return facts.Actor{ID: r.ID, User: strings.HasPrefix(r.Type, "user")}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
