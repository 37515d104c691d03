package alerts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Series and alerts in scenarios have these, as those that Prometheus scraped do:
// joins must hold with them.
const (
	provenJob      = "teamhealth"
	provenInstance = "localhost:9977"
)

// promtool's file, as far as we write it.
type (
	testFile struct {
		RuleFiles []string   `yaml:"rule_files"`
		Interval  string     `yaml:"evaluation_interval"`
		Order     []string   `yaml:"group_eval_order"`
		Tests     []testCase `yaml:"tests"`
	}
	testCase struct {
		Name     string       `yaml:"name"`
		Interval string       `yaml:"interval"`
		Input    []testSeries `yaml:"input_series"`
		Alerts   []testAlert  `yaml:"alert_rule_test,omitempty"`
		Samples  []testSample `yaml:"promql_expr_test,omitempty"`
	}
	testSeries struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	}
	testAlert struct {
		At     string       `yaml:"eval_time"`
		Name   string       `yaml:"alertname"`
		Firing []testFiring `yaml:"exp_alerts"`
	}
	testFiring struct {
		Labels      labels `yaml:"exp_labels"`
		Annotations labels `yaml:"exp_annotations"`
	}
	testSample struct {
		Expression string      `yaml:"expr"`
		At         string      `yaml:"eval_time"`
		Want       []testValue `yaml:"exp_samples"`
	}
	testValue struct {
		Labels string  `yaml:"labels"`
		Value  float64 `yaml:"value"`
	}
)

// unitTests makes the file that promtool proves the rules by.
func unitTests(alerts []alert, recordings []recording) ([]byte, error) {
	f := testFile{RuleFiles: []string{"teamhealth.rules.yml"}, Interval: span(scrape)}
	for _, g := range groups(alerts, recordings) {
		f.Order = append(f.Order, g.Name)
	}
	for _, a := range alerts {
		for _, s := range a.scenarios {
			f.Tests = append(f.Tests, a.test(s))
		}
	}
	for _, r := range recordings {
		f.Tests = append(f.Tests, r.test())
	}
	return encode(f, "Unit tests of the rules beside this file: promtool test rules teamhealth.rules.test.yml\n"+
		"Times are counted from the beginning of each test. An alert is looked at just before and just after the\n"+
		"instant at which it must begin or cease to fire.", nil)
}

func (a *alert) test(s scenario) testCase {
	c := s.inputs(a.name)
	for _, m := range s.moments {
		t := testAlert{At: span(m.at), Name: a.name, Firing: []testFiring{}}
		for _, f := range m.firing {
			t.Firing = append(t.Firing, testFiring{Labels: a.firingLabels(f), Annotations: a.annotations(f.description)})
		}
		c.Alerts = append(c.Alerts, t)
	}
	return c
}

// firingLabels are those that Alertmanager gets.
func (a *alert) firingLabels(f firing) labels {
	if len(f.labels) == 0 {
		return labels{"severity": a.severity}
	}
	return with(scraped(f.labels), "severity", a.severity)
}

func (r *recording) test() testCase {
	c := r.proof.inputs(r.name)
	for _, s := range r.proof.samples {
		c.Samples = append(c.Samples, testSample{
			Expression: r.name, At: span(s.at), Want: []testValue{{Labels: selector(r.name, s.labels), Value: s.value}},
		})
	}
	return c
}

func (s *scenario) inputs(of string) testCase {
	c := testCase{Name: of + ": " + s.name, Interval: span(scrape)}
	for _, one := range s.series {
		c.Input = append(c.Input, testSeries{Series: selector(one.metric, scraped(one.labels)), Values: one.values(s.end())})
	}
	return c
}

// scraped adds to labels those of the target.
func scraped(own labels) labels {
	all := labels{"job": provenJob, "instance": provenInstance}
	maps.Copy(all, own)
	return all
}

// selector writes a metric with its labels.
func selector(metric string, own labels) string {
	matchers := make([]string, 0, len(own))
	for _, name := range slices.Sorted(maps.Keys(own)) {
		matchers = append(matchers, fmt.Sprintf("%s=%q", name, own[name]))
	}
	return metric + "{" + strings.Join(matchers, ",") + "}"
}
