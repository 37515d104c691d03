package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// verdicts are those of all rows of a period that are judged, by subject and objective.
func (p *program) verdicts(t *testing.T, period string) map[string]ticketRowJSON {
	t.Helper()
	code, body := p.get("/api/v1/scorecard?team=all&period=" + period)
	var content struct {
		Cards []struct {
			Subject struct{ ID string }
			Rows    []struct {
				ID string
				ticketRowJSON
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &content); err != nil || code != http.StatusOK {
		t.Fatalf("%s: %d, %v", period, code, err)
	}
	rows := map[string]ticketRowJSON{}
	for _, c := range content.Cards {
		for _, r := range c.Rows {
			if r.Verdict != "no_data" {
				rows[c.Subject.ID+" "+r.ID] = r.ticketRowJSON
			}
		}
	}
	return rows
}

type ticketRowJSON struct {
	Verdict string
	Value   json.RawMessage
}

// needsJira are the objectives of the rubric that Jira is asked for; all others
// that are judged here rest on PagerDuty alone.
func needsJira() []string {
	return []string{
		"action_items", "architecture_reviews", "automation_coverage", "cross_training", "documentation_coverage",
		"engineer_change_requests", "executed_by_oncall", "migration_success", "onboarding", "postmortem_completion",
		"postmortem_quality", "process_improvements", "quarterly_training", "retrospectives", "sre_coding", "tech_talks",
		"tooling_improvements", "walkthroughs",
	}
}

// outages are ways of Jira to be of no use, with what the status then says.
func outages() map[string]struct {
	door    func(http.Handler) http.Handler
	problem string
} {
	answer := func(code int, kind, body string, paths ...string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if len(paths) > 0 && !slices.Contains(paths, r.URL.Path) {
					next.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", kind)
				w.WriteHeader(code)
				_, _ = fmt.Fprint(w, body) // The client may be gone.
			})
		}
	}
	return map[string]struct {
		door    func(http.Handler) http.Handler
		problem string
	}{
		"a page that says that it is being mended": {answer(http.StatusOK, "text/html", "<html>Back soon</html>"), "answered HTML instead of JSON"},
		"everything is forbidden":                  {answer(http.StatusForbidden, "application/json", "{}"), "may not read this"},
		"a search that finds nothing any more": {
			answer(http.StatusOK, "application/json", `{"issues":[],"isLast":true}`, "/rest/api/2/search/jql"), "finds no issue any more",
		},
	}
}

func TestJiraDownForADay(t *testing.T) {
	t.Parallel()
	calm := newWorkshop(t, time.Time{})
	calm.now.Store(outageBegins.Add(24 * time.Hour).Unix())
	fresh := calm.open(t, calm.config(t))
	must(t, fresh.sync(t))
	want := map[string]map[string]ticketRowJSON{}
	for _, period := range publishedPeriods() {
		want[period] = fresh.verdicts(t, period)
	}
	for name, outage := range outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t, time.Time{})
			p := w.synced(t)
			before := p.verdicts(t, "2026-Q2")
			w.door.Store(&outage.door)
			for _, age := range []time.Duration{59 * time.Minute, 24 * time.Hour} {
				w.now.Store(outageBegins.Add(age).Unix())
				if err := p.sync(t); err == nil || !strings.Contains(err.Error(), outage.problem) {
					t.Fatalf("after %v a cycle ends with %v, want %q", age, err, outage.problem)
				}
				p.requireJira(t, false, outage.problem, outageBegins)
				requireStaleTickets(t, before, p.verdicts(t, "2026-Q2"), age > time.Hour)
			}
			w.door.Store(nil)
			must(t, p.sync(t))
			p.requireJira(t, true, "", w.clock())
			for _, period := range publishedPeriods() {
				if diff := cmp.Diff(want[period], p.verdicts(t, period)); diff != "" {
					t.Errorf("%s after recovery (-never down +recovered):\n%s", period, diff)
				}
			}
		})
	}
}

