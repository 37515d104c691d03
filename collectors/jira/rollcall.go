package jira

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"time"

	"teamhealth/internal/facts"
)

const (
	// callEvery is how long after the begin of a roll call the next one is due.
	callEvery = 24 * time.Hour
	// callAtOnce is how many kept tickets are looked for at once, and maxCalls how many
	// requests of a cycle may do so; one that looks for some more than that is let finish.
	callAtOnce = 1000
	maxCalls   = 10
	// pageSizeOfIDs and pageSizeOfIDsOnCloud are the most that the sites give at once
	// when nothing but ids is asked for.
	pageSizeOfIDs        = 1000
	pageSizeOfIDsOnCloud = 5000
	// maxListed is how many pages a list may have.
	maxListed = 150
	// busy is how many rows make a cycle leave that to a later one, for a day at most.
	busy = 1000
	// callMargin is how far around the creations of the tickets that are looked for a
	// list goes: its bounds are whole minutes before a clock that is Jira's.
	callMargin = 2 * time.Minute
)

// rollCall says how far the kept tickets have been looked for. A search for what
// was updated never tells of a ticket that was deleted, or that the JQL does not ask for
// any more; so once in a day all kept ones are held against lists of ids.
type rollCall struct {
	// Begun is when the last one began; before the first, when the first cycle did.
	Begun time.Time `json:"begun,omitzero"`
	// Running is set while it goes on, behind the ticket of Created and ID.
	Running bool      `json:"running,omitempty"`
	Created time.Time `json:"created,omitzero"`
	ID      string    `json:"id,omitempty"`
	// Held is set when one was ever held to its end.
	Held bool `json:"held,omitempty"`
}

// callTheRoll looks for the next of the kept tickets, where that is due.
func (c *cycle) callTheRoll(ctx context.Context) error {
	call := &c.cursor.Call
	switch age := c.start.Sub(call.Begun); {
	case call.Begun.IsZero():
		call.Begun = c.start
		return nil
	case !call.Running && age < callEvery, c.rows >= busy && age < 2*callEvery:
		return nil
	case !call.Running:
		*call = rollCall{Begun: c.start, Running: true, Held: call.Held}
	}
	for call.Running && c.calls < maxCalls {
		if err := c.callSome(ctx, call); err != nil {
			return fmt.Errorf("look for the kept Jira issues: %w", err)
		}
	}
	return nil
}

// callSome looks for some of the kept tickets.
func (c *cycle) callSome(ctx context.Context, call *rollCall) error {
	kept, err := c.memory.TicketsBehind(ctx, call.Created, call.ID, callAtOnce)
	if err != nil {
		return err
	}
	var missing []facts.Ticket
	if len(kept) > 0 {
		if missing, err = c.missing(ctx, kept); err != nil {
			return err
		}
		last := kept[len(kept)-1]
		call.Created, call.ID = last.CreatedAt, last.ID
	}
	absence := c.absence(missing)
	if call.Held && absence != nil {
		if err := tooMany(len(absence.Tickets), len(kept)); err != nil {
			return err
		}
	}
	call.Running = len(kept) == callAtOnce
	call.Held = call.Held || !call.Running
	return c.keep(facts.Batch{Absence: absence}, true)
}

// tooMany refuses to believe that most of what was there last time is gone: rather, the
// account sees less than it did, or Jira finds less than it has.
func tooMany(gone, kept int) error {
	const few = 25
	if gone < few || 2*gone <= kept {
		return nil
	}
	return fmt.Errorf("%d of %d issues in a row are no longer found: check that the token's account may still see all that it saw before, "+
		"and that Jira is not building its index; if they are really gone, change jql", gone, kept)
}

// missing looks for tickets, and returns those that are not there. These were looked
// for twice: a list moves while it is read. Those that were gone and are back are to be
// read again.
func (c *cycle) missing(ctx context.Context, kept []facts.Ticket) ([]facts.Ticket, error) {
	listed, missing := map[string]bool{}, kept
	for try := 0; try < 2 && len(missing) > 0; try++ {
		whole, err := c.list(ctx, listed, kept[0].CreatedAt, kept[len(kept)-1].CreatedAt)
		if err != nil || !whole {
			return nil, err
		}
		missing = slices.DeleteFunc(slices.Clone(kept), func(t facts.Ticket) bool { return listed[t.ID] || listed[t.Key] || !c.listable(&t) })
	}
	for i := range kept {
		if listed[kept[i].ID] && !kept[i].GoneAt.IsZero() {
			c.cursor.note(kept[i].ID, time.Time{})
		}
	}
	return missing, nil
}

// listable reports whether a ticket must be in a list if it is there. What was
// changed just now may yet be missing; what was not changed since the history began is
// not asked for.
func (c *cycle) listable(t *facts.Ticket) bool {
	return t.UpdatedAt.Before(c.start.Add(-overlap)) && !t.UpdatedAt.Before(c.cursor.Since.Add(-before))
}

// absence tells of missing tickets that were not known to be gone; nil when there are none.
func (c *cycle) absence(missing []facts.Ticket) *facts.Absence {
	gone := facts.Absence{At: c.start}
	for _, t := range missing {
		if t.GoneAt.IsZero() {
			gone.Tickets = append(gone.Tickets, t.ID)
		}
	}
	if len(gone.Tickets) == 0 {
		return nil
	}
	c.opts.Logger.Warn("jira no longer shows issues that it showed before: they count no more", slog.Int("issues", len(gone.Tickets)))
	return &gone
}

// list adds the ids and keys of the issues that were created within two instants. It
// reports whether they are all.
func (c *cycle) list(ctx context.Context, names map[string]bool, from, to time.Time) (whole bool, err error) {
	path, size := pathOffsets, pageSizeOfIDs
	if c.cloud {
		path, size = pathTokens, pageSizeOfIDsOnCloud
	}
	query := url.Values{"jql": {c.created(from, to, c.cursor.Since.Add(-before), c.opts.Now())}, "fields": {"id"}, "maxResults": {strconv.Itoa(size)}}
	seen := map[string]bool{"": true} // Tokens, or how far the pages before reached.
	for offset, known := 0, len(names); ; known = len(names) {
		c.calls++
		p, err := c.ask(ctx, path, query)
		if err != nil {
			return false, err
		}
		if !addNames(names, p.rows) {
			return false, nil
		}
		offset += len(p.rows)
		next, parameter := strconv.Itoa(offset), "startAt"
		if c.cloud {
			next, parameter = p.token, "nextPageToken"
		}
		switch {
		case c.cloud && p.token == "", !c.cloud && p.last(offset, len(names) == known):
			return true, nil
		case seen[next] || len(seen) > maxListed || (!c.cloud && offset+size > maxWindow):
			return false, nil
		}
		seen[next] = true
		query.Set(parameter, next)
	}
}

// addNames adds the ids and keys of rows, unless one of them tells neither: it may be
// any issue.
func addNames(names map[string]bool, rows []row) bool {
	for _, r := range rows {
		if r.name == "" {
			return false
		}
		names[r.name], names[cmp.Or(r.other, r.name)] = true, true
	}
	return true
}
