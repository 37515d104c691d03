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

func TestExampleLetsAnEngineerBecomeAnSREOnAnyDay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ edit, want scorecard.Date }{
		"the example's own day": {want: scorecard.Date{Year: 2026, Month: time.August, Day: 17}},
		"a chosen day": {
			edit: scorecard.Date{Year: 2029, Month: time.February, Day: 19},
			want: scorecard.Date{Year: 2029, Month: time.February, Day: 19},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := config.Example(config.ExampleEdits{
				PagerDutyURL: "http://127.0.0.1:4711", TokenFile: "/demo/token", Interval: time.Minute,
				StoreURL: "sqlite:/demo/teamhealth.db", BecameSRE: test.edit,
			})
			if err != nil {
				t.Fatal(err)
			}
			var crossed []scorecard.Date
			for _, p := range parse(t, string(text)).People {
				for _, m := range p.Moves {
					if p.Line == scorecard.LineEngineer && m.Line == scorecard.LinePersonSRE {
						crossed = append(crossed, m.On)
					}
				}
			}
			if diff := cmp.Diff([]scorecard.Date{test.want}, crossed); diff != "" {
				t.Errorf("engineers became SREs on (-want +got):\n%s", diff)
			}
		})
	}
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
