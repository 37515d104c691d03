package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// uptimeException is an exception from database_uptime until the end of 2026.
func uptimeException(team string, incidents ...string) scorecard.Exception {
	x := exception("ex1", team, time.December, 31, incidents...)
	x.Objective = "database_uptime"
	return x
}

func TestExceptionForAnOutageTakesItsTimeOut(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(
		t,
		outage("QTEST", at, 10*time.Minute), // 10:00:00 to 10:10:00.
		outage("QREAL", at.Add(9*time.Minute), 70*time.Second), // 10:09:00 to 10:10:10: overlaps by 60 s, which stay its own.
	)
	w.policy.Exceptions = []scorecard.Exception{uptimeException("mysql", "QTEST", "QELSE")}
	if diff := cmp.Diff(map[string]string{"QTEST": "exception -", "QREAL": "outage 70"}, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	for _, w := range []downWorld{w, w.pooled()} {
		services := int64(1)
		if w.objective().Aggregate == "pooled" {
			services = 2
		}
		r := w.row(t, "mysql")
		// 70 s with the exception, 610 s without it.
		without := scorecard.Ratio(services*quarterSeconds-610, services*quarterSeconds)
		if downtime(t, r) != 70 || r.Verdict != scorecard.Met || r.ValueWithoutExceptions.Cmp(without) != 0 || shown(r.Budget.Used) != "70" {
			t.Errorf("%s with %d s down, %s without exceptions, want met with 70, %s without", r.Verdict, downtime(t, r), shown(r.ValueWithoutExceptions), shown(&without))
		}
		if len(r.Exceptions) != 1 || len(r.Exceptions[0].Incidents) != 1 || r.Exceptions[0].Incidents[0] != "QTEST" || len(r.Caveats) != 0 {
			t.Errorf("exceptions %+v, caveats %q, want ex1 for QTEST, and none", r.Exceptions, r.Caveats)
		}
	}
	if r := w.row(t, "oncall"); r.ValueWithoutExceptions != nil || len(r.Exceptions) != 0 || len(r.Caveats) != 0 {
		t.Errorf("the other team's row shows %+v", r)
	}
	if org := w.row(t, scorecard.OrgID); downtime(t, org) != 70 || org.ValueWithoutExceptions.Cmp(scorecard.Ratio(quarterSeconds-610, quarterSeconds)) != 0 {
		t.Errorf("org: %d s down, %s without exceptions, want 70, and as with 610", downtime(t, org), shown(org.ValueWithoutExceptions))
	}
}

func TestTeamThatIsExemptFromUptimeLeavesTheOrganisation(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("Q1", at, 500*time.Second), outage("Q2", at, 10*time.Second, onService("PONCALL1")))
	w.policy.Exceptions = []scorecard.Exception{uptimeException("mysql")}
	r := w.row(t, "mysql")
	want := scorecard.Ratio(quarterSeconds-500, quarterSeconds)
	if r.Verdict != scorecard.Exempt || r.Value != nil || r.Budget != nil || r.Details != nil || r.ValueWithoutExceptions.Cmp(want) != 0 {
		t.Errorf("%s with %s, budget %v, %s without exceptions, want exempt", r.Verdict, shown(r.Value), r.Budget, shown(r.ValueWithoutExceptions))
	}
	org := w.row(t, scorecard.OrgID)
	if d := uptimeDetails(t, org); downtime(t, org) != 10 || len(d.Services) != 1 || d.WorstService != "PONCALL1" || org.ValueWithoutExceptions.Cmp(want) != 0 {
		t.Errorf("org: %d s down, %+v, %s without exceptions, want 10 of PONCALL1 alone", downtime(t, org), d, shown(org.ValueWithoutExceptions))
	}
	if org := w.pooled().row(t, scorecard.OrgID); downtime(t, org) != 10 || shown(org.Denominator) != "7948800" || shown(org.Budget.Allowed) != "79.488" {
		t.Errorf("org, pooled: %d of %s s down, %s allowed, want 10 of the one service's 7948800", downtime(t, org), shown(org.Denominator), shown(org.Budget.Allowed))
	}
	for _, item := range w.evidence(t, scorecard.OrgID) {
		if mine := item.ID == "Q2" || item.ID == "PONCALL1"; mine == (item.Counted == scorecard.NotCounted) || !mine && item.Class != "exception" {
			t.Errorf("org: %s %s is %s, %s", item.Kind, item.ID, item.Class, item.Counted)
		}
	}
}

