package prometheus_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/prometheus"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// probe probes the world.
func (w *world) probe(t *testing.T) ([]string, error) {
	t.Helper()
	c, err := prometheus.New(w.opts)
	must(t, err)
	return c.Probe(t.Context())
}

func TestAProbeAsksEveryExpressionAndKeepsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.opts.Queries = append(w.opts.Queries, prometheus.Query{
		Objective: "system_reliability", Events: facts.EventQuery{Good: "good", Total: "total"}, Teams: []string{"oncall"},
	})
	w.serve(t)
	warnings, err := w.probe(t)
	must(t, err)
	want := []string{
		"objective system_reliability, team oncall, expression good: it gives nothing for the last 24 hours",
		"objective system_reliability, team oncall, expression total: it gives nothing for the last 24 hours",
	}
	if diff := cmp.Diff(want, warnings); diff != "" || len(w.requests) != 6 || w.batches != 0 {
		t.Errorf("%d requests, warnings (-want +got):\n%s", len(w.requests), diff)
	}
}

func TestAProbeTellsOfAPrometheusThatGoesDown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.client.MaxAttempts = 1
	down := false
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		down = down || isRange(r)
		return down && respond(rw, http.StatusBadGateway, "")
	}
	_, err := w.serve(t).probe(t)
	if status, ok := errors.AsType[*apiclient.StatusError](err); !ok || status.Path != "/prom/api/v1/query" {
		t.Errorf("the error is %v", err)
	}
}
