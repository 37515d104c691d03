package alerts_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"
)

type proofs struct {
	RuleFiles []string `yaml:"rule_files"`
	Interval  string   `yaml:"evaluation_interval"`
	Order     []string `yaml:"group_eval_order"`
	Tests     []proof  `yaml:"tests"`
}

type proof struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Input    []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Alerts  []look `yaml:"alert_rule_test"`
	Samples []struct {
		Expression string `yaml:"expr"`
		At         string `yaml:"eval_time"`
		Want       []struct {
			Labels string  `yaml:"labels"`
			Value  float64 `yaml:"value"`
		} `yaml:"exp_samples"`
	} `yaml:"promql_expr_test"`
}

type look struct {
	At     string `yaml:"eval_time"`
	Name   string `yaml:"alertname"`
	Firing []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

func TestEveryAlertIsProvenSilentFiringAndRecovering(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	var file proofs
	decode(t, out[testsPath], &file)
	for _, name := range out.alerts(t) {
		if !slices.ContainsFunc(file.Tests, func(p proof) bool { return p.phases(t, name) }) {
			t.Errorf("no test lets %s be silent, then fire, then be silent again", name)
		}
	}
}

// phases reports whether a test lets an alert begin to fire within a minute, and
// end later.
func (p *proof) phases(t *testing.T, name string) bool {
	t.Helper()
	looks := slices.Clone(p.Alerts)
	slices.SortFunc(looks, func(a, b look) int { return cmp.Compare(duration(t, a.At), duration(t, b.At)) })
	sharp, ended := false, false
	for i := 1; i < len(looks); i++ {
		before, now := looks[i-1], looks[i]
		if before.Name != name || now.Name != name {
			return false
		}
		apart := duration(t, now.At) - duration(t, before.At)
		sharp = sharp || len(before.Firing) == 0 && len(now.Firing) > 0 && apart == time.Minute
		ended = ended || sharp && len(before.Firing) > 0 && len(now.Firing) == 0 && apart <= 2*time.Minute
	}
	return sharp && ended
}

func TestProofsExpectTheAnnotationsOfTheRules(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	var file proofs
	decode(t, out[testsPath], &file)
	for _, one := range file.Tests {
		for _, l := range one.Alerts {
			r := out.alert(t, l.Name)
			for _, f := range l.Firing {
				for name, text := range r.Annotations {
					got, ok := f.Annotations[name]
					if !ok || name != "description" && got != text {
						t.Errorf("%s: the %s of %s is %q, want %q", one.Name, name, l.Name, got, text)
					}
				}
				if text := f.Annotations["description"]; strings.Contains(text, "{{") || strings.Contains(text, "%!") {
					t.Errorf("%s expects the description %q", one.Name, text)
				}
				if f.Labels["severity"] != r.Labels["severity"] {
					t.Errorf("%s: severity %q of %s, want %q", one.Name, f.Labels["severity"], l.Name, r.Labels["severity"])
				}
			}
		}
	}
}

func TestEveryRecordingRuleIsProven(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	var file proofs
	decode(t, out[testsPath], &file)
	proven := map[string]bool{}
	for _, one := range file.Tests {
		for _, sample := range one.Samples {
			proven[sample.Expression] = proven[sample.Expression] || len(sample.Want) > 0
		}
	}
	for _, r := range out.rules(t) {
		if r.Record != "" && !proven[r.Record] {
			t.Errorf("nothing proves %s", r.Record)
		}
	}
}

func TestProofsHaveTheLabelsOfATarget(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	var file proofs
	decode(t, generated(t, p, s)[testsPath], &file)
	for _, one := range file.Tests {
		for _, input := range one.Input {
			if !strings.Contains(input.Series, `instance="`) || !strings.Contains(input.Series, `job="`) {
				t.Errorf("%s: %s is nothing that Prometheus scraped", one.Name, input.Series)
			}
		}
	}
}
