package dashboards_test

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/grafana"
	"teamhealth/internal/generate/grafana/grafanatest"
	"teamhealth/scorecard"
)

func TestFilesAreTheFiveDashboardsAndWhatGrafanaNeeds(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range files(t, example(t)) {
		line := f.Path
		if strings.HasSuffix(f.Path, ".json") {
			d := grafanatest.Read(t, f.Content)
			line += ": " + d.UID + ", " + d.Title
		}
		got = append(got, line)
	}
	want := []string{
		"overview.json: teamhealth-overview, Team health",
		"oncall.json: teamhealth-oncall, Team health / On-call",
		"reliability.json: teamhealth-reliability, Team health / Reliability and error budget",
		"quarterly.json: teamhealth-quarterly, Team health / Quarterly review",
		"exporter.json: teamhealth-exporter, Team health / Exporter",
		"provisioning/dashboards/teamhealth.yml",
		"provisioning/datasources/teamhealth.yml",
		"README.md",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTheSamePolicyGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(files(t, example(t)), files(t, example(t))); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
}

func TestFilesEndWithOneNewline(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, example(t)) {
		if !bytes.HasSuffix(f.Content, []byte("\n")) || bytes.HasSuffix(f.Content, []byte("\n\n")) {
			t.Errorf("%s ends with %q", f.Path, f.Content[len(f.Content)-2:])
		}
	}
}

func TestDashboardsReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, example(t)) {
		if !strings.HasSuffix(f.Path, ".json") {
			continue
		}
		again, err := grafanatest.Read(t, f.Content).JSON()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(grafanatest.Generic(t, f.Content), grafanatest.Generic(t, again)); diff != "" {
			t.Errorf("%s (-written +read back):\n%s", f.Path, diff)
		}
	}
}

func TestOnlyTheFirstStepOfThresholdsIsNull(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, example(t)) {
		if strings.HasSuffix(f.Path, ".json") {
			if at := nulls(grafanatest.Generic(t, f.Content), ""); len(at) > 0 {
				t.Errorf("%s: null at %q", f.Path, at)
			}
		}
	}
}

// nulls lists where in a value there is null, but for the first steps of
// thresholds, which Grafana wants to have none.
func nulls(value any, path string) []string {
	var found []string
	switch v := value.(type) {
	case nil:
		if !strings.HasSuffix(path, "/steps/first/value") {
			found = append(found, path)
		}
	case map[string]any:
		for key, member := range v {
			found = append(found, nulls(member, path+"/"+key)...)
		}
	case []any:
		for i, member := range v {
			name := "later"
			if i == 0 {
				name = "first"
			}
			found = append(found, nulls(member, path+"/"+name)...)
		}
	}
	return found
}

func TestPanelsHaveTheirOwnIDAndPlace(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		ids, taken := map[int]bool{}, map[[2]int]string{}
		for _, p := range d.Panels {
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: has the id %d of another panel", p.Title, p.ID)
			}
			ids[p.ID] = true
			g := p.GridPos
			if g.X < 0 || g.X+g.W > 24 || g.W < 1 || g.H < 1 {
				t.Errorf("%s: is outside the grid at %+v", p.Title, g)
			}
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if other, ok := taken[[2]int{x, y}]; ok {
						t.Fatalf("%s lies on %s", p.Title, other)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	})
}

func TestQueriesOfAPanelHaveTheirOwnID(t *testing.T) {
	t.Parallel()
	eachPanel(t, func(t *testing.T, p *grafana.Panel) {
		seen := map[string]bool{}
		for _, target := range p.Targets {
			if seen[target.RefID] {
				t.Errorf("%s: two queries are %s", p.Title, target.RefID)
			}
			seen[target.RefID] = true
			if target.Format == grafana.FormatSeries && target.LegendFormat == "" {
				t.Errorf("%s: its series have no names", p.Title)
			}
		}
	})
}

