package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// TicketQuery says which tickets to read. The zero TicketQuery reads all.
type TicketQuery struct {
	// UpdatedSince leaves out tickets to which nothing happened at it or later.
	UpdatedSince time.Time
	// SinceRevision leaves out tickets that are the same since that revision; 0 leaves out none.
	SinceRevision int64
	// IDs, unless nil, are the only tickets to read.
	IDs []string
	// Want, if set, is shown the id, key, project, type, labels, components, fields
	// and links of a ticket before the rest is read, which takes most of the time. It
	// leaves out those for which it returns false.
	Want func(*facts.Ticket) bool
	// Share is the one of Shares equal parts to read, counted from 0, for who reads
	// them side by side. A ticket is in one of them for good. 0 Shares are one.
	Share, Shares int
}

// outlineColumns are what Want is shown, in the order of outlineTargets.
const outlineColumns = "id, key, project, type, labels, components, fields, links"

// Tickets yields the tickets of a query by id. All are of one state of the
// store. After an error, which comes with a zero ticket, there are no more.
func (s *Store) Tickets(ctx context.Context, q TicketQuery) iter.Seq2[facts.Ticket, error] {
	return func(yield func(facts.Ticket, error) bool) {
		stopped := false
		err := s.read(ctx, func(tx *sql.Tx) (err error) {
			if q.Want != nil {
				if q.IDs, err = q.wanted(ctx, tx); err != nil {
					return err
				}
			}
			columns := strings.Join(append(ticketColumns(), "gone_at"), ", ")
			return q.walk(ctx, tx, columns, " ORDER BY id", (*ticketRow).targets, func(r *ticketRow) (bool, error) {
				if err := r.decode(); err != nil {
					return false, err
				}
				stopped = !yield(r.Ticket, nil)
				return !stopped, nil
			})
		})
		if err != nil && !stopped {
			yield(facts.Ticket{}, s.explain("read tickets", err))
		}
	}
}

// KnownTickets returns those of ids that are kept.
func (s *Store) KnownTickets(ctx context.Context, ids []string) (map[string]bool, error) {
	return s.known(ctx, "ticket", ids, "SELECT id FROM ticket WHERE id IN (SELECT value FROM json_each(?))")
}

// TicketsBehind returns the tickets that stand behind an instant and an id in the
// order of creation and id, the first of them up to a limit. They have their ID, Key,
// Project, CreatedAt, UpdatedAt and GoneAt alone.
func (s *Store) TicketsBehind(ctx context.Context, created time.Time, id string, limit int) ([]facts.Ticket, error) {
	const query = `SELECT id, key, project, created_at, updated_at, gone_at FROM ticket
WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?`
	after := int64(math.MinInt64)
	if !created.IsZero() {
		after = created.UnixMicro()
	}
	list, err := collect(ctx, s.reader, query, func(t *facts.Ticket) []any {
		return []any{&t.ID, &t.Key, &t.Project, (*timeColumn)(&t.CreatedAt), (*timeColumn)(&t.UpdatedAt), (*timeColumn)(&t.GoneAt)}
	}, after, id, limit)
	return list, s.explain("list tickets by creation", err)
}

// wanted lists the tickets that are wanted.
func (q *TicketQuery) wanted(ctx context.Context, tx *sql.Tx) ([]string, error) {
	ids := []string{}
	err := q.walk(ctx, tx, outlineColumns, "", (*ticketRow).outlineTargets, func(r *ticketRow) (bool, error) {
		if err := r.decodeOutline(); err != nil {
			return false, err
		}
		if q.Want(&r.Ticket) {
			ids = append(ids, r.ID)
		}
		return true, nil
	})
	return ids, err
}

// walk calls visit with some columns of each ticket until it returns false. That
// ctx has ended is looked at once for each ticket, and not by the driver for each row.
func (q *TicketQuery) walk(
	ctx context.Context, tx *sql.Tx, columns, order string, targets func(*ticketRow) []any, visit func(*ticketRow) (bool, error),
) error {
	where, args, err := q.condition()
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(context.WithoutCancel(ctx), "SELECT "+columns+" FROM ticket "+where+order, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err has told by then.
	var row ticketRow
	into := targets(&row)
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		row = ticketRow{}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if more, err := visit(&row); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// condition is what follows the table, and its arguments. The index is named
// because the best one depends on the arguments, which SQLite does not look at.
func (q *TicketQuery) condition() (where string, args []any, err error) {
	since := int64(math.MinInt64)
	if !q.UpdatedSince.IsZero() {
		since = q.UpdatedSince.UnixMicro()
	}
	where = "WHERE revision > ?1 AND updated_at >= ?2 AND rowid % ?3 = ?4"
	args = []any{q.SinceRevision, since, max(1, q.Shares), q.Share}
	switch {
	case q.IDs != nil:
		ids, err := json.Marshal(slices.Compact(slices.Sorted(slices.Values(q.IDs))))
		if err != nil {
			return "", nil, err
		}
		return where + " AND id IN (SELECT value FROM json_each(?5))", append(args, string(ids)), nil
	case q.SinceRevision > 0:
		return "INDEXED BY ticket_by_revision " + where, args, nil
	default:
		return "INDEXED BY ticket_by_update " + where, args, nil
	}
}

// ticketRow is a ticket as it is read.
type ticketRow struct {
	facts.Ticket
	fields, links, changes string
}

func (r *ticketRow) outlineTargets() []any {
	t := &r.Ticket
	return []any{&t.ID, &t.Key, &t.Project, &t.Type, (*listColumn)(&t.Labels), (*listColumn)(&t.Components), &r.fields, &r.links}
}

func (r *ticketRow) targets() []any {
	t := &r.Ticket
	return []any{
		&t.ID, &t.Key, &t.URL, &t.Project, &t.Type, &t.Status.ID, &t.Status.Name, &t.Status.Category, (*timeColumn)(&t.CategoryChangedAt),
		&t.Resolution, (*timeColumn)(&t.CreatedAt), (*timeColumn)(&t.UpdatedAt), (*timeColumn)(&t.ResolvedAt), &t.Due,
		(*listColumn)(&t.Labels), (*listColumn)(&t.Components), &t.Assignee, &t.Creator, &t.Reporter, &t.Parent,
		&t.Summary, &r.fields, &r.links, (*listColumn)(&t.RemoteLinks), &r.changes, &t.Format, &t.Description,
		(*timeColumn)(&t.GoneAt),
	}
}

// decodeOutline decodes the fields and the links, which most tickets lack.
func (r *ticketRow) decodeOutline() error {
	err := decodeUnlessNull(r.fields, &r.Fields)
	if err == nil {
		err = decodeUnlessNull(r.links, &r.Links)
	}
	if err != nil {
		return fmt.Errorf("decode ticket %s: %w", r.Key, err)
	}
	return nil
}

func decodeUnlessNull(text string, target any) error {
	if text == "null" {
		return nil
	}
	return json.Unmarshal([]byte(text), target)
}

// decode completes the ticket.
func (r *ticketRow) decode() error {
	if err := r.decodeOutline(); err != nil {
		return err
	}
	var changes []storedChange
	if err := json.Unmarshal([]byte(r.changes), &changes); err != nil {
		return fmt.Errorf("decode the changes of ticket %s: %w", r.Key, err)
	}
	r.Changes = make([]facts.TicketChange, 0, len(changes))
	for _, c := range changes {
		r.Changes = append(r.Changes, c.fact())
	}
	return nil
}
