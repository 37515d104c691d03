package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"teamhealth/internal/facts"
)

const (
	recordColumns = "file, line, date, metric, team, value, n, note"
	recordsOfFile = "SELECT " + recordColumns + " FROM record WHERE file = ? ORDER BY line"
	recordsByDay  = "SELECT " + recordColumns + " FROM record ORDER BY date, file, line"
	removeRecords = "DELETE FROM record WHERE file = ?"
	addRecord     = "INSERT INTO record (" + recordColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)

func recordTargets(r *facts.Record) []any {
	return []any{&r.File, &r.Line, &r.Date, &r.Metric, &r.Team, &r.Value, &r.N, &r.Note}
}

// Attested returns all records, by day, file and line.
func (s *Store) Attested(ctx context.Context) ([]facts.Record, error) {
	records, err := collect(ctx, s.reader, recordsByDay, recordTargets)
	return records, s.explain("read records", err)
}

// saveRecordFiles puts what files of records say in the place of what they said before.
func (p *page) saveRecordFiles(ctx context.Context, files []facts.RecordFile) error {
	for _, f := range files {
		if f.Name == "" {
			return errors.New("a file of records of the page has no name")
		}
		if err := p.saveRecordFile(ctx, f); err != nil {
			return fmt.Errorf("keep the records of %s: %w", f.Name, err)
		}
	}
	return nil
}

func (p *page) saveRecordFile(ctx context.Context, f facts.RecordFile) error {
	kept, err := collect(ctx, p.tx.tx, recordsOfFile, recordTargets, f.Name)
	if err != nil {
		return err
	}
	if slices.Equal(kept, f.Records) {
		return nil
	}
	removed, err := p.tx.exec(ctx, removeRecords, f.Name)
	if err != nil {
		return err
	}
	p.removed(facts.KindRecord, removed)
	for _, r := range f.Records {
		if _, err := p.tx.exec(ctx, addRecord, f.Name, r.Line, r.Date, r.Metric, r.Team, r.Value, r.N, r.Note); err != nil {
			return fmt.Errorf("line %d: %w", r.Line, err)
		}
		p.added(facts.KindRecord)
	}
	return nil
}