func TestPanelsAreOfKindsThatGrafana9Has(t *testing.T) {
	t.Parallel()
	kinds := []string{"stat", "table", "timeseries", "state-timeline", "heatmap", "gauge", "text"}
	used := map[string]bool{}
	for _, d := range boards(t, example(t)) {
		for _, p := range d.Panels {
			used[p.Type] = true
			if p.Type != "row" && !slices.Contains(kinds, p.Type) {
				t.Errorf("%s: is a %s", p.Title, p.Type)
			}
		}
	}
	for _, kind := range kinds {
		if !used[kind] {
			t.Errorf("no panel is a %s", kind)
		}
	}
}

func TestEveryLinkLeadsToADashboardThatThereIs(t *testing.T) {
	t.Parallel()
	for name, p := range policies(t) {
		all := boards(t, p)
		known := map[string]bool{}
		for _, d := range all {
			known["/d/"+d.UID] = true
		}
		for file, d := range all {
			if len(d.Links) != 4 {
				t.Errorf("%s, %s: %d links, want one to each other dashboard", name, file, len(d.Links))
			}
			for _, l := range d.Links {
				if !known[l.URL] || l.URL == "/d/"+d.UID || !l.IncludeVars || !l.KeepTime {
					t.Errorf("%s, %s: %+v", name, file, l)
				}
			}
			for _, link := range dataLinks(t, d) {
				path, query, _ := strings.Cut(link, "?")
				if !known[path] {
					t.Errorf("%s, %s: %s leads nowhere", name, file, link)
				}
				for _, kept := range []string{"${datasource:queryparam}", "${job:queryparam}", "${instance:queryparam}", "var-team=", "${__url_time_range}"} {
					if !strings.Contains(query, kept) {
						t.Errorf("%s, %s: %s loses %s", name, file, link, kept)
					}
				}
				if strings.Contains(query, "${window:") {
					variable(t, d, "window")
				}
			}
		}
	}
}

// dataLinks are the addresses that the values of a dashboard lead to.
func dataLinks(t *testing.T, d *grafana.Dashboard) []string {
	t.Helper()
	var all []string
	for _, p := range d.Panels {
		if p.FieldConfig == nil {
			continue
		}
		for _, l := range p.FieldConfig.Defaults.Links {
			all = append(all, l.URL)
		}
		for _, o := range p.FieldConfig.Overrides {
			for _, property := range o.Properties {
				if property.ID != "links" {
					continue
				}
				for _, l := range property.Value.([]any) {
					all = append(all, l.(map[string]any)["url"].(string))
				}
			}
		}
	}
	return all
}

func TestOverviewLeadsFromATeamToItsDashboards(t *testing.T) {
	t.Parallel()
	leads := map[string]bool{}
	for _, link := range dataLinks(t, boards(t, example(t))["overview.json"]) {
		path, query, _ := strings.Cut(link, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		leads[path+" "+values.Get("var-team")] = true
	}
	for _, path := range []string{"/d/teamhealth-oncall", "/d/teamhealth-reliability", "/d/teamhealth-quarterly"} {
		for _, team := range []string{"mysql", "automation", "$__all", "${__field.labels.team}", "${__value.raw}"} {
			if !leads[path+" "+team] {
				t.Errorf("nothing leads to %s of team %s", path, team)
			}
		}
	}
}

func TestVariablesAreThoseOfTheDashboard(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"overview.json":    "datasource job instance team window",
		"oncall.json":      "datasource job instance team window",
		"reliability.json": "datasource job instance team window",
		"quarterly.json":   "datasource job instance team", // It shows both quarters.
		"exporter.json":    "datasource job instance",
	}
	got := map[string]string{}
	for file, d := range boards(t, example(t)) {
		var names []string
		for _, v := range d.Templating.List {
			names = append(names, v.Name)
			if v.Description == "" {
				t.Errorf("%s: variable %s is not described", file, v.Name)
			}
		}
		got[file] = strings.Join(names, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

func TestVariablesThatAreUsedAreThere(t *testing.T) {
	t.Parallel()
	eachBoard(t, func(t *testing.T, d *grafana.Dashboard) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				for _, name := range []string{"job", "instance", "team", "window"} {
					if strings.Contains(target.Expr, "$"+name) {
						variable(t, d, name)
					}
				}
			}
		}
	})
}

