package pagerduty

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

// cycle is one run of Collect. Its start is the horizon: all that happened
// before it is read, and every incident's state is read after it.
type cycle struct {
	api    *api
	opts   *Options
	memory collectors.Memory
	save   func(facts.Batch) error
	start  time.Time

	cursor  *cursor
	planned []stretch     // The plan at the start.
	toRead  time.Duration // How much time that is.
	shown   float64       // The progress shown last.

	fresh   map[string]bool // Incidents whose state a list told that is no month's.
	current map[string]bool // Incidents whose state was told while this month was read.

	again        map[string]bool // Incidents that earlier cycles could not read.
	flawed       []flaw          // What earlier cycles were told badly, and this one reads again.
	refusedKinds []string        // Kinds of facts that cannot be listed.

	onCallsBefore *span // The cursor's OnCalls before this cycle read any.
	onCallsFlawed bool

	unread map[string]string // Incidents that this cycle cannot read, and why.
}

// readPlan reads the plan month by month. The incidents of a month are kept
// before its log entries.
func (c *cycle) readPlan(ctx context.Context) error {
	for len(c.cursor.Plan) > 0 {
		part := c.cursor.Plan[0]
		month := part.firstMonth()
		clear(c.current)
		if err := c.readMonth(ctx, month, part.History); err != nil {
			return err
		}
		c.cursor.endMonth(month)
	}
	return nil
}

// readMonth reads a month, or goes on where a walk through it was cut off.
// Which incidents that walk found is forgotten; but it kept them, and of those
// that were created in the month nothing older is kept than what its list told.
func (c *cycle) readMonth(ctx context.Context, month span, history bool) error {
	var listed span
	if c.cursor.List == "" {
		c.cursor.begin(keyIncidents, month)
	} else {
		listed = month
	}
	if c.cursor.List == keyIncidents {
		if err := c.api.windows(ctx, c.incidents(), &c.cursor.place, c.keepIncidents(ctx, history)); err != nil {
			return err
		}
		c.cursor.begin(keyLogEntries, month)
	}
	upToDate := func(kept *facts.Incident) bool { return history || listed.covers(kept.CreatedAt) }
	return c.api.windows(ctx, c.logEntries(), &c.cursor.place, c.keepEntries(ctx, history, upToDate))
}

// keepIncidents keeps pages of incidents that were created within the plan,
// so that their log entries are, or will be, read with it.
func (c *cycle) keepIncidents(ctx context.Context, history bool) func(page) error {
	return func(p page) error {
		for _, id := range p.ids {
			c.current[id] = true
		}
		if err := c.addUntold(ctx, &p); err != nil {
			return err
		}
		c.rememberPage(&p, history)
		return c.keep(p.facts, true)
	}
}

// keepEntries keeps pages of log entries, together with the present state of
// the incidents that they are about, unless what is kept of those is up to date.
func (c *cycle) keepEntries(ctx context.Context, history bool, upToDate func(kept *facts.Incident) bool) func(page) error {
	return func(p page) error {
		if err := c.addIncidents(ctx, &p, upToDate); err != nil {
			return err
		}
		c.rememberPage(&p, history)
		return c.keep(p.facts, true)
	}
}

// keep hands over a page: with the cursor where the page moved it on.
func (c *cycle) keep(batch facts.Batch, moved bool) error {
	batch.Progress = c.progress()
	if moved {
		text, err := c.cursor.encode()
		if err != nil {
			return err
		}
		batch.Cursor = text
	}
	if err := c.save(batch); err != nil {
		return fmt.Errorf("keep what PagerDuty answered: %w", err)
	}
	return nil
}

// complete hands over the batch that ends the cycle.
func (c *cycle) complete() error {
	c.cursor.settle(c.start)
	text, err := c.cursor.encode()
	if err != nil {
		return err
	}
	err = c.save(facts.Batch{
		Cursor:   text,
		Complete: &facts.Completion{DataAsOf: c.start, DataSince: c.cursor.Since, Unread: append(c.refusedKinds, c.cursor.doubts(c.start)...)},
		Progress: 1,
	})
	if err != nil {
		return fmt.Errorf("keep the end of the cycle: %w", err)
	}
	return nil
}

// progress is the share of the planned time that is read. It never falls.
func (c *cycle) progress() float64 {
	if c.toRead <= 0 {
		return c.shown
	}
	left := float64(c.cursor.left())
	if len(c.cursor.Plan) > 0 {
		month := c.cursor.Plan[0].firstMonth()
		left -= (1 - c.monthLeft(month)) * float64(month.length())
	}
	c.shown = max(c.shown, min(1, 1-left/float64(c.toRead)))
	return c.shown
}

// monthLeft is the share of month that is still to be read. Most pages of a
// month are log entries.
func (c *cycle) monthLeft(month span) float64 {
	const incidents = 0.1
	switch c.cursor.List {
	case keyIncidents:
		return 1 - incidents + incidents*c.cursor.place.left(month)
	case keyLogEntries:
		return (1 - incidents) * c.cursor.place.left(month)
	default:
		return 1
	}
}

// incidents is the list of incidents. No status is asked for: an incident
// that changes its status while the list is read would move all that follow.
func (c *cycle) incidents() list {
	return list{
		path:  keyIncidents,
		query: c.filtered(url.Values{"sort_by": {"created_at:asc"}}),
		decode: func(body []byte) (page, error) {
			return decodePage(body, keyIncidents, kindIncident, addIncident)
		},
	}
}

// logEntries is the list of log entries. The medium of a page is told only
// with channels.
func (c *cycle) logEntries() list {
	return list{
		path:  keyLogEntries,
		query: c.filtered(url.Values{"include[]": {"channels"}}),
		decode: func(body []byte) (page, error) {
			return decodePage(body, keyLogEntries, kindLogEntry, addEntry(""))
		},
	}
}

func (c *cycle) filtered(query url.Values) url.Values {
	if len(c.opts.Teams) > 0 {
		query["team_ids[]"] = c.opts.Teams
	}
	return query
}
