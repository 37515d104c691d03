package pagerduty_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

// without tells the item with an id, or the on-call of a user with it, without
// some of its fields: they are null.
func without(id string, fields ...string) func(object) object {
	return func(item object) object {
		user, _ := item["user"].(object)
		if item["id"] != id && user["id"] != id {
			return item
		}
		flawed := maps.Clone(item)
		for _, field := range fields {
			flawed[field] = nil
		}
		return flawed
	}
}

// times tells the first n items that it concerns badly, and then all well.
func times(n int, flawed func(object) object) func(object) object {
	return func(item object) object {
		told := flawed(item)
		if n <= 0 || cmp.Equal(told, item) {
			return item
		}
		n--
		return told
	}
}

// storyteller is an account in which much has happened, before and after begun.
func storyteller(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	for i := range 16 {
		at := since.Add(time.Duration(i) * 24 * time.Hour)
		r.addIncident(fmt.Sprintf("Q%02d", i), at, at.Add(time.Hour))
	}
	r.addIncident("QOLD", since.Add(-time.Hour), since.Add(-time.Minute))
	r.addEntry("QOLD", "QOLD-note", "annotate", since.Add(time.Hour)) // So that QOLD is read by itself.
	r.addIncident("QOPEN", begun.Add(-20*time.Minute), time.Time{})
	r.addEntry("Q07", "RPAGE", "notify", since.Add(7*24*time.Hour+time.Minute))
	r.addEntry("Q07", "RASSIGN", "assign", since.Add(7*24*time.Hour+time.Minute))
	r.entries[len(r.entries)-1]["assignees"] = []any{object{"id": "PUSER1", "type": "user_reference"}}
	return r
}

func (m *memory) requireSame(t *testing.T, want *memory) {
	t.Helper()
	if diff := cmp.Diff(want.incidents, m.incidents); diff != "" {
		t.Errorf("incidents (-whole +flawed):\n%s", diff)
	}
	if diff := cmp.Diff(want.entries, m.entries); diff != "" {
		t.Errorf("entries (-whole +flawed):\n%s", diff)
	}
	if diff := cmp.Diff(want.shifts, m.shifts); diff != "" {
		t.Errorf("shifts (-whole +flawed):\n%s", diff)
	}
}

// someFlaws are ways to tell an item badly, by what is badly told.
func someFlaws() map[string]func(object) object {
	return map[string]func(object) object{
		"an incident without an id":           without("Q07", "id"),
		"an incident without a time":          without("Q07", "created_at"),
		"an incident without a status":        without("Q07", "status"),
		"an incident without a service":       without("Q07", "service"),
		"an incident without an urgency":      without("Q07", "urgency"),
		"an incident that ended at no time":   without("Q07", "resolved_at"),
		"an incident of unknown age":          without("Q07", "updated_at"),
		"the first incident without an id":    without("Q00", "id"),
		"the last incident without an id":     without("Q15", "id", "created_at"),
		"an open incident without an id":      without("QOPEN", "id", "created_at"),
		"an open incident without a status":   without("QOPEN", "status"),
		"a single incident without an id":     without("QOLD", "id"),
		"a single incident without a service": without("QOLD", "service"),
		"the entry of a single incident":      without("QOLD-resolve", "created_at"),
		"an entry without an id":              without("Q07-trigger", "id"),
		"an entry without a time":             without("Q07-resolve", "created_at"),
		"an entry without either":             without("Q07-resolve", "id", "created_at"),
		"an entry of no incident":             without("Q07-resolve", "incident", "created_at"),
		"an entry of no kind":                 without("Q07-resolve", "type"),
		"an entry by nobody":                  without("Q07-resolve", "agent"),
		"a page to nobody":                    without("RPAGE", "user"),
		"a page by no medium":                 without("RPAGE", "channel"),
		"the first entry of all":              without("Q00-trigger", "id", "created_at"),
		"the last entry of all":               without("QOPEN-trigger", "id", "created_at"),
		"assignees without an id": func(item object) object {
			item = without("RASSIGN")(item)
			if item["id"] == "RASSIGN" {
				item["assignees"] = []any{object{"type": "user_reference"}}
			}
			return item
		},
	}
}

