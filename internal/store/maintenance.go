package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

func maintenanceTable() table[facts.MaintenanceWindow] {
	return table[facts.MaintenanceWindow]{
		kind:    "maintenance_window",
		columns: []string{"id", "start_at", "end_at", "services"},
		order:   "start_at, id",
		values: func(w facts.MaintenanceWindow) []any {
			return []any{w.ID, w.Start.UnixMicro(), w.End.UnixMicro(), listColumn(distinct(w.Services))}
		},
		targets: func(w *facts.MaintenanceWindow) []any {
			return []any{&w.ID, (*timeColumn)(&w.Start), (*timeColumn)(&w.End), (*listColumn)(&w.Services)}
		},
	}
}

// distinct returns a list sorted and without repetitions; nil for none.
func distinct(items []string) []string {
	if len(items) == 0 {
		return nil
	}
	sorted := slices.Clone(items)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

const removeCalledOff = `DELETE FROM maintenance_window
WHERE start_at > ? AND id NOT IN (SELECT value FROM json_each(?))`

func (p *page) saveMaintenance(ctx context.Context, r *facts.MaintenanceReading) error {
	if r == nil {
		return nil
	}
	if err := saveAll(ctx, p, maintenanceTable(), r.Windows); err != nil {
		return err
	}
	ids := make([]string, 0, len(r.Windows))
	for _, w := range r.Windows {
		ids = append(ids, w.ID)
	}
	kept, err := json.Marshal(ids)
	if err != nil {
		return wrap("list maintenance windows", err)
	}
	removed, err := p.tx.exec(ctx, removeCalledOff, r.At.UnixMicro(), string(kept))
	if err != nil {
		return wrap("remove maintenance windows that were called off", err)
	}
	p.removed("maintenance_window", removed)
	return nil
}

const findMaintenance = `SELECT id, start_at, end_at, services FROM maintenance_window INDEXED BY maintenance_window_by_end
WHERE end_at > ? AND start_at < ? ORDER BY start_at, id`

// Maintenance returns the maintenance windows that overlap [from, until),
// with their full bounds, ordered by start and id. A zero until is no end.
func (s *Store) Maintenance(ctx context.Context, from, until time.Time) ([]facts.MaintenanceWindow, error) {
	windows, err := collect(ctx, s.reader, findMaintenance, maintenanceTable().targets, from.UnixMicro(), ending(until))
	return windows, s.explain("read maintenance windows", err)
}
