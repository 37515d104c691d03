package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"teamhealth/internal/facts"
)

// Query says which incidents to read. The zero Query reads all.
type Query struct {
	// From and To bound the creation: [From, To). A zero To is no end.
	From, To time.Time
	// SinceRevision leaves out incidents that, with their timelines, are the
	// same since that revision; 0 leaves out none.
	SinceRevision int64
	// Active adds incidents that were created before From and reach into the
	// span: open ones, those to which something happened at From or later (a
	// resolve, a change of status, any entry), and those that were merged,
	// be it by way of others, into an incident that the query returns.
	//
	// With SinceRevision it adds all that were created before From and changed,
	// and all that were merged into one that changed: a reader who keeps a copy
	// then learns also what does not reach into the span any more, and may
	// drop it.
	Active bool
}

// walk is two statements that pass the same incidents in the same order: one
// for them, one for their entries. Each takes the revision and the bounds.
type walk struct{ incidents, entries string }

// The index is named because the best one depends on the arguments, which
// SQLite does not look at.
const (
	selectIncidents = "SELECT i.key, i.id, " + incidentColumns + " FROM incident AS i"
	selectEntries   = "SELECT e.incident, " + entryColumns + " FROM incident AS i"
	withEntries     = " CROSS JOIN log_entry AS e ON e.incident = i.key"
	byCreation      = " INDEXED BY incident_by_creation"
	byRevision      = " INDEXED BY incident_by_revision"
	whereMatching   = " WHERE i.revision > ?1 AND i.created_at >= ?2 AND i.created_at < ?3 ORDER BY i.created_at, i.id"
)

// walks are what a query reads, one after the other. Together they are in the
// order of creation.
func (q Query) walks() []walk {
	index, earlier := byCreation, reachingIn
	if q.SinceRevision > 0 {
		index, earlier = byRevision, changedEarlier
	}
	var walks []walk
	if q.Active {
		walks = append(walks, walk{
			earlier + selectIncidents + byKey + whereEarlier, earlier + selectEntries + byKey + withEntries + whereEarlier,
		})
	}
	return append(walks, walk{
		selectIncidents + index + whereMatching, selectEntries + index + withEntries + whereMatching,
	})
}

func (q Query) args() []any {
	return []any{q.SinceRevision, q.From.UnixMicro(), ending(q.To)}
}

// Incidents yields the incidents of a query with their timelines, ordered by
// creation and id. All are of one state of the store, whatever is saved
// meanwhile. After an error, which comes with a zero incident, there are no
// more. The incidents are the caller's to keep.
//
// The walk holds one of few connections and keeps the log of later writes
// from being tidied away: take what you need and let go.
func (s *Store) Incidents(ctx context.Context, q Query) iter.Seq2[facts.Incident, error] {
	return func(yield func(facts.Incident, error) bool) {
		stopped := false
		err := s.read(ctx, func(tx *sql.Tx) error {
			visit := func(i facts.Incident) bool {
				stopped = !yield(i, nil)
				return !stopped
			}
			for _, w := range q.walks() {
				if err := w.run(ctx, tx, q.args(), visit); err != nil || stopped {
					return err
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(facts.Incident{}, s.explain("read incidents", err))
		}
	}
}

// run calls visit with each incident until it returns false. That ctx has
// ended is looked at once for each incident, and not by the driver for each row.
func (w walk) run(ctx context.Context, tx *sql.Tx, args []any, visit func(facts.Incident) bool) error {
	rows := context.WithoutCancel(ctx)
	incidents, err := tx.QueryContext(rows, w.incidents, args...)
	if err != nil {
		return err
	}
	defer func() { _ = incidents.Close() }() // Err has told by then.
	entries, err := tx.QueryContext(rows, w.entries, args...)
	if err != nil {
		return err
	}
	defer func() { _ = entries.Close() }() // Err has told by then.
	return merge(ctx, incidents, entries, visit)
}

func merge(ctx context.Context, incidents, entries *sql.Rows, visit func(facts.Incident) bool) error {
	pending, err := readTimelines(entries)
	if err != nil {
		return fmt.Errorf("read log entries: %w", err)
	}
	for incidents.Next() {
		var key keyColumn
		var row incidentRow
		if err := incidents.Scan(append([]any{&key, &row.ID}, row.targets()...)...); err != nil {
			return err
		}
		if row.Timeline, err = pending.of(key, row.ID); err != nil {
			return fmt.Errorf("read log entries: %w", err)
		}
		if !visit(row.Incident) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return incidents.Err()
}
