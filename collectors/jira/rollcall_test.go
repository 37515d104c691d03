package jira_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
)

// TestWhatJiraNoLongerShowsIsGoneWithinADay deletes three of 40 issues.
func TestWhatJiraNoLongerShowsIsGoneWithinADay(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		old(r, 40)
		r.mustCollect(t)
		remove(r, "1", "17", "40")
		r.later(t, 23*time.Hour)
		wantGone(t, r)
		r.later(t, time.Hour)
		wantGone(t, r, "1", "17", "40")
		if got := r.memory.tickets["17"].GoneAt; !got.Equal(r.clock) {
			t.Errorf("it is gone since %s, want the start of the cycle, %s", got, r.clock)
		}
	})
}

// TestAnIssueThatIsBackIsReadAgain takes an issue away for some days. What happened to
// it meanwhile is older than what a cycle reads.
func TestAnIssueThatIsBackIsReadAgain(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		old(r, 3)
		r.mustCollect(t)
		whole := r.issues
		r.issues = r.issues[1:]
		r.later(t, 24*time.Hour)
		wantGone(t, r, "1")
		fieldsOf(whole[0])["summary"], fieldsOf(whole[0])["updated"] = "Changed", wire(r.clock)
		r.later(t, 12*time.Hour)
		r.issues = whole
		r.later(t, 12*time.Hour)
		wantGone(t, r)
		if got := r.memory.tickets["1"].Summary; got != "Changed" {
			t.Errorf("it is %q as before it was gone", got)
		}
	})
}

// TestOneMissingPageIsNoProof answers the first list of ids without an issue.
func TestOneMissingPageIsNoProof(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		old(r, 20)
		r.mustCollect(t)
		whole, lists := r.issues, 0
		r.searched = func(int) { r.issues = whole }
		r.intercept = func(_ http.ResponseWriter, req *http.Request) bool {
			if req.URL.Query().Get("fields") == "id" {
				if lists++; lists == 1 {
					r.searched = func(int) { r.issues, r.searched = whole[1:], func(int) { r.issues = whole } }
				}
			}
			return false
		}
		r.later(t, 24*time.Hour)
		wantGone(t, r)
		if lists != 2 {
			t.Errorf("%d lists were read, want 2", lists)
		}
	})
}

// TestARowThatHidesWhoItIsProvesNothing lists issues without their ids, and one of them
// without its key too: it may be the one that seems to be missing.
func TestARowThatHidesWhoItIsProvesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keyless string
		gone    []string
	}{"keys are as good as ids": {"", []string{"3"}}, "neither": {"2", nil}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				old(r, 20)
				r.mustCollect(t)
				remove(r, "3")
				r.intercept = func(_ http.ResponseWriter, req *http.Request) bool {
					r.damage = nil
					if req.URL.Query().Get("fields") == "id" {
						r.damage = func(one object) {
							if one["id"] == test.keyless {
								one["key"] = nil
							}
							one["id"] = nil
						}
					}
					return false
				}
				r.later(t, 24*time.Hour)
				wantGone(t, r, test.gone...)
			})
		})
	}
}

// TestWhatChangedJustNowIsNotMissed: the index of a search lags behind.
func TestWhatChangedJustNowIsNotMissed(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		old(r, 2)
		r.mustCollect(t)
		r.add("3", r.clock.Add(24*time.Hour-2*time.Minute), r.clock.Add(24*time.Hour-2*time.Minute))
		r.later(t, 24*time.Hour-time.Minute)
		wantTickets(t, r, []string{"1", "2", "3"})
		remove(r, "3")
		r.later(t, time.Minute)
		wantGone(t, r)
		r.later(t, 24*time.Hour)
		wantGone(t, r, "3")
	})
}

