package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/scorecard"
)

// Each case changes one key of an objective, and nothing else of it or of any other.
func TestEachKeyOfAnObjectiveCanBeChangedByItself(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		override string
		change   func(*scorecard.Objective)
	}{
		"the title": {
			"{id: oncall_burden, title: Burden}",
			func(o *scorecard.Objective) { o.Title = "Burden" },
		},
		"the category": {
			"{id: oncall_burden, category: on_call}",
			func(o *scorecard.Objective) { o.Category = "on_call" },
		},
		"the words of another document": {
			`{id: oncall_burden, quote: "Less than a day a month", interpretation: As it says., remediation: Sleep.}`,
			func(o *scorecard.Objective) {
				o.Quote, o.Interpretation, o.Remediation = "Less than a day a month", "As it says.", "Sleep."
			},
		},
		"the target": {
			"{id: oncall_burden, target: 0.05}",
			func(o *scorecard.Objective) { o.Target = scorecard.Ratio(1, 20).Ptr() },
		},
		"a target taken away": {
			"{id: oncall_burden, target: null}",
			func(o *scorecard.Objective) { o.Target = nil },
		},
		"a number in place of the team's": {
			"{id: rotation_size, target: 6}",
			func(o *scorecard.Objective) { o.Target, o.TargetFrom = scorecard.Int(6).Ptr(), "" },
		},
		"the direction": {
			"{id: oncall_burden, direction: at_most}",
			func(o *scorecard.Objective) { o.Direction = scorecard.AtMost },
		},
		"the unit of a measure that has several": {
			"{id: documentation_quality, unit: ratio}",
			func(o *scorecard.Objective) { o.Unit = scorecard.UnitRatio },
		},
		"the window": {
			"{id: tech_talks, window: year}",
			func(o *scorecard.Objective) { o.Window = scorecard.WindowYear },
		},
		"the scope": {
			"{id: oncall_burden, scope: [org]}",
			func(o *scorecard.Objective) { o.Scope = []scorecard.Scope{scorecard.ScopeOrg} },
		},
		"the lines": {
			"{id: oncall_burden, lines: [sre]}",
			func(o *scorecard.Objective) { o.Lines = []scorecard.Line{scorecard.LineSRE} },
		},
		"all lines": {
			"{id: database_uptime, lines: []}",
			func(o *scorecard.Objective) { o.Lines = []scorecard.Line{} },
		},
		"what a team must have": {
			"{id: oncall_burden, requires: rotation}",
			func(o *scorecard.Objective) { o.Requires = scorecard.RequireRotation },
		},
		"the weight": {
			"{id: oncall_burden, weight: 2.5}",
			func(o *scorecard.Objective) { o.Weight = scorecard.Ratio(5, 2).Ptr() },
		},
		"no weight at all": {
			"{id: oncall_burden, weight: 0}",
			func(o *scorecard.Objective) { o.Weight = scorecard.Int(0).Ptr() },
		},
		"the fewest items": {
			"{id: oncall_burden, min_n: 10}",
			func(o *scorecard.Objective) { o.MinN = 10 },
		},
		"a parameter": {
			"{id: incident_response, threshold: 15m}",
			func(o *scorecard.Objective) { o.Threshold = scorecard.Span(15 * time.Minute) },
		},
		"the measure, which takes its parameters, direction and unit along": {
			"{id: documentation_coverage, measure: ticket_count, of: runbook, target: 3}",
			func(o *scorecard.Objective) {
				o.Measure, o.Parameters = scorecard.MeasureTicketCount, scorecard.Parameters{Of: "runbook"}
				o.Direction, o.Unit, o.Target = scorecard.AtLeast, scorecard.UnitCount, scorecard.Int(3).Ptr()
			},
		},
		"the same measure, which takes nothing along": {
			"{id: documentation_coverage, measure: coverage, max_age: 90d}",
			func(o *scorecard.Objective) { o.MaxAge = scorecard.Span(90 * 24 * time.Hour) },
		},
		"that it is enabled, as it is": {
			"{id: oncall_burden, enabled: true}", func(*scorecard.Objective) {},
		},
	}
	base := parse(t, minimal).Rubric
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := parse(t, minimal+"objectives:\n  - "+tt.override+"\n").Rubric
			want := slices.Clone(base.Objectives)
			id, _, _ := strings.Cut(strings.TrimPrefix(tt.override, "{id: "), ",")
			tt.change(&want[slices.IndexFunc(want, func(o scorecard.Objective) bool { return o.ID == id })])
			if diff := cmp.Diff(want, got.Objectives, sameNumber()); diff != "" {
				t.Errorf("objectives (-want +got):\n%s", diff)
			}
			if changed := !cmp.Equal(want, base.Objectives, sameNumber()); changed != (got.Identity() != base.Identity()) {
				t.Errorf("the rubric is another one: %t, and so is its hash: %t", changed, !changed)
			}
		})
	}
}

