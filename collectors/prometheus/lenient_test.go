package prometheus_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	simulated "teamhealth/internal/simulator/prometheus"
)

// Some programs have of Prometheus' API the queries of ranges alone.
func TestWithoutTheirClockOursHasToDo(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"there is no such path":     {404, "404 page not found"},
		"it knows no such query":    {422, `{"status":"error","errorType":"execution","error":"unknown function"}`},
		"an answer without a value": {200, `{"status":"success","data":{"resultType":"vector","result":[]}}`},
		"a time that is none":       {200, `{"status":"success","data":{"resultType":"vector","result":[{"value":["x","1"]}]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				return strings.HasSuffix(r.URL.Path, "/query") && respond(rw, answer.status, answer.body)
			}
			w.serve(t).mustCollect(t)
			if want := lastHour.Add(time.Hour); !w.done.DataAsOf.Equal(want) || len(w.hours) != 2*7*24 {
				t.Errorf("%d hours as of %s, want a week of two teams as of %s", len(w.hours), w.done.DataAsOf, want)
			}
		})
	}
}

// Some programs round the ends of a range outwards.
func TestHoursThatWereNotAskedForAreLeftAlone(t *testing.T) {
	t.Parallel()
	sound := newWorld()
	sound.serve(t).mustCollect(t)
	w := newWorld()
	all, err := simulated.New(w.upstream)
	must(t, err)
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/query_range") {
			return false
		}
		wide := r.Clone(r.Context())
		wide.Form.Set("start", "1785110400") // A week before.
		wide.Form.Set("end", "1785751200")
		wide.URL.Path, wide.Method = "/api/v1/query_range", http.MethodGet
		wide.URL.RawQuery = wide.Form.Encode()
		answer := httptest.NewRecorder()
		all.ServeHTTP(answer, wide)
		return respond(rw, answer.Code, answer.Body.String())
	}
	w.serve(t).mustCollect(t)
	if len(w.hours) != len(sound.hours) || w.changed != 0 {
		t.Errorf("%d hours, %d of them twice, want %d", len(w.hours), w.changed, len(sound.hours))
	}
}
