package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

const (
	putCursor = `INSERT INTO source (name, cursor) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor`
	putCompletion = `INSERT INTO source (name, data_as_of, data_since, unread, first_as_of) VALUES (?1, ?2, ?3, ?4, ?2)
ON CONFLICT (name) DO UPDATE SET (data_as_of, data_since, unread, first_as_of) =
(excluded.data_as_of, excluded.data_since, excluded.unread, coalesce(source.first_as_of, excluded.first_as_of))`
	putSuccess = `INSERT INTO source (name, last_success) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET (last_success, last_error) = (excluded.last_success, '')`
	putFailure = `INSERT INTO source (name, last_error_at, last_error) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET (last_error_at, last_error) = (excluded.last_error_at, excluded.last_error)`
)

// saveProgress keeps how far the source has been read with this page.
func (p *page) saveProgress(ctx context.Context, b facts.Batch) error {
	if b.Cursor != nil {
		if _, err := p.tx.exec(ctx, putCursor, p.source, b.Cursor); err != nil {
			return fmt.Errorf("keep the cursor: %w", err)
		}
	}
	if b.Complete == nil {
		return nil
	}
	_, err := p.tx.exec(ctx, putCompletion, p.source, optional(b.Complete.DataAsOf), optional(b.Complete.DataSince),
		listColumn(distinct(b.Complete.Unread)))
	return wrap("keep the completion", err)
}

// RecordCycle keeps how a cycle ended. An empty cycleErr is a success: it
// sets LastSuccess and clears LastError. Else it is the message of the
// failure, which sets LastError and LastErrorAt.
func (s *Store) RecordCycle(ctx context.Context, source facts.Source, finished time.Time, cycleErr string) error {
	err := s.write(ctx, func(ctx context.Context, tx *writeTx) error {
		if cycleErr == "" {
			_, err := tx.exec(ctx, putSuccess, source, optional(finished))
			return err
		}
		_, err := tx.exec(ctx, putFailure, source, optional(finished), cycleErr)
		return err
	})
	return s.explain("record a cycle of "+string(source), err)
}

// Cursor returns the cursor that a source's last saved page left; nil when
// there is none, or when it was empty.
func (s *Store) Cursor(ctx context.Context, source facts.Source) ([]byte, error) {
	var cursor []byte
	err := s.reader.QueryRowContext(ctx, "SELECT cursor FROM source WHERE name = ?", source).Scan(&cursor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return cursor, s.explain("read the cursor of "+string(source), err)
}

// Sources returns how far each source has been read, ordered by name. A
// source of which nothing has been saved is not among them.
func (s *Store) Sources(ctx context.Context) ([]facts.SourceState, error) {
	const query = "SELECT name, data_as_of, first_as_of, data_since, unread, last_success, last_error, last_error_at FROM source ORDER BY name"
	states, err := collect(ctx, s.reader, query, func(f *facts.SourceState) []any {
		return []any{
			&f.Source, (*timeColumn)(&f.DataAsOf), (*timeColumn)(&f.FirstAsOf), (*timeColumn)(&f.DataSince),
			(*listColumn)(&f.Unread), (*timeColumn)(&f.LastSuccess),
			&f.LastError, (*timeColumn)(&f.LastErrorAt),
		}
	})
	return states, s.explain("read the state of sources", err)
}

// Records returns how many facts of a source are kept, by kind: incident,
// log_entry, service, team, user, priority, escalation_policy, schedule,
// maintenance_window, shift, ticket_status, ticket, record. A kind with none is absent. An entry counts from
// when it came, even before its incident. Shifts that touch count as one only
// where nothing else tells them apart.
func (s *Store) Records(ctx context.Context, source facts.Source) (map[string]int, error) {
	type count struct {
		kind string
		rows int
	}
	const query = "SELECT kind, rows FROM record_count WHERE source = ? AND rows > 0"
	counts, err := collect(ctx, s.reader, query, func(c *count) []any { return []any{&c.kind, &c.rows} }, source)
	if err != nil {
		return nil, s.explain("count records of "+string(source), err)
	}
	records := make(map[string]int, len(counts))
	for _, c := range counts {
		records[c.kind] = c.rows
	}
	return records, nil
}
