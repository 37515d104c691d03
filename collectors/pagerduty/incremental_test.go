package pagerduty_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

// change gives an incident other values, updated at the time given.
func (a *account) change(id string, at time.Time, values object) {
	incident := a.incident(id)
	incident["updated_at"] = wire(at)
	maps.Copy(incident, values)
}

func (a *account) resolve(id string, at time.Time) {
	a.change(id, at, object{"status": "resolved", "resolved_at": wire(at)})
	a.addEntry(id, id+"-resolve", "resolve", at)
}

// later lets the clock go on by d, and returns where it stood.
func (r *rig) later(d time.Duration) time.Time {
	before := r.now
	r.now = r.now.Add(d)
	return before
}

func TestAQuietCycleAsksLittle(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", since, since.Add(time.Hour))
	r.addIncident("Q2", begun.Add(-time.Hour), time.Time{})
	r.mustCollect(t)
	r.asked()
	r.later(5 * time.Minute)
	r.mustCollect(t)
	asked := r.asked()
	want := []string{
		"/services", "/teams", "/users", "/priorities", "/escalation_policies", "/schedules", "/v3/schedules",
		"/maintenance_windows", "/incidents", "/incidents", "/log_entries", "/oncalls", "/oncalls",
	}
	if diff := cmp.Diff(want, paths(asked)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	open, window := asked[8].Query(), asked[10].Query()
	if open.Get("date_range") != "all" || !slices.Equal(open["statuses[]"], []string{"triggered", "acknowledged"}) {
		t.Errorf("open incidents were asked for by %v", open)
	}
	if got := window.Get("since") + " " + window.Get("until"); got != "2026-08-03T09:00:00Z 2026-08-03T10:05:00Z" {
		t.Errorf("the window is %s, want one that goes an hour back behind the last cycle", got)
	}
}

func TestWhatHappensToAnIncidentBetweenTwoCycles(t *testing.T) {
	t.Parallel()
	old := begun.AddDate(0, -1, 0)
	for name, test := range map[string]struct {
		happen func(r *rig, at time.Time)
		want   facts.Incident
	}{
		"an open one is resolved": {
			happen: func(r *rig, at time.Time) { r.resolve("QOPEN", at) },
			want:   facts.Incident{ID: "QOPEN", Status: "resolved", ResolvedAt: begun.Add(time.Minute)},
		},
		"an open one is merged": {
			happen: func(r *rig, at time.Time) {
				r.resolve("QOPEN", at)
				r.change("QOPEN", at, object{"resolve_reason": object{"type": "merge_resolve_reason", "incident": object{"id": "QDONE"}}})
			},
			want: facts.Incident{ID: "QOPEN", Status: "resolved", ResolvedAt: begun.Add(time.Minute), MergedInto: "QDONE"},
		},
		"an open one is acknowledged": {
			happen: func(r *rig, at time.Time) { r.change("QOPEN", at, object{"status": "acknowledged"}) },
			want:   facts.Incident{ID: "QOPEN", Status: "acknowledged"},
		},
		"a resolved one is reopened": {
			happen: func(r *rig, at time.Time) {
				r.change("QDONE", at, object{"status": "triggered", "resolved_at": nil})
			},
			want: facts.Incident{ID: "QDONE", Status: "triggered"},
		},
		"a resolved one is reopened and resolved again": {
			happen: func(r *rig, at time.Time) {
				r.change("QDONE", at, object{"resolved_at": wire(at)})
				r.addEntry("QDONE", "RAGAIN", "resolve", at)
			},
			want: facts.Incident{ID: "QDONE", Status: "resolved", ResolvedAt: begun.Add(time.Minute)},
		},
		"a resolved one gets another priority": {
			happen: func(r *rig, at time.Time) {
				r.change("QDONE", at, object{"priority": object{"summary": "P1"}})
				r.addEntry("QDONE", "RPRIO", "priority_change", at)
			},
			want: facts.Incident{ID: "QDONE", Status: "resolved", ResolvedAt: old.Add(time.Hour), Priority: "P1"},
		},
		"an open one is resolved without any log entry": {
			happen: func(r *rig, at time.Time) {
				r.change("QOPEN", at, object{"status": "resolved", "resolved_at": wire(at)})
			},
			want: facts.Incident{ID: "QOPEN", Status: "resolved", ResolvedAt: begun.Add(time.Minute)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("QDONE", old, old.Add(time.Hour))
			r.addIncident("QOPEN", old, time.Time{})
			r.mustCollect(t)
			test.happen(r, r.later(5*time.Minute).Add(time.Minute))
			r.mustCollect(t)
			kept := r.memory.incidents[test.want.ID]
			got := facts.Incident{
				ID: kept.ID, Status: kept.Status, ResolvedAt: kept.ResolvedAt, MergedInto: kept.MergedInto, Priority: kept.Priority,
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("incident (-want +got):\n%s", diff)
			}
			if len(r.memory.entries) != len(r.entries) {
				t.Errorf("kept %d of %d entries", len(r.memory.entries), len(r.entries))
			}
		})
	}
}

func TestALogEntryThatAppearsLateIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", begun.Add(-time.Hour), time.Time{})
	r.mustCollect(t)
	r.addEntry("Q1", "RLATE", "acknowledge", begun.Add(-55*time.Minute)) // As far back when it appears.
	r.later(5 * time.Minute)
	r.mustCollect(t)
	if _, ok := r.memory.entries["RLATE"]; !ok {
		t.Errorf("kept %v, without the late one", r.memory.entryIDs())
	}
}

