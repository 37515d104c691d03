// Package collectors says what a collector is, checks the options that several
// of them have, and runs them on their schedule. It refuses to know any upstream
// API: that is the business of the packages below it, which never import one
// another or the store.
package collectors

import (
	"context"
	"time"

	"teamhealth/internal/facts"
)

// Collector reads one source.
type Collector interface {
	// Source names what it reads.
	Source() facts.Source
	// Collect runs one cycle: everything since the cursor that memory keeps,
	// or the backfill where there is none. It hands each page to save, which keeps
	// facts and cursor at once, and ends with one batch whose Complete is
	// set. After an error nothing of the cycle is lost: the next one goes on
	// from the last saved cursor. An error that save returns ends the cycle
	// and comes back wrapped.
	Collect(ctx context.Context, memory Memory, save func(facts.Batch) error) error
}

// Prober is asked whether a source can be read.
type Prober interface {
	// Probe asks the source what a cycle asks first, and for little of what it
	// reads then, and keeps nothing. Its error is the one with which a cycle
	// would end; the warnings say what a cycle would go without.
	Probe(ctx context.Context) (warnings []string, err error)
}

// Memory is what a collector may ask about what was kept before.
type Memory interface {
	// Cursor returns the source's last saved cursor; nil when there is none.
	Cursor(ctx context.Context, source facts.Source) ([]byte, error)
	// OpenIncidents returns the ids of incidents whose last known status is
	// not resolved, sorted.
	OpenIncidents(ctx context.Context) ([]string, error)
	// KnownIncidents returns the kept versions of those of ids that are kept,
	// without timelines. What a version says of the service may be what an
	// earlier one said.
	KnownIncidents(ctx context.Context, ids []string) (map[string]facts.Incident, error)
	// KnownServices returns those of ids that are kept.
	KnownServices(ctx context.Context, ids []string) (map[string]bool, error)
	// KnownTickets returns those of ids that are kept.
	KnownTickets(ctx context.Context, ids []string) (map[string]bool, error)
	// TicketsBehind returns the kept tickets that stand behind an instant and an
	// id in the order of creation and id, the first of them up to a limit. They have their
	// ID, Key, Project, CreatedAt, UpdatedAt and GoneAt alone.
	TicketsBehind(ctx context.Context, created time.Time, id string, limit int) ([]facts.Ticket, error)
}
