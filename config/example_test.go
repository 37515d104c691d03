package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/config"
	"teamhealth/internal/secret"
	"teamhealth/scorecard"
)

func TestExampleIsTheWholeOrganization(t *testing.T) {
	t.Parallel()
	c := load(t, "example.yml")
	type team struct {
		Line     scorecard.Line
		People   int // Today, moves included.
		Coverage scorecard.Coverage
	}
	want := map[string]team{
		"mysql":      {Line: scorecard.LineDRE, People: 5, Coverage: scorecard.AroundTheClock},
		"mongodb":    {Line: scorecard.LineDRE, People: 5, Coverage: scorecard.AroundTheClock},
		"platform":   {Line: scorecard.LineDRE, People: 5},
		"oncall":     {Line: scorecard.LineSRE, People: 4, Coverage: scorecard.BusinessHours},
		"monitoring": {Line: scorecard.LineSRE, People: 4},
		"automation": {Line: scorecard.LineSRE, People: 4},
	}
	got := map[string]team{}
	for _, configured := range c.Teams {
		g := team{Line: configured.Line}
		if configured.Rotation != nil {
			g.Coverage = configured.Rotation.Coverage
		}
		got[configured.ID] = g
	}
	movers, partTime, left := 0, 0, 0
	for _, p := range c.People {
		now := p.Team
		if len(p.Moves) > 0 {
			movers++
		}
		for _, m := range p.Moves {
			if m.Team != "" {
				now = m.Team
			}
		}
		if p.FTE < 1 {
			partTime++
		}
		if !p.Left.IsZero() {
			left++
			continue
		}
		g := got[now]
		g.People++
		got[now] = g
		if now == "platform" && p.Line != scorecard.LinePersonSRE {
			t.Errorf("%s of platform is %s, want sre", p.ID, p.Line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	if movers != 2 || partTime != 1 || left != 1 {
		t.Errorf("%d move, %d work part time, %d left; want 2, 1, 1", movers, partTime, left)
	}
}

func TestExampleHasEveryClassOfTheRubric(t *testing.T) {
	t.Parallel()
	c := load(t, "example.yml")
	needed := []string{"postmortem", "action_item", "change_request", "coding"} // By measures, without a parameter.
	for _, o := range c.Rubric.Objectives {
		for _, class := range []string{o.Of, o.With, o.Without} {
			if class != "" {
				needed = append(needed, class)
			}
		}
	}
	for _, class := range needed {
		if len(c.Tickets[class]) == 0 {
			t.Errorf("class %s is not configured", class)
		}
	}
}

func TestExampleHiresAsTheDocumentPlans(t *testing.T) {
	t.Parallel()
	c := load(t, "example.yml")
	plan, err := c.Rubric.Find("hiring_plan")
	if err != nil {
		t.Fatal(err)
	}
	hires := map[string]int{}
	for _, entry := range plan.Plan {
		hires[entry.Period] += entry.Count
	}
	want := map[string]int{ // Years 1 and 2 of the plan, by quarter.
		"2026-Q1": 3, "2026-Q2": 2, "2026-Q3": 2, "2026-Q4": 2,
		"2027-Q1": 2, "2027-Q2": 2, "2027-Q3": 2, "2027-Q4": 1,
	}
	if diff := cmp.Diff(want, hires); diff != "" {
		t.Errorf("hires (-want +got):\n%s", diff)
	}
}

func TestExampleEditsReplaceWhereFactsComeFromAndGoTo(t *testing.T) {
	t.Parallel()
	exception := config.Exception{
		ID: "drill", Objective: "incident_response", Team: "mysql", Incidents: []string{"Q1ABC", "0123"},
		Reason: "a drill: planned", ApprovedBy: "director", Until: scorecard.Date{Year: 2027, Month: time.March, Day: 5},
	}
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:4711", TokenFile: "/demo/token", Interval: 90 * time.Second,
		Since: scorecard.Date{Year: 2024, Month: time.November, Day: 22}, StoreURL: "sqlite:/demo/teamhealth.db",
		Exceptions: []config.Exception{exception},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, string(text))
	example := load(t, "example.yml")
	want := *example
	want.Sources = config.Sources{PagerDuty: &config.PagerDuty{
		Credential: config.Credential{TokenFile: "/demo/token", Token: secret.File("/demo/token")},
		URL:        "http://127.0.0.1:4711", Interval: 90 * time.Second,
		Since: scorecard.Date{Year: 2024, Month: time.November, Day: 22},
		Teams: []string{}, Bots: []string{"PUSERBOT"},
	}}
	want.Store = config.Store{URL: "sqlite:/demo/teamhealth.db", Path: "/demo/teamhealth.db"}
	want.Exceptions = []config.Exception{exception}
	options := cmp.Options{
		sameZone(), sameNumber(), cmpopts.IgnoreUnexported(config.Config{}),
		cmp.Comparer(func(a, b secret.Source) bool { return a == b }),
	}
	if diff := cmp.Diff(&want, c, options); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	for _, comment := range []string{"# Secrets are never in this file", "# user accounts that are automation", "\n\n# The roster:"} {
		if !strings.Contains(string(text), comment) {
			t.Errorf("the comment %q is gone", comment)
		}
	}
}

func TestExampleAsksThePrometheusThatItIsTold(t *testing.T) {
	t.Parallel()
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:4711", TokenFile: "/demo/token", Interval: 90 * time.Second, StoreURL: "sqlite:/demo/teamhealth.db",
		PrometheusURL: "http://127.0.0.1:4712",
	})
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, string(text))
	if p := c.Sources.Prometheus; p.URL != "http://127.0.0.1:4712" || p.Interval != 90*time.Second {
		t.Errorf("%s is asked every %s", p.URL, p.Interval)
	}
	want := []string{"mysql", "mongodb", "platform"}
	if got := c.Policy().EventQueries(); len(got) != 1 || got[0].Objective != "query_performance" || !cmp.Equal(want, got[0].Teams) {
		t.Errorf("it counts %+v, want query_performance of %q", got, want)
	}
}

