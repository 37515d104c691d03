package tickets

import (
	"math"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/simulator/history"
)

// incident is what a post-mortem needs to know about an incident.
type incident struct {
	*history.Incident
	id       string
	url      string
	team     int
	service  string
	title    string
	timeline []history.Event
	resolved int64
	people   []string // Accounts of those who worked on it, the last one first.
}

// reviewed returns the incident at an index if a post-mortem is asked for: it
// was urgent, is over, was not merged into another one, and did not end within
// five minutes before anybody came, unless it was an outage.
func (w *writer) reviewed(index int) (*incident, bool) {
	inc := &w.view.Incidents[index]
	state := w.view.State(index, math.MaxInt64)
	if inc.Urgency != history.High || state.Status != history.Resolved || state.MergedInto >= 0 {
		return nil, false
	}
	timeline := w.view.Timeline(index)
	if isOutage := state.Priority == 1 || state.Priority == 2; !isOutage && w.healedItself(timeline) {
		return nil, false
	}
	service := w.view.Account.Services[inc.Service]
	i := &incident{
		Incident: inc, id: inc.ID(), team: service.Team, service: service.Name,
		title: w.view.Account.Title(inc), timeline: timeline, resolved: state.ResolvedAt,
	}
	i.url = w.incidentURL + "/incidents/" + i.id
	i.people = w.workedOn(timeline)
	return i, true
}

// healedItself reports whether the incident was resolved within five minutes
// without that a person had done anything.
func (w *writer) healedItself(timeline []history.Event) bool {
	for _, event := range timeline {
		isPerson := event.By != history.Machine && !w.view.Account.Members[event.By].Bot
		switch event.Kind {
		case history.Acknowledge, history.AcceptHelp, history.Resolve:
			if isPerson {
				return false
			}
			if event.Kind == history.Resolve {
				return event.After <= 5*minute
			}
		default:
		}
	}
	return false
}

func (w *writer) workedOn(timeline []history.Event) []string {
	var people []string
	for _, event := range slices.Backward(timeline) {
		if account, ok := w.accounts[event.By]; ok && event.Kind != history.Annotate {
			people = append(people, account)
		}
	}
	return people
}

// clock writes the time of day of an event.
func (i *incident) clock(after int64) string {
	return time.Unix(i.Created+after, 0).UTC().Format("15:04")
}

// label names the incident, in one of the ways in which people write labels.
func (i *incident) label(d dice) string {
	return []string{"pd-" + i.id, "PD-" + i.id, "pd-" + strings.ToLower(i.id)}[d.IntN(3)]
}