// withRubric writes a configuration that has a rubric of its own, and loads it.
func withRubric(t *testing.T, rubric, own string) (*config.Config, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"ours.yml": rubric, "teamhealth.yml": minimal + "rubric: ours.yml\n" + own} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config.Load(filepath.Join(dir, "teamhealth.yml"))
}

func TestAWholeRubricStandsInPlaceOfTheBuiltInOne(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rubric, own string
		name        string
		ids         []string
	}{
		"nothing of the built-in one is left": {
			rubric: "objectives: [{id: a, measure: retention}, {id: b, measure: mentorship}]",
			name:   "ours", ids: []string{"a", "b"},
		},
		"it has the name that it gives itself": {
			rubric: "{name: house rules, objectives: [{id: a, measure: retention}]}",
			name:   "house rules", ids: []string{"a"},
		},
		"own objectives change it and come after it": {
			rubric: "objectives: [{id: a, measure: retention}, {id: b, measure: mentorship}]",
			own:    "objectives: [{id: c, measure: retention}, {id: a, target: 0.5}]",
			name:   "ours", ids: []string{"a", "b", "c"},
		},
		"what it switches off is off": {
			rubric: "objectives: [{id: a, measure: retention, enabled: false}, {id: b, measure: mentorship}]",
			name:   "ours", ids: []string{"b"},
		},
		"and can be switched on": {
			rubric: "objectives: [{id: a, measure: retention, enabled: false}, {id: b, measure: mentorship}]",
			own:    "objectives: [{id: a, enabled: true}]",
			name:   "ours", ids: []string{"a", "b"},
		},
		"it may use the id of a built-in objective for something else": {
			rubric: "objectives: [{id: oncall_burden, measure: survey, metric: burden, unit: score}]",
			name:   "ours", ids: []string{"oncall_burden"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := withRubric(t, tt.rubric, tt.own)
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(c.Rubric); c.Rubric.Name != tt.name || !cmp.Equal(got, tt.ids) {
				t.Errorf("rubric %q has %q, want %q with %q", c.Rubric.Name, got, tt.name, tt.ids)
			}
		})
	}
}

func TestMistakesInAWholeRubricAreNamedByItsOwnFileAndLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ rubric, own, want string }{
		"an unknown key": {
			"objectives:\n  - {id: a, measure: retention, wieght: 2}", "",
			"ours.yml:2: rubric.objectives[0].wieght: unknown key",
		},
		"an unknown measure": {
			"objectives:\n\n  - {id: a, measure: luck}", "",
			`ours.yml:3: rubric.objectives[0].measure: "luck" is not known`,
		},
		"a target of the wrong unit": {
			"objectives:\n  - {id: a, measure: retention, target: 90}", "",
			"ours.yml:2: rubric.objectives[0].target: is above 1",
		},
		"one id twice, which is no override within one file": {
			"objectives:\n  - {id: a, measure: retention}\n  - {id: a, target: 0.5}", "",
			"ours.yml:3: rubric.objectives[1].id",
		},
		"no objectives": {
			"name: empty", "",
			"ours.yml:1: rubric.objectives: required",
		},
		"a mistake in the other file": {
			"objectives: [{id: a, measure: retention}]", "objectives:\n  - {id: b, target: 0.5}\n",
			`teamhealth.yml:6: objectives[0].id: unknown objective "b"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := withRubric(t, tt.rubric, tt.own); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// A window that a measure has no eye for would make a row name another time than it is about.
func TestOnlyMeasuresThatLookAtAWindowHaveOne(t *testing.T) {
	t.Parallel()
	looking := map[scorecard.Measure]string{
		scorecard.MeasureTicketCount: ", of: coding", scorecard.MeasureTicketRatio: ", of: coding, with: migration",
		scorecard.MeasureActionItems: ", due: 30d", scorecard.MeasurePostmortemQuality: "", scorecard.MeasureRecordCount: ", metric: a",
		scorecard.MeasureSurvey: ", metric: b", scorecard.MeasureRetention: "", scorecard.MeasureTimeToProductivity: "",
		scorecard.MeasureMentorship: "", scorecard.MeasureEvents: `, good: "sum(increase(a[1h]))", total: "sum(increase(b[1h]))"`,
	}
	for _, m := range scorecard.Measures() {
		parameters, looks := looking[m]
		_, err := config.Parse("teamhealth.yml", []byte(minimal+"objectives: [{id: own, window: year, measure: "+string(m)+parameters+"}]\n"))
		refused := err != nil && strings.Contains(err.Error(), "objectives[0].window: measure "+string(m)+" looks at the card's period only (write period)")
		if refused == looks || looks && err != nil {
			t.Errorf("a year of %s: %v", m, err)
		}
	}
}
