package pagerduty

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// telling is how an item of a page is told.
type telling struct {
	at     time.Time // When it was created; zero where that is not told.
	flawed bool      // It lacks what the API always tells, and facts are made of.
}

// item is the item that is being added to the page.
func (p *page) item() *telling {
	if len(p.tellings) == 0 {
		p.tellings = append(p.tellings, telling{}) // One that is in no list.
	}
	return &p.tellings[len(p.tellings)-1]
}

func (p *page) flaw()                 { p.item().flawed = true }
func (p *page) tellTime(at time.Time) { p.item().at = at }

// flaws is how many items of the page are flawed.
func (p *page) flaws() (n int) {
	for _, t := range p.tellings {
		if t.flawed {
			n++
		}
	}
	return n
}

// flawedWithin returns the time of the page's flawed items in a list over window;
// empty when there are none. Before is the last time on the page before.
func (p *page) flawedWithin(window span, before time.Time) span {
	var flawed span
	order := p.order(before)
	for i, t := range p.tellings {
		if !t.flawed {
			continue
		}
		one := span{From: t.at, Until: t.at}
		if t.at.IsZero() {
			one = p.between(i, before, order)
		}
		flawed = flawed.with(one.wholeSecondsWithin(window))
	}
	return flawed
}

// order is 1 when times rise from before through the page, -1 when they fall,
// and 0 when they do neither or nobody can tell.
func (p *page) order(before time.Time) int {
	var rises, falls bool
	for _, t := range p.tellings {
		if t.at.IsZero() {
			continue
		}
		rises = rises || !before.IsZero() && t.at.After(before)
		falls = falls || t.at.Before(before)
		before = t.at
	}
	switch {
	case rises == falls:
		return 0
	case rises:
		return 1
	default:
		return -1
	}
}

// between is the time between the neighbours of an item that does not tell its
// own; a bound is zero where there is none.
func (p *page) between(i int, before time.Time, order int) span {
	if order == 0 {
		return span{}
	}
	var after time.Time
	for _, t := range slices.Backward(p.tellings[i+1:]) {
		if !t.at.IsZero() {
			after = t.at
		}
	}
	before = lastTime(p.tellings[:i], before)
	if order < 0 {
		return span{From: after, Until: before}
	}
	return span{From: before, Until: after}
}

// lastTime is the last time that is told, or before.
func lastTime(tellings []telling, before time.Time) time.Time {
	for _, t := range tellings {
		if !t.at.IsZero() {
			before = t.at
		}
	}
	return before
}

// whole reports whether an incident tells what the API tells of every one. Of
// what remains, nothing is an answer: it has no priority, or was not merged.
func (wire *wireIncident) whole() bool {
	_, updated := instant(wire.UpdatedAt.value)
	_, resolved := instant(wire.ResolvedAt.value)
	priority := wire.Priority == nil || wire.Priority.name() != ""
	reason := !wire.ResolveReason.odd && (!wire.ResolveReason.told || wire.ResolveReason.value.whole())
	return wire.Status.value != "" && wire.Urgency.value != "" && wire.Service.id() != "" && updated &&
		(resolved || wire.Status.value != facts.StatusResolved) && priority && reason && wire.tellsResponders()
}

func (r *wireResolveReason) whole() bool {
	return r.Type.value != "" && (r.Incident.id() != "" || !r.merges())
}

func (wire *wireIncident) tellsResponders() bool {
	silent := func(r lenient[wireResponder]) bool { return r.value.State.value == "" }
	return !wire.Responders.odd && !slices.ContainsFunc(wire.Responders.value, silent)
}

// whole reports whether an entry tells what the API tells of every one of its
// kind. Who is in charge and what a notification was, it need not tell.
func (wire *wireEntry) whole(kind facts.EntryKind, via *wireChannel) bool {
	acts := wire.Agent.id() != "" && wire.Agent.Type != ""
	hasChannel := bytes.HasPrefix(wire.Channel, []byte("{"))
	switch kind {
	case facts.EntryNotify:
		return wire.User.id() != "" && hasChannel && via.tellsMedium()
	case facts.EntryPriorityChange:
		return acts && hasChannel && via.tellsChanges()
	case facts.EntryAssign, facts.EntryEscalate, facts.EntryDelegate:
		return acts && wire.tellsAssignees()
	case facts.EntryOther:
		return wire.Type != ""
	default:
		return acts
	}
}

func (wire *wireEntry) tellsAssignees() bool {
	if wire.Assignees.value == nil {
		return !wire.Assignees.odd
	}
	silent := func(r wireReference) bool { return r.ID == "" }
	return !slices.ContainsFunc(*wire.Assignees.value, silent)
}

func (c *wireChannel) tellsMedium() bool {
	return !c.Notification.odd && (!c.Notification.told || c.Notification.value.Type.value != "")
}

// tellsChanges lets a priority change from none and to none.
func (c *wireChannel) tellsChanges() bool {
	nameless := func(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" && nameIn(raw) == "" }
	silent := func(change lenient[wireFieldChange]) bool {
		field := change.value.Name.value
		return field == "" || field == "priority" && (nameless(change.value.Old) || nameless(change.value.New))
	}
	return !c.Changeset.odd && !c.Changeset.value.Fields.odd && !slices.ContainsFunc(c.Changeset.value.Fields.value, silent)
}
