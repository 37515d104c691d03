package alerts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/facts"
	"teamhealth/internal/generate/alerts"
	"teamhealth/scorecard"
)

func TestAnotherTargetOfTheBurdenReachesRulesProofsAndRunbooks(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	before := generated(t, p, s)
	objective(t, p, "oncall_burden").Target = decimal(t, "0.08")
	after := generated(t, p, s)
	for _, name := range []string{"TeamhealthOncallBurdenHigh", "TeamhealthOncallWeekHeavy"} {
		if cmp.Equal(before.alert(t, name), after.alert(t, name)) {
			t.Errorf("the rule of %s is what it was", name)
		}
		if sectionsOf(before[runbooksPath])[name] == sectionsOf(after[runbooksPath])[name] {
			t.Errorf("the runbook of %s is what it was", name)
		}
	}
	for path, want := range map[string][]string{
		rulesPath:    {"the target is below 8%", `{team!="org",window="28d"} > 0.24`},
		manifestPath: {"the target is below 8%", `{team!="org",window="28d"} > 0.24`},
		testsPath:    {"Incidents took 12% of the working time of those on call in mysql over the last 28 days; the target is below 8%.", "0.24x"},
		runbooksPath: {"the burden must be below 8%", "more than 24% of the working time", "> 0.24"},
	} {
		for _, text := range want {
			if !strings.Contains(after[path], text) {
				t.Errorf("%s is without %q", path, text)
			}
		}
	}
}

func TestAlertsFollowTheObjectives(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change  func(*testing.T, *scorecard.Policy)
		gone    []string // Alerts that are no more.
		without []string // What is said nowhere.
		with    []string // What the rules say.
	}{
		"without an objective about the burden nothing speaks of it": {
			change:  func(_ *testing.T, p *scorecard.Policy) { without(p, scorecard.MeasureOncallBurden) },
			gone:    []string{"TeamhealthOncallBurdenHigh", "TeamhealthOncallWeekHeavy"},
			without: []string{"oncall_burden", "OncallBurdenHigh"},
		},
		"a burden that is only tracked cannot be missed": {
			change: func(t *testing.T, p *scorecard.Policy) { objective(t, p, "oncall_burden").Target = nil },
			gone:   []string{"TeamhealthOncallBurdenHigh", "TeamhealthOncallWeekHeavy"},
		},
		"a burden with another id is found": {
			change:  func(t *testing.T, p *scorecard.Policy) { objective(t, p, "oncall_burden").ID = "pager_load" },
			without: []string{`"oncall_burden"`},
			with:    []string{`teamhealth_objective_verdict{objective="pager_load",window="28d",verdict="missed"} == 1`},
		},
		"two objectives about the burden are watched by their own targets": {
			change: func(t *testing.T, p *scorecard.Policy) {
				other := *objective(t, p, "oncall_burden")
				other.ID, other.Target, other.Lines = "sre_burden", decimal(t, "0.25"), []scorecard.Line{scorecard.LineSRE}
				p.Rubric.Objectives = append(p.Rubric.Objectives, other)
			},
			with: []string{
				`objective=~"oncall_burden|sre_burden",window="28d",verdict="missed"} == 1`, "the target is below 10% or below 25%",
				`> ignoring (window) group_left () (3 * min without (objective, unit) (teamhealth_objective_target{objective=~"oncall_burden|sre_burden"})`,
			},
		},
		"responses that may take longer are told of with their time": {
			change: func(t *testing.T, p *scorecard.Policy) {
				objective(t, p, "incident_response").Threshold = scorecard.Span(10 * time.Minute)
			},
			with: []string{"answered within 10 minutes", `le=~"600(\\.0)?"`},
		},
		"a share that must be above its target is proven by the strict comparison": {
			change: func(t *testing.T, p *scorecard.Policy) {
				objective(t, p, "incident_response").Direction = scorecard.Above
			},
			with: []string{"interval_high_ratio{objective=\"incident_response\",window=\"28d\"}\n    > ignoring"},
		},
		"a share that must stay below its target is proven by the lower end": {
			change: func(t *testing.T, p *scorecard.Policy) {
				o := objective(t, p, "migration_success")
				o.Direction, o.Target = scorecard.Below, decimal(t, "0.5")
			},
			with: []string{"interval_low_ratio{objective=\"migration_success\",window=\"current_quarter\"}\n    < ignoring"},
		},
		"without responses no proof of theirs is asked for": {
			change:  func(_ *testing.T, p *scorecard.Policy) { without(p, scorecard.MeasureResponseTime) },
			gone:    []string{"TeamhealthResponseSlow"},
			without: []string{"incident_response", "interval_high_ratio"},
		},
		"without post-mortems none is overdue": {
			change:  func(_ *testing.T, p *scorecard.Policy) { without(p, scorecard.MeasurePostmortems) },
			gone:    []string{"TeamhealthPostmortemOverdue"},
			without: []string{"teamhealth_postmortems_overdue", "postmortem_completion"},
		},
		"a post-mortem has the time that the objective gives": {
			change: func(t *testing.T, p *scorecard.Policy) {
				objective(t, p, "postmortem_completion").Due = scorecard.Due{Days: 10}
			},
			with: []string{"no finished post-mortem after 10 days"},
		},
		"without uptime there is no budget": {
			change:  func(_ *testing.T, p *scorecard.Policy) { without(p, scorecard.MeasureAvailability) },
			gone:    []string{"TeamhealthUptimeBudgetExhausted", "TeamhealthUptimeBudgetBurning"},
			without: []string{"error_budget"},
		},
		"an uptime that is told by events leaves no budget of time": {
			change: func(t *testing.T, p *scorecard.Policy) {
				objective(t, p, "database_uptime").Method = "events"
				objective(t, p, "system_reliability").Method = "events"
				p.Sources = append(slices.Clone(p.Sources), scorecard.SourceRules{Source: facts.Prometheus, Built: true, Interval: 15 * time.Minute})
			},
			gone: []string{"TeamhealthUptimeBudgetExhausted", "TeamhealthUptimeBudgetBurning"},
		},
		"a source that is read more seldom has more time": {
			change: func(_ *testing.T, p *scorecard.Policy) { interval(p, facts.Jira, time.Hour) },
			with:   []string{`timestamp_seconds{collector="jira"} > 10800`, `timestamp_seconds{collector="pagerduty"} > 900`, "for: 2h"},
		},
		"a source that is not configured is not missed": {
			change: func(_ *testing.T, p *scorecard.Policy) {
				p.Sources = slices.DeleteFunc(p.Sources, func(r scorecard.SourceRules) bool { return r.Source == facts.Jira })
			},
			without: []string{`collector="jira"`, "pagerduty|jira"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := example(t)
			all := generated(t, p, s).alerts(t)
			tt.change(t, p)
			out := generated(t, p, s)
			want := slices.DeleteFunc(all, func(name string) bool { return slices.Contains(tt.gone, name) })
			if diff := cmp.Diff(want, out.alerts(t)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			for path, content := range out {
				for _, text := range tt.without {
					if strings.Contains(content, text) {
						t.Errorf("%s speaks of %q", path, text)
					}
				}
				for _, name := range tt.gone {
					if strings.Contains(content, name) {
						t.Errorf("%s speaks of the alert %s, which is not there", path, name)
					}
				}
			}
			for _, text := range tt.with {
				if !strings.Contains(unindented(out[rulesPath]), unindented(text)) {
					t.Errorf("the rules are without %q", text)
				}
			}
		})
	}
}

