package dashboards_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/grafana"
	"teamhealth/internal/generate/grafana/grafanatest"
	"teamhealth/scorecard"
)

func TestAMissingValueIsNeitherZeroNorGreen(t *testing.T) {
	t.Parallel()
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if p.Type == grafana.TypeText || p.Type == grafana.TypeHeatmap {
			return
		}
		d := p.FieldConfig.Defaults
		if d.NoValue != "no data" && d.NoValue != "–" {
			t.Errorf("%s: shows %q where there is no value", p.Title, d.NoValue)
		}
		if p.Type != grafana.TypeTable {
			checkNoData(t, p.Title, d.Mappings)
		}
	})
}

// checkNoData checks that a missing number is grey words.
func checkNoData(t *testing.T, title string, mappings any) {
	t.Helper()
	text, err := json.Marshal(grafanatest.Generic(t, encoded(t, mappings)))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"match":"null+nan","result":{"color":"#808080","index":0,"text":"no data"}`; !strings.Contains(string(text), want) {
		t.Errorf("%s: values are shown as %s", title, text)
	}
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestColumnsOfNumbersSayWhatIsMissingAndTextsAreNotTakenForIt(t *testing.T) {
	t.Parallel()
	texts := []string{"Team", "Objective", "Hours", "Source", "Kind", "Instance", "Version", "Revision", "Go"}
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		if p.Type != grafana.TypeTable {
			return
		}
		matrix := p.Transformations[0].ID == "groupingToMatrix"
		if matrix {
			checkNoData(t, p.Title, p.FieldConfig.Defaults.Mappings)
		} else if len(p.FieldConfig.Defaults.Mappings) > 0 {
			t.Errorf("%s: texts are taken for missing numbers", p.Title)
		}
		for _, o := range p.FieldConfig.Overrides {
			column, isText := p.Title+", "+o.Matcher.Options, slices.Contains(texts, o.Matcher.Options)
			i := slices.IndexFunc(o.Properties, func(property grafana.Property) bool { return property.ID == "mappings" })
			switch {
			case i < 0 && (!matrix || isText):
				t.Errorf("%s: says nothing of missing values", column)
			case i >= 0 && !isText:
				checkNoData(t, column, o.Properties[i].Value)
			case i >= 0 && strings.Contains(string(encoded(t, o.Properties[i].Value)), "null+nan"):
				t.Errorf("%s: texts are taken for missing numbers", column)
			}
		}
	})
}

func TestStatesAreWordsInTheirColours(t *testing.T) {
	t.Parallel()
	for metric, want := range map[string][2]string{
		"up{":                           {"no red", "yes green"},
		"teamhealth_collector_up{":      {"failed red", "complete green"},
		"config_last_reload_successful": {"refused red", "in use green"},
		"exception_expired{":            {"in force green", "expired or unused orange"},
	} {
		for _, p := range asking(t, example(t), grafana.TypeStat, metric) {
			if p.Title == "Exceptions to review" || metric == "up{" && p.Title != "Scraped" {
				continue
			}
			words := p.FieldConfig.Defaults.Mappings[1].Options.(map[string]any)
			for i, value := range []string{"0", "1"} {
				word := words[value].(map[string]any)
				if got := fmt.Sprint(word["text"], " ", word["color"]); got != want[i] {
					t.Errorf("%s: %s is %s, want %s", p.Title, value, got, want[i])
				}
			}
		}
	}
}

// zeros finds the zeros that stand in for what is not there.
var zeros = regexp.MustCompile(`\bvector\(|\bor 0\b`)

func TestOnlyWhatIsKnownNotToHaveHappenedIsZero(t *testing.T) {
	t.Parallel()
	allowed := []string{
		`verdict="missed"`, `verdict="met"`, `verdict=~"no_data|stale|insufficient_data"`, // Of verdicts that there are.
		"teamhealth_exception_expired",       // Of a teamhealth that has published.
		"teamhealth_collector_skipped_total", // Of a source that has had cycles.
	}
	eachQuery(t, func(t *testing.T, q grafana.Target) {
		if !zeros.MatchString(q.Expr) {
			return
		}
		for _, text := range allowed {
			if strings.Contains(q.Expr, text) && strings.Contains(q.Expr, " or 0 * sum by (job, instance") {
				return
			}
		}
		t.Errorf("%s\nclaims a zero", q.Expr)
	})
}

func TestEveryVerdictIsAWordWithACode(t *testing.T) {
	t.Parallel()
	want := map[scorecard.Verdict]string{
		scorecard.Missed: "missed red", scorecard.Stale: "stale orange", scorecard.NoData: "no data #808080",
		scorecard.InsufficientData: "too little data #808080", scorecard.Pending: "pending light-blue",
		scorecard.Empty: "nothing to judge #808080", scorecard.Tracked: "tracked blue",
		scorecard.Exempt: "exempt purple", scorecard.Met: "met green",
	}
	matrix := asking(t, example(t), grafana.TypeTable, "max by (objective, team)")[0]
	words := matrix.FieldConfig.Defaults.Mappings[1].Options.(map[string]any)
	got := map[scorecard.Verdict]string{}
	for _, term := range regexp.MustCompile(`(\d) \* teamhealth_objective_verdict\{[^}]*verdict="([a-z_]+)"\}`).
		FindAllStringSubmatch(matrix.Targets[0].Expr, -1) {
		word := words[term[1]].(map[string]any)
		got[scorecard.Verdict(term[2])] = fmt.Sprint(word["text"], " ", word["color"])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
}

func TestOfSeveralVerdictsTheWorstIsShown(t *testing.T) {
	t.Parallel()
	expression := asking(t, example(t), grafana.TypeTable, "max by (objective, team)")[0].Targets[0].Expr
	missed, met := strings.Index(expression, `9 * teamhealth`), strings.Index(expression, `1 * teamhealth`)
	if met < 0 || missed < met || !strings.Contains(expression[missed:], `verdict="missed"`) {
		t.Errorf("%s\ndoes not end with the worst verdict, of the highest code", expression)
	}
}

func TestResponseTimesLeadToIncidents(t *testing.T) {
	t.Parallel()
	for _, metric := range []string{"teamhealth_incident_response_seconds_bucket", "teamhealth_incident_resolution_seconds_bucket"} {
		panels := asking(t, example(t), grafana.TypeHeatmap, metric)
		if len(panels) != 1 {
			t.Fatalf("%d heat maps of %s, want one", len(panels), metric)
		}
		want := grafana.Target{
			RefID: "A", Datasource: panels[0].Datasource, Format: "heatmap", LegendFormat: "{{le}}", Range: true, Exemplar: true,
			Expr: "sum by (job, instance, le) (increase(" + metric + `{job=~"$job", instance=~"$instance", team=~"$team"}[$__rate_interval]))`,
		}
		if diff := cmp.Diff(want, panels[0].Targets[0]); diff != "" {
			t.Errorf("its query (-want +got):\n%s", diff)
		}
	}
}
