package history

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// BulkOptions say how much history to stack up.
type BulkOptions struct {
	Organization Organization
	Seed         uint64
	Start, End   time.Time // Incidents begin at even distances between them.
	Incidents    int
	Entries      int // Events per incident, at least 5 and at most 1000.
}

// Bulk makes a plain history of a given size, for measuring: each incident is
// triggered, assigned, notified, acknowledged by whoever is on call, annotated
// as often as it takes, and resolved. It is finite and has no drills.
func Bulk(o BulkOptions) (*History, error) {
	account, err := o.Organization.account(o.Seed)
	if err != nil {
		return nil, fmt.Errorf("bulk history of an organisation: %w", err)
	}
	if o.Incidents < 1 || o.Entries < 5 || o.Entries > 1000 {
		return nil, fmt.Errorf("bulk history of %d incidents with %d entries each: want at least 1, and 5 to 1000",
			o.Incidents, o.Entries)
	}
	if err := (Options{Start: o.Start, End: o.End}).check(); err != nil {
		return nil, err
	}
	if o.End.Sub(o.Start) < time.Second*time.Duration(o.Incidents) {
		return nil, errors.New("bulk history: more incidents than seconds")
	}
	g := generator{account: account, seed: o.Seed}
	view := newView(account, o.Start.Unix(), nil)
	view.Incidents = make([]Incident, 0, o.Incidents)
	view.events = make([]Event, 0, o.Incidents*o.Entries)
	d := roll(o.Seed, "bulk", "", 0)
	length := o.End.Unix() - o.Start.Unix()
	for i := range o.Incidents {
		created := o.Start.Unix() + length*int64(i)/int64(o.Incidents)
		s := g.story(d, i%len(account.Teams), created)
		s.plain(o.Entries)
		view.add(s.inc, s.sorted())
	}
	view.until = o.End.Unix()
	view.index()
	h := &History{generator: g, end: o.End.Unix()}
	h.view.Store(view)
	return h, nil
}

// plain writes a timeline of exactly so many events.
func (s *story) plain(entries int) {
	s.open()
	by := s.levels[0]
	s.events = slices.Grow(s.events, entries)
	s.add(2, Notify, ByPush, Machine, int32(by))
	seen := s.answerTime()
	s.add(seen, Acknowledge, ViaMobile, by, 0)
	end := seen + s.between(300, 7200)
	for range entries - 5 {
		s.add(s.between(seen, end), Annotate, ViaNote, by, s.text())
	}
	s.add(end, Resolve, ViaWebsite, by, 0)
}
