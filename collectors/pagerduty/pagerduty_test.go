package pagerduty_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/pagerduty"
	"teamhealth/internal/facts"
)

func TestTheFirstCycleReadsTheWholeHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", since, since.Add(time.Hour))
	r.addIncident("Q2", time.Date(2026, 6, 30, 23, 59, 59, 0, time.UTC), time.Date(2026, 7, 1, 0, 1, 0, 0, time.UTC))
	r.addIncident("Q3", begun.Add(-time.Minute), time.Time{})
	r.mustCollect(t)

	if diff := cmp.Diff([]string{"Q1", "Q2", "Q3"}, r.memory.incidentIDs()); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	want := []string{"Q1-resolve", "Q1-trigger", "Q2-resolve", "Q2-trigger", "Q3-trigger"}
	if diff := cmp.Diff(want, r.memory.entryIDs()); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]facts.Completion{{DataAsOf: begun, DataSince: since}}, r.memory.complete); diff != "" {
		t.Errorf("completion (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"PPRI1", "PPRI2"}, []string{ranked(r.memory, 0), ranked(r.memory, 1)}); diff != "" {
		t.Errorf("priorities by rank (-want +got):\n%s", diff)
	}
}

func ranked(m *memory, rank int) string {
	for id, priority := range m.priorities {
		if priority.Rank == rank {
			return id
		}
	}
	return ""
}

func TestTheTokenIsReadAnewEachCycle(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.mustCollect(t)
	r.mustCollect(t)
	got := slices.Compact(slices.Clone(r.tokens))
	if diff := cmp.Diff([]string{"Token token=key-1", "Token token=key-2"}, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func TestAnswersThatEndTheCycle(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			send(w, code, object{"error": object{"message": "No"}})
		}
	}
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
	}
	for name, test := range map[string]struct {
		path   string
		answer http.HandlerFunc
		want   []string
	}{
		"401 says where the token comes from":   {"/services", status(401), []string{"401 Unauthorized", "check token_file"}},
		"402 speaks of the plan":                {"/incidents", status(402), []string{"402", "plan lacks"}},
		"403 speaks of the token's rights":      {"/users", status(403), []string{"403", "the token may not read this"}},
		"404 speaks of the url":                 {"/services", status(404), []string{"404", "check url"}},
		"500 is given up in the end":            {"/services", status(500), []string{"500", "gave up after 5 attempts"}},
		"429 without headers too":               {"/log_entries", status(429), []string{"429", "gave up after 5 attempts"}},
		"a page in place of JSON":               {"/services", text("<html>Log in</html>"), []string{"answered HTML instead of JSON"}},
		"an empty object is not zero incidents": {"/incidents", text(`{}`), []string{`the answer has no "incidents"`}},
		"null is not zero incidents":            {"/incidents", text(`{"incidents": null}`), []string{`the answer has no "incidents"`}},
		"an empty object is not zero entries":   {"/log_entries", text(`{}`), []string{`the answer has no "log_entries"`}},
		"an object in place of a list":          {"/incidents", text(`{"incidents": {}}`), []string{"decode incidents"}},
		"an array":                              {"/incidents", text(`[]`), []string{"decode incidents"}},
		"an empty object is not zero on-calls":  {"/oncalls", text(`{}`), []string{`the answer has no "oncalls"`}},
		"on-calls that always fail":             {"/oncalls", status(429), []string{"list PagerDuty on-calls", "gave up after 5 attempts"}},
		"JSON with something behind it":         {"/users", text(`{"users": []} {}`), []string{"decode users"}},
		"JSON that always breaks off":           {"/users", text(`{"users": [`), []string{"cut short"}},
		"more of nothing, for ever": {
			"/incidents", text(`{"incidents": [], "more": true, "limit": 0}`), []string{"the list does not end"},
		},
		"more of the same, for ever": {
			"/log_entries", text(`{"log_entries": [{"id": "R1", "created_at": "2026-05-01T00:00:00Z", "incident": {"id": "Q1"}}], "more": true}`),
			[]string{"the list does not end"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", since, since.Add(time.Hour))
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path != test.path {
					return false
				}
				test.answer(w, req)
				return true
			}
			err := r.collect(t)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "key-1") {
				t.Errorf("error %q shows the token", err)
			}
			if len(r.memory.complete) != 0 {
				t.Error("the cycle says that it is complete")
			}
		})
	}
}

