package pagerduty

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	upstream "github.com/PagerDuty/go-pagerduty"

	"teamhealth/internal/apiclient"
)

const (
	pageSize = 100    // The most that the API gives at once.
	maxRows  = 10_000 // The furthest that offset+limit may reach.
)

// api sends requests to PagerDuty. The upstream client adds the headers; its
// decoding is not used, as it fails whole pages, or panics, on single items.
type api struct {
	base      *url.URL
	client    *upstream.Client
	fruitless int // Answers that stayed flawed.
}

// get returns the JSON that path answers.
func (a *api) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	target := a.base.JoinPath(path)
	target.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("build the request for %s: %w", path, err)
	}
	resp, err := a.client.Do(req, true) //nolint:bodyclose // JSONBody closes it.
	if err != nil {
		return nil, withAdvice(err)
	}
	return apiclient.JSONBody(resp)
}

// advice tells the operator what to do about an answer that no repetition changes.
var advice = []struct {
	status error
	text   string
}{
	{apiclient.ErrUnauthorized, "PagerDuty refuses the token: check token_file or token_env, and that url is that of the token's region"},
	{apiclient.ErrPaymentRequired, "the account's plan lacks this ability: leave teams empty if it has no teams, or ask PagerDuty"},
	{apiclient.ErrForbidden, "the token may not read this: check token_file or token_env; a read-only key of the whole account suffices"},
	{apiclient.ErrNotFound, "check url: it must be the API's, such as https://api.pagerduty.com"},
}

func withAdvice(err error) error {
	for _, known := range advice {
		if errors.Is(err, known.status) {
			return fmt.Errorf("%w (%s)", err, known.text)
		}
	}
	return err
}

const (
	// asksAgain is how often a flawed answer is asked for again at once.
	asksAgain = 2
	// maxFruitless is after how many answers that stay flawed a cycle no longer
	// does so: what is flawed for good must not cost twice.
	maxFruitless = 3
)

// ask returns what path answers, or the best of several answers where items are flawed.
func (a *api) ask(ctx context.Context, path string, query url.Values, decode func([]byte) (page, error)) (page, error) {
	best, err := a.askOnce(ctx, path, query, decode)
	for try := 0; try < asksAgain && err == nil && best.flaws() > 0 && a.fruitless < maxFruitless; try++ {
		var next page
		next, err = a.askOnce(ctx, path, query, decode)
		if next.flaws() < best.flaws() {
			best = next
		}
	}
	if best.flaws() > 0 {
		a.fruitless++
	}
	return best, err
}

func (a *api) askOnce(ctx context.Context, path string, query url.Values, decode func([]byte) (page, error)) (page, error) {
	body, err := a.get(ctx, path, query)
	if err != nil {
		return page{}, err
	}
	return decode(body)
}

// list is one list of the API.
type list struct {
	path   string
	query  url.Values
	decode func(body []byte) (page, error)
}

// within returns l bounded to what was created in window.
func (l list) within(window span) list {
	query := cloneQuery(l.query)
	query.Set("since", window.From.Format(timeFormat))
	query.Set("until", window.Until.Format(timeFormat))
	l.query = query
	return l
}

// timeFormat always says the zone: a time without one is read in the account's.
const timeFormat = "2006-01-02T15:04:05Z"

func cloneQuery(query url.Values) url.Values {
	clone := make(url.Values, len(query)+4)
	maps.Copy(clone, query)
	return clone
}

// page reads the page of l at offset. The count of all items, which costs
// PagerDuty time, is asked for only when counted is set.
func (a *api) page(ctx context.Context, l list, offset int, counted bool) (page, error) {
	query, limit := cloneQuery(l.query), min(pageSize, maxRows-offset)
	query.Set("limit", strconv.Itoa(limit))
	query.Set("offset", strconv.Itoa(offset))
	if counted {
		query.Set("total", "true")
	}
	p, err := a.ask(ctx, l.path, query, l.decode)
	if p.untold {
		p.more = p.rows >= limit // To ask once too often loses nothing.
	}
	return p, err
}

// all reads l from its beginning and hands each page to keep. The list may be
// too long for that: then nothing more is read, and the error is errTooMany.
func (a *api) all(ctx context.Context, l list, counted bool, keep func(page) error) error {
	way := beginWalk(0)
	for offset := 0; ; {
		p, err := a.page(ctx, l, offset, counted && offset == 0)
		if err != nil {
			return err
		}
		if p.total > maxRows {
			return errTooMany
		}
		if err := way.pass(&p); err != nil {
			return err
		}
		if err := keep(p); err != nil || !p.more {
			return err
		}
		if offset += p.rows; offset >= maxRows {
			return errTooMany
		}
	}
}
