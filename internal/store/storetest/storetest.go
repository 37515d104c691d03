// Package storetest is the contract of a store, as tests: what any engine
// that keeps facts must do. It refuses to look behind the Store interface;
// what is one engine's own (its files, its errors, its query plans) is
// tested beside that engine.
package storetest

import (
	"context"
	"iter"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// Store is what the suite asks of an engine. What each method promises is
// said at store.Store.
type Store interface {
	Save(ctx context.Context, source facts.Source, b facts.Batch) error
	RecordCycle(ctx context.Context, source facts.Source, finished time.Time, cycleErr string) error
	Cursor(ctx context.Context, source facts.Source) ([]byte, error)
	Sources(ctx context.Context) ([]facts.SourceState, error)
	OpenIncidents(ctx context.Context) ([]string, error)
	KnownIncidents(ctx context.Context, ids []string) (map[string]facts.Incident, error)
	EarliestChange(ctx context.Context, ids []string) (int64, error)
	KnownServices(ctx context.Context, ids []string) (map[string]bool, error)
	Services(ctx context.Context) ([]facts.Service, error)
	Teams(ctx context.Context) ([]facts.Team, error)
	Users(ctx context.Context) ([]facts.User, error)
	Priorities(ctx context.Context) ([]facts.Priority, error)
	Policies(ctx context.Context) ([]facts.EscalationPolicy, error)
	Schedules(ctx context.Context) ([]facts.Schedule, error)
	Shifts(ctx context.Context, from, until time.Time) ([]facts.Shift, error)
	Maintenance(ctx context.Context, from, until time.Time) ([]facts.MaintenanceWindow, error)
	Incidents(ctx context.Context, q store.Query) iter.Seq2[facts.Incident, error]
	Tickets(ctx context.Context, q store.TicketQuery) iter.Seq2[facts.Ticket, error]
	KnownTickets(ctx context.Context, ids []string) (map[string]bool, error)
	TicketsBehind(ctx context.Context, created time.Time, id string, limit int) ([]facts.Ticket, error)
	TicketStatuses(ctx context.Context) ([]facts.TicketStatus, error)
	Attested(ctx context.Context) ([]facts.Record, error)
	EventHours(ctx context.Context, queries []facts.EventQuery, from, until time.Time) ([]facts.EventHour, error)
	EventRevision(ctx context.Context) (int64, error)
	Revision(ctx context.Context) (int64, error)
	Records(ctx context.Context, source facts.Source) (map[string]int, error)
	Observe(ctx context.Context, b store.Basis, done store.Progress, list []store.Observation) error
	Tally(ctx context.Context, b store.Basis) (store.Tally, error)
	Size(ctx context.Context) (int64, error)
	Close() error
}

// Run checks the whole contract. Open returns a new, empty store, and
// registers its Close with t.Cleanup; a store is then closed twice.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	contract := map[string]func(*testing.T, func(*testing.T) Store){}
	for _, part := range []map[string]func(*testing.T, Store){
		incidentTests(), entryTests(), queryTests(), activityTests(), revisionTests(), referenceTests(),
		onCallTests(), maintenanceTests(), observationTests(), ticketTests(), recordTests(), eventTests(), sourceTests(), isolationTests(),
	} {
		for name, test := range part {
			contract[name] = func(t *testing.T, open func(*testing.T) Store) { test(t, open(t)) }
		}
	}
	for _, part := range []map[string]func(*testing.T, func(*testing.T) Store){
		properties(), timelineProperties(), activityProperties(), onCallProperties(), observationProperties(),
	} {
		maps.Copy(contract, part)
	}
	for name, test := range contract {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// epoch is when the tests' history begins.
func epoch() time.Time { return time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) }

// at is an instant of the tests' history.
func at(minutes int) time.Time { return epoch().Add(time.Duration(minutes) * time.Minute) }

// incident is a version of an incident, by when it was updated.
func incident(id string, updated int) facts.Incident {
	return facts.Incident{ID: id, Service: "PMYSQL", Status: "triggered", CreatedAt: epoch(), UpdatedAt: at(updated)}
}

// entry is one of an incident's entries.
func entry(incident, id string, minutes int) facts.Entry {
	return facts.Entry{ID: id, Incident: incident, At: at(minutes), Kind: facts.EntryAnnotate}
}

func incidents(list ...facts.Incident) facts.Batch { return facts.Batch{Incidents: list} }

func entries(list ...facts.Entry) facts.Batch { return facts.Batch{Entries: list} }

// failer is a test, or one example of a property.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// save keeps batches of PagerDuty, in order.
func save(t failer, s Store, batches ...facts.Batch) {
	t.Helper()
	for i, b := range batches {
		if err := s.Save(context.Background(), facts.PagerDuty, b); err != nil {
			t.Fatalf("save batch %d: %v", i, err)
		}
	}
}

// read returns what a query yields.
func read(t failer, s Store, q store.Query) []facts.Incident {
	t.Helper()
	var all []facts.Incident
	for i, err := range s.Incidents(context.Background(), q) {
		if err != nil {
			t.Fatalf("read incidents of %+v: %v", q, err)
		}
		all = append(all, i)
	}
	return all
}

// ids names the incidents that a query yields.
func ids(t failer, s Store, q store.Query) []string {
	t.Helper()
	all := []string{}
	for _, i := range read(t, s, q) {
		all = append(all, i.ID)
	}
	return all
}

// got turns a call's answer into a value, and its error into a failed test.
func got[T any](value T, err error) func(failer) T {
	return func(t failer) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return value
	}
}

// content is all that can be read of facts.
type content struct {
	Services   []facts.Service
	Teams      []facts.Team
	Users      []facts.User
	Priorities []facts.Priority
	Policies   []facts.EscalationPolicy
	Schedules  []facts.Schedule
	Incidents  []facts.Incident
	Active     []string // What reaches into the time from minute 3 on.
	Open       []string
	Records    map[string]int
}

func contentOf(t failer, s Store) content {
	t.Helper()
	ctx := context.Background()
	return content{
		Services:   got(s.Services(ctx))(t),
		Teams:      got(s.Teams(ctx))(t),
		Users:      got(s.Users(ctx))(t),
		Priorities: got(s.Priorities(ctx))(t),
		Policies:   got(s.Policies(ctx))(t),
		Schedules:  got(s.Schedules(ctx))(t),
		Incidents:  read(t, s, store.Query{}),
		Active:     ids(t, s, store.Query{From: at(3), Active: true}),
		Open:       got(s.OpenIncidents(ctx))(t),
		Records:    got(s.Records(ctx, facts.PagerDuty))(t),
	}
}

// want compares what a store gave with what it should have.
func want[T any](t failer, what string, got, wanted T) {
	t.Helper()
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
