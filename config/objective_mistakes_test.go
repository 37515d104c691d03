package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
)

// mistakesIn are the problems of an objective of its own, without file, line and hint.
func mistakesIn(t *testing.T, objective string) []string {
	t.Helper()
	_, err := config.Parse("teamhealth.yml", []byte(minimal+"objectives:\n  - {"+objective+"}\n"))
	problems, _ := errors.AsType[config.Problems](err)
	if err != nil && problems == nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range problems {
		found = append(found, strings.TrimPrefix(p.Path, "objectives[0].")+": "+p.Problem)
	}
	return found
}

func TestOneMistakeInAnObjectiveHidesNoOther(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		objective string
		want      []string
	}{
		"an unknown direction beside a target above one": {
			"id: incident_response, direction: upward, target: 5",
			[]string{`direction: "upward" is not known`, "target: is above 1"},
		},
		"an unknown measure beside what no measure may have": {
			"id: own, measure: luck, target: -1, min_n: 0, weight: -2, scope: [], requires: rota",
			[]string{
				`measure: "luck" is not known`, `requires: "rota" is not known`, "target: is negative", "scope: is empty", "weight: is negative", "min_n: is too small",
			},
		},
		"an unknown unit beside a parameter of another measure": {
			"id: incident_response, unit: furlongs, due: 5bd, min_n: -1",
			[]string{`unit: "furlongs" is not known`, "due: measure response_time has no such key", "min_n: is too small"},
		},
		"a target that is none beside a missing parameter": {
			"id: own, measure: ticket_count, target: many",
			[]string{`target: "many" is not a number`, "of: required by measure ticket_count"},
		},
		"an unknown objective beside a bad target and an unknown scope": {
			"id: incident_respons, target: soon, scope: [everybody]",
			[]string{`target: "soon" is not a number`, `scope[0]: "everybody" is not known`, `id: unknown objective "incident_respons"`},
		},
		"an id that is none beside a bad weight": {
			"id: Not An Id, measure: retention, weight: -1",
			[]string{`id: "Not An Id" is not fit for an id`, "weight: is negative"},
		},
		"an unknown key beside a missing parameter": {
			"id: own, measure: coverage, colour: red",
			[]string{"colour: unknown key", "of: required by measure coverage"},
		},
		"one expression without the other beside a bad target": {
			"id: own, measure: events, good: 'sum(increase(a[1h]))', target: 2",
			[]string{"target: is above 1", "total: required beside good"},
		},
		"an expression that does not parse beside none": {
			"id: own, measure: events, good: 'sum(a', target: 0.9",
			[]string{"good: 1:6: parse error: unclosed left parenthesis", "total: required beside good"},
		},
		"two bad entries of a plan beside an unknown category of line": {
			"id: hiring_plan, lines: [ops], plan: [{period: soon, count: 1}, {period: 2026-Q1, count: 0}]",
			[]string{`lines[0]: "ops" is not known`, `plan[0].period: "soon" is not a quarter`, "plan[1].count: is not 1 or more"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, mistakesIn(t, tt.objective)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatFollowsFromAMistakeIsNoneOfItsOwn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ objective, want string }{
		"a measure that is unknown needs nothing and refuses nothing":  {"id: own, measure: luck, threshold: 5m, window: year, target: 95", `measure: "luck" is not known`},
		"a misspelt parameter is not missing":                          {"id: own, measure: response_time, treshold: 5m", "treshold: unknown key"},
		"a misspelt measure is not missing":                            {"id: own, mesure: retention", "mesure: unknown key"},
		"a parameter that cannot be read is not missing":               {"id: own, measure: response_time, threshold: soon", `threshold: "soon" is not a length of time`},
		"a measure that cannot be read is not missing":                 {"id: own, measure: [retention]", "measure: want a text, got a list"},
		"a target in an unknown unit may be above one":                 {"id: employee_satisfaction, unit: stars, target: 4.5", `unit: "stars" is not known`},
		"a target in another unit than the measure's may be above one": {"id: own, measure: ticket_count, of: coding, unit: ratio, target: 4", `unit: "ratio" is not what ticket_count is counted in`},
		"a scope that cannot be read is not empty":                     {"id: retention, scope: org", "scope: want a list, got a text"},
		"an unknown method has a use for its expressions":              {"id: database_uptime, method: event, good: 'sum(increase(a[1h]))', window: year", `method: "event" is not known`},
		"an expression that has no use is not read":                    {"id: retention, good: 'sum('", "good: measure retention has no such key"},
		"a misspelt expression is not missing":                         {"id: query_performance, good: 'sum(increase(a[1h]))', totl: 'sum(increase(b[1h]))'", "totl: unknown key"},
		"a class that cannot be read is there":                         {"id: own, measure: ticket_ratio, of: coding, with: [migration]", "with: want a text, got a list"},
		"a quarter that is misspelt is there":                          {"id: hiring_plan, plan: [{perod: 2026-Q1, count: 1}]", "plan[0].perod: unknown key"},
		"an id that is not there is not unknown":                       {"target: 0.5", "id: required"},
		"an objective that is unknown is not looked at by its measure": {"id: incident_respons, threshold: 5m, target: 95", `id: unknown objective "incident_respons"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{tt.want}, mistakesIn(t, tt.objective)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
