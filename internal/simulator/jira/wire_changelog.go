package jira

import (
	"slices"
	"strconv"

	"teamhealth/internal/simulator/tickets"
)

// inlineEntries is how many entries of a history Cloud sends with an issue.
const inlineEntries = 40

type wireChangelog struct {
	StartAt    int         `json:"startAt"`
	MaxResults int         `json:"maxResults"`
	Total      int         `json:"total"`
	Histories  []wireEntry `json:"histories"`
}

type wireEntry struct {
	ID      string     `json:"id"`
	Author  any        `json:"author,omitempty"`
	Created any        `json:"created"` // A text; milliseconds since 1970 in bulk.
	Items   []wireItem `json:"items"`
}

type wireItem struct {
	Field     string  `json:"field"`
	FieldType string  `json:"fieldtype"`
	FieldID   string  `json:"fieldId,omitempty"` // Cloud alone tells it, and not of a workflow.
	From      *string `json:"from"`
	FromText  *string `json:"fromString"`
	To        *string `json:"to"`
	ToText    *string `json:"toString"`
}

// changelog is the history that is sent with an issue.
func (s *Server) changelog(t *row) *wireChangelog {
	entries := t.Ticket.Entries[:t.State.Entries]
	log := &wireChangelog{Total: len(entries), MaxResults: len(entries), Histories: []wireEntry{}}
	if s.options.Mode == Cloud {
		entries = slices.Clone(entries[max(0, len(entries)-inlineEntries):])
		slices.Reverse(entries)
		log.MaxResults = inlineEntries
	}
	for _, entry := range entries {
		log.Histories = append(log.Histories, s.entry(entry))
	}
	return log
}

func (s *Server) entry(e tickets.Entry) wireEntry {
	wire := wireEntry{ID: strconv.Itoa(e.ID), Author: s.user(e.Author), Created: s.stamp(e.At)}
	for _, item := range e.Items {
		wire.Items = append(wire.Items, s.item(item))
	}
	return wire
}

func (s *Server) item(i tickets.Item) wireItem {
	wire := wireItem{
		Field: i.Field, FieldType: "jira", From: orNil(i.From), FromText: orNil(i.FromText), To: orNil(i.To), ToText: orNil(i.ToText),
	}
	if i.Field == "assignee" {
		wire.FromText, wire.ToText = orNil(s.users[i.From].DisplayName), orNil(s.users[i.To].DisplayName)
	}
	if i.Field == "Rank" {
		wire.FieldType = "custom"
	}
	if s.options.Mode == Cloud {
		wire.FieldID = fieldID(i.Field)
	}
	return wire
}

// fieldID is the id of the field that an item is about.
func fieldID(name string) string {
	switch name {
	case "Rank":
		return "customfield_10019"
	case "Link":
		return "issuelinks"
	case "Workflow":
		return ""
	default:
		return name
	}
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
