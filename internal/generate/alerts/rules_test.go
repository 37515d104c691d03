package alerts_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"

	"teamhealth/internal/generate/generatetest"
	"teamhealth/scorecard"
)

func TestTheExampleHasEveryAlert(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	want := []string{
		"TeamhealthOncallBurdenHigh", "TeamhealthOncallWeekHeavy", "TeamhealthResponseSlow",
		"TeamhealthUptimeBudgetExhausted", "TeamhealthUptimeBudgetBurning", "TeamhealthPostmortemOverdue",
		"TeamhealthObjectiveMissed", "TeamhealthDataStale", "TeamhealthCollectorFailing",
		"TeamhealthExceptionExpired", "TeamhealthMetricsAbsent",
	}
	if diff := cmp.Diff(want, generated(t, p, s).alerts(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheBurdenAlertIsTheOneThatIsPromised(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	r := generated(t, p, s).alert(t, "TeamhealthOncallBurdenHigh")
	if want := `teamhealth_objective_verdict{objective="oncall_burden",window="28d",verdict="missed"} == 1`; r.Expression != want {
		t.Errorf("the expression is\n%s\nwant\n%s", r.Expression, want)
	}
	if r.For != "1h" || r.Labels["severity"] != "warning" {
		t.Errorf("it waits for %s and is %s, want 1h and warning", r.For, r.Labels["severity"])
	}
}

func TestRulesAreAlertsOrRecordings(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	for _, r := range generated(t, p, s).rules(t) {
		generatetest.Parse(t, r.Expression)
		switch {
		case r.Alert != "" && r.Record == "":
			if !regexp.MustCompile(`^Teamhealth[A-Z][A-Za-z]+$`).MatchString(r.Alert) {
				t.Errorf("%q is no name for an alert of ours", r.Alert)
			}
		case r.Alert == "" && r.For == "" && r.Annotations == nil:
			if !regexp.MustCompile(`^[a-z_]+:teamhealth_[a-z0-9_]+:[a-z0-9_]+$`).MatchString(r.Record) {
				t.Errorf("%q is no name of level, metric and operations", r.Record)
			}
		default:
			t.Errorf("%+v is neither an alert nor a recording", r)
		}
	}
}

// recorded are the metrics that the rules make, with the labels that are left of
// those of what they are made from.
func recorded(t *testing.T, rules []rule) map[string][]string {
	t.Helper()
	made := map[string][]string{}
	for _, r := range rules {
		if r.Record != "" {
			level, _, _ := strings.Cut(r.Record, ":")
			made[r.Record] = append(strings.Split(level, "_"), "window")
		}
	}
	return made
}

func TestRulesNameOnlyWhatIsExported(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	rules := generated(t, p, s).rules(t)
	made := recorded(t, rules)
	for _, r := range rules {
		generatetest.CheckNames(t, r.Expression, made)
		for _, q := range queriesOf(r.Annotations["description"]) {
			generatetest.CheckNames(t, q, made)
		}
		if names, rated := generatetest.Counters(t, r.Expression); !rated {
			t.Errorf("%s%s asks for the plain count of %v", r.Alert, r.Record, names)
		}
	}
}

var queryForm = regexp.MustCompile(`printf "([^"]*\{[^"]*)"`)

// queriesOf lists what a template asks Prometheus for.
func queriesOf(template string) []string {
	var queries []string
	for _, m := range queryForm.FindAllStringSubmatch(template, -1) {
		text := regexp.MustCompile(`%(\[\d\])?s`).ReplaceAllString(m[1], "x")
		queries = append(queries, text)
	}
	return queries
}

func TestDescriptionsShowFiguresOfTheirRow(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	queries := 0
	for _, r := range generated(t, p, s).rules(t) {
		for _, q := range queriesOf(r.Annotations["description"]) {
			queries++
			for _, own := range []string{"objective='x'", "team='x'", "job='x'", "instance='x'"} {
				if !strings.Contains(q, own) {
					t.Errorf("%s asks for %s, which is without %s", r.Alert, q, own)
				}
			}
		}
	}
	if queries < 4 {
		t.Errorf("found %d queries in descriptions, want those of four alerts at least", queries)
	}
}

func TestEveryAlertIsComplete(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	anchors := anchorsOf(out[runbooksPath])
	for _, r := range out.rules(t) {
		if r.Alert == "" {
			continue
		}
		for _, annotation := range []string{"summary", "description", "runbook_url", "dashboard"} {
			if r.Annotations[annotation] == "" {
				t.Errorf("%s has no %s", r.Alert, annotation)
			}
		}
		if strings.Contains(r.Annotations["summary"], "{{") {
			t.Errorf("the summary of %s changes: %s", r.Alert, r.Annotations["summary"])
		}
		if !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) {
			t.Errorf("%s has severity %q", r.Alert, r.Labels["severity"])
		}
		if labels := fmt.Sprint(r.Labels); strings.Contains(labels, "{{") {
			t.Errorf("a label of %s changes, so that it would be another alert each time: %s", r.Alert, labels)
		}
		page, anchor, _ := strings.Cut(r.Annotations["runbook_url"], "#")
		if page != s.RunbookURL || !slices.Contains(anchors, anchor) {
			t.Errorf("%s points to %s, which is no section of the runbooks", r.Alert, r.Annotations["runbook_url"])
		}
	}
}

func TestAlertsWaitForTwoEvaluations(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	var document groups
	decode(t, generated(t, p, s)[rulesPath], &document)
	for _, g := range document.Groups {
		interval := duration(t, g.Interval)
		for _, r := range g.Rules {
			if r.Alert != "" && duration(t, r.For) < 2*interval {
				t.Errorf("%s waits for %s, which is less than two evaluations of %s", r.Alert, r.For, g.Interval)
			}
		}
	}
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := model.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(d)
}

func TestNoRuleIsThereTwice(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	names, expressions := map[string]bool{}, map[string]bool{}
	for _, r := range generated(t, p, s).rules(t) {
		if name := r.Alert + r.Record; names[name] {
			t.Errorf("there are two rules %s", name)
		}
		if expressions[r.Expression] {
			t.Errorf("two rules ask for %s", r.Expression)
		}
		names[r.Alert+r.Record], expressions[r.Expression] = true, true
	}
}

func TestTheManifestHoldsTheSameRules(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	var plain groups
	decode(t, out[rulesPath], &plain)
	var manifest struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
		Metadata   struct {
			Name   string            `yaml:"name"`
			Labels map[string]string `yaml:"labels"`
		} `yaml:"metadata"`
		Spec groups `yaml:"spec"`
	}
	decode(t, out[manifestPath], &manifest)
	if manifest.APIVersion != "monitoring.coreos.com/v1" || manifest.Kind != "PrometheusRule" || manifest.Metadata.Name == "" {
		t.Errorf("the manifest is a %s of %s named %q", manifest.Kind, manifest.APIVersion, manifest.Metadata.Name)
	}
	if diff := cmp.Diff(plain, manifest.Spec); diff != "" {
		t.Errorf("the manifest differs (-rules +manifest):\n%s", diff)
	}
}

func TestFilesSayThatTheyAreGenerated(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	for path, content := range generated(t, p, s) {
		first, _, _ := strings.Cut(content, "\n")
		if !strings.Contains(first, "Generated by `teamhealth generate ") {
			t.Errorf("%s begins with %q", path, first)
		}
		if strings.Contains(content, "\t") || strings.HasSuffix(content, "\n\n") || !strings.HasSuffix(content, "\n") {
			t.Errorf("%s has tabs, or does not end with one end of line", path)
		}
	}
}

func TestTheSamePolicyGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	if diff := cmp.Diff(generated(t, p, s), generated(t, p, s)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestAPolicyWithoutAnythingHasTheAlertsThatNeedNothing(t *testing.T) {
	t.Parallel()
	_, s := example(t)
	out := generated(t, &scorecard.Policy{Teams: []scorecard.Team{{ID: "a"}}}, s)
	want := []string{"TeamhealthExceptionExpired", "TeamhealthMetricsAbsent"}
	if diff := cmp.Diff(want, out.alerts(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
