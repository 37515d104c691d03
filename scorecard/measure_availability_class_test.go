package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestUptimeThatCannotBeKnownIsNoData(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	tests := map[string]struct {
		change func(*downWorld)
		reason string
	}{
		"no incident has a priority": {
			func(w *downWorld) {
				w.incidents = []facts.Incident{outage("Q1", at, time.Hour, priority("")), incident("Q2", at)}
			},
			"Priorities are not used: P1 or P2 would count as downtime",
		},
		"only another team's incidents have one": {
			func(w *downWorld) {
				w.incidents = []facts.Incident{outage("Q1", at, time.Hour, priority("")), outage("Q2", at, 0, onService("PONCALL1"))}
			},
			"Priorities are not used",
		},
		"only the quarter before has one": {
			func(w *downWorld) {
				w.incidents = []facts.Incident{outage("Q1", at, time.Hour, priority("")), outage("Q2", at.AddDate(0, -3, 0), time.Hour)}
			},
			"Priorities are not used",
		},
		"the team has no service": {
			func(w *downWorld) { w.policy.Teams[0].Services = nil }, "No PagerDuty service of MySQL Team is configured.",
		},
		"nothing is said to be an outage": {
			func(w *downWorld) { w.policy.Incidents.OutagePriority = nil }, "No incident counts as downtime",
		},
		"events are not read yet": {
			func(w *downWorld) { w.objective().Method = "events" }, "prometheus is not configured",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDownWorld(t)
			tt.change(&w)
			r := w.row(t, "mysql")
			if r.Verdict != scorecard.NoData || !strings.Contains(r.Reason, tt.reason) {
				t.Errorf("%s because %q, want no_data because %q", r.Verdict, r.Reason, tt.reason)
			}
			if r.Value != nil || r.Denominator != nil || r.Budget != nil || r.Details != nil || r.Coverage != nil || len(w.evidence(t, "mysql")) != 0 {
				t.Errorf("there is no data, and still value %s, budget %v, details %v, coverage %v", shown(r.Value), r.Budget, r.Details, r.Coverage)
			}
		})
	}
}

func TestIncidentsWithAPriorityAmongThemAnswer(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("Q1", at, time.Hour, priority("")), outage("Q2", at, time.Hour, priority("P5")))
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Met || downtime(t, r) != 0 {
		t.Errorf("%s (%s), want met: priorities are used, and none was an outage", r.Verdict, r.Reason)
	}
	// What is told by urgency asks for no priority. Q2's is unknown, and it is counted: 1800 s.
	w.policy.Incidents.OutagePriority, w.policy.Incidents.OutageUrgency = nil, []facts.Urgency{facts.UrgencyHigh}
	w.incidents = []facts.Incident{
		outage("Q1", at, time.Hour, priority(""), lowUrgency),
		outage("Q2", at, 30*time.Minute, priority(""), func(i *facts.Incident) { i.Urgency = "" }),
		// High at the trigger, and low by now: 10 s more.
		outage("Q3", at.Add(time.Hour), 10*time.Second, entry(facts.EntryUrgencyChange, time.Second, ada), lowUrgency),
	}
	if diff := cmp.Diff(map[string]string{"Q1": "not_outage -", "Q2": "outage 1800", "Q3": "outage 10"}, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.row(t, "mysql")
	if diff := cmp.Diff([]string{"Outages of unknown urgency: 1. They are counted."}, r.Caveats); diff != "" || *r.Coverage != 0.5 {
		t.Errorf("coverage %v, want 1 - 1/2; caveats (-want +got):\n%s", *r.Coverage, diff)
	}
}

func TestOnlyConfiguredServicesCount(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("Q1", at, time.Hour), outage("Q2", at, time.Minute, onService(spare)))
	w.policy.Incidents.OutageServices = []string{spare}
	r := w.row(t, "mysql")
	if d := uptimeDetails(t, r); downtime(t, r) != 60 || len(d.Services) != 1 || d.WorstService != spare || r.Population.Total != 1 {
		t.Errorf("down for %d s, %+v, want 60 of PMYSQL2 alone", downtime(t, r), d)
	}
	other := w.row(t, "oncall")
	if other.Verdict != scorecard.Empty || other.Reason != "No service of On-Call Team counts for this objective." {
		t.Errorf("the team without any of them is %s because %q, want empty", other.Verdict, other.Reason)
	}
	if early := w.until(at).row(t, "oncall"); early.Verdict != scorecard.Empty {
		t.Errorf("while the quarter runs, it is %s: it has nothing to wait for", early.Verdict)
	}
	if org := w.row(t, scorecard.OrgID); downtime(t, org) != 60 || len(uptimeDetails(t, org).Services) != 1 {
		t.Errorf("the organisation is down for %d s, want 60", downtime(t, org))
	}
}