func TestAllTeamsHaveTheOrganisationBesideThem(t *testing.T) {
	t.Parallel()
	team := variable(t, boards(t, example(t))["overview.json"], "team")
	if !team.IncludeAll || team.Current.Value != "$__all" || team.AllValue != ".+" || !team.Multi {
		t.Errorf("team is %+v, want all teams in the beginning, and all series with them", team)
	}
	if !strings.Contains(team.Query, `team!="org"`) {
		t.Errorf("%s offers the organisation alone, for which half of the panels have nothing", team.Query)
	}
}

func TestWindowsAreThoseThatArePublished(t *testing.T) {
	t.Parallel()
	window := variable(t, boards(t, example(t))["overview.json"], "window")
	if want := "Current quarter : current_quarter,Previous quarter : previous_quarter,Last 28 days : 28d"; window.Query != want {
		t.Errorf("windows are %q, want %q", window.Query, want)
	}
	if window.Multi || window.Current.Value != "current_quarter" || len(window.Options) != 3 {
		t.Errorf("window is %+v", window)
	}
}

func TestTheOrganisationIsNeverAddedToItsTeams(t *testing.T) {
	t.Parallel()
	eachQuery(t, func(t *testing.T, q grafana.Target) {
		adds := strings.Contains(q.Expr, "sum by") && !strings.Contains(q.Expr, "_total{") && !strings.Contains(q.Expr, "_bucket{")
		perTeam := strings.Contains(q.Expr, "instance, team)") || strings.Contains(q.Expr, `team="org"`)
		knowsNoTeam := strings.Contains(q.Expr, "teamhealth_exception_expired") || strings.Contains(q.Expr, "teamhealth_incidents_open")
		if adds && !perTeam && !knowsNoTeam {
			t.Errorf("%s\nadds up what is of the organisation and of its teams", q.Expr)
		}
		if strings.Contains(q.Expr, "avg") {
			t.Errorf("%s\nis a mean of means", q.Expr)
		}
	})
}

func TestTimesAreTheOrganisations(t *testing.T) {
	t.Parallel()
	d := boards(t, load(t, "../../../config/testdata/good/april.yml"))["overview.json"]
	if d.FiscalStart != 3 {
		t.Errorf("the fiscal year begins in month %d, want 3, which is April", d.FiscalStart)
	}
	if example := boards(t, example(t))["overview.json"]; example.Timezone != "utc" || example.FiscalStart != 0 {
		t.Errorf("the example is in time zone %q and its year begins in month %d", example.Timezone, example.FiscalStart)
	}
}

func TestDashboardsAreNotReadMoreOftenThanTheData(t *testing.T) {
	t.Parallel()
	for want, minutes := range map[string][]int{
		"5m":  {5, 10}, // The example.
		"15m": {10, 12},
		"1d":  {60 * 72},
		"30m": {600, 30},
	} {
		p := example(t, func(p *scorecard.Policy) {
			p.Sources = nil
			for _, m := range minutes {
				p.Sources = append(p.Sources, scorecard.SourceRules{Built: true, Interval: time.Duration(m) * time.Minute})
			}
			p.Sources = append(p.Sources, scorecard.SourceRules{Interval: 1}) // Is not read by this version.
		})
		for file, d := range boards(t, p) {
			if d.Refresh != want {
				t.Errorf("%s: sources of %d minutes refresh every %s, want %s", file, minutes, d.Refresh, want)
			}
		}
	}
}
