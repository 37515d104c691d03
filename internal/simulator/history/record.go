package history

import "strings"

// Actor is who did something: an index into Account.Members, or Machine.
type Actor int16

// Machine is the incident's own service, acting through an integration or a
// timer.
const Machine Actor = -1

// Kind is what an event records.
type Kind uint8

// The kinds of events. A Repeat begins the levels of a policy anew, and an
// Exhaust ends the last round. A Merged incident was resolved by merging it into
// another; Merge is the other end of that. A Reopen makes a resolved incident
// triggered again.
const (
	Trigger Kind = iota
	Assign
	Notify
	Acknowledge
	Unacknowledge
	Escalate
	Repeat
	Exhaust
	Annotate
	Snooze
	Prioritise
	SetUrgency
	RequestHelp
	AcceptHelp
	Inform
	Merge
	Merged
	Resolve
	Reopen
)

// Via is the way by which an event came about; of a Notify, the medium.
type Via uint8

// The ways.
const (
	ViaAuto Via = iota
	ViaAPI
	ViaTimeout
	ViaWebsite
	ViaMobile
	ViaPhone
	ViaSMS
	ViaNote
	ByPush
	ByPhone
	BySMS
	ByEmail
)

// Event is one line of an incident's timeline.
type Event struct {
	After uint32 // Seconds since the incident's creation.
	// Arg depends on the kind. Assign, Escalate: the member now in charge.
	// Notify: the member told. RequestHelp: the member asked. Annotate: the
	// number of a text. Snooze: seconds. Prioritise: old and new, see
	// PriorityChange. SetUrgency: an Urgency. Merge: the number of incidents
	// merged in. Merged: the index of the incident that it went into.
	Arg  int32
	By   Actor
	Kind Kind
	Via  Via
}

// PriorityChange unpacks the argument of a Prioritise event: ranks from 1,
// the most severe, to 5, and 0 for none.
func (e Event) PriorityChange() (before, after uint8) {
	return uint8(e.Arg >> 4), uint8(e.Arg & 15)
}

func priorityChange(before, after uint8) int32 { return int32(before)<<4 | int32(after) }

// Urgency of an incident.
type Urgency uint8

// The urgencies.
const (
	High Urgency = iota
	Low
)

// Status of an incident.
type Status uint8

// The statuses.
const (
	Triggered Status = iota
	Acknowledged
	Resolved
)

// Incident is the head of one incident, as it was when it began.
type Incident struct {
	Created int64  // Seconds since 1970 UTC.
	Key     uint64 // The id, as a number.
	Number  uint32 // Counts from 1 in order of creation.
	Service uint16 // Index into Account.Services.
	// Priority is a rank from 1, the most severe, to 5; 0 for none.
	Priority uint8
	Urgency  Urgency
	Title    uint8
	Drill    bool // A planned failover drill.

	final   Status // After its last event.
	urgency Urgency
	length  uint16
	first   uint32
	settled uint32 // Seconds after creation at which the last event happens.
}

// ID returns the incident's id: Q and thirteen letters and digits.
func (i *Incident) ID() string { return printed('Q', i.Key) }

// EntryID returns the id of the incident's nth event: R and thirteen letters
// and digits, which say nothing about the order.
func (i *Incident) EntryID(n int) string { return printed('R', mix(i.Key^mix(uint64(n)+1))) }

// At returns when an event of the incident happens, in seconds since 1970.
func (i *Incident) At(e Event) int64 { return i.Created + int64(e.After) }

const (
	idLength = 14
	idDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

func printed(prefix byte, key uint64) string {
	var id [idLength]byte
	id[0] = prefix
	for n := idLength - 1; n > 0; n-- {
		id[n] = idDigits[key&31]
		key >>= 5
	}
	return string(id[:])
}

// key reads an id that printed wrote.
func key(id string) (uint64, bool) {
	var read uint64
	for n := 1; n < len(id); n++ {
		digit := strings.IndexByte(idDigits, id[n])
		if digit < 0 {
			return 0, false
		}
		read = read<<5 | uint64(digit)
	}
	return read, printed('Q', read) == id
}
