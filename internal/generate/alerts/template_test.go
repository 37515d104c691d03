package alerts_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"teamhealth/scorecard"
)

// found is a sample, as Prometheus hands it to a template.
type found struct {
	labels map[string]string
	value  float64
}

// rendered fills a template as Prometheus does, with an answer to every query.
func rendered(t *testing.T, text string, answer []found) string {
	t.Helper()
	functions := template.FuncMap{
		"query":              func(string) []found { return answer },
		"first":              func(all []found) found { return all[0] },
		"value":              func(f found) float64 { return f.value },
		"label":              func(name string, f found) string { return f.labels[name] },
		"match":              regexp.MatchString,
		"humanizeDuration":   func(v float64) string { return fmt.Sprint(v, " s") },
		"humanizePercentage": func(v float64) string { return fmt.Sprint(100*v, "%") },
	}
	parsed, err := template.New("").Option("missingkey=error").Funcs(functions).Parse(
		"{{ $labels := .Labels }}{{ $value := .Value }}" + text)
	if err != nil {
		t.Fatalf("%s\ndoes not parse: %v", text, err)
	}
	var out strings.Builder
	data := map[string]any{"Value": 0.5, "Labels": map[string]string{
		"objective": "o", "team": "mysql", "job": "j", "instance": "i", "collector": "jira", "exception": "ex1",
	}}
	if err := parsed.Execute(&out, data); err != nil {
		t.Fatalf("%s\ncannot be filled: %v", text, err)
	}
	return out.String()
}

func TestDescriptionsCanBeFilled(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	for _, r := range generated(t, p, s).rules(t) {
		description := r.Annotations["description"]
		nothing := rendered(t, description, nil)
		if strings.Contains(description, "query") != strings.Contains(nothing, "unknown") {
			t.Errorf("%s says, when a query finds nothing: %s", r.Alert, nothing)
		}
		if text := rendered(t, description, []found{{map[string]string{"unit": "ratio"}, 12.5}}); strings.Contains(text, "unknown") || strings.Contains(text, "<no value>") {
			t.Errorf("%s says: %s", r.Alert, text)
		}
	}
}

func TestAMissedObjectiveIsToldOfInItsUnit(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	description := generated(t, p, s).alert(t, "TeamhealthObjectiveMissed").Annotations["description"]
	for unit, want := range map[scorecard.Unit]string{
		scorecard.UnitRatio:   "o of mysql is missed in the current quarter: 99.99876%, with a target of 99.99876%.",
		scorecard.UnitDays:    "o of mysql is missed in the current quarter: 99.99876 days, with a target of 99.99876 days.",
		scorecard.UnitSeconds: "o of mysql is missed in the current quarter: 99.99876 seconds, with a target of 99.99876 seconds.",
		scorecard.UnitCount:   "o of mysql is missed in the current quarter: 99.99876, with a target of 99.99876.",
		scorecard.UnitScore:   "o of mysql is missed in the current quarter: 99.99876, with a target of 99.99876.",
	} {
		if got := rendered(t, description, []found{{map[string]string{"unit": string(unit)}, 99.99876}}); got != want {
			t.Errorf("%s: got  %s\nwant %s", unit, got, want)
		}
	}
}
