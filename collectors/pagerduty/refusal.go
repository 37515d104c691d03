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
)

// leaveOut counts an incident that could not be read, for a reason that lies
// with this incident alone. What is kept of it stays. One on which the server
// fails is read again in the next cycle; too many of them, and everything that
// may concern more than one incident, come back as err.
func (c *cycle) leaveOut(p *page, id string, err error) error {
	reason := refusal(err)
	if reason == "" {
		return err
	}
	if reason == reasonUnavailable {
		c.unavailable[id] = true
		c.cursor.retry(id)
		if len(c.unavailable) > maxUnavailable || len(c.cursor.Retry) > maxRetry {
			return fmt.Errorf("more than %d incidents are unavailable: %w", maxUnavailable, err)
		}
	}
	p.skip(kindIncident, reason)
	return nil
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
