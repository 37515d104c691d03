package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"teamhealth/internal/facts"
)

const (
	addEntry = `INSERT INTO log_entry (incident, id, at, kind, actor, by_user, medium, page, service, assignees, old, new)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	// An entry that came before gives way only to an earlier one. It takes the values of addEntry.
	replaceEntry = `UPDATE log_entry SET (at, kind, actor, by_user, medium, page, service, assignees, old, new)
= (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) WHERE incident = ?1 AND id = ?2 AND at > ?3`
)

func (p *page) saveEntries(ctx context.Context, entries []facts.Entry) error {
	for i := range entries {
		if err := p.saveEntry(ctx, &entries[i]); err != nil {
			return fmt.Errorf("keep log entry %q of incident %q: %w", entries[i].ID, entries[i].Incident, err)
		}
	}
	return nil
}

func (p *page) saveEntry(ctx context.Context, e *facts.Entry) error {
	if e.ID == "" {
		return errNoID
	}
	key, err := p.key(ctx, e.Incident)
	if err != nil {
		return err
	}
	values := []any{
		key, e.ID, e.At.UnixMicro(), string(e.Kind), e.Actor.ID, e.Actor.User, e.Medium, e.Page, e.Service,
		listColumn(e.Assignees), e.Old, e.New,
	}
	added, err := p.tx.exec(ctx, addEntry, values...)
	if err != nil {
		return err
	}
	if added > 0 {
		p.added("log_entry")
		p.changed[key] = true
		return nil
	}
	replaced, err := p.tx.exec(ctx, replaceEntry, values...)
	if replaced > 0 {
		p.changed[key], p.touched = true, true
	}
	return err
}

// entryColumns are what an entry is read from. A value costs about as much as
// everything else about its row: most of the texts are empty, and nothing is cheaper
// than an empty one, so that they come as NULL, and two flags as one number.
const entryColumns = `e.id, e.at, e.kind, e.actor, e.by_user + 2 * e.page, nullif(e.medium, ''), nullif(e.service, ''),
e.assignees, nullif(e.old, ''), nullif(e.new, '')`

// flagsColumn reads the flags of an entry.
type flagsColumn facts.Entry

// Scan implements sql.Scanner.
func (c *flagsColumn) Scan(value any) error {
	flags, ok := value.(int64)
	if !ok {
		return fmt.Errorf("flags are kept as %T", value)
	}
	c.Actor.User, c.Page = flags&1 != 0, flags&2 != 0
	return nil
}

// timelines reads entries, incident by incident, in step with a reader of
// the incidents themselves.
type timelines struct {
	rows    *sql.Rows
	targets []any
	key     keyColumn   // Of the incident that entry belongs to.
	entry   facts.Entry // The first that nobody has taken.
	more    bool        // False at the end, where key and entry mean nothing.
	taken   []facts.Entry
}

func readTimelines(rows *sql.Rows) (*timelines, error) {
	t := &timelines{rows: rows}
	e := &t.entry
	t.targets = []any{
		&t.key, &e.ID, (*timeColumn)(&e.At), (*textColumn)(&e.Kind), &e.Actor.ID, (*flagsColumn)(e), (*textColumn)(&e.Medium),
		(*textColumn)(&e.Service), (*listColumn)(&e.Assignees), (*textColumn)(&e.Old), (*textColumn)(&e.New),
	}
	return t, t.advance()
}

func (t *timelines) advance() error {
	t.more = t.rows.Next()
	if !t.more {
		return t.rows.Err()
	}
	return t.rows.Scan(t.targets...)
}

// of returns the timeline of the incident with the key, in order.
func (t *timelines) of(key keyColumn, id string) ([]facts.Entry, error) {
	t.taken = t.taken[:0]
	for t.more && t.key == key {
		t.entry.Incident = id
		t.taken = append(t.taken, t.entry)
		if err := t.advance(); err != nil {
			return nil, err
		}
	}
	if len(t.taken) == 0 {
		return nil, nil
	}
	timeline := slices.Clone(t.taken)
	facts.SortTimeline(timeline)
	return timeline, nil
}
