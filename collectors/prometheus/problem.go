package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// Side is one of the two expressions of a query, as the configuration names it.
type Side string

// The sides.
const (
	Good  Side = "good"
	Total Side = "total"
)

func (s Side) of(q facts.EventQuery) string {
	if s == Good {
		return q.Good
	}
	return q.Total
}

// QueryError is an expression to which Prometheus has no usable answer.
type QueryError struct {
	Objective string
	Team      string
	Side      Side
	Err       error // What Prometheus says, or what is wrong with its answer.
}

// Error names the objective, the team and the expression.
func (e *QueryError) Error() string {
	return fmt.Sprintf("objective %s, team %s, expression %s: %v", e.Objective, e.Team, e.Side, e.Err)
}

// Unwrap returns the cause.
func (e *QueryError) Unwrap() error { return e.Err }

// refused reports whether Prometheus understood what it was asked and says that it
// cannot answer, which it might for fewer hours.
func (e *QueryError) refused() bool {
	if status, ok := errors.AsType[*apiclient.StatusError](e.Err); ok {
		return status.Code == http.StatusBadRequest || status.Code == http.StatusUnprocessableEntity || status.Code == http.StatusRequestEntityTooLarge
	}
	return errors.Is(e.Err, apiclient.ErrTooLarge)
}

// slow reports whether there was no answer at all, where Prometheus answers other questions.
func (e *QueryError) slow() bool {
	var shape *shapeError
	var answer *answerError
	return !e.refused() && !errors.As(e.Err, &shape) && !errors.As(e.Err, &answer)
}

// QueryErrors are all that a cycle met.
type QueryErrors []*QueryError

// Error tells of the first ones, and how many more there are.
func (e QueryErrors) Error() string {
	const most = 3
	texts := make([]string, 0, most)
	for _, one := range e[:min(len(e), most)] {
		texts = append(texts, one.Error())
	}
	if more := len(e) - most; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns them all.
func (e QueryErrors) Unwrap() []error {
	all := make([]error, 0, len(e))
	for _, one := range e {
		all = append(all, one)
	}
	return all
}

// blame makes a query's error of a failed request, unless the query is not to blame: it
// is not when Prometheus cannot be asked anything.
func (c *client) blame(ctx context.Context, q query, side Side, err error) error {
	problem := &QueryError{Objective: q.objective, Team: q.Team, Side: side, Err: advise(err)}
	if ctx.Err() != nil {
		return fmt.Errorf("ask prometheus about objective %s: %w", q.objective, err)
	}
	if problem.slow() {
		if _, down := c.clock(ctx); down != nil {
			return down
		}
	}
	return problem
}

// advise says beside an error of the first request what to do about it.
func advise(err error) error {
	text := ""
	var answer *apiclient.StatusError
	var dial *net.OpError
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		text = "check sources.prometheus.url"
	case !errors.As(err, &answer):
		return err
	case answer.Code == http.StatusUnauthorized || answer.Code == http.StatusForbidden:
		text = "check the credentials of sources.prometheus.http_config"
	case answer.Code == http.StatusNotFound:
		text = "there is no Prometheus API: check sources.prometheus.url and its path"
	default:
		return err
	}
	return fmt.Errorf("%w (%s)", err, text)
}
