package jira_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

func TestLaterCyclesReadWhatWasUpdatedAndAnHourBefore(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, begun.Add(-2*time.Hour))
		r.add("2", since, begun.Add(-time.Hour))
		r.add("3", since, begun.Add(-59*time.Minute))
		r.mustCollect(t)
		r.clock = begun.Add(10*time.Minute + 30*time.Second)
		r.add("4", since, r.clock.Add(-time.Minute))
		r.memory.tickets = map[string]facts.Ticket{}
		r.forget()
		r.mustCollect(t)
		// 70 and a half minutes back are 71 whole ones, and one for the way; then the
		// exact times decide.
		wantTickets(t, r, []string{"2", "3", "4"})
		jql := r.requests[len(r.requests)-1].query.Get("jql")
		if want := `updated >= "-72m"`; !strings.Contains(jql, want) || strings.Contains(jql, "<") {
			t.Errorf("jql %s, want %s and no upper bound", jql, want)
		}
		want := []facts.Completion{{DataAsOf: begun, DataSince: since}, {DataAsOf: r.clock, DataSince: since}}
		if diff := cmp.Diff(want, r.memory.complete); diff != "" {
			t.Errorf("completions (-want +got):\n%s", diff)
		}
	})
}

func TestIssuesThatAreFoundTooEarlyAreLeftOutByTheirExactTime(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, begun)
		r.mustCollect(t)
		r.clock = begun.Add(10 * time.Minute)
		r.memory.tickets = map[string]facts.Ticket{}
		r.add("2", since, begun.Add(-time.Hour-30*time.Second)) // Within JQL's 71 minutes.
		r.mustCollect(t)
		wantTickets(t, r, []string{"1"})
	})
}

func TestAClockThatDiffersLosesNothing(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"ahead": 3 * time.Hour, "behind": -3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				r.now = func() time.Time { return r.clock.Add(skew) }
				tell := func() { r.info["serverTime"] = wire(r.now()) }
				tell()
				r.add("1", since, r.now().Add(-time.Minute))
				r.mustCollect(t)
				r.clock = begun.Add(10 * time.Minute)
				tell()
				r.add("2", since, r.now().Add(-5*time.Minute)) // By Jira's clock.
				r.mustCollect(t)
				wantTickets(t, r, []string{"1", "2"})
			})
		})
	}
}

func TestACrashBeforeAClockThatDiffersLosesNothing(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"ahead": 3 * time.Hour, "behind": -3 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				r.now = func() time.Time { return r.clock.Add(skew) }
				r.info["serverTime"] = wire(r.now())
				ids := fill(r, 250)
				for _, one := range r.issues {
					at, err := time.Parse("2006-01-02T15:04:05.000-0700", textOf(one, "created"))
					if err != nil {
						t.Fatal(err)
					}
					fieldsOf(one)["created"], fieldsOf(one)["updated"] = wire(at.Add(skew)), wire(at.Add(skew))
				}
				r.memory.fail = func(facts.Batch) error {
					if len(r.memory.tickets) > 0 {
						return errors.New("crash")
					}
					return nil
				}
				if err := r.collect(t); err == nil {
					t.Fatal("no crash")
				}
				r.memory.fail = nil
				r.mustCollect(t)
				wantTickets(t, r, ids)
			})
		})
	}
}

func TestACrashRepeatsAtMostOnePage(t *testing.T) {
	t.Parallel()
	for _, failAt := range []int{1, 2, 3, 4, 5, 6} {
		t.Run(fmt.Sprint("at batch ", failAt), func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				ids := fill(r, 450)
				batches := 0
				crash := errors.New("crash")
				r.memory.fail = func(facts.Batch) error {
					if batches++; batches == failAt {
						return crash
					}
					return nil
				}
				if err := r.collect(t); !errors.Is(err, crash) {
					t.Fatalf("error %v, want the crash", err)
				}
				before := len(r.memory.tickets)
				r.clock = begun.Add(2 * time.Hour)
				// Behind the place of the crash, and before the next cycle's hour.
				fieldsOf(r.issues[0])["updated"] = wire(begun.Add(time.Minute))
				fieldsOf(r.issues[0])["summary"] = "Changed"
				handed := 0
				r.memory.fail = func(b facts.Batch) error { handed += len(b.Tickets); return nil }
				r.mustCollect(t)
				wantTickets(t, r, ids)
				if got := r.memory.tickets["1"].Summary; got != "Changed" {
					t.Error("what changed behind the place of the crash is lost")
				}
				// Those of the hour before the crash come again in the second walk.
				if again := handed - (450 - before) - 61; again > 100 {
					t.Errorf("%d tickets were read again", again)
				}
			})
		})
	}
}

