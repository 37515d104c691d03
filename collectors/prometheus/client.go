package prometheus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"

	"teamhealth/internal/apiclient"
)

// client is the HTTP API of one Prometheus.
type client struct {
	api.Client
	// byGet is set once a query was taken by GET that was refused by POST, as proxies do.
	byGet bool
}

func newClient(opts *Options) (*client, error) {
	c, err := api.NewClient(api.Config{Address: opts.URL, RoundTripper: polite{opts.HTTP}})
	if err != nil {
		return nil, fmt.Errorf("connect to prometheus: %w", err)
	}
	return &client{Client: c}, nil
}

// polite sends requests through the HTTP client that all collectors share.
type polite struct{ http HTTPClient }

// RoundTrip sends a request, and again where that may help: a query changes
// nothing, whatever its method.
func (p polite) RoundTrip(req *http.Request) (*http.Response, error) {
	return p.http.Do(apiclient.Repeatable(req))
}

// evaluate asks for an expression's values of a span of hours.
func (c *client) evaluate(ctx context.Context, expression string, hours span) (*result, error) {
	seconds := func(h hour) string { return strconv.FormatInt(h.start().Unix(), 10) }
	answer, err := c.query(ctx, "/api/v1/query_range", url.Values{
		"query": {expression}, "step": {"3600"},
		// What is counted in an hour is told at its end.
		"start": {seconds(hours.from + 1)}, "end": {seconds(hours.until)},
		// Thanos leaves out what it cannot reach unless it is told not to: part of
		// the events would pass for all of them. Others know no such key.
		"partial_response": {"false"},
	})
	if err != nil {
		return nil, err
	}
	found, err := readMatrix(answer.Data, hours)
	if err != nil {
		return nil, err
	}
	return &result{values: found, warnings: answer.Warnings}, nil
}

// clock asks what time it is at Prometheus. It is the zero time where whoever
// answers has no queries of instants, or does not tell: some programs that have
// Prometheus' API know those of ranges alone.
func (c *client) clock(ctx context.Context) (time.Time, error) {
	answer, err := c.query(ctx, "/api/v1/query", url.Values{"query": {"vector(1)"}})
	if refusedWith(err, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented) {
		answer, err = c.query(ctx, "/api/v1/query_range", url.Values{"query": {"vector(1)"}, "start": {"3600"}, "end": {"3600"}, "step": {"3600"}})
	}
	if refusedWith(err, http.StatusBadRequest, http.StatusUnprocessableEntity) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("ask prometheus for the time: %w", advise(err))
	}
	now, err := readInstant(answer.Data)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // Then ours has to do.
	}
	return now, nil
}

// refusedWith reports whether an error is an answer with one of some statuses.
func refusedWith(err error, codes ...int) bool {
	answer, ok := errors.AsType[*apiclient.StatusError](err)
	return ok && slices.Contains(codes, answer.Code)
}

// query asks by POST, because expressions may be long, and by GET where that is
// not let through.
func (c *client) query(ctx context.Context, path string, form url.Values) (*envelope, error) {
	if c.byGet {
		return c.send(ctx, http.MethodGet, path, form)
	}
	answer, err := c.send(ctx, http.MethodPost, path, form)
	status, refused := errors.AsType[*apiclient.StatusError](err)
	if !refused || (status.Code != http.StatusForbidden && status.Code != http.StatusMethodNotAllowed && status.Code != http.StatusNotImplemented) {
		return answer, err
	}
	answer, err = c.send(ctx, http.MethodGet, path, form)
	c.byGet = err == nil
	return answer, err
}

func (c *client) send(ctx context.Context, method, path string, form url.Values) (*envelope, error) {
	target, text := c.URL(path, nil), form.Encode()
	if method == http.MethodGet {
		target.RawQuery, text = text, ""
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("ask prometheus: %w", err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	_, body, err := c.Do(ctx, req) //nolint:bodyclose // It is read whole, and closed.
	if layer, ok := errors.AsType[*url.Error](err); ok {
		return nil, layer.Err // The layer spells out the address, with the query of a GET.
	}
	if err != nil {
		return nil, err
	}
	return readEnvelope(body)
}

// envelope is what every answer comes in.
type envelope struct {
	Status   string          `json:"status"`
	Data     json.RawMessage `json:"data"`
	Error    string          `json:"error"`
	Warnings []string        `json:"warnings"`
}

func readEnvelope(body []byte) (*envelope, error) {
	e := new(envelope)
	if err := json.Unmarshal(body, e); err != nil {
		return nil, &answerError{fmt.Sprintf("the answer is none of Prometheus' API: %v (is the url right?)", err)}
	}
	if e.Status != "success" {
		return nil, &answerError{fmt.Sprintf("the answer's status is %q: %s", e.Status, e.Error)}
	}
	return e, nil
}
