package pagerduty

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// overlap is how far an incremental read goes back before the end of the one
// before it: log entries may appear somewhat after the time that they bear.
const overlap = time.Hour

// cursorVersion changes when the cursor's meaning does; a cursor of another
// version is refused rather than misread.
const cursorVersion = 1

// cursor says what is left to read. It is kept with every page, so that the
// next cycle begins at the first page that was not kept.
type cursor struct {
	Version int      `json:"version"`
	Teams   []string `json:"teams"` // The filter that everything was read with, sorted.
	// Since and Until bound what has been read or is planned.
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Retry are the incidents that the server failed on, at most maxRetry.
	Retry []string `json:"retry,omitempty"`
	// Refused are incidents that the token may not read, at most maxRefused.
	Refused []string `json:"refused,omitempty"`
	// Flaws are what was told badly, and OnCallFlaw says so of on-calls.
	Flaws      []flaw      `json:"flaws,omitempty"`
	OnCallFlaw *onCallFlaw `json:"on_call_flaw,omitempty"`
	// Plan is what of it is still to be read, in this order.
	Plan []stretch `json:"plan,omitempty"`
	// List is the list that is being read over the first month of the first
	// stretch, and the place is how far; empty between two months.
	List string `json:"list,omitempty"`
	place
	// OnCalls is the time whose on-calls have been read after they were over;
	// nil when none have. No filter by team applies to them.
	OnCalls *span `json:"on_calls,omitempty"`
}

// stretch is a time to read.
type stretch struct {
	span
	// History is set where nothing was read before. What is known of an
	// incident was then read after everything that happened in the stretch.
	History bool `json:"history,omitempty"`
}

// resume decodes a kept cursor, nil when there is none, and plans what is to
// be read beside what it left: the time since its end, a past that was not
// asked for until now, or everything when the filter by team has changed.
func resume(kept []byte, teams []string, since, now time.Time) (*cursor, error) {
	if kept == nil {
		c := &cursor{Version: cursorVersion, Teams: teams, Since: since, Until: now}
		c.plan(since, now, true)
		return c, nil
	}
	c := new(cursor)
	if err := json.Unmarshal(kept, c); err != nil {
		return nil, fmt.Errorf("decode the kept cursor: %w", err)
	}
	if c.Version != cursorVersion {
		return nil, fmt.Errorf("the kept cursor is of version %d, which this program cannot read", c.Version)
	}
	if !c.sound() {
		return nil, errors.New("the kept cursor says what no cycle leaves behind")
	}
	retry, refused := c.Retry, c.Refused
	c.extend(teams, since, now)
	c.Retry, c.Refused = retry, refused
	return c, nil
}

// sound reports whether a cycle can have left a cursor. To follow any other
// would ask for what is not missing, or pass over what is.
func (c *cursor) sound() bool {
	ok := !c.Since.IsZero() && c.Until.Year() >= 1970 && c.Offset >= 0 && c.Offset < maxRows
	for _, part := range c.Plan {
		ok = ok && !part.empty() && !part.From.Before(c.Since) && !part.Until.After(c.Until)
	}
	for _, window := range c.Windows {
		ok = ok && !window.empty()
	}
	switch c.List {
	case "":
		ok = ok && len(c.Windows) == 0
	case keyIncidents, keyLogEntries:
		ok = ok && len(c.Plan) > 0
	default:
		ok = false
	}
	ok = ok && !slices.Contains(c.again(), "") && c.flawsSound() && c.OnCalls.sound()
	return ok && (c.OnCallFlaw == nil || c.OnCallFlaw.Before.sound())
}

// sound reports whether a span of on-calls is one, or none.
func (s *span) sound() bool { return s == nil || !s.From.IsZero() && !s.Until.IsZero() }

func (c *cursor) extend(teams []string, since, now time.Time) {
	if c.Until.After(now.Add(overlap)) {
		c.distrust(teams, since, now)
		return
	}
	recent := c.Until.Add(-overlap)
	switch {
	case !slices.Equal(c.Teams, teams):
		*c = cursor{Version: cursorVersion, Teams: teams, Since: since, Until: c.Until, OnCalls: c.OnCalls, OnCallFlaw: c.OnCallFlaw}
		c.plan(since, recent, true)
	case since.Before(c.Since):
		c.plan(since, c.Since, true)
		c.Since = since
	}
	if !c.lengthen(now) {
		c.plan(later(recent, c.Since), now, false)
	}
	if now.After(c.Until) {
		c.Until = now
	}
}

// distrust plans everything anew after a clock that was ahead: nobody knows since
// when nothing has been read. What is kept may be older than what happened, so
// none of it passes for history.
func (c *cursor) distrust(teams []string, since, now time.Time) {
	onCalls := c.OnCalls
	if onCalls != nil {
		onCalls = &span{From: earlier(onCalls.From, now), Until: earlier(onCalls.Until, now)}
	}
	*c = cursor{Version: cursorVersion, Teams: teams, Since: since, Until: now, OnCalls: onCalls}
	c.plan(since, now, false)
}

// lengthen makes the last stretch last until now, where it is yet to be begun:
// otherwise each cycle that fails would leave one more.
func (c *cursor) lengthen(now time.Time) bool {
	last := len(c.Plan) - 1
	begun := last == 0 && c.List != ""
	if last < 0 || begun || c.Plan[last].History || now.Before(c.Plan[last].Until) {
		return false
	}
	c.Plan[last].Until = now
	return true
}

func (c *cursor) plan(from, until time.Time, history bool) {
	s := stretch{span: span{From: from, Until: until}, History: history}
	if s.empty() {
		return
	}
	c.Plan = append(c.Plan, s)
}

// left is how much time is still to be read.
func (c *cursor) left() time.Duration {
	var sum time.Duration
	for _, s := range c.Plan {
		sum += s.length()
	}
	return sum
}

// begin sets out to read a list over window.
func (c *cursor) begin(list string, window span) {
	c.List, c.place = list, startOf(window)
}

// endMonth takes the month off the plan.
func (c *cursor) endMonth(month span) {
	c.List, c.place = "", place{}
	c.Plan[0].From = month.Until
	if c.Plan[0].empty() {
		c.Plan = c.Plan[1:]
	}
}

// recentOnCalls says where a cycle that begins at start goes on reading
// on-calls, and what of them is frozen: what was over two days ago and was read
// when it was over. Of an absence longer than that only a forecast is kept,
// which is not. Where nothing was read before, nothing is frozen.
func (c *cursor) recentOnCalls(start time.Time) (from, frozen time.Time) {
	twoDaysAgo := start.Add(-onCallFreeze)
	if c.OnCalls == nil {
		return later(c.Since, twoDaysAgo), time.Time{}
	}
	return later(c.OnCalls.From, c.OnCalls.Until.Add(-onCallFreeze)), earlier(twoDaysAgo, c.OnCalls.Until)
}

// passOnCalls notes that the on-calls of window are read in a cycle that began
// at start: what is told of the time from then on is a forecast.
func (c *cursor) passOnCalls(window span, start time.Time) {
	past := span{From: window.From, Until: earlier(window.Until, start)}
	if c.OnCalls != nil {
		past = span{From: earlier(c.OnCalls.From, past.From), Until: later(c.OnCalls.Until, past.Until)}
	}
	c.OnCalls = &past
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (c *cursor) encode() ([]byte, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode the cursor: %w", err)
	}
	return text, nil
}
