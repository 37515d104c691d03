package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// exception takes incidents, or all of a team, out of incident_response up to
// a day of 2026.
func exception(id, team string, month time.Month, day int, incidents ...string) scorecard.Exception {
	return scorecard.Exception{
		ID: id, Objective: "incident_response", Team: team, Incidents: incidents, Reason: "planned failover test",
		ApprovedBy: "director", Until: scorecard.Date{Year: 2026, Month: month, Day: day},
	}
}

// twoTeams has, for mysql, one answer in time and one that is late, and for
// oncall one that is late.
func twoTeams(t *testing.T) world {
	t.Helper()
	return newWorld(
		t,
		incident("QGOOD", utc(t, "2026-08-03 10:00:00"), answeredAt(60)...),
		incident("QLATE", utc(t, "2026-08-10 10:00:00"), answeredAt(600)...),
		incident("QCALL", utc(t, "2026-08-20 10:00:00"), onService("PONCALL1"), acknowledged(time.Hour, bo)),
	)
}

func TestExceptionForAnIncidentTakesItOutAndShowsBothValues(t *testing.T) {
	t.Parallel()
	w := twoTeams(t)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31, "QLATE", "QELSE")}
	r := w.row(t, "mysql")
	// 1 of 1 with the exception, 1 of 2 without.
	if shown(r.Value) != "1" || shown(r.Denominator) != "1" || shown(r.ValueWithoutExceptions) != "0.5" || r.Verdict != scorecard.Met {
		t.Errorf("value %s of %s, %s without, %s, want 1 of 1, 0.5 without, met",
			shown(r.Value), shown(r.Denominator), shown(r.ValueWithoutExceptions), r.Verdict)
	}
	want := []scorecard.RowException{{
		ID: "ex1", Reason: "planned failover test", ApprovedBy: "director", Until: utc(t, "2026-12-31"), Incidents: []string{"QLATE"},
	}}
	if diff := cmp.Diff(want, r.Exceptions); diff != "" {
		t.Errorf("exceptions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"exception": 1}, r.Population.Excluded); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
	if r := w.row(t, "oncall"); r.ValueWithoutExceptions != nil || len(r.Exceptions) != 0 {
		t.Errorf("the other team's row shows %+v", r.Exceptions)
	}
	// The organisation: 1 of 2 with the exception, 1 of 3 without.
	if r := w.row(t, scorecard.OrgID); shown(r.Value) != "0.5" || shown(r.Denominator) != "2" || r.ValueWithoutExceptions.Cmp(scorecard.Ratio(1, 3)) != 0 {
		t.Errorf("org: value %s of %s, %s without, want 0.5 of 2, 1/3 without", shown(r.Value), shown(r.Denominator), shown(r.ValueWithoutExceptions))
	}
}

func TestExceptionHoldsUpToMidnightOfItsLastDay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		exception scorecard.Exception
		created   string
		want      string
	}{
		// In Berlin August 10 begins at 22:00 UTC on August 9.
		"an incident of the second before":         {exception("ex1", "mysql", 8, 10, "Q1"), "2026-08-09 21:59:59", "exception"},
		"an incident of midnight itself":           {exception("ex1", "mysql", 8, 10, "Q1"), "2026-08-09 22:00:00", "unanswered"},
		"a period that began before, as a whole":   {exception("ex1", "mysql", 7, 2), "2026-09-20 10:00:00", "exception"},
		"a period that began at midnight itself":   {exception("ex1", "mysql", 7, 1), "2026-09-20 10:00:00", "unanswered"},
		"an exception without a team":              {exception("ex1", "", 12, 31, "Q1"), "2026-08-09 21:59:59", "exception"},
		"an exception of another team":             {exception("ex1", "oncall", 12, 31, "Q1"), "2026-08-09 21:59:59", "unanswered"},
		"an exception of another incident":         {exception("ex1", "mysql", 12, 31, "Q2"), "2026-08-09 21:59:59", "unanswered"},
		"an exception that expired before the ask": {exception("ex1", "mysql", 9, 30, "Q1"), "2026-08-09 21:59:59", "exception"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, incident("Q1", utc(t, tt.created)))
			w.policy.Calendar = calendarOf(t, "Europe/Berlin", time.January)
			w.policy.Exceptions = []scorecard.Exception{tt.exception}
			items := w.evidence(t, "mysql")
			if len(items) != 1 || items[0].Class != tt.want {
				t.Errorf("evidence %+v, want class %s", items, tt.want)
			}
		})
	}
}

