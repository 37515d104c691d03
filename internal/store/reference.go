package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"teamhealth/internal/facts"
)

// table describes a small table of things with ids. The last saved form of
// each holds, as far as it goes.
type table[T any] struct {
	kind    string   // As records are counted; it is also the table's name.
	columns []string // The first is the id.
	order   string
	values  func(T) []any // In the order of columns.
	targets func(*T) []any
}

func serviceTable() table[facts.Service] {
	return table[facts.Service]{
		kind:    "service",
		columns: []string{"id", "name", "status", "escalation_policy", "url"},
		order:   "id",
		values:  func(s facts.Service) []any { return []any{s.ID, s.Name, s.Status, s.EscalationPolicy, s.URL} },
		targets: func(s *facts.Service) []any { return []any{&s.ID, &s.Name, &s.Status, &s.EscalationPolicy, &s.URL} },
	}
}

func teamTable() table[facts.Team] {
	return table[facts.Team]{
		kind:    "team",
		columns: []string{"id", "name"},
		order:   "id",
		values:  func(t facts.Team) []any { return []any{t.ID, t.Name} },
		targets: func(t *facts.Team) []any { return []any{&t.ID, &t.Name} },
	}
}

func userTable() table[facts.User] {
	return table[facts.User]{
		kind:    "user",
		columns: []string{"id", "time_zone"},
		order:   "id",
		values:  func(u facts.User) []any { return []any{u.ID, u.TimeZone} },
		targets: func(u *facts.User) []any { return []any{&u.ID, &u.TimeZone} },
	}
}

func priorityTable() table[facts.Priority] {
	return table[facts.Priority]{
		kind:    "priority",
		columns: []string{"id", "name", "rank"},
		order:   "rank, id",
		values:  func(p facts.Priority) []any { return []any{p.ID, p.Name, p.Rank} },
		targets: func(p *facts.Priority) []any { return []any{&p.ID, &p.Name, &p.Rank} },
	}
}

func policyTable() table[facts.EscalationPolicy] {
	return table[facts.EscalationPolicy]{
		kind:    "escalation_policy",
		columns: []string{"id", "name", "levels", "url", "schedules"},
		order:   "id",
		values: func(p facts.EscalationPolicy) []any {
			return []any{p.ID, p.Name, p.Levels, p.URL, schedulesColumn(p.Schedules)}
		},
		targets: func(p *facts.EscalationPolicy) []any {
			return []any{&p.ID, &p.Name, &p.Levels, &p.URL, (*schedulesColumn)(&p.Schedules)}
		},
	}
}

func scheduleTable() table[facts.Schedule] {
	return table[facts.Schedule]{
		kind:    "schedule",
		columns: []string{"id", "name", "time_zone", "shift_based", "url"},
		order:   "id",
		values:  func(s facts.Schedule) []any { return []any{s.ID, s.Name, s.TimeZone, s.ShiftBased, s.URL} },
		targets: func(s *facts.Schedule) []any { return []any{&s.ID, &s.Name, &s.TimeZone, &s.ShiftBased, &s.URL} },
	}
}

// Services returns all services, ordered by id.
func (s *Store) Services(ctx context.Context) ([]facts.Service, error) {
	return readAll(ctx, s, serviceTable())
}

// Teams returns all teams of the source, ordered by id.
func (s *Store) Teams(ctx context.Context) ([]facts.Team, error) {
	return readAll(ctx, s, teamTable())
}

// Users returns all users, ordered by id.
func (s *Store) Users(ctx context.Context) ([]facts.User, error) {
	return readAll(ctx, s, userTable())
}

// Priorities returns all priorities, the most severe first.
func (s *Store) Priorities(ctx context.Context) ([]facts.Priority, error) {
	return readAll(ctx, s, priorityTable())
}

// Policies returns all escalation policies, ordered by id.
func (s *Store) Policies(ctx context.Context) ([]facts.EscalationPolicy, error) {
	return readAll(ctx, s, policyTable())
}

// Schedules returns all schedules, ordered by id.
func (s *Store) Schedules(ctx context.Context) ([]facts.Schedule, error) {
	return readAll(ctx, s, scheduleTable())
}

// KnownServices returns those of ids that are kept.
func (s *Store) KnownServices(ctx context.Context, ids []string) (map[string]bool, error) {
	return s.known(ctx, "service", ids, "SELECT id FROM service WHERE id IN (SELECT value FROM json_each(?))")
}

func (t table[T]) insert() string {
	marks := strings.Repeat(", ?", len(t.columns))[2:]
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING",
		t.kind, strings.Join(t.columns, ", "), marks)
}

// update takes the same values, and changes the row only where they differ. A
// text that is empty was not told, and what was told before stays.
func (t table[T]) update() string {
	names, marks := t.columns[1:], make([]string, len(t.columns)-1)
	for i := range marks {
		marks[i] = fmt.Sprintf("ifnull(nullif(?%d, ''), %s)", i+2, names[i])
	}
	return fmt.Sprintf("UPDATE %[1]s SET (%[2]s) = (%[3]s) WHERE id = ?1 AND (%[2]s) IS NOT (%[3]s)",
		t.kind, strings.Join(names, ", "), strings.Join(marks, ", "))
}

// saveAll adds the rows that are new and changes those that differ.
func saveAll[T any](ctx context.Context, p *page, t table[T], items []T) error {
	for _, item := range items {
		values := t.values(item)
		if values[0] == "" {
			return fmt.Errorf("a %s of the page has no id", t.kind)
		}
		added, err := p.tx.exec(ctx, t.insert(), values...)
		if err != nil {
			return fmt.Errorf("add %s %v: %w", t.kind, values[0], err)
		}
		if added > 0 {
			p.added(t.kind)
			continue
		}
		changed, err := p.tx.exec(ctx, t.update(), values...)
		if err != nil {
			return fmt.Errorf("change %s %v: %w", t.kind, values[0], err)
		}
		p.touched = p.touched || changed > 0
	}
	return nil
}

func readAll[T any](ctx context.Context, s *Store, t table[T]) ([]T, error) {
	query := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", strings.Join(t.columns, ", "), t.kind, t.order)
	items, err := collect(ctx, s.reader, query, t.targets)
	return items, s.explain("read rows of "+t.kind, err)
}

// querier is a database, or a transaction on it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// collect returns the rows of a query.
func collect[T any](ctx context.Context, db querier, query string, targets func(*T) []any, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err has told by then.
	var items []T
	for rows.Next() {
		var item T
		if err := rows.Scan(targets(&item)...); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}
