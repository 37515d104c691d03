package scorecard_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/scorecard"
)

// fullWorld has teams of every rotation, and objectives of every kind.
func fullWorld(t *testing.T) world {
	t.Helper()
	w := newWorld(t)
	w.policy.Teams[0].Rotation = &scorecard.Rotation{Coverage: scorecard.AroundTheClock, Size: 5, Shift: 7 * 24 * time.Hour}
	w.policy.Teams[1].Rotation = &scorecard.Rotation{Coverage: scorecard.BusinessHours, Size: 3, Shift: 7 * 24 * time.Hour}
	w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: "platform", Name: "Platform", Line: scorecard.LineDRE})
	both := []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg}
	add := func(id string, m scorecard.Measure, change func(*scorecard.Objective)) {
		o := incidentResponse()
		o.ID, o.Measure, o.Scope = id, m, both
		change(&o)
		w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, o)
	}
	add("uptime_dre", scorecard.MeasureAvailability, func(o *scorecard.Objective) { o.Lines = []scorecard.Line{scorecard.LineDRE} })
	add("uptime_sre", scorecard.MeasureAvailability, func(o *scorecard.Objective) { o.Lines = []scorecard.Line{scorecard.LineSRE} })
	add("retention", scorecard.MeasureRetention, func(o *scorecard.Objective) {
		o.Scope, o.Window = []scorecard.Scope{scorecard.ScopeOrg}, scorecard.WindowTrailingYear
	})
	add("training", scorecard.MeasureTicketCount, func(o *scorecard.Objective) {
		o.Scope, o.Unit, o.Target = []scorecard.Scope{scorecard.ScopeTeam}, scorecard.UnitCount, decimal("4")
	})
	add("patents", scorecard.MeasureRecordCount, func(o *scorecard.Objective) {
		o.Unit, o.Target, o.Window = scorecard.UnitCount, decimal("2"), scorecard.WindowYear
	})
	add("hiring", scorecard.MeasureHiringPlan, func(o *scorecard.Objective) { o.Scope = []scorecard.Scope{scorecard.ScopeOrg} })
	add("primary", scorecard.MeasureRotationCoverage, func(o *scorecard.Objective) { o.Requires = "rotation.24x7" })
	add("secondary", scorecard.MeasureRotationCoverage, func(o *scorecard.Objective) { o.Requires = "rotation.business" })
	add("size", scorecard.MeasureRotationSize, func(o *scorecard.Objective) {
		o.Requires, o.Unit, o.Target, o.TargetFrom = "rotation", scorecard.UnitCount, nil, "rotation.size"
	})
	return w
}