// TestManyTicketsAreLookedForInParts holds 3,500 tickets against lists: some in each
// cycle, and no more requests than they may take. Where a site tells 100 at once, a thousand need 11.
func TestManyTicketsAreLookedForInParts(t *testing.T) {
	t.Parallel()
	const many = 3500
	for name, test := range map[string]struct {
		cloud    bool
		page     int
		requests int // At most, of a cycle.
		cycles   int // That are needed.
	}{
		"cloud":                           {true, 5000, 8, 1},
		"data center":                     {false, 1000, 10 + 3, 1},
		"a site of small pages":           {true, 100, 2 * 11, 4},
		"a data center of small pages":    {false, 100, 2 * 11, 4},
		"a site of pages of middle sizes": {true, 300, 10 + 7, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.cloud)
			r.mustCollect(t)
			for i := range many { // They are old: another cycle does not read them.
				id, at := strconv.Itoa(i+1), since.Add(time.Duration(i)*10*time.Minute)
				r.add(id, at, at)
				r.memory.tickets[id] = facts.Ticket{ID: id, CreatedAt: at, UpdatedAt: at}
			}
			r.pageCap = test.page
			remove(r, "1", "1700", "3500")
			r.later(t, 24*time.Hour)
			for cycles := 1; len(gone(r)) < 3; cycles++ {
				if n := lists(r); n > test.requests {
					t.Fatalf("%d requests for ids in a cycle, want %d at most", n, test.requests)
				}
				if cycles > test.cycles {
					t.Fatalf("after %d cycles gone are %v", cycles, gone(r))
				}
				r.forget()
				r.later(t, 10*time.Minute)
			}
			r.later(t, 10*time.Minute)
			r.forget()
			r.later(t, 10*time.Minute)
			if n := lists(r); n != 0 {
				t.Errorf("%d more requests for ids on the same day", n)
			}
		})
	}
}

// lists is how many lists of ids were read since the requests were forgotten.
func lists(r *rig) int {
	n := 0
	for _, one := range r.requests {
		if one.query.Get("fields") == "id" {
			n++
		}
	}
	return n
}

// TestABusyCycleDoesNotLook changes 1,000 issues in each cycle. A day later than it
// should be, the look is taken all the same.
func TestABusyCycleDoesNotLook(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		ids := old(r, 1001)
		r.mustCollect(t)
		r.pageCap = 1000
		remove(r, ids[0])
		for _, hours := range []int{24, 12, 12} {
			wantGone(t, r)
			r.clock = r.clock.Add(time.Duration(hours) * time.Hour)
			for _, one := range r.issues {
				fieldsOf(one)["updated"] = wire(r.clock.Add(-time.Hour))
			}
			r.mustCollect(t)
		}
		wantGone(t, r, ids[0])
	})
}

// TestACrashInALookGoesOnWhereItWas stops while the tickets are looked for.
func TestACrashInALookGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		ids := old(r, 1100) // A thousand are looked for at once.
		r.mustCollect(t)
		r.pageCap = 1000
		remove(r, ids[0], ids[1050])
		r.clock = r.clock.Add(24 * time.Hour)
		r.memory.fail = func(b facts.Batch) error {
			if len(gone(r)) == 1 && b.Cursor != nil {
				return errors.New("crash")
			}
			return nil
		}
		if err := r.collect(t); err == nil {
			t.Fatal("no crash")
		}
		wantGone(t, r, ids[0])
		r.memory.fail = nil
		r.forget()
		r.later(t, time.Minute)
		wantGone(t, r, ids[0], ids[1050])
		if n := lists(r); n != 2 { // Of the last hundred, twice.
			t.Errorf("%d lists were read, want 2", n)
		}
		for _, one := range r.requests {
			if one.query.Get("fields") == "id" && !strings.Contains(one.query.Get("jql"), "created >=") {
				t.Errorf("a list is without bounds: %s", one.query.Get("jql"))
			}
		}
	})
}

// TestMostOfItIsNotGoneAtOnce loses sight of 30 issues of 50, as when the levels
// of security change or the index is built anew.
func TestMostOfItIsNotGoneAtOnce(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		ids := old(r, 50)
		r.mustCollect(t)
		r.later(t, 24*time.Hour)
		whole := r.issues
		remove(r, ids[:30]...)
		r.clock = r.clock.Add(24 * time.Hour)
		wantError(t, r.collect(t), "30 of 50 issues", "may still see", "change jql")
		wantGone(t, r)
		r.issues = whole
		r.later(t, time.Hour)
		wantGone(t, r)
	})
}

// TestAnotherJQLLeavesBehindWhatItDoesNotAskFor narrows the JQL: what was read by the
// former one is gone a day later, however much that is.
func TestAnotherJQLLeavesBehindWhatItDoesNotAskFor(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		ids := old(r, 50)
		r.mustCollect(t)
		r.later(t, 24*time.Hour)
		r.opts.JQL = "project = DRE"
		remove(r, ids[:40]...)
		r.later(t, time.Hour)
		r.later(t, 24*time.Hour)
		wantGone(t, r, ids[:40]...)
	})
}
