package config_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
	"teamhealth/scorecard"
)

func load(t *testing.T, file string) *config.Config {
	t.Helper()
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMinimalFileGetsTheDefaults(t *testing.T) {
	t.Parallel()
	c := load(t, "testdata/good/minimal.yml")
	monday := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	want := config.Organization{
		Name: "Databases", TimeZone: time.UTC, FiscalYearStart: time.January,
		WorkingWeek: config.WorkingWeek{Hours: 40, Days: monday, From: config.Clock(9 * time.Hour), To: config.Clock(17 * time.Hour)},
	}
	if diff := cmp.Diff(want, c.Organization, sameZone()); diff != "" {
		t.Errorf("organization (-want +got):\n%s", diff)
	}
	pagerduty := c.Sources.PagerDuty
	if pagerduty.Interval != 5*time.Minute || !pagerduty.Since.IsZero() || pagerduty.Token != secret.Env("PAGERDUTY_TOKEN") {
		t.Errorf("pagerduty is %+v, want it every 5m, without a beginning, with the token of the variable", pagerduty)
	}
	if c.Sources.Jira != nil || c.Sources.Prometheus != nil || c.Sources.Records != nil {
		t.Errorf("sources are %+v, want PagerDuty alone", c.Sources)
	}
	incidents := config.Incidents{Urgency: []facts.Urgency{facts.UrgencyHigh}, Outage: config.Outage{Priorities: []string{"P1", "P2"}}}
	if diff := cmp.Diff(incidents, c.Incidents); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Engagement{Minimum: 15 * time.Minute, Maximum: 4 * time.Hour}, c.Engagement); diff != "" {
		t.Errorf("engagement (-want +got):\n%s", diff)
	}
	if c.SealAfter != (scorecard.Due{Days: 10, Business: true}) || c.Privacy.People != "hidden" {
		t.Errorf("sealed after %v with people %s, want 10bd and hidden", c.SealAfter, c.Privacy.People)
	}
	if want := (config.Store{URL: "sqlite:testdata/good/teamhealth.db", Path: "testdata/good/teamhealth.db"}); c.Store != want {
		t.Errorf("the store is %+v, want %+v", c.Store, want)
	}
	if c.Teams[0].Name != "mysql" || c.Teams[0].Rotation != nil {
		t.Errorf("the team is %+v, want its id as name and no rotation", c.Teams[0])
	}
}

func TestSourcesGetTheirDefaults(t *testing.T) {
	t.Parallel()
	c := parse(t, strings.Replace(minimal, "sources: {", `sources: {jira: {url: "https://example.atlassian.net", token_file: /run/jira}, prometheus: {url: "http://prometheus:9090"}, `, 1))
	want := &config.Jira{
		Credential: config.Credential{TokenFile: "/run/jira", Token: secret.File("/run/jira")},
		URL:        "https://example.atlassian.net", Flavor: "auto", Interval: 10 * time.Minute,
		DeclinedResolutions: []string{"Won't Do", "Won't Fix", "Duplicate", "Cannot Reproduce", "Invalid", "Declined", "Incomplete"},
	}
	if diff := cmp.Diff(want, c.Sources.Jira, cmp.Comparer(func(a, b secret.Source) bool { return a == b })); diff != "" {
		t.Errorf("jira (-want +got):\n%s", diff)
	}
	if c.Sources.Prometheus.Interval != 15*time.Minute {
		t.Errorf("prometheus is read every %s, want 15m", c.Sources.Prometheus.Interval)
	}
}

func TestFiscalYearAndZoneReachTheCalendar(t *testing.T) {
	t.Parallel()
	got := load(t, "testdata/good/april.yml").Policy().Calendar
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := scorecard.Calendar{
		Location: berlin, FiscalStart: time.April,
		Week: scorecard.WorkingWeek{
			Hours: 35, Days: []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday},
			From: 8*time.Hour + 30*time.Minute, To: 24 * time.Hour,
		},
		Holidays: []scorecard.Date{{Year: 2026, Month: time.January, Day: 1}, {Year: 2026, Month: time.December, Day: 25}},
	}
	if diff := cmp.Diff(want, got, sameZone()); diff != "" {
		t.Errorf("calendar (-want +got):\n%s", diff)
	}
}

