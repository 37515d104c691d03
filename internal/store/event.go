package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"teamhealth/internal/facts"
)

const (
	findHours = `SELECT team, hour, good, total, clamped FROM event_hour
WHERE query = ` + queryKey + ` AND hour >= ?3 AND hour < ?4 ORDER BY team, hour`
	latestEvents = "SELECT coalesce(max(revision), 0) FROM event_query"

	addQuery = "INSERT INTO event_query (good, total) VALUES (?, ?) ON CONFLICT DO NOTHING"
	addHour  = `INSERT INTO event_hour (query, hour, team, good, total, clamped)
VALUES (` + queryKey + `, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING`
	replaceHour = `UPDATE event_hour SET (good, total, clamped) = (?5, ?6, ?7)
WHERE query = ` + queryKey + ` AND hour = ?3 AND team = ?4 AND (good, total, clamped) IS NOT (?5, ?6, ?7)`
	stampQuery = "UPDATE event_query SET revision = (SELECT value + 1 FROM revision) WHERE good = ? AND total = ?"

	queryKey = "(SELECT key FROM event_query WHERE good = ?1 AND total = ?2)"
)

// EventHours returns the hours of some queries that begin in [from, until): by
// query as they are given, team and time.
func (s *Store) EventHours(ctx context.Context, queries []facts.EventQuery, from, until time.Time) ([]facts.EventHour, error) {
	var hours []facts.EventHour
	err := s.read(ctx, func(tx *sql.Tx) error {
		for _, q := range queries {
			found, err := hoursOf(ctx, tx, q, from, until)
			if err != nil {
				return err
			}
			hours = append(hours, found...)
		}
		return nil
	})
	return hours, s.explain("read hours of events", err)
}

// hoursOf returns hours that share the texts of their query and team: they are many.
func hoursOf(ctx context.Context, tx *sql.Tx, q facts.EventQuery, from, until time.Time) ([]facts.EventHour, error) {
	hours, err := collect(ctx, tx, findHours, func(h *facts.EventHour) []any {
		h.Query = q
		return []any{&h.Team, (*timeColumn)(&h.Hour), &h.Good, &h.Total, &h.Clamped}
	}, q.Good, q.Total, from.UnixMicro(), until.UnixMicro())
	for i := 1; i < len(hours); i++ {
		if hours[i].Team == hours[i-1].Team {
			hours[i].Team = hours[i-1].Team
		}
	}
	return hours, err
}

// EventRevision returns the revision at which an hour of events last really
// changed; 0 while none is kept.
func (s *Store) EventRevision(ctx context.Context) (revision int64, err error) {
	err = s.reader.QueryRowContext(ctx, latestEvents).Scan(&revision)
	return revision, s.explain("read the revision of hours of events", err)
}

// saveEventHours puts each hour in the place of what was kept of it.
func (p *page) saveEventHours(ctx context.Context, hours []facts.EventHour) error {
	changed := map[facts.EventQuery]bool{}
	for i := range hours {
		h := &hours[i]
		if err := p.saveEventHour(ctx, h, changed); err != nil {
			return fmt.Errorf("keep the hour %s of team %q: %w", h.Hour.Format(time.RFC3339), h.Team, err)
		}
	}
	for q, really := range changed {
		if !really {
			continue
		}
		if _, err := p.tx.exec(ctx, stampQuery, q.Good, q.Total); err != nil {
			return fmt.Errorf("mark a query whose hours changed: %w", err)
		}
	}
	return nil
}

// saveEventHour keeps an hour. Changed has the queries that were met so far, and
// whether an hour of theirs really changed.
func (p *page) saveEventHour(ctx context.Context, h *facts.EventHour, changed map[facts.EventQuery]bool) error {
	if err := sound(h); err != nil {
		return err
	}
	if _, met := changed[h.Query]; !met {
		changed[h.Query] = false
		if _, err := p.tx.exec(ctx, addQuery, h.Query.Good, h.Query.Total); err != nil {
			return err
		}
	}
	values := []any{h.Query.Good, h.Query.Total, h.Hour.UnixMicro(), h.Team, h.Good, h.Total, h.Clamped}
	added, err := p.tx.exec(ctx, addHour, values...)
	if err != nil {
		return err
	}
	if added > 0 {
		p.added(facts.KindEventHour)
		changed[h.Query] = true
		return nil
	}
	replaced, err := p.tx.exec(ctx, replaceHour, values...)
	if replaced > 0 {
		p.touched, changed[h.Query] = true, true
	}
	return err
}

// sound refuses an hour that is of nothing, or whose counts are none.
func sound(h *facts.EventHour) error {
	switch {
	case h.Query.Good == "" || h.Query.Total == "" || h.Team == "" || h.Hour.IsZero():
		return errors.New("it lacks its query, its team or its time")
	case !(h.Good >= 0 && h.Good <= h.Total) || math.IsInf(h.Total, 1):
		return fmt.Errorf("%g good ones of %g are no counts", h.Good, h.Total)
	default:
		return nil
	}
}
