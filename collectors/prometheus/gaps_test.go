package prometheus_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"teamhealth/collectors/prometheus"
	simulated "teamhealth/internal/simulator/prometheus"
)

// ago is the first instant of the hour that many hours before the last one.
func ago(hours int) time.Time { return lastHour.Add(-time.Duration(hours) * time.Hour) }

// missing lets mysql lack some hours from one on, which may arrive later.
func (w *world) missing(from time.Time, hours int, filled time.Time) {
	w.upstream.Series[0].Gaps = append(w.upstream.Series[0].Gaps, simulated.Gap{
		From: from, Until: from.Add(time.Duration(hours) * time.Hour), Filled: filled,
	})
}

func TestHoursWithoutDataAreNoFactsAndAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.missing(ago(100), 3, time.Time{})
	w.missing(ago(0), 1, time.Time{})
	w.serve(t).mustCollect(t)
	if n := len(w.kept("mysql")); n != 7*24-4 {
		t.Errorf("%d hours, want those of a week but four", n)
	}
	w.wantSkipped(t, map[string]int{"no_data": 4})
	if want := lastHour.Add(time.Hour); !w.done.DataAsOf.Equal(want) {
		t.Errorf("data as of %s, want %s: the hour was evaluated", w.done.DataAsOf, want)
	}
	w.mustCollect(t)
	w.wantSkipped(t, map[string]int{"no_data": 4}) // That it is still missing is no news.
}

func TestARecentGapIsAskedForInEachCycleInOneRequest(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	for _, hours := range []int{40, 30, 5} {
		w.missing(ago(hours), 2, begun.Add(30*time.Minute))
	}
	w.serve(t).mustCollect(t)
	w.now = w.now.Add(15 * time.Minute)
	w.mustCollect(t)
	if len(w.requests) != 2 || len(w.kept("mysql")) != 7*24-6 {
		t.Errorf("%d requests and %d hours while the data is missing", len(w.requests), len(w.kept("mysql")))
	}
	w.now = w.now.Add(15 * time.Minute)
	w.mustCollect(t)
	if len(w.requests) != 2 || len(w.kept("mysql")) != 7*24 || w.changed != 0 {
		t.Errorf("%d requests and %d hours, %d of them twice, once the data is there", len(w.requests), len(w.kept("mysql")), w.changed)
	}
	w.now = w.now.Add(15 * time.Minute)
	w.mustCollect(t)
	if len(w.requests) != 0 {
		t.Errorf("still asks %v", w.requests)
	}
	w.wantSkipped(t, map[string]int{"no_data": 6})
}

// An older gap is looked for when it is two days old, four, eight and so on.
func TestAnOlderGapIsAskedForWhenItsAgeHasDoubled(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Since = begun.AddDate(0, 0, -10)
	w.upstream.Start = begun.AddDate(0, 0, -10).Truncate(time.Hour)
	w.missing(ago(36), 1, time.Time{})
	w.serve(t).mustCollect(t)
	asked := map[int]bool{} // In days since the gap.
	for days := range 80 {
		w.now = begun.AddDate(0, 0, days+1)
		w.mustCollect(t)
		for _, r := range w.requests {
			start, err := strconv.ParseInt(r.Get("start"), 10, 64)
			must(t, err)
			if time.Unix(start, 0).Equal(ago(35)) { // The gap's hour ends then.
				asked[days+2] = true
			}
		}
	}
	// At half past noon of each day the gap is so many days and twelve hours old: in the
	// first cycle at least as old as the age at which its turn comes.
	if want := map[int]bool{2: true, 4: true, 8: true, 16: true, 32: true, 64: true}; fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("asked at %v days, want %v", asked, want)
	}
	w.wantSkipped(t, map[string]int{"no_data": 1})
}

func TestAnOlderGapIsFilledWhenItsDataArrives(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.missing(ago(36), 5, begun.AddDate(0, 0, 3))
	w.serve(t).mustCollect(t)
	for w.now.Before(begun.AddDate(0, 0, 7)) {
		w.now = w.now.Add(time.Hour)
		w.mustCollect(t)
	}
	if n := len(w.kept("mysql")); n != 14*24 || w.changed != 0 {
		t.Errorf("%d hours of two weeks, %d of them twice", n, w.changed)
	}
	if !strings.Contains(string(w.cursor), `"gaps":`) { // Before the history begins.
		t.Errorf("the cursor is %s", w.cursor)
	}
}

func TestAHistoryThatArrivesLaterIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.upstream.Start = begun.AddDate(0, 0, -40).Truncate(time.Hour)
	w.missing(w.upstream.Start, 38*24, begun.Add(time.Minute))
	w.serve(t).mustCollect(t)
	w.wantSkipped(t, nil)
	before := len(w.kept("mysql"))
	for range 40 {
		w.now = w.now.AddDate(0, 0, 1)
		w.mustCollect(t)
	}
	if n := len(w.kept("mysql")); before != 48 || n != 80*24 {
		t.Errorf("%d hours at first and %d at last", before, n)
	}
	if !w.done.DataSince.Equal(w.upstream.Start) {
		t.Errorf("data since %s", w.done.DataSince)
	}
}

func TestAnotherAddressIsAskedForAllThatIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.missing(ago(150), 9, begun.Add(time.Minute))
	w.serve(t).mustCollect(t)
	w.now = w.now.Add(5 * time.Minute)
	w.mustCollect(t)
	if len(w.requests) != 0 {
		t.Fatalf("asked %v", w.requests)
	}
	w.opts.URL = strings.Replace(w.opts.URL, "127.0.0.1", "localhost", 1)
	w.mustCollect(t)
	if n := len(w.kept("mysql")); n != 7*24 || w.changed != 0 {
		t.Errorf("%d hours of a week, %d of them twice", n, w.changed)
	}
}

// The values of an hour, as they come for both expressions, and what becomes of them.
func TestValuesThatCountNothingAreNoFacts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		good, total string // Empty: no sample.
		reason      string
		want        string
	}{
		"nothing happened is a fact":                              {"0", "0", "", "0 of 0"},
		"counts are extrapolated and need not be whole":           {"10.25", "12.5", "", "10.25 of 12.5"},
		"large counts come as powers of ten":                      {"1e+09", "1.5e+09", "", "1e+09 of 1.5e+09"},
		"without good ones nobody knows how many were good":       {"", "5", "incomplete", ""},
		"without a total nobody knows of how many":                {"5", "", "incomplete", ""},
		"a value that is no number counts nothing":                {"NaN", "5", "not_a_number", ""},
		"a total that is no number neither":                       {"5", "NaN", "not_a_number", ""},
		"infinitely many are not counted":                         {"5", "+Inf", "not_a_number", ""},
		"nor negative infinitely many":                            {"-Inf", "5", "not_a_number", ""},
		"fewer than none are a reset":                             {"-3", "5", "negative", ""},
		"a negative total likewise":                               {"-3", "-1", "negative", ""},
		"more good ones than events are as many":                  {"12", "10", "clamped", "10 of 10 clamped"},
		"more good ones by what floating point loses are as many": {"10.000000000001", "10", "", "10 of 10"},
		"less than none by what floating point loses are none":    {"-0.000000000001", "10", "", "0 of 10"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld().only()
			w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				switch {
				case isRange(r, asked("mysql").Total):
					return respond(rw, http.StatusOK, alteredMatrix(r, test.total))
				case isRange(r, asked("mysql").Good):
					return respond(rw, http.StatusOK, alteredMatrix(r, test.good))
				}
				return false
			}
			w.serve(t).mustCollect(t)
			got := ""
			for _, h := range w.kept("mysql") {
				if h.Hour.Equal(ago(1)) {
					got = strings.TrimSpace(fmt.Sprintf("%v of %v%s", h.Good, h.Total, map[bool]string{true: " clamped"}[h.Clamped]))
				}
			}
			if got != test.want {
				t.Errorf("the hour is %q, want %q", got, test.want)
			}
			want := map[string]int{}
			if test.reason != "" {
				want[test.reason] = 1
			}
			w.wantSkipped(t, want)
		})
	}
}

// alteredMatrix has a value of the last hour but one, and 7 and 8 events around it.
func alteredMatrix(r *http.Request, value string) string {
	start, _ := strconv.ParseInt(r.Form.Get("start"), 10, 64)
	var samples []string
	for i, v := range []string{"7", value, "8"} {
		at := ago(2-i).Unix() + 3600
		if v != "" && at >= start {
			samples = append(samples, fmt.Sprintf("[%d,%q]", at, v))
		}
	}
	if end, _ := strconv.ParseInt(r.Form.Get("end"), 10, 64); end < ago(0).Unix()+3600 {
		samples = nil
	}
	return matrixOf(strings.Join(samples, ","))
}

// matrixOf is an answer with one series of samples, or none.
func matrixOf(samples string) string {
	if samples == "" {
		return `{"status":"success","data":{"resultType":"matrix","result":[]}}`
	}
	return `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[` + samples + `]}]}}`
}

// Every other hour lacks its data for two years, at the worst of all times.
func TestTheCursorIsBoundedWhateverIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Since = time.Time{}
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		if !isRange(r) {
			return false
		}
		start, _ := strconv.ParseInt(r.Form.Get("start"), 10, 64)
		end, _ := strconv.ParseInt(r.Form.Get("end"), 10, 64)
		var samples []string
		for at := start; at <= end; at += 3600 {
			if at/3600%2 == 0 {
				samples = append(samples, fmt.Sprintf(`[%d,"5"]`, at))
			}
		}
		return respond(rw, http.StatusOK, matrixOf(strings.Join(samples, ",")))
	}
	w.serve(t).mustCollect(t)
	if n := len(w.kept("mysql")); n != 366*24 { // Half of the hours of two years.
		t.Errorf("%d hours", n)
	}
	if skipped := w.skipped["no_data"]; skipped != 366*24-1 { // The oldest one is before the first fact.
		t.Errorf("%d hours are counted as missing", skipped)
	}
	if size := len(w.cursor); size > 10_000 { // 500 gaps of 16 bytes.
		t.Errorf("the cursor has %d bytes", size)
	}
	w.now = w.now.Add(24 * time.Hour)
	w.mustCollect(t)
	if len(w.requests) > 2*3 { // The last days together, then what is eight and sixteen days old.
		t.Errorf("%d requests for the gaps", len(w.requests))
	}
}

func TestAQueryThatNeverGaveAnythingIsNotCountedAsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.opts.Queries = append(w.opts.Queries, prometheus.Query{Objective: "x", Events: latency, Teams: []string{"nobody"}})
	w.serve(t).mustCollect(t)
	w.wantSkipped(t, nil)
	if !w.done.DataSince.Equal(w.upstream.Start) {
		t.Errorf("data since %s", w.done.DataSince)
	}
}
