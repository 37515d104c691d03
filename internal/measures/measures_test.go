package measures_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

func TestEveryMeasureIsDescribedOnce(t *testing.T) {
	t.Parallel()
	var got []scorecard.Measure
	for _, m := range measures.All() {
		got = append(got, m.ID)
		if one, ok := measures.Of(m.ID); !ok || one.Title != m.Title {
			t.Errorf("Of(%s) is %q, %t", m.ID, one.Title, ok)
		}
	}
	want := scorecard.Measures()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measures (-want +got):\n%s", diff)
	}
	if _, ok := measures.Of("luck"); ok {
		t.Error("there is a measure named luck")
	}
}

func TestEveryMeasureSaysEverythingInSentences(t *testing.T) {
	t.Parallel()
	for _, m := range measures.All() {
		texts := map[string]string{
			"question": m.Question, "reading": m.Reading, "population": m.Population, "organisation": m.Org, "evidence": m.Evidence, "origin": m.Origin,
		}
		for _, c := range m.Caveats {
			texts["meaning of "+c.Sentence] = c.Meaning
			texts["caveat "+c.Sentence] = c.Sentence
		}
		for _, p := range m.Parameters {
			texts["parameter "+p.Key] = p.Meaning
		}
		for _, d := range m.Details {
			texts["details "+d.Key] = d.Meaning
		}
		for what, text := range texts {
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") || strings.TrimSpace(text) != text || strings.Contains(text, "|") {
				t.Errorf("%s: %s is no sentence: %q", m.ID, what, text)
			}
		}
		if m.Title == "" || len(m.Classes) == 0 {
			t.Errorf("%s has the title %q and %d classes", m.ID, m.Title, len(m.Classes))
		}
		seen := map[string]bool{}
		for _, c := range m.Classes {
			if seen[c.Word] || c.Meaning == "" || c.Counted == "" {
				t.Errorf("%s: the class %q is described twice, or not at all", m.ID, c.Word)
			}
			seen[c.Word] = true
		}
	}
}

// example is the configuration of the example organisation, which has every objective.
func example(t *testing.T, objectives string) *config.Config {
	t.Helper()
	path := filepath.Join("..", "..", "config", "example.yml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(path, []byte(strings.Replace(string(text), "\nobjectives:\n", "\nobjectives:\n"+objectives, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A row names the sources that it needs also when there is nothing in them.
func TestSourcesAreThoseThatRowsNeed(t *testing.T) {
	t.Parallel()
	policy := example(t, `
  - {id: by_events, measure: availability, method: events, good: "sum(increase(good[1h]))", total: "sum(increase(total[1h]))"}
`).Policy()
	now := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	period, err := policy.Calendar.ParsePeriod("previous", now)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, card := range scorecard.Compute(scorecard.Input{Policy: policy, Period: period, AsOf: now}) {
		for _, row := range card.Rows {
			rows++
			o, err := policy.Rubric.Find(row.ID)
			if err != nil {
				t.Fatal(err)
			}
			var want []facts.Source
			for _, s := range row.Sources {
				want = append(want, s.Name)
			}
			m, _ := measures.Of(o.Measure)
			if diff := cmp.Diff(want, m.SourcesOf(o)); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", row.ID, card.Subject.ID, diff)
			}
		}
	}
	if rows < 100 {
		t.Errorf("looked at %d rows", rows)
	}
}

// parameters gives each key of an objective's parameters a value that it can have.
func parameters() map[string]string {
	return map[string]string{
		"threshold": "5m", "due": "5d", "method": "events", "aggregate": "pooled", "of": "coding", "with": "migration", "without": "migration",
		"population": "finished", "max_age": "90d", "metric": "own_metric", "good": `"sum(increase(a[1h]))"`, "total": `"sum(increase(b[1h]))"`,
		"plan": "[{period: 2026-Q1, count: 1}]", "share": "sre_coding",
	}
}

// What a measure's parameters are, the configuration knows: it refuses all others.
func TestParametersAreThoseThatTheConfigurationTakes(t *testing.T) {
	t.Parallel()
	all, keys := measures.All(), parameterKeys()
	var objectives strings.Builder
	for _, m := range all { // One without a parameter, then one with each.
		fmt.Fprintf(&objectives, "  - {id: own_%s, measure: %s}\n", m.ID, m.ID)
		for _, key := range keys {
			fmt.Fprintf(&objectives, "  - {id: own_%s_%s, measure: %s, %s: %s}\n", m.ID, key, m.ID, key, parameters()[key])
		}
	}
	refused := complaints(t, "objectives:\n"+objectives.String())
	for i, m := range all {
		for j, key := range keys {
			position := slices.IndexFunc(m.Parameters, func(p measures.Parameter) bool { return p.Key == key })
			bare, given := i*(len(keys)+1), i*(len(keys)+1)+j+1
			unknown := strings.Contains(refused, fmt.Sprintf("objectives[%d].%s: measure %s has no such key", given, key, m.ID))
			if unknown != (position < 0) {
				t.Errorf("%s has no key %s: %t, and it is described: %t", m.ID, key, unknown, position >= 0)
			}
			required := strings.Contains(refused, fmt.Sprintf("objectives[%d].%s: required by measure %s", bare, key, m.ID))
			if position >= 0 && m.Parameters[position].Required != required {
				t.Errorf("%s requires %s: %t, and the description says otherwise", m.ID, key, required)
			}
		}
	}
}

// parameterKeys are the keys of all measures' parameters.
func parameterKeys() []string {
	var keys []string
	for field := range reflect.TypeFor[scorecard.Parameters]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}

// complaints are what is wrong with a configuration that has some objectives.
func complaints(t *testing.T, objectives string) string {
	t.Helper()
	_, err := config.Parse("teamhealth.yml", []byte(`organization: {name: Databases}
sources: {pagerduty: {url: "https://api.pagerduty.com", token_env: PAGERDUTY_TOKEN}}
teams: [{id: mysql}]
`+objectives))
	if err == nil {
		t.Fatal("nothing is wrong with the objectives")
	}
	return err.Error()
}

func TestDefaultsOfParametersAreThoseOfTheConfiguration(t *testing.T) {
	t.Parallel()
	var objectives strings.Builder
	for _, m := range measures.All() {
		fmt.Fprintf(&objectives, "  - {id: own_%s, measure: %s", m.ID, m.ID)
		for _, p := range m.Parameters {
			if isGiven(m, p) {
				fmt.Fprintf(&objectives, ", %s: %s", p.Key, strings.Replace(parameters()[p.Key], "own_metric", "own_"+string(m.ID), 1))
			}
		}
		objectives.WriteString("}\n")
	}
	rubric := example(t, objectives.String()).Rubric
	for _, m := range measures.All() {
		o, err := rubric.Find("own_" + string(m.ID))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(o.Parameters)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]any{}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Parameters {
			value := ""
			if got[p.Key] != nil && !isGiven(m, p) {
				value = fmt.Sprint(got[p.Key])
			}
			if value != p.Default {
				t.Errorf("%s: %s is %q without being written, and described as %q", m.ID, p.Key, value, p.Default)
			}
		}
	}
}

// isGiven reports whether an objective of the measure must have the parameter, by itself or
// for want of another.
func isGiven(m measures.Measure, p measures.Parameter) bool {
	return p.Required || p.Key == "without" || m.ID == scorecard.MeasureEvents
}