func TestExampleReadsTheRecordsThatItIsTold(t *testing.T) {
	t.Parallel()
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:4711", TokenFile: "/demo/token", Interval: 90 * time.Second, StoreURL: "sqlite:/demo/teamhealth.db",
		Records: []string{"records/*.csv", "/srv/more: or less.csv"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Records{Files: []string{"records/*.csv", "/srv/more: or less.csv"}, Interval: 90 * time.Second}
	if diff := cmp.Diff(want, parse(t, string(text)).Sources.Records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// Everything moves by whole quarters, and on to a Monday. The quarter before the day always has two
// joiners, an engineer who becomes an SRE, and the plan of two positions.
func TestExampleMovesWithTheDayThatItIsLookedAtOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		today                       string
		joined, productive, crossed string // Of p23, p05 and p08.
		left, changed               string // Of p28 and p27.
		first, last                 string // Of the plan.
	}{
		"the example's own days": {"", "2026-09-01", "2026-04-13", "2026-08-17", "2026-04-01", "2026-06-01", "2026-Q1", "2027-Q4"},
		"the quarter of the example": {
			"2026-12-31", "2026-09-01", "2026-04-13", "2026-08-17", "2026-04-01", "2026-06-01", "2026-Q1", "2027-Q4",
		},
		// December 1 is a Tuesday, July 13 a Monday, November 17 a Tuesday; July 1 a Wednesday, September 1 a Tuesday.
		"one later": {"2027-01-01", "2026-12-07", "2026-07-13", "2026-11-23", "2026-07-06", "2026-09-07", "2026-Q2", "2028-Q1"},
		// June 1 is a Monday, January 13 a Tuesday, May 17 a Sunday, January 1 a Thursday, March 1 a Sunday.
		"one earlier":     {"2026-08-20", "2026-06-01", "2026-01-19", "2026-05-18", "2026-01-05", "2026-03-02", "2025-Q4", "2027-Q3"},
		"two years later": {"2028-11-23", "2028-09-04", "2028-04-17", "2028-08-21", "2028-04-03", "2028-06-05", "2028-Q1", "2029-Q4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edits := config.ExampleEdits{
				PagerDutyURL: "http://127.0.0.1:4711", TokenFile: "/demo/token", Interval: time.Minute, StoreURL: "sqlite:/demo/teamhealth.db",
			}
			if test.today != "" {
				edits.Today = date(t, test.today)
			}
			text, err := config.Example(edits)
			if err != nil {
				t.Fatal(err)
			}
			c := parse(t, string(text))
			people := map[string]config.Person{}
			for _, p := range c.People {
				people[p.ID] = p
			}
			want := []scorecard.Date{
				date(t, test.joined), date(t, test.productive), date(t, test.crossed), date(t, test.left), date(t, test.changed),
			}
			got := []scorecard.Date{
				people["p23"].Joined, people["p05"].ProductiveOn, people["p08"].Moves[0].On, people["p28"].Left, people["p27"].Moves[0].On,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("days (-want +got):\n%s", diff)
			}
			plan, err := c.Rubric.Find("hiring_plan")
			if err != nil {
				t.Fatal(err)
			}
			if first, last := plan.Plan[0].Period, plan.Plan[len(plan.Plan)-1].Period; first != test.first || last != test.last {
				t.Errorf("the plan goes from %s to %s, want %s to %s", first, last, test.first, test.last)
			}
		})
	}
}

// date is a day such as 2026-08-17.
func date(t *testing.T, text string) scorecard.Date {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return scorecard.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
}

func TestExampleEditsThatMakeNoConfigurationAreReported(t *testing.T) {
	t.Parallel()
	_, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "127.0.0.1", TokenFile: "/demo/token", Interval: time.Minute, StoreURL: "sqlite:/demo/teamhealth.db",
	})
	if err == nil || !strings.Contains(err.Error(), "sources.pagerduty.url") {
		t.Errorf("got error %v, want one that names sources.pagerduty.url", err)
	}
}
