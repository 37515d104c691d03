package apiclient

import (
	"net/http"
	"strconv"
	"time"
)

// rateLimit is what the headers of one answer say about how many requests the
// server still takes.
type rateLimit struct {
	known     bool
	remaining int
	reset     time.Duration // Until it takes more; zero when not told.
	coarse    bool          // The reset is told by the minute, so that Retry-After knows better.
}

// readLimit reads the ratelimit-* headers, which tell the reset in seconds, or
// Jira's x-ratelimit-* ones. There Cloud tells the minute of the reset, and Data
// Center how many seconds pass until its bucket gets something again.
func readLimit(header http.Header, now time.Time) rateLimit {
	if limit := remaining(header.Get("Ratelimit-Remaining")); limit.known || header.Get("Ratelimit-Reset") != "" {
		limit.reset = seconds(header.Get("Ratelimit-Reset"))
		return limit
	}
	limit := remaining(header.Get("X-Ratelimit-Remaining"))
	if at, err := minute(header.Get("X-Ratelimit-Reset")); err == nil {
		limit.reset, limit.coarse = until(at, header, now), true
		return limit
	}
	limit.reset = seconds(header.Get("X-Ratelimit-Interval-Seconds"))
	return limit
}

func remaining(text string) rateLimit {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return rateLimit{}
	}
	return rateLimit{known: true, remaining: n}
}

// minute reads a time with or without seconds: RFC 3339 has no form without.
func minute(text string) (time.Time, error) {
	at, err := time.Parse("2006-01-02T15:04Z07:00", text)
	if err != nil {
		return time.Parse(time.RFC3339, text)
	}
	return at, nil
}
