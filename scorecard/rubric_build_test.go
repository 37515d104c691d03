package scorecard_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// rubricText is the organisation that the default rubric is tried on: two
// database teams around the clock and one of SREs in business hours.
const rubricText = `organization: {name: Databases}
sources:
  pagerduty: {url: "https://api.pagerduty.com", token_env: TOKEN}
  jira: {url: "https://example.atlassian.net", token_env: TOKEN, jql: "project in (DRE, SRE)"}
  prometheus: {url: "http://prometheus:9090"}
  records: {files: ["records/*.csv"]}
teams:
  - id: mysql
    line: dre
    pagerduty: {services: [PMYSQL1, PMYSQL2], escalation_policies: [EMYSQL]}
    jira: {projects: [DRE], components: [mysql]}
    rotation: {coverage: 24x7, size: 4, shift: 7d}
  - id: mongodb
    line: dre
    pagerduty: {services: [PMONGO1], escalation_policies: [EMONGO]}
    jira: {projects: [DRE], components: [mongodb]}
    rotation: {coverage: 24x7, size: 4, shift: 7d}
  - id: oncall
    line: sre
    pagerduty: {services: [PONCALL1, PONCALL2], escalation_policies: [EONCALL]}
    jira: {projects: [SRE]}
    rotation: {coverage: business, size: 4, shift: 7d}
tickets:
  postmortem: {types: [Post-mortem]}
  action_item: {labels: [action]}
  change_request: {types: [Change]}
  coding: {labels: [coding]}
  migration: {labels: [migration]}
  rollback: {labels: [rolled-back]}
  runbook: {labels: [runbook]}
  automation: {labels: [automation]}
  process_improvement: {labels: [process]}
  tooling_improvement: {labels: [tooling]}
  onboarding: {types: [Onboarding]}
  training: {labels: [training]}
  cross_training: {labels: [cross-training]}
  tech_talk: {labels: [talk]}
  architecture_review: {labels: [architecture]}
  retrospective: {labels: [retrospective]}
  walkthrough: {labels: [walkthrough]}
objectives:
  - {id: query_performance, good: '` + goodQueries + `', total: '` + allQueries + "'}\n"

// judged is what a row says: its verdict, numerator/denominator, value and score,
// rounded to nine decimals, and the next step, which is none where it is empty.
type judged struct{ row, next string }

// remedy stands for the objective's own remediation as the next step.
const remedy = "the remediation"

// rubricCase is what happened, and what the rows of some subjects must say of it.
type rubricCase struct {
	given func(*stage)
	want  map[string]judged
	alone bool // The roster tells everything: whatever is the matter with a source is none of the row's.
}

// stage is what a case happens on: the third quarter of 2026, of 92 days or
// 7,948,800 s, seen ten days after its end, when all sources were just read.
type stage struct {
	testing.TB
	policy    *scorecard.Policy
	period    string
	asOf      time.Time
	readAt    time.Time      // When all sources were last read; zero: just now.
	since     time.Time      // From when on they tell of what happened; zero: long ago.
	never     []facts.Source // Those that never were.
	incidents []facts.Incident
	tickets   []facts.Ticket
	facts     scorecard.Facts // But for incidents and tickets, which are digested.
}

