package history_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
)

func date(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func build(t *testing.T, o history.Options) *history.History {
	t.Helper()
	if o.Organization.Teams == nil {
		o.Organization = history.Example()
	}
	h, err := history.New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return h
}

// twoYears returns the example organisation's history over eight whole
// quarters, and its view at their end.
func twoYears(t *testing.T, seed uint64) (*history.History, *history.View, time.Time) {
	t.Helper()
	end := date(t, "2026-07-01")
	h := build(t, history.Options{Seed: seed, Start: end.AddDate(-2, 0, 0), End: end})
	return h, h.At(end), end
}

// told is an incident with its timeline, in a form that can be compared.
type told struct {
	ID       string
	Created  int64
	Number   uint32
	Service  string
	Title    string
	Timeline []history.Event
}

func tell(view *history.View) []told {
	all := make([]told, 0, len(view.Incidents))
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		all = append(all, told{
			ID: inc.ID(), Created: inc.Created, Number: inc.Number, Title: view.Account.Title(inc),
			Service: view.Account.Services[inc.Service].ID, Timeline: view.Timeline(i),
		})
	}
	return all
}

// differ compares two histories; the first incident that differs stands
// for all.
func differ(want, got []told) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	for i := range min(len(want), len(got)) {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			return diff
		}
	}
	return fmt.Sprintf("%d incidents against %d", len(want), len(got))
}

func TestSameSeedGivesTheSameHistory(t *testing.T) {
	t.Parallel()
	_, one, _ := twoYears(t, 7)
	_, two, _ := twoYears(t, 7)
	if diff := differ(tell(one), tell(two)); diff != "" {
		t.Errorf("two histories of one seed differ (-one +two):\n%s", diff)
	}
	_, other, _ := twoYears(t, 8)
	if len(other.Incidents) == len(one.Incidents) || other.Incidents[0].ID() == one.Incidents[0].ID() {
		t.Error("seeds 7 and 8 give the same history")
	}
}

func TestShorterHistoryIsTheBeginningOfALongerOne(t *testing.T) {
	t.Parallel()
	start := date(t, "2025-01-15")
	long := tell(build(t, history.Options{Seed: 3, Start: start, End: date(t, "2025-12-01")}).At(start))
	for _, end := range []time.Time{
		date(t, "2025-02-01"),
		date(t, "2025-07-19").Add(13*time.Hour + 7*time.Second),
	} {
		short := tell(build(t, history.Options{Seed: 3, Start: start, End: end}).At(start))
		if len(short) == 0 || len(short) >= len(long) {
			t.Fatalf("until %s there are %d incidents of %d", end, len(short), len(long))
		}
		if next := long[len(short)]; next.Created < end.Unix() {
			t.Errorf("the history until %s lacks the incident of %s", end, time.Unix(next.Created, 0).UTC())
		}
		if diff := differ(long[:len(short)], short); diff != "" {
			t.Errorf("the history until %s is no beginning (-long +short):\n%s", end, diff)
		}
	}
}

func TestEndlessHistoryGrowsToWhatALongerOneSays(t *testing.T) {
	t.Parallel()
	start, end := date(t, "2025-01-01"), date(t, "2025-03-01")
	grown := build(t, history.Options{Seed: 5, Start: start, End: end, Endless: true})
	drills := grown.Drills()
	before := grown.At(end.Add(-time.Hour))
	kept := tell(before)
	for week := range 30 {
		grown.At(end.AddDate(0, 0, 7*week))
	}
	now := end.AddDate(0, 0, 7*29)
	view := grown.At(now)
	whole := tell(build(t, history.Options{Seed: 5, Start: start, End: now}).At(now))
	if diff := differ(whole, tell(view)[:view.CreatedBefore(now.Unix())]); diff != "" {
		t.Errorf("growing changed the history (-whole +grown):\n%s", diff)
	}
	if diff := differ(kept, tell(before)); diff != "" {
		t.Errorf("growing changed a view that was there before (-kept +now):\n%s", diff)
	}
	if diff := cmp.Diff(drills, grown.Drills()); diff != "" {
		t.Errorf("drills after the end were added (-before +after):\n%s", diff)
	}
	if len(view.Log) != total(view) {
		t.Errorf("the log has %d events, the timelines %d", len(view.Log), total(view))
	}
}

