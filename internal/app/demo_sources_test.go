package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/scorecard"
)

// source is one that a configuration can do without.
type source struct {
	section string   // What the section of the configuration begins with.
	reason  string   // Why rows that rest on it have nothing to say.
	rows    []string // Those.
}

// everySource lists which rows rest on what.
func everySource() map[string]source {
	return map[string]source{
		"pagerduty": {"  pagerduty:", "The source pagerduty is not configured.", []string{
			"database_uptime", "incident_response", "postmortem_completion", "time_to_productivity", "oncall_burden", "system_reliability",
			"primary_coverage", "secondary_coverage", "rotation_size", "rotation_shift", "escalation_depth", "executed_by_oncall",
		}},
		"jira": {"  jira:", "The source jira is not configured.", []string{
			"postmortem_completion", "documentation_coverage", "process_improvements", "tooling_improvements", "migration_success",
			"automation_coverage", "postmortem_quality", "action_items", "onboarding", "quarterly_training", "cross_training", "tech_talks",
			"architecture_reviews", "retrospectives", "engineer_change_requests", "sre_coding", "executed_by_oncall", "walkthroughs",
		}},
		"prometheus": {"  prometheus:", "The source prometheus is not configured.", []string{"query_performance"}},
		"records": {"  records:", "The source records is not configured.", []string{
			"employee_satisfaction", "conference_presentations", "patent_submissions", "documentation_quality", "certifications",
		}},
		"the roster": {"people:", "The configuration lists no people.", []string{
			"retention", "time_to_productivity", "oncall_burden", "onboarding", "mentorship", "hiring_plan", "engineer_change_requests",
			"sre_coding", "executed_by_oncall",
		}},
	}
}

// without is the configuration of a demo without a source, in a file beside it.
func (s source) without(t *testing.T, demo *app.Demo) *config.Config {
	t.Helper()
	text, err := os.ReadFile(demo.ConfigFile)
	must(t, err)
	deeper := regexp.MustCompile(`^ *`).FindString(s.section) + " "
	section := regexp.MustCompile(`(?m)^` + s.section + `.*\n(` + deeper + `.*\n)*`)
	if len(section.FindAll(text, -1)) != 1 {
		t.Fatalf("the configuration has no section %q", s.section)
	}
	file := filepath.Join(filepath.Dir(demo.ConfigFile), "without.yml")
	must(t, os.WriteFile(file, section.ReplaceAll(text, nil), 0o600))
	c, err := config.Load(file)
	must(t, err)
	return c
}

// Each source is taken out of the demo's configuration. The rows that rest on it say so,
// and all others are the same bytes.
func TestRowsThatDoNotRestOnASourceDoWithoutIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 23, 13, 0, 0, 0, time.UTC)
	demo := startDemo(t, at, "2026-07-01")
	whole, err := config.Load(demo.ConfigFile)
	must(t, err)
	syncAt(t, whole, at)
	before := rowsOf(t, whole, at)
	for name, s := range everySource() {
		t.Run(name, func(t *testing.T) {
			requireUnmoved(t, s, before, rowsOf(t, s.without(t, demo), at))
		})
	}
	t.Run("pagerduty was never there", func(t *testing.T) {
		s := everySource()["pagerduty"]
		c := s.without(t, demo)
		c.Store.Path = filepath.Join(t.TempDir(), "new.db")
		syncAt(t, c, at)
		after := rowsOf(t, c, at)
		unnamed := 0
		for key, row := range after { // Most tickets name services by what PagerDuty calls them.
			if row.Reason == "Tickets name services by names that PagerDuty knows, and it was never read." && row.Verdict == scorecard.NoData {
				unnamed++
				after[key] = before[key]
			}
		}
		if unnamed == 0 {
			t.Error("services are known without names")
		}
		requireUnmoved(t, s, before, after)
	})
	all := map[string]bool{}
	for _, s := range everySource() {
		for _, id := range s.rows {
			all[id] = true
		}
	}
	for _, o := range whole.Rubric.Objectives {
		if !all[o.ID] {
			t.Errorf("%s rests on nothing", o.ID)
		}
	}
}

// rowKey names a row of a card.
type rowKey struct{ period, subject, objective string }

// rowsOf are all rows of some periods.
func rowsOf(t *testing.T, c *config.Config, at time.Time) map[rowKey]scorecard.Row {
	t.Helper()
	r, err := app.OpenReader(t.Context(), c, func() time.Time { return at })
	must(t, err)
	defer func() { must(t, r.Close()) }()
	rows := map[rowKey]scorecard.Row{}
	for _, period := range []string{"previous", "28d"} {
		cards, err := r.CardsOf(t.Context(), app.AllTeams, period, time.Time{})
		must(t, err)
		for i := range cards {
			for _, row := range cards[i].Rows {
				rows[rowKey{period, cards[i].Subject.ID, row.ID}] = row
			}
		}
	}
	return rows
}

// asText is a row as it is served.
func asText(t *testing.T, row scorecard.Row) string {
	t.Helper()
	text, err := json.MarshalIndent(row, "", " ")
	must(t, err)
	return string(text)
}

func requireUnmoved(t *testing.T, s source, before, after map[rowKey]scorecard.Row) {
	t.Helper()
	if len(before) != len(after) || len(before) < 200 {
		t.Errorf("there are %d rows, and were %d", len(after), len(before))
	}
	for key, was := range before {
		row := after[key]
		if !slices.Contains(s.rows, key.objective) {
			if diff := cmp.Diff(asText(t, was), asText(t, row)); diff != "" {
				t.Errorf("%v changed (-before +after):\n%s", key, diff)
			}
			continue
		}
		if row.Verdict != scorecard.NoData || !strings.HasPrefix(row.Reason, s.reason) || row.Value != nil || row.Numerator != nil || row.Denominator != nil {
			t.Errorf("%v is %s with the value %v: %s", key, row.Verdict, row.Value, row.Reason)
		}
	}
}