// requireStaleTickets compares the rows of the quarter that runs with those before.
func requireStaleTickets(t *testing.T, before, after map[string]ticketRowJSON, stale bool) {
	t.Helper()
	turned := map[string]bool{}
	for name, row := range after {
		_, objective, _ := strings.Cut(name, " ")
		if row.Verdict == "stale" {
			turned[objective] = true
		}
		switch {
		case !slices.Contains(needsJira(), objective):
			if row.Verdict == "stale" {
				t.Errorf("%s is stale, which needs PagerDuty alone", name)
			}
		case stale != (row.Verdict == "stale"):
			t.Errorf("%s is %s", name, row.Verdict)
		case string(row.Value) != string(before[name].Value):
			t.Errorf("%s has the value %s, which was %s before", name, row.Value, before[name].Value)
		}
	}
	if want := needsJira(); stale && !slices.Equal(slices.Sorted(maps.Keys(turned)), want) {
		t.Errorf("stale are %v, want %v", slices.Sorted(maps.Keys(turned)), want)
	}
}

// requireJira looks at what status and metrics say of Jira.
func (p *program) requireJira(t *testing.T, up bool, problem string, asOf time.Time) {
	t.Helper()
	_, body := p.get("/api/v1/status")
	var status struct {
		Sources []struct {
			Name string
			sourceJSON
		}
	}
	must(t, json.Unmarshal([]byte(body), &status))
	_, metrics := p.get("/metrics")
	for source, want := range map[string]bool{"pagerduty": true, "jira": up} {
		gauge := map[bool]int{true: 1}[want]
		if !strings.Contains(metrics, fmt.Sprintf("teamhealth_collector_up{collector=%q} %d", source, gauge)) {
			t.Errorf("the metrics do not say that %s is up: %v", source, want)
		}
	}
	for _, s := range status.Sources {
		if s.Name == "jira" && s.Up == up && s.DataAsOf.Equal(asOf) && strings.Contains(s.LastError, problem) && (s.LastError == "") == up {
			return
		}
	}
	t.Errorf("the status is %s\nwant Jira up: %v, %q, data as of %v", body, up, problem, asOf)
}

// TestAnExpiredTokenIsNoNews lets the token run out after a good cycle. Jira then
// answers searches with status 200 and nothing.
func TestAnExpiredTokenIsNoNews(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, outageBegins.Add(30*time.Minute))
	p := w.synced(t)
	before := p.verdicts(t, "2026-Q2")
	w.now.Store(outageBegins.Add(50 * time.Minute).Unix())
	const problem = "the token may be wrong, revoked or expired"
	if err := p.sync(t); err == nil || !strings.Contains(err.Error(), problem) {
		t.Fatalf("a cycle without a good token ends with %v", err)
	}
	p.requireJira(t, false, problem, outageBegins)
	requireStaleTickets(t, before, p.verdicts(t, "2026-Q2"), false)
	never := w.open(t, w.configOn(t, w.incidents))
	if err := never.sync(t); err == nil || !strings.Contains(err.Error(), problem) {
		t.Fatalf("a first cycle without a good token ends with %v", err)
	}
	for name, row := range never.verdicts(t, "2026-Q2") {
		if _, objective, _ := strings.Cut(name, " "); slices.Contains(needsJira(), objective) {
			t.Errorf("%s is %s with value %s, although no ticket was ever read", name, row.Verdict, row.Value)
		}
	}
}

// TestAnotherProgramGoesOnWhereAnInterruptedCycleWas stops a cycle at each request
// to Jira in turn, and starts another program on the same store.
func TestAnotherProgramGoesOnWhereAnInterruptedCycleWas(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, time.Time{})
	undisturbed := w.synced(t)
	want := map[string]string{}
	for _, period := range publishedPeriods() {
		_, want[period] = undisturbed.get("/api/v1/scorecard?team=all&period=" + period)
	}
	for _, request := range []int64{2, 5, 6, 8} {
		c := w.configOn(t, w.incidents)
		stopped := w.open(t, c)
		w.syncUntil(t, stopped, request)
		must(t, stopped.Close())
		next := w.open(t, c)
		must(t, next.sync(t))
		for period, cards := range want {
			if _, got := next.get("/api/v1/scorecard?team=all&period=" + period); got != cards {
				t.Errorf("%s after a stop at request %d (-undisturbed +restarted):\n%s", period, request, cmp.Diff(cards, got))
			}
		}
	}
}
