package pagerduty

import (
	"encoding/json"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// kinds maps the stem of a log entry's type to what it records. What is absent
// is kept as other.
var kinds = map[string]facts.EntryKind{
	"trigger":            facts.EntryTrigger,
	"acknowledge":        facts.EntryAcknowledge,
	"acknowledgement":    facts.EntryAcknowledge,
	"unacknowledge":      facts.EntryUnacknowledge,
	"unacknowledgement":  facts.EntryUnacknowledge,
	"assign":             facts.EntryAssign,
	"delegate":           facts.EntryDelegate,
	"escalate":           facts.EntryEscalate,
	"notify":             facts.EntryNotify,
	"annotate":           facts.EntryAnnotate,
	"resolve":            facts.EntryResolve,
	"snooze":             facts.EntrySnooze,
	"urgency_change":     facts.EntryUrgencyChange,
	"priority_change":    facts.EntryPriorityChange,
	"field_value_change": facts.EntryPriorityChange, // Where the field is the priority.
	"responder_request":  facts.EntryResponderAsk,
	"status_update":      facts.EntryStatusUpdate,
}

// openKinds are stems that the API ends in several ways.
var openKinds = []struct {
	prefix string
	kind   facts.EntryKind
}{
	{"responder_accept", facts.EntryResponderAccept},
	{"status_update", facts.EntryStatusUpdate},
	{"merge", facts.EntryMerge},
}

func stem(kind string) string {
	return strings.TrimSuffix(strings.TrimSuffix(kind, "_reference"), "_log_entry")
}

func entryKind(stem string) facts.EntryKind {
	if kind, ok := kinds[stem]; ok {
		return kind
	}
	for _, open := range openKinds {
		if strings.HasPrefix(stem, open.prefix) {
			return open.kind
		}
	}
	return facts.EntryOther
}

// addEntry adds a log entry. One that names no incident belongs to owner, the
// incident that it was asked for; owner is empty in the account's list.
func addEntry(owner string) func(*page, wireEntry) {
	return func(p *page, wire wireEntry) {
		at, ok := instant(wire.CreatedAt)
		p.tellTime(at)
		incident := firstOf(wire.Incident.id(), owner)
		if wire.ID == "" || incident == "" {
			p.skip(kindLogEntry, reasonNoID)
			return
		}
		if !ok {
			p.skip(kindLogEntry, reasonNoTime)
			return
		}
		e := facts.Entry{
			ID: wire.ID, Incident: incident, At: at,
			Kind: entryKind(stem(wire.Type)), Actor: wire.Agent.actor(), Service: wire.Service.id(),
		}
		via := channel(e.Kind, wire.Channel)
		if !wire.whole(e.Kind, &via) {
			p.flaw()
		}
		detail(&e, &wire, &via)
		p.ids = append(p.ids, e.ID)
		p.facts.Entries = append(p.facts.Entries, e)
	}
}

// detail fills in what only some kinds have.
func detail(e *facts.Entry, wire *wireEntry, via *wireChannel) {
	switch e.Kind {
	case facts.EntryTrigger:
		if e.Service == "" && wire.Agent != nil && strings.HasPrefix(wire.Agent.Type, "service") {
			e.Service = wire.Agent.ID
		}
	case facts.EntryAssign, facts.EntryEscalate, facts.EntryDelegate:
		e.Assignees = assignees(wire.Assignees.value)
	case facts.EntryNotify:
		user := wire.User.id()
		e.Actor = facts.Actor{ID: user, User: user != ""}
		e.Medium = medium(via)
		e.Page = e.Medium == mediumPush || e.Medium == mediumPhone || e.Medium == mediumSMS
	case facts.EntryPriorityChange:
		change, found := priorityChange(via)
		e.Old, e.New = nameIn(change.Old), nameIn(change.New)
		if !found && stem(wire.Type) == "field_value_change" {
			e.Kind = facts.EntryOther // Some other field.
		}
	default: // What all kinds have is all there is.
	}
}

// assignees is nil when the API does not tell, and empty when it tells of nobody.
func assignees(wire *[]wireReference) []string {
	if wire == nil {
		return nil
	}
	ids := make([]string, 0, len(*wire))
	for _, assignee := range *wire {
		if assignee.ID != "" && (assignee.Type == "" || assignee.actor().User) {
			ids = append(ids, assignee.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// channel decodes that of the kinds that need it. It is empty where the API's is
// absent or of a shape that nobody knows: what happened is certain all the same.
func channel(kind facts.EntryKind, raw json.RawMessage) wireChannel {
	var c wireChannel
	needed := kind == facts.EntryNotify || kind == facts.EntryPriorityChange
	if needed && json.Unmarshal(raw, &c) != nil {
		return wireChannel{}
	}
	return c
}

// The media of notifications.
const (
	mediumPush  = "push"
	mediumPhone = "phone"
	mediumSMS   = "sms"
	mediumEmail = "email"
)

// medium reads phone and phone_notification alike; a push names its platform
// in front.
func medium(c *wireChannel) string {
	name := strings.TrimSuffix(c.Notification.value.Type.value, "_notification")
	switch {
	case name == mediumPhone, name == mediumSMS, name == mediumEmail, name == mediumPush:
		return name
	case strings.HasSuffix(name, "_"+mediumPush):
		return mediumPush
	default:
		return ""
	}
}

func priorityChange(c *wireChannel) (wireFieldChange, bool) {
	for _, change := range c.Changeset.value.Fields.value {
		if change.value.Name.value == "priority" {
			return change.value, true
		}
	}
	return wireFieldChange{}, false
}

// nameIn reads a value that is a name or a reference; anything else has none.
func nameIn(raw json.RawMessage) string {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var reference wireReference
	if json.Unmarshal(raw, &reference) != nil {
		return ""
	}
	return reference.name()
}
