package pagerduty

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"teamhealth/internal/apiclient"
)

const (
	// maxUnavailable is how many incidents of a cycle the server may fail on.
	// More are an outage, and no longer trouble with single incidents.
	maxUnavailable = 10
	// maxRetry is how many incidents may wait to be read again.
	maxRetry = 100
	// maxRefused is how many incidents that the token may not read are asked for
	// in each cycle, in case that changes. A token of some teams never may.
	maxRefused = 100
)

// leaveOut counts an incident that could not be read, for a reason that lies
// with this incident alone. What is kept of it stays, and it is read again in
// the next cycle unless it does not exist. Too many on which the server fails,
// and everything that may concern more than one incident, come back as err.
func (c *cycle) leaveOut(p *page, id string, err error) error {
	reason := refusal(err)
	switch reason {
	case "":
		return err
	case reasonUnavailable:
		c.cursor.retry(id)
	case reasonForbidden:
		c.cursor.refuse(id)
	}
	c.unread[id] = reason
	if len(c.unreadFor(reasonUnavailable)) > maxUnavailable || len(c.cursor.Retry) > maxRetry {
		return fmt.Errorf("more than %d incidents are unavailable: %w", maxUnavailable, err)
	}
	p.skip(kindIncident, reason)
	return nil
}

// unreadFor lists the incidents that could not be read for a reason, sorted.
func (c *cycle) unreadFor(reason string) []string {
	var ids []string
	for id, why := range c.unread {
		if why == reason {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// leaveForNext notes what the next cycle is to read again.
func (c *cycle) leaveForNext() {
	c.cursor.Retry, c.cursor.Refused = c.unreadFor(reasonUnavailable), nil
	for _, id := range c.unreadFor(reasonForbidden) {
		c.cursor.refuse(id)
	}
}

// refusal is the reason for which a single item is not to be had; empty when
// err is of another kind.
func refusal(err error) string {
	var answer *apiclient.StatusError
	switch {
	case !errors.As(err, &answer):
		return ""
	case answer.Code == http.StatusForbidden:
		return reasonForbidden
	case answer.Code == http.StatusNotFound, answer.Code == http.StatusGone:
		return reasonNotFound
	case answer.Code >= http.StatusInternalServerError:
		return reasonUnavailable
	default:
		return ""
	}
}

// retry notes that an incident is to be read again in the next cycle.
func (c *cursor) retry(id string) {
	if !slices.Contains(c.Retry, id) {
		c.Retry = append(c.Retry, id)
	}
}

// refuse notes an incident that is to be asked for again, while there is room.
func (c *cursor) refuse(id string) {
	if len(c.Refused) < maxRefused && !slices.Contains(c.Refused, id) {
		c.Refused = append(c.Refused, id)
	}
}

// again lists the incidents that were not read, or not well, when they should have been.
func (c *cursor) again() []string {
	again := slices.Concat(c.Retry, c.Refused)
	for _, f := range c.Flaws {
		if f.due && f.Incident != "" {
			again = append(again, f.Incident)
		}
	}
	return again
}
