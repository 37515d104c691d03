package history

import "slices"

// State is what an incident looks like at an instant. Instants are seconds
// since 1970.
type State struct {
	Status       Status
	Urgency      Urgency
	Priority     uint8
	UpdatedAt    int64
	ChangedAt    int64 // When the status last changed.
	ChangedBy    Actor
	ResolvedAt   int64 // 0 while it is open.
	AssignedTo   []Since
	Acknowledged []Since
	// ByHand is true once a person chose who is in charge.
	ByHand bool
	// MergedInto is the index of the incident that this one went into, -1 when
	// it did not.
	MergedInto int
	MergedIn   int   // How many incidents went into this one.
	LapsesAt   int64 // When the acknowledgement lapses or the snooze ends; 0 for never.
	Requests   []Request
}

// Since is a person who has something since an instant.
type Since struct {
	Who Actor
	At  int64
}

// Request asks somebody to join.
type Request struct {
	By, Who    Actor
	At         int64
	AcceptedAt int64 // 0 while it is pending.
}

// State returns what the incident at an index looks like at an instant.
func (v *View) State(index int, now int64) State {
	inc := &v.Incidents[index]
	s := fold(inc, v.Timeline(index), now)
	if timeout := v.Account.Services[inc.Service].AckTimeout; s.Status == Acknowledged && s.LapsesAt == 0 && timeout > 0 {
		s.LapsesAt = s.ChangedAt + int64(timeout)
	}
	return s
}

// Glance returns the status and urgency of the incident at an index at an
// instant. It is State for those who look at many incidents.
func (v *View) Glance(index int, now int64) (Status, Urgency) {
	inc := &v.Incidents[index]
	if inc.Created+int64(inc.settled) <= now {
		return inc.final, inc.urgency
	}
	s := fold(inc, v.Timeline(index), now)
	return s.Status, s.Urgency
}

// Resolved returns when the incident at an index was resolved, as known at an
// instant; 0 while it is open.
func (v *View) Resolved(index int, now int64) int64 {
	return fold(&v.Incidents[index], v.Timeline(index), now).ResolvedAt
}

// fold lets the events up to an instant happen.
func fold(inc *Incident, events []Event, now int64) State {
	s := State{Urgency: inc.Urgency, Priority: inc.Priority, MergedInto: -1, UpdatedAt: inc.Created, ChangedBy: Machine}
	for _, event := range events {
		at := inc.At(event)
		if at > now {
			break
		}
		if event.Kind != Notify {
			s.UpdatedAt = at
		}
		s.apply(event, at)
	}
	if s.Status == Triggered {
		s.ChangedAt = s.UpdatedAt // PagerDuty's rule for what is neither acknowledged nor resolved.
	}
	return s
}

// apply lets one event happen.
func (s *State) apply(e Event, at int64) {
	switch e.Kind {
	case Trigger, Reopen, Unacknowledge:
		s.become(Triggered, e.By, at)
	case Assign, Escalate:
		s.assign(e, at)
	case Acknowledge:
		s.become(Acknowledged, e.By, at)
		s.Acknowledged = append(s.Acknowledged, Since{Who: e.By, At: at})
	case Snooze:
		s.LapsesAt = at + int64(e.Arg)
	case Prioritise:
		_, s.Priority = e.PriorityChange()
	case SetUrgency:
		s.Urgency = Urgency(e.Arg)
	case RequestHelp:
		s.Requests = append(s.Requests, Request{By: e.By, Who: Actor(e.Arg), At: at})
	case AcceptHelp:
		s.accept(e.By, at)
	case Merge:
		s.MergedIn += int(e.Arg)
	case Merged:
		s.MergedInto = int(e.Arg)
		s.become(Resolved, e.By, at)
	case Resolve:
		s.become(Resolved, e.By, at)
	case Notify, Repeat, Exhaust, Annotate, Inform:
	}
}

// become changes the status, and drops what does not outlive it.
func (s *State) become(status Status, by Actor, at int64) {
	s.Status, s.ChangedBy, s.ChangedAt = status, by, at
	s.LapsesAt, s.ResolvedAt = 0, 0
	if status != Acknowledged {
		s.Acknowledged = nil
	}
	if status == Resolved {
		s.ResolvedAt, s.AssignedTo = at, nil
	}
}

// assign puts somebody in charge. An acknowledgement does not outlive that.
func (s *State) assign(e Event, at int64) {
	if s.Status == Acknowledged {
		s.become(Triggered, e.By, at)
	}
	s.AssignedTo = []Since{{Who: Actor(e.Arg), At: at}}
	s.ByHand = s.ByHand || e.Kind == Assign && e.By != Machine
}

func (s *State) accept(by Actor, at int64) {
	i := slices.IndexFunc(s.Requests, func(r Request) bool { return r.Who == by && r.AcceptedAt == 0 })
	if i >= 0 {
		s.Requests[i].AcceptedAt = at
	}
}
