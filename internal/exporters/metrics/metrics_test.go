package metrics_test

import (
	"bytes"
	"flag"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/goldentest"
	"teamhealth/scorecard"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// board is a source whose cards a test may replace.
type board struct {
	published atomic.Pointer[scorecard.Published]
}

func (b *board) Published() *scorecard.Published { return b.published.Load() }

func registry(tb testing.TB, p *scorecard.Published) (*prometheus.Registry, *board) {
	tb.Helper()
	b := &board{}
	b.published.Store(p)
	r := prometheus.NewPedanticRegistry()
	if err := metrics.Register(r, b); err != nil {
		tb.Fatal(err)
	}
	return r, b
}

// format writes a family in one of the formats that a scrape may ask for.
type format func(io.Writer, *dto.MetricFamily) error

func plainText(w io.Writer, f *dto.MetricFamily) error {
	_, err := expfmt.MetricFamilyToText(w, f)
	return err
}

func openMetrics(w io.Writer, f *dto.MetricFamily) error {
	_, err := expfmt.MetricFamilyToOpenMetrics(w, f, expfmt.WithCreatedLines())
	return err
}

// exposition is the text format of what the registry gathers, build information aside.
func exposition(tb testing.TB, g prometheus.Gatherer) string {
	tb.Helper()
	return expositionIn(tb, plainText, g)
}

func expositionIn(tb testing.TB, write format, g prometheus.Gatherer) string {
	tb.Helper()
	families, err := g.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range families {
		if f.GetName() == "teamhealth_build_info" {
			continue
		}
		if err := write(&out, f); err != nil {
			tb.Fatal(err)
		}
	}
	return out.String()
}

func TestExpositionMatchesItsGoldens(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	if err := metrics.RegisterTally(r, tallies{tally()}); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]format{"metrics.txt": plainText, "metrics.openmetrics": openMetrics} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldentest.Compare(t, *update, name, []byte(expositionIn(t, write, r)))
		})
	}
}

func TestExpositionPassesTheLinter(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	if err := metrics.RegisterTally(r, tallies{tally()}); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestBeforeTheFirstCardsThereIsOnlyTheBuild(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, nil)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if len(families) != 1 || families[0].GetName() != "teamhealth_build_info" {
		t.Errorf("gathered %v, want only teamhealth_build_info", families)
	}
}

func TestEveryMetricOfTheDashboardsIsThere(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, cardtest.Published())
	got := exposition(t, r)
	for _, line := range []string{
		// 28/30 as the nearest float64.
		`teamhealth_objective_value{objective="incident_response",team="mysql",unit="ratio",window="previous_quarter"} 0.9333333333333333`,
		`teamhealth_objective_target{objective="incident_response",team="mysql",unit="ratio"} 0.9`,
		`teamhealth_objective_verdict{objective="oncall_burden",team="oncall",verdict="no_data",window="previous_quarter"} 1`,
		`teamhealth_objective_score_ratio{objective="database_uptime",team="mysql",window="previous_quarter"} 0.99`,
		`teamhealth_objective_numerator{objective="incident_response",team="org",window="current_quarter"} 28`,
		`teamhealth_objective_denominator{objective="incident_response",team="org",window="current_quarter"} 30`,
		`teamhealth_objective_interval_low_ratio{objective="incident_response",team="org",window="current_quarter"} 0.7735`,
		`teamhealth_objective_interval_high_ratio{objective="incident_response",team="org",window="current_quarter"} 0.9802`,
		`teamhealth_scorecard_score_ratio{team="mysql",window="previous_quarter"} 0.8740000000000001`,
		`teamhealth_scorecard_coverage_ratio{team="mysql",window="previous_quarter"} 0.92`,
		`teamhealth_error_budget_seconds{objective="database_uptime",team="org",window="previous_quarter"} 79.488`,
		`teamhealth_error_budget_remaining_seconds{objective="database_uptime",team="org",window="previous_quarter"} -0.512`,
		`teamhealth_unmapped_services 1`,
		`teamhealth_unmapped_people 2`,
		`teamhealth_exception_expired{exception="ex1"} 0`,
		`teamhealth_exception_expired{exception="ex2"} 1`,
		`teamhealth_org_info{name="Database Reliability Engineering"} 1`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

func TestWhatIsAbsentHasNoSample(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, cardtest.Published())
	got := exposition(t, r)
	for _, prefix := range []string{
		`teamhealth_objective_value{objective="oncall_burden"`,            // No data.
		`teamhealth_objective_target{objective="migration_success"`,       // Tracked.
		`teamhealth_objective_score_ratio{objective="migration_success"`,  // Neither met nor missed.
		`teamhealth_objective_interval_low_ratio{objective="database`,     // A census of time.
		`teamhealth_scorecard_score_ratio{team="oncall"`,                  // Less than half covered.
		`teamhealth_error_budget_seconds{objective="incident_response"`,   // A budget of events.
		`teamhealth_objective_target{objective="incident_response",team=`, // Once only, see below.
	} {
		want := 0
		if strings.HasSuffix(prefix, "team=") {
			want = 2 // Organisation and mysql, although the organisation has it in two windows.
		}
		if n := strings.Count(got, prefix); n != want {
			t.Errorf("%d lines begin with %s, want %d", n, prefix, want)
		}
	}
}

func TestAScrapeShowsTheLatestPublished(t *testing.T) {
	t.Parallel()
	r, b := registry(t, cardtest.Published())
	first := exposition(t, r)
	if again := exposition(t, r); again != first {
		t.Errorf("a second scrape of the same cards differs:\n%s", cmp.Diff(first, again))
	}
	next := cardtest.Published()
	next.UnmappedServices = 7
	b.published.Store(next)
	if got := exposition(t, r); !strings.Contains(got, "teamhealth_unmapped_services 7\n") {
		t.Error("the scrape after a publication still shows what was published before")
	}
}

func TestALabelThatIsNotTextFailsTheScrape(t *testing.T) {
	t.Parallel()
	p := cardtest.Published()
	p.ExceptionsExpired = map[string]bool{"\xff": true}
	r, _ := registry(t, p)
	if _, err := r.Gather(); err == nil {
		t.Error("the scrape succeeded without the sample")
	}
}

func TestASecondRegistrationIsAnError(t *testing.T) {
	t.Parallel()
	r, b := registry(t, nil)
	if err := metrics.Register(r, b); err == nil {
		t.Error("registering the same metrics twice succeeded")
	}
}
