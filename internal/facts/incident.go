package facts

import (
	"cmp"
	"slices"
	"time"
)

// Urgency of an incident, as PagerDuty says it.
type Urgency string

// The urgencies that PagerDuty has.
const (
	UrgencyHigh Urgency = "high"
	UrgencyLow  Urgency = "low"
)

// Flip returns the other urgency. An urgency that is neither high nor low is
// returned as it is: of an unknown value there is no opposite.
func (u Urgency) Flip() Urgency {
	switch u {
	case UrgencyHigh:
		return UrgencyLow
	case UrgencyLow:
		return UrgencyHigh
	default:
		return u
	}
}

// StatusResolved is the one incident status that means "not open".
const StatusResolved = "resolved"

// Incident is one incident and its timeline.
type Incident struct {
	ID     string
	Number int64
	Title  string
	// Service is the service's id when the incident was first seen. A
	// trigger entry of the timeline that names a service goes before it.
	Service string
	// Urgency is the present one; Urgency at the trigger is it, flipped once
	// for each EntryUrgencyChange.
	Urgency   Urgency
	Priority  string // Name of the latest priority, else its summary; empty when there is none.
	Status    string // triggered, acknowledged, resolved, or a word that PagerDuty adds later.
	CreatedAt time.Time
	// UpdatedAt orders two versions of one incident. Zero when unknown.
	UpdatedAt time.Time
	// ResolvedAt is the latest resolve; zero while the incident is open.
	ResolvedAt time.Time
	// LastChange says who changed the status last, and when; it stands in for a resolve
	// entry that the timeline lacks.
	LastChange Change
	MergedInto string // Id of the incident that this one was merged into; empty when it was not.
	URL        string
	// Timeline is ordered by SortTimeline. It is empty on an incident that a
	// collector hands over: there, entries travel beside incidents.
	Timeline []Entry
}

// Open reports whether the latest known status leaves the incident open.
func (i *Incident) Open() bool { return i.Status != StatusResolved }

// Change is who changed something, and when.
type Change struct {
	At    time.Time // Zero when unknown.
	Actor Actor
}

// Actor is who did something. The zero Actor is unknown.
type Actor struct {
	ID string
	// User is true for a user account, false for services, integrations and
	// keys. Whether the account is a person's is the configuration's to say.
	User bool
}

// EntryKind is what an entry of a timeline records.
type EntryKind string

// The kinds of entries. EntryOther is what a source says and we do not know.
const (
	EntryTrigger         EntryKind = "trigger"
	EntryAcknowledge     EntryKind = "acknowledge"
	EntryUnacknowledge   EntryKind = "unacknowledge"
	EntryAssign          EntryKind = "assign"
	EntryDelegate        EntryKind = "delegate"
	EntryEscalate        EntryKind = "escalate"
	EntryNotify          EntryKind = "notify"
	EntryAnnotate        EntryKind = "annotate"
	EntryResolve         EntryKind = "resolve"
	EntrySnooze          EntryKind = "snooze"
	EntryUrgencyChange   EntryKind = "urgency_change"
	EntryPriorityChange  EntryKind = "priority_change"
	EntryResponderAsk    EntryKind = "responder_request"
	EntryResponderAccept EntryKind = "responder_accept"
	EntryStatusUpdate    EntryKind = "status_update"
	EntryMerge           EntryKind = "merge"
	EntryOther           EntryKind = "other"
)

// Entry is one thing that happened to an incident.
type Entry struct {
	// ID is unique over all incidents. Two entries of one id are the same
	// entry; the earlier At holds (it differs only where a source reports an
	// acceptance by the time of its latest change).
	ID       string
	Incident string
	At       time.Time
	Kind     EntryKind
	// Actor is who did it; of a notification, the user who was told.
	Actor Actor
	// Medium is the channel of a notification: push, phone, sms, email; empty when
	// unknown and for every other kind.
	Medium string
	// Page is true for a notification that wakes: by push, phone or sms.
	Page bool
	// Service is the service's id where the entry names one.
	Service string
	// Assignees are the users that an assign, escalate or delegate leaves in
	// charge, sorted; nil when the source does not tell.
	Assignees []string
	// Old and New are the names of a priority before and after a change; empty when not told.
	Old, New string
}

// SortTimeline orders entries by time and, within an instant, by id, so that
// the same entries always stand in the same order.
func SortTimeline(entries []Entry) { slices.SortFunc(entries, compareEntries) }

// InOrder reports whether entries stand as SortTimeline would have them.
func InOrder(entries []Entry) bool { return slices.IsSortedFunc(entries, compareEntries) }

func compareEntries(a, b Entry) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}
