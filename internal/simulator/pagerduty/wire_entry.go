package pagerduty

import (
	"encoding/json"
	"fmt"
	"strconv"

	"teamhealth/internal/simulator/history"
)

// wireEntry is a log entry as it is sent.
type wireEntry struct {
	reference
	CreatedAt      string            `json:"created_at"`
	Agent          *reference        `json:"agent,omitempty"`
	User           *reference        `json:"user,omitempty"` // Of a notification: who was told.
	Channel        channel           `json:"channel"`
	AckTimeout     json.RawMessage   `json:"acknowledgement_timeout,omitempty"`
	Assignees      []*reference      `json:"assignees,omitempty"`
	ChangedActions []timedAction     `json:"changed_actions,omitempty"`
	Service        *reference        `json:"service"`
	Incident       reference         `json:"incident"`
	Teams          []*reference      `json:"teams"`
	Contexts       []string          `json:"contexts"`
	EventDetails   map[string]string `json:"event_details,omitzero"`
}

// channel is how an entry came about. Without include[]=channels it has only
// its type.
type channel struct {
	Type         string        `json:"type"`
	Summary      string        `json:"summary,omitempty"`
	Notification *notification `json:"notification,omitempty"`
	Changeset    *changeset    `json:"changeset,omitempty"`
}

type notification struct {
	Type    string `json:"type"`
	Address string `json:"address,omitempty"`
	Status  string `json:"status"`
}

type changeset struct {
	Fields []fieldChange `json:"application_fields"`
}

type fieldChange struct {
	Name     string  `json:"name"`
	OldValue *string `json:"old_value"`
	Value    string  `json:"value"`
}

// happening is one event in its surroundings.
type happening struct {
	history.Event
	inc     *history.Incident
	account *account
	title   string
}

// entryPainter returns what turns a place into a log entry.
func (s *Server) entryPainter(r *request) func(place) wireEntry {
	detailed := r.query.includes("channels")
	return func(at place) wireEntry {
		inc := &r.view.Incidents[at.incident]
		service := r.view.Account.Services[inc.Service]
		event := r.view.Timeline(at.incident)[at.event]
		h := happening{Event: event, inc: inc, account: s.account, title: r.view.Account.Title(inc)}
		wire := wireEntry{
			reference: s.entryReference(inc, at.event, entryType(event.Kind), h.summary()),
			CreatedAt: r.stamp(inc.At(event)), Channel: h.channel(detailed),
			Service: s.account.serviceRefs[inc.Service], Incident: s.incidentReference(r.view, at.incident),
			Teams: []*reference{s.account.teamRefs[service.Team]}, Contexts: []string{},
		}
		if event.Kind == history.Notify {
			wire.User = s.account.memberRefs[event.Arg]
			return wire
		}
		wire.Agent = s.account.actor(event.By, inc.Service)
		h.paint(r, &wire, service)
		return wire
	}
}

// paint fills in what only some kinds of entries have.
func (h happening) paint(r *request, wire *wireEntry, service history.Service) {
	switch h.Kind {
	case history.Trigger, history.Reopen:
		wire.EventDetails = map[string]string{"description": h.title}
	case history.Resolve, history.Merged:
		wire.EventDetails = map[string]string{}
	case history.Acknowledge:
		wire.EventDetails = map[string]string{}
		wire.AckTimeout = json.RawMessage("null")
		if service.AckTimeout > 0 {
			wire.AckTimeout = json.RawMessage(strconv.Itoa(service.AckTimeout))
		}
	case history.Assign, history.Escalate:
		wire.Assignees = []*reference{h.account.memberRefs[h.Arg]}
	case history.Snooze:
		wire.ChangedActions = []timedAction{{Type: "unacknowledge", At: r.stamp(h.inc.At(h.Event) + int64(h.Arg))}}
	default:
	}
}

// entryType is PagerDuty's name for a kind. It documents none for a reopening;
// here that triggers again.
func entryType(kind history.Kind) string {
	switch kind {
	case history.Trigger, history.Reopen:
		return "trigger_log_entry"
	case history.Assign:
		return "assign_log_entry"
	case history.Notify:
		return "notify_log_entry"
	case history.Acknowledge:
		return "acknowledge_log_entry"
	case history.Unacknowledge:
		return "unacknowledge_log_entry"
	case history.Escalate:
		return "escalate_log_entry"
	case history.Repeat:
		return "repeat_escalation_path_log_entry"
	case history.Exhaust:
		return "exhaust_escalation_path_log_entry"
	case history.Annotate:
		return "annotate_log_entry"
	case history.Snooze:
		return "snooze_log_entry"
	case history.Prioritise:
		return "field_value_change_log_entry"
	case history.SetUrgency:
		return "urgency_change_log_entry"
	case history.RequestHelp:
		return "responder_request_log_entry"
	case history.AcceptHelp:
		return "responder_accept_log_entry"
	case history.Inform:
		return "status_update_log_entry"
	case history.Merge:
		return "merge_incidents_log_entry"
	default: // Resolve, Merged.
		return "resolve_log_entry"
	}
}

// summary says in words what happened.
func (h happening) summary() string {
	by := h.account.actor(h.By, h.inc.Service).Summary
	switch h.Kind {
	case history.Trigger:
		return "Triggered through the API."
	case history.Reopen:
		return "Reopened by " + by + "."
	case history.Assign:
		return "Assigned to " + h.account.memberRefs[h.Arg].Summary + "."
	case history.Escalate:
		return "Escalated to " + h.account.memberRefs[h.Arg].Summary + " by " + by + "."
	case history.Notify:
		return "Notified " + h.account.memberRefs[h.Arg].Summary + " by " + medium(h.Via) + "."
	case history.Unacknowledge:
		return "Unacknowledged due to timeout."
	case history.Repeat:
		return "Repeated the escalation path."
	case history.Exhaust:
		return "Exhausted the escalation path."
	case history.Prioritise:
		_, after := h.PriorityChange()
		return "Priority changed to " + h.account.priorityRefs[after].Summary + "."
	case history.SetUrgency:
		return "Urgency changed to " + urgencyWords()[h.Arg] + "."
	case history.RequestHelp:
		return by + " requested help from " + h.account.memberRefs[h.Arg].Summary + "."
	case history.Merge:
		return fmt.Sprintf("%d incidents merged in by %s.", h.Arg, by)
	default:
		return verb(h.Kind) + " by " + by + "."
	}
}

// verb says what somebody did whose deed needs no more words.
func verb(kind history.Kind) string {
	switch kind {
	case history.Acknowledge:
		return "Acknowledged"
	case history.Annotate:
		return "Note added"
	case history.Snooze:
		return "Snoozed"
	case history.AcceptHelp:
		return "Request for help accepted"
	case history.Inform:
		return "Status update published"
	default: // Resolve, Merged.
		return "Resolved"
	}
}
