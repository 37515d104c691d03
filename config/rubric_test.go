package config_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/scorecard"
)

// minimal is the least that a configuration can be.
const minimal = `organization: {name: Databases}
sources: {pagerduty: {url: "https://api.pagerduty.com", token_env: PAGERDUTY_TOKEN}}
teams: [{id: mysql}]
`

// parse reads a configuration that must be right.
func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("teamhealth.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ids(r scorecard.Rubric) []string {
	var ids []string
	for _, o := range r.Objectives {
		ids = append(ids, o.ID)
	}
	return ids
}

func TestDefaultRubricHasEveryLineOfTheDocumentInOrder(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"operational_excellence": {"database_uptime", "incident_response", "postmortem_completion", "documentation_coverage"},
		"team_health":            {"employee_satisfaction", "retention", "time_to_productivity", "oncall_burden"},
		"innovation":             {"process_improvements", "tooling_improvements", "conference_presentations", "patent_submissions"},
		"engineering": {
			"query_performance", "migration_success", "documentation_quality", "system_reliability",
			"automation_coverage", "postmortem_quality", "action_items",
		},
		"on_call":           {"primary_coverage", "secondary_coverage", "rotation_size", "rotation_shift", "escalation_depth"},
		"training":          {"onboarding", "mentorship", "quarterly_training", "cross_training", "certifications"},
		"knowledge_sharing": {"tech_talks", "architecture_reviews", "retrospectives"},
		"hiring":            {"hiring_plan"},
		"the_line":          {"engineer_change_requests", "sre_coding", "executed_by_oncall", "walkthroughs"},
	}
	order := []string{
		"operational_excellence", "team_health", "innovation", "engineering", "on_call",
		"training", "knowledge_sharing", "hiring", "the_line",
	}
	rubric := parse(t, minimal).Rubric
	var wantIDs []string
	for _, category := range order {
		wantIDs = append(wantIDs, want[category]...)
	}
	if diff := cmp.Diff(wantIDs, ids(rubric)); diff != "" || len(wantIDs) != 37 || rubric.Name != "default" {
		t.Errorf("rubric %s of %d objectives, ids (-want +got):\n%s", rubric.Name, len(rubric.Objectives), diff)
	}
	got := map[string][]string{}
	for _, o := range rubric.Objectives {
		got[o.Category] = append(got[o.Category], o.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
}

func TestDefaultRubricSaysEverythingAboutEveryObjective(t *testing.T) {
	t.Parallel()
	for _, o := range parse(t, minimal).Rubric.Objectives {
		for what, text := range map[string]string{"title": o.Title, "quote": o.Quote, "interpretation": o.Interpretation, "remediation": o.Remediation} {
			if text == "" || strings.TrimSpace(text) != text || strings.Contains(text, "\n") {
				t.Errorf("%s: %s is %q, want words on one line", o.ID, what, text)
			}
		}
		for what, text := range map[string]string{"interpretation": o.Interpretation, "remediation": o.Remediation} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s is no sentence: %q", o.ID, what, text)
			}
		}
	}
}

// TestDefaultRubricQuotesTheDocument looks the quotes up in the lines of the
// document, with list items joined and without the marks of its layout.
func TestDefaultRubricQuotesTheDocument(t *testing.T) {
	t.Parallel()
	marks := regexp.MustCompile(`\*\*|(?m)^(- |#+ )|"`)
	space := regexp.MustCompile(`\s+`)
	plain := func(text string) string { return space.ReplaceAllString(marks.ReplaceAllString(text, ""), " ") }
	var documents []string
	for _, name := range []string{"team-topology.md", "moving-the-line.md"} {
		text, err := os.ReadFile("testdata/documents/" + name)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, plain(string(text)))
	}
	document := strings.Join(documents, " ")
	for _, o := range parse(t, minimal).Rubric.Objectives {
		for part := range strings.SplitSeq(o.Quote, "; ") {
			if !strings.Contains(document, plain(part)) {
				t.Errorf("%s: the document does not say %q", o.ID, part)
			}
		}
	}
}

func TestDefaultRubricHasTheTargetsOfTheDocument(t *testing.T) {
	t.Parallel()
	want := map[string]string{ // Measure, direction, target, unit; scope, lines and window where they are not the default.
		"database_uptime":          "availability at_least 0.99999 ratio dre",
		"incident_response":        "response_time at_least 0.9 ratio",
		"postmortem_completion":    "postmortem_completion at_least 1 ratio",
		"documentation_coverage":   "coverage above 0.9 ratio",
		"employee_satisfaction":    "survey above 4.5 score",
		"retention":                "retention above 0.9 ratio org trailing_year",
		"time_to_productivity":     "time_to_productivity below 91 days org trailing_year",
		"oncall_burden":            "oncall_burden below 0.1 ratio",
		"process_improvements":     "ticket_count at_least 4 count org",
		"tooling_improvements":     "ticket_count at_least 2 count org",
		"conference_presentations": "record_count at_least 2 count org year",
		"patent_submissions":       "record_count at_least 2 count org year",
		"query_performance":        "events at_least 0.99 ratio dre",
		"migration_success":        "ticket_ratio at_least - ratio dre",
		"documentation_quality":    "record_latest at_least - score dre",
		"system_reliability":       "availability at_least 0.999 ratio sre",
		"automation_coverage":      "coverage at_least - ratio sre",
		"postmortem_quality":       "postmortem_quality at_least - ratio",
		"action_items":             "action_items at_least - ratio",
		"primary_coverage":         "rotation_coverage at_least 1 ratio rotation.24x7",
		"secondary_coverage":       "rotation_coverage at_least 1 ratio rotation.business",
		"rotation_size":            "rotation_size at_least rotation.size count rotation",
		"rotation_shift":           "rotation_shift at_least 1 ratio rotation",
		"escalation_depth":         "escalation_depth at_least 3 count rotation",
		"onboarding":               "onboarding at_least 1 ratio org",
		"mentorship":               "mentorship at_least 1 ratio org",
		"quarterly_training":       "ticket_count at_least 1 count team",
		"cross_training":           "ticket_count at_least - count",
		"certifications":           "record_count at_least - count org year",
		"tech_talks":               "ticket_count at_least 13 count org",
		"architecture_reviews":     "ticket_count at_least 3 count org",
		"retrospectives":           "ticket_count at_least 1 count team",
		"hiring_plan":              "hiring_plan at_least 1 ratio org",
		"engineer_change_requests": "cross_line at_least - ratio org",
		"sre_coding":               "cross_line at_least - ratio org",
		"executed_by_oncall":       "cross_line at_least - ratio org",
		"walkthroughs":             "ticket_count at_least - count org",
	}
	got := map[string]string{}
	for _, o := range parse(t, minimal).Rubric.Objectives {
		got[o.ID] = summary(o)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objectives (-want +got):\n%s", diff)
	}
}

