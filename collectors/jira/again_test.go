package jira_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

// spoil lets a site damage what it answers about an issue, so many times, and counts
// the searches by name.
func spoil(r *rig, id string, times int, damage func(one object)) (asked *int) {
	asked = new(int)
	r.damage = func(one object) {
		if one["id"] == id && times > 0 {
			damage(one)
			times--
		}
	}
	r.intercept = func(_ http.ResponseWriter, req *http.Request) bool {
		if strings.Contains(req.URL.Query().Get("jql"), "key in") {
			*asked++
		}
		return false
	}
	return asked
}

// damages are what may be wrong with an answer about an issue that every issue has.
func damages() map[string]func(one object) {
	null := func(field string) func(object) { return func(one object) { fieldsOf(one)[field] = nil } }
	return map[string]func(one object){
		"no key":               func(one object) { one["key"] = "" },
		"no creation":          null("created"),
		"no update":            null("updated"),
		"no status":            null("status"),
		"no type":              null("issuetype"),
		"no project":           null("project"),
		"a status of nowhere":  func(one object) { fieldsOf(one)["status"] = object{"id": "1", "name": "To Do"} },
		"a key without fields": func(one object) { fieldsOf(one)["project"] = object{"id": "10000"} },
		"an entry without items": func(one object) {
			one["changelog"] = []any{object{"id": "70", "created": wire(since), "items": nil}}
		},
		"an entry without a time": func(one object) {
			one["changelog"] = []any{object{"id": "70", "created": nil, "items": []any{statusItem("1", "3")}}}
		},
		"a change to nothing": func(one object) {
			one["changelog"] = []any{object{"id": "70", "created": wire(since), "items": []any{statusItem("1", "")}}}
		},
		"no history": func(one object) { one["changelog"] = nil },
	}
}

// TestWhatIsNotUnderstoodOnceIsAskedForAgain damages one answer, and wants the
// ticket to be as if nothing had been, at the end of the same cycle.
func TestWhatIsNotUnderstoodOnceIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, damage := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				one := r.add("1", since, begun)
				addHistory(one, "70", since, statusItem("1", "3"))
				r.add("2", since, begun)
				r.mustCollect(t)
				want := r.memory.tickets
				r.memory = newMemory()
				asked := spoil(r, "1", 1, damage)
				r.mustCollect(t)
				if diff := cmp.Diff(want, r.memory.tickets, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("tickets (-undamaged +damaged once):\n%s", diff)
				}
				left := 0
				for _, s := range r.memory.skipped {
					if s.Kind == "ticket" {
						left += s.Count
					}
				}
				// What only lacks its oldest changes is completed by another list on Cloud.
				if left != 0 || *asked > 1 || *asked == 0 && name != "no history" {
					t.Errorf("%d tickets are counted as left out after %d questions for some by name", left, *asked)
				}
			})
		})
	}
}

// TestAnIssueThatStaysFlawedIsAskedForEverLessOften lets a known ticket be damaged
// for two days, with a cycle every half an hour. It is asked for twice at once, then 5 minutes
// later, and after twice as long each time: 10, 20, … 1280 minutes, and then once a day.
func TestAnIssueThatStaysFlawedIsAskedForEverLessOften(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, begun)
		r.mustCollect(t)
		fieldsOf(r.issues[0])["summary"] = "Better"
		asked := spoil(r, "1", 1<<30, func(one object) { fieldsOf(one)["status"] = nil })
		for minutes := 0; minutes <= 2*24*60; minutes += 30 {
			r.clock = begun.Add(time.Duration(minutes) * time.Minute)
			r.mustCollect(t)
			if minutes < 24*60 && r.memory.tickets["1"].Summary != "Ticket 1" {
				t.Fatalf("a damaged version took the place of a good one after %d minutes", minutes)
			}
		}
		// Twice at 0. At 30, 60 and 90 minutes the walk finds it too, which is as good as
		// asking. Then, at the first cycle after each distance, at 150, 240, 420, 750, 1410
		// and 2850 minutes.
		if *asked != 2+6 {
			t.Errorf("it was asked for by name %d times in two days", *asked)
		}
		// What stays flawed for a day is the issue's own: what is understood of it is taken.
		if got := r.memory.tickets["1"]; got.Summary != "Better" || got.Status.ID != "" {
			t.Errorf("after two days the ticket is %+v", got)
		}
	})
}

// TestAnIssueThatIsMendedIsReadAlthoughNobodyTouchedIt leaves out an issue that
// cannot be understood, and reads it a day later.
func TestAnIssueThatIsMendedIsReadAlthoughNobodyTouchedIt(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, since)
		r.add("2", since, since)
		spoil(r, "1", 4, func(one object) { one["fields"] = object{"created": "yesterday"} })
		r.mustCollect(t)
		wantTickets(t, r, []string{"2"})
		if diff := cmp.Diff([]facts.Skip{{Kind: "ticket", Reason: "no_time", Count: 1}}, r.memory.skipped); diff != "" {
			t.Errorf("skipped (-want +got):\n%s", diff)
		}
		r.clock = begun.AddDate(0, 0, 1)
		r.mustCollect(t)
		wantTickets(t, r, []string{"1", "2"})
	})
}

// TestAFlawedIssueThatIsDeletedIsForgotten asks for three flawed issues of which one
// does not exist any more: Jira refuses the whole question.
func TestAFlawedIssueThatIsDeletedIsForgotten(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		for i := range 3 {
			fieldsOf(r.add(strconv.Itoa(i+1), since, since))["created"] = "yesterday"
		}
		r.mustCollect(t)
		r.issues = r.issues[1:]
		for _, one := range r.issues {
			fieldsOf(one)["created"] = wire(since)
		}
		r.add("4", since, since)
		r.clock = begun.AddDate(0, 0, 1)
		r.mustCollect(t)
		for _, id := range []string{"2", "3"} {
			if _, read := r.memory.tickets[id]; !read {
				t.Errorf("ticket %s was not read", id)
			}
		}
		r.forget()
		r.clock = begun.AddDate(0, 0, 4)
		r.mustCollect(t)
		for _, one := range r.requests {
			if strings.Contains(one.query.Get("jql"), "key in") {
				t.Errorf("something is asked for by name still: %s", one.query.Get("jql"))
			}
		}
	})
}

// TestManyFlawedIssuesCostFewRequests damages half of 400 issues for ever.
func TestManyFlawedIssuesCostFewRequests(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		for i := range 400 {
			r.add(strconv.Itoa(i+1), since.Add(time.Duration(i)*time.Hour), begun)
		}
		r.damage = func(one object) {
			if id, err := strconv.Atoi(one["id"].(string)); err != nil || id%2 == 0 {
				fieldsOf(one)["created"] = nil
			}
		}
		r.mustCollect(t)
		if len(r.memory.tickets) != 200 || len(r.memory.complete) != 1 {
			t.Errorf("%d tickets are kept by %d complete cycles", len(r.memory.tickets), len(r.memory.complete))
		}
		if n := r.asked("search") + r.asked("search/jql"); n > 5+10 {
			t.Errorf("%d searches, want 5 and 10 at most for what is flawed", n)
		}
	})
}
