package pagerduty_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnAbsenceThatIsCutOffAgainLosesNothing(t *testing.T) {
	t.Parallel()
	var before *memory // What the cycle before the absence left.
	build := func(t *testing.T) *rig {
		t.Helper()
		r := newRig(t)
		for i := range 120 {
			r.addIncident(fmt.Sprintf("QDONE%03d", i), since.Add(time.Duration(i)*time.Hour), since.Add(time.Duration(i+5)*time.Hour))
		}
		if before == nil {
			r.mustCollect(t)
			before = r.memory
		}
		r.memory = before.clone()
		r.later(40 * 24 * time.Hour)
		for i := range 120 { // Reopened and resolved again, without being open in between.
			at := begun.Add(time.Duration(i+1) * 6 * time.Hour)
			id := fmt.Sprintf("QDONE%03d", i)
			r.change(id, at, object{"resolved_at": wire(at)})
			r.addEntry(id, id+"-again", "resolve", at)
			r.addIncident(fmt.Sprintf("QNEW%03d", i), at, at.Add(8*time.Hour))
		}
		return r
	}
	whole := build(t)
	first := len(whole.memory.batches)
	whole.mustCollect(t)
	for failAt := first + 1; failAt <= len(whole.memory.batches); failAt++ {
		t.Run(fmt.Sprintf("after %d pages", failAt-first-1), func(t *testing.T) {
			t.Parallel()
			r := build(t)
			r.memory.failAt = failAt
			r.asked()
			if err := r.collect(t); err == nil {
				t.Fatal("no error")
			}
			first := windowed(r.asked())
			r.memory.failAt = 0
			r.mustCollect(t)
			twice := slices.DeleteFunc(windowed(r.asked()), func(page string) bool { return !slices.Contains(first, page) })
			if len(twice) > 1 {
				t.Errorf("%d pages were asked for twice, want one at most: %v", len(twice), twice)
			}
			if diff := cmp.Diff(whole.memory.incidents, r.memory.incidents); diff != "" {
				t.Errorf("incidents (-whole +restarted):\n%s", diff)
			}
			if diff := cmp.Diff(whole.memory.entries, r.memory.entries); diff != "" {
				t.Errorf("entries (-whole +restarted):\n%s", diff)
			}
		})
	}
}

// windowed are the pages of incidents and log entries within a window.
func windowed(asked []*url.URL) []string {
	var pages []string
	for _, u := range asked {
		if (u.Path == "/incidents" || u.Path == "/log_entries") && u.Query().Has("since") {
			pages = append(pages, u.String())
		}
	}
	return pages
}

func TestAnEarlierSinceReadsOnlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	earlier := since.AddDate(0, -2, 0)
	r.addIncident("QOLD", earlier.Add(time.Hour), earlier.Add(2*time.Hour))
	r.addIncident("QEDGE", since.Add(-time.Hour), since.Add(time.Hour))
	r.addIncident("Q1", since.Add(time.Hour), since.Add(2*time.Hour))
	r.mustCollect(t)
	r.asked()
	r.opts.Since = earlier
	r.mustCollect(t)
	got := r.windows("/log_entries")
	want := []string{
		"2026-03-01T00:00:00Z 2026-04-01T00:00:00Z", "2026-04-01T00:00:00Z 2026-05-01T00:00:00Z",
		"2026-08-03T09:00:00Z 2026-08-03T10:00:00Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Q1", "QEDGE", "QOLD"}, r.memory.incidentIDs()); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	if got := r.memory.complete[1].DataSince; !got.Equal(earlier) {
		t.Errorf("the history begins at %s, want %s", got, earlier)
	}
}

func TestALaterSinceKeepsTheHistoryThatIsThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.mustCollect(t)
	r.opts.Since = since.AddDate(0, 1, 0)
	r.mustCollect(t)
	if got := r.memory.complete[1].DataSince; !got.Equal(since) {
		t.Errorf("the history begins at %s, want %s", got, since)
	}
}

func TestOtherTeamsMeanReadingAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Teams = []string{"PTEAM2"}
	r.addIncident("Q1", since.Add(time.Hour), since.Add(2*time.Hour))
	r.mustCollect(t)
	if len(r.memory.incidents) != 0 {
		t.Fatalf("kept %v of another team", r.memory.incidentIDs())
	}
	r.opts.Teams = []string{"PTEAM2", "PTEAM1"}
	r.mustCollect(t)
	if diff := cmp.Diff([]string{"Q1"}, r.memory.incidentIDs()); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
}

func TestAClockThatWasAheadHidesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("QOLD", begun.AddDate(0, 0, -9), begun.AddDate(0, 0, -8))
	r.now = begun.AddDate(1, 0, 0)
	r.mustCollect(t)
	r.now = begun.AddDate(0, 0, 3) // Right again.
	r.addIncident("QNEW", begun.AddDate(0, 0, 1), begun.AddDate(0, 0, 2))
	r.change("QOLD", begun.AddDate(0, 0, 1), object{"title": "Reopened and resolved"})
	r.addEntry("QOLD", "QOLD-again", "resolve", begun.AddDate(0, 0, 1))
	r.addOnCall("PUSER1", begun, begun.AddDate(0, 0, 7))
	r.mustCollect(t)
	if r.memory.incidents["QNEW"].ID == "" || r.memory.incidents["QOLD"].Title != "Reopened and resolved" || r.memory.entries["QOLD-again"].ID == "" {
		t.Errorf("kept %v and %d entries, want what came meanwhile", r.memory.incidents, len(r.memory.entries))
	}
	if len(r.memory.shifts) == 0 {
		t.Error("nobody is on call")
	}
	r.asked()
	r.mustCollect(t)
	for _, u := range r.asked() {
		if from := u.Query().Get("since"); from != "" && from < wire(r.now.AddDate(0, 0, -3)) {
			t.Errorf("the next cycle asks for %s", u)
		}
	}
}

func TestACursorThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	for name, cursor := range map[string]string{
		"of a later version":              `{"version": 2}`,
		"no JSON":                         `page 7`,
		"without an end":                  `{"version": 1, "since": "2026-05-01T00:00:00Z"}`,
		"without a beginning":             `{"version": 1, "until": "2026-08-01T00:00:00Z"}`,
		"before the first row":            `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "offset": -1}`,
		"in a list that is not read so":   `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "list": "users"}`,
		"in a list that is not planned":   `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "list": "incidents"}`,
		"with windows of no list":         `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "windows": [{"from": "2026-06-01T00:00:00Z", "until": "2026-06-02T00:00:00Z"}]}`,
		"with a plan that runs backwards": `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "plan": [{"from": "2026-06-02T00:00:00Z", "until": "2026-06-01T00:00:00Z"}]}`,
		"with a plan that goes further":   `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "plan": [{"from": "2026-06-02T00:00:00Z", "until": "2026-09-01T00:00:00Z"}]}`,
		"with an incident of no id":       `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "retry": [""]}`,
		"with a flaw of nothing":          `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "flaws": [{"since": "2026-07-01T00:00:00Z"}]}`,
		"with a flaw of another time":     `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "flaws": [{"span": {"from": "2026-07-01T00:00:00Z", "until": "2026-09-01T00:00:00Z"}}]}`,
		"with on-calls of no time":        `{"version": 1, "since": "2026-05-01T00:00:00Z", "until": "2026-08-01T00:00:00Z", "on_calls": {}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.memory.cursor = []byte(cursor)
			if err := r.collect(t); err == nil || len(r.memory.batches) != 0 {
				t.Errorf("error %v, %d batches; want an error and none", err, len(r.memory.batches))
			}
		})
	}
}

func TestCyclesThatFailLeaveNoTrailOfWindows(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.mustCollect(t)
	down := true
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		if down && req.URL.Path == "/log_entries" {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	for range 10 {
		r.addIncident(fmt.Sprintf("Q%d", len(r.incidents)), r.later(5*time.Minute), time.Time{})
		if err := r.collect(t); err == nil {
			t.Fatal("no error")
		}
	}
	down = false
	r.asked()
	r.mustCollect(t)
	got := r.windows("/log_entries")
	want := []string{"2026-08-03T09:00:00Z 2026-08-03T10:05:00Z", "2026-08-03T09:05:00Z 2026-08-03T10:50:00Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if len(r.memory.entries) != 10 {
		t.Errorf("kept %v, want ten entries", r.memory.entryIDs())
	}
}