// summary is an objective's measure and goal in one line.
func summary(o scorecard.Objective) string {
	target := "-"
	if o.Target != nil {
		target = o.Target.String()
	}
	if o.TargetFrom != "" {
		target = o.TargetFrom
	}
	parts := []string{string(o.Measure), string(o.Direction), target, string(o.Unit)}
	if len(o.Scope) == 1 {
		parts = append(parts, string(o.Scope[0]))
	}
	for _, line := range o.Lines {
		parts = append(parts, string(line))
	}
	if o.Window != scorecard.WindowPeriod {
		parts = append(parts, string(o.Window))
	}
	if o.Requires != "" {
		parts = append(parts, string(o.Requires))
	}
	return strings.Join(parts, " ")
}

func TestDefaultRubricHasTheParametersOfItsMeasures(t *testing.T) {
	t.Parallel()
	rubric := parse(t, minimal).Rubric
	year := scorecard.Span(365 * 24 * 3600e9)
	want := map[string]scorecard.Parameters{
		"database_uptime":       {Method: "incidents", Aggregate: "worst"},
		"incident_response":     {Threshold: scorecard.Span(300e9)},
		"postmortem_completion": {Due: scorecard.Due{Days: 5, Business: true}},
		"action_items":          {Due: scorecard.Due{Days: 30}},
		"onboarding":            {Of: "onboarding", Due: scorecard.Due{Days: 28}},
		"migration_success":     {Of: "migration", Without: "rollback", Population: "finished"},
		"automation_coverage":   {Of: "automation", MaxAge: year},
		"patent_submissions":    {Metric: "patent_submission"},
		"sre_coding":            {Share: "sre_coding"},
		"retention":             {},
	}
	for id, parameters := range want {
		o, _ := rubric.Find(id)
		if diff := cmp.Diff(parameters, o.Parameters); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	productivity, _ := rubric.Find("time_to_productivity")
	if productivity.MinN != 3 {
		t.Errorf("time_to_productivity has min_n %d, want 3", productivity.MinN)
	}
}

func TestTargetsAreExact(t *testing.T) {
	t.Parallel()
	c := parse(t, minimal+"objectives: [{id: database_uptime, target: 0.999999999999999999}]\n")
	o, _ := c.Rubric.Find("database_uptime")
	// 1 - 10^-18 rounds to 1 as a float64; as a decimal it is below.
	if o.Target.Cmp(scorecard.Int(1)) >= 0 {
		t.Errorf("the target is %v, want it below 1", o.Target)
	}
}

func TestOwnObjectivesChangeSingleKeys(t *testing.T) {
	t.Parallel()
	base := parse(t, minimal).Rubric
	c := parse(t, minimal+`objectives:
  - {id: incident_response, target: 0.95}
  - {id: retention, enabled: false}
  - {id: oncall_burden, target: }
  - {id: drills, measure: ticket_count, of: drill, target: 1}
`)
	want := slices.DeleteFunc(slices.Clone(base.Objectives), func(o scorecard.Objective) bool { return o.ID == "retention" })
	for i := range want {
		switch want[i].ID {
		case "incident_response":
			want[i].Target = scorecard.Ratio(95, 100).Ptr()
		case "oncall_burden":
			want[i].Target = nil
		}
	}
	want = append(want, scorecard.Objective{
		ID: "drills", Title: "drills", Category: "own", Measure: scorecard.MeasureTicketCount,
		Parameters: scorecard.Parameters{Of: "drill"}, Target: scorecard.Int(1).Ptr(),
		Direction: scorecard.AtLeast, Unit: scorecard.UnitCount, Window: scorecard.WindowPeriod,
		Scope: []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg}, Lines: []scorecard.Line{},
		Weight: scorecard.Int(1).Ptr(), MinN: 1,
	})
	if diff := cmp.Diff(want, c.Rubric.Objectives, sameNumber()); diff != "" {
		t.Errorf("objectives (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"retention"}, c.Rubric.Disabled); diff != "" {
		t.Errorf("disabled (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(base, parse(t, minimal).Rubric, sameNumber()); diff != "" {
		t.Errorf("one configuration changed the default of the next:\n%s", diff)
	}
}