func TestExceptionOfAnotherObjectiveChangesNothing(t *testing.T) {
	t.Parallel()
	w := twoTeams(t)
	before := w.row(t, "mysql")
	team, late := exception("ex1", "mysql", 12, 31), exception("ex2", "mysql", 12, 31, "QLATE")
	team.Objective, late.Objective = "database_uptime", "database_uptime"
	w.policy.Exceptions = []scorecard.Exception{team, late}
	if diff := cmp.Diff(before, w.row(t, "mysql"), cmp.Comparer(sameNumber)); diff != "" {
		t.Errorf("row (-before +after):\n%s", diff)
	}
}

func sameNumber(a, b scorecard.Number) bool { return a.Cmp(b) == 0 }

func TestMergedAndLowUrgencyGoBeforeAnException(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(
		t,
		incident("QMERGED", created, mergedAway(time.Minute, ada)),
		incident("QLOW", created, lowUrgency),
		incident("QHEALED", created, resolved(time.Minute, alarm)),
		incident("QLATE", created, answeredAt(600)...),
	)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31, "QMERGED", "QLOW", "QHEALED", "QLATE")}
	r := w.row(t, "mysql")
	if diff := cmp.Diff(map[string]int{"merged": 1, "low_urgency": 1, "exception": 2}, r.Population.Excluded); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"QHEALED", "QLATE"}, r.Exceptions[0].Incidents); diff != "" {
		t.Errorf("incidents of the exception (-want +got):\n%s", diff)
	}
	// Without the exception QLATE alone is judged: 0 of 1.
	if r.Verdict != scorecard.Empty || shown(r.ValueWithoutExceptions) != "0" {
		t.Errorf("verdict %s, %s without exceptions, want empty, 0", r.Verdict, shown(r.ValueWithoutExceptions))
	}
}

func TestTeamThatIsExemptHasNoValueAndLeavesTheOrganisation(t *testing.T) {
	t.Parallel()
	w := twoTeams(t)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31)}
	r := w.row(t, "mysql")
	if r.Verdict != scorecard.Exempt || r.Value != nil || r.Denominator != nil || shown(r.ValueWithoutExceptions) != "0.5" {
		t.Errorf("%s with value %s of %s, %s without exceptions, want exempt, null, 0.5",
			r.Verdict, shown(r.Value), shown(r.Denominator), shown(r.ValueWithoutExceptions))
	}
	if len(r.Exceptions) != 1 || r.Exceptions[0].ApprovedBy != "director" || len(r.Exceptions[0].Incidents) != 2 {
		t.Errorf("exceptions %+v, want ex1 with QGOOD and QLATE", r.Exceptions)
	}
	// The organisation's row is oncall's alone: 0 of 1; without the exception 1 of 3.
	org := w.row(t, scorecard.OrgID)
	if org.Verdict != scorecard.Missed || shown(org.Value) != "0" || shown(org.Denominator) != "1" || org.ValueWithoutExceptions.Cmp(scorecard.Ratio(1, 3)) != 0 {
		t.Errorf("org: %s with %s of %s, %s without, want missed with 0 of 1, 1/3 without",
			org.Verdict, shown(org.Value), shown(org.Denominator), shown(org.ValueWithoutExceptions))
	}
	w.policy.Exceptions = append(w.policy.Exceptions, exception("ex2", "oncall", 12, 31))
	if org := w.row(t, scorecard.OrgID); org.Verdict != scorecard.Exempt || len(org.Exceptions) != 2 {
		t.Errorf("with both teams exempt the organisation is %s by %+v, want exempt by both", org.Verdict, org.Exceptions)
	}
	w.policy.Exceptions = []scorecard.Exception{exception("ex3", "", 12, 31)}
	for _, subject := range []string{scorecard.OrgID, "mysql", "oncall"} {
		if r := w.row(t, subject); r.Verdict != scorecard.Exempt {
			t.Errorf("an exception for everybody leaves %s %s", subject, r.Verdict)
		}
	}
}

func TestExceptionIsShownWhereNothingHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31)}
	for name, sources := range map[string][]facts.SourceState{"the source was read": w.sources, "it never was": nil} {
		w.sources = sources
		r := w.row(t, "mysql")
		if r.Verdict != scorecard.Exempt || len(r.Exceptions) != 1 || r.Exceptions[0].Reason != "planned failover test" {
			t.Errorf("%s: %s with exceptions %+v, want exempt by ex1", name, r.Verdict, r.Exceptions)
		}
	}
}

func TestTwoExceptionsForOneTeamAreBothShown(t *testing.T) {
	t.Parallel()
	w := twoTeams(t)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31), exception("ex2", "mysql", 12, 31)}
	for _, subject := range []string{scorecard.OrgID, "mysql"} {
		r := w.row(t, subject)
		if len(r.Exceptions) != 2 || r.Exceptions[0].ID != "ex1" || r.Exceptions[1].ID != "ex2" || len(r.Caveats) != 0 {
			t.Errorf("%s has exceptions %+v and caveats %q, want both and none", subject, r.Exceptions, r.Caveats)
		}
	}
}

func TestExceptionThatNobodyNeedsIsReported(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		exception scorecard.Exception
		named     string // When QTHEN was created; empty for one that is not known.
		want      bool
	}{
		"it takes an incident out":                       {exception("ex1", "mysql", 12, 31, "QLATE"), "", false},
		"it takes a team out":                            {exception("ex1", "mysql", 12, 31), "", false},
		"it names an incident that nobody knows":         {exception("ex1", "mysql", 12, 31, "QTHEN"), "", true},
		"its incident is of a time that is not shown":    {exception("ex1", "mysql", 12, 31, "QTHEN"), "2026-02-01", false},
		"its incident came when it had run out":          {exception("ex1", "mysql", 10, 1, "QTHEN"), "2026-10-02", true},
		"its incident is shown, and not taken out":       {exception("ex1", "mysql", 12, 31, "QTHEN"), "2026-08-01", true},
		"it has run out, although it took something out": {exception("ex1", "mysql", 10, 1, "QLATE"), "", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := twoTeams(t)
			w.policy.Exceptions = []scorecard.Exception{tt.exception}
			var named []facts.Incident
			if tt.named != "" {
				named = append(named, facts.Incident{ID: "QTHEN", CreatedAt: utc(t, tt.named)})
			}
			windows := []scorecard.WindowCards{{Cards: scorecard.Compute(w.input(t))}}
			if got := w.policy.ExceptionsExpired(w.asOf, named, windows)["ex1"]; got != tt.want {
				t.Errorf("reported: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestExceptionsExpireAtMidnight(t *testing.T) {
	t.Parallel()
	p := newPolicy()
	p.Calendar = calendarOf(t, "Europe/Berlin", time.January)
	p.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 8, 10)}
	midnight := utc(t, "2026-08-09 22:00:00")
	if p.ExceptionsExpired(midnight.Add(-1), nil, nil)["ex1"] || !p.ExceptionsExpired(midnight, nil, nil)["ex1"] {
		t.Error("the exception should expire exactly at 22:00 UTC on August 9")
	}
}
