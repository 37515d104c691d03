package history_test

import (
	"slices"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
)

// TestEverySpecialCaseOccursTwice counts, in two years, what those who judge
// incidents easily get wrong.
func TestEverySpecialCaseOccursTwice(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*world) int{
		"two outages of one service overlap":            overlapping,
		"an outage lasts over the end of a quarter":     overQuarters,
		"an outage within maintenance":                  maintained,
		"an outage of less than a quarter's budget":     flickering,
		"a P1 is merged into another":                   mergedOutages,
		"a P1 is reopened":                              reopenedOutages,
		"an incident is raised to P1 or P2":             raised,
		"an acknowledgement is forgotten overnight":     forgotten,
		"a night page is answered by somebody else":     answeredByOthers,
		"ten pages to one person in a minute":           volleys,
		"the lead writes about an incident weeks later": lateNotes,
		"an incident is snoozed":                        snoozed,
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(seeds) {
		_, view, end := twoYears(t, seed)
		w := &world{View: view, now: end.Unix(), zone: berlin}
		for name, count := range cases {
			if n := count(w); n < 2 {
				t.Errorf("seed %d: %s %d times, want at least twice", seed, name, n)
			}
		}
	}
}

// world is a history as it is seen at an instant from the zone that all teams
// of the example organisation live by.
type world struct {
	*history.View
	now  int64
	zone *time.Location
}

func (w *world) hour(at int64) int { return time.Unix(at, 0).In(w.zone).Hour() }

// severe returns the indexes of the incidents of priority 1 or 2.
func (w *world) severe() []int {
	var all []int
	for i := range w.Incidents {
		if p := w.State(i, w.now).Priority; p == 1 || p == 2 {
			all = append(all, i)
		}
	}
	return all
}

// count returns for how many of the incidents something holds.
func (w *world) count(indexes []int, holds func(i int, inc *history.Incident, timeline []history.Event) bool) int {
	n := 0
	for _, i := range indexes {
		if holds(i, &w.Incidents[i], w.Timeline(i)) {
			n++
		}
	}
	return n
}

// every returns the indexes of all incidents.
func (w *world) every() []int {
	all := make([]int, len(w.Incidents))
	for i := range all {
		all[i] = i
	}
	return all
}

func has(timeline []history.Event, kind history.Kind) bool {
	return slices.ContainsFunc(timeline, func(e history.Event) bool { return e.Kind == kind })
}

func overlapping(w *world) int {
	severe := w.severe()
	return w.count(severe, func(i int, inc *history.Incident, timeline []history.Event) bool {
		return !has(timeline, history.Merged) && slices.ContainsFunc(severe, func(j int) bool {
			first := open(w.View, j, w.now)[0]
			return j < i && w.Incidents[j].Service == inc.Service && first.from < inc.Created && inc.Created < first.until
		})
	})
}

func overQuarters(w *world) int {
	return w.count(w.severe(), func(i int, _ *history.Incident, _ []history.Event) bool {
		first := open(w.View, i, w.now)[0]
		return quarterOf(first.from) != quarterOf(first.until)
	})
}

func maintained(w *world) int {
	windows := w.Maintenance(w.now)
	return w.count(w.severe(), func(i int, inc *history.Incident, _ []history.Event) bool {
		first := open(w.View, i, w.now)[0]
		return slices.ContainsFunc(windows, func(m history.Window) bool {
			return slices.Contains(m.Services, int(inc.Service)) && m.Start <= first.from && first.until <= m.End
		})
	})
}

func flickering(w *world) int {
	return w.count(w.severe(), func(i int, _ *history.Incident, _ []history.Event) bool {
		first := open(w.View, i, w.now)[0]
		return first.until-first.from < 77
	})
}

func mergedOutages(w *world) int {
	return w.count(w.severe(), func(i int, _ *history.Incident, _ []history.Event) bool {
		state := w.State(i, w.now)
		return state.Priority == 1 && state.MergedInto >= 0 && w.State(state.MergedInto, w.now).Priority == 1
	})
}

func reopenedOutages(w *world) int {
	return w.count(w.severe(), func(i int, _ *history.Incident, timeline []history.Event) bool {
		return w.State(i, w.now).Priority == 1 && has(timeline, history.Reopen)
	})
}

func raised(w *world) int {
	return w.count(w.severe(), func(_ int, inc *history.Incident, _ []history.Event) bool { return inc.Priority > 2 })
}

// forgotten looks for somebody who acknowledges in the evening and resolves in
// the morning, with nothing in between but a note soon after.
func forgotten(w *world) int {
	return w.count(w.every(), func(_ int, inc *history.Incident, timeline []history.Event) bool {
		timeline = slices.DeleteFunc(slices.Clone(timeline), func(e history.Event) bool { return e.Kind == history.Notify })
		last := len(timeline) - 1
		if last < 2 || timeline[last].Kind != history.Resolve || has(timeline, history.Snooze) || has(timeline, history.Unacknowledge) {
			return false
		}
		i := slices.IndexFunc(timeline, func(e history.Event) bool { return e.Kind == history.Acknowledge })
		return i >= 0 && timeline[last].By == timeline[i].By && timeline[last].After-timeline[last-1].After > 10*hour &&
			w.hour(inc.At(timeline[i])) >= 19
	})
}

func answeredByOthers(w *world) int {
	return w.count(w.every(), func(_ int, inc *history.Incident, timeline []history.Event) bool {
		told := map[int32]bool{}
		for _, event := range timeline {
			switch event.Kind {
			case history.Notify:
				told[event.Arg] = true
			case history.Acknowledge:
				h := w.hour(inc.At(event))
				return (h >= 22 || h < 7) && !told[int32(event.By)] && !w.Account.Members[event.By].Bot
			default:
			}
		}
		return false
	})
}

// volleys counts the minutes, one after the other, in which a person gets ten
// pages or more.
func volleys(w *world) int {
	pages := map[int32][]int64{}
	for i := range w.Incidents {
		for _, event := range w.Timeline(i) {
			if event.Kind == history.Notify && event.Via != history.ByEmail {
				pages[event.Arg] = append(pages[event.Arg], w.Incidents[i].At(event))
			}
		}
	}
	n := 0
	for _, all := range pages {
		slices.Sort(all)
		for i := 0; i+9 < len(all); i++ {
			if all[i+9] < all[i]+60 {
				n++
				i += 9
			}
		}
	}
	return n
}

func lateNotes(w *world) int {
	return w.count(w.every(), func(i int, inc *history.Incident, timeline []history.Event) bool {
		last := timeline[len(timeline)-1]
		resolved := w.Resolved(i, inc.At(last))
		return last.Kind == history.Annotate && resolved > 0 && inc.At(last) > resolved+14*day-1 &&
			last.By == w.Account.Lead(w.Account.Services[inc.Service].Team)
	})
}

func snoozed(w *world) int {
	return w.count(w.every(), func(_ int, _ *history.Incident, timeline []history.Event) bool { return has(timeline, history.Snooze) })
}