// sameZone compares what cmp cannot look into.
func sameZone() cmp.Option {
	return cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
}

func sameNumber() cmp.Option {
	return cmp.Comparer(func(a, b scorecard.Number) bool { return a.Cmp(b) == 0 })
}

func TestFilesNamedByTheFileAreReadBesideIt(t *testing.T) {
	t.Parallel()
	c := load(t, "testdata/good/everything.yml")
	if got := ids(c.Rubric); c.Rubric.Name != "ours" || !cmp.Equal(got, []string{"response", "uptime", "tracked", "lead_time"}) {
		t.Errorf("rubric %s has %q", c.Rubric.Name, got)
	}
	uptime, _ := c.Rubric.Find("uptime")
	if want := (scorecard.Parameters{Good: "good_total", Total: "all_total"}); !cmp.Equal(want, uptime.Parameters) {
		t.Errorf("uptime has the parameters %+v, want those of its new measure, %+v", uptime.Parameters, want)
	}
	if tracked, _ := c.Rubric.Find("tracked"); tracked.Target != nil {
		t.Errorf("the target without a value is %v, want none", tracked.Target)
	}
	want := []config.Person{
		{
			ID: "p02", Team: "tools-2", Line: scorecard.LinePersonSRE, Joined: scorecard.Date{Year: 2025, Month: 1, Day: 1},
			Left: scorecard.Date{Year: 2026, Month: 3, Day: 1}, Mentor: "p01", FTE: 1,
		},
		{
			ID: "p01", Team: "mysql", Line: scorecard.LineEngineer, Level: "L5", FTE: 0.5,
			Moves: []config.Move{
				{On: scorecard.Date{Year: 2026, Month: 2, Day: 1}, Team: "tools-2", Level: "L6"},
				{On: scorecard.Date{Year: 2026, Month: 7, Day: 1}, Line: scorecard.LinePersonSRE},
			},
		},
	}
	if diff := cmp.Diff(want, c.People); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	folder := "testdata/good"
	if got := c.Sources.Records.Files; !cmp.Equal(got, []string{folder + "/records/*.csv", "/srv/records.csv"}) {
		t.Errorf("records are read from %q, want the relative pattern to begin in %s", got, folder)
	}
	if got := c.Tickets["postmortem"][0].Template; got != folder+"/postmortem.md" {
		t.Errorf("the template is %q, want it in %s", got, folder)
	}
	if coding := c.Tickets["coding"]; len(coding) != 2 || !cmp.Equal(coding[1].Fields["Kind of work"], []string{"Code", "Tests"}) {
		t.Errorf("class coding is %+v, want two matchers", coding)
	}
}

func TestPolicyTranslatesTheFile(t *testing.T) {
	t.Parallel()
	got := load(t, "testdata/good/everything.yml").Policy()
	want := &scorecard.Policy{
		Organization: "Databases",
		Teams: []scorecard.Team{
			{ID: "mysql", Name: "mysql", Line: scorecard.LineDRE, Rotation: &scorecard.Rotation{Coverage: scorecard.AroundTheClock, Size: 4, Shift: 7 * 24 * time.Hour}},
			{ID: "tools-2", Name: "tools-2", Line: scorecard.LineSRE, Rotation: &scorecard.Rotation{Coverage: scorecard.BusinessHours, Size: 3, Shift: 7 * 24 * time.Hour}},
		},
		Incidents:  scorecard.IncidentRules{Urgency: []facts.Urgency{facts.UrgencyHigh, facts.UrgencyLow}, OutageUrgency: []facts.Urgency{facts.UrgencyHigh}},
		Engagement: scorecard.Engagement{Minimum: 90 * time.Second, Maximum: 90 * time.Minute},
		Exceptions: []scorecard.Exception{{
			ID: "freeze", Objective: "uptime", Reason: "planned move", ApprovedBy: "director",
			Until: scorecard.Date{Year: 2026, Month: time.December, Day: 31},
		}},
		Tickets: scorecard.TicketRules{
			Classes: []scorecard.TicketClass{
				{Name: "coding", Matchers: []scorecard.TicketMatcher{
					{Labels: []string{"coding"}, Statuses: []string{"Done"}}, {Fields: map[string][]string{"Kind of work": {"Code", "Tests"}}},
				}},
				{Name: "postmortem", Matchers: []scorecard.TicketMatcher{{Types: []string{"Post-mortem"}}}},
			},
			Declined: []string{"Rejected"}, Template: "## Summary\n\nWhat happened, in two sentences?\n",
		},
		Sources: []scorecard.SourceRules{
			{Source: facts.Jira, Built: true, Interval: 10 * time.Minute},
			{Source: facts.Prometheus, Built: true, Interval: 15 * time.Minute},
			{Source: facts.Records, Built: true, Interval: 5 * time.Minute},
		},
		Calendar: got.Calendar,
		People:   got.People,
		Rubric:   got.Rubric,
	}
	if diff := cmp.Diff(want, got, sameZone(), sameNumber()); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	if len(got.People) != 2 || got.People[1].Moves[0].Team != "tools-2" || got.People[1].FTE != 0.5 {
		t.Errorf("people are %+v", got.People)
	}
	if pagerduty := parse(t, minimal).Policy().Sources; len(pagerduty) != 1 || !pagerduty[0].Built {
		t.Errorf("sources are %+v, want PagerDuty, which can be read", pagerduty)
	}
}

