package generatetest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/generatetest"
)

func TestExportedMetricsAreThereWithTheirLabels(t *testing.T) {
	t.Parallel()
	exported := generatetest.Exported(t)
	for name, want := range map[string][]string{
		"teamhealth_objective_value":                   {"objective", "team", "unit", "window"},
		"teamhealth_incident_response_seconds_bucket":  {"le", "team"},
		"teamhealth_config_last_reload_successful":     nil,
		"teamhealth_collector_errors_total":            {"collector"},
		"teamhealth_incident_resolution_seconds_count": {"team"},
	} {
		if diff := cmp.Diff(want, exported[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, ok := exported["teamhealth_build_info"]; !ok {
		t.Error("the build's version is not among the exported metrics")
	}
}

// told is a test that only remembers what it was told.
type told struct {
	testing.TB
	errors int
}

func (w *told) Helper()               {}
func (w *told) Errorf(string, ...any) { w.errors++ }

func TestNamesOfAnExpressionAreChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		expression string
		mistakes   int
	}{
		"a metric with its own labels":                    {`sum by (team) (teamhealth_objective_value{window="28d", job="x"})`, 0},
		"a metric by its __name__":                        {`{__name__="teamhealth_incidents_total", team="a"}`, 0},
		"what a recording rule made":                      {`team:made:sum{team="a"} > 1`, 0},
		"whether a target is up":                          {`up{job="teamhealth"} == 0`, 0},
		"a metric that is not ours":                       {`node_load1`, 1},
		"a label that the metric does not have":           {`teamhealth_objective_value{person="p01"}`, 1},
		"groups by a label that the metric does not have": {`sum by (service) (teamhealth_objective_value)`, 1},
		"joins by a label that neither has":               {`teamhealth_oncall_pages * on (mood) teamhealth_oncall_pages`, 1},
		"no metric at all":                                {`vector(1)`, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &told{TB: t}
			generatetest.CheckNames(w, tt.expression, map[string][]string{"team:made:sum": {"team"}})
			if w.errors != tt.mistakes {
				t.Errorf("%d mistakes, want %d", w.errors, tt.mistakes)
			}
		})
	}
}

func TestCountersWantARate(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`rate(teamhealth_incidents_total[5m])`:                                      "[teamhealth_incidents_total] true",
		`sum(teamhealth_incidents_total)`:                                           "[teamhealth_incidents_total] false",
		`teamhealth_objective_value`:                                                "[] true",
		`sum by (le) (increase(teamhealth_incident_response_seconds_bucket[1h]))`:   "[teamhealth_incident_response_seconds_bucket] true",
		`sum by (le) (delta(teamhealth_incident_response_seconds_bucket[1h])) == 0`: "[teamhealth_incident_response_seconds_bucket] false",
	} {
		names, rated := generatetest.Counters(t, expression)
		if got := fmt.Sprint(names, rated); got != want {
			t.Errorf("%s: got %s, want %s", expression, got, want)
		}
	}
}