func TestHistoryGrowsUnderSeveralReaders(t *testing.T) {
	t.Parallel()
	start := date(t, "2025-01-01")
	grown := build(t, history.Options{Seed: 5, Start: start, End: start.AddDate(0, 0, 7), Endless: true})
	var readers sync.WaitGroup
	for reader := range 4 {
		readers.Go(func() {
			for week := range 20 {
				now := start.AddDate(0, 0, 7*week+reader)
				view := grown.At(now)
				for i := range view.CreatedBefore(now.Unix()) {
					if int(view.Incidents[i].Number) != i+1 || len(view.Timeline(i)) == 0 {
						t.Errorf("incident %d of a view up to %s is not whole", i, now)
						return
					}
				}
			}
		})
	}
	readers.Wait()
}

func total(view *history.View) int {
	n := 0
	for i := range view.Incidents {
		n += len(view.Timeline(i))
	}
	return n
}

func TestIdsAreUniqueAndFound(t *testing.T) {
	t.Parallel()
	_, view, end := twoYears(t, 1)
	seen := map[string]bool{}
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		for n := range view.Timeline(i) {
			seen[inc.EntryID(n)] = true
		}
		seen[inc.ID()] = true
		if got, ok := view.Find(inc.ID(), end.Unix()); !ok || got != i {
			t.Fatalf("Find(%s) = %d, %v, want %d", inc.ID(), got, ok, i)
		}
		if _, ok := view.Find(inc.ID(), inc.Created-1); ok {
			t.Fatalf("%s is found a second before it begins", inc.ID())
		}
	}
	if want := len(view.Incidents) + total(view); len(seen) != want {
		t.Errorf("%d ids are distinct, want %d", len(seen), want)
	}
	for _, id := range []string{"", "Q", "QAAAAAAAAAAAAA", "RAAAAAAAAAAAAA", "Q1111111111111", "Q7777777777777"} {
		if _, ok := view.Find(id, end.Unix()); ok {
			t.Errorf("Find(%q) finds an incident", id)
		}
	}
}

func TestTimelinesMakeSense(t *testing.T) {
	t.Parallel()
	_, view, _ := twoYears(t, 1)
	for i := range view.Incidents {
		timeline := view.Timeline(i)
		if timeline[0].Kind != history.Trigger || timeline[1].Kind != history.Assign {
			t.Fatalf("incident %d does not begin with a trigger and an assign: %v", i, timeline[:2])
		}
		if !slices.IsSortedFunc(timeline, func(a, b history.Event) int { return int(a.After) - int(b.After) }) {
			t.Fatalf("incident %d: events are not in order", i)
		}
		status := history.Triggered
		for n, event := range timeline {
			if problem := impossible(status, event); problem != "" {
				t.Fatalf("incident %d, event %d: %s: %v", i, n, problem, timeline)
			}
			status = after(status, event)
		}
	}
}

// impossible says what is wrong with an event that happens in a status.
func impossible(status history.Status, event history.Event) string {
	switch event.Kind {
	case history.Acknowledge, history.Resolve, history.Merged, history.Snooze, history.AcceptHelp:
		if status == history.Resolved {
			return "it is resolved already"
		}
	case history.Unacknowledge:
		if status != history.Acknowledged {
			return "it is not acknowledged"
		}
	case history.Reopen:
		if status != history.Resolved {
			return "it is still open"
		}
	case history.Notify:
		if status == history.Resolved && event.Via != history.ByEmail {
			return "somebody is paged for a resolved incident"
		}
	default:
	}
	return ""
}

func after(status history.Status, event history.Event) history.Status {
	switch event.Kind {
	case history.Acknowledge:
		return history.Acknowledged
	case history.Unacknowledge, history.Reopen:
		return history.Triggered
	case history.Resolve, history.Merged:
		return history.Resolved
	default:
		return status
	}
}

func TestAcknowledgementsLapseWhenTheyMust(t *testing.T) {
	t.Parallel()
	_, view, _ := twoYears(t, 1)
	const never = int(^uint(0) >> 1)
	lapsed := 0
	for i := range view.Incidents {
		timeout := view.Account.Services[view.Incidents[i].Service].AckTimeout
		deadline := never
		for n, event := range view.Timeline(i) {
			after := int(event.After)
			unacknowledged := event.Kind == history.Unacknowledge
			if after > deadline || unacknowledged && after != deadline {
				t.Fatalf("incident %d, event %d after %d s: the acknowledgement lapses after %d s", i, n, after, deadline)
			}
			switch event.Kind {
			case history.Acknowledge:
				if timeout > 0 {
					deadline = after + timeout
				}
			case history.Snooze:
				deadline = after + int(event.Arg)
			case history.Unacknowledge, history.Resolve, history.Merged, history.Assign, history.Escalate:
				deadline = never
			default:
			}
			if unacknowledged {
				lapsed++
			}
		}
	}
	if lapsed < 20 {
		t.Errorf("%d acknowledgements lapse, want at least 20", lapsed)
	}
}

