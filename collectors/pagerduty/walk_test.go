package pagerduty_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// answerAlone answers a path with pages of items that say of themselves nothing
// but what extra holds.
func (a *account) answerAlone(path string, items []object, extra object) {
	a.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		offset, limit := number(r.URL.Query().Get("offset"), 0), number(r.URL.Query().Get("limit"), 25)
		some := append([]object{}, a.matching(r, items)...)
		some = some[min(offset, len(some)):]
		answer := object{strings.TrimPrefix(path, "/"): some[:min(limit, len(some))]}
		maps.Copy(answer, extra)
		send(w, http.StatusOK, answer)
		return true
	}
}

func TestAListThatDoesNotSayWhetherMoreFollow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		items int
		extra object
	}{
		"null, and one full page":      {100, object{"more": nil}},
		"null, and several pages":      {250, object{"more": nil}},
		"nothing, and several pages":   {250, object{}},
		"nothing, and a page too many": {200, object{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			for i := range test.items {
				r.addIncident(fmt.Sprintf("Q%03d", i), since.Add(time.Duration(i)*time.Minute), since.Add(48*time.Hour))
			}
			r.answerAlone("/incidents", r.incidents, test.extra)
			r.mustCollect(t)
			if got := len(r.memory.incidents); got != test.items {
				t.Errorf("kept %d of %d incidents", got, test.items)
			}
		})
	}
}

// TestAListWithoutPages has exactly as many items as a page holds, does not say
// whether more follow, and knows no offset.
func TestAListWithoutPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	users := make([]object, 100)
	for i := range users {
		users[i] = object{"id": fmt.Sprintf("PUSER%03d", i)}
	}
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		if req.URL.Path != "/users" {
			return false
		}
		send(w, http.StatusOK, object{"users": users})
		return true
	}
	r.mustCollect(t)
	if got := len(r.memory.users); got != 100 {
		t.Errorf("kept %d users, want 100", got)
	}
}

// TestMoreOfSomethingNewForEver invents items for as long as it is asked.
func TestMoreOfSomethingNewForEver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path, key string
		size      int
		total     any
		requests  int
	}{
		// The pages that were counted, and the first that goes on after them.
		"full pages where few were counted": {"/incidents", "incidents", 100, 250, 4},
		// 400 pages are as many as 10,000 items have in pages of 25.
		"single items, not counted":     {"/incidents", "incidents", 1, nil, 400},
		"single users":                  {"/users", "users", 1, nil, 400},
		"single entries":                {"/log_entries", "log_entries", 1, nil, 400},
		"single on-calls, counted as 2": {"/oncalls", "oncalls", 1, 2, 102},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			invented, asked := 0, 0
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path != test.path || req.URL.Query().Has("statuses[]") {
					return false
				}
				asked++
				items := make([]any, test.size)
				for i := range items {
					invented++
					at := since.Add(time.Duration(invented) * time.Second)
					items[i] = object{
						"id": fmt.Sprintf("X%06d", invented), "created_at": wire(at), "updated_at": wire(at), "incident": object{"id": "Q1"},
						"status": "triggered", "urgency": "high", "service": object{"id": "PSVC1"}, "type": "annotate_log_entry",
						"agent":             object{"id": "PUSER1", "type": "user_reference"},
						"escalation_policy": object{"id": "PEP1"}, "escalation_level": 1, "user": object{"id": "PUSER1"}, "start": wire(at),
					}
				}
				send(w, 200, object{test.key: items, "more": true, "total": test.total})
				return true
			}
			r.addIncident("Q1", since, since.Add(time.Hour))
			err := r.collect(t)
			if err == nil || !strings.Contains(err.Error(), "the list does not end") {
				t.Errorf("error %v, want one that says what is wrong", err)
			}
			if asked != test.requests {
				t.Errorf("asked %d times, want %d", asked, test.requests)
			}
		})
	}
}

func TestWhatIsRefusedIsSaidToBeUnread(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/escalation_policies": {facts.KindPolicy},
		"/maintenance_windows": {facts.KindMaintenance},
		"/oncalls":             {facts.KindShift},
		"/priorities":          nil, // No row rests on it: incidents name their own.
		"/services/PSVC1":      nil,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.refuse(403, path)
			r.mustCollect(t)
			if diff := cmp.Diff(want, r.memory.complete[0].Unread); diff != "" {
				t.Errorf("unread (-want +got):\n%s", diff)
			}
			r.refuse(403)
			r.mustCollect(t)
			if got := r.memory.complete[1].Unread; got != nil {
				t.Errorf("unread once all is told: %v", got)
			}
		})
	}
}
