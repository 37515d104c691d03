package jira_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

func TestEveryPageIsRead(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 99, 100, 101, 199, 200, 250} {
		t.Run(strconv.Itoa(n)+" issues", func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				ids := fill(r, n)
				r.mustCollect(t)
				wantTickets(t, r, append([]string(nil), ids...))
				handed := 0
				for _, b := range r.memory.batches {
					handed += len(b.Tickets)
				}
				if handed != n {
					t.Errorf("%d tickets were handed over, want each of %d once", handed, n)
				}
			})
		})
	}
}

func TestTwoThousandChangedIssuesTakeAtMostSixtyRequests(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		fill(r, 2000)
		if r.cloud {
			for i, one := range r.issues {
				if i < 100 || i%5 == 0 { // A whole page, and some of each.
					addCut(one, 21)
				}
			}
			r.inlineCap, r.bulkCap = 20, 10_000
		}
		r.mustCollect(t)
		// Cloud: three and 20 pages, each with one list of changes: 43. Data Center:
		// three and, at 99 new rows a page, 21: 24.
		want := map[bool]int{true: 43, false: 24}[r.cloud]
		if got := len(r.requests); got != want || len(r.memory.tickets) != 2000 {
			t.Errorf("%d requests for %d tickets, want %d for 2000", got, len(r.memory.tickets), want)
		}
	})
}

func TestAShortPageIsNotTheLast(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.pageCap = 7
		ids := fill(r, 30)
		r.mustCollect(t)
		wantTickets(t, r, ids)
	})
}

func TestAnEmptyPageWithATokenIsNotTheLast(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	fill(r, 2)
	empty := 0
	r.answering("search/jql", func(w http.ResponseWriter, req *http.Request) {
		if empty++; empty < 5 {
			send(w, 200, object{"issues": []any{}, "nextPageToken": fmt.Sprint("t", empty), "isLast": true})
			return
		}
		send(w, 200, object{"issues": r.rows(r.issues, req.URL.Query()), "nextPageToken": nil})
	})
	r.mustCollect(t)
	wantTickets(t, r, []string{"1", "2"})
}

func TestEmptyPagesDoNotGoOnForEver(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	n := 0
	r.answering("search/jql", func(w http.ResponseWriter, _ *http.Request) {
		n++
		send(w, 200, object{"issues": []any{}, "nextPageToken": fmt.Sprint("t", n)})
	})
	wantError(t, r.collect(t), "does not end")
	if n > 160 {
		t.Errorf("%d pages were read", n)
	}
}

func TestATokenThatComesAgainEndsTheCycle(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	n := 0
	r.answering("search/jql", func(w http.ResponseWriter, _ *http.Request) {
		n++ // Each page holds something new, and the second and third have the same token.
		row := object{"id": n, "fields": object{"created": wire(begun)}, "changelog": object{"histories": []any{}}}
		send(w, 200, object{"issues": []any{row}, "nextPageToken": fmt.Sprint("t", min(n, 2))})
	})
	wantError(t, r.collect(t), "does not end")
	if n != 3 {
		t.Errorf("%d pages were read, want 3", n)
	}
}

func TestATokenGoesWithTheSearchThatGaveIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	fill(r, 250)
	r.searched = func(int) { r.clock = r.clock.Add(time.Minute) }
	r.mustCollect(t)
	asked := map[string]bool{}
	for _, one := range r.requests {
		if strings.HasSuffix(one.path, "jql") {
			asked[one.query.Get("jql")] = true
		}
	}
	if len(asked) != 1 {
		t.Errorf("one walk asked %d questions", len(asked))
	}
}

func TestRowsThatMoveBetweenPagesAreNeitherLostNorCountedTwice(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(*rig){
		"an issue before them leaves":         func(r *rig) { r.issues = slices.Delete(r.issues, 3, 4) },
		"the last of a page leaves":           func(r *rig) { r.issues = slices.Delete(r.issues, 99, 100) },
		"more than a page leave":              func(r *rig) { r.issues = slices.Delete(r.issues, 0, 100) },
		"an issue before them comes":          func(r *rig) { r.add("900", since, begun) },
		"one leaves and one comes":            func(r *rig) { r.issues = slices.Delete(r.issues, 3, 4); r.add("900", begun, begun) },
		"the list shrinks to less than there": func(r *rig) { r.issues = slices.Delete(r.issues, 0, 250) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, untold := range map[string]bool{"with a total": false, "without": true} {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					r := newRig(t, false)
					r.noTotal = untold
					ids := fill(r, 300)
					r.searched = func(nth int) {
						if nth == 2 {
							move(r)
						}
					}
					r.mustCollect(t)
					// What was there at the beginning and still is at the end.
					for _, id := range ids {
						if _, kept := r.memory.tickets[id]; !kept && r.issue(id)["id"] != nil {
							t.Errorf("ticket %s is lost", id)
						}
					}
					handed := map[string]int{}
					for _, b := range r.memory.batches {
						for _, ticket := range b.Tickets {
							handed[ticket.ID]++
						}
					}
					for id, n := range handed {
						if n != 1 {
							t.Errorf("ticket %s was handed over %d times", id, n)
						}
					}
				})
			}
		})
	}
}

