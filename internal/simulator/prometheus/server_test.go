package prometheus_test

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/prometheus"
	"teamhealth/internal/simulator/requestlog"
)

// The server's clock, and where its data begins.
var (
	now   = time.Date(2026, 8, 3, 10, 7, 0, 0, time.UTC)
	begin = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
)

const (
	good  = `sum(increase(good_total{team="mysql"}[1h]))`
	total = `sum(increase(all_total{team="mysql"}[1h]))`
)

func options() prometheus.Options {
	return prometheus.Options{
		Start: begin, Seed: 1, Now: func() time.Time { return now },
		Series: []prometheus.Series{{Good: good, Total: total, PerHour: 1000, GoodShare: 0.99}},
	}
}

func serve(t *testing.T, o prometheus.Options) *prometheus.Server {
	t.Helper()
	s, err := prometheus.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a query by GET, or by POST where there is a form.
func ask(t *testing.T, s http.Handler, path string, query, form url.Values) (status int, body string) {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path+"?"+query.Encode(), strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

// spanOf asks for an expression from a time until another, hour by hour.
func spanOf(expression string, from, until time.Time) url.Values {
	return url.Values{
		"query": {expression}, "start": {from.Format(time.RFC3339)}, "end": {until.Format(time.RFC3339)}, "step": {"1h"},
	}
}

// values are those of the one series of a matrix, by second.
func values(t *testing.T, s http.Handler, query url.Values) map[int64]float64 {
	t.Helper()
	status, body := ask(t, s, "/api/v1/query_range", query, nil)
	var answer struct {
		Data struct {
			Type   string `json:"resultType"`
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.Data.Type != "matrix" {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	all := map[int64]float64{}
	for _, series := range answer.Data.Result {
		for _, v := range series.Values {
			number, err := strconv.ParseFloat(v[1].(string), 64)
			if err != nil {
				t.Fatal(err)
			}
			all[int64(v[0].(float64))] = number
		}
	}
	return all
}

func TestAnswersHaveTheFormOfPrometheus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path   string
		query  url.Values
		status int
		want   string
	}{
		"an instant": {
			"/api/v1/query",
			url.Values{"query": {"vector(1)"}},
			200,
			`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1785751620,"1"]}]}}`,
		},
		"an instant of a given time": {
			"/api/v1/query",
			url.Values{"query": {"vector(1)"}, "time": {"1785751620.25"}},
			200,
			`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1785751620.25,"1"]}]}}`,
		},
		"nothing is known of an instant": {
			"/api/v1/query",
			url.Values{"query": {"other"}},
			200,
			`{"status":"success","data":{"resultType":"vector","result":[]}}`,
		},
		"a span": {
			"/api/v1/query_range",
			url.Values{"query": {"vector(1)"}, "start": {"60"}, "end": {"190.5"}, "step": {"60"}},
			200,
			`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[60,"1"],[120,"1"],[180,"1"]]}]}}`,
		},
		"nothing is known of a span": {
			"/api/v1/query_range",
			url.Values{"query": {"other"}, "start": {"60"}, "end": {"180"}, "step": {"60"}},
			200,
			`{"status":"success","data":{"resultType":"matrix","result":[]}}`,
		},
		"as many values as are allowed, and one more": {
			"/api/v1/query_range",
			url.Values{"query": {"other"}, "start": {"0"}, "end": {"11000"}, "step": {"1"}},
			200,
			`{"status":"success","data":{"resultType":"matrix","result":[]}}`,
		},
		"too many values": {
			"/api/v1/query_range",
			url.Values{"query": {good}, "start": {"0"}, "end": {"11001"}, "step": {"1"}},
			400,
			`{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"}`,
		},
		"no expression": {
			"/api/v1/query",
			url.Values{},
			400,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": unknown position: parse error: no expression found in input"}`,
		},
		"a start that is none": {
			"/api/v1/query_range",
			url.Values{"query": {good}, "start": {"soon"}},
			400,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"start\": cannot parse \"soon\" to a valid timestamp"}`,
		},
		"an end before the start": {
			"/api/v1/query_range",
			url.Values{"query": {good}, "start": {"2"}, "end": {"1"}, "step": {"1"}},
			400,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"end\": end timestamp must not be before start time"}`,
		},
		"a step that is none": {
			"/api/v1/query_range",
			url.Values{"query": {good}, "start": {"1"}, "end": {"2"}, "step": {"x"}},
			400,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"step\": cannot parse \"x\" to a valid duration"}`,
		},
		"no step": {
			"/api/v1/query_range",
			url.Values{"query": {good}, "start": {"1"}, "end": {"2"}, "step": {"0"}},
			400,
			`{"status":"error","errorType":"bad_data","error":"invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer"}`,
		},
		"another path": {"/api/v1/write", url.Values{}, 404, "404 page not found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, options())
			for method, sent := range map[string][2]url.Values{"GET": {test.query, nil}, "POST": {nil, test.query}} {
				status, body := ask(t, s, test.path, sent[0], sent[1])
				if status != test.status || body != test.want {
					t.Errorf("%s: %d\n%s\nwant %d\n%s", method, status, body, test.status, test.want)
				}
			}
		})
	}
}

