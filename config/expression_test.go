package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
)

// counted is a configuration whose query_performance counts by two expressions.
func counted(good, total string) []byte {
	return fmt.Appendf(nil, `
organization: {name: Databases}
sources: {prometheus: {url: "http://prometheus:9090"}}
teams: [{id: mysql}, {id: data-base}]
objectives:
  - {id: query_performance, good: %q, total: %q}
`, good, total)
}

func TestExpressionsThatCountAreTaken(t *testing.T) {
	t.Parallel()
	for name, expression := range map[string]string{
		"a sum of increases, as the manual has it":     `sum(increase(queries_total{team="$team"}[1h]))`,
		"a recorded series, which may be the only one": `team:queries:increase1h{team="$team"}`,
		"a scalar":                                          `scalar(sum(increase(queries_total{team="$team"}[1h])))`,
		"a function that must be switched on":               `sum(mad_over_time(queries_total{team="$team"}[1h]))`,
		"a number":                                          `3600`,
		"one that falls back to nothing":                    `sum(increase(queries_total{team="$team"}[1h])) or vector(0)`,
		"a subquery, and the team in a pattern":             `sum_over_time((sum(rate(queries_total{db=~"$team-.*"}[5m])) < bool 1)[1h:1m])`,
		"several lines, comments, and the team in one only": "sum(\n  increase(queries_total[1h]) # of $team\n)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := config.Parse("teamhealth.yml", counted(expression, expression))
			if err != nil {
				t.Fatal(err)
			}
			if o, _ := c.Rubric.Find("query_performance"); o.Good != expression || o.Total != expression {
				t.Errorf("it became %q", o.Good)
			}
		})
	}
}

// A rubric in a file may leave it to the configuration to give the expressions.
func TestPairOfExpressionsMayComeFromTwoFiles(t *testing.T) {
	t.Parallel()
	const head = `
organization: {name: Databases}
sources: {prometheus: {url: "http://prometheus:9090"}}
teams: [{id: mysql}]
`
	dir := t.TempDir()
	write(t, dir+"/rubric.yml", "objectives:\n  - {id: uptime, measure: availability, method: events}\n")
	text := head + `rubric: rubric.yml
objectives: [{id: uptime, good: "sum(increase(up_seconds_total[1h]))", total: "3600"}]
`
	if _, err := config.Parse(dir+"/teamhealth.yml", []byte(text)); err != nil {
		t.Error(err)
	}
	write(t, dir+"/whole.yml", "objectives:\n  - {id: uptime, measure: availability, method: events, good: vector(1), total: vector(1)}\n")
	text = head + "rubric: whole.yml\nobjectives: [{id: uptime, method: incidents}]\n"
	c, err := config.Parse(dir+"/teamhealth.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := c.Rubric.Find("uptime"); o.Method != "incidents" {
		t.Errorf("the method is %s, want that of the configuration", o.Method)
	}
}

// The example shows in a comment how to count uptime by probes, beside incidents.
func TestExampleCountsUptimeByProbesOnceThatIsNoCommentAnyMore(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("example.yml")
	if err != nil {
		t.Fatal(err)
	}
	before, commented, found := strings.Cut(string(data), "  # - id: database_uptime_events\n")
	if !found {
		t.Fatal("the comment is gone")
	}
	commented, after, _ := strings.Cut(commented, "  - id: hiring_plan")
	text := before + "  - id: database_uptime_events\n" + strings.ReplaceAll(commented, "  #   ", "    ") + "  - id: hiring_plan" + after
	c := parse(t, text)
	probes, err := c.Rubric.Find("database_uptime_events")
	if err != nil {
		t.Fatal(err)
	}
	incidents, _ := c.Rubric.Find("database_uptime")
	if !probes.CountsEvents() || incidents.CountsEvents() || len(c.Rubric.Objectives) != 38 {
		t.Errorf("probes count events: %t, incidents: %t, of %d objectives; want true, false, 38",
			probes.CountsEvents(), incidents.CountsEvents(), len(c.Rubric.Objectives))
	}
	for _, key := range []string{"good", "total"} {
		path := c.ExpressionPath("database_uptime_events", key)
		_, line := c.Position(path)
		if written := strings.Split(text, "\n")[line-1]; !strings.Contains(written, key+": sum(") {
			t.Errorf("%s is said to be at %s, which is %q", key, path, written)
		}
	}
}

func TestExpressionsThatMayBeMeantOtherwiseAreWarnedOf(t *testing.T) {
	t.Parallel()
	const same, half = "counts the same for each of 2 teams", "looks at 30m of each hour"
	for name, test := range map[string]struct {
		expression string
		want       []string
	}{
		"what is as the manual has it":        {`sum(increase(queries_total{team="$team"}[1h]))`, nil},
		"a recorded series":                   {`queries:increase1h{team="$team"}`, nil},
		"a constant, which no team has alone": {`vector(3600)`, nil},
		"one that names no team":              {`sum(increase(queries_total[1h]))`, []string{same}},
		"one that looks at half of the hour":  {`sum(increase(queries_total{team="$team"}[30m]))`, []string{half}},
		"both":                                {`sum(increase(queries_total[30m]))`, []string{half, same}},
		"one that looks again and again":      {`sum_over_time((sum(rate(q{team="$team"}[5m])) < bool 1)[1h:1m])`, nil},
		"an hour in minutes":                  {`sum(increase(queries_total{team="$team"}[60m]))`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(counted(test.expression, "3600")), "[{id: mysql}, {id: data-base}]", "[{id: mysql, line: dre}, {id: data-base, line: dre}, {id: oncall, line: sre}]", 1)
			var got []string
			for _, w := range parse(t, text).Warnings() {
				got = append(got, w.Problem)
				if place := "teamhealth.yml:6: objectives[0].good: "; !strings.HasPrefix(w.String(), place) || w.Hint == "" {
					t.Errorf("the warning is %q, want one at %s with a hint", w, place)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
	if warnings := load(t, "example.yml").Warnings(); len(warnings) > 0 {
		t.Errorf("the example has %v", warnings)
	}
}
