package facts

import "time"

// Batch is one page of facts with the cursor that follows it. A store keeps
// both in one transaction, so that a crash repeats a page and never skips one.
type Batch struct {
	Services   []Service
	Teams      []Team
	Users      []User
	Priorities []Priority
	Policies   []EscalationPolicy
	Schedules  []Schedule
	Incidents  []Incident // Without timelines.
	Entries    []Entry

	TicketStatuses []TicketStatus
	Tickets        []Ticket
	Absence        *Absence // Nil when no ticket was missed.

	RecordFiles []RecordFile // Each replaces what was kept of its file.
	EventHours  []EventHour  // Each replaces what was kept of its hour.

	OnCalls     *OnCallReading      // Nil when nothing about it was read.
	Maintenance *MaintenanceReading // Likewise.

	// Cursor is where the collector goes on after this batch; the store does
	// not read it. Nil leaves the kept one as it is.
	Cursor []byte
	// Complete is set on the last batch of a cycle, nil on all others.
	Complete *Completion
	// Progress of the cycle so far, 0 to 1.
	Progress float64
	// Skipped counts items that were left out; each is in one batch only.
	Skipped []Skip
}

// Completion marks the end of a cycle that read everything it set out to read.
type Completion struct {
	// DataAsOf is the start of the cycle.
	DataAsOf time.Time
	// DataSince is where the history that is now complete begins.
	DataSince time.Time
	// Unread are the kinds of facts, as Records counts them, that the source
	// refused to list in this cycle: what is kept of them is as it was before. A
	// kind of which it told only some, and the others badly, is named as such.
	Unread []string
}

// Skip counts items of one kind that were left out for one reason.
type Skip struct {
	Kind string // incident, log_entry, service, user, team, priority; ticket, status, change, remote_links; event_hour.
	// Reason is a word of a small closed set, fit for a metric label: the item
	// was undecodable, incomplete, or had no_id or no_time; or it was to be read by itself,
	// and that was not_found; or forbidden or unavailable, and then is tried again. An hour
	// of events had no_data, or was incomplete, not_a_number, negative or refused, and is
	// tried again too; or it was clamped, and only what was too much of it is left out.
	Reason string
	Count  int
}

// The kinds of facts without which rows say less, or nothing.
const (
	KindPolicy      = "escalation_policy"
	KindShift       = "shift"
	KindMaintenance = "maintenance_window"
	KindRecord      = "record"
	KindEventHour   = "event_hour"
)

// The kinds of which a source told some badly. They are asked for again.
const (
	KindSomeIncidents = "some incidents" // Or entries of their logs.
	KindSomeShifts    = "some shifts"
)

// Records counts the facts in the batch by kind.
func (b *Batch) Records() map[string]int {
	records := map[string]int{
		"service":       len(b.Services),
		"team":          len(b.Teams),
		"user":          len(b.Users),
		"priority":      len(b.Priorities),
		KindPolicy:      len(b.Policies),
		"schedule":      len(b.Schedules),
		"incident":      len(b.Incidents),
		"log_entry":     len(b.Entries),
		"ticket_status": len(b.TicketStatuses),
		"ticket":        len(b.Tickets),
		KindEventHour:   len(b.EventHours),
	}
	for _, f := range b.RecordFiles {
		records[KindRecord] += len(f.Records)
	}
	if b.OnCalls != nil {
		records[KindShift] = len(b.OnCalls.Shifts)
	}
	if b.Maintenance != nil {
		records[KindMaintenance] = len(b.Maintenance.Windows)
	}
	return records
}
