package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"teamhealth/internal/facts"
)

// Save keeps a page of facts, the cursor behind it and, on the last page of
// a cycle, its completion: all of it or, after an error, nothing. Facts may
// come in any order and any number of times. Of an incident the version
// with the latest UpdatedAt is kept, the later saved among equals; its
// service is the one that its earliest version names. Of an entry the
// earliest At is kept, and what one of several of that At lacks is taken from
// another. An entry may come before its incident. Timelines of
// the batch's incidents are ignored: entries are in Entries. A ticket that comes
// is there, also where an earlier page said that it is gone.
//
// Readings replace what was kept. One of maintenance adds and changes its
// windows, and removes kept ones that begin after its At and are not in it:
// they were called off. A file of records replaces what was kept of that file, and an
// hour of events what was kept of that hour. One of who is on call replaces its
// span from FrozenBefore on, to the instant; what lies before that and after the span
// stays, and so does all of it where the whole span is frozen. Where a
// reading has a user several times at one level of one policy, that is one
// shift: permanent if one of them is, of the schedule with the smallest id.
// The same reading may come again, but not after a later one of its span.
//
// A fact without an id is an error, and so is an hour whose events are no counts.
// A cancelled ctx ends the wait for the store; once the page is being written, it
// is written.
func (s *Store) Save(ctx context.Context, source facts.Source, b facts.Batch) error {
	if source == "" {
		return s.explain("save facts", errors.New("the source has no name"))
	}
	err := s.write(ctx, func(ctx context.Context, tx *writeTx) error {
		p := page{tx: tx, source: source, rows: map[string]int64{}, keys: map[string]int64{}, changed: map[int64]bool{}}
		return p.save(ctx, b)
	})
	return s.explain("save facts of "+string(source), err)
}

// page is a batch while it is being written.
type page struct {
	tx      *writeTx
	source  facts.Source
	rows    map[string]int64 // New rows by kind, less removed ones.
	touched bool             // A fact was added or changed.
	keys    map[string]int64 // Of incidents met so far, by id.
	changed map[int64]bool   // Keys of incidents that the page changed.
}

