package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamhealth/internal/exporters/metrics"
)

func TestReloadsShowTheLastAttemptAndTheLastSuccess(t *testing.T) {
	t.Parallel()
	r := prometheus.NewPedanticRegistry()
	reloads, err := metrics.NewReloads(r)
	if err != nil {
		t.Fatal(err)
	}
	want := func(successful, at string) {
		t.Helper()
		err := testutil.GatherAndCompare(r, strings.NewReader(`
# HELP teamhealth_config_last_reload_success_timestamp_seconds When the configuration was last read successfully.
# TYPE teamhealth_config_last_reload_success_timestamp_seconds gauge
teamhealth_config_last_reload_success_timestamp_seconds `+at+`
# HELP teamhealth_config_last_reload_successful Whether the last attempt to read the configuration succeeded; after one that did not, the configuration before it stays in use.
# TYPE teamhealth_config_last_reload_successful gauge
teamhealth_config_last_reload_successful `+successful+`
`))
		if err != nil {
			t.Error(err)
		}
	}
	reloads.Succeeded(time.Unix(1_780_000_000, 5e8))
	want("1", "1.7800000005e+09")
	reloads.Failed()
	want("0", "1.7800000005e+09")
	reloads.Succeeded(time.Unix(1_780_000_060, 0))
	want("1", "1.78000006e+09")
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) > 0 {
		t.Errorf("promlint: %v %v", problems, err)
	}
}

func TestReloadsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	r := prometheus.NewPedanticRegistry()
	if _, err := metrics.NewReloads(r); err != nil {
		t.Fatal(err)
	}
	if _, err := metrics.NewReloads(r); err == nil {
		t.Error("registering twice is no error")
	}
}
