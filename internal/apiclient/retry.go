package apiclient

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// firstBackOff is the upper bound of the first wait where the server asks for
// none; each further bound is twice the one before.
const firstBackOff = 500 * time.Millisecond

// pause says how long to wait before the next attempt, and whether there is
// one at all. What the server asks for is never shortened: rather than come
// back too early the client gives up.
func (c *Client) pause(req *http.Request, err error, attempt int) (time.Duration, bool) {
	if attempt >= c.opts.MaxAttempts || !repeatable(req) || !transient(err) {
		return 0, false
	}
	var status *StatusError
	if errors.As(err, &status) && status.RetryAfter > 0 {
		// Up to a tenth more, lest all who were told the same come back at once.
		spread := time.Duration(c.opts.Jitter() * float64(status.RetryAfter) / 10)
		return status.RetryAfter + spread, status.RetryAfter <= c.opts.MaxWait
	}
	ceiling := min(firstBackOff<<min(attempt-1, 16), c.opts.MaxWait)
	return time.Duration(c.opts.Jitter() * float64(ceiling)), true
}

// repeatable reports whether sending req twice does no harm.
func repeatable(req *http.Request) bool {
	bodiless := req.Body == nil || req.Body == http.NoBody
	if marked(req) {
		return bodiless || req.GetBody != nil
	}
	read := req.Method == "" || req.Method == http.MethodGet || req.Method == http.MethodHead
	return read && bodiless
}

// transient reports whether another attempt may end differently.
func transient(err error) bool {
	var (
		status   *StatusError
		tooLarge *tooLargeError
		redirect *redirectError
	)
	if errors.As(err, &status) {
		return status.Code == http.StatusTooManyRequests || status.Code == http.StatusRequestTimeout || status.Code >= 500
	}
	return !errors.As(err, &tooLarge) && !errors.As(err, &redirect)
}

// retryAfter is how long the server asks to be left alone; zero when it does
// not say. A reset says so only where the limit is the reason: servers send it
// with every answer.
func retryAfter(resp *http.Response, limit rateLimit, now time.Time) time.Duration {
	asked := retryAfterHeader(resp.Header, now)
	if resp.StatusCode != http.StatusTooManyRequests || (limit.coarse && asked > 0) {
		return asked
	}
	return max(asked, limit.reset)
}

func retryAfterHeader(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	at, err := http.ParseTime(text)
	if err != nil {
		return seconds(text)
	}
	return until(at, header, now)
}

// until is how long it is until at, a time by the server's clock, which the
// date of its answer tells whatever ours says. It is zero when at has passed.
func until(at time.Time, header http.Header, now time.Time) time.Duration {
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return max(0, at.Sub(now))
}

// seconds reads a whole number of seconds; anything else is zero.
func seconds(text string) time.Duration {
	const longest = 1 << 30 // Keeps a nonsensical number from overflowing.
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, longest)) * time.Second
}

// gate holds requests back while the server has announced that it would
// answer none.
type gate struct {
	mu      sync.Mutex
	opensAt time.Time // Zero while it stands open.
}

// close shuts the gate until the reset when limit says that nothing remains.
func (g *gate) close(limit rateLimit, now time.Time) {
	if !limit.known || limit.remaining > 0 || limit.reset == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opensAt = now.Add(limit.reset)
}

// wait returns when the gate is open, after MaxWait at the latest, or with
// ctx's error.
func (g *gate) wait(ctx context.Context, opts *Options) error {
	g.mu.Lock()
	closed := g.opensAt.Sub(opts.Now())
	g.mu.Unlock()
	if closed <= 0 {
		return nil
	}
	return opts.Sleep(ctx, min(closed, opts.MaxWait))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
