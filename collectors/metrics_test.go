package collectors_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

func TestMetricsOfCycles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		skipping := func(_ context.Context, save func(facts.Batch) error) error {
			return save(facts.Batch{
				Complete: &facts.Completion{},
				Skipped:  []facts.Skip{{Kind: "incident", Reason: "no_id", Count: 2}, {Kind: "log_entry", Reason: "no_id", Count: 1}},
			})
		}
		registry := prometheus.NewPedanticRegistry()
		metrics, err := collectors.NewMetrics(registry)
		if err != nil {
			t.Fatal(err)
		}
		runner, err := collectors.NewRunner(collectors.Options{
			Collector: &scripted{steps: []step{takes(2*time.Second, skipping), takes(time.Second, fail)}},
			Memory:    &notebook{}, Sink: &notebook{}, Metrics: metrics, Interval: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := runner.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := runner.RunOnce(t.Context()); err == nil {
			t.Fatal("the second cycle did not fail")
		}
		metrics.Request(facts.PagerDuty, "200")
		metrics.Request(facts.PagerDuty, "error")
		metrics.Request(facts.PagerDuty, "what a proxy invents")
		metrics.RateLimit(facts.PagerDuty, 941)
		metrics.SetRecords(facts.PagerDuty, map[string]int{"incident": 4000})

		// A bubble's clock starts at midnight UTC 2000-01-01 = 946684800; the
		// first cycle ends two seconds later.
		want := `# HELP teamhealth_api_ratelimit_remaining Requests that the source's API still allowed in its present interval, as of the last answer.
# TYPE teamhealth_api_ratelimit_remaining gauge
teamhealth_api_ratelimit_remaining{collector="pagerduty"} 941
# HELP teamhealth_api_requests_total Attempts of requests to the source's API, by status code; error where there was no answer.
# TYPE teamhealth_api_requests_total counter
teamhealth_api_requests_total{code="200",collector="pagerduty"} 1
teamhealth_api_requests_total{code="error",collector="pagerduty"} 2
# HELP teamhealth_collector_duration_seconds How long the last cycle took, in the background and not during a scrape.
# TYPE teamhealth_collector_duration_seconds gauge
teamhealth_collector_duration_seconds{collector="pagerduty"} 1
# HELP teamhealth_collector_errors_total Cycles that failed.
# TYPE teamhealth_collector_errors_total counter
teamhealth_collector_errors_total{collector="pagerduty"} 1
# HELP teamhealth_collector_last_success_timestamp_seconds When the last complete cycle ended. Upstream data is collected in the background and is as old as this.
# TYPE teamhealth_collector_last_success_timestamp_seconds gauge
teamhealth_collector_last_success_timestamp_seconds{collector="pagerduty"} 9.46684802e+08
# HELP teamhealth_collector_records Facts in the store that were collected in the background, by kind.
# TYPE teamhealth_collector_records gauge
teamhealth_collector_records{collector="pagerduty",kind="incident"} 4000
# HELP teamhealth_collector_skipped_total Items that were left out because they could not be understood or read, by reason.
# TYPE teamhealth_collector_skipped_total counter
teamhealth_collector_skipped_total{collector="pagerduty",reason="no_id"} 3
# HELP teamhealth_collector_up Whether the last cycle that read the source in the background succeeded.
# TYPE teamhealth_collector_up gauge
teamhealth_collector_up{collector="pagerduty"} 0
`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
		problems, err := promlint.New(strings.NewReader(want)).Lint()
		if err != nil || len(problems) != 0 {
			t.Errorf("promlint: %v, %v", problems, err)
		}
	})
}

func TestRestoreShowsWhatWasKnownBefore(t *testing.T) {
	t.Parallel()
	const up, lastSuccess = "teamhealth_collector_up", "teamhealth_collector_last_success_timestamp_seconds"
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC) // 1785751200
	for name, test := range map[string]struct {
		state facts.SourceState
		want  map[string]float64
	}{
		"a source that was never read shows neither success nor failure": {
			state: facts.SourceState{Source: facts.PagerDuty}, want: map[string]float64{},
		},
		"a source that was read": {
			state: facts.SourceState{Source: facts.PagerDuty, LastSuccess: at},
			want:  map[string]float64{up: 1, lastSuccess: 1785751200},
		},
		"a source that failed the last time": {
			state: facts.SourceState{Source: facts.PagerDuty, LastErrorAt: at, LastError: "down"},
			want:  map[string]float64{up: 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registry := prometheus.NewPedanticRegistry()
			metrics, err := collectors.NewMetrics(registry)
			if err != nil {
				t.Fatal(err)
			}
			metrics.Restore(test.state)
			if diff := cmp.Diff(test.want, values(t, registry, up, lastSuccess)); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

// values returns the values of those named gauges that have one.
func values(t *testing.T, registry *prometheus.Registry, names ...string) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		if slices.Contains(names, family.GetName()) {
			got[family.GetName()] = family.GetMetric()[0].GetGauge().GetValue()
		}
	}
	return got
}

func TestMetricsOfOneNameCannotBeRegisteredTwice(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	if _, err := collectors.NewMetrics(registry); err != nil {
		t.Fatal(err)
	}
	if _, err := collectors.NewMetrics(registry); err == nil {
		t.Error("no error")
	}
}
