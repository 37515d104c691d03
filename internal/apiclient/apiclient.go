// Package apiclient is the one polite HTTP client that every collector reads
// its API with. Each attempt has a deadline that covers the body, each body a
// limit; what may be repeated is repeated, at the pace that the server asks
// for; and what comes back is either a whole answer of status 2xx or an error
// that says what to look at.
//
// It refuses to repeat anything but GET, HEAD and what is marked Repeatable, to
// follow a redirect to another host, to hand over part of a body, and to put a
// query, a header or a credential into an error.
package apiclient

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// Options sets limits and hooks. The zero value is useful.
type Options struct {
	// Transport makes the single attempts. Defaults to one of its own, which
	// takes proxies from the environment.
	Transport http.RoundTripper
	// UserAgent replaces the request's own when it is not empty.
	UserAgent string
	// Timeout bounds one attempt, reading the body included. Defaults to 30 s.
	Timeout time.Duration
	// MaxBody is the largest body that is taken, in bytes. Defaults to 32 MiB.
	MaxBody int64
	// MaxAttempts bounds how often one request is sent. Defaults to 5.
	MaxAttempts int
	// MaxWait bounds one wait between two attempts. A server that asks for
	// more gets no further attempt. Defaults to 2 min.
	MaxWait time.Duration
	// MaxTotalWait bounds all waits of one request together. Defaults to 5 min.
	MaxTotalWait time.Duration

	// Accounts are ids by which the server knows people. No error shows one,
	// whatever the server says.
	Accounts []string
	// Credentials returns what Transport proves its right with, beside what a request
	// shows of that. No error shows any of it. Optional.
	Credentials func() []string

	// Observe is called after each attempt with the status as text, or with
	// "error" when there was no whole answer. Optional.
	Observe func(code string)
	// RateLimit is called with each ratelimit-remaining that a server tells. Optional.
	RateLimit func(remaining int)

	// Sleep waits for d or until ctx ends, and then returns its error.
	// Defaults to a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Jitter returns a number in [0, 1). Defaults to a random one.
	Jitter func() float64
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
}

// Client sends requests. It is safe for concurrent use.
type Client struct {
	opts     Options
	accounts *regexp.Regexp // Matches any of them; nil when there is none.
	http     *http.Client
	gate     gate
	bodies   buffers
}

// New returns a Client.
func New(opts Options) *Client {
	opts.setDefaults()
	return &Client{
		opts: opts, accounts: anyOf(opts.Accounts),
		http: &http.Client{Transport: opts.Transport, CheckRedirect: sameHost},
	}
}

func (o *Options) setDefaults() {
	if o.Transport == nil {
		o.Transport = NewTransport()
	}
	o.Timeout = orDefault(o.Timeout, 30*time.Second)
	o.MaxBody = orDefault(o.MaxBody, 32<<20)
	o.MaxAttempts = orDefault(o.MaxAttempts, 5)
	o.MaxWait = orDefault(o.MaxWait, 2*time.Minute)
	o.MaxTotalWait = orDefault(o.MaxTotalWait, 5*time.Minute)
	if o.Credentials == nil {
		o.Credentials = func() []string { return nil }
	}
	if o.Observe == nil {
		o.Observe = func(string) {}
	}
	if o.RateLimit == nil {
		o.RateLimit = func(int) {}
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func orDefault[T int | int64 | time.Duration](value, standard T) T {
	if value > 0 {
		return value
	}
	return standard
}

// NewTransport returns a transport as a Client without one makes it, for those
// who share it between clients and close its idle connections.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   4,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Do sends req until it is answered with 2xx or there is no point in asking
// again, and returns the answer with its body read into memory. Every other
// status is a *StatusError; no whole answer is a *TransportError, which wraps
// the cause; the end of req's context is that context's error, wrapped.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	if err := c.gate.wait(req.Context(), &c.opts); err != nil {
		return nil, fmt.Errorf("%s: %w", target(req), err)
	}
	var waited time.Duration
	for attempt := 1; ; attempt++ {
		resp, err := c.attempt(req)
		if err == nil {
			return resp, nil
		}
		if ended := req.Context().Err(); ended != nil {
			return nil, stopped(ended, err)
		}
		pause, again := c.pause(req, err, attempt)
		if !again || waited+pause > c.opts.MaxTotalWait {
			return nil, gaveUp(err, attempt)
		}
		waited += pause
		if sleepErr := c.opts.Sleep(req.Context(), pause); sleepErr != nil {
			return nil, stopped(sleepErr, err)
		}
	}
}

func stopped(why, last error) error {
	return fmt.Errorf("%w (stopped: %w)", last, why)
}

func gaveUp(err error, attempts int) error {
	if attempts == 1 {
		return err
	}
	return fmt.Errorf("%w (gave up after %d attempts)", err, attempts)
}

// attempt sends req once and judges what comes back.
func (c *Client) attempt(req *http.Request) (*http.Response, error) {
	resp, err := c.exchange(req)
	if err != nil {
		c.opts.Observe("error")
		return nil, &TransportError{Method: req.Method, Host: req.URL.Host, Path: req.URL.Path, Err: c.concealed(err, req)}
	}
	c.opts.Observe(strconv.Itoa(resp.StatusCode))
	limit := readLimit(resp.Header, c.opts.Now())
	if limit.known {
		c.opts.RateLimit(limit.remaining)
	}
	if resp.StatusCode/100 == 2 {
		c.gate.close(limit, c.opts.Now())
		return resp, nil
	}
	return nil, c.newStatusError(req, resp, retryAfter(resp, limit, c.opts.Now()))
}

// exchange sends req and reads the whole answer before the deadline.
func (c *Client) exchange(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), c.opts.Timeout)
	defer cancel()
	req = req.Clone(ctx)
	if err := rewind(req); err != nil {
		return nil, err
	}
	if c.opts.UserAgent != "" {
		req.Header.Set("User-Agent", c.opts.UserAgent)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	body, err := c.bodies.read(resp.Body, c.opts.MaxBody)
	if closeErr := resp.Body.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the body: %w", closeErr)
	}
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 == 2 && endsInsideJSON(body) {
		return nil, fmt.Errorf("the JSON of the answer is cut short: %w", io.ErrUnexpectedEOF)
	}
	resp.Request = req
	resp.Body = hold(body)
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// sameHost keeps credentials from travelling: a redirect may lead to another
// path of the host that was asked, and nowhere else.
func sameHost(next *http.Request, via []*http.Request) error {
	first := via[0].URL
	if next.URL.Host != first.Host || (first.Scheme == "https" && next.URL.Scheme != "https") {
		return &redirectError{to: next.URL.Scheme + "://" + next.URL.Host}
	}
	if len(via) >= 10 {
		return &redirectError{to: "itself, again and again"}
	}
	return nil
}
