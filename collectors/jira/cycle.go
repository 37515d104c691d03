package jira

import (
	"context"
	"errors"
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

// cycle is one run of Collect. Its start is the horizon: all that happened
// before it is read.
type cycle struct {
	*session
	opts  *Options
	save  func(facts.Batch) error
	start time.Time

	cursor *cursor
	rows   int // How many issues Jira showed.
	// singly is set when the site has no changelogs of many issues at once.
	singly bool

	first time.Time // Creation of the first issue of the walk.
	shown float64   // The progress shown last.
}

// keepStatuses hands over what issues refer to.
func (c *cycle) keepStatuses(context.Context) error {
	return c.keep(facts.Batch{TicketStatuses: c.statuses, Skipped: c.skipped}, false)
}

// readRest reads what an earlier cycle left.
func (c *cycle) readRest(ctx context.Context) error {
	if c.cursor.Rest == nil {
		return nil
	}
	return c.walk(ctx, *c.cursor.Rest)
}

// readChanged reads what was updated since the last walk began.
func (c *cycle) readChanged(ctx context.Context) error {
	w := c.cursor.changed()
	c.cursor.Read = c.start
	return c.walk(ctx, w)
}

// walk reads w to its end. The cursor says so with the first page that is kept.
func (c *cycle) walk(ctx context.Context, w walk) error {
	c.cursor.Rest, c.first = &w, time.Time{}
	pages := c.byOffset
	if c.cloud {
		pages = c.byToken
	}
	if err := pages(ctx, newTrail(w)); err != nil {
		return fmt.Errorf("search Jira's issues: %w", err)
	}
	c.cursor.Rest = nil
	return nil
}

// keepPage hands over the issues of a page that the trail has not passed yet,
// with the cursor that follows them.
func (c *cycle) keepPage(ctx context.Context, on *trail, p *page) error {
	c.rows += len(p.rows)
	batch, issues := c.understand(on.pass(p))
	if err := allLeftOut(batch, issues); err != nil {
		return err
	}
	// The order is that of creation: the last says where the next walk would begin.
	for i := range issues {
		c.advance(issues[i].ticket.CreatedAt)
		on.created = laterOf(on.created, issues[i].ticket.CreatedAt)
	}
	issues = on.wanted(issues, c.skew)
	if err := c.completeHistories(ctx, issues); err != nil {
		return err
	}
	if err := c.addTickets(ctx, &batch, issues); err != nil {
		return err
	}
	if p.rowless() {
		return nil
	}
	c.cursor.Found = true
	c.cursor.Rest = &walk{From: on.from, Created: on.created}
	return c.keep(batch, true)
}

// understand decodes rows, one by one.
func (c *cycle) understand(rows []row) (facts.Batch, []issue) {
	var batch facts.Batch
	issues := make([]issue, 0, len(rows))
	for _, r := range rows {
		one, reason := c.issue(r.raw)
		if reason != "" {
			skip(&batch.Skipped, kindTicket, reason)
			continue
		}
		issues = append(issues, one)
	}
	return batch, issues
}

// allLeftOut refuses a page of which nothing is understood: that is no longer
// trouble with single issues, but an answer of another kind.
func allLeftOut(batch facts.Batch, issues []issue) error {
	const many = 10
	left := 0
	for _, s := range batch.Skipped {
		left += s.Count
	}
	if len(issues) == 0 && left >= many {
		return fmt.Errorf("none of %d issues in a row can be understood", left)
	}
	return nil
}

// addTickets makes tickets of issues whose history is complete.
func (c *cycle) addTickets(ctx context.Context, batch *facts.Batch, issues []issue) error {
	for i := range issues {
		ticket := issues[i].ticket
		if issues[i].incomplete() {
			skip(&batch.Skipped, kindTicket, reasonIncomplete)
			continue
		}
		ticket.Changes = issues[i].changes(&batch.Skipped)
		if err := c.addRemoteLinks(ctx, batch, &ticket); err != nil {
			return err
		}
		batch.Tickets = append(batch.Tickets, ticket)
		c.addStatus(batch, ticket.Status)
	}
	return nil
}

// addStatus adds a status that the site's list lacks, as that of a project of
// its own rules may.
func (c *cycle) addStatus(batch *facts.Batch, status facts.TicketStatus) {
	if status.ID == "" {
		return
	}
	for _, known := range c.statuses {
		if known.ID == status.ID {
			return
		}
	}
	c.statuses = append(c.statuses, status)
	batch.TicketStatuses = append(batch.TicketStatuses, status)
}

// advance notes how far a walk is that has come to an issue: the share of the time
// since the first one was created. It never falls.
func (c *cycle) advance(created time.Time) {
	if c.first.IsZero() {
		c.first = created
	}
	if whole := c.start.Sub(c.first); whole > 0 {
		c.shown = max(c.shown, min(1, float64(created.Sub(c.first))/float64(whole)))
	}
}

// keep hands over a page: with the cursor where the page moved it on.
func (c *cycle) keep(batch facts.Batch, moved bool) error {
	batch.Progress = c.shown
	if moved {
		text, err := c.cursor.encode()
		if err != nil {
			return err
		}
		batch.Cursor = text
	}
	if err := c.save(batch); err != nil {
		return fmt.Errorf("keep what Jira answered: %w", err)
	}
	return nil
}

// errGone says that a search finds nothing where it found something before.
var errGone = errors.New("jql finds no issue any more, although it did before: check that the token's account may still " +
	"browse the projects; if the issues are really gone, change jql")

// checkPresence makes sure that a cycle which was shown no issue could have seen
// one. That nothing was updated is a fact only for those who may look.
func (c *cycle) checkPresence(ctx context.Context) error {
	if c.rows > 0 {
		return nil
	}
	found, err := c.present(ctx)
	switch {
	case err != nil:
		return err
	case !found && c.cursor.Found:
		return errGone
	case found:
		c.cursor.Found = true
	default:
		c.opts.Logger.Warn("the jql finds no issue")
	}
	return nil
}

// complete hands over the batch that ends the cycle.
func (c *cycle) complete() error {
	text, err := c.cursor.encode()
	if err != nil {
		return err
	}
	err = c.save(facts.Batch{
		Cursor:   text,
		Complete: &facts.Completion{DataAsOf: c.start, DataSince: c.cursor.Since},
		Progress: 1,
	})
	if err != nil {
		return fmt.Errorf("keep the end of the cycle: %w", err)
	}
	return nil
}
