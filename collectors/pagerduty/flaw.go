package pagerduty

import (
	"context"
	"reflect"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

const (
	// firstDistance is when something flawed is read again. Each further time is
	// twice as far off, up to lastDistance.
	firstDistance = 5 * time.Minute
	lastDistance  = day
	// maxFlaws is how many flaws are remembered one by one.
	maxFlaws = 200
)

// flaw is something that was told badly and is to be read again: an incident
// that was read by itself, or a time within a list.
type flaw struct {
	Incident string    `json:"incident,omitempty"`
	Span     *span     `json:"span,omitempty"`
	History  bool      `json:"history,omitempty"` // As of a stretch.
	Since    time.Time `json:"since"`             // When it was found.
	Next     time.Time `json:"next"`
	Tries    int       `json:"tries,omitempty"`

	due   bool // It is read again in this cycle.
	found bool // It was found in this cycle.
}

func (f *flaw) meets(other *flaw) bool {
	if f.Span == nil || other.Span == nil {
		return f.Incident == other.Incident && f.Span == other.Span
	}
	return f.Span.From.Before(other.Span.Until) && other.Span.From.Before(f.Span.Until)
}

func (f *flaw) take(other *flaw) {
	f.found, f.History = true, f.History && other.History
	if f.Span != nil {
		both := f.Span.with(*other.Span)
		f.Span = &both
	}
}

// remember notes a flaw. Where there are too many, a time is thrown together with
// the one that was noted last, and a single incident is not noted.
func (c *cursor) remember(f flaw, now time.Time) {
	last := -1
	for i := range c.Flaws {
		if c.Flaws[i].meets(&f) {
			c.Flaws[i].take(&f)
			return
		}
		if c.Flaws[i].Span != nil {
			last = i
		}
	}
	switch {
	case len(c.Flaws) < maxFlaws || f.Span != nil && last < 0:
		f.Since, f.Next, f.found = now, now.Add(firstDistance), true
		c.Flaws = append(c.Flaws, f)
	case f.Span != nil:
		c.Flaws[last].take(&f)
	}
}

// callDue picks the flaws whose time has come, and returns them.
func (c *cursor) callDue(now time.Time) []flaw {
	var due []flaw
	for i := range c.Flaws {
		if f := &c.Flaws[i]; !f.Next.After(now) {
			f.due = true
			due = append(due, *f)
		}
	}
	return due
}

// settle forgets, at the end of a cycle, what was read again and is flawed no
// longer, and puts off what still is.
func (c *cursor) settle(now time.Time) {
	c.Flaws = slices.DeleteFunc(c.Flaws, func(f flaw) bool { return f.due && !f.found })
	for i := range c.Flaws {
		if f := &c.Flaws[i]; f.due {
			f.Tries++
			f.Next = now.Add(min(firstDistance<<min(f.Tries, 10), lastDistance))
		}
	}
}

// doubts are the kinds of facts of which some were told badly within the last
// day. What is flawed for longer is so for good.
func (c *cursor) doubts(now time.Time) []string {
	var kinds []string
	if slices.ContainsFunc(c.Flaws, func(f flaw) bool { return now.Before(f.Since.Add(day)) }) {
		kinds = append(kinds, facts.KindSomeIncidents)
	}
	if c.OnCallFlaw != nil && !c.OnCallFlaw.lasts(now) {
		kinds = append(kinds, facts.KindSomeShifts)
	}
	return kinds
}

func (c *cursor) flawsSound() bool {
	return !slices.ContainsFunc(c.Flaws, func(f flaw) bool {
		if f.Span == nil {
			return f.Incident == ""
		}
		return f.Span.empty() || f.Span.From.Before(c.Since.Add(-longestTogether)) || f.Span.Until.After(c.Until)
	})
}

// rememberPage notes when the flawed items of a page were created.
func (c *cycle) rememberPage(p *page, history bool) {
	if !p.flawed.empty() {
		flawed := p.flawed
		c.cursor.remember(flaw{Span: &flawed, History: history}, c.start)
	}
}

// dropUnsure leaves out incidents that do not tell all that every one does, where
// a version of them is kept: it is better. After a day the flaw is for good, and
// what is told is taken.
func (c *cycle) dropUnsure(p *page, known map[string]facts.Incident) {
	if len(p.unsure) == 0 {
		return
	}
	p.facts.Incidents = slices.DeleteFunc(p.facts.Incidents, func(i facts.Incident) bool {
		kept, ok := known[i.ID]
		if !ok || !slices.Contains(p.unsure, i.ID) || c.cursor.lasts(&i, c.start) || reflect.DeepEqual(asKept(i), asKept(kept)) {
			return false
		}
		c.cursor.remember(flaw{Incident: i.ID}, c.start)
		skip(&p.facts, kindIncident, reasonIncomplete)
		return true
	})
}

// lasts reports whether an incident is known to be flawed for a day.
func (c *cursor) lasts(i *facts.Incident, now time.Time) bool {
	return slices.ContainsFunc(c.Flaws, func(f flaw) bool {
		about := f.Incident == i.ID || f.Span != nil && f.Span.covers(i.CreatedAt)
		return about && !now.Before(f.Since.Add(day))
	})
}

// rememberIncident notes an incident whose own answer is flawed.
func (c *cycle) rememberIncident(p *page, id string) {
	if p.flaws() > 0 {
		c.cursor.remember(flaw{Incident: id}, c.start)
	}
}

// onCallFlaw notes that on-calls were told badly.
type onCallFlaw struct {
	Since  time.Time `json:"since"`
	Before *span     `json:"before,omitempty"` // The cursor's OnCalls, without what was read since.
}

// lasts reports whether on-calls are told badly for a day, and so for good.
func (f *onCallFlaw) lasts(now time.Time) bool { return f != nil && !now.Before(f.Since.Add(day)) }

// beginOnCalls takes back what was read since on-calls are told badly: it is
// read again, and nothing of it is frozen.
func (c *cycle) beginOnCalls() {
	if f := c.cursor.OnCallFlaw; f != nil {
		c.cursor.OnCalls = f.Before
	}
	c.onCallsBefore = c.cursor.OnCalls
}

func (c *cycle) rememberOnCalls() {
	c.onCallsFlawed = true
	if c.cursor.OnCallFlaw == nil {
		c.cursor.OnCallFlaw = &onCallFlaw{Since: c.start, Before: c.onCallsBefore}
	}
}

// endOnCalls lets what was told badly for a day count as read: it is so for good.
func (c *cycle) endOnCalls() {
	f := c.cursor.OnCallFlaw
	switch {
	case f == nil:
	case !c.onCallsFlawed:
		c.cursor.OnCallFlaw = nil
	case f.lasts(c.start):
		f.Before = c.cursor.OnCalls
	}
}

// readFlawed lists again what was created when something was told badly.
// Single incidents are read with those that could not be read at all.
func (c *cycle) readFlawed(ctx context.Context) error {
	for _, f := range c.flawed {
		if f.Span == nil {
			continue
		}
		upToDate := func(*facts.Incident) bool { return f.History }
		for rest := *f.Span; !rest.empty(); {
			month := rest.firstMonth()
			at := startOf(month)
			if err := c.api.windows(ctx, c.incidents(), &at, c.keepIncidents(ctx, f.History)); err != nil {
				return err
			}
			at = startOf(month)
			if err := c.api.windows(ctx, c.logEntries(), &at, c.keepEntries(ctx, f.History, upToDate)); err != nil {
				return err
			}
			rest.From = month.Until
		}
	}
	return nil
}
