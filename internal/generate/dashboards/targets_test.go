package dashboards_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// number is an exact decimal.
func number(t *testing.T, text string) *scorecard.Number {
	t.Helper()
	n, err := scorecard.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return &n
}

// asking are the panels of a type with a query that has a text in it.
func asking(t *testing.T, p *scorecard.Policy, kind, text string) []grafana.Panel {
	t.Helper()
	var found []grafana.Panel
	for _, d := range boards(t, p) {
		for _, panel := range d.Panels {
			for _, target := range panel.Targets {
				if panel.Type == kind && strings.Contains(target.Expr, text) {
					found = append(found, panel)
				}
			}
		}
	}
	return found
}

// valueOf is a selector of the values of an objective.
func valueOf(objective string) string {
	return `teamhealth_objective_value{job=~"$job", instance=~"$instance", objective="` + objective + `", team=~"$team", window="$window"}`
}

// steps writes thresholds as one line.
func steps(t *grafana.Thresholds) string {
	if t == nil {
		return "none"
	}
	var parts []string
	for _, s := range t.Steps {
		if s.Value == nil {
			parts = append(parts, s.Color)
			continue
		}
		parts = append(parts, fmt.Sprintf("%s from %v", s.Color, *s.Value))
	}
	return strings.Join(parts, ", ")
}

func TestThresholdsAreTheTargets(t *testing.T) {
	t.Parallel()
	for objective, want := range map[string]struct{ title, steps string }{
		"database_uptime":       {"Database uptime (at least 99.999%)", "red, green from 0.99999"},
		"system_reliability":    {"System reliability (at least 99.9%)", "red, green from 0.999"},
		"incident_response":     {"Incident response (at least 90%)", "red, green from 0.9"},
		"postmortem_completion": {"Post-mortem completion (at least 100%)", "red, green from 1"},
		"oncall_burden":         {"On-call burden (below 10%)", "green, red from 0.1"},
	} {
		t.Run(objective, func(t *testing.T) {
			t.Parallel()
			stats := asking(t, example(t), grafana.TypeStat, valueOf(objective))
			lines := asking(t, example(t), grafana.TypeTimeseries, valueOf(objective))
			if len(stats) != 1 || len(lines) != 1 {
				t.Fatalf("%d stats and %d time series show it, want one each", len(stats), len(lines))
			}
			if stats[0].Title != want.title {
				t.Errorf("it is called %q, want %q", stats[0].Title, want.title)
			}
			for _, p := range []grafana.Panel{stats[0], lines[0]} {
				if got := steps(p.FieldConfig.Defaults.Thresholds); got != want.steps {
					t.Errorf("%s: thresholds are %s, want %s", p.Type, got, want.steps)
				}
			}
			if mode := lines[0].FieldConfig.Defaults.Custom.ThresholdsStyle.Mode; mode != "dashed" {
				t.Errorf("the target over time is %s", mode)
			}
		})
	}
}

func TestEveryDirectionColoursItsSideOfTheTarget(t *testing.T) {
	t.Parallel()
	above := fmt.Sprint(math.Nextafter(0.9, 1)) // 0.9000000000000001: at 0.9 itself the target is not passed yet.
	for direction, want := range map[scorecard.Direction]string{
		scorecard.AtLeast: "red, green from 0.9",
		scorecard.Above:   "red, green from " + above,
		scorecard.AtMost:  "green, red from " + above,
		scorecard.Below:   "green, red from 0.9",
	} {
		p := example(t, change("incident_response", func(o *scorecard.Objective) { o.Direction = direction }))
		if got := steps(asking(t, p, grafana.TypeStat, valueOf("incident_response"))[0].FieldConfig.Defaults.Thresholds); got != want {
			t.Errorf("%s: thresholds are %s, want %s", direction, got, want)
		}
	}
}

func TestValuesAreShownMorePreciselyThanTheTarget(t *testing.T) {
	t.Parallel()
	for objective, want := range map[string]int{
		"database_uptime": 5, // 99.999% has three decimals.
		"oncall_burden":   2, // 10% has none.
	} {
		if got := asking(t, example(t), grafana.TypeStat, valueOf(objective))[0].FieldConfig.Defaults.Decimals; *got != want {
			t.Errorf("%s is shown with %d decimals, want %d", objective, *got, want)
		}
	}
}

