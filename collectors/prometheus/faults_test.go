package prometheus_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/prometheus"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/simulator/faults"
)

// spanOf is the time that a request asks for, in seconds since 1970.
func spanOf(r *http.Request) (start, end int64) {
	start, _ = strconv.ParseInt(r.Form.Get("start"), 10, 64)
	end, _ = strconv.ParseInt(r.Form.Get("end"), 10, 64)
	return start, end
}

const refusal = `{"status":"error","errorType":"execution","error":"found duplicate series for the match group"}`

func TestAFaultThatPassesChangesNothing(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request){
		"too many requests": func(w http.ResponseWriter, _ *http.Request) { respond(w, 429, "") },
		"unavailable":       func(w http.ResponseWriter, _ *http.Request) { respond(w, 503, "<html>busy</html>") },
		"a query that timed out": func(w http.ResponseWriter, _ *http.Request) {
			respond(w, 503, `{"status":"error","errorType":"timeout","error":"query timed out"}`)
		},
		"an answer that is cut": func(w http.ResponseWriter, _ *http.Request) {
			respond(w, 200, `{"status":"success","data":{"resultType":"mat`)
		},
		"a connection that broke": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			var n atomic.Int64 // Of a broken connection the next one's handler may not know to be behind it.
			w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				if n.Add(1)%3 != 0 {
					return false
				}
				answer(rw, r)
				return true
			}
			w.serve(t).mustCollect(t)
			if len(w.hours) != 2*7*24 || w.changed != 0 {
				t.Errorf("%d hours, %d of them twice", len(w.hours), w.changed)
			}
		})
	}
}

// Whatever goes wrong for a while, in the end everything is known as if nothing had.
func TestEveryKindOfFaultIsOvercome(t *testing.T) {
	t.Parallel()
	sound := newWorld()
	sound.serve(t).mustCollect(t)
	fields := []string{"status", "data", "data.resultType", "data.result", "data.result.values", "data.result.value"}
	for kind, fields := range map[faults.Kind][]string{
		faults.TooMany: nil, faults.TooManyBare: nil, faults.ServerError: nil, faults.BadGateway: nil, faults.Unavailable: nil,
		faults.PaymentRequired: nil, faults.Forbidden: nil, faults.HTML: nil, faults.Empty: nil, faults.Truncated: nil,
		faults.Slow: nil, faults.Reset: nil, faults.ResetMidway: nil, faults.Null: fields, faults.Missing: fields, faults.Odd: fields,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			if kind != faults.Slow {
				overcome(t, kind, fields, sound, (*world).serve)
				return
			}
			synctest.Test(t, func(t *testing.T) { overcome(t, kind, fields, sound, (*world).servePiped) })
		})
	}
}

// overcome collects until a cycle is complete although a fault strikes, and compares.
func overcome(t *testing.T, kind faults.Kind, fields []string, sound *world, serve func(*world, *testing.T) *world) {
	t.Helper()
	w := newWorld()
	w.client.Timeout = 30 * time.Second
	injector, err := faults.New(faults.Options{Seed: 7, Patience: time.Hour, Faults: []faults.Fault{{
		Kind: kind, Rate: 0.4, Requests: 60, Fields: fields,
	}}})
	must(t, err)
	w.upstream.Middleware = []func(http.Handler) http.Handler{injector.Middleware}
	serve(w, t)
	for cycles := 0; w.collect(t) != nil; cycles++ {
		if cycles == 60 {
			t.Fatal("no cycle becomes complete")
		}
	}
	if injector.Struck()[kind] == 0 {
		t.Error("nothing went wrong")
	}
	if diff := cmp.Diff(sound.hours, w.hours); diff != "" || len(w.skipped) > 0 {
		t.Errorf("skipped %v, facts (-want +got):\n%s", w.skipped, diff)
	}
}

