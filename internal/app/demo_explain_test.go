package app_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/measures"
	"teamhealth/internal/measures/measurestest"
	"teamhealth/scorecard"
)

// Two years of everything that the simulators know put most words into rows that
// there are. Each must be described where its measure is, and every formula must come to the
// value of its row.
func TestEveryRowOfTheDemoIsExplained(t *testing.T) {
	t.Parallel()
	c, r := readDemo(t, time.Date(2026, time.November, 23, 13, 0, 0, 0, time.UTC), "")
	rubric, filled := c.Policy().Rubric, map[string]bool{}
	for _, period := range []string{"2025", "2026", "28d", "current", "previous"} {
		cards, err := r.CardsOf(t.Context(), app.AllTeams, period, time.Time{})
		must(t, err)
		if period == "previous" {
			requireExplanations(t, r, cards, rubric)
		}
		for i := range cards {
			if period == "previous" {
				requireAnswers(t, &cards[i])
			}
			for j := range cards[i].Rows {
				row := &cards[i].Rows[j]
				o, err := rubric.Find(row.ID)
				must(t, err)
				where := period + " " + cards[i].Subject.ID + " " + row.ID
				requireFormula(t, where, row, o)
				requireDescribed(t, where, row, o)
				filled[row.ID] = filled[row.ID] || row.Value != nil
			}
		}
	}
	for _, o := range rubric.Objectives {
		if !filled[o.ID] {
			t.Errorf("no row of %s has a value", o.ID)
		}
	}
}

func requireFormula(t *testing.T, where string, row *scorecard.Row, o scorecard.Objective) {
	t.Helper()
	formula := measures.Filled(row, o)
	if row.Value == nil {
		if formula != measures.Formula(o) {
			t.Errorf("%s has no value, and the formula has figures: %s", where, formula)
		}
		return
	}
	if err := measurestest.Agrees(formula, *row.Value); err != nil {
		t.Errorf("%s: %v", where, err)
	}
	isSum := row.Denominator != nil && !slices.Contains([]scorecard.Measure{
		scorecard.MeasureAvailability, scorecard.MeasureEvents, scorecard.MeasureOncallBurden, scorecard.MeasureRotationCoverage, scorecard.MeasureSurvey,
	}, o.Measure)
	if steps := strings.Count(formula, " = "); isSum && steps != 3 {
		t.Errorf("%s: the classes are not in the formula: %s", where, formula)
	}
}

// requireDescribed looks up every word that a row uses.
func requireDescribed(t *testing.T, where string, row *scorecard.Row, o scorecard.Objective) {
	t.Helper()
	m, _ := measures.Of(o.Measure)
	for class := range row.Population.Classes {
		if describedClass(t, where, class, o).Counted == scorecard.NotCounted {
			t.Errorf("%s: the class %s is described as excluded, and is used", where, class)
		}
	}
	for class := range row.Population.Excluded {
		if describedClass(t, where, class, o).Counted != scorecard.NotCounted {
			t.Errorf("%s: the class %s is described as used, and is excluded", where, class)
		}
	}
	for _, key := range keysOf(t, row.Details) {
		if !slices.ContainsFunc(m.Details, func(f measures.Field) bool { return f.Key == key }) {
			t.Errorf("%s: the details %s are not described", where, key)
		}
	}
	for _, caveat := range row.Caveats {
		if !slices.ContainsFunc(m.Caveats, func(c measures.Caveat) bool { return says(c.Sentence, caveat) }) {
			t.Errorf("%s: the caveat is not described: %s", where, caveat)
		}
	}
}

// describedClass is what is said of a class where the objective's measure is described.
func describedClass(t *testing.T, where, class string, o scorecard.Objective) measures.Class {
	t.Helper()
	m, _ := measures.Of(o.Measure)
	i := slices.IndexFunc(m.Classes, func(c measures.Class) bool {
		return c.Word == class || strings.Replace(c.Word, "CLASS", o.Without, 1) == class || strings.Replace(c.Word, "CLASS", o.With, 1) == class
	})
	if i < 0 {
		t.Errorf("%s: the class %s is not described", where, class)
		return measures.Class{}
	}
	return m.Classes[i]
}

// says reports whether a sentence is another one with figures and names put in.
func says(pattern, sentence string) bool {
	form := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), "…", ".+") + "$"
	return regexp.MustCompile(form).MatchString(sentence)
}

// keysOf lists the paths of the values in a JSON form.
func keysOf(t *testing.T, v any) []string {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	var tree any
	must(t, json.Unmarshal(text, &tree))
	keys := map[string]bool{}
	var walk func(any, string)
	walk = func(v any, path string) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				walk(value, strings.TrimPrefix(path+"."+key, "."))
			}
		case []any:
			for _, item := range v {
				walk(item, path+"[]")
			}
		default:
			keys[path] = path != ""
		}
	}
	walk(tree, "")
	maps.DeleteFunc(keys, func(_ string, named bool) bool { return !named })
	return slices.Sorted(maps.Keys(keys))
}

// requireExplanations writes each objective's explanation of the period before: of the
// organisation, or of the first team where only teams have one.
func requireExplanations(t *testing.T, r *app.Reader, cards []scorecard.Card, rubric scorecard.Rubric) {
	t.Helper()
	for _, o := range rubric.Objectives {
		card := cards[0]
		if !slices.Contains(o.Scope, scorecard.ScopeOrg) {
			card = cards[1]
		}
		row := card.Row(o.ID)
		evidence, err := r.Evidence(t.Context(), o.ID, card.Subject.ID, card.Period.ID, card.AsOf)
		must(t, err)
		for _, item := range evidence {
			describedClass(t, "evidence of "+o.ID, item.Class, o)
		}
		var out bytes.Buffer
		must(t, text.Explain(&out, card, *row, o, evidence))
		for _, part := range []string{
			o.Quote, o.Interpretation, measures.Filled(row, o), string(row.Verdict), row.Reason,
			"\nPopulation\n", "\nCaveats\n", "\nEvidence (", "\nNext step",
		} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("the explanation of %s does not say %q:\n%s", o.ID, part, out.String())
			}
		}
	}
}
