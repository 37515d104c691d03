package jira

import (
	"context"
	"errors"
	"fmt"
	"time"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

// cycle is one run of Collect. Its start is the horizon: all that happened
// before it is read.
type cycle struct {
	*session
	opts   *Options
	memory collectors.Memory
	save   func(facts.Batch) error
	start  time.Time

	cursor    *cursor
	rows      int // How many issues Jira showed.
	calls     int // How many requests looked for kept tickets.
	asksAgain int // How many asked again for what was not understood.
	// leftOut are the flawed issues that were left out, with the reason, and taken
	// those that were taken as they are.
	leftOut map[string]string
	taken   map[string]bool
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
	rows := on.pass(p)
	batch, issues, err := c.understand(ctx, rows)
	if err != nil {
		return err
	}
	if len(issues) == 0 && len(rows) >= manyRows {
		return fmt.Errorf("none of %d issues in a row can be understood", len(rows))
	}
	// The order is that of creation: the last says where the next walk would begin.
	for i := range issues {
		c.advance(issues[i].ticket.CreatedAt)
		on.created = laterOf(on.created, issues[i].ticket.CreatedAt)
	}
	if err := c.addTickets(ctx, &batch, on.wanted(issues, c.skew)); err != nil {
		return err
	}
	if p.rowless() {
		return nil
	}
	c.cursor.Found = true
	c.cursor.Rest = &walk{From: on.from, Created: on.created}
	return c.keep(batch, true)
}

// manyRows are so many that trouble with all of them is no longer trouble with
// single issues, but an answer of another kind.
const manyRows = 10

// addTickets makes tickets of issues, as far as their histories can be completed.
func (c *cycle) addTickets(ctx context.Context, batch *facts.Batch, issues []issue) error {
	if err := c.completeHistories(ctx, issues); err != nil {
		return err
	}
	for i := range issues {
		one := &issues[i]
		ticket := one.ticket
		switch {
		case one.incomplete():
			c.cursor.note(ticket.ID, c.start)
			c.leftOut[ticket.ID] = reasonIncomplete
			continue
		case one.flawed():
			c.taken[ticket.ID] = true
		default:
			c.cursor.forget(ticket.ID, ticket.Key)
		}
		delete(c.leftOut, ticket.ID)
		delete(c.leftOut, ticket.Key)
		ticket.Changes = one.changes(&batch.Skipped)
		if err := c.addRemoteLinks(ctx, batch, &ticket); err != nil {
			return err
		}
		batch.Tickets = append(batch.Tickets, ticket)
		c.addStatus(batch, ticket.Status)
		c.cursor.seeProject(one.project, ticket.Project)
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