func TestWorstServiceOfAllTeamsIsTheOrganisations(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("Q1", at, 80*time.Second), outage("Q2", at, 90*time.Second, onService("PONCALL1")))
	org := w.row(t, scorecard.OrgID)
	if d := uptimeDetails(t, org); d.WorstService != "PONCALL1" || downtime(t, org) != 90 || len(d.Services) != 3 {
		t.Errorf("down for %d s, %+v, want the 90 of PONCALL1, among three services", downtime(t, org), d)
	}
	// Pooled: 170 of 3 · 7,948,800 s.
	org = w.pooled().row(t, scorecard.OrgID)
	if shown(org.Denominator) != "23846400" || downtime(t, org) != 170 || shown(org.Budget.Allowed) != "238.464" {
		t.Errorf("down for %d of %s s, %s allowed, want 170 of 23846400, 238.464 allowed", downtime(t, org), shown(org.Denominator), shown(org.Budget.Allowed))
	}
	// Of two that were down for as long, the first by id.
	w = newDownWorld(t, outage("Q1", at, 80*time.Second, onService(spare)), outage("Q2", at, 80*time.Second))
	w.policy.Teams[0].Services = []string{spare, alarm}
	if d := uptimeDetails(t, w.row(t, "mysql")); d.WorstService != alarm || d.Services[0].Service != spare {
		t.Errorf("%+v, want PMYSQL1 as the worst, in the order of the configuration", d)
	}
}

func TestOrganisationTellsWhatItDoesNotSee(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("Q1", at, 10*time.Second), outage("Q2", at, time.Hour, onService("PONCALL1"), priority("")))
	w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: "new", Name: "New Team", Line: scorecard.LineSRE})
	want := []string{
		"No incident of On-Call Team has a priority, so none of them counts as downtime.",
		"No PagerDuty service of New Team is configured, so the value does not see it.",
	}
	r := w.row(t, scorecard.OrgID)
	if diff := cmp.Diff(want, r.Caveats); diff != "" || downtime(t, r) != 10 {
		t.Errorf("down for %d s, want 10; caveats (-want +got):\n%s", downtime(t, r), diff)
	}
	// Of a team that is taken out, nothing is missed.
	w.policy.Exceptions = []scorecard.Exception{uptimeException("oncall")}
	if diff := cmp.Diff(want[1:], w.row(t, scorecard.OrgID).Caveats); diff != "" {
		t.Errorf("caveats without the On-Call Team (-want +got):\n%s", diff)
	}
}

func TestPriorityThatWasLoweredAfterTheAnswerIsACaveat(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(
		t,
		incident("QLATE", at, priority("P1"), acknowledged(time.Minute, ada), reprioritised(2*time.Minute, "P1", "P3")),
		incident("QEARLY", at, priority("P1"), reprioritised(time.Minute, "P1", "P3"), acknowledged(2*time.Minute, ada)),
		incident("QRAISED", at, acknowledged(time.Minute, ada), reprioritised(2*time.Minute, "P3", "P1"), resolved(time.Hour, ada)),
		incident("QSTILL", at, acknowledged(time.Minute, ada), reprioritised(2*time.Minute, "P1", "P2"), resolved(time.Hour, ada)),
	)
	r := w.row(t, "mysql")
	want := []string{"Incidents that lost the priority of an outage after somebody had answered: 1. They are not counted."}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || downtime(t, r) != 3600 {
		t.Errorf("down for %d s, want the 3600 of QRAISED and QSTILL; caveats (-want +got):\n%s", downtime(t, r), diff)
	}
	if short(r.Coverage) != "0.6667" { // Two outages, beside one that may be another.
		t.Errorf("coverage %s, want 2/3", short(r.Coverage))
	}
	for _, item := range w.evidence(t, "mysql") {
		if lowered := strings.Contains(item.Reason, "lost the priority"); lowered != (item.ID == "QLATE") {
			t.Errorf("%s: %s", item.ID, item.Reason)
		}
	}
}