// unindented takes the indentation off every line.
func unindented(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

func interval(p *scorecard.Policy, source facts.Source, every time.Duration) {
	p.Sources = slices.Clone(p.Sources)
	for i := range p.Sources {
		if p.Sources[i].Source == source {
			p.Sources[i].Interval = every
		}
	}
}

func TestOnlyBudgetsOfMoreThanTenIntervalsAreWatchedWhileTheyGo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		target string        // Of the SREs' uptime.
		every  time.Duration // PagerDuty is read.
		want   string        // Seconds that a budget must be above; empty: there is no such alert.
	}{
		// A quarter of 92 days has 7,948,800 s; 0.1% of it are 7,948.8 s.
		"99.9% read every five minutes":                       {"0.999", 5 * time.Minute, "3000"},
		"99.9% read every thirteen minutes":                   {"0.999", 13 * time.Minute, "7800"},
		"99.9% read every quarter of an hour":                 {"0.999", 15 * time.Minute, ""},
		"99.999% read every five minutes":                     {"0.99999", 5 * time.Minute, ""},
		"99.999% read every seven seconds: 79 s against 70 s": {"0.99999", 7 * time.Second, "70"},
		"99.999% read every eight seconds: 79 s against 80 s": {"0.99999", 8 * time.Second, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := example(t)
			objective(t, p, "system_reliability").Target = decimal(t, tt.target)
			interval(p, facts.PagerDuty, tt.every)
			out := generated(t, p, s)
			r := out.alert(t, "TeamhealthUptimeBudgetBurning")
			if (r != nil) != (tt.want != "") {
				t.Fatalf("there is such an alert: %v", r != nil)
			}
			if r != nil && !strings.Contains(r.Expression, "> "+tt.want+") / 10") {
				t.Errorf("the alert is about budgets above another number than %s:\n%s", tt.want, r.Expression)
			}
			if strings.Contains(out[rulesPath], "error_budget_spending") != (r != nil) {
				t.Error("spending is recorded for nothing, or not although an alert counts it")
			}
		})
	}
}

