package facts

import "time"

// Shift is a stretch of time during which a user is on call at a level of an
// escalation policy.
type Shift struct {
	Policy   string // Id of the escalation policy.
	Level    int    // 1 is told first.
	User     string
	Schedule string // Id; empty for a user who is named by the policy itself.
	// Start and End bound it, half-open, as far as it has been read: a
	// permanent shift is clipped to what was asked for.
	Start, End time.Time
	// Permanent is set when the source names no end: the user is on call until the policy changes.
	Permanent bool
}

// OnCallReading is everything a source said about who is on call in a span of
// time. It replaces what was kept for the part of the span that is not frozen.
type OnCallReading struct {
	From, Until time.Time
	// FrozenBefore is the instant before which what is kept stays as it is:
	// the past that a source shows is computed from what its policies say
	// now. Zero where nothing is frozen.
	FrozenBefore time.Time
	Shifts       []Shift // Clipped to the span.
}

// EscalationPolicy says who is told in which order.
type EscalationPolicy struct {
	ID     string
	Name   string
	Levels int // How many there are.
	URL    string
	// Schedules are those that it names, by level and id; a person who is named has none.
	Schedules []PolicySchedule
}

// PolicySchedule is a schedule that a level of an escalation policy names.
type PolicySchedule struct {
	Level int // 1 is told first.
	ID    string
	// Unlisted is set when the source named it and did not list it among its schedules.
	Unlisted bool
}

// Schedule is a rota that policies refer to. It is kept for what it covers;
// who is on call is told by shifts.
type Schedule struct {
	ID       string
	Name     string
	TimeZone string // IANA name; empty when the source does not say.
	// ShiftBased is set for the newer kind, which the older API does not list.
	ShiftBased bool
	URL        string
}

// MaintenanceWindow is a time during which services are worked on, and their
// outages do not count.
type MaintenanceWindow struct {
	ID         string
	Start, End time.Time // Half-open.
	Services   []string  // Ids, sorted.
}

// MaintenanceReading is every maintenance window that a source has. Kept ones
// that begin after At and are not among them were called off.
type MaintenanceReading struct {
	At      time.Time
	Windows []MaintenanceWindow
}
