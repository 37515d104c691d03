package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// incidentRow is an incident as it is kept. Two rows with the same values are
// the same.
type incidentRow struct {
	facts.Incident           // Without its timeline.
	serviceAt      time.Time // UpdatedAt of the version that named the service.
	arrived        bool      // False while only entries of the incident have come.
}

// incidentColumns are in the order of values and targets.
const incidentColumns = `number, title, service, service_at, urgency, priority, status, created_at, updated_at,
resolved_at, change_at, change_actor, change_by_user, merged_into, url`

const (
	findIncident = "SELECT created_at IS NOT NULL, key, " + incidentColumns + " FROM incident WHERE id = ?"
	putIncident  = "UPDATE incident SET (" + incidentColumns + ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE key = ?"
	findKeys     = "SELECT id, key FROM incident WHERE id IN (SELECT value FROM json_each(?))"
	addIncident  = "INSERT INTO incident (id) VALUES (?) RETURNING key"
)

func (r *incidentRow) values() []any {
	return []any{
		r.Number, r.Title, r.Service, optional(r.serviceAt), string(r.Urgency), r.Priority, r.Status,
		r.CreatedAt.UnixMicro(), optional(r.UpdatedAt), optional(r.ResolvedAt), optional(r.LastChange.At),
		r.LastChange.Actor.ID, r.LastChange.Actor.User, r.MergedInto, r.URL,
	}
}

func (r *incidentRow) targets() []any {
	return []any{
		&r.Number, &r.Title, &r.Service, (*timeColumn)(&r.serviceAt), &r.Urgency, &r.Priority, &r.Status,
		(*timeColumn)(&r.CreatedAt), (*timeColumn)(&r.UpdatedAt), (*timeColumn)(&r.ResolvedAt), (*timeColumn)(&r.LastChange.At),
		&r.LastChange.Actor.ID, &r.LastChange.Actor.User, &r.MergedInto, &r.URL,
	}
}

// with returns the row once another version of the incident has come.
func (r *incidentRow) with(next facts.Incident) incidentRow {
	version := incidentRow{Incident: next, arrived: true}
	version.UpdatedAt = kept(next.UpdatedAt)
	if version.Service != "" {
		version.serviceAt = version.UpdatedAt
	}
	if !r.arrived {
		return version
	}
	merged, first := *r, *r
	if !version.UpdatedAt.Before(r.UpdatedAt) {
		merged = version
	}
	if version.namesServiceBefore(r) {
		first = version
	}
	merged.Service, merged.serviceAt = first.Service, first.serviceAt
	return merged
}

// namesServiceBefore reports whether r's word on the service goes before the
// kept one: the earliest version's holds, and one of unknown age only until
// a known one comes. A version that names none has no say, and no age.
func (r *incidentRow) namesServiceBefore(old *incidentRow) bool {
	switch {
	case old.Service == "":
		return true
	case r.serviceAt.IsZero():
		return false
	default:
		return old.serviceAt.IsZero() || r.serviceAt.Before(old.serviceAt)
	}
}

func (p *page) saveIncidents(ctx context.Context, incidents []facts.Incident) error {
	for i := range incidents {
		if err := p.saveIncident(ctx, incidents[i]); err != nil {
			return fmt.Errorf("keep incident %q: %w", incidents[i].ID, err)
		}
	}
	return nil
}

func (p *page) saveIncident(ctx context.Context, next facts.Incident) error {
	var key int64
	var old incidentRow
	found, err := p.tx.row(ctx, findIncident, next.ID, append([]any{&old.arrived, &key}, old.targets()...)...)
	if err != nil {
		return err
	}
	if found {
		p.keys[next.ID] = key
	} else if key, err = p.key(ctx, next.ID); err != nil {
		return err
	}
	merged := old.with(next)
	values := merged.values()
	if old.arrived && slices.Equal(values, old.values()) {
		return nil
	}
	if !old.arrived {
		p.added("incident")
	}
	p.changed[key], p.touched = true, true
	_, err = p.tx.exec(ctx, putIncident, append(values, key)...)
	return err
}

// findKeys makes the keys of those incidents known that entries are about.
func (p *page) findKeys(ctx context.Context, entries []facts.Entry) error {
	unknown := map[string]bool{}
	for i := range entries {
		id := entries[i].Incident
		if _, ok := p.keys[id]; !ok {
			unknown[id] = true
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	ids, err := json.Marshal(slices.Sorted(maps.Keys(unknown)))
	if err != nil {
		return err
	}
	var id string
	var key int64
	return p.tx.rows(ctx, findKeys, string(ids), func() { p.keys[id] = key }, &id, &key)
}

// key returns the key of an incident, and gives it one if none is known. All keys of
// incidents that are kept must be known.
func (p *page) key(ctx context.Context, id string) (int64, error) {
	if id == "" {
		return 0, errNoID
	}
	if key, ok := p.keys[id]; ok {
		return key, nil
	}
	var key int64
	if _, err := p.tx.row(ctx, addIncident, id, &key); err != nil {
		return 0, err
	}
	p.keys[id] = key
	return key, nil
}

// OpenIncidents returns the ids of incidents that are not resolved as far as
// is known, sorted.
func (s *Store) OpenIncidents(ctx context.Context) ([]string, error) {
	const query = "SELECT id FROM incident WHERE created_at IS NOT NULL AND status <> '" + facts.StatusResolved + "' ORDER BY id"
	ids, err := collect(ctx, s.reader, query, func(id *string) []any { return []any{id} })
	return ids, s.explain("list open incidents", err)
}

// KnownIncidents returns the kept versions of those of ids that are kept,
// without timelines. An incident of which only entries have come is not kept.
func (s *Store) KnownIncidents(ctx context.Context, ids []string) (map[string]facts.Incident, error) {
	const query = "SELECT id, " + incidentColumns +
		" FROM incident WHERE id IN (SELECT value FROM json_each(?)) AND created_at IS NOT NULL"
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, s.explain("look for known incidents", err)
	}
	rows, err := collect(ctx, s.reader, query,
		func(r *incidentRow) []any { return append([]any{&r.ID}, r.targets()...) }, string(asked))
	if err != nil {
		return nil, s.explain("look for known incidents", err)
	}
	known := make(map[string]facts.Incident, len(rows))
	for i := range rows {
		known[rows[i].ID] = rows[i].Incident
	}
	return known, nil
}

// EarliestChange returns the revision at which that of ids changed whose last
// change is the longest ago; 0 when none of them is kept.
func (s *Store) EarliestChange(ctx context.Context, ids []string) (int64, error) {
	const query = "SELECT coalesce(min(revision), 0) FROM incident WHERE id IN (SELECT value FROM json_each(?))"
	asked, err := json.Marshal(ids)
	if err != nil {
		return 0, s.explain("look for the last changes of incidents", err)
	}
	var revision int64
	err = s.reader.QueryRowContext(ctx, query, string(asked)).Scan(&revision)
	return revision, s.explain("look for the last changes of incidents", err)
}

// known runs a query for those of ids that are kept.
func (s *Store) known(ctx context.Context, what string, ids []string, query string) (map[string]bool, error) {
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, s.explain("look for known "+what, err)
	}
	found, err := collect(ctx, s.reader, query, func(id *string) []any { return []any{id} }, string(asked))
	if err != nil {
		return nil, s.explain("look for known "+what, err)
	}
	known := make(map[string]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	return known, nil
}
