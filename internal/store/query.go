package store

import (
	"context"
	"database/sql"
	"encoding/json"
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
	// IDs, unless nil, are the only incidents to read. It is not for use with Active.
	IDs []string
	// Fleeting makes a timeline good only until the next incident is yielded,
	// which spares most of the memory of whoever looks at each once.
	Fleeting bool
}

// The index is named because the best one depends on the arguments, which
// SQLite does not look at.
const (
	selectIncidents = "SELECT i.key, i.id, " + packedTimeline + ", " + incidentColumns + " FROM incident AS i"
	byCreation      = " INDEXED BY incident_by_creation"
	byRevision      = " INDEXED BY incident_by_revision"
	matching        = " WHERE i.revision > ?1 AND i.created_at >= ?2 AND i.created_at < ?3"
	amongIDs        = " AND i.id IN (SELECT value FROM json_each(?4))"
	inTheirOrder    = " ORDER BY i.created_at, i.id"
)

// statements are what a query reads, one after the other. Together they are in the
// order of creation. Each takes the revision, the bounds and the ids, if there are any.
func (q Query) statements() []string {
	if q.IDs != nil {
		return []string{selectIncidents + matching + amongIDs + inTheirOrder}
	}
	index, earlier := byCreation, reachingIn
	if q.SinceRevision > 0 {
		index, earlier = byRevision, changedEarlier
	}
	var statements []string
	if q.Active {
		statements = append(statements, earlier+selectIncidents+byKey+whereEarlier)
	}
	return append(statements, selectIncidents+index+matching+inTheirOrder)
}

func (q Query) args() ([]any, error) {
	args := []any{q.SinceRevision, q.From.UnixMicro(), ending(q.To)}
	if q.IDs == nil {
		return args, nil
	}
	ids, err := json.Marshal(q.IDs)
	return append(args, string(ids)), err
}

// Incidents yields the incidents of a query with their timelines, ordered by
// creation and id. All are of one state of the store, whatever is saved
// meanwhile. After an error, which comes with a zero incident, there are no
// more. The incidents are the caller's to keep, unless the query is fleeting.
//
// The walk holds one of few connections and keeps the log of later writes
// from being tidied away: take what you need and let go.
func (s *Store) Incidents(ctx context.Context, q Query) iter.Seq2[facts.Incident, error] {
	return func(yield func(facts.Incident, error) bool) {
		w := walk{timelines: timelines{fleeting: q.Fleeting}, visit: func(i facts.Incident) bool { return yield(i, nil) }}
		err := s.read(ctx, func(tx *sql.Tx) error {
			args, err := q.args()
			if err != nil {
				return err
			}
			for _, statement := range q.statements() {
				if err := w.run(ctx, tx, statement, args); err != nil || w.stopped {
					return err
				}
			}
			return nil
		})
		if err != nil && !w.stopped {
			yield(facts.Incident{}, s.explain("read incidents", err))
		}
	}
}

// walk calls visit with each incident until it returns false.
type walk struct {
	timelines timelines
	visit     func(facts.Incident) bool
	stopped   bool
}

// run walks through what a statement finds. That ctx has ended is looked at once for
// each incident, and not by the driver for each row.
func (w *walk) run(ctx context.Context, tx *sql.Tx, statement string, args []any) error {
	rows, err := tx.QueryContext(context.WithoutCancel(ctx), statement, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err has told by then.
	var key int64
	var packed textColumn
	var row incidentRow
	targets := append([]any{&key, &row.ID, &packed}, row.targets()...)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if row.Timeline, err = w.timelines.of(ctx, tx, key, row.ID, string(packed)); err != nil {
			return fmt.Errorf("read log entries: %w", err)
		}
		if w.stopped = !w.visit(row.Incident); w.stopped {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return rows.Err()
}
