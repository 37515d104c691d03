package realservers_test

import (
	"testing"

	"gopkg.in/yaml.v3"
)

const ruleFile = "teamhealth.rules.yml"

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
