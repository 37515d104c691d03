package dashboards_test

import (
	"slices"
	"strings"
	"testing"

	"teamhealth/config"
	"teamhealth/internal/generate"
	"teamhealth/internal/generate/dashboards"
	"teamhealth/internal/generate/grafana"
	"teamhealth/internal/generate/grafana/grafanatest"
	"teamhealth/scorecard"
)

// example is the policy of the example organisation, with edits.
func example(t *testing.T, edits ...func(*scorecard.Policy)) *scorecard.Policy {
	t.Helper()
	return load(t, "../../../config/example.yml", edits...)
}

func load(t *testing.T, path string, edits ...func(*scorecard.Policy)) *scorecard.Policy {
	t.Helper()
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Policy()
	p.Rubric.Objectives = slices.Clone(p.Rubric.Objectives)
	for _, edit := range edits {
		edit(p)
	}
	return p
}

// change edits one objective.
func change(id string, edit func(*scorecard.Objective)) func(*scorecard.Policy) {
	return func(p *scorecard.Policy) {
		for i := range p.Rubric.Objectives {
			if p.Rubric.Objectives[i].ID == id {
				edit(&p.Rubric.Objectives[i])
			}
		}
	}
}

// without drops objectives of some measures; of none means all of them.
func without(measures ...scorecard.Measure) func(*scorecard.Policy) {
	return func(p *scorecard.Policy) {
		p.Rubric.Objectives = slices.DeleteFunc(p.Rubric.Objectives, func(o scorecard.Objective) bool {
			return len(measures) == 0 || slices.Contains(measures, o.Measure)
		})
	}
}

// policies are organisations whose dashboards must all be sound.
func policies(t *testing.T) map[string]*scorecard.Policy {
	t.Helper()
	return map[string]*scorecard.Policy{
		"the example":            example(t),
		"the least there can be": load(t, "../../../config/testdata/good/minimal.yml"),
		"everything there is":    load(t, "../../../config/testdata/good/everything.yml"),
		"no objectives":          example(t, without()),
		"none of the measures that have panels of their own": example(t, without(
			scorecard.MeasureAvailability, scorecard.MeasureResponseTime, scorecard.MeasureOncallBurden,
			scorecard.MeasurePostmortems, scorecard.MeasureRotationSize)),
		"no source and no exception": example(t, func(p *scorecard.Policy) { p.Sources, p.Exceptions = nil, nil }),
	}
}

// files generates, and fails the test where that fails.
func files(t *testing.T, p *scorecard.Policy) []generate.File {
	t.Helper()
	all, err := dashboards.Files(p, dashboards.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// boards are the dashboards of a policy by file.
func boards(t *testing.T, p *scorecard.Policy) map[string]*grafana.Dashboard {
	t.Helper()
	read := map[string]*grafana.Dashboard{}
	for _, f := range files(t, p) {
		if strings.HasSuffix(f.Path, ".json") {
			read[f.Path] = grafanatest.Read(t, f.Content)
		}
	}
	return read
}

// eachBoard checks every dashboard of every policy.
func eachBoard(t *testing.T, check func(*testing.T, *grafana.Dashboard)) {
	t.Helper()
	for name, p := range policies(t) {
		for file, d := range boards(t, p) {
			t.Run(name+"/"+file, func(t *testing.T) {
				t.Parallel()
				check(t, d)
			})
		}
	}
}

// eachPanel checks every panel that is more than the heading of a row.
func eachPanel(t *testing.T, check func(*testing.T, *grafana.Panel)) {
	t.Helper()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		for i := range d.Panels {
			if p := &d.Panels[i]; p.Type != grafana.TypeRow {
				check(t, p)
			}
		}
	})
}

// eachQuery checks every query of every panel; one that several dashboards have
// once.
func eachQuery(t *testing.T, check func(*testing.T, grafana.Target)) {
	t.Helper()
	checked := map[string]bool{}
	for _, p := range policies(t) {
		for _, d := range boards(t, p) {
			for _, panel := range d.Panels {
				for _, target := range panel.Targets {
					if !checked[target.Expr] {
						checked[target.Expr] = true
						check(t, target)
					}
				}
			}
		}
	}
}

// filled puts values that the parser takes for the variables of an expression.
func filled(t *testing.T, expression string) string {
	t.Helper()
	return grafanatest.With(t, expression, map[string]string{
		"job": "JOB", "instance": "INSTANCE", "team": "TEAM", "window": "28d", "__rate_interval": "4m",
	})
}
