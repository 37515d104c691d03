package prometheus_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/prometheus"
	"teamhealth/internal/facts"
	simulated "teamhealth/internal/simulator/prometheus"
)

func TestFirstCycleReadsEverythingThatPrometheusStillHas(t *testing.T) {
	t.Parallel()
	w := newWorld().serve(t)
	w.mustCollect(t)
	begin := w.upstream.Start
	for _, team := range []string{"mysql", "mongodb"} {
		hours := w.kept(team)
		if len(hours) != 7*24 { // The simulated history begins a week before the last full hour's end.
			t.Fatalf("%d hours of %s, want %d", len(hours), team, 7*24)
		}
		for i, h := range hours {
			at := begin.Add(time.Duration(i) * time.Hour)
			if !h.Hour.Equal(at) || h.Query != latency || h.Clamped {
				t.Fatalf("hour %d of %s is %+v, want that of %s", i, team, h, at)
			}
			got := [2]string{fmt.Sprint(h.Good), fmt.Sprint(h.Total)}
			if want := [2]string{w.truth(t, asked(team).Good, at), w.truth(t, asked(team).Total, at)}; got != want {
				t.Errorf("%s at %s: %v, want %v", team, at, got, want)
			}
		}
	}
	if want := (facts.Completion{DataAsOf: lastHour.Add(time.Hour), DataSince: begin}); !cmp.Equal(*w.done, want) {
		t.Errorf("complete as of %+v, want %+v", *w.done, want)
	}
	w.wantSkipped(t, nil) // What lies before the history is not missing.
	if w.changed != 0 {
		t.Errorf("%d hours were handed over twice", w.changed)
	}
}

func TestHoursAreAskedForFiveMinutesAfterTheirEndByBothClocks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ours, theirs time.Duration // After ten o'clock.
		want         time.Time
	}{
		"four minutes after an hour, the one before is the last":         {4 * time.Minute, 4 * time.Minute, lastHour},
		"five minutes after an hour, it is the last":                     {5 * time.Minute, 5 * time.Minute, lastHour.Add(time.Hour)},
		"what is not over for Prometheus is not asked for":               {30 * time.Minute, time.Minute, lastHour},
		"a Prometheus that is ahead does not make an hour be over":       {time.Minute, 30 * time.Minute, lastHour},
		"a Prometheus that is hours behind is believed":                  {7 * time.Minute, -5 * time.Hour, lastHour.Add(-5 * time.Hour)},
		"at the last instant before the next hour is over it is not yet": {65*time.Minute - 1, time.Hour + 5*time.Minute - 1, lastHour.Add(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			full := lastHour.Add(time.Hour)
			w.now, w.theirs = full.Add(test.ours), test.theirs-test.ours
			w.serve(t).mustCollect(t)
			if !w.done.DataAsOf.Equal(test.want) {
				t.Errorf("data as of %s, want %s", w.done.DataAsOf, test.want)
			}
			hours := w.kept("mysql")
			if last := hours[len(hours)-1].Hour; !last.Equal(test.want.Add(-time.Hour)) {
				t.Errorf("the last hour is that of %s", last)
			}
		})
	}
}

