package realservers_test

import (
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/generate"
	"teamhealth/internal/generate/grafana/grafanatest"
)

// everybody is what Grafana makes of a team variable that stands on All.
const everybody = ".+"

// boards returns the dashboards among the files.
func boards(t *testing.T, files []generate.File) [][]byte {
	t.Helper()
	var all [][]byte
	for _, f := range files {
		if strings.HasSuffix(f.Path, ".json") {
			all = append(all, f.Content)
		}
	}
	if len(all) != 5 {
		t.Fatalf("%d dashboards, want 5", len(all))
	}
	return all
}

// filled is an expression as Grafana would send it for a window.
func filled(t *testing.T, expression, window string) string {
	t.Helper()
	return grafanatest.With(t, expression, map[string]string{
		"__rate_interval": rateOver, "__range": "1h", "__interval": rateOver,
		"window": window, "team": everybody, "job": "teamhealth", "instance": ".+",
	})
}

// checkPanels wants data for every query of every panel. In a window that began a
// moment ago there may be none yet, so that of the current quarter it wants an answer.
func checkPanels(t *testing.T, p *prometheus, dashboards [][]byte) {
	t.Helper()
	asked := map[string]string{} // Where each expression stands.
	for _, d := range dashboards {
		for _, q := range grafanatest.Queries(t, d) {
			for _, window := range []string{"previous_quarter", "28d"} {
				asked[filled(t, q.Expr, window)] = q.Dashboard + ", " + q.Panel
			}
			p.query(t, filled(t, q.Expr, "current_quarter"))
		}
	}
	if len(asked) < 100 {
		t.Errorf("only %d queries were asked", len(asked))
	}
	for _, expression := range slices.Sorted(maps.Keys(asked)) {
		checkData(t, p, asked[expression], expression)
	}
}

// checkData waits for data: a rate needs some scrapes.
func checkData(t *testing.T, p *prometheus, where, expression string) {
	t.Helper()
	eventually(t, where+" has data for\n"+expression, func() bool {
		return slices.ContainsFunc(p.query(t, expression), sample.isNumber)
	})
}

func (s sample) isNumber() bool { return !math.IsNaN(s.Value) }

// checkVariables wants values for every variable that asks the server.
func checkVariables(t *testing.T, p *prometheus, dashboards [][]byte) {
	t.Helper()
	asks := regexp.MustCompile(`^label_values\((.*), *(\w+)\)$`)
	for _, content := range dashboards {
		d := grafanatest.Read(t, content)
		for _, v := range d.Templating.List {
			if v.Type != "query" {
				continue
			}
			found := asks.FindStringSubmatch(v.Query)
			if found == nil {
				t.Errorf("%s: the variable %s asks %q", d.Title, v.Name, v.Query)
				continue
			}
			selector := filled(t, found[1], "")
			checkData(t, p, d.Title+", variable "+v.Name, selector)
			for _, s := range p.query(t, selector) {
				if s.Metric[found[2]] == "" {
					t.Errorf("%s: the variable %s: %v has no label %s", d.Title, v.Name, s.Metric, found[2])
				}
			}
		}
	}
}

// checkExemplars wants the marks of the response times to name incidents.
func checkExemplars(t *testing.T, p *prometheus) {
	t.Helper()
	now := time.Now()
	var series []struct {
		Exemplars []struct {
			Labels map[string]string `json:"labels"`
		} `json:"exemplars"`
	}
	seconds := func(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
	p.ask(t, "/api/v1/query_exemplars?"+url.Values{
		"query": {"teamhealth_incident_response_seconds_bucket"},
		"start": {seconds(now.AddDate(-3, 0, 0))}, "end": {seconds(now.Add(time.Hour))},
	}.Encode(), &series)
	if len(series) == 0 {
		t.Error("there is no exemplar of a response time")
	}
	for _, s := range series {
		for _, e := range s.Exemplars {
			if e.Labels["incident_id"] == "" {
				t.Errorf("an exemplar has the labels %v, and no incident_id", e.Labels)
			}
		}
	}
}