func TestAnIncidentThatIsGoneIsCountedAndNotFatal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("QGONE", begun.Add(-time.Hour), time.Time{})
	r.mustCollect(t)
	r.incidents = nil
	r.later(5 * time.Minute)
	r.mustCollect(t)
	if diff := cmp.Diff(map[string]int{"incident/not_found": 1}, r.memory.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if len(r.memory.complete) != 2 {
		t.Errorf("%d cycles are complete, want 2", len(r.memory.complete))
	}
}

func TestNoTimelineIsHalfKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first  func(r *rig) // Before the first cycle.
		second func(r *rig, at time.Time)
		teams  []string
		want   []string // Entries.
	}{
		"one from before the history that is still open": {
			first: func(r *rig) {
				r.addIncident("QOLD", since.AddDate(0, -1, 0), time.Time{})
				r.addEntry("QOLD", "RACK", "acknowledge", since.AddDate(0, -1, 1))
			},
			want: []string{"QOLD-trigger", "RACK"},
		},
		"one from before the history that is resolved within it": {
			first: func(r *rig) { r.addIncident("QOLD", since.AddDate(0, 0, -1), since.AddDate(0, 0, 1)) },
			want:  []string{"QOLD-resolve", "QOLD-trigger"},
		},
		"one that comes into the teams later": {
			teams: []string{"PTEAM1"},
			first: func(r *rig) {
				r.addIncident("QMOVED", begun.Add(-time.Hour), time.Time{})["teams"] = []any{object{"id": "PTEAM2"}}
				for _, entry := range r.entries {
					entry["teams"] = []any{object{"id": "PTEAM2"}}
				}
			},
			second: func(r *rig, at time.Time) { r.change("QMOVED", at, object{"teams": []any{object{"id": "PTEAM1"}}}) },
			want:   []string{"QMOVED-trigger"},
		},
		"one that leaves the teams and is resolved there": {
			teams: []string{"PTEAM1"},
			first: func(r *rig) { r.addIncident("QMOVED", begun.Add(-time.Hour), time.Time{}) },
			second: func(r *rig, at time.Time) {
				r.resolve("QMOVED", at)
				r.change("QMOVED", at, object{"teams": []any{object{"id": "PTEAM2"}}})
				r.entries[1]["teams"] = []any{object{"id": "PTEAM2"}}
			},
			want: []string{"QMOVED-resolve", "QMOVED-trigger"},
		},
		"one that changes while the cycle reads": {
			first: func(r *rig) {
				r.addIncident("Q1", begun.Add(-time.Hour), time.Time{})
				r.change("Q1", begun.Add(2*time.Second), object{"urgency": "low"})
				r.addEntry("Q1", "RURGENCY", "urgency_change", begun.Add(2*time.Second))
			},
			want: []string{"Q1-trigger", "RURGENCY"},
		},
		"a resolved one that changes while the cycle reads": {
			first: func(r *rig) {
				r.addIncident("Q1", begun.Add(-2*time.Hour), begun.Add(-time.Hour))
				r.change("Q1", begun.Add(2*time.Second), object{"urgency": "low"})
				r.addEntry("Q1", "RURGENCY", "urgency_change", begun.Add(2*time.Second))
			},
			want: []string{"Q1-resolve", "Q1-trigger", "RURGENCY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.opts.Teams = test.teams
			test.first(r)
			r.mustCollect(t)
			if test.second != nil {
				test.second(r, r.later(5*time.Minute).Add(time.Minute))
				r.mustCollect(t)
			}
			if diff := cmp.Diff(test.want, r.memory.entryIDs()); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			for id, entry := range r.memory.entries {
				if _, ok := r.memory.incidents[entry.Incident]; !ok {
					t.Errorf("entry %s is kept without its incident %s", id, entry.Incident)
				}
			}
		})
	}
}

func TestALongAbsenceIsReadByMonths(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("QOPEN", begun.Add(-time.Hour), time.Time{})
	r.mustCollect(t)
	r.asked()
	r.later(70 * 24 * time.Hour) // To 12 October.
	r.resolve("QOPEN", begun.AddDate(0, 0, 40))
	r.addIncident("QNEW", begun.AddDate(0, 0, 20), begun.AddDate(0, 0, 50))
	r.mustCollect(t)
	got := r.windows("/log_entries")
	want := []string{
		"2026-08-03T09:00:00Z 2026-09-01T00:00:00Z", "2026-09-01T00:00:00Z 2026-10-01T00:00:00Z",
		"2026-10-01T00:00:00Z 2026-10-12T10:00:00Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if open, _ := r.memory.OpenIncidents(t.Context()); len(open) != 0 {
		t.Errorf("%v were resolved meanwhile and are kept as open", open)
	}
}