func TestAPrometheusThatCannotBeReadEndsTheCycle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"a login page":                {200, "<html>log in</html>", "is the url right?"},
		"an answer of something else": {200, `{"hello":"world"}`, `the answer's status is ""`},
		"another result":              {200, `{"status":"success","data":{"resultType":"string","result":[1,"x"]}}`, "where a matrix is due"},
		"a result of an instant":      {200, `{"status":"success","data":{"resultType":"vector","result":[]}}`, "where a matrix is due"},
		"a wrong credential":          {401, "", "check the credentials of sources.prometheus.http_config"},
		"a wrong path":                {404, "404 page not found", "check sources.prometheus.url and its path"},
		"a server that is down":       {502, "", "502 Bad Gateway"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.intercept = func(rw http.ResponseWriter, _ *http.Request) bool { return respond(rw, test.status, test.body) }
			err := w.serve(t).collect(t)
			if err == nil || !strings.Contains(err.Error(), test.want) || w.done != nil || w.batches != 0 {
				t.Errorf("error %v, want %q; %d batches", err, test.want, w.batches)
			}
			if _, probeErr := w.probe(t); probeErr == nil || !strings.Contains(probeErr.Error(), test.want) {
				t.Errorf("the probe's error is %v", probeErr)
			}
		})
	}
}

func TestAHostThatIsNotThereSaysWhereToLook(t *testing.T) {
	t.Parallel()
	w := newWorld().serve(t)
	w.opts.URL = "http://127.0.0.1:1"
	err := w.collect(t)
	if err == nil || !strings.Contains(err.Error(), "cannot reach host 127.0.0.1:1") || !strings.Contains(err.Error(), "check sources.prometheus.url") {
		t.Errorf("the error is %v", err)
	}
}

func TestAQueryThatIsRefusedNowDoesNotBlockTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld()
	isRefused := true
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		return isRefused && isRange(r, asked("mysql").Good) && respond(rw, http.StatusUnprocessableEntity, refusal)
	}
	err := w.serve(t).collect(t)
	const want = "objective query_performance, team mysql, expression good: POST "
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "duplicate series for the match group") {
		t.Errorf("the error is %v", err)
	}
	if w.done != nil || len(w.kept("mongodb")) != 7*24 {
		t.Errorf("complete %v, with %d hours of the other team", w.done, len(w.kept("mongodb")))
	}
	if n := w.asksFor(asked("mysql").Good); n > 10 { // 336 hours, 168, 84, 42, 21, 10, 5, 2, 1.
		t.Errorf("asked for the refused expression %d times", n)
	}
	isRefused = false
	w.mustCollect(t)
	if len(w.kept("mysql")) != 7*24 || w.changed != 0 {
		t.Errorf("%d hours once it is taken, %d of them twice", len(w.kept("mysql")), w.changed)
	}
	w.wantSkipped(t, nil)
}

// Prometheus refuses some hours of the past, and every span that holds one of them.
func TestHoursThatAreRefusedAreFoundAndLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	bad := []int64{ago(20).Unix() + 3600, ago(21).Unix() + 3600, ago(90).Unix() + 3600}
	isRefused := true
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		start, end := spanOf(r)
		for _, at := range bad {
			if isRefused && isRange(r) && start <= at && at <= end {
				return respond(rw, http.StatusUnprocessableEntity, refusal)
			}
		}
		return false
	}
	w.serve(t).mustCollect(t)
	if n := len(w.kept("mysql")); n != 7*24-3 || w.changed != 0 {
		t.Errorf("%d hours, %d of them twice", n, w.changed)
	}
	w.wantSkipped(t, map[string]int{"refused": 3})
	isRefused = false
	for range 5 {
		w.now = w.now.Add(24 * time.Hour)
		w.mustCollect(t)
	}
	if n := len(w.kept("mysql")); n != 12*24 {
		t.Errorf("%d hours of twelve days once they are answered", n)
	}
}

func TestAQueryThatIsRefusedAlmostEverywhereGivesUpForThisCycle(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		start, _ := spanOf(r)
		return isRange(r) && start <= ago(0).Unix() && respond(rw, http.StatusBadRequest, refusal)
	}
	err := w.serve(t).collect(t)
	if err == nil || !strings.Contains(err.Error(), "query_performance") || len(w.requests) > 100 || len(w.kept("mysql")) != 1 {
		t.Errorf("error %v after %d requests and %d hours", err, len(w.requests), len(w.kept("mysql")))
	}
}

func TestASlowQueryIsAskedForLessAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.client.MaxAttempts = 1
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		start, end := spanOf(r)
		return isRange(r, asked("mysql").Total) && end-start > 24*3600 && respond(rw, http.StatusServiceUnavailable, "")
	}
	w.serve(t).mustCollect(t)
	if len(w.hours) != 2*7*24 {
		t.Errorf("%d hours", len(w.hours))
	}
}

func TestAQueryThatNeverAnswersDoesNotBlockTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.client.MaxAttempts, w.client.Timeout = 1, 30*time.Second
		w.intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if !isRange(r, asked("mysql").Total) {
				return false
			}
			<-r.Context().Done() // Until the client gives up.
			return true
		}
		err := w.servePiped(t).collect(t)
		if err == nil || !strings.Contains(err.Error(), "objective query_performance, team mysql, expression total") {
			t.Errorf("the error is %v", err)
		}
		if len(w.kept("mongodb")) != 7*24 || len(w.kept("mysql")) != 0 {
			t.Errorf("%d hours", len(w.hours))
		}
	})
}

func TestAPrometheusThatGoesDownEndsTheCycle(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.client.MaxAttempts = 1
	down := false
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		down = down || isRange(r, asked("mongodb").Total)
		return down && respond(rw, http.StatusBadGateway, "")
	}
	err := w.serve(t).collect(t)
	status, ok := errors.AsType[*apiclient.StatusError](err)
	if !ok || status.Path != "/prom/api/v1/query" {
		t.Errorf("the error is %v", err)
	}
	if _, blamed := errors.AsType[*prometheus.QueryError](err); blamed {
		t.Errorf("a query is to blame: %v", err)
	}
	down = false
	w.intercept = nil
	w.mustCollect(t)
	if len(w.hours) != 2*7*24 || w.changed != 0 {
		t.Errorf("%d hours, %d of them twice", len(w.hours), w.changed)
	}
}

func TestAProxyThatTakesNoPostIsAskedByGet(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.client.MaxAttempts = 1
			posts := 0
			w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost {
					return false
				}
				posts++
				return respond(rw, status, "")
			}
			w.serve(t).mustCollect(t)
			if len(w.hours) != 2*7*24 || posts != 1 {
				t.Errorf("%d hours after %d requests by POST", len(w.hours), posts)
			}
		})
	}
}

func TestACycleThatIsStoppedSaysSoAndGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	whole := longWorld()
	whole.serve(t).mustCollect(t)
	for page := range whole.batches {
		w := longWorld()
		w.failAt = &page
		if err := w.serve(t).collect(t); !errors.Is(err, errFull) {
			t.Fatalf("page %d: the error is %v", page, err)
		}
		w.failAt = nil
		w.mustCollect(t)
		if diff := cmp.Diff(whole.hours, w.hours); diff != "" || w.changed != 0 {
			t.Errorf("stopped at page %d, %d hours twice (-want +got):\n%s", page, w.changed, diff)
		}
		if diff := cmp.Diff(whole.skipped, w.skipped); diff != "" {
			t.Errorf("stopped at page %d, skipped (-want +got):\n%s", page, diff)
		}
		if diff := cmp.Diff(strings.ReplaceAll(string(whole.cursor), whole.opts.URL, ""), strings.ReplaceAll(string(w.cursor), w.opts.URL, "")); diff != "" {
			t.Errorf("stopped at page %d, cursor (-want +got):\n%s", page, diff)
		}
		if w.batches > whole.batches+1 { // The recent gap is asked for once more.
			t.Errorf("stopped at page %d: %d pages, and %d without a stop", page, w.batches, whole.batches)
		}
	}
}

// longWorld has 40 days of two teams, with gaps.
func longWorld() *world {
	w := newWorld()
	w.upstream.Start = begun.AddDate(0, 0, -40).Truncate(time.Hour)
	w.opts.Since = w.upstream.Start
	for _, hours := range []int{3, 300, 400, 700, 900} {
		w.missing(ago(hours), 30, time.Time{})
	}
	return w
}
