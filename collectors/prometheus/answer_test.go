package prometheus_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"testing"

	"teamhealth/collectors/prometheus"
)

func TestAnAnswerOfTheWrongShapeNamesTheObjectiveAndWhatCame(t *testing.T) {
	t.Parallel()
	series := func(labels ...string) string {
		var all []string
		for _, l := range labels {
			all = append(all, fmt.Sprintf(`{"metric":{%s},"values":[[%d,"5"]]}`, l, lastHour.Unix()+3600))
		}
		return `{"status":"success","data":{"resultType":"matrix","result":[` + strings.Join(all, ",") + `]}}`
	}
	for name, test := range map[string]struct{ body, want string }{
		"several series": {
			series(`"instance":"a:9104","job":"x"`, `"instance":"b:9104","job":"x"`, `"instance":"c:9104"`),
			`it gives 3 series, {instance="a:9104", job="x"} and {instance="b:9104", job="x"} among them, where one is needed`,
		},
		"labels without an end": {
			series(`"a":"`+strings.Repeat("x", 5000)+`"`, `"b":""`), "…",
		},
		"native histograms": {
			`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[1,{"count":"1"}]]}]}}`, "histogram_count()",
		},
		"a vector": {
			`{"status":"success","data":{"resultType":"vector","result":[]}}`, `the answer is a "vector", where a matrix is due`,
		},
		"a time between the hours": {matrixOf(`[1785747600.5,"5"]`), "2026-08-03T09:00:00.5Z, which was not asked for"},
		"one time twice": {
			matrixOf(fmt.Sprintf(`[%d,"5"],[%d,"6"]`, lastHour.Unix()+3600, lastHour.Unix()+3600)), "which was not asked for",
		},
		"a time without a value":   {matrixOf(fmt.Sprintf(`[%d]`, lastHour.Unix()+3600)), "for a sample"},
		"a value without quotes":   {matrixOf(fmt.Sprintf(`[%d,5]`, lastHour.Unix()+3600)), "for a sample"},
		"a value that is a word":   {matrixOf(fmt.Sprintf(`[%d,"many"]`, lastHour.Unix()+3600)), "for a sample"},
		"no result":                {`{"status":"success","data":{"resultType":"matrix","result":null}}`, "the answer has no matrix"},
		"a series that is none":    {`{"status":"success","data":{"resultType":"matrix","result":[null]}}`, "a series without values"},
		"a result that is no list": {`{"status":"success","data":{"resultType":"matrix","result":{}}}`, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				return isRange(r, asked("mysql").Total) && respond(rw, http.StatusOK, test.body)
			}
			err := w.serve(t).collect(t)
			problem, ok := errors.AsType[*prometheus.QueryError](err)
			if !ok || problem.Objective != "query_performance" || problem.Team != "mysql" || problem.Side != prometheus.Total {
				t.Fatalf("the error is %v", err)
			}
			if text := err.Error(); !strings.Contains(text, test.want) || !strings.HasPrefix(text, "objective query_performance, team mysql, expression total: ") || len(text) > 600 {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
			if w.done != nil || len(w.kept("mysql")) != 0 || len(w.kept("mongodb")) != 7*24 {
				t.Errorf("complete %v, with %d and %d hours", w.done, len(w.kept("mysql")), len(w.kept("mongodb")))
			}
			if _, probeErr := w.probe(t); probeErr == nil || !strings.Contains(probeErr.Error(), test.want) {
				t.Errorf("the probe's error is %v", probeErr)
			}
		})
	}
}

func TestManyFailuresMakeAShortError(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.opts.Queries[0].Teams = []string{"a", "b", "c", "d", "e"}
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		return isRange(r) && respond(rw, http.StatusBadRequest, `{"status":"error","errorType":"bad_data","error":"unknown function"}`)
	}
	err := w.serve(t).collect(t)
	if err == nil || strings.Count(err.Error(), "unknown function") != 3 || !strings.HasSuffix(err.Error(), "; and 2 more") {
		t.Errorf("the error is %v", err)
	}
}

func TestWarningsAreLoggedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		return isRange(r) && respond(rw, http.StatusOK, `{"status":"success","warnings":["a store is gone"],"data":{"resultType":"matrix","result":[]}}`)
	}
	w.serve(t).mustCollect(t)
	const want = `level=WARN msg="prometheus warns about an expression" collector=prometheus objective=query_performance team=mysql expression=total warning="a store is gone"`
	if text := w.log.String(); strings.Count(text, "a store is gone") != 1 || !strings.Contains(text, want) {
		t.Errorf("the log is\n%s", text)
	}
}

// FuzzAnswer holds that whatever is answered for a range, the facts are counts of
// hours that were asked for.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(matrixOf(fmt.Sprintf(`[%d,"5"]`, lastHour.Unix()+3600))))
	f.Add([]byte(matrixOf(fmt.Sprintf(`[%d.000,"1e300"],[%d,"0x1p3"]`, lastHour.Unix()+3600, lastHour.Unix()))))
	f.Add([]byte(refusal))
	f.Add([]byte(`{"status":"success","data":{"resultType":"matrix","result":[{},{}]}}`))
	f.Add([]byte(`{"status":"success","data":{"resultType":"matrix","result":[null]}}`))
	f.Add([]byte(`{"status":"success","data":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := newWorld().only()
		w.opts.Logger = slog.New(slog.DiscardHandler)
		w.opts.Since = ago(30)
		w.client.MaxAttempts = 1
		w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			return isRange(r) && respond(rw, http.StatusOK, string(body))
		}
		if err := w.serve(t).collect(t); (err == nil) != (w.done != nil) {
			t.Errorf("the error is %v, and the cycle complete: %v", err, w.done)
		}
		for _, h := range w.hours {
			if !(h.Good >= 0 && h.Good <= h.Total) || math.IsInf(h.Total, 0) || h.Hour.Before(ago(30)) || h.Hour.After(lastHour) {
				t.Errorf("the fact %+v", h)
			}
		}
	})
}
