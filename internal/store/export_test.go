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

// Plans returns how SQLite runs each of the statements of a query, a step a line.
func (s *Store) Plans(ctx context.Context, q Query) ([]string, error) {
	var plans []string
	args, err := q.args()
	if err != nil {
		return nil, err
	}
	for _, statement := range q.statements() {
		plan, err := s.plan(ctx, statement, args...)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// SpanPlans returns how SQLite finds shifts, maintenance windows and hours of events.
func (s *Store) SpanPlans(ctx context.Context) ([]string, error) {
	var plans []string
	for _, statement := range []string{findShifts, readShifts, findMaintenance, findHours} {
		plan, err := s.plan(ctx, statement, 1, 2, 3, 4)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

func (s *Store) plan(ctx context.Context, statement string, args ...any) (string, error) {
	type step struct {
		id, parent, unused int
		detail             string
	}
	steps, err := collect(ctx, s.reader, "EXPLAIN QUERY PLAN "+statement, func(s *step) []any {
		return []any{&s.id, &s.parent, &s.unused, &s.detail}
	}, args...)
	var lines []string
	for _, s := range steps {
		lines = append(lines, s.detail)
	}
	return strings.Join(lines, "\n"), err
}

// Readable returns why a store with one schema cannot be read by a program
// with another.
func Readable(current, wanted int64) error { return schema{current, wanted}.readable() }