// rubricConfig is the organisation. Stages share it, and change nothing that it points to.
func rubricConfig(tb testing.TB) *config.Config {
	tb.Helper()
	c, err := config.Parse("teamhealth.yml", []byte(rubricText))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// newStage has the objectives of some ids, or all of them.
func newStage(tb testing.TB, c *config.Config, ids ...string) *stage {
	tb.Helper()
	policy := c.Policy()
	policy.Rubric.Objectives = slices.DeleteFunc(slices.Clone(policy.Rubric.Objectives), func(o scorecard.Objective) bool {
		return len(ids) > 0 && !slices.Contains(ids, o.ID)
	})
	return &stage{TB: tb, policy: policy, period: "2026-Q3", asOf: utc(tb, "2026-10-11 12:00:00")}
}

// seenAt looks at another instant.
func (s *stage) seenAt(at string) { s.asOf = utc(s, at) }

// at is an instant of the case.
func (s *stage) at(at string) time.Time { return utc(s, at) }

// objective is one of the rubric's, which a case may complete.
func (s *stage) objective(id string) *scorecard.Objective {
	i := slices.IndexFunc(s.policy.Rubric.Objectives, func(o scorecard.Objective) bool { return o.ID == id })
	return &s.policy.Rubric.Objectives[i]
}

// delivers adds tickets that were delivered on days, one on each.
func (s *stage) delivers(what []doing, days ...string) {
	for _, day := range days {
		key := "T-" + strconv.Itoa(len(s.tickets))
		s.tickets = append(s.tickets, ticket(key, s.at(day).AddDate(0, 0, -7), append(slices.Clone(what), deliveredAt(s.at(day)))...))
	}
}

// records adds what stands in a file of records.
func (s *stage) records(metric string, lines ...facts.Record) {
	for _, r := range lines {
		r.Metric, r.Line = metric, len(s.facts.Records)+2
		s.facts.Records = append(s.facts.Records, r)
	}
}

// span is the period that the stage is about.
func (s *stage) span() scorecard.Period {
	s.Helper()
	period, err := s.policy.Calendar.ParsePeriod(s.period, s.asOf)
	if err != nil {
		s.Fatalf("period %s: %v", s.period, err)
	}
	return period
}

// cards are the cards of the stage, by subject.
func (s *stage) cards() map[string]scorecard.Card {
	s.Helper()
	in := scorecard.Input{Policy: s.policy, Facts: s.facts, Period: s.span(), AsOf: s.asOf}
	in.Facts.Incidents, in.Facts.TicketStatuses = digests(s.policy, s.incidents), ticketStatuses()
	digester := scorecard.NewTicketDigester(s.policy)
	for i := range s.tickets {
		d := digester.Digest(&s.tickets[i])
		in.Facts.Tickets = append(in.Facts.Tickets, &d)
	}
	for _, source := range []facts.Source{facts.PagerDuty, facts.Jira, facts.Prometheus, facts.Records} {
		state := readUntil(s.asOf)
		if !s.readAt.IsZero() {
			state = readUntil(s.readAt)
		}
		if !s.since.IsZero() {
			state.DataSince = s.since
		}
		if slices.Contains(s.never, source) {
			state = facts.SourceState{}
		}
		state.Source = source
		in.Facts.Sources = append(in.Facts.Sources, state)
	}
	cards := map[string]scorecard.Card{}
	for _, c := range scorecard.Compute(in) {
		cards[c.Subject.ID] = c
	}
	return cards
}

// judgement is what a row says.
func judgement(r scorecard.Row) judged {
	score := "-"
	if r.Score != nil {
		score = nineDecimals(*r.Score)
	}
	value := "-"
	if r.Value != nil {
		value = nineDecimals(r.Value.Float())
	}
	j := judged{row: string(r.Verdict) + " " + shown(r.Numerator) + "/" + shown(r.Denominator) + " = " + value + ", score " + score}
	if r.NextStep != nil {
		j.next = *r.NextStep
	}
	return j
}

// nineDecimals writes a number with at most nine decimals.
func nineDecimals(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 9, 64), "0"), ".")
}

// rubricCases are the cases of every objective.
func rubricCases() map[string]map[string]rubricCase {
	all := map[string]map[string]rubricCase{}
	for _, category := range []map[string]map[string]rubricCase{
		operationalCases(), teamHealthCases(), innovationCases(), engineeringCases(), onCallCases(), trainingCases(),
		knowledgeCases(), hiringCases(), theLineCases(),
	} {
		maps.Copy(all, category)
	}
	return all
}

// TestWholeRubric judges small sets of facts by each objective of the default rubric.
func TestWholeRubric(t *testing.T) {
	t.Parallel()
	c := rubricConfig(t)
	for id, cases := range rubricCases() {
		for name, tt := range cases {
			t.Run(id+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, c)
				tt.given(s)
				cards, got, want := s.cards(), map[string]judged{}, map[string]judged{}
				for subject, expected := range tt.want {
					if expected.next == remedy {
						expected.next = s.objective(id).Remediation
					}
					want[subject] = expected
					card := cards[subject]
					if row := card.Row(id); row != nil {
						got[subject] = judgement(*row)
					}
				}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(judged{})); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestWholeRubricHasCases wants of every objective a case that is met and one that is missed,
// or one that is tracked, for the organisation and for a team as far as it has rows for them.
func TestWholeRubricHasCases(t *testing.T) {
	t.Parallel()
	cases := rubricCases()
	rubric := newStage(t, rubricConfig(t)).policy.Rubric
	for _, o := range rubric.Objectives {
		verdicts := []string{"met", "missed"}
		if o.Target == nil && o.TargetFrom == "" {
			verdicts = []string{"tracked"}
		}
		for _, scope := range o.Scope {
			for _, verdict := range verdicts {
				if !hasCase(cases[o.ID], scope, verdict) {
					t.Errorf("%s has no case that is %s for %s", o.ID, verdict, scope)
				}
			}
		}
		delete(cases, o.ID)
	}
	if len(cases) > 0 || len(rubric.Objectives) != 37 {
		t.Errorf("%d objectives; there are cases of others: %v", len(rubric.Objectives), slices.Sorted(maps.Keys(cases)))
	}
}

func hasCase(cases map[string]rubricCase, scope scorecard.Scope, verdict string) bool {
	for _, c := range cases {
		for subject, want := range c.want {
			if (subject == scorecard.OrgID) == (scope == scorecard.ScopeOrg) && strings.HasPrefix(want.row, verdict+" ") {
				return true
			}
		}
	}
	return false
}
