package history

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// View is a history up to some day. It does not change; its slices are for
// reading only.
type View struct {
	Account   *Account
	Since     int64      // When the history begins, in seconds since 1970.
	Incidents []Incident // In order of creation.
	// Log holds the events of all incidents in order of time, the later ones
	// of one second last.
	Log []LogRef

	events []Event
	byKey  map[uint64]int32
	until  int64
}

// LogRef points to one event.
type LogRef struct {
	at       uint32
	Incident uint32 // Index into View.Incidents.
	Event    uint16 // Index into the incident's timeline.
}

// newView returns a view that goes on where another one, if there is one, ends.
func newView(account *Account, since int64, earlier *View) *View {
	if earlier == nil {
		return &View{Account: account, Since: since}
	}
	return &View{Account: account, Since: since, Incidents: earlier.Incidents, events: earlier.events}
}

// Timeline returns the events of the incident at an index, in order.
func (v *View) Timeline(index int) []Event {
	inc := &v.Incidents[index]
	return v.events[inc.first : int(inc.first)+int(inc.length)]
}

// Find returns the index of the incident with an id, as long as it exists at
// an instant, which is in seconds since 1970.
func (v *View) Find(id string, now int64) (int, bool) {
	number, ok := key(id)
	if !ok {
		return 0, false
	}
	index, ok := v.byKey[number]
	if !ok || v.Incidents[index].Created > now {
		return 0, false
	}
	return int(index), true
}

// CreatedBefore returns how many incidents begin before an instant.
func (v *View) CreatedBefore(at int64) int {
	return sort.Search(len(v.Incidents), func(i int) bool { return v.Incidents[i].Created >= at })
}

// LoggedBefore returns how many events happen before an instant.
func (v *View) LoggedBefore(at int64) int {
	return sort.Search(len(v.Log), func(i int) bool { return int64(v.Log[i].at) >= at })
}

// append adds the stories of a day, which are in order of creation.
func (v *View) append(stories []*story) {
	places := map[*story]int32{}
	for i, s := range stories {
		places[s] = int32(len(v.Incidents) + i)
	}
	for _, s := range stories {
		events := s.sorted()
		for i := range events {
			if events[i].Kind == Merged {
				events[i].Arg = places[s.into]
			}
		}
		v.add(s.inc, events)
	}
}

// add adds one incident with its timeline.
func (v *View) add(inc Incident, events []Event) {
	inc.Number = uint32(len(v.Incidents) + 1)
	inc.first = uint32(len(v.events))
	inc.length = uint16(min(len(events), math.MaxUint16))
	inc.settled = events[len(events)-1].After
	end := fold(&inc, events, math.MaxInt64)
	inc.final, inc.urgency = end.Status, end.Urgency
	v.Incidents = append(v.Incidents, inc)
	v.events = append(v.events, events...)
}

// index prepares the look-ups by time and by id.
func (v *View) index() {
	v.byKey = make(map[uint64]int32, len(v.Incidents))
	v.Log = make([]LogRef, 0, len(v.events))
	for i := range v.Incidents {
		inc := &v.Incidents[i]
		v.byKey[inc.Key] = int32(i)
		for n, event := range v.Timeline(i) {
			v.Log = append(v.Log, LogRef{at: uint32(inc.At(event)), Incident: uint32(i), Event: uint16(n)})
		}
	}
	slices.SortFunc(v.Log, func(a, b LogRef) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Event, b.Event))
	})
}