func TestAClockThatWasNeverSetEndsTheCycle(t *testing.T) {
	t.Parallel()
	for name, theirs := range map[string]time.Duration{"behind": -25 * time.Hour, "ahead": 25 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.theirs = theirs
			err := w.serve(t).collect(t)
			if err == nil || !strings.Contains(err.Error(), "and ours 2026-08-03T10:07:00Z: set them right") || w.batches != 0 {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestRequestsAreTheOnesThatTheDefinitionAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld().only().serve(t)
	w.mustCollect(t)
	// 40 days of hours are two spans of 14 days and one of 12, newest first. In
	// the last two there is nothing at all, and so nothing good to ask for.
	spans := [][2]time.Time{}
	for _, r := range w.requests {
		bounds := [2]time.Time{}
		for i, key := range []string{"start", "end"} {
			seconds, err := strconv.ParseInt(r.Get(key), 10, 64)
			must(t, err)
			bounds[i] = time.Unix(seconds, 0).UTC()
		}
		spans = append(spans, bounds)
		if r.Get("step") != "3600" || r.Get("partial_response") != "false" {
			t.Errorf("asked with %v", r)
		}
	}
	end := lastHour.Add(time.Hour)
	since := w.opts.Since.Truncate(time.Hour)
	fortnight := 14 * 24 * time.Hour
	want := [][2]time.Time{
		{end.Add(-fortnight + time.Hour), end},
		{end.Add(-fortnight + time.Hour), end},
		{end.Add(-2*fortnight + time.Hour), end.Add(-fortnight)},
		{since.Add(time.Hour), end.Add(-2 * fortnight)},
	}
	if diff := cmp.Diff(want, spans); diff != "" {
		t.Errorf("spans that were asked for (-want +got):\n%s", diff)
	}
	if w.asksFor(asked("mysql").Good) != 1 || w.asksFor(asked("mysql").Total) != 3 {
		t.Errorf("asked %v", w.requests)
	}
}

func TestWithoutABoundTwoYearsAreAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Since = time.Time{}
	w.upstream.Start = begun.AddDate(-5, 0, 0).Truncate(time.Hour)
	w.serve(t).mustCollect(t)
	// Two years of at most 366 days each.
	if hours := w.kept("mysql"); len(hours) != 2*366*24 || !hours[0].Hour.Equal(lastHour.Add(time.Hour-2*366*24*time.Hour)) {
		t.Errorf("%d hours since %s", len(hours), hours[0].Hour)
	}
	if n := len(w.requests); n != 2*53 { // 732 days are 52.3 fortnights, and there are two expressions.
		t.Errorf("%d requests", n)
	}
}

func TestAnEarlierBoundIsReadInALaterCycle(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Since = begun.AddDate(0, 0, -2)
	w.serve(t).mustCollect(t)
	if n := len(w.kept("mysql")); n != 48 {
		t.Fatalf("%d hours of two days", n)
	}
	w.opts.Since = begun.AddDate(0, 0, -40)
	w.mustCollect(t)
	if n := len(w.kept("mysql")); n != 7*24 || w.changed != 0 {
		t.Errorf("%d hours of a week, %d of them twice", n, w.changed)
	}
	if !w.done.DataSince.Equal(w.upstream.Start) {
		t.Errorf("data since %s", w.done.DataSince)
	}
}

func TestACycleWithoutANewHourAsksForNoRange(t *testing.T) {
	t.Parallel()
	w := newWorld().serve(t)
	w.mustCollect(t)
	w.now = w.now.Add(15 * time.Minute)
	w.mustCollect(t)
	if len(w.requests) != 0 {
		t.Errorf("asked %v", w.requests)
	}
	w.now = w.now.Add(time.Hour)
	w.mustCollect(t)
	if n := len(w.requests); n != 4 || w.changed != 0 || len(w.hours) != 2*(7*24+1) {
		t.Errorf("%d requests and %d hours, %d of them twice", n, len(w.hours), w.changed)
	}
}

func TestAPrometheusThatForgetsTakesNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.upstream.Retention = 3 * 24 * time.Hour
	w.serve(t).mustCollect(t)
	first := w.kept("mysql")
	if len(first) != 3*24-1 { // The oldest one is over its retention by some minutes.
		t.Fatalf("%d hours", len(first))
	}
	w.now = w.now.AddDate(0, 0, 2)
	w.mustCollect(t)
	if n := len(w.kept("mysql")); n != 5*24-1 || w.changed != 0 {
		t.Errorf("%d hours, %d of them twice", n, w.changed)
	}
	if !w.done.DataSince.Equal(first[0].Hour) {
		t.Errorf("data since %s, want %s", w.done.DataSince, first[0].Hour)
	}
	w.wantSkipped(t, nil)
}

func TestAChangedQueryAndANewTeamAreReadFromTheBeginning(t *testing.T) {
	t.Parallel()
	other := facts.EventQuery{Good: latency.Good + " + 0", Total: latency.Total}
	w := newWorld().only()
	w.upstream.Series = append(w.upstream.Series, simulated.Series{
		Good: asked("mysql").Good + " + 0", Total: asked("mysql").Total, PerHour: 5000, GoodShare: 0.5,
	})
	w.serve(t).mustCollect(t)
	w.opts.Queries[0].Teams = []string{"mysql", "mongodb"}
	w.mustCollect(t)
	if n := len(w.kept("mongodb")); n != 7*24 || w.changed != 0 {
		t.Errorf("%d hours of the new team, and %d others twice", n, w.changed)
	}
	w.opts.Queries[0].Events = other
	w.mustCollect(t)
	changed := 0
	for key := range w.hours {
		if key.query == other {
			changed++
		}
	}
	if changed != 7*24 { // Of the changed query for mongodb there is nothing.
		t.Errorf("%d hours of the changed query", changed)
	}
	if strings.Contains(string(w.cursor), `"good":"`+strings.ReplaceAll(latency.Good, `"`, `\"`)+`"`) {
		t.Errorf("the cursor still has the query that nobody asks:\n%s", w.cursor)
	}
}

func TestQueriesThatTwoObjectivesShareAreAskedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Queries = append(w.opts.Queries, prometheus.Query{Objective: "system_reliability", Events: latency, Teams: []string{"mysql"}})
	w.serve(t).mustCollect(t)
	if n := w.asksFor(asked("mysql").Good); n != 1 || w.changed != 0 {
		t.Errorf("asked %d times, %d hours handed over twice", n, w.changed)
	}
}

func TestWithoutQueriesACycleMakesSureThatPrometheusAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.opts.Queries = nil
	w.serve(t).mustCollect(t)
	if want := (facts.Completion{DataAsOf: lastHour.Add(time.Hour)}); !cmp.Equal(*w.done, want) {
		t.Errorf("complete: %+v", *w.done)
	}
	w.intercept = func(w http.ResponseWriter, _ *http.Request) bool { return respond(w, http.StatusUnauthorized, "") }
	if err := w.collect(t); err == nil || !strings.Contains(err.Error(), "check the credentials of sources.prometheus.http_config") {
		t.Errorf("the error is %v", err)
	}
}

func TestOptionsThatAreMissingAreAllNamed(t *testing.T) {
	t.Parallel()
	_, err := prometheus.New(prometheus.Options{URL: "prometheus:9090", Queries: []prometheus.Query{{Objective: "x"}}})
	for _, want := range []string{"not an http or https address", "no HTTP", "not both expressions"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error %v does not say %q", err, want)
		}
	}
}
