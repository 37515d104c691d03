package pagerduty

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// authenticate lets in whoever shows a known token.
func (s *Server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(s.options.Tokens, token(r)) {
			writeError(w, unauthorized())
			return
		}
		next.ServeHTTP(w, r)
	})
}

// token returns the API key of a request, or nothing.
func token(r *http.Request) string {
	value, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Token token=")
	return value
}

// limit counts the requests of each token, says in headers how many are left,
// and turns away those beyond. Below one a minute there is no limit.
func (s *Server) limit(by *limiter, next http.Handler) http.Handler {
	if by.perMinute < 1 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left, reset := by.take(token(r), s.options.Now())
		header := w.Header()
		header.Set("ratelimit-limit", strconv.Itoa(by.perMinute))
		header.Set("ratelimit-remaining", strconv.Itoa(max(left, 0)))
		header.Set("ratelimit-reset", strconv.Itoa(reset))
		if left < 0 {
			writeError(w, rateLimited())
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limiter counts requests in windows of a minute, each of which begins with
// its first request.
type limiter struct {
	perMinute int

	mu      sync.Mutex // Guards windows.
	windows map[string]window
}

type window struct {
	start time.Time
	used  int
}

func newLimiter(perMinute int) *limiter {
	return &limiter{perMinute: perMinute, windows: map[string]window{}}
}

// take counts one request. It returns how many more the token may make, below
// zero when it should not have made this one, and in how many seconds the
// window ends.
func (l *limiter) take(token string, now time.Time) (left, reset int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	current := l.windows[token]
	if age := now.Sub(current.start); age < 0 || age >= time.Minute {
		current = window{start: now}
	}
	current.used++
	l.windows[token] = current
	remaining := current.start.Add(time.Minute).Sub(now)
	return l.perMinute - current.used, int((remaining + time.Second - 1) / time.Second)
}