func TestPassingTroubleIsOvercome(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]http.HandlerFunc{
		"429 with its headers": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ratelimit-remaining", "0")
			w.Header().Set("ratelimit-reset", "13")
			send(w, 429, object{"error": object{"message": "Rate Limit Exceeded", "code": 2020}})
		},
		"429 without headers or body": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) },
		"503":                         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		"JSON that breaks off once":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"incidents": [{"id": "Q`) },
		"a body that breaks off once": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, `{"incidents": [`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", since, since.Add(time.Hour))
			troubled := map[string]bool{}
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				if troubled[req.URL.String()] {
					return false
				}
				troubled[req.URL.String()] = true
				trouble(w, req)
				return true
			}
			r.mustCollect(t)
			if diff := cmp.Diff([]string{"Q1-resolve", "Q1-trigger"}, r.memory.entryIDs()); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAnAccountMayLack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path string
		code int
	}{
		"priorities that the plan lacks":  {"/priorities", 402},
		"priorities that nobody may read": {"/priorities", 403},
		"priorities that do not exist":    {"/priorities", 404},
		"teams that the plan lacks":       {"/teams", 402},

		"policies that nobody may read":            {"/escalation_policies", 403},
		"schedules that the plan lacks":            {"/schedules", 402},
		"shift-based schedules that do not exist":  {"/v3/schedules", 404},
		"shift-based schedules that are refused":   {"/v3/schedules", 400},
		"maintenance windows that nobody may read": {"/maintenance_windows", 403},
		"on-calls that the plan lacks":             {"/oncalls", 402},
		"on-calls that nobody may read":            {"/oncalls", 403},
		"on-calls that do not exist":               {"/oncalls", 404},
		"teams that nobody may read":               {"/teams", 403},
		"teams that do not exist":                  {"/teams", 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", since, since.Add(time.Hour))
			r.addOnCall("PUSER1", time.Time{}, time.Time{})
			r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path == test.path {
					w.WriteHeader(test.code)
				}
				return req.URL.Path == test.path
			}
			r.opts.Teams = []string{"PTEAM1"} // Known to exist only where teams can be listed.
			r.mustCollect(t)
			if len(r.memory.incidents) != 1 || len(r.memory.users) != 1 || len(r.memory.complete) != 1 {
				t.Errorf("kept %d incidents and %d users in %d complete cycles, want one of each",
					len(r.memory.incidents), len(r.memory.users), len(r.memory.complete))
			}
			if read := r.memory.works != nil; read != (test.path != "/maintenance_windows") {
				t.Errorf("maintenance windows were read: %v", read)
			}
			if read := len(r.memory.shifts) > 0; read != (test.path != "/oncalls") {
				t.Errorf("on-calls were read: %v", read)
			}
		})
	}
}

func TestConfiguredServicesMustExist(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Services = map[string][]string{"mysql": {"PSVC1", "PSVC9"}, "mongodb": {"PSVC8"}}
	err := r.collect(t)
	var unknown *pagerduty.UnknownServiceError
	if !errors.As(err, &unknown) || !slices.Equal(unknown.IDs, []string{"PSVC8", "PSVC9"}) {
		t.Fatalf("error %v, want PSVC8 and PSVC9 unknown", err)
	}
	want := "PagerDuty has no service PSVC8 (team mongodb), PSVC9 (team mysql): " +
		"check the teams' pagerduty.services, and that the token may read them"
	if err.Error() != want {
		t.Errorf("error\n got %q\nwant %q", err, want)
	}
	if len(r.memory.batches) != 0 {
		t.Errorf("%d batches were kept before the check", len(r.memory.batches))
	}

	r.memory.services["PSVC8"], r.memory.services["PSVC9"] = facts.Service{}, facts.Service{} // Deleted since.
	r.mustCollect(t)
}

