package pagerduty_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEveryWindowIsBoundedInUTC(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Teams = []string{"PTEAM2", "PTEAM1"}
	r.mustCollect(t)
	windows := map[string][]string{}
	for _, u := range r.asked() {
		query := u.Query()
		if u.Path != "/incidents" && u.Path != "/log_entries" {
			continue
		}
		if diff := cmp.Diff([]string{"PTEAM1", "PTEAM2"}, query["team_ids[]"]); diff != "" {
			t.Errorf("teams of %s (-want +got):\n%s", u, diff)
		}
		if query.Get("date_range") == "all" {
			continue
		}
		windows[u.Path] = append(windows[u.Path], query.Get("since")+" "+query.Get("until"))
		if u.Path == "/log_entries" && query.Get("include[]") != "channels" {
			t.Errorf("%s does not ask for channels", u)
		}
		if u.Path == "/incidents" && (query.Get("sort_by") != "created_at:asc" || query.Has("statuses[]")) {
			t.Errorf("%s is not sorted by creation, whatever the status", u)
		}
	}
	want := []string{
		"2026-05-01T00:00:00Z 2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z 2026-07-01T00:00:00Z",
		"2026-07-01T00:00:00Z 2026-08-01T00:00:00Z", "2026-08-01T00:00:00Z 2026-08-03T10:00:00Z",
	}
	if diff := cmp.Diff(map[string][]string{"/incidents": want, "/log_entries": want}, windows); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
}

func TestAWindowBeyondTheLimitIsReadInParts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		noTotal bool
		budget  bool
	}{
		"by the total":                    {budget: true},
		"by running into the limit alone": {noTotal: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.noTotal = test.noTotal
			const incidents = 2600
			for i := range incidents { // May has 11,700 log entries then, more than can be read at once.
				at := since.Add(time.Duration(i) * 1000 * time.Second)
				id := fmt.Sprintf("Q%04d", i)
				r.addIncident(id, at, at.Add(time.Hour))
				for j := range 3 {
					r.addEntry(id, fmt.Sprintf("%s-note%d", id, j), "annotate", at.Add(time.Duration(j)*time.Minute))
				}
			}
			r.mustCollect(t)
			asked := len(r.asked())
			if len(r.memory.incidents) != incidents || len(r.memory.entries) != 5*incidents {
				t.Errorf("kept %d incidents and %d entries, want %d and %d",
					len(r.memory.incidents), len(r.memory.entries), incidents, 5*incidents)
			}
			// 26 + 130 pages, with a twentieth more, 2 for each of 4 months, and 30.
			if most := 156*105/100 + 2*4 + 30; test.budget && asked > most {
				t.Errorf("sent %d requests, want at most %d", asked, most)
			}
		})
	}
}

func TestASecondBeyondTheLimitIsAnError(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", since, time.Time{})
	for i := range 10_001 {
		r.addEntry("Q1", fmt.Sprintf("R%05d", i), "annotate", since.Add(time.Hour))
	}
	err := r.collect(t)
	want := "more than 10,000 items within the second from 2026-05-01T01:00:00Z"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

func TestRequestsOfABackfillStayWithinTheirBudget(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const incidents = 600
	for i := range incidents {
		at := since.Add(time.Duration(i) * 12_500 * time.Second) // 87 days.
		id := fmt.Sprintf("Q%04d", i)
		r.addIncident(id, at, at.Add(time.Hour))
		for j := range 6 {
			r.addEntry(id, fmt.Sprintf("%s-%d", id, j), "notify", at.Add(time.Duration(j)*time.Minute))
		}
	}
	r.mustCollect(t)
	asked := r.asked()
	// 6 + 48 pages; nothing is to be spent on probes: 9 lists of reference
	// and open incidents, at most one page more per list and month, and two
	// windows of on-calls each before and after.
	if most := 6 + 48 + 9 + 2*4 + 4; len(asked) > most {
		t.Errorf("sent %d requests, want at most %d", len(asked), most)
	}
}

// TestTwoYearsOfAnOrganisationStayWithinTheirBudget has so few incidents that
// nearly every page is a part of one.
func TestTwoYearsOfAnOrganisationStayWithinTheirBudget(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Since = begun.AddDate(-2, 0, 0)
	const incidents, months = 240, 24
	for i := range incidents {
		at := r.opts.Since.Add(time.Duration(i) * 73 * time.Hour) // 730 days.
		r.addIncident(fmt.Sprintf("Q%03d", i), at, at.Add(time.Hour))
	}
	r.addRotations(r.opts.Since, begun.AddDate(0, 0, 120))
	r.mustCollect(t)
	asked := map[string]int{}
	for _, path := range paths(r.asked()) {
		asked[path]++
		asked["all"]++
	}
	// 8 lists of reference data and one of open incidents; 25 months, of which
	// the first and the last are parts, of incidents and of log entries; and 732 + 90
	// days of on-calls in ten windows of 89 days at most, each of which has a
	// page: 3 policies × (2 levels × 14 weeks + 1) = 87.
	if asked["all"] != 8+1+2*25+11 {
		t.Errorf("sent %d requests: %v", asked["all"], asked)
	}
	if most := (3+5)*105/100 + 2*months + 30; asked["all"] > most {
		t.Errorf("sent %d requests, want at most %d: %v", asked["all"], most, asked)
	}
}
