package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// ticketColumns are in the order of values and of targets.
func ticketColumns() []string {
	return []string{
		"id", "key", "url", "project", "type", "status", "status_name", "status_category", "category_at", "resolution",
		"created_at", "updated_at", "resolved_at", "due", "labels", "components", "assignee", "creator", "reporter", "parent",
		"summary", "fields", "links", "remote_links", "changes", "format", "description",
	}
}

func statusTable() table[facts.TicketStatus] {
	return table[facts.TicketStatus]{
		kind:    "ticket_status",
		columns: []string{"id", "name", "category"},
		order:   "id",
		values:  func(s facts.TicketStatus) []any { return []any{s.ID, s.Name, string(s.Category)} },
		targets: func(s *facts.TicketStatus) []any { return []any{&s.ID, &s.Name, &s.Category} },
	}
}

// TicketStatuses returns all statuses of the site, ordered by id.
func (s *Store) TicketStatuses(ctx context.Context) ([]facts.TicketStatus, error) {
	return readAll(ctx, s, statusTable())
}

func ticketValues(t *facts.Ticket) ([]any, error) {
	encoded := make([]string, 0, 3)
	for _, v := range []any{t.Fields, t.Links, storedChanges(t.Changes)} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		encoded = append(encoded, string(text))
	}
	return []any{
		t.ID, t.Key, t.URL, t.Project, t.Type, t.Status.ID, t.Status.Name, string(t.Status.Category), optional(t.CategoryChangedAt), t.Resolution,
		t.CreatedAt.UnixMicro(), t.UpdatedAt.UnixMicro(), optional(t.ResolvedAt), t.Due, listColumn(t.Labels), listColumn(t.Components),
		t.Assignee, t.Creator, t.Reporter, t.Parent,
		t.Summary, encoded[0], encoded[1], listColumn(t.RemoteLinks), encoded[2], string(t.Format), t.Description,
	}, nil
}

// storedChange is a change as it is kept: short names, since there are many.
type storedChange struct {
	History  string `json:"h"`
	At       int64  `json:"t"`
	Author   string `json:"a,omitempty"`
	Field    string `json:"f"`
	From     string `json:"o,omitempty"`
	To       string `json:"n,omitempty"`
	FromName string `json:"on,omitempty"`
	ToName   string `json:"nn,omitempty"`
	Migrated bool   `json:"m,omitempty"`
}

func storedChanges(changes []facts.TicketChange) []storedChange {
	list := make([]storedChange, 0, len(changes))
	for _, c := range changes {
		list = append(list, storedChange{
			History: c.History, At: c.At.UnixMicro(), Author: c.Author, Field: string(c.Field),
			From: c.From, To: c.To, FromName: c.FromName, ToName: c.ToName, Migrated: c.Migrated,
		})
	}
	return list
}

func (c storedChange) fact() facts.TicketChange {
	return facts.TicketChange{
		History: c.History, At: time.UnixMicro(c.At).UTC(), Author: c.Author, Field: facts.TicketField(c.Field),
		From: c.From, To: c.To, FromName: c.FromName, ToName: c.ToName, Migrated: c.Migrated,
	}
}

// saveTickets keeps of two versions of a ticket the one updated later, and of
// two updated at once the one that came last.
func (p *page) saveTickets(ctx context.Context, tickets []facts.Ticket) error {
	columns := ticketColumns()
	marks := strings.Repeat(", ?", len(columns))[2:]
	names := strings.Join(columns, ", ")
	insert := fmt.Sprintf("INSERT INTO ticket (revision, %s) VALUES ((SELECT value + 1 FROM revision), %s) ON CONFLICT DO NOTHING", names, marks)
	update := fmt.Sprintf(`UPDATE ticket SET (revision, %[1]s) = ((SELECT value + 1 FROM revision), %[2]s)
WHERE id = ?1 AND updated_at <= ?12 AND (%[1]s) IS NOT (%[2]s)`, names, numbered(len(columns)))
	for i := range tickets {
		if err := p.saveTicket(ctx, &tickets[i], insert, update); err != nil {
			return fmt.Errorf("keep ticket %q: %w", tickets[i].Key, err)
		}
	}
	return nil
}

// numbered is n marks that take the same values wherever they stand.
func numbered(n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("?%d", i+1)
	}
	return strings.Join(marks, ", ")
}

func (p *page) saveTicket(ctx context.Context, t *facts.Ticket, insert, update string) error {
	if t.ID == "" {
		return errNoID
	}
	values, err := ticketValues(t)
	if err != nil {
		return err
	}
	added, err := p.tx.exec(ctx, insert, values...)
	if err != nil {
		return err
	}
	if added > 0 {
		p.added("ticket")
		return nil
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{{update, values}, {ticketIsBack, []any{t.ID}}} {
		changed, err := p.tx.exec(ctx, step.statement, step.args...)
		if err != nil {
			return err
		}
		p.touched = p.touched || changed > 0
	}
	return nil
}

const (
	ticketIsBack = "UPDATE ticket SET (gone_at, revision) = (NULL, (SELECT value + 1 FROM revision)) WHERE id = ? AND gone_at IS NOT NULL"
	ticketIsGone = "UPDATE ticket SET (gone_at, revision) = (?2, (SELECT value + 1 FROM revision)) WHERE id = ?1 AND gone_at IS NULL"
)

// saveAbsence marks tickets as gone. Of two absences of one ticket the first holds.
func (p *page) saveAbsence(ctx context.Context, a *facts.Absence) error {
	if a == nil {
		return nil
	}
	for _, id := range a.Tickets {
		changed, err := p.tx.exec(ctx, ticketIsGone, id, a.At.UnixMicro())
		if err != nil {
			return fmt.Errorf("mark ticket %s as gone: %w", id, err)
		}
		p.touched = p.touched || changed > 0
	}
	return nil
}