func TestOnlyFullHoursThatAreOverAndKeptHaveValues(t *testing.T) {
	t.Parallel()
	o := options()
	o.Retention = 10 * 24 * time.Hour
	o.Series[0].Gaps = []prometheus.Gap{
		{From: now.Add(-48 * time.Hour).Truncate(time.Hour), Until: now.Add(-45 * time.Hour).Truncate(time.Hour)},
		{From: now.Add(-25 * time.Hour), Until: now.Add(-24 * time.Hour), Filled: now},
	}
	s := serve(t, o)
	found := values(t, s, spanOf(total, begin.AddDate(0, -1, 0), now.AddDate(0, 0, 1)))
	// Of ten days of hours the oldest one is partly gone, and three are missing; the
	// other gap is filled by now.
	if len(found) != 10*24-1-3 {
		t.Errorf("%d values", len(found))
	}
	for at := range found {
		if end := time.Unix(at, 0); end.After(now) || end.Add(-time.Hour).Before(now.Add(-o.Retention)) {
			t.Errorf("there is a value at %s", end)
		}
	}
	half := spanOf(total, now.Truncate(time.Hour).Add(-90*time.Minute), now)
	if found := values(t, s, half); len(found) != 0 {
		t.Errorf("between full hours there are %v", found)
	}
	o.Retention, o.Series[0].Gaps[1].Filled = 0, now.Add(time.Second)
	found = values(t, serve(t, o), spanOf(total, begin, now))
	hours := int(now.Truncate(time.Hour).Sub(begin) / time.Hour)
	if len(found) != hours-3-2 { // The second gap touches two hours.
		t.Errorf("%d values, want %d", len(found), hours-5)
	}
}

func TestEventsComeToAboutWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ perHour, share float64 }{
		"many events, nearly all good": {50_000, 0.9995},
		"some events":                  {1000, 0.99},
		"few events":                   {10, 0.9},
		"all are good":                 {100, 1},
		"none are good":                {100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.Series[0].PerHour, o.Series[0].GoodShare = test.perHour, test.share
			s := serve(t, o)
			all, fine := values(t, s, spanOf(total, begin, now)), values(t, s, spanOf(good, begin, now))
			sum, sumGood := 0.0, 0.0
			for at, n := range all {
				if fine[at] < 0 || fine[at] > n || n != math.Trunc(n) {
					t.Fatalf("%v of %v events at %d", fine[at], n, at)
				}
				sum, sumGood = sum+n, sumGood+fine[at]
			}
			if mean := sum / float64(len(all)); mean < 0.75*test.perHour || mean > 1.1*test.perHour {
				t.Errorf("%v events an hour, want about %v", mean, test.perHour)
			}
			if bad, want := 1-sumGood/sum, 1-test.share; math.Abs(bad-want) > 0.2*want {
				t.Errorf("the share of bad ones is %v, want about %v", bad, want)
			}
		})
	}
}

func TestTheSeedDecides(t *testing.T) {
	t.Parallel()
	first := values(t, serve(t, options()), spanOf(total, begin, now))
	if diff := cmp.Diff(first, values(t, serve(t, options()), spanOf(total, begin, now))); diff != "" {
		t.Errorf("the same seed gives other events:\n%s", diff)
	}
	o := options()
	o.Seed = 2
	if cmp.Equal(first, values(t, serve(t, o), spanOf(total, begin, now))) {
		t.Error("another seed gives the same events")
	}
}

func TestATokenAndMiddlewareStandBeforeTheAnswers(t *testing.T) {
	t.Parallel()
	o := options()
	o.Token = "secret"
	o.Middleware = []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Authorization", r.Header.Get("Authorization")+"et")
			next.ServeHTTP(w, r)
		})
	}}
	s := serve(t, o)
	for token, want := range map[string]int{"Bearer secr": http.StatusOK, "": http.StatusUnauthorized} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/query?query=vector(1)", http.NoBody)
		r.Header.Set("Authorization", token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("with %q: status %d, want %d", token, w.Code, want)
		}
	}
	calls := map[requestlog.Call]int{{Path: "/api/v1/query", Status: 200}: 1, {Path: "/api/v1/query", Status: 401}: 1}
	if diff := cmp.Diff(calls, s.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestOptionsThatMakeNoServerAreAllNamed(t *testing.T) {
	t.Parallel()
	_, err := prometheus.New(prometheus.Options{Series: []prometheus.Series{{Good: "a"}, {Good: "a", Total: "b", GoodShare: 2}}})
	if err == nil || !strings.Contains(err.Error(), "no start") || strings.Count(err.Error(), "is no series") != 2 {
		t.Errorf("the error is %v", err)
	}
}
