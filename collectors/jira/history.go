package jira

import (
	"encoding/json"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// history is what is known of an issue's changes.
type history struct {
	entries []json.RawMessage
	cut     bool // There may be more.
}

// newHistory takes what a search tells. Data Center tells all; Cloud cuts off the
// oldest entries, at a limit that has been another one over time, and its total
// cannot be relied on to say so.
func newHistory(log *wireChangelog, cloud bool) history {
	if log == nil || log.Histories == nil {
		return history{cut: true}
	}
	n, total := len(*log.Histories), log.Total.value
	short := total != nil && *total > n
	return history{entries: *log.Histories, cut: short || (cloud && slices.Contains(inlineLimits, n))}
}

// inlineLimits are the numbers of entries at which Cloud is known to cut.
var inlineLimits = []int{20, 40, 100}

// incomplete reports whether changes are missing.
func (i *issue) incomplete() bool { return i.history.cut }

// complete adds the whole list of entries, which may lack some items of them.
func (i *issue) complete(entries []json.RawMessage) {
	i.history = history{entries: append(slices.Clip(i.history.entries), entries...)}
}

// changes makes facts of the entries, in order. Of an entry that comes twice, from
// the search and then from a list, the first counts: a list of chosen fields leaves
// out the other fields' items, among them the one that tells of another workflow.
func (i *issue) changes(skipped *[]facts.Skip) []facts.TicketChange {
	byEntry := map[string][]facts.TicketChange{}
	for _, raw := range i.history.entries {
		id, changes, reason := entryChanges(raw)
		if reason != "" {
			skip(skipped, kindChange, reason)
			continue
		}
		if len(byEntry[id]) == 0 {
			byEntry[id] = changes
		}
	}
	var all []facts.TicketChange
	for _, changes := range byEntry {
		all = append(all, changes...)
	}
	facts.SortChanges(all)
	return all
}

// entryChanges returns the changes of fields that are kept. An entry without any
// is of no interest, whatever else is wrong with it.
func entryChanges(raw json.RawMessage) (id string, changes []facts.TicketChange, reason string) {
	var wire wireHistory
	if json.Unmarshal(raw, &wire) != nil {
		return "", nil, reasonUndecodable
	}
	migrated := false
	for _, item := range wire.Items.value {
		if field, ok := item.value.field(); ok {
			changes = append(changes, item.value.change(field, &wire))
		}
		migrated = migrated || item.value.Field == "Workflow"
	}
	switch {
	case len(changes) == 0:
		return string(wire.ID), nil, ""
	case wire.ID == "":
		return "", nil, reasonNoID
	case wire.Created.IsZero():
		return "", nil, reasonNoTime
	}
	for i := range changes {
		changes[i].Migrated = migrated
	}
	return string(wire.ID), changes, ""
}

// field is the field of an item, if its changes are kept. A custom field may bear
// the name of one that is.
func (i wireItem) field() (facts.TicketField, bool) {
	name := firstOf(string(i.FieldID), strings.ToLower(string(i.Field)))
	switch field := facts.TicketField(name); field {
	case facts.FieldStatus, facts.FieldResolution, facts.FieldAssignee:
		return field, i.FieldType != "custom"
	default:
		return "", false
	}
}

// change makes a fact of an item. The names of people are not kept.
func (i wireItem) change(field facts.TicketField, wire *wireHistory) facts.TicketChange {
	c := facts.TicketChange{
		History: string(wire.ID), At: wire.Created.Time, Author: wire.Author.value.id(),
		Field: field, From: string(i.From), To: string(i.To),
	}
	if field != facts.FieldAssignee {
		c.FromName, c.ToName = string(i.FromName), string(i.ToName)
	}
	return c
}
