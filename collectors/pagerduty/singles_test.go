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
)

// refuse answers every request below path with a code.
func (a *account) refuse(code int, path ...string) {
	a.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if !slices.Contains(path, r.URL.Path) {
			return false
		}
		send(w, code, object{"error": object{"message": "No"}})
		return true
	}
}

func TestOneIncidentThatCannotBeReadBlocksNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path   string
		code   int
		reason string
	}{
		"it is forbidden":                        {"/incidents/Q1", 403, "forbidden"},
		"it does not exist":                      {"/incidents/Q1", 404, "not_found"},
		"it is gone":                             {"/incidents/Q1", 410, "not_found"},
		"the server fails on it":                 {"/incidents/Q1", 500, "unavailable"},
		"its log is forbidden":                   {"/incidents/Q1/log_entries", 403, "forbidden"},
		"its log does not exist":                 {"/incidents/Q1/log_entries", 404, "not_found"},
		"its log is gone":                        {"/incidents/Q1/log_entries", 410, "not_found"},
		"the server has no time to list its log": {"/incidents/Q1/log_entries", 503, "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", since.Add(time.Hour), since.Add(2*time.Hour))
			r.mustCollect(t)
			before := r.memory.incidents["Q1"]
			at := r.later(5 * time.Minute).Add(time.Minute)
			r.change("Q1", at, object{"urgency": "low"})
			r.addEntry("Q1", "RURGENCY", "urgency_change", at)
			r.addIncident("QNEW", at, time.Time{})
			r.refuse(test.code, test.path)
			r.mustCollect(t)
			if diff := cmp.Diff(map[string]int{"incident/" + test.reason: 1}, r.memory.skipped); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, r.memory.incidents["Q1"]); diff != "" {
				t.Errorf("what is kept of it (-before +after):\n%s", diff)
			}
			if _, ok := r.memory.incidents["QNEW"]; !ok || len(r.memory.complete) != 2 {
				t.Errorf("%d cycles are complete, with %v", len(r.memory.complete), r.memory.incidentIDs())
			}
		})
	}
}

func TestAnIncidentThatWasUnavailableIsReadAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path string
		code int
		open bool
	}{
		"a resolved one":                      {path: "/incidents/Q1", code: 502},
		"the log of a resolved one":           {path: "/incidents/Q1/log_entries", code: 502},
		"an open one":                         {path: "/incidents/Q1", code: 502, open: true},
		"the log of an open one":              {path: "/incidents/Q1/log_entries", code: 502, open: true},
		"a forbidden resolved one":            {path: "/incidents/Q1", code: 403},
		"the forbidden log of a resolved one": {path: "/incidents/Q1/log_entries", code: 403},
		"a forbidden open one":                {path: "/incidents/Q1", code: 403, open: true},
		"the forbidden log of an open one":    {path: "/incidents/Q1/log_entries", code: 403, open: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			resolved := since.Add(2 * time.Hour)
			if test.open {
				resolved = time.Time{}
			}
			r.addIncident("Q1", since.Add(time.Hour), resolved)
			r.mustCollect(t)
			at := r.later(5 * time.Minute).Add(time.Minute)
			r.change("Q1", at, object{"urgency": "low"})
			r.addEntry("Q1", "ROLD", "annotate", since.Add(90*time.Minute)) // Late; only its own log tells.
			r.addEntry("Q1", "RURGENCY", "urgency_change", at)
			r.refuse(test.code, test.path)
			r.mustCollect(t)
			r.later(3 * time.Hour) // So that no window holds the entries any more.
			r.mustCollect(t)
			r.later(3 * time.Hour)
			r.refuse(test.code)
			r.mustCollect(t)
			if got := r.memory.incidents["Q1"].Urgency; got != "low" {
				t.Errorf("the urgency that is kept is %s", got)
			}
			if len(r.memory.entries) != len(r.entries) {
				t.Errorf("kept %v, want all %d", r.memory.entryIDs(), len(r.entries))
			}
			r.asked()
			r.later(3 * time.Hour)
			r.mustCollect(t)
			if got := paths(r.asked()); slices.ContainsFunc(got, func(path string) bool { return strings.HasPrefix(path, "/incidents/") }) {
				t.Errorf("read once more, for no reason: %v", got)
			}
		})
	}
}

func TestManyIncidentsThatAreUnavailableAreAnOutage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code, incidents int
		fails           bool
	}{
		"ten are left out":                          {code: 500, incidents: 10},
		"an eleventh fails the cycle":               {code: 500, incidents: 11, fails: true},
		"forbidden ones are left out, however many": {code: 403, incidents: 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			var refused []string
			for i := range test.incidents {
				id := fmt.Sprintf("Q%02d", i)
				r.addIncident(id, since.Add(time.Hour), since.Add(2*time.Hour))
				refused = append(refused, "/incidents/"+id)
			}
			r.mustCollect(t)
			at := r.later(5 * time.Minute).Add(time.Minute)
			for i := range test.incidents {
				r.addEntry(fmt.Sprintf("Q%02d", i), fmt.Sprintf("R%02d", i), "annotate", at)
			}
			r.refuse(test.code, refused...)
			err := r.collect(t)
			if test.fails != (err != nil) {
				t.Fatalf("error %v, want one: %v", err, test.fails)
			}
			if err != nil && !strings.Contains(err.Error(), "more than 10 incidents are unavailable") {
				t.Errorf("error %q does not say how many are unavailable", err)
			}
			r.refuse(test.code)
			r.mustCollect(t)
			if len(r.memory.entries) != len(r.entries) {
				t.Errorf("kept %d of %d entries", len(r.memory.entries), len(r.entries))
			}
		})
	}
}

func TestEachSkipIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", since, since.Add(time.Hour))
	r.addIncident("QGONE", begun.Add(-time.Hour), time.Time{})
	r.mustCollect(t)
	at := r.later(5 * time.Minute).Add(time.Minute)
	r.incidents = r.incidents[:1]
	r.addEntry("Q1", "RODD", "annotate", at)
	r.entries[len(r.entries)-1]["agent"] = 7 // Odd, and decides nothing.
	r.addEntry("Q1", "RBAD", "annotate", at)
	r.entries[len(r.entries)-1]["id"] = nil
	r.users = append(r.users, object{})
	r.mustCollect(t)
	want := map[string]int{"incident/not_found": 1, "log_entry/no_id": 1, "user/no_id": 1}
	if diff := cmp.Diff(want, maps.Clone(r.memory.skipped)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}