func TestExceptionThatNoLongerDoesAnythingIsACaveat(t *testing.T) {
	t.Parallel()
	unused := "Exception ex1 takes nothing out of this row: no incident that it names counts in it."
	tests := map[string]struct {
		exception scorecard.Exception
		subject   string
		want      []string
	}{
		"it takes an incident out":                        {exception("ex1", "mysql", 12, 31, "QLATE"), "mysql", nil},
		"it takes the team out":                           {exception("ex1", "mysql", 12, 31), "mysql", nil},
		"it names an incident that is not known":          {exception("ex1", "mysql", 12, 31, "QNONE"), "mysql", []string{unused}},
		"the organisation's row says so too":              {exception("ex1", "mysql", 12, 31, "QNONE"), "org", []string{unused}},
		"it names an incident of another team":            {exception("ex1", "mysql", 12, 31, "QCALL"), "mysql", []string{unused}},
		"it is about another team":                        {exception("ex1", "oncall", 12, 31, "QNONE"), "mysql", nil},
		"it is about every team, and used by another":     {exception("ex1", "", 12, 31, "QCALL"), "mysql", nil},
		"it is about every team, and used":                {exception("ex1", "", 12, 31, "QCALL"), "org", nil},
		"it is about every team, and unused":              {exception("ex1", "org", 12, 31, "QNONE"), "org", []string{unused}},
		"it ran out when the period did, and was used":    {exception("ex1", "mysql", 10, 1, "QLATE"), "mysql", nil},
		"it has not run out yet":                          {exception("ex1", "mysql", 10, 12, "QLATE"), "mysql", nil},
		"it ran out within the period, and was used":      {exception("ex1", "mysql", 9, 30, "QLATE"), "mysql", []string{"Exception ex1 expired on 2026-09-30: what began from then on is not taken out."}},
		"it ran out before its incident":                  {exception("ex1", "mysql", 8, 10, "QLATE"), "mysql", []string{"Exception ex1 expired on 2026-08-10 and takes nothing out of this row."}},
		"it took the team out, and ran out in the period": {exception("ex1", "mysql", 8, 1), "mysql", []string{"Exception ex1 expired on 2026-08-01: periods that begin from then on are not taken out."}},
		"it took the team out until the period before":    {exception("ex1", "mysql", 7, 1), "mysql", []string{"Exception ex1 expired on 2026-07-01 and takes nothing out of this row."}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := twoTeams(t)
			w.policy.Exceptions = []scorecard.Exception{tt.exception}
			got := w.row(t, tt.subject).Caveats
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("caveats (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExceptionThatAnotherPeriodUsesIsNotUnused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		created string
		want    int // Caveats.
	}{
		"its incident is of the quarter before":           {"2026-05-03 10:00:00", 0},
		"its incident is of the next quarter":             {"2026-10-03 10:00:00", 0},
		"its incident is of this one, and another team's": {"2026-08-03 10:00:00", 1},
		"its incident came when it had run out":           {"2026-12-31", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := twoTeams(t)
			w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31, "QTHEN")}
			in := w.input(t)
			in.Facts.Named = []facts.Incident{{ID: "QELSE"}, {ID: "QTHEN", CreatedAt: utc(t, tt.created)}}
			if got := scorecard.Compute(in)[1].Row("incident_response").Caveats; len(got) != tt.want {
				t.Errorf("caveats %q, want %d", got, tt.want)
			}
		})
	}
}

func TestExpiryIsNoCaveatBeforeItHappens(t *testing.T) {
	t.Parallel()
	w := twoTeams(t)
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 8, 20, "QLATE")}
	midnight := utc(t, "2026-08-20")
	if got := w.horizonAt(midnight.Add(-time.Second)).row(t, "mysql").Caveats; len(got) != 0 {
		t.Errorf("caveats %q a second before midnight, want none", got)
	}
	if got := w.horizonAt(midnight).row(t, "mysql").Caveats; len(got) != 1 {
		t.Errorf("caveats %q at midnight, want one", got)
	}
}

func TestNothingIsSaidOfExceptionsWhereNothingWasMeasured(t *testing.T) {
	t.Parallel()
	w := newDownWorld(t, incident("Q1", utc(t, "2026-08-03 10:00:00")))
	w.policy.Exceptions = []scorecard.Exception{uptimeException("mysql", "QNONE")}
	if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData || len(r.Caveats) != 0 {
		t.Errorf("%s with caveats %q, want no_data with none", r.Verdict, r.Caveats)
	}
	w.sources = []facts.SourceState{}
	if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData || len(r.Caveats) != 0 {
		t.Errorf("unread: %s with caveats %q, want no_data with none", r.Verdict, r.Caveats)
	}
}