func TestWhatIsToldBadlyForOneAnswerIsAskedForAgainAtOnce(t *testing.T) {
	t.Parallel()
	whole := storyteller(t)
	whole.mustCollect(t)
	usual := len(whole.asked())
	for name, flawed := range someFlaws() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := storyteller(t)
			r.told = times(1, flawed)
			r.mustCollect(t)
			r.memory.requireSame(t, whole.memory)
			if diff := cmp.Diff(whole.memory.complete, r.memory.complete); diff != "" {
				t.Errorf("completion (-whole +flawed):\n%s", diff)
			}
			if got := len(r.asked()); got != usual+1 {
				t.Errorf("sent %d requests, want one more than %d", got, usual)
			}
		})
	}
}

func TestWhatIsToldBadlyInACycleIsReadInALaterOne(t *testing.T) {
	t.Parallel()
	whole := storyteller(t)
	whole.mustCollect(t)
	whole.later(6 * time.Minute)
	whole.mustCollect(t)
	for name, flawed := range someFlaws() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := storyteller(t)
			r.told = flawed
			r.mustCollect(t)
			if open := strings.Contains(name, "an open incident"); !open { // It is listed in each cycle anyway.
				if diff := cmp.Diff([]string{facts.KindSomeIncidents}, r.memory.complete[0].Unread); diff != "" {
					t.Errorf("told badly (-want +got):\n%s", diff)
				}
			}
			r.told = nil
			r.later(6 * time.Minute)
			r.asked()
			r.mustCollect(t)
			r.memory.requireSame(t, whole.memory)
			if got := r.memory.complete[1].Unread; got != nil {
				t.Errorf("still told badly: %v", got)
			}
			// 13 of a quiet cycle, and the lists of a few days at the most, or the
			// incident and its log, with the timeline of each that a list told anew.
			if got := r.asked(); len(got) > 13+5 {
				t.Errorf("sent %d requests: %v", len(got), paths(got))
			}
			r.later(6 * time.Minute)
			r.mustCollect(t)
			if got := r.asked(); len(got) != 13 {
				t.Errorf("sent %d requests once all was told: %v", len(got), paths(got))
			}
		})
	}
}

