package tickets

import (
	"cmp"
	"errors"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"teamhealth/internal/simulator/history"
)

// Options say what the tickets are about.
type Options struct {
	// Incidents is what happened. Required.
	Incidents *history.History
	// Seed is what the tickets are a function of, besides the incidents, teams
	// and people.
	Seed uint64
	// Teams has one entry for each team of the incidents. Required.
	Teams []Team
	// People are those who have an account. At least one is required; whoever
	// of the incidents' people has none does nothing here.
	People []Person
	// Bot is the account that is automation. Default: 5b10bot.
	Bot string
	// IncidentURL is what the addresses of incidents' pages begin with, before
	// /incidents/ID. Default: https://example.pagerduty.com.
	IncidentURL string
	// Until is when nothing new is begun any more that is not about an
	// incident. The zero time stands for never.
	Until time.Time
}

// History is all tickets of a site, as far as they are known. It is safe for
// use by several goroutines.
type History struct {
	options Options
	roster  *roster

	mu   sync.Mutex // Guards growing.
	view atomic.Pointer[View]
}

// View is the tickets up to some day. It does not change; its slices are for
// reading only.
type View struct {
	Tickets  []Ticket // In order of creation.
	Projects []Project
	Users    []User
	// Components are the names of each project's components, by its key.
	Components map[string][]string

	byKey    map[string]int
	children map[int][]int
	until    int64
}

// growth is how far a history is written beyond what is asked for, so that it
// need not be with every question.
const growth = 14 * day

// New makes up the tickets. It reports everything that is wrong with the options.
func New(o Options) (*History, error) {
	if o.Incidents == nil {
		return nil, errors.New("tickets: no history of incidents")
	}
	o.IncidentURL = cmp.Or(strings.TrimSuffix(o.IncidentURL, "/"), "https://example.pagerduty.com")
	incidents := o.Incidents.At(time.Unix(0, 0))
	r, err := newRoster(incidents.Account, o)
	if err != nil {
		return nil, err
	}
	h := &History{options: o, roster: r}
	h.grow(incidents.Since + growth)
	return h, nil
}

// At returns the tickets as far as they must be known at an instant.
func (h *History) At(now time.Time) *View {
	if view := h.view.Load(); now.Unix() < view.until {
		return view
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Unix() >= h.view.Load().until {
		h.grow(now.Unix() + growth)
	}
	return h.view.Load()
}

// grow writes everything that begins before an instant, and publishes it.
func (h *History) grow(until int64) {
	w := newWriter(h.options, h.roster, until)
	w.write()
	h.view.Store(w.publish())
}

// Find returns the index of the ticket with an id or key, as long as it exists
// at an instant. Keys may be in any case.
func (v *View) Find(idOrKey string, now int64) (int, bool) {
	index, ok := v.byKey[strings.ToUpper(idOrKey)]
	if !ok || v.Tickets[index].Created > now {
		return 0, false
	}
	return index, true
}

// CreatedBefore returns how many tickets are created before an instant.
func (v *View) CreatedBefore(at int64) int {
	return sort.Search(len(v.Tickets), func(i int) bool { return v.Tickets[i].Created >= at })
}

// Children returns the indexes of the tickets that are parts of one.
func (v *View) Children(index int) []int { return v.children[index] }
