package history

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Options say which history to make up.
type Options struct {
	Organization Organization
	// Seed is what the history is a function of, besides the organisation.
	Seed uint64
	// Start is the first day, from its midnight UTC on. Not before 1971.
	Start time.Time
	// End is when incidents stop to begin. What is done about those that
	// began before goes on after it.
	End time.Time
	// Endless lets incidents begin after End too, when At asks for later.
	Endless bool
}

// History is a past that can grow into the future. It is safe for use by
// several goroutines.
type History struct {
	generator generator
	endless   bool
	start     int64 // Seconds since 1970.
	end       int64 // Likewise.

	mu      sync.Mutex // Guards growing.
	nextDay int64
	view    atomic.Pointer[View]
}

// growth is how many days an endless history is made to go beyond what is
// asked for, so that it need not grow with every question.
const growth = 14

// New makes up a history. It reports everything that is wrong with the options.
func New(o Options) (*History, error) {
	account, err := o.Organization.account(o.Seed)
	if err != nil {
		return nil, fmt.Errorf("history of an organisation: %w", err)
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	h := &History{
		generator: generator{account: account, seed: o.Seed},
		endless:   o.Endless,
		start:     o.Start.Unix() / day * day,
		end:       o.End.Unix(),
		nextDay:   o.Start.Unix() / day,
	}
	h.grow(o.End.Unix())
	return h, nil
}

func (o Options) check() error {
	if o.Start.Year() < 1971 {
		return fmt.Errorf("history from %s: it cannot start before 1971", o.Start.Format(time.DateOnly))
	}
	if !o.End.After(o.Start) {
		return errors.New("history: its end is not after its start")
	}
	return nil
}

// At returns the history as far as it must be known at an instant: a finite
// one whole, an endless one at least up to then.
func (h *History) At(now time.Time) *View {
	view := h.view.Load()
	if !h.endless || now.Unix() < view.until {
		return view
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Unix() >= h.view.Load().until {
		h.grow(now.Unix() + growth*day)
	}
	return h.view.Load()
}

// Drills returns the ids of the planned failover drills that began before the
// options' End, in order of creation.
func (h *History) Drills() []string {
	var ids []string
	view := h.view.Load()
	for i := range view.Incidents {
		if inc := &view.Incidents[i]; inc.Drill && inc.Created < h.end {
			ids = append(ids, inc.ID())
		}
	}
	return ids
}

// grow writes whole days until one ends at or after an instant, and publishes
// what there is then. A finite history loses what begins after its end.
func (h *History) grow(until int64) {
	next := newView(h.generator.account, h.start, h.view.Load())
	for ; h.nextDay*day < until; h.nextDay++ {
		stories := h.generator.write(h.nextDay)
		for len(stories) > 0 && !h.endless && stories[len(stories)-1].inc.Created >= h.end {
			stories = stories[:len(stories)-1]
		}
		next.append(stories)
	}
	next.until = h.nextDay * day
	next.index()
	h.view.Store(next)
}
