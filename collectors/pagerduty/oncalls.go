package pagerduty

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"teamhealth/internal/facts"
)

const (
	day = 24 * time.Hour

	// onCallWindow is the longest time that on-calls are asked for at once.
	// More than three months, 89 days at least, the API may refuse.
	onCallWindow = 89 * day
	// onCallFuture is how far ahead the API tells who will be on call.
	onCallFuture = 90 * day
	// onCallFreeze is how long after its end a shift may still be corrected.
	// Later the API tells of it by what the policies have become since.
	onCallFreeze = 48 * time.Hour
)

// readOnCalls reads who was, is and will be on call. As long as nothing about
// it was ever read, an account that lacks it, or has too much of it, and a
// token that may not read it go without. Later that ends the cycle: what was
// foretold would otherwise pass for what happened.
func (c *cycle) readOnCalls(ctx context.Context) error {
	c.beginOnCalls()
	err := c.readRecentOnCalls(ctx)
	if err == nil {
		err = c.readEarlierOnCalls(ctx)
	}
	lacking := lacks(err, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound)
	if c.cursor.OnCalls == nil && (lacking || errors.Is(err, errTooMany)) {
		c.leaveUnread(keyOnCalls, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("list PagerDuty on-calls: %w", err)
	}
	c.endOnCalls()
	return nil
}

// readRecentOnCalls reads what may still change, and as far ahead as the API tells.
func (c *cycle) readRecentOnCalls(ctx context.Context) error {
	next, frozen := c.cursor.recentOnCalls(c.start)
	stride := onCallWindow
	for until := c.start.Add(onCallFuture); next.Before(until); {
		window := span{From: next, Until: earlier(next.Add(stride), until)}
		err := c.readOnCallWindow(ctx, window, frozen)
		if err == nil {
			next = window.Until
		} else if !shorter(err, &stride) {
			return err
		}
	}
	return nil
}

// readEarlierOnCalls reads the past that was not asked for until now, from its
// end to its beginning, so that all that has been read is one span at any time.
func (c *cycle) readEarlierOnCalls(ctx context.Context) error {
	stride := onCallWindow
	for known := c.cursor.OnCalls; known != nil && c.cursor.Since.Before(known.From); known = c.cursor.OnCalls {
		window := span{From: later(c.cursor.Since, known.From.Add(-stride)), Until: known.From}
		err := c.readOnCallWindow(ctx, window, time.Time{})
		if err != nil && !shorter(err, &stride) {
			return err
		}
	}
	return nil
}

// shorter halves the stride when err says that a window holds too much, unless
// it is short already: whoever is on call at once is in every window.
func shorter(err error, stride *time.Duration) bool {
	if !errors.Is(err, errTooMany) || *stride < 2*time.Hour {
		return false
	}
	*stride = (*stride / 2).Truncate(time.Second)
	return true
}

// readOnCallWindow hands over all on-calls of window at once, because they
// replace what is kept of it.
func (c *cycle) readOnCallWindow(ctx context.Context, window span, frozen time.Time) error {
	var batch facts.Batch
	var shifts []facts.Shift
	flaws := 0
	l := list{path: keyOnCalls, query: url.Values{}, decode: decoder(keyOnCalls, kindOnCall, addOnCall)}
	err := c.api.all(ctx, l.within(window), true, func(p page) error {
		shifts = append(shifts, p.shifts...)
		batch.Skipped = append(batch.Skipped, p.facts.Skipped...)
		flaws += p.flaws()
		return nil
	})
	if err != nil {
		return fmt.Errorf("from %s to %s: %w", window.From.Format(timeFormat), window.Until.Format(timeFormat), err)
	}
	if flaws == 0 || c.onCallsBefore == nil || c.cursor.OnCallFlaw.lasts(c.start) { // Else what is kept is better.
		batch.OnCalls = &facts.OnCallReading{
			From: window.From, Until: window.Until, FrozenBefore: frozen, Shifts: united(clipped(shifts, window)),
		}
	}
	if flaws > 0 {
		c.rememberOnCalls()
	}
	c.cursor.passOnCalls(window, c.start)
	return c.keep(batch, true)
}