func TestConfiguredTeamsMustExist(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Teams = []string{"PTEAM9", "PTEAM1", "PTEAM8"}
	err := r.collect(t)
	var unknown *pagerduty.UnknownTeamError
	if !errors.As(err, &unknown) || !slices.Equal(unknown.IDs, []string{"PTEAM8", "PTEAM9"}) {
		t.Fatalf("error %v, want PTEAM8 and PTEAM9 unknown", err)
	}
	want := "PagerDuty has no team PTEAM8, PTEAM9: check sources.pagerduty.teams, and that the token may read them"
	if err.Error() != want {
		t.Errorf("error\n got %q\nwant %q", err, want)
	}
	if len(r.memory.batches) != 0 {
		t.Errorf("%d batches were kept before the check", len(r.memory.batches))
	}
}

func TestARestartGoesOnAtThePageThatWasNotKept(t *testing.T) {
	t.Parallel()
	build := func(t *testing.T) *rig {
		t.Helper()
		r := newRig(t)
		for i := range 250 {
			at := since.Add(time.Duration(i) * 30_000 * time.Second) // 87 days.
			id := fmt.Sprintf("Q%03d", i)
			resolved := at.Add(20 * time.Hour) // Some in the next month.
			if i%50 == 7 {
				resolved = time.Time{}
			}
			r.addIncident(id, at, resolved)
		}
		r.addIncident("QOLD", since.AddDate(0, 0, -3), since.AddDate(0, 0, 2))
		r.addIncident("QOPEN", since.AddDate(0, 0, -3), time.Time{})
		for week := range 30 { // By turns, from before the history to behind its end.
			monday := since.AddDate(0, 0, 7*week-10)
			r.addOnCall(fmt.Sprintf("PUSER%d", week%4), monday, monday.AddDate(0, 0, 7))
		}
		return r
	}
	whole := build(t)
	whole.mustCollect(t)
	requests := len(whole.asked())
	batches := len(whole.memory.batches)
	for failAt := 1; failAt <= batches; failAt++ {
		t.Run(fmt.Sprintf("after %d of %d pages", failAt-1, batches), func(t *testing.T) {
			t.Parallel()
			r := build(t)
			r.memory.failAt = failAt
			if err := r.collect(t); !errors.Is(err, errFull) {
				t.Fatalf("error %v, want the store's", err)
			}
			r.memory.failAt = 0
			r.mustCollect(t)
			if diff := cmp.Diff(whole.memory.incidents, r.memory.incidents); diff != "" {
				t.Errorf("incidents (-whole +restarted):\n%s", diff)
			}
			if diff := cmp.Diff(whole.memory.entries, r.memory.entries); diff != "" {
				t.Errorf("entries (-whole +restarted):\n%s", diff)
			}
			if diff := cmp.Diff(whole.memory.shifts, r.memory.shifts); diff != "" {
				t.Errorf("on-calls (-whole +restarted):\n%s", diff)
			}
			if diff := cmp.Diff(whole.memory.complete, r.memory.complete); diff != "" {
				t.Errorf("completion (-whole +restarted):\n%s", diff)
			}
			// The lists that begin each cycle, one page twice, the timelines of
			// two old incidents, the two pages since the first start, and the
			// two windows of on-calls that each cycle reads.
			if got := len(r.asked()); got > requests+9+1+4+2+2 {
				t.Errorf("sent %d requests, without a restart they are %d", got, requests)
			}
		})
	}
}

func TestProgressNeverFalls(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 400 {
		at := since.Add(time.Duration(i) * 20_000 * time.Second)
		r.addIncident(fmt.Sprintf("Q%03d", i), at, at.Add(time.Minute))
	}
	r.mustCollect(t)
	last := 0.0
	distinct := map[float64]bool{}
	for _, batch := range r.memory.batches {
		if batch.Progress < last || batch.Progress > 1 {
			t.Errorf("progress %v after %v", batch.Progress, last)
		}
		last = batch.Progress
		distinct[last] = true
	}
	if last != 1 || len(distinct) < 8 {
		t.Errorf("progress ended at %v after %d steps", last, len(distinct))
	}
}

func TestOptionsThatAreMissingAreNamed(t *testing.T) {
	t.Parallel()
	_, err := pagerduty.New(pagerduty.Options{URL: "ftp://pagerduty.invalid"})
	for _, want := range []string{"URL", "Token", "Since", "HTTP"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}
