package jira

import (
	"encoding/json"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// history is what is known of an issue's changes.
type history struct {
	entries []entry
	cut     bool // There may be more.
}

// entry is one entry of a history, as far as it is kept. Without changes it is of
// no interest.
type entry struct {
	id      string
	changes []facts.TicketChange
	unfit   string // Why its changes cannot be used; empty when they can.
	lacking bool   // It does not say all that every entry says.
}

// flawed reports whether the entry may have more to say.
func (e *entry) flawed() bool { return e.unfit != "" || e.lacking }

// newHistory takes what a search tells. Data Center tells all; Cloud cuts off the
// oldest entries, at a limit that has been another one over time, and its total
// cannot be relied on to say so.
func newHistory(log *wireChangelog, cloud bool) history {
	if log == nil || log.Histories == nil {
		return history{cut: true}
	}
	n, total := len(*log.Histories), log.Total.value
	short := total != nil && *total > n
	return history{entries: newEntries(*log.Histories), cut: short || (cloud && slices.Contains(inlineLimits, n))}
}

// inlineLimits are the numbers of entries at which Cloud is known to cut.
var inlineLimits = []int{20, 40, 100}

// incomplete reports whether changes are missing.
func (i *issue) incomplete() bool { return i.history.cut }

// complete adds the whole list of entries, which may lack some items of them.
func (i *issue) complete(entries []json.RawMessage) {
	i.history = history{entries: append(slices.Clip(i.history.entries), newEntries(entries)...)}
}

// changes makes facts of the entries, in order. Of an entry that comes twice, from
// the search and then from a list, the first counts: a list of chosen fields leaves
// out the other fields' items, among them the one that tells of another workflow.
func (i *issue) changes(skipped *[]facts.Skip) []facts.TicketChange {
	byEntry := map[string][]facts.TicketChange{}
	for _, e := range i.history.entries {
		if e.unfit != "" {
			skip(skipped, kindChange, e.unfit)
			continue
		}
		if len(byEntry[e.id]) == 0 {
			byEntry[e.id] = e.changes
		}
	}
	var all []facts.TicketChange
	for _, changes := range byEntry {
		all = append(all, changes...)
	}
	facts.SortChanges(all)
	return all
}

func newEntries(all []json.RawMessage) []entry {
	entries := make([]entry, 0, len(all))
	for _, raw := range all {
		if e := newEntry(raw); e.flawed() || len(e.changes) > 0 {
			entries = append(entries, e)
		}
	}
	return entries
}

// newEntry keeps the changes of fields that are kept. An entry that surely has
// none is of no interest, whatever else is wrong with it.
func newEntry(raw json.RawMessage) entry {
	var wire wireHistory
	if json.Unmarshal(raw, &wire) != nil {
		return entry{unfit: reasonUndecodable}
	}
	e, migrated := entry{id: string(wire.ID), lacking: wire.Items.value == nil}, false
	for _, item := range wire.Items.value {
		if field, ok := item.value.field(); ok {
			e.changes = append(e.changes, item.value.change(field, &wire))
		}
		e.lacking = e.lacking || item.value.lacking()
		migrated = migrated || item.value.Field == "Workflow"
	}
	switch {
	case len(e.changes) == 0:
	case wire.ID == "":
		e.unfit = reasonNoID
	case wire.Created.IsZero():
		e.unfit = reasonNoTime
	}
	for i := range e.changes {
		e.changes[i].Migrated = migrated
	}
	return e
}

// lacking reports whether an item does not say what changed, or between which
// statuses.
func (i wireItem) lacking() bool {
	field, kept := i.field()
	return (i.Field == "" && i.FieldID == "") || (kept && field == facts.FieldStatus && (i.From == "" || i.To == ""))
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
