package pagerduty

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// addOnCall adds a shift with the bounds that the API tells: zero where it
// tells none.
func addOnCall(p *page, wire wireOnCall) {
	s := facts.Shift{
		Policy: wire.Policy.id(), Level: wire.Level, User: wire.User.id(), Schedule: wire.Schedule.id(),
		Permanent: wire.End == "",
	}
	var startOK, endOK bool
	s.Start, startOK = bound(wire.Start)
	s.End, endOK = bound(wire.End)
	switch {
	case s.Policy == "" || s.User == "":
		p.skip(kindOnCall, reasonNoID)
	case s.Level < 1:
		p.skip(kindOnCall, reasonUndecodable)
	case !startOK || !endOK:
		p.skip(kindOnCall, reasonNoTime)
	default:
		// They have no id of their own.
		id := strings.Join([]string{s.Policy, strconv.Itoa(s.Level), s.User, s.Schedule, wire.Start, wire.End}, " ")
		p.ids = append(p.ids, id)
		p.shifts = append(p.shifts, s)
	}
}

// bound reads the start or end of a shift, which may be open.
func bound(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	return instant(text)
}

// clipped returns the parts of shifts within window: the API tells the whole
// of every shift that overlaps it.
func clipped(shifts []facts.Shift, window span) []facts.Shift {
	var parts []facts.Shift
	for _, s := range shifts {
		s.Start = later(s.Start, window.From)
		if s.End.IsZero() || s.End.After(window.Until) {
			s.End = window.Until
		}
		if s.Start.Before(s.End) {
			parts = append(parts, s)
		}
	}
	return parts
}

// united makes one shift of all that overlap or touch and have one person at
// one level of one policy: the API tells the same hour once per schedule. Two
// weeks in a row of one person become one shift as well, and are meant to: it
// is how long somebody is on call without a rest.
func united(shifts []facts.Shift) []facts.Shift {
	slices.SortFunc(shifts, func(a, b facts.Shift) int {
		return cmp.Or(byPlace(a, b), a.Start.Compare(b.Start), cmp.Compare(a.Schedule, b.Schedule))
	})
	var all []facts.Shift
	for _, s := range shifts {
		last := len(all) - 1
		if last < 0 || byPlace(all[last], s) != 0 || s.Start.After(all[last].End) {
			all = append(all, s)
			continue
		}
		all[last].End = later(all[last].End, s.End)
		all[last].Permanent = all[last].Permanent || s.Permanent
	}
	return all
}

func byPlace(a, b facts.Shift) int {
	return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Level, b.Level), cmp.Compare(a.User, b.User))
}