func FuzzFind(f *testing.F) {
	start := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	h, err := history.New(history.Options{Organization: history.Example(), Seed: 1, Start: start, End: start.AddDate(0, 1, 0)})
	if err != nil {
		f.Fatal(err)
	}
	view := h.At(start)
	for _, id := range []string{view.Incidents[0].ID(), view.Incidents[1].EntryID(0), "", "Q", "Q\xff", "QAAAAAAAAAAAAA", "Q222222222222=", "QAAAAAA\nAAAAAA"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if index, ok := view.Find(id, start.AddDate(1, 0, 0).Unix()); ok && view.Incidents[index].ID() != id {
			t.Errorf("Find(%q) finds %s", id, view.Incidents[index].ID())
		}
	})
}

func TestEveryProblemOfAnOrganisationIsReported(t *testing.T) {
	t.Parallel()
	start := date(t, "2025-01-01")
	one := history.User{ID: "PUSER01"}
	tests := map[string]struct {
		change func(*history.Options)
		want   []string
	}{
		"no team": {
			func(o *history.Options) { o.Organization.Teams = nil }, []string{"no team"},
		},
		"a team without people, and a service in two teams": {
			func(o *history.Options) {
				o.Organization.Teams = []history.Team{
					{ID: "a", Services: []string{"P1"}}, {ID: "b", Services: []string{"P1"}, Users: []history.User{one}},
				}
			}, []string{`team "a" needs`, "service P1 belongs to the teams a and b"},
		},
		"an unknown time zone": {
			func(o *history.Options) { o.Organization.Teams[0].Users[1].TimeZone = "Mars/Base" }, []string{"Mars/Base"},
		},
		"an unknown time zone of a rotation": {
			func(o *history.Options) { o.Organization.Teams[0].Rotation.TimeZone = "Mars/Base" }, []string{`rotation of team "mysql"`, "Mars/Base"},
		},
		"somebody who is gone before being there, and a team that all leave": {
			func(o *history.Options) {
				o.Organization.Teams[0].Users[1].From, o.Organization.Teams[0].Users[1].Until = start, start
				o.Organization.Teams[1].Users = []history.User{{ID: "PUSER06", Until: start}}
			}, []string{"PUSER02 is gone before being there", `team "mongodb": nobody stays`},
		},
		"a median beyond the limit": {
			func(o *history.Options) {
				o.Organization.Teams[2].Profile = history.Profile{Median: time.Hour, Prompt: 0.9}
			}, []string{`team "platform"`, "median is 1h0m0s"},
		},
		"a share of 1": {
			func(o *history.Options) {
				o.Organization.Teams[2].Profile = history.Profile{Median: time.Minute, Prompt: 1}
			}, []string{"prompt is 1"},
		},
		"an end before the start": {
			func(o *history.Options) { o.End = start }, []string{"end is not after its start"},
		},
		"a start that is not set": {
			func(o *history.Options) { o.Start = time.Time{} }, []string{"before 1971"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := history.Options{Organization: history.Example(), Start: start, End: start.AddDate(0, 1, 0)}
			test.change(&o)
			_, err := history.New(o)
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("New: %v, want it to mention %q", err, want)
				}
			}
		})
	}
}

func TestBulkHasExactlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	start := date(t, "2024-07-01")
	o := history.BulkOptions{
		Organization: history.Example(), Seed: 1, Start: start, End: start.AddDate(2, 0, 0), Incidents: 2000, Entries: 15,
	}
	h, err := history.Bulk(o)
	if err != nil {
		t.Fatal(err)
	}
	view := h.At(o.End)
	if len(view.Incidents) != 2000 || len(view.Log) != 2000*15 {
		t.Errorf("%d incidents with %d events, want 2000 with 30000", len(view.Incidents), len(view.Log))
	}
	for i := range view.Incidents {
		if n := len(view.Timeline(i)); n != 15 {
			t.Fatalf("incident %d has %d events, want 15", i, n)
		}
	}
	o.Entries = 4
	if _, err := history.Bulk(o); err == nil || !strings.Contains(err.Error(), "4 entries") {
		t.Errorf("Bulk with 4 entries each: %v, want an error that says so", err)
	}
}
