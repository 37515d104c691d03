package pagerduty

import "time"

// span is the time from From to just before Until, both whole seconds: finer
// the API does not tell time.
type span struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

func (s span) empty() bool              { return !s.From.Before(s.Until) }
func (s span) length() time.Duration    { return max(0, s.Until.Sub(s.From)) }
func (s span) covers(at time.Time) bool { return !at.Before(s.From) && at.Before(s.Until) }

// with returns the least span that holds both.
func (s span) with(other span) span {
	if s.empty() {
		return other
	}
	return span{From: earlier(s.From, other.From), Until: later(s.Until, other.Until)}
}

// wholeSecondsWithin returns the part of window in which all seconds from s.From
// up to and with s.Until lie. A bound that is zero, or both where they lie
// elsewhere, are those of window.
func (s span) wholeSecondsWithin(window span) span {
	part := window
	if !s.From.IsZero() {
		part.From = later(window.From, wholeSecond(s.From))
	}
	if !s.Until.IsZero() {
		part.Until = earlier(window.Until, wholeSecond(s.Until).Add(time.Second))
	}
	if part.empty() {
		return window
	}
	return part
}

// firstMonth returns the part of s up to the first turn of a month, in UTC. The
// API reads windows of half a year at most and by itself no more than one month.
func (s span) firstMonth() span {
	year, month, _ := s.From.Date()
	turn := time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC)
	if turn.Before(s.Until) {
		return span{From: s.From, Until: turn}
	}
	return s
}

// split cuts s into n parts of equal length, up to a second, and into fewer
// where s has not as many seconds.
func (s span) split(n int) []span {
	seconds := int(s.length() / time.Second)
	n = min(n, seconds)
	parts := make([]span, 0, n)
	from := s.From
	for i := 1; i <= n; i++ {
		until := s.From.Add(time.Duration(seconds*i/n) * time.Second)
		parts = append(parts, span{From: from, Until: until})
		from = until
	}
	return parts
}