// TestWhatIsToldBadlyIsLookedForWhereItLies names the windows of the second cycle.
func TestWhatIsToldBadlyIsLookedForWhereItLies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flawed func(object) object
		want   []string
	}{
		"an item that tells its time":  {without("Q07", "id"), []string{"2026-05-08T00:00:00Z 2026-05-08T00:00:01Z"}},
		"one that does not":            {without("Q07", "id", "created_at"), []string{"2026-05-07T00:00:00Z 2026-05-09T00:00:01Z"}},
		"one in a list newest first":   {without("Q07-resolve", "id", "created_at"), []string{"2026-05-08T00:01:00Z 2026-05-09T00:00:01Z"}},
		"the first of a list":          {without("Q00", "id", "created_at"), []string{"2026-05-01T00:00:00Z 2026-05-02T00:00:01Z"}},
		"an item of a single incident": {without("QOLD-trigger", "id"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := storyteller(t)
			r.told = test.flawed
			r.mustCollect(t)
			r.later(6 * time.Minute)
			r.asked()
			r.mustCollect(t)
			var got []string
			for _, u := range r.asked() {
				if window := u.Query().Get("since") + " " + u.Query().Get("until"); u.Path == "/log_entries" {
					got = append(got, window)
				}
			}
			recent := slices.Index(got, "2026-08-03T09:00:00Z 2026-08-03T10:06:00Z")
			if diff := cmp.Diff(test.want, slices.Compact(got[recent+1:]), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("looked in other windows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatIsFlawedForGoodCostsLittle polls for three days.
func TestWhatIsFlawedForGoodCostsLittle(t *testing.T) {
	t.Parallel()
	const polls = 3 * 12
	poll := func(r *rig) (requests int) {
		for range polls {
			r.mustCollect(t)
			r.later(2 * time.Hour)
		}
		return len(r.asked())
	}
	usual := poll(storyteller(t))
	for name, flawed := range map[string]func(object) object{
		"an entry without an id":       without("Q07-resolve", "id"),
		"an incident without a time":   without("Q07", "created_at"),
		"a single one of no service":   without("QOLD", "service"),
		"every entry without an id":    func(item object) object { return without(fmt.Sprint(item["id"]), "id")(item) },
		"every incident of no service": func(item object) object { return without(fmt.Sprint(item["id"]), "service")(item) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := storyteller(t)
			r.told = flawed
			asked, said := poll(r), 0
			for _, c := range r.memory.complete {
				if slices.Contains(c.Unread, facts.KindSomeIncidents) {
					said++
				}
			}
			if said != polls/3 {
				t.Errorf("said in %d cycles that something was told badly, want in %d", said, polls/3)
			}
			if asked > usual+usual/2 {
				t.Errorf("sent %d requests, without flaws %d", asked, usual)
			}
		})
	}
}

// TestABetterVersionIsNotReplaced tells a change of an incident badly.
func TestABetterVersionIsNotReplaced(t *testing.T) {
	t.Parallel()
	r := storyteller(t)
	r.mustCollect(t)
	before := r.memory.incidents["Q07"]
	at := r.later(5 * time.Minute).Add(time.Minute)
	r.change("Q07", at, object{"title": "Another"})
	r.addEntry("Q07", "RNOTE", "annotate", at)
	r.told = without("Q07", "service", "urgency")
	r.mustCollect(t)
	if diff := cmp.Diff(before, r.memory.incidents["Q07"]); diff != "" {
		t.Errorf("what is kept (-before +after):\n%s", diff)
	}
	if got := r.memory.skipped["incident/incomplete"]; got != 1 {
		t.Errorf("counted %d incomplete incidents, want 1", got)
	}
	for range 24 {
		r.later(time.Hour)
		r.mustCollect(t)
	}
	r.later(24 * time.Hour)
	r.mustCollect(t) // A day later it is so for good.
	if got := r.memory.incidents["Q07"]; got.Title != "Another" || got.Urgency != "" {
		t.Errorf("kept %+v, want what is told", got)
	}
}

func TestOnCallsThatAreToldBadlyAreReadAgain(t *testing.T) {
	t.Parallel()
	build := func(t *testing.T) *rig {
		t.Helper()
		r := newRig(t)
		for week := range 30 {
			monday := since.AddDate(0, 0, 7*week-10)
			r.addOnCall(fmt.Sprintf("PUSER%d", week%4), monday, monday.AddDate(0, 0, 7))
		}
		return r
	}
	for name, test := range map[string]struct {
		from, until time.Duration // After begun, when they are told badly.
		lost        bool
	}{
		"in the first cycle":              {0, time.Minute, false},
		"in a later one":                  {4 * time.Hour, 5 * time.Hour, false},
		"for nearly a day":                {4 * time.Hour, 28 * time.Hour, false},
		"from the beginning, nearly so":   {0, 23 * time.Hour, false},
		"for so long that it is for good": {0, 90 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, r := build(t), build(t)
			for poll := time.Duration(0); poll < 104*time.Hour; poll += 4 * time.Hour {
				r.told = nil
				if poll >= test.from && poll < test.until {
					r.told = without("PUSER1", "escalation_level")
				}
				whole.mustCollect(t)
				r.mustCollect(t)
				said := slices.Contains(r.memory.complete[len(r.memory.complete)-1].Unread, facts.KindSomeShifts)
				if want := r.told != nil && poll-test.from < 24*time.Hour; said != want {
					t.Errorf("after %v it says that on-calls are told badly: %v, want %v", poll, said, want)
				}
				whole.later(4 * time.Hour)
				r.later(4 * time.Hour)
			}
			if test.lost { // Of what ended two days before it was told again.
				if cmp.Equal(whole.memory.shifts, r.memory.shifts) {
					t.Error("what was frozen has changed")
				}
				return
			}
			r.memory.requireSame(t, whole.memory)
		})
	}
}

// TestAFlawSurvivesARestart ends the cycle that was to read it again.
func TestAFlawSurvivesARestart(t *testing.T) {
	t.Parallel()
	whole := storyteller(t)
	whole.mustCollect(t)
	whole.later(7 * time.Minute)
	whole.mustCollect(t)
	for failAt := range 5 {
		r := storyteller(t)
		r.told = without("Q07-resolve", "id")
		r.mustCollect(t)
		r.told = nil
		r.later(7 * time.Minute)
		r.memory.failAt = len(r.memory.batches) + 1 + failAt
		if err := r.collect(t); err == nil {
			t.Fatalf("the cycle ends before batch %d", failAt)
		}
		r.memory.failAt = 0
		r.mustCollect(t)
		r.memory.requireSame(t, whole.memory)
	}
}
