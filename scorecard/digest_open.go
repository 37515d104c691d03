package scorecard

import "teamhealth/internal/facts"

// openTimes returns the times at which an incident was open, in order: from its
// creation to a resolve, and again from whatever shows that it was open after
// one to the next. Own is the index of the entry by which it was merged away, or
// -1: that resolves it, too. Two resolves with nothing in between are no
// reopening: nobody can tell since when the second one was needed.
func openTimes(timeline []facts.Entry, own int, i facts.Incident) []Stretch {
	open := []Stretch{{From: i.CreatedAt}}
	for n := range timeline {
		e, last := &timeline[n], &open[len(open)-1]
		switch {
		case last.To.IsZero():
			if e.Kind == facts.EntryResolve || n == own {
				last.To = later(e.At, last.From)
			}
		case needsOpen(e.Kind) && e.At.After(last.To):
			open = append(open, Stretch{From: e.At})
		}
	}
	return settle(open, i)
}

// needsOpen reports whether an entry of the kind is made only while an incident
// is open. Notes, status updates and late notifications come at any time.
func needsOpen(k facts.EntryKind) bool {
	switch k {
	case facts.EntryTrigger, facts.EntryAcknowledge, facts.EntryUnacknowledge, facts.EntryAssign, facts.EntryDelegate,
		facts.EntryEscalate, facts.EntrySnooze:
		return true
	default:
		return false
	}
}

// settle makes the end of the timeline agree with the incident's own status,
// which is read after the timeline and so is the last word.
func settle(open []Stretch, i facts.Incident) []Stretch {
	last := &open[len(open)-1]
	switch {
	case i.Open() && !last.To.IsZero():
		since := i.LastChange.At
		if since.IsZero() {
			since = i.UpdatedAt
		}
		if since.After(last.To) { // Else the status is older than the resolve.
			open = append(open, Stretch{From: since})
		}
	case !i.Open() && last.To.IsZero():
		end := i.ResolvedAt
		if end.IsZero() {
			end = i.LastChange.At
		}
		if len(open) > 1 && !end.After(last.From) { // No reopening: it was resolved when last heard of.
			return open[:len(open)-1]
		}
		last.To = later(end, last.From)
	}
	return open
}
