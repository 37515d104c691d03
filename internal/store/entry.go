package store

import (
	"context"
	"fmt"

	"teamhealth/internal/facts"
)

const (
	addEntry = `INSERT INTO log_entry (incident, id, at, kind, actor, by_user, medium, page, service, assignees, old, new)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	// An entry that came before gives way only to an earlier one. It takes the values of addEntry.
	replaceEntry = `UPDATE log_entry SET (at, kind, actor, by_user, medium, page, service, assignees, old, new)
= (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) WHERE incident = ?1 AND id = ?2 AND at > ?3`
	// One of the same time only adds what it tells and the kept one does not.
	fillEntry = `UPDATE log_entry SET (kind, actor, by_user, medium, page, service, assignees, old, new) = (
iif(kind = 'other', ?4, kind), iif(actor = '', ?5, actor), iif(actor IN ('', ?5), max(by_user, ?6), by_user),
iif(medium = '', ?7, medium), max(page, ?8), iif(service = '', ?9, service),
iif(length(?10) > coalesce(length(assignees), 0), ?10, assignees), iif(old = '', ?11, old), iif(new = '', ?12, new))
WHERE incident = ?1 AND id = ?2 AND at = ?3 AND ((kind = 'other' AND ?4 <> 'other') OR (actor = '' AND ?5 <> '')
OR (actor = ?5 AND by_user < ?6) OR (medium = '' AND ?7 <> '') OR page < ?8 OR (service = '' AND ?9 <> '')
OR length(?10) > coalesce(length(assignees), 0) OR (old = '' AND ?11 <> '') OR (new = '' AND ?12 <> ''))`
)

func (p *page) saveEntries(ctx context.Context, entries []facts.Entry) error {
	if err := p.findKeys(ctx, entries); err != nil {
		return fmt.Errorf("look for the incidents of log entries: %w", err)
	}
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
	for _, query := range []string{replaceEntry, fillEntry} {
		bettered, err := p.tx.exec(ctx, query, values...)
		if err != nil {
			return err
		}
		if bettered > 0 {
			p.changed[key], p.touched = true, true
		}
	}
	return nil
}
