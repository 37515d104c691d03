package dashboards_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"teamhealth/internal/generate/generatetest"
	"teamhealth/internal/generate/grafana"
)

// The rules of Grafana's dashboard-linter, by their names there. None of them is
// left out.

func variable(t *testing.T, d *grafana.Dashboard, name string) grafana.Variable {
	t.Helper()
	i := slices.IndexFunc(d.Templating.List, func(v grafana.Variable) bool { return v.Name == name })
	if i < 0 {
		t.Fatalf("there is no variable %s", name)
	}
	return d.Templating.List[i]
}

func TestTemplateDatasourceRule(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		if v := variable(t, d, "datasource"); v.Type != "datasource" || v.Label != "Data source" || v.Query != "prometheus" {
			t.Errorf("the data source is chosen by %+v", v)
		}
	})
}

func TestTemplateJobAndTemplateInstanceRule(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		for name, label := range map[string]string{"job": "Job", "instance": "Instance"} {
			v := variable(t, d, name)
			if v.Type != "query" || v.Label != label || !v.Multi || v.AllValue != ".+" || v.Datasource.UID != "${datasource}" {
				t.Errorf("%s is chosen by %+v", name, v)
			}
			if v.IncludeAll || v.Current != (grafana.Choice{}) {
				t.Errorf("two teamhealths would be mixed from the beginning, because %s offers all", name)
			}
		}
	})
}

var labelValues = regexp.MustCompile(`^label_values\((.+), ([a-z]+)\)$`)

func TestTemplateLabelPromqlRule(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		for _, v := range d.Templating.List {
			if v.Type != "query" {
				continue
			}
			parts := labelValues.FindStringSubmatch(v.Query)
			if parts == nil {
				t.Errorf("%s is filled by %q, which asks for no values of a label", v.Name, v.Query)
				continue
			}
			generatetest.CheckNames(t, "max by ("+parts[2]+") ("+filled(t, parts[1])+")", nil)
		}
	})
}

func TestTemplateOnTimeChangeReloadRule(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		for _, v := range d.Templating.List {
			if v.Type == "query" && v.Refresh != 2 {
				t.Errorf("%s stays what it was when the time range changes", v.Name)
			}
		}
	})
}

func TestPanelDatasourceRule(t *testing.T) {
	t.Parallel()
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if p.Type != grafana.TypeText && (p.Datasource == nil || p.Datasource.UID != "${datasource}") {
			t.Errorf("%s: its data source is %+v, not the chosen one", p.Title, p.Datasource)
		}
	})
}

func TestPanelTitleDescriptionRule(t *testing.T) {
	t.Parallel()
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if p.Title == "" || !strings.HasSuffix(p.Description, ".") {
			t.Errorf("%q: is described by %q, which is no sentence", p.Title, p.Description)
		}
	})
}

func TestPanelUnitsRule(t *testing.T) {
	t.Parallel()
	units := []string{"none", "short", "percentunit", "s", "reqps", "dateTimeFromNow"}
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if p.Type == grafana.TypeText {
			return
		}
		if p.FieldConfig == nil || !slices.Contains(units, p.FieldConfig.Defaults.Unit) {
			t.Errorf("%s: its unit is none of %q", p.Title, units)
		}
		for _, o := range p.FieldConfig.Overrides {
			for _, property := range o.Properties {
				if unit, _ := property.Value.(string); property.ID == "unit" && !slices.Contains(units, unit) {
					t.Errorf("%s: %s is in unit %v", p.Title, o.Matcher.Options, property.Value)
				}
			}
		}
	})
}

func TestPanelNoTargetsRule(t *testing.T) {
	t.Parallel()
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if (len(p.Targets) == 0) != (p.Type == grafana.TypeText) {
			t.Errorf("%s: has %d queries", p.Title, len(p.Targets))
		}
	})
}

func TestTargetPromqlRule(t *testing.T) {
	t.Parallel()
	eachQuery(t, func(t *testing.T, q grafana.Target) { generatetest.CheckNames(t, filled(t, q.Expr), nil) })
}

func TestTargetRateIntervalRule(t *testing.T) {
	t.Parallel()
	ranges := regexp.MustCompile(`\[([^]]*)\]`)
	eachQuery(t, func(t *testing.T, q grafana.Target) {
		for _, found := range ranges.FindAllStringSubmatch(q.Expr, -1) {
			if found[1] != "$__rate_interval" {
				t.Errorf("%s\nlooks back for %s", q.Expr, found[1])
			}
		}
	})
}

func TestTargetJobAndTargetInstanceRule(t *testing.T) {
	t.Parallel()
	eachQuery(t, func(t *testing.T, q grafana.Target) {
		for _, matchers := range parser.ExtractSelectors(generatetest.Parse(t, filled(t, q.Expr))) {
			for name, value := range map[string]string{"job": "JOB", "instance": "INSTANCE"} {
				if !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
					return m.Name == name && m.Type == labels.MatchRegexp && m.Value == value
				}) {
					t.Errorf("%s\nasks for more than the chosen %s", q.Expr, name)
				}
			}
		}
	})
}

func TestTargetCounterAggRule(t *testing.T) {
	t.Parallel()
	eachQuery(t, func(t *testing.T, q grafana.Target) {
		names, rated := generatetest.Counters(t, filled(t, q.Expr))
		if !rated {
			t.Errorf("%s\nshows one of %q as it stands", q.Expr, names)
		}
	})
}

func TestUneditableDashboardRule(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		if d.Editable {
			t.Error("changes in the browser would be lost at the next start")
		}
	})
}