func TestTheEndOfAStormIsListedAndNotReadOneByOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const storm = 300
	r.addIncident("QOLD", begun.AddDate(0, 0, -20), time.Time{})
	for i := range storm {
		r.addIncident(fmt.Sprintf("Q%03d", i), begun.Add(time.Duration(i-storm)*time.Minute), time.Time{})
	}
	r.mustCollect(t)
	r.asked()
	at := r.later(5 * time.Minute).Add(time.Minute)
	r.resolve("QOLD", at)
	for i := range storm {
		r.resolve(fmt.Sprintf("Q%03d", i), at)
	}
	r.mustCollect(t)
	open, _ := r.memory.OpenIncidents(t.Context())
	if len(open) != 0 || len(r.memory.entries) != 2*(storm+1) {
		t.Errorf("%d incidents are kept as open, with %d entries; want none and %d", len(open), len(r.memory.entries), 2*(storm+1))
	}
	// 9 lists that begin a cycle, one count, 3 pages of the day's incidents, with 7 + 6 + 5 pages of
	// their log entries (600, 500 and 400) and their counts, one page of new ones, 4 pages of log entries,
	// 2 of on-calls; and QOLD, which is older than a day, by itself with its log.
	if asked := r.asked(); len(asked) > 22+18+3 {
		t.Errorf("sent %d requests: %v", len(asked), paths(asked))
	}
}

func TestMoreOpenIncidentsThanOneListHolds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const incidents = 10_050
	for i := range incidents {
		r.addIncident(fmt.Sprintf("Q%05d", i), since.Add(time.Duration(i)*10*time.Minute), time.Time{})
	}
	r.mustCollect(t)
	if len(r.memory.incidents) != incidents {
		t.Errorf("kept %d incidents, want %d", len(r.memory.incidents), incidents)
	}
	for _, u := range r.asked() {
		if strings.HasPrefix(u.Path, "/incidents/") {
			t.Fatalf("%s was read by itself, though lists had it", u)
		}
	}
}

func TestRowsThatMoveBetweenPagesAreKeptOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 150 {
		r.addIncident(fmt.Sprintf("Q%03d", i), begun.Add(time.Duration(i-200)*time.Minute), time.Time{})
	}
	moved := false
	r.intercept = func(_ http.ResponseWriter, req *http.Request) bool {
		if req.URL.Query().Get("date_range") == "all" && req.URL.Query().Get("offset") == "100" && !moved {
			moved = true // An older one is reopened: all others move down by one.
			r.addIncident("QREOPENED", begun.Add(-300*time.Minute), time.Time{})
		}
		return false
	}
	r.mustCollect(t)
	counts := map[string]int{}
	for _, batch := range r.memory.batches[1:3] { // The two pages of open incidents.
		for _, incident := range batch.Incidents {
			counts[incident.ID]++
		}
	}
	if counts["Q099"] != 1 || len(r.memory.incidents) != 151 {
		t.Errorf("Q099 was handed over %d times, and %d incidents are kept; want once and 151", counts["Q099"], len(r.memory.incidents))
	}
}

func TestALongTimelineIsReadWhole(t *testing.T) {
	t.Parallel()
	for name, entries := range map[string]int{"over several pages": 250, "beyond what a list can hold": 10_050} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			created := since.AddDate(0, 0, -20) // Before the history, so that it is read by itself.
			r.addIncident("QOLD", created, time.Time{})
			for i := range entries {
				r.addEntry("QOLD", fmt.Sprintf("R%05d", i), "annotate", created.Add(time.Duration(i)*time.Minute))
			}
			r.mustCollect(t)
			if len(r.memory.entries) != entries+1 {
				t.Errorf("kept %d entries, want %d", len(r.memory.entries), entries+1)
			}
		})
	}
}

func TestAnswersAboutOneIncident(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code    int
		answer  any
		want    string // In the error; empty when the cycle completes.
		skipped map[string]int
	}{
		"one that cannot be understood is counted": {
			code: 200, answer: object{"incident": "Q1"}, skipped: map[string]int{"incident/undecodable": 1},
		},
		"an empty object is no incident": {code: 200, answer: object{}, want: `the answer has no "incident"`},
		"a list is no incident":          {code: 200, answer: []any{}, want: "read PagerDuty incident Q1"},
		"one that nobody pays for":       {code: 402, answer: object{}, want: "read PagerDuty incident Q1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", since.Add(time.Hour), since.Add(2*time.Hour))
			r.mustCollect(t)
			r.addEntry("Q1", "RNOTE", "annotate", r.later(5*time.Minute).Add(time.Minute))
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path == "/incidents/Q1" {
					send(w, test.code, test.answer)
					return true
				}
				return false
			}
			err := r.collect(t)
			if (test.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if diff := cmp.Diff(test.skipped, r.memory.skipped, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}