func TestServicesThatShareABudgetHaveALargerOne(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	without(p, scorecard.MeasureAvailability)
	p.Teams = slices.Clone(p.Teams)
	for i := range 40 { // 40 times 79 s are above 3,000 s.
		p.Teams[0].Services = append(p.Teams[0].Services, "P"+strconv.Itoa(i))
	}
	for aggregate, want := range map[string]bool{"worst": false, "pooled": true} {
		p.Rubric.Objectives = append(slices.Clone(p.Rubric.Objectives), scorecard.Objective{
			ID: "uptime", Measure: scorecard.MeasureAvailability, Target: decimal(t, "0.99999"),
			Direction: scorecard.AtLeast, Unit: scorecard.UnitRatio, Window: scorecard.WindowPeriod,
			Scope: []scorecard.Scope{scorecard.ScopeTeam}, Parameters: scorecard.Parameters{Aggregate: aggregate},
		})
		if got := generated(t, p, s).alert(t, "TeamhealthUptimeBudgetBurning") != nil; got != want {
			t.Errorf("%s: the budget is watched: %v, want %v", aggregate, got, want)
		}
		without(p, scorecard.MeasureAvailability)
	}
}

func TestResponsesAreRecordedByTheBucketsThatThereAre(t *testing.T) {
	t.Parallel()
	recorded := func(threshold time.Duration) bool {
		p, s := example(t)
		objective(t, p, "incident_response").Threshold = scorecard.Span(threshold)
		return strings.Contains(generated(t, p, s)[rulesPath], fmt.Sprintf(`le=~"%g(`, threshold.Seconds()))
	}
	for _, bound := range metrics.ResponseBounds() {
		if !recorded(bound) {
			t.Errorf("answers within %s are not recorded", bound)
		}
		if recorded(bound + time.Second) {
			t.Errorf("answers within %s are recorded, and no bucket ends there", bound+time.Second)
		}
	}
}

func TestSeveritiesAreThoseOfTheConfiguration(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	defaults := map[string]string{}
	for _, r := range generated(t, p, s).rules(t) {
		defaults[r.Alert] = r.Labels["severity"]
	}
	if slices.Contains([]string{defaults["TeamhealthOncallBurdenHigh"], defaults["TeamhealthOncallWeekHeavy"]}, "critical") {
		t.Error("by default a burden pages somebody, who would have even more of it")
	}
	s.Severities = map[string]string{"TeamhealthDataStale": "critical"}
	out := generated(t, p, s)
	for _, r := range out.rules(t) {
		want := defaults[r.Alert]
		if r.Alert == "TeamhealthDataStale" {
			want = "critical"
		}
		if r.Alert != "" && r.Labels["severity"] != want {
			t.Errorf("%s is %s, want %s", r.Alert, r.Labels["severity"], want)
		}
	}
	if !strings.Contains(sectionsOf(out[runbooksPath])["TeamhealthDataStale"], "Severity `critical`") {
		t.Error("the runbook tells of another severity")
	}
}

func TestAConfigurationMayNameEveryAlert(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	var text strings.Builder
	text.WriteString("organization: {name: A}\nsources: {pagerduty: {url: 'https://api.pagerduty.com', token_env: A}}\nteams: [{id: a}]\nalerts:\n  severities:\n")
	for _, name := range generated(t, p, s).alerts(t) {
		fmt.Fprintf(&text, "    %s: critical\n", name)
	}
	path := filepath.Join(t.TempDir(), "teamhealth.yml")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(path); err != nil {
		t.Error(err)
	}
}

func TestRunbooksAreWhereTheConfigurationSays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ url, want string }{
		"at an address":                {"https://wiki.example.com/runbooks.md", "https://wiki.example.com/runbooks.md#teamhealthdatastale"},
		"at an address with an anchor": {"https://wiki.example.com/runbooks#top", "https://wiki.example.com/runbooks#teamhealthdatastale"},
		"beside the rules":             {"", "docs/runbooks.md#teamhealthdatastale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := example(t)
			out := generated(t, p, alerts.Settings{RunbookURL: tt.url})
			if got := out.alert(t, "TeamhealthDataStale").Annotations["runbook_url"]; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