// many answers searches of Data Center as a site does that has n issues, each
// created an interval after the one before. It is quicker than the other one.
func many(t *testing.T, r *rig, n int, interval time.Duration) {
	t.Helper()
	first := begun.Add(-time.Duration(n) * interval)
	r.answering("/search", func(w http.ResponseWriter, req *http.Request) {
		query := req.URL.Query()
		skipped := 0
		if bound := r.bound(query.Get("jql"), "created >="); bound > wire(first) {
			at, err := time.Parse("2006-01-02T15:04:05.000-0700", bound)
			if err != nil {
				t.Error(err)
			}
			skipped = int(at.Sub(first)/interval) + 1
		}
		start, _ := strconv.Atoi(query.Get("startAt"))
		if start+100 > 10_000 {
			t.Errorf("rows up to %d were asked for", start+100)
		}
		var rows []string
		for i := skipped + start; i < min(n, skipped+start+100); i++ {
			at := wire(first.Add(time.Duration(i) * interval))
			rows = append(rows, fmt.Sprintf(`{"id": "%d", "key": "DRE-%[1]d", "fields": {"created": %[2]q, "updated": %[2]q, "project": {"key": "DRE"},
				"issuetype": {"name": "Task"}, "status": {"id": "1", "statusCategory": {"key": "new"}}}, "changelog": {"histories": []}}`, i+1, at))
		}
		_, _ = fmt.Fprintf(w, `{"issues": [%s], "total": %d}`, strings.Join(rows, ","), n-skipped)
	})
}

func TestDataCentersLimitIsPassedByCreation(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	const n = 10_100
	many(t, r, n, time.Minute)
	r.mustCollect(t)
	if got := len(r.memory.tickets); got != n {
		t.Errorf("%d tickets, want %d", got, n)
	}
}

func TestMoreIssuesAtOnceThanCanBeListedEndTheCycle(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	many(t, r, 10_100, time.Nanosecond)
	wantError(t, r.collect(t), "more than 10,000 issues were created at once")
}

func TestASiteThatGivesOneRowAtATimeIsNotAskedForEver(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	r.pageCap = 1
	fill(r, 3)
	wantError(t, r.collect(t), "does not end")
	if r.searches > 3 {
		t.Errorf("%d pages were read", r.searches)
	}
}

func TestAPageThatIsTooLargeIsAskedForInParts(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.opts.HTTP = apiclient.New(apiclient.Options{MaxBody: 64 << 10})
		ids := fill(r, 120)
		for _, one := range r.issues {
			fieldsOf(one)["description"] = strings.Repeat("x", 1<<10) // 100 of them are more than 64 KiB.
		}
		r.mustCollect(t)
		wantTickets(t, r, ids)
	})
}

func TestOneBadIssueIsLeftOutAndCounted(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		fill(r, 3)
		r.add("4", begun, begun)["fields"] = object{"created": wire(begun), "updated": nil, "status": 7, "summary": object{"type": "doc"}}
		r.add("5", begun, begun)["fields"] = object{"created": "yesterday"}
		r.add("6", begun, begun)["fields"] = nil
		r.add("7", begun, begun)["id"] = nil
		r.add("8", begun, begun)["fields"] = "none"
		r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
			if !strings.Contains(req.URL.Path, "/search") {
				return false
			}
			send(w, 200, object{"issues": append(r.rows(r.issues, req.URL.Query()), 7, nil), "total": 10})
			return true
		}
		r.mustCollect(t)
		wantTickets(t, r, []string{"1", "2", "3", "4"})
		want := []facts.Skip{
			{Kind: "ticket", Reason: "no_id", Count: 1},
			{Kind: "ticket", Reason: "no_time", Count: 1},
			{Kind: "ticket", Reason: "undecodable", Count: 4},
		}
		byReason := cmpopts.SortSlices(func(a, b facts.Skip) bool { return a.Reason < b.Reason })
		if diff := cmp.Diff(want, r.memory.skipped, byReason); diff != "" {
			t.Errorf("skipped (-want +got):\n%s", diff)
		}
	})
}

func TestProgressGrowsToOne(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		fill(r, 350)
		r.mustCollect(t)
		shown := -1.0
		for _, b := range r.memory.batches {
			if b.Progress < shown || b.Progress > 1 {
				t.Errorf("progress went from %v to %v", shown, b.Progress)
			}
			shown = b.Progress
		}
		// The last of the second page is the 199th or 200th of 350.
		if second := r.memory.batches[2].Progress; shown != 1 || second < 0.5 || second > 0.6 {
			t.Errorf("progress was %v after two pages, and ended at %v", second, shown)
		}
	})
}
