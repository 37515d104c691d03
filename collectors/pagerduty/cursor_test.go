package pagerduty_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnAbsenceThatIsCutOffAgainLosesNothing(t *testing.T) {
	t.Parallel()
	build := func(t *testing.T) *rig {
		t.Helper()
		r := newRig(t)
		for i := range 120 {
			r.addIncident(fmt.Sprintf("QDONE%03d", i), since.Add(time.Duration(i)*time.Hour), since.Add(time.Duration(i+5)*time.Hour))
		}
		r.mustCollect(t)
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
	before := len(whole.memory.batches)
	whole.mustCollect(t)
	for failAt := before + 1; failAt <= len(whole.memory.batches); failAt++ {
		t.Run(fmt.Sprintf("after %d pages", failAt-before-1), func(t *testing.T) {
			t.Parallel()
			r := build(t)
			r.memory.failAt = failAt
			if err := r.collect(t); err == nil {
				t.Fatal("no error")
			}
			r.memory.failAt = 0
			r.mustCollect(t)
			if diff := cmp.Diff(whole.memory.incidents, r.memory.incidents); diff != "" {
				t.Errorf("incidents (-whole +restarted):\n%s", diff)
			}
			if diff := cmp.Diff(whole.memory.entries, r.memory.entries); diff != "" {
				t.Errorf("entries (-whole +restarted):\n%s", diff)
			}
		})
	}
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
	var got []string
	for _, u := range r.asked() {
		if u.Path == "/log_entries" {
			got = append(got, u.Query().Get("since")+" "+u.Query().Get("until"))
		}
	}
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

func TestACursorThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	for name, cursor := range map[string]string{
		"of a later version": `{"version": 2}`,
		"no JSON":            `page 7`,
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
	var got []string
	for _, u := range r.asked() {
		if u.Path == "/log_entries" {
			got = append(got, u.Query().Get("since")+" "+u.Query().Get("until"))
		}
	}
	want := []string{"2026-08-03T09:00:00Z 2026-08-03T10:05:00Z", "2026-08-03T09:05:00Z 2026-08-03T10:50:00Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if len(r.memory.entries) != 10 {
		t.Errorf("kept %v, want ten entries", r.memory.entryIDs())
	}
}