func (p *page) save(ctx context.Context, b facts.Batch) error {
	for _, step := range []func() error{
		func() error { return saveAll(ctx, p, serviceTable(), b.Services) },
		func() error { return saveAll(ctx, p, teamTable(), b.Teams) },
		func() error { return saveAll(ctx, p, userTable(), b.Users) },
		func() error { return saveAll(ctx, p, priorityTable(), b.Priorities) },
		func() error { return saveAll(ctx, p, policyTable(), b.Policies) },
		func() error { return saveAll(ctx, p, scheduleTable(), b.Schedules) },
		func() error { return p.saveMaintenance(ctx, b.Maintenance) },
		func() error { return p.saveOnCalls(ctx, b.OnCalls) },
		func() error { return p.saveIncidents(ctx, b.Incidents) },
		func() error { return p.saveEntries(ctx, b.Entries) },
		func() error { return saveAll(ctx, p, statusTable(), b.TicketStatuses) },
		func() error { return p.saveTickets(ctx, b.Tickets) },
		func() error { return p.saveRecordFiles(ctx, b.RecordFiles) },
		func() error { return p.saveEventHours(ctx, b.EventHours) },
		func() error { return p.saveAbsence(ctx, b.Absence) },
		func() error { return p.countRows(ctx) },
		func() error { return p.bumpRevision(ctx) },
		func() error { return p.saveProgress(ctx, b) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// added notes a new row of a kind.
func (p *page) added(kind string) {
	p.rows[kind]++
	p.touched = true
}

// removed notes rows of a kind that are no more.
func (p *page) removed(kind string, rows int64) {
	p.rows[kind] -= rows
	p.touched = p.touched || rows > 0
}

const addRows = `INSERT INTO record_count (source, kind, rows) VALUES (?, ?, ?)
ON CONFLICT (source, kind) DO UPDATE SET rows = rows + excluded.rows`

func (p *page) countRows(ctx context.Context) error {
	for kind, n := range p.rows {
		if _, err := p.tx.exec(ctx, addRows, p.source, kind, n); err != nil {
			return fmt.Errorf("count rows: %w", err)
		}
	}
	return nil
}

const (
	nextRevision   = "UPDATE revision SET value = value + 1"
	stampIncidents = `UPDATE incident SET revision = (SELECT value FROM revision),
latest_entry = (SELECT max(at) FROM log_entry WHERE incident = key) WHERE key IN (SELECT value FROM json_each(?))`
)

// bumpRevision starts a new revision if the page changed facts, and gives it
// to the incidents that it changed. It also looks for their latest entries
// anew, because an entry may have moved to an earlier time.
func (p *page) bumpRevision(ctx context.Context) error {
	if !p.touched {
		return nil
	}
	if _, err := p.tx.exec(ctx, nextRevision); err != nil {
		return fmt.Errorf("count the revision: %w", err)
	}
	if len(p.changed) == 0 {
		return nil
	}
	keys, err := json.Marshal(slices.Sorted(maps.Keys(p.changed)))
	if err != nil {
		return fmt.Errorf("list changed incidents: %w", err)
	}
	_, err = p.tx.exec(ctx, stampIncidents, string(keys))
	return wrap("mark changed incidents", err)
}

// write runs f in a transaction that no other writer shares.
func (s *Store) write(ctx context.Context, f func(context.Context, *writeTx) error) error {
	if s.readOnly {
		return errors.New("it was opened for reading only")
	}
	if !s.sound.Load() {
		return errors.New("it is not checked yet")
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("wait to write: %w", err)
	}
	// From here on a cancellation would only waste what has been fetched.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(s.inTransaction(ctx, conn, f), conn.Close())
}

func (s *Store) inTransaction(ctx context.Context, conn *sql.Conn, f func(context.Context, *writeTx) error) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	if err := f(ctx, &writeTx{tx: tx, lasting: s.prepared, prepared: map[string]*sql.Stmt{}}); err != nil {
		return errors.Join(err, ended(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// ofEveryPage are the statements that nearly every page of a backfill needs. To prepare
// them anew for each would take a tenth of the time of saving it.
func ofEveryPage() []string {
	return []string{
		findIncident, findKeys, addIncident, putIncident, addEntry, nextRevision, stampIncidents, addRows, putCursor,
	}
}

// prepare prepares the statements of every page on the one connection that writes.
func (s *Store) prepare(ctx context.Context) error {
	s.prepared = map[string]*sql.Stmt{}
	for _, query := range ofEveryPage() {
		stmt, err := s.writer.PrepareContext(ctx, query) //nolint:sqlclosecheck // The end of the connection closes it.
		if err != nil {
			return fmt.Errorf("prepare to write: %w", err)
		}
		s.prepared[query] = stmt
	}
	return nil
}

// writeTx is a transaction that prepares each statement once, at most.
type writeTx struct {
	tx       *sql.Tx
	lasting  map[string]*sql.Stmt // Prepared before, by query.
	prepared map[string]*sql.Stmt // By query; closed with the transaction.
}

// exec runs a statement and returns how many rows it added or changed.
func (w *writeTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := w.statement(ctx, query) //nolint:sqlclosecheck // The end of the transaction closes it.
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs a query for one row and reports whether there was one.
func (w *writeTx) row(ctx context.Context, query string, arg any, targets ...any) (bool, error) {
	stmt, err := w.statement(ctx, query) //nolint:sqlclosecheck // The end of the transaction closes it.
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(ctx, arg).Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows runs a query and calls found for each row, once the targets hold it.
func (w *writeTx) rows(ctx context.Context, query string, arg any, found func(), targets ...any) error {
	stmt, err := w.statement(ctx, query) //nolint:sqlclosecheck // The end of the transaction closes it.
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, arg)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err has told by then.
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		found()
	}
	return rows.Err()
}

func (w *writeTx) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := w.prepared[query]; ok {
		return stmt, nil
	}
	if lasting, ok := w.lasting[query]; ok {
		w.prepared[query] = w.tx.StmtContext(ctx, lasting)
		return w.prepared[query], nil
	}
	stmt, err := w.tx.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.prepared[query] = stmt
	return stmt, nil
}