func TestPriorityIsTheOneOfTheHorizon(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	// P1 until it is lowered at 10:05, and raised to P2 at 10:20.
	w := newDownWorld(t, incident("Q1", at, acknowledged(time.Minute, ada), reprioritised(5*time.Minute, "P1", "P3"), reprioritised(20*time.Minute, "P3", "P2")))
	tests := map[time.Duration]string{
		4 * time.Minute: "outage 240", 5 * time.Minute: "not_outage -", 19 * time.Minute: "not_outage -", 20 * time.Minute: "outage 1200",
	}
	for after, want := range tests {
		w := w.until(at.Add(after))
		if got := w.seconds(t)["Q1"]; got != want {
			t.Errorf("after %s: %q, want %q", after, got, want)
		}
		if got := w.row(t, "mysql").Caveats; (len(got) > 0) != (want == "not_outage -") {
			t.Errorf("after %s: caveats %q", after, got)
		}
	}
}

func TestOutageWithoutLogEntriesIsCountedWithACaveat(t *testing.T) {
	t.Parallel()
	bare := outage("Q1", utc(t, "2026-08-03 10:00:00"), time.Minute)
	bare.Timeline = nil
	r := newDownWorld(t, bare, outage("Q2", utc(t, "2026-08-04"), time.Minute)).row(t, "mysql")
	want := []string{"Outages of which no log entry is known: 1. Whether they were reopened cannot be told."}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || downtime(t, r) != 120 || *r.Coverage != 0.5 {
		t.Errorf("down for %d s, coverage %v, want 120, 0.5; caveats (-want +got):\n%s", downtime(t, r), *r.Coverage, diff)
	}
}

func TestUptimeNeedsTimeToPass(t *testing.T) {
	t.Parallel()
	start := utc(t, "2026-07-01")
	tests := map[string]struct {
		horizon time.Time
		minN    int
		want    scorecard.Verdict
	}{
		"the first instant":             {start, 1, scorecard.Pending},
		"less than a second":            {start.Add(999 * time.Millisecond), 1, scorecard.Pending},
		"the first second":              {start.Add(time.Second), 1, scorecard.Met},
		"fewer seconds than are wanted": {start.Add(time.Hour - time.Second), 3600, scorecard.InsufficientData},
		"as many seconds as are wanted": {start.Add(time.Hour), 3600, scorecard.Met},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDownWorld(t).until(tt.horizon)
			w.objective().MinN = tt.minN
			if r := w.row(t, "mysql"); r.Verdict != tt.want || (r.Value != nil) != (tt.want == scorecard.Met) {
				t.Errorf("%s with value %s, want %s", r.Verdict, shown(r.Value), tt.want)
			}
		})
	}
}

func TestUptimeHasATrendAndNoOpinionOnItsChance(t *testing.T) {
	t.Parallel()
	// The second quarter of 2026 has 91 days: 7,862,400 s.
	w := newDownWorld(t, outage("Q1", utc(t, "2026-08-03"), 80*time.Second), outage("Q2", utc(t, "2026-05-03"), 40*time.Second))
	r := w.row(t, "mysql")
	if r.Trend == nil || r.Trend.Previous.Cmp(scorecard.Ratio(7862360, 7862400)) != 0 || r.Trend.Detectable != nil {
		t.Fatalf("trend %+v, want 1 - 40/7862400 before, and detectable null", r.Trend)
	}
}

func TestEarlierIncidentsAreNoneOfTheResponseTimesOwn(t *testing.T) {
	t.Parallel()
	w := newDownWorld(t, outage("Q1", utc(t, "2026-06-01"), 60*24*time.Hour), outage("Q2", utc(t, "2026-08-03"), time.Minute))
	w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, incidentResponse())
	if r := w.world.row(t, "mysql"); r.Population.Total != 1 {
		t.Errorf("response_time is about %d incidents, want Q2 alone", r.Population.Total)
	}
}
