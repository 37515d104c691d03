package jira

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// interval is how often tokens come back.
const interval = 10 * time.Second

// bucket holds a token for each request that may be made.
type bucket struct {
	size, fill int // How many there are at most, and how many come back at a time.

	mu     sync.Mutex // Guards what follows.
	left   int
	filled time.Time
}

func newBucket(size int) *bucket { return &bucket{size: size, fill: max(size/6, 1), left: size} }

// take takes out one token. It returns how many are left, below zero when there
// was none, and for how long there is none.
func (b *bucket) take(now time.Time) (left int, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.filled.IsZero() || now.Before(b.filled) {
		b.filled = now
	}
	times := int(now.Sub(b.filled) / interval)
	b.filled = b.filled.Add(time.Duration(times) * interval)
	b.left = min(b.size, b.left+min(times, b.size)*b.fill)
	if b.left == 0 {
		return -1, b.filled.Add(interval).Sub(now)
	}
	b.left--
	return b.left, 0
}

// limit turns away whoever asks too often, and says in the headers of every
// answer how many requests are left. Below one there is no limit.
func (s *Server) limit(next http.Handler) http.Handler {
	if s.options.RateLimit < 1 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := s.options.Now()
		left, wait := s.bucket.take(now)
		s.tellLimit(w.Header(), left, now, wait)
		if left < 0 {
			writeError(w, complain(http.StatusTooManyRequests, "Rate limit exceeded."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// tellLimit writes what each Jira tells of its limit. Cloud names the minute
// at which it is over; Data Center says on every answer how long to wait, also
// when that is not at all.
func (s *Server) tellLimit(header http.Header, left int, now time.Time, wait time.Duration) {
	seconds := int((wait + time.Second - 1) / time.Second)
	header.Set("X-RateLimit-Limit", strconv.Itoa(s.bucket.size))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	if s.options.Mode == DataCenter {
		header.Set("X-RateLimit-FillRate", strconv.Itoa(s.bucket.fill))
		header.Set("X-RateLimit-Interval-Seconds", strconv.Itoa(int(interval/time.Second)))
		header.Set("Retry-After", strconv.Itoa(seconds))
		return
	}
	if left*5 < s.bucket.size {
		header.Set("X-RateLimit-NearLimit", "true")
	}
	if left < 0 {
		header.Set("Retry-After", strconv.Itoa(seconds))
		header.Set("X-RateLimit-Reset", now.Add(wait+time.Minute-1).UTC().Truncate(time.Minute).Format("2006-01-02T15:04Z"))
		header.Set("RateLimit-Reason", "jira-burst-based")
	}
}
