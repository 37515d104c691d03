package alerts_test

import (
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"teamhealth/config"
	"teamhealth/internal/generate/alerts"
	"teamhealth/scorecard"
)

// example is the policy of the example organisation, to be changed at will, and
// what its configuration says of alerts.
func example(t *testing.T) (*scorecard.Policy, alerts.Settings) {
	t.Helper()
	c, err := config.Load("../../../config/example.yml")
	if err != nil {
		t.Fatal(err)
	}
	p := c.Policy()
	p.Rubric.Objectives = slices.Clone(p.Rubric.Objectives)
	return p, alerts.Settings{RunbookURL: c.Alerts.RunbookURL, Severities: c.Alerts.Severities}
}

// objective is an objective of a policy, to be changed.
func objective(t *testing.T, p *scorecard.Policy, id string) *scorecard.Objective {
	t.Helper()
	for i := range p.Rubric.Objectives {
		if o := &p.Rubric.Objectives[i]; o.ID == id {
			return o
		}
	}
	t.Fatalf("there is no objective %s", id)
	return nil
}

// without takes objectives of some measures out of a policy.
func without(p *scorecard.Policy, measures ...scorecard.Measure) {
	p.Rubric.Objectives = slices.DeleteFunc(p.Rubric.Objectives, func(o scorecard.Objective) bool {
		return slices.Contains(measures, o.Measure)
	})
}

// decimal is a number as it would be written in a configuration.
func decimal(t *testing.T, text string) *scorecard.Number {
	t.Helper()
	n, err := scorecard.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return &n
}

// output is everything that is generated, by path.
type output map[string]string

func generated(t *testing.T, p *scorecard.Policy, s alerts.Settings) output {
	t.Helper()
	files, err := alerts.Files(p, s)
	if err != nil {
		t.Fatal(err)
	}
	out := output{}
	for _, f := range append(files, alerts.Runbooks(p, s)) {
		out[f.Path] = string(f.Content)
	}
	return out
}

// The files, as far as tests look at them.
const (
	rulesPath    = "teamhealth.rules.yml"
	manifestPath = "prometheusrule.yaml"
	testsPath    = "teamhealth.rules.test.yml"
	runbooksPath = "runbooks.md"
)

type rule struct {
	Record      string            `yaml:"record"`
	Alert       string            `yaml:"alert"`
	Expression  string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

type groups struct {
	Groups []struct {
		Name     string `yaml:"name"`
		Interval string `yaml:"interval"`
		Rules    []rule `yaml:"rules"`
	} `yaml:"groups"`
}

// decode reads YAML strictly.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// rules lists all rules in the order of their file.
func (o output) rules(t *testing.T) []rule {
	t.Helper()
	var document groups
	decode(t, o[rulesPath], &document)
	var all []rule
	for _, g := range document.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

// alert is the rule of an alert; nil when there is none.
func (o output) alert(t *testing.T, name string) *rule {
	t.Helper()
	for _, r := range o.rules(t) {
		if r.Alert == name {
			return &r
		}
	}
	return nil
}

// alerts lists the names of the alerts.
func (o output) alerts(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, r := range o.rules(t) {
		if r.Alert != "" {
			names = append(names, r.Alert)
		}
	}
	return names
}