func TestAllMistakesAreReportedInOneRunByFileAndLine(t *testing.T) {
	t.Parallel()
	_, err := config.Parse("testdata/files/teamhealth.yml", []byte(`teams:
  - {id: mysql, jria: {}, line: dree}
  - {id: mysql}
people_file: bad-people.yml
rubric: bad-rubric.yml
sources: {pagerduty: {interval: soon}}
organization: {name: }
`))
	want := `testdata/files/bad-people.yml:1: people[0].team: unknown team "mysqll" (did you mean "mysql"?)
testdata/files/bad-people.yml:2: people[1].joined: "yesterday" is not a date (write it like 2026-01-31)
testdata/files/bad-people.yml:2: people[1].id: this person is on line 1 already (choose another)
testdata/files/bad-rubric.yml:2: rubric.objectives[0].threshold: required by measure response_time (response_time takes threshold)
testdata/files/bad-rubric.yml:3: rubric.objectives[1].measure: required (it has no default)
testdata/files/teamhealth.yml:2: teams[0].jria: unknown key (did you mean "jira"?)
testdata/files/teamhealth.yml:2: teams[0].line: "dree" is not known (did you mean "dre"?)
testdata/files/teamhealth.yml:3: teams[1].id: team "mysql" is on line 2 already (choose another)
testdata/files/teamhealth.yml:6: sources.pagerduty.url: required (it has no default)
testdata/files/teamhealth.yml:6: sources.pagerduty.interval: "soon" is not a length of time (write it like 5m, 36h or 7d)
testdata/files/teamhealth.yml:6: sources.pagerduty.token_file: required (name a file that holds the token, or an environment variable in token_env)
testdata/files/teamhealth.yml:7: organization.name: required (it has no default)`
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestUnreadableFileIsNoProblemOfItsContent(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "teamhealth.yml")
	_, err := config.Load(file)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that is fs.ErrNotExist and names %s", err, file)
	}
	if _, ok := errors.AsType[config.Problems](err); ok {
		t.Error("a file that is not there has no problems in it")
	}
}

func TestPositionFindsPaths(t *testing.T) {
	t.Parallel()
	c := parse(t, minimal+`tickets:
  coding:
    labels:
      - a
      - b
`)
	want := map[string]int{
		"teams[0].id":               3,
		"tickets.coding.labels":     6,
		"tickets.coding.labels[1]":  8,
		"tickets.coding.types[0]":   5, // Nowhere; the matcher is the nearest.
		"organization.working_week": 1,
		"nothing":                   1,
	}
	for path, line := range want {
		if file, got := c.Position(path); file != "teamhealth.yml" || got != line {
			t.Errorf("%s is at %s:%d, want line %d", path, file, got, line)
		}
	}
}

func TestKeyThatOldYAMLTakesForABooleanIsAKey(t *testing.T) {
	t.Parallel()
	c := parse(t, minimal+"people: [{id: p01, moves: [{on: 2026-01-01, level: L5}]}]\n")
	if got := c.People[0].Moves[0].On; got != (scorecard.Date{Year: 2026, Month: 1, Day: 1}) {
		t.Errorf("moved on %v, want the first of January", got)
	}
}
