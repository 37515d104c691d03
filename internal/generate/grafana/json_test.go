package grafana_test

import (
	"flag"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/grafana"
	"teamhealth/internal/generate/grafana/grafanatest"
	"teamhealth/internal/goldentest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// small is a dashboard with a panel of every type.
func small() *grafana.Dashboard {
	source := grafana.Datasource{Type: "prometheus", UID: "${datasource}"}
	look := grafana.FieldConfig{
		Defaults: grafana.Defaults{
			Unit: "percentunit", NoValue: "no data",
			Thresholds: grafana.From("green", grafana.At(0.1, "red")),
			Mappings: []grafana.Mapping{
				grafana.Absent(grafana.Shown{Text: "no data"}),
				grafana.ByValue(map[string]grafana.Shown{"2": {Text: "two", Index: 1}, "1": {Text: "one"}}),
			},
			Links: []grafana.DataLink{{Title: "more", URL: "/d/other?a=1&b=${__value.raw}"}},
		},
		Overrides: []grafana.Override{grafana.ByName("x", grafana.Property{ID: "unit", Value: "s"})},
	}
	table := grafana.Table(look, "Team").Ask(source, grafana.Rows("a"), grafana.Rows("b > 1")).Describe("table", "a table").Size(12, 4)
	table.Transformations = []grafana.Transformation{
		grafana.Merge(), grafana.Organize([]grafana.Column{
			{Field: "team", Title: "Team"}, {Field: grafana.ValueOf(1, 2), Title: "B"},
		}, "Time", "team"),
	}
	matrix := grafana.Table(look).Ask(source, grafana.Rows("a")).Describe("matrix", "a matrix").Size(12, 4)
	matrix.Transformations = []grafana.Transformation{grafana.ToMatrix("objective", "team")}
	return &grafana.Dashboard{
		UID: "small", Title: "Small", Description: "One panel of every type.", Tags: []string{"test"}, Refresh: "5m",
		Schema: grafana.SchemaVersion, Timezone: "utc", Time: grafana.TimeRange{From: "now-1h", To: "now"},
		Links:       []grafana.Link{{Title: "Other", Type: grafana.LinkTo, URL: grafana.Path("other"), Tags: []string{}}},
		Annotations: grafana.Annotations{List: []string{}},
		Templating: grafana.Templating{List: []grafana.Variable{
			grafana.Sources("datasource", "Data source", "prometheus", "where from"),
			grafana.Values("job", "Job", "label_values(a, job)", "which job", source),
			grafana.Values("team", "Team", "label_values(a, team)", "which team", source).WithAll(),
			grafana.OneOf("window", "Window", "when", grafana.Choice{Text: "Now", Value: "n"}, grafana.Choice{Text: "Then", Value: "t"}),
		}},
		Panels: grafana.Arrange(grafana.Row{Title: "Row", Panels: []grafana.Panel{
			grafana.Text("*hello*").Describe("text", "a text").Size(12, 4),
			grafana.Stat(look).Ask(source, grafana.Now("a", "{{team}}")).Describe("stat", "a stat").Size(12, 4),
			grafana.Gauge(look).Ask(source, grafana.Now("a", "{{team}}")).Describe("gauge", "a gauge").Size(12, 4),
			grafana.Timeseries(look).Ask(source, grafana.Over("a", "{{team}}")).Describe("lines", "some lines").Size(12, 4),
			grafana.StateTimeline(look).Ask(source, grafana.Over("a", "{{team}}")).Describe("states", "some states").Size(12, 4),
			grafana.Heatmap("s").Ask(source, grafana.Buckets("a")).Describe("heat", "a heat map").Size(12, 4),
			table, matrix,
		}}),
	}
}

func TestDashboardIsWrittenAsGrafanaReadsIt(t *testing.T) {
	t.Parallel()
	got, err := small().JSON()
	if err != nil {
		t.Fatal(err)
	}
	goldentest.Compare(t, *update, "small.json", got)
}

func TestDashboardReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	written, err := small().JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := grafanatest.Read(t, written).JSON()
	if err != nil {
		t.Fatal(err)
	}
	// What has several forms comes back as maps, whose keys stand in another order.
	if diff := cmp.Diff(grafanatest.Generic(t, written), grafanatest.Generic(t, again)); diff != "" {
		t.Errorf("the dashboard (-written +read back):\n%s", diff)
	}
}

func TestWhatHasNoFormInJSONIsAnError(t *testing.T) {
	t.Parallel()
	d := small()
	d.Panels[1].Options = func() {}
	if content, err := d.JSON(); err == nil {
		t.Errorf("no error, but %d bytes", len(content))
	}
}

func TestQueriesAreListedPanelByPanel(t *testing.T) {
	t.Parallel()
	content, err := small().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range grafanatest.Queries(t, content) {
		got = append(got, q.Dashboard+"/"+q.Panel+"/"+q.RefID+": "+grafanatest.With(t, q.Expr+" $x ${y}", map[string]string{"x": "1", "y": "2"}))
	}
	want := []string{
		"Small/stat/A: a 1 2", "Small/gauge/A: a 1 2", "Small/lines/A: a 1 2", "Small/states/A: a 1 2",
		"Small/heat/A: a 1 2", "Small/table/A: a 1 2", "Small/table/B: b > 1 1 2", "Small/matrix/A: a 1 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}