func TestANewTargetOfTheBurdenChangesEveryThingThatNamesIt(t *testing.T) {
	t.Parallel()
	before := example(t)
	after := example(t, change("oncall_burden", func(o *scorecard.Objective) { o.Target = number(t, "0.08") }))
	for kind, title := range map[string]string{
		grafana.TypeStat: "On-call burden (below 8%)", grafana.TypeTimeseries: "On-call burden over time",
	} {
		p := asking(t, after, kind, valueOf("oncall_burden"))[0]
		if got := steps(p.FieldConfig.Defaults.Thresholds); got != "green, red from 0.08" || p.Title != title {
			t.Errorf("%s %q has thresholds %s", kind, p.Title, got)
		}
		if !strings.Contains(p.Description, "below 8%") {
			t.Errorf("%q is described by %q", p.Title, p.Description)
		}
	}
	load := asking(t, after, grafana.TypeTable, "teamhealth_oncall_worst_week_ratio")[0]
	if !strings.Contains(load.Description, "above 24%") { // 3 × 8%
		t.Errorf("the load is described by %q", load.Description)
	}
	text, err := json.Marshal(load.FieldConfig)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"value":0.24000000000000002`) || strings.Contains(string(text), `"value":0.3`) {
		t.Errorf("the load is coloured by %s", text)
	}
	for file, d := range boards(t, before) {
		if same := cmp.Equal(d, boards(t, after)[file]); same == (file == "oncall.json") {
			t.Errorf("%s: unchanged is %t", file, same)
		}
	}
}

func TestAnObjectiveWithoutATargetHasNoThresholds(t *testing.T) {
	t.Parallel()
	p := example(t, change("oncall_burden", func(o *scorecard.Objective) { o.Target = nil }))
	stat := asking(t, p, grafana.TypeStat, valueOf("oncall_burden"))[0]
	if got := steps(stat.FieldConfig.Defaults.Thresholds); got != "none" || stat.Title != "On-call burden" {
		t.Errorf("%q has thresholds %s", stat.Title, got)
	}
	if c := stat.FieldConfig.Defaults.Color; c.Mode != "fixed" || c.FixedColor != "blue" {
		t.Errorf("its colour is %+v, which says that it is good or bad", c)
	}
	if !strings.HasSuffix(stat.Description, "There is no target, so no value is good or bad.") {
		t.Errorf("it is described by %q", stat.Description)
	}
}

func TestPanelsFollowTheMeasureAndNotTheID(t *testing.T) {
	t.Parallel()
	p := example(t, change("oncall_burden", func(o *scorecard.Objective) { o.ID, o.Title = "load", "Load" }))
	if len(asking(t, p, grafana.TypeStat, valueOf("load"))) != 1 || len(asking(t, p, grafana.TypeStat, "oncall_burden\"")) != 0 {
		t.Error("the burden is not found by what it measures")
	}
}

func TestWhatTheRubricDoesNotHaveHasNoPanel(t *testing.T) {
	t.Parallel()
	for measure, metrics := range map[scorecard.Measure][]string{
		scorecard.MeasureOncallBurden: {"teamhealth_oncall_"},
		scorecard.MeasureResponseTime: {"teamhealth_incidents_unanswered", `"incident_response"`},
		scorecard.MeasureAvailability: {"teamhealth_downtime_seconds", "teamhealth_error_budget"},
		scorecard.MeasurePostmortems:  {"teamhealth_postmortems_"},
	} {
		for _, metric := range metrics {
			for _, kind := range []string{grafana.TypeStat, grafana.TypeTable, grafana.TypeTimeseries, grafana.TypeGauge} {
				if found := asking(t, example(t, without(measure)), kind, metric); len(found) > 0 {
					t.Errorf("without %s, %q asks for %s", measure, found[0].Title, metric)
				}
			}
			if len(asking(t, example(t), grafana.TypeStat, metric))+len(asking(t, example(t), grafana.TypeTable, metric)) == 0 {
				t.Errorf("with %s, nothing asks for %s", measure, metric)
			}
		}
	}
}

func TestTablesNameTheTeamsAndObjectivesOfThePolicy(t *testing.T) {
	t.Parallel()
	p := example(t, func(p *scorecard.Policy) { p.Teams[0].Name = "The Sea Lions" })
	matrix := asking(t, p, grafana.TypeTable, "max by (objective, team)")[0]
	text, err := json.Marshal(matrix)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"mysql":"The Sea Lions"`, `"org":"Organisation"`, `"text":"Time to productivity (days)"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the matrix has no %s", want)
		}
	}
}

func TestABudgetThatIsOverspentIsRed(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		grafana.TypeGauge: "red, green from 0", grafana.TypeTimeseries: "red, green from 0",
	} {
		for _, p := range asking(t, example(t), kind, "teamhealth_error_budget_remaining_seconds") {
			if got := steps(p.FieldConfig.Defaults.Thresholds); got != want {
				t.Errorf("%s %q has thresholds %s, want %s", kind, p.Title, got, want)
			}
		}
	}
	gauge := asking(t, example(t), grafana.TypeGauge, "teamhealth_error_budget_remaining_seconds")[0]
	if !strings.Contains(gauge.Targets[0].Expr, "> 0)") {
		t.Errorf("%s\ndivides by a budget of nothing", gauge.Targets[0].Expr)
	}
}

func TestDataIsOldWhenRowsBecomeStale(t *testing.T) {
	t.Parallel()
	p := example(t, func(p *scorecard.Policy) { p.Sources[1].Interval = 30 * time.Minute })
	for _, panel := range asking(t, p, grafana.TypeStat, "teamhealth_collector_last_success_timestamp_seconds") {
		if got, want := steps(panel.FieldConfig.Defaults.Thresholds), "blue, orange from 3600"; got != want { // An hour.
			t.Errorf("%s: thresholds are %s, want %s", panel.Title, got, want)
		}
		var others []string
		for _, o := range panel.FieldConfig.Overrides {
			others = append(others, o.Matcher.Options+" "+string(encoded(t, o.Properties[0].Value)))
		}
		// Three cycles of 30 minutes are 5,400 s; those of 5 minutes are less than an hour.
		want := []string{`jira {"mode":"absolute","steps":[{"color":"blue","value":null},{"color":"orange","value":5400}]}`}
		if diff := cmp.Diff(want, others); diff != "" {
			t.Errorf("%s: other thresholds (-want +got):\n%s", panel.Title, diff)
		}
	}
}
