package store

import (
	"context"
	"strings"
)

// Exec runs a statement on the writer's connection.
func (s *Store) Exec(ctx context.Context, statement string) error {
	_, err := s.writer.ExecContext(ctx, statement)
	return err
}

// Plan returns how SQLite runs the statements of a query, a step a line.
func (s *Store) Plan(ctx context.Context, q Query) (incidents, entries string, err error) {
	first, second := q.statements()
	if incidents, err = s.plan(ctx, first, q); err != nil {
		return "", "", err
	}
	entries, err = s.plan(ctx, second, q)
	return incidents, entries, err
}

func (s *Store) plan(ctx context.Context, statement string, q Query) (string, error) {
	type step struct {
		id, parent, unused int
		detail             string
	}
	steps, err := collect(ctx, s.reader, "EXPLAIN QUERY PLAN "+statement, func(s *step) []any {
		return []any{&s.id, &s.parent, &s.unused, &s.detail}
	}, q.args()...)
	var lines []string
	for _, s := range steps {
		lines = append(lines, s.detail)
	}
	return strings.Join(lines, "\n"), err
}

// Readable returns why a store with one schema cannot be read by a program
// with another.
func Readable(current, wanted int64) error { return schema{current, wanted}.readable() }
