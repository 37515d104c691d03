package realservers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

// The rules, and their unit tests.
const (
	ruleFile  = "teamhealth.rules.yml"
	ruleTests = "teamhealth.rules.test.yml"
)

// ofAWorkingDay returns the unit tests that look at nothing later than eight hours
// after their beginning. The others take three quarters of the time of all.
func ofAWorkingDay(t *testing.T, content []byte) []byte {
	t.Helper()
	type look struct {
		At model.Duration `yaml:"eval_time"`
	}
	var document map[string]any
	must(t, yaml.Unmarshal(content, &document))
	var times struct {
		Tests []struct {
			Alerts      []look `yaml:"alert_rule_test"`
			Expressions []look `yaml:"promql_expr_test"`
		} `yaml:"tests"`
	}
	must(t, yaml.Unmarshal(content, &times))
	var short []any
	for i, test := range times.Tests {
		if !slices.ContainsFunc(slices.Concat(test.Alerts, test.Expressions), func(l look) bool { return time.Duration(l.At) > 8*time.Hour }) {
			short = append(short, document["tests"].([]any)[i]) //nolint:forcetypeassert // Of another type, the test should fail.
		}
	}
	if len(short) < 15 || len(short) == len(times.Tests) {
		t.Fatalf("%d of %d unit tests are short", len(short), len(times.Tests))
	}
	document["tests"] = short
	out, err := yaml.Marshal(document)
	must(t, err)
	return out
}

// hurried returns rules of which every group is evaluated each second and every
// alert fires after two.
func hurried(t *testing.T, rules []byte) []byte {
	t.Helper()
	var document struct {
		Groups []map[string]any `yaml:"groups"`
	}
	must(t, yaml.Unmarshal(rules, &document))
	for _, group := range document.Groups {
		group["interval"] = scrapeEvery
		for _, r := range group["rules"].([]any) { //nolint:forcetypeassert // Of another type, the test should fail.
			if r := r.(map[string]any); r["alert"] != nil { //nolint:forcetypeassert // As above.
				r["for"] = "2s"
				delete(r, "keep_firing_for")
			}
		}
	}
	out, err := yaml.Marshal(document)
	must(t, err)
	return out
}

// checkRules waits until the server has evaluated every rule, and wants no error.
func checkRules(t *testing.T, p *prometheus) {
	t.Helper()
	eventually(t, "every rule has been evaluated", func() bool {
		rules := p.rules(t)
		for _, r := range rules {
			if r.Health == "unknown" {
				return false
			}
		}
		return len(rules) > 0
	})
	for _, r := range p.rules(t) {
		if r.Health != "ok" {
			t.Errorf("%s: %s: %s", r.Name, r.Health, r.LastError)
		}
	}
}