func TestAWalkThatIsCutOffTwiceLosesNothing(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		ids := fill(r, 500)
		for try := range 3 {
			kept := 0
			r.memory.fail = func(b facts.Batch) error {
				if b.Cursor != nil {
					kept++
				}
				if kept > 1 {
					return errors.New("crash")
				}
				return nil
			}
			if err := r.collect(t); err == nil {
				t.Fatal("no crash")
			}
			r.clock = r.clock.Add(3 * time.Hour)
			id := strconv.Itoa(1000 + try)
			r.add(id, r.clock.Add(-time.Minute), r.clock.Add(-time.Minute))
			ids = append(ids, id)
		}
		r.memory.fail = nil
		r.mustCollect(t)
		wantTickets(t, r, ids)
	})
}

func TestAnotherQuestionReadsAllAnew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*rig)
		anew   bool
	}{
		"the same":               {func(*rig) {}, false},
		"another order":          {func(r *rig) { r.opts.JQL = "project in (DRE, SRE) ORDER BY key" }, false},
		"another JQL":            {func(r *rig) { r.opts.JQL = "project = DRE" }, true},
		"another field":          {func(r *rig) { r.opts.Fields = []string{"Affected services"} }, true},
		"another site":           {func(r *rig) { r.info["baseUrl"] = "https://new.example.com" }, true},
		"an earlier past":        {func(r *rig) { r.opts.Since = since.AddDate(-1, 0, 0) }, true},
		"a later past is enough": {func(r *rig) { r.opts.Since = since.AddDate(0, 1, 0) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.add("1", since, since)
			r.mustCollect(t)
			r.clock = begun.Add(time.Hour)
			r.memory.tickets = map[string]facts.Ticket{}
			test.change(r)
			r.mustCollect(t)
			if got := len(r.memory.tickets) == 1; got != test.anew {
				t.Errorf("read anew: %v, want %v", got, test.anew)
			}
		})
	}
}

func TestACursorOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	for name, cursor := range map[string]string{"of a later version": `{"version": 2}`, "no cursor": `{"version": "x"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.memory.cursor = []byte(cursor)
			wantError(t, r.collect(t), "the kept cursor")
		})
	}
}

func TestASearchThatFindsNothingAnyMoreIsNoSuccess(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, since)
		r.mustCollect(t)
		// A quiet day: nothing was updated, but there is something.
		r.clock = begun.AddDate(0, 0, 1)
		r.mustCollect(t)
		// The account may no longer browse the project, and Jira says nothing of it.
		r.clock, r.issues = begun.AddDate(0, 0, 2), nil
		wantError(t, r.collect(t), "jql finds no issue any more")
		if len(r.memory.complete) != 2 {
			t.Errorf("%d cycles are complete, want 2", len(r.memory.complete))
		}
		// It may again, and nothing is lost of the day between.
		r.clock = begun.AddDate(0, 0, 3)
		r.add("2", since, begun.AddDate(0, 0, 1).Add(time.Hour))
		r.mustCollect(t)
		wantTickets(t, r, []string{"1", "2"})
	})
}

func TestASearchThatFindsNothingRightAfterItsFirstFindIsNoSuccess(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since, since)
		r.mustCollect(t)
		r.clock, r.issues = begun.AddDate(0, 0, 1), nil
		wantError(t, r.collect(t), "jql finds no issue any more")
	})
}

func TestASearchThatNeverFoundAnythingIsAnEmptySite(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		for range 2 {
			r.mustCollect(t)
		}
		if len(r.memory.complete) != 2 {
			t.Errorf("%d cycles are complete, want 2", len(r.memory.complete))
		}
	})
}

func TestIssuesOfLongAgoAreRememberedToo(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.add("1", since.AddDate(-2, 0, 0), since.AddDate(-2, 0, 0)) // Before all that is read.
		r.mustCollect(t)
		r.issues = nil
		wantError(t, r.collect(t), "jql finds no issue any more")
	})
}

func TestPresenceIsLookedForBehindEmptyPages(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	r.add("1", since, since)
	r.mustCollect(t)
	r.clock = begun.Add(2 * time.Hour)
	r.answering("search/jql", func(w http.ResponseWriter, req *http.Request) {
		switch query := req.URL.Query(); {
		case query.Get("maxResults") != "1":
			send(w, 200, object{"issues": []any{}})
		case query.Get("nextPageToken") == "":
			send(w, 200, object{"issues": []any{}, "nextPageToken": "more"})
		default:
			send(w, 200, object{"issues": []any{object{"id": "1"}}})
		}
	})
	r.mustCollect(t)
}