func rowIDs(c scorecard.Card) []string {
	ids := make([]string, 0, len(c.Rows))
	for _, r := range c.Rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestCardHasTheRowsThatApplyToItsSubjectAndPeriod(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		subject, period string
		want            []string
	}{
		"the organisation has those of its scope": {
			"org", "2026-Q3", []string{"incident_response", "uptime_dre", "uptime_sre", "retention", "patents", "hiring", "primary", "secondary", "size"},
		},
		"a dre team with a rotation around the clock": {"mysql", "2026-Q3", []string{"incident_response", "uptime_dre", "training", "patents", "primary", "size"}},
		"an sre team with a business-hours rotation":  {"oncall", "2026-Q3", []string{"incident_response", "uptime_sre", "training", "patents", "secondary", "size"}},
		"a team without a rotation":                   {"platform", "2026-Q3", []string{"incident_response", "uptime_dre", "training", "patents"}},
		"a year has what a quarter has":               {"mysql", "2026", []string{"incident_response", "uptime_dre", "training", "patents", "primary", "size"}},
		"a month leaves counts, years, plans and rotations out": {
			"org", "2026-08", []string{"incident_response", "uptime_dre", "uptime_sre"},
		},
		"rolling days likewise": {"mysql", "28d", []string{"incident_response", "uptime_dre"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fullWorld(t)
			w.period = tt.period
			if diff := cmp.Diff(tt.want, rowIDs(w.card(t, tt.subject))); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCardsStandInTheOrderOfTheTeams(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, c := range scorecard.Compute(fullWorld(t).input(t)) {
		ids = append(ids, c.Subject.ID)
	}
	if diff := cmp.Diff([]string{"org", "mysql", "oncall", "platform"}, ids); diff != "" {
		t.Errorf("cards (-want +got):\n%s", diff)
	}
}

func TestOrganisationWithoutATeamOfTheLineHasNoRow(t *testing.T) {
	t.Parallel()
	w := fullWorld(t)
	w.policy.Teams = w.policy.Teams[2:] // The Platform team alone: dre, and no rotation.
	want := []string{"incident_response", "uptime_dre", "retention", "patents", "hiring"}
	if diff := cmp.Diff(want, rowIDs(w.card(t, scorecard.OrgID))); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestTargetDependsOnPeriodAndTeam(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		subject, period, row, want string
	}{
		"a count of a quarter":                   {"mysql", "2026-Q3", "training", "4"},
		"a count of a quarter, on a year's card": {"mysql", "2026", "training", "16"}, // 4 a quarter, 4 quarters.
		"a count of a year stays":                {"mysql", "2026", "patents", "2"},
		"a ratio stays":                          {"mysql", "2026", "incident_response", "0.9"},
		"the size of the team's own rotation":    {"mysql", "2026-Q3", "size", "5"},
		"and of another's":                       {"oncall", "2026-Q3", "size", "3"},
		"the organisation has no one size":       {"org", "2026-Q3", "size", "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fullWorld(t)
			w.period = tt.period
			c := w.card(t, tt.subject)
			if r := c.Row(tt.row); r == nil || shown(r.Target) != tt.want {
				t.Errorf("row %+v, want the target %s", r, tt.want)
			}
		})
	}
}

func TestWindowOfARow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fiscal             time.Month
		period, row        string
		wantStart, wantEnd string
	}{
		"the period":                              {time.January, "2026-Q3", "incident_response", "2026-07-01", "2026-10-01"},
		"the fiscal year of the card's end":       {time.January, "2026-Q3", "patents", "2026-01-01", "2027-01-01"},
		"the last quarter is still of its year":   {time.January, "2025-Q4", "patents", "2025-01-01", "2026-01-01"},
		"a fiscal year from April":                {time.April, "2025-Q4", "patents", "2025-04-01", "2026-04-01"},
		"the twelve months before the card's end": {time.January, "2026-Q3", "retention", "2025-10-01", "2026-10-01"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fullWorld(t)
			w.policy.Calendar.FiscalStart, w.period = tt.fiscal, tt.period
			c := w.card(t, scorecard.OrgID)
			want := scorecard.Window{Start: utc(t, tt.wantStart), End: utc(t, tt.wantEnd)}
			if diff := cmp.Diff(want, c.Row(tt.row).Window); diff != "" {
				t.Errorf("window (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvidenceOfWhatIsUnknownIsAnError(t *testing.T) {
	t.Parallel()
	in := fullWorld(t).input(t)
	var unknown *scorecard.UnknownError
	if _, err := scorecard.EvidenceFor(in, "incident_response", "mysqll"); !errors.As(err, &unknown) || unknown.Kind != "team" || unknown.ID != "mysqll" {
		t.Errorf("team mysqll: %v, want an UnknownError", err)
	}
	if _, err := scorecard.EvidenceFor(in, "incident_respons", "mysql"); !errors.As(err, &unknown) || unknown.Kind != "objective" {
		t.Errorf("objective incident_respons: %v, want an UnknownError", err)
	}
	var parameter *scorecard.ParameterError
	if _, err := scorecard.EvidenceFor(in, "retention", "mysql"); !errors.As(err, &parameter) || parameter.Parameter != "objective" {
		t.Errorf("an objective of the organisation, asked of a team: %v, want a ParameterError", err)
	}
}

func TestEvidenceSaysWhyACardHasNoRow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ objective, subject, period, want string }{
		"one of the organisation's":                {"retention", "mysql", "2026-Q3", "is on the organisation's card only"},
		"one of teams":                             {"training", "org", "2026-Q3", "is on cards of teams only"},
		"one of the other line":                    {"uptime_sre", "mysql", "2026-Q3", "is for teams of line sre, and mysql is none of them"},
		"one that needs any rotation":              {"size", "platform", "2026-Q3", "is for teams with a rotation, and platform is none of them"},
		"one that needs a rotation around the day": {"primary", "oncall", "2026-Q3", "is for teams with a rotation around the clock (24x7), and oncall is none of them"},
		"one that needs a rotation of office time": {"secondary", "mysql", "2026-Q3", "is for teams with a rotation of business hours, and mysql is none of them"},
		"a count, on a month's card":               {"training", "mysql", "2026-08", "is on cards of quarters and years only"},
		"a plan, on a rolling one":                 {"hiring", "org", "28d", "is on cards of quarters and years only"},
		"a year, on a month's":                     {"patents", "org", "2026-08", "is on cards of quarters and years only"},
		"a rotation, on a rolling one":             {"primary", "mysql", "28d", "is on cards of quarters and years only"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fullWorld(t)
			w.period = tt.period
			_, err := scorecard.EvidenceFor(w.input(t), tt.objective, tt.subject)
			parameter, ok := errors.AsType[*scorecard.ParameterError](err)
			if !ok || parameter.Why != tt.want {
				t.Fatalf("got %v, want an objective that %s", err, tt.want)
			}
			if want := "those on this card: " + strings.Join(rowIDs(w.card(t, tt.subject)), ", "); parameter.Allowed != want {
				t.Errorf("allowed are %s, want %s", parameter.Allowed, want)
			}
		})
	}
}

func TestWhatNoTeamIsForHasNoRowOfTheOrganisation(t *testing.T) {
	t.Parallel()
	w := fullWorld(t)
	w.policy.Teams = w.policy.Teams[2:] // The Platform team alone: dre, and no rotation.
	o := &w.policy.Rubric.Objectives[len(w.policy.Rubric.Objectives)-1]
	o.Lines = []scorecard.Line{scorecard.LineSRE}
	_, err := scorecard.EvidenceFor(w.input(t), o.ID, scorecard.OrgID)
	parameter, ok := errors.AsType[*scorecard.ParameterError](err)
	if want := "is for teams of line sre with a rotation, and there is none"; !ok || parameter.Why != want {
		t.Errorf("got %v, want an objective that %s", err, want)
	}
}

func TestDisabledObjectiveIsKnownToBeOne(t *testing.T) {
	t.Parallel()
	w := fullWorld(t)
	w.policy.Rubric.Disabled = []string{"mentorship"}
	_, err := scorecard.EvidenceFor(w.input(t), "mentorship", scorecard.OrgID)
	unknown, ok := errors.AsType[*scorecard.UnknownError](err)
	if !ok || err.Error() != `objective "mentorship" is disabled by the configuration` || len(unknown.Known) != len(w.policy.Rubric.Objectives) {
		t.Errorf("got %v, want that it is disabled", err)
	}
}

func TestEvidenceStandsInOrderOfTime(t *testing.T) {
	t.Parallel()
	w := newWorld(
		t,
		incident("QB", utc(t, "2026-08-03 10:00:00"), onService("PONCALL1")),
		incident("QC", utc(t, "2026-08-03 09:00:00"), onService("PONCALL1")),
		incident("QA", utc(t, "2026-08-03 10:00:00")),
	)
	var ids []string
	for _, item := range w.evidence(t, scorecard.OrgID) {
		ids = append(ids, item.ID)
	}
	if diff := cmp.Diff([]string{"QC", "QA", "QB"}, ids); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

func TestEvidenceSaysHowEachIncidentCounts(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(
		t,
		incident("Q1", created, answeredAt(60)...),
		incident("Q2", created, answeredAt(600)...),
		incident("Q3", created, resolved(360*time.Second, alarm)),
		incident("Q4", created, resolved(60*time.Second, alarm)),
	)
	got := map[string]scorecard.Counted{}
	for _, item := range w.evidence(t, "mysql") {
		got[item.ID] = item.Counted
	}
	want := map[string]scorecard.Counted{
		"Q1": scorecard.InNumerator, "Q2": scorecard.InDenominator, "Q3": scorecard.InDenominator, "Q4": scorecard.NotCounted,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}
