package scorecard_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// One outage of 80 s on one of the mysql team's two services, in a quarter of
// 92 · 86,400 = 7,948,800 s.
func TestOutageOfEightySecondsIsTooLongForTheWorstServiceAndNotForBoth(t *testing.T) {
	t.Parallel()
	w := newDownWorld(t, outage("Q1", utc(t, "2026-08-03 10:00:00"), 80*time.Second))
	tests := map[string]struct {
		world                                     downWorld
		numerator, denominator, allowed, verdict  string
		remaining, elapsed, worst, pooled, reason string
	}{
		// Worst: 1 - 80/7,948,800 = 0.9999899…, below 0.99999; allowed are 0.00001 · 7,948,800 = 79.488 s.
		"worst": {
			world: w, numerator: "7948720", denominator: "7948800", allowed: "79.488", remaining: "-0.512", verdict: "missed",
			reason: "The worst service, MySQL primary (PMYSQL1), was down for 80 of 7948800 s.",
		},
		// Pooled: 1 - 80/15,897,600 = 0.9999949…, above it; allowed are 0.00001 · 2 · 7,948,800 = 158.976 s.
		"pooled": {
			world: w.pooled(), numerator: "15897520", denominator: "15897600", allowed: "158.976", remaining: "78.976", verdict: "met",
			reason: "Down for 80 of 15897600 s, all services taken together (services: 2).",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.world.services = []facts.Service{{ID: alarm, Name: "MySQL primary", URL: "https://example.pagerduty.com/services/PMYSQL1"}}
			r := tt.world.row(t, "mysql")
			if shown(r.Numerator) != tt.numerator || shown(r.Denominator) != tt.denominator || r.Value.Cmp(r.Numerator.Quo(*r.Denominator)) != 0 {
				t.Errorf("%s / %s = %s, want %s / %s", shown(r.Numerator), shown(r.Denominator), shown(r.Value), tt.numerator, tt.denominator)
			}
			if string(r.Verdict) != tt.verdict || r.Reason != tt.reason {
				t.Errorf("%s because %q, want %s because %q", r.Verdict, r.Reason, tt.verdict, tt.reason)
			}
			b := r.Budget
			if b == nil || b.Unit != "seconds" || shown(b.Allowed) != tt.allowed || shown(b.Used) != "80" || shown(b.Remaining) != tt.remaining || b.ExhaustsAt != nil {
				t.Errorf("budget %+v, want %s allowed, 80 used, %s remaining", b, tt.allowed, tt.remaining)
			}
			if r.Interval != nil || r.Confidence != nil {
				t.Errorf("interval %v, confidence %v: time is no sample", r.Interval, r.Confidence)
			}
			want := scorecard.AvailabilityDetails{
				WorstService: alarm, Pooled: scorecard.Ratio(15897520, 15897600),
				Services: []scorecard.ServiceUptime{
					{Service: alarm, Name: "MySQL primary", Team: "mysql", Value: scorecard.Ratio(7948720, 7948800), DowntimeSeconds: 80, ElapsedSeconds: quarterSeconds, Outages: 1},
					{Service: spare, Team: "mysql", Value: scorecard.Int(1), ElapsedSeconds: quarterSeconds},
				},
			}
			if diff := cmp.Diff(want, uptimeDetails(t, r), cmp.Comparer(sameNumber)); diff != "" {
				t.Errorf("details (-want +got):\n%s", diff)
			}
		})
	}
	// The missed row's score is 100 · 0.00001/(80/7,948,800) = 99.36, and so 99 at most.
	if r := w.row(t, "mysql"); r.Score == nil || *r.Score != 99 || r.NextStep == nil {
		t.Errorf("score %v, next step %v, want 99 and one", r.Score, r.NextStep)
	}
}

func TestAvailabilityDetailsHaveTheirJSONForm(t *testing.T) {
	t.Parallel()
	r := newDownWorld(t).row(t, "oncall")
	text, err := json.Marshal(r.Details)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"worst_service":"PONCALL1","pooled":1,"services":[{"service":"PONCALL1","name":"","team":"oncall","value":1,` +
		`"downtime_seconds":0,"elapsed_seconds":7948800,"outages":0}]}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}

func TestQuarterWithoutIncidentsIsUpAllTheTime(t *testing.T) {
	t.Parallel()
	r := newDownWorld(t).row(t, "mysql")
	if r.Verdict != scorecard.Met || shown(r.Value) != "1" || downtime(t, r) != 0 || r.Coverage == nil || *r.Coverage != 1 {
		t.Errorf("%s with %s, coverage %v, want met with 1, coverage 1", r.Verdict, shown(r.Value), r.Coverage)
	}
	if r.Reason != "No service was down in 7948800 s." || len(r.Caveats) != 0 {
		t.Errorf("reason %q, caveats %q", r.Reason, r.Caveats)
	}
}

func TestOutageOverTheQuartersEndCountsOnBothCards(t *testing.T) {
	t.Parallel()
	// Open from 23:59:00 to 00:02:00: 60 s are the third quarter's, 120 s the fourth's.
	w := newDownWorld(t, outage("Q1", utc(t, "2026-09-30 23:59:00"), 3*time.Minute))
	caveat := []string{"Outages that began before the period or lasted beyond its end: 1. Only their time in it is counted here."}
	for period, want := range map[string]int64{"2026-Q3": 60, "2026-Q4": 120} {
		w.period = period
		r := w.row(t, "mysql")
		if got := downtime(t, r); got != want {
			t.Errorf("%s: down for %d s, want %d", period, got, want)
		}
		if diff := cmp.Diff(caveat, r.Caveats); diff != "" || short(r.Coverage) != "0" {
			t.Errorf("%s: coverage %s, want 0; caveats (-want +got):\n%s", period, short(r.Coverage), diff)
		}
		if diff := cmp.Diff(map[string]int{"outage": 1}, r.Population.Classes); diff != "" {
			t.Errorf("%s: classes (-want +got):\n%s", period, diff)
		}
	}
	// As things stood at midnight, nothing had crossed the end yet, and the fourth quarter did not exist.
	w.period = "2026-Q3"
	if r := w.until(utc(t, "2026-10-01")).row(t, "mysql"); downtime(t, r) != 60 || len(r.Caveats) != 0 {
		t.Errorf("at midnight: down for %d s with caveats %q, want 60 and none", downtime(t, r), r.Caveats)
	}
	// An outage that ends, or begins, exactly at midnight crosses nothing.
	w = newDownWorld(t, outage("Q1", utc(t, "2026-09-30 23:59:00"), time.Minute), outage("Q2", utc(t, "2026-10-01"), time.Minute))
	if r := w.row(t, "mysql"); downtime(t, r) != 60 || len(r.Caveats) != 0 || r.Population.Total != 1 {
		t.Errorf("up to midnight: %d s of %d incidents, caveats %q, want 60 of 1 and none", downtime(t, r), r.Population.Total, r.Caveats)
	}
}

func TestOverlappingOutagesAreCountedOnce(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(
		t,
		outage("QC", at.Add(4*time.Minute), time.Minute),                                    // 10:04 to 10:05, in both.
		outage("QB", at.Add(3*time.Minute), 5*time.Minute),                                  // 10:03 to 10:08, of which 10:05 to 10:08 is new.
		outage("QA", at, 5*time.Minute),                                                     // 10:00 to 10:05.
		outage("QD", at.Add(10*time.Minute), 10*time.Second),                                // 10 s on their own.
		outage("QE", at, 70*time.Second, onService(spare)),                                  // Another service.
		outage("QF", at, time.Hour, priority("P3")),                                         // Not an outage.
		outage("QG", at, time.Hour, onService("PONCALL1")),                                  // Another team.
		outage("QH", at.Add(-time.Hour), 0),                                                 // Resolved in the second of its creation.
		outage("QI", at.AddDate(0, -3, 0), 90*24*time.Hour, onService(spare), priority("")), // Open since May: to August 1.
	)
	want := map[string]string{
		"QA": "outage 300", "QB": "outage 180", "QC": "outage 0", "QD": "outage 10", "QH": "outage 0",
		"QE": "other_service -", "QF": "not_outage -", "QI": "not_outage -",
	}
	if diff := cmp.Diff(want, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.row(t, "mysql")
	if got := downtime(t, r); got != 490 { // 300 + 180 + 10.
		t.Errorf("down for %d s, want 490", got)
	}
	p := scorecard.Population{
		Total: 8, Used: 5, Classes: map[string]int{"outage": 5}, Excluded: map[string]int{"other_service": 1, "not_outage": 2},
	}
	if diff := cmp.Diff(p, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
	// Pooled, QE's 70 s count as well.
	if got := downtime(t, w.pooled().row(t, "mysql")); got != 560 {
		t.Errorf("pooled, down for %d s, want 560", got)
	}
	if got := w.pooled().seconds(t)["QE"]; got != "outage 70" {
		t.Errorf("pooled, QE is %q, want outage 70", got)
	}
}

func TestEvidenceOfUptimeTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, outage("QA", at, 5*time.Minute), outage("QB", at.Add(3*time.Minute), 5*time.Minute), outage("QE", at, 70*time.Second, onService(spare)))
	start := utc(t, "2026-07-01")
	link := "https://example.pagerduty.com/incidents/"
	want := []scorecard.Evidence{
		{Kind: "service", ID: alarm, At: start, Class: "service", Counted: scorecard.InNumerator, Reason: "PMYSQL1 was down for 480 of 7948800 s."},
		{Kind: "service", ID: spare, At: start, Class: "service", Counted: scorecard.NotCounted, Reason: "PMYSQL2 was down for 70 of 7948800 s."},
		{
			Kind: "incident", ID: "QA", URL: link + "QA", At: at, Class: "outage", Counted: scorecard.InDenominator, Value: decimal("300"),
			Reason: "PMYSQL1 was down by it for 300 s of the period.",
		},
		{
			Kind: "incident", ID: "QE", URL: link + "QE", At: at, Class: "other_service", Counted: scorecard.NotCounted,
			Reason: "PMYSQL2 was down by it for 70 s of the period. The value is about PMYSQL1.",
		},
		{
			Kind: "incident", ID: "QB", URL: link + "QB", At: at.Add(3 * time.Minute), Class: "outage", Counted: scorecard.InDenominator, Value: decimal("180"),
			Reason: "PMYSQL1 was down by it for 300 s of the period. 120 s of these are counted with earlier incidents.",
		},
	}
	if diff := cmp.Diff(want, w.evidence(t, "mysql"), cmp.Comparer(sameNumber)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

func TestOutageIsCountedAgainFromItsReopening(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	// 10:00 to 10:01, and 11:00 to 11:02: 60 + 120 s. In between another outage lasts from 10:00:30 to 11:00:30: it adds 3600 - 30 - 30 s.
	w := newDownWorld(
		t,
		outage("Q1", at, time.Minute, acknowledged(time.Hour, bo), resolved(62*time.Minute, bo)),
		outage("Q2", at.Add(30*time.Second), time.Hour),
	)
	want := map[string]string{"Q1": "outage 180", "Q2": "outage 3540"}
	if diff := cmp.Diff(want, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if got := downtime(t, w.row(t, "mysql")); got != 62*60 {
		t.Errorf("down for %d s, want 3720", got)
	}
}

func TestOpenOutageLastsUntilTheHorizon(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, incident("Q1", at, priority("P2")), outage("Q2", at, time.Hour, onService(spare))).until(at.Add(100 * time.Second))
	r := w.row(t, "mysql")
	// Elapsed are 33 days and 10 h and 100 s: 33 · 86,400 + 36,000 + 100 = 2,887,300 s. Q2's resolve has not happened yet.
	if downtime(t, r) != 100 || shown(r.Denominator) != "2887300" || uptimeDetails(t, r).Services[1].DowntimeSeconds != 100 {
		t.Errorf("down for %d of %s s, want 100 of 2887300", downtime(t, r), shown(r.Denominator))
	}
	// At the quarter's end, the time beyond it is not its own.
	w = newDownWorld(t, incident("Q1", utc(t, "2026-09-30 23:59:50"), priority("P2")))
	if r := w.row(t, "mysql"); downtime(t, r) != 10 || len(r.Caveats) != 1 {
		t.Errorf("down for %d s with caveats %q, want 10 and one", downtime(t, r), r.Caveats)
	}
}

func TestMaintenanceIsNoDowntime(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	minute := func(n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }
	w := newDownWorld(
		t,
		outage("Q1", at, 10*time.Minute),        // 10:00 to 10:10, less 10:04 to 10:06 and 10:08 to 10:10: 360 s.
		outage("Q2", minute(5), 30*time.Second), // Wholly within maintenance.
		outage("Q3", minute(5), 4*time.Minute, onService(spare)),      // Of another service, less 10:08 to 10:09: 180 s.
		incident("Q4", utc(t, "2026-09-30 23:00:00"), priority("P1")), // Its last hour is maintenance up to the end.
	)
	w.maintenance = []facts.MaintenanceWindow{
		maintenance(minute(8), minute(20), alarm, spare), maintenance(minute(4), minute(6), alarm),
		maintenance(utc(t, "2026-09-30 23:00:00"), utc(t, "2026-10-02"), alarm), maintenance(minute(0), minute(20), "PELSE"),
	}
	want := map[string]string{"Q1": "outage 360", "Q2": "maintenance -", "Q3": "other_service -", "Q4": "maintenance -"}
	if diff := cmp.Diff(want, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := w.row(t, "mysql")
	if d := uptimeDetails(t, r).Services; d[0].DowntimeSeconds != 360 || d[1].DowntimeSeconds != 180 {
		t.Errorf("services %+v, want 360 and 180 s of downtime", d)
	}
	if r.Population.Excluded["maintenance"] != 2 {
		t.Errorf("excluded %v, want two in maintenance", r.Population.Excluded)
	}
}

// PagerDuty dates to the second. Should it ever be finer, no downtime is lost.
func TestFractionsOfASecondAreDowntime(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	// From 10:00:00.9 to 10:00:03.1: the seconds 0, 1, 2 and 3. Maintenance from 1.5 to 3.5 holds for the whole of the second 2 only.
	w := newDownWorld(t, outage("Q1", at.Add(900*time.Millisecond), 2200*time.Millisecond))
	if got := downtime(t, w.row(t, "mysql")); got != 4 {
		t.Errorf("down for %d s, want 4", got)
	}
	w.maintenance = []facts.MaintenanceWindow{maintenance(at.Add(1500*time.Millisecond), at.Add(3500*time.Millisecond), alarm)}
	if got := downtime(t, w.row(t, "mysql")); got != 3 {
		t.Errorf("with maintenance, down for %d s, want 3", got)
	}
	// The elapsed time of a rolling period is whole, too, wherever it begins and ends.
	w = w.until(utc(t, "2026-08-03 12:00:00").Add(123 * time.Millisecond))
	w.period = "28d"
	w.sources[0].DataAsOf = w.asOf.Add(-500 * time.Millisecond)
	// From 12:00:00.123, July 6, which is in the second 12:00:00, to 11:59:59.623, which is in 11:59:59: 28 · 86,400 - 1.
	if r := w.row(t, "mysql"); shown(r.Denominator) != "2419199" || downtime(t, r) != 3 {
		t.Errorf("down for %d of %s s, want 3 of 2419199", downtime(t, r), shown(r.Denominator))
	}
}

func TestOutageOfAnEarlierQuarterCountsWhileItLasts(t *testing.T) {
	t.Parallel()
	// Both were open on July 1; the first was created before anything was read, and is known because it was open.
	w := newDownWorld(
		t,
		outage("QOLD", utc(t, "2024-12-24"), utc(t, "2026-07-01").Sub(utc(t, "2024-12-24"))+100*time.Second),
		outage("QJUNE", utc(t, "2026-06-30"), 24*time.Hour+150*time.Second),
		outage("QOVER", utc(t, "2026-06-29"), time.Hour),
	)
	// 00:00:00 to 00:01:40 is QOLD's, up to 00:02:30 QJUNE's. QOVER does not touch the quarter.
	want := map[string]string{"QOLD": "outage 100", "QJUNE": "outage 50"}
	if diff := cmp.Diff(want, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if r := w.row(t, "mysql"); downtime(t, r) != 150 || r.Population.Total != 2 {
		t.Errorf("down for %d s by %d incidents, want 150 by 2", downtime(t, r), r.Population.Total)
	}
}

func TestTimeOfWhichNothingIsKnownIsNeitherUpNorDown(t *testing.T) {
	t.Parallel()
	w := newDownWorld(t, outage("Q1", utc(t, "2026-07-20"), 11*24*time.Hour+60*time.Second), outage("Q2", utc(t, "2026-07-25"), time.Hour))
	w.sources[0].DataSince = utc(t, "2026-07-31")
	r := w.row(t, "mysql")
	// Known from July 31 on: 62 of 92 days, 5,356,800 s. Of Q1, 60 s are known.
	if downtime(t, r) != 60 || shown(r.Denominator) != "5356800" || r.Population.Total != 1 {
		t.Errorf("down for %d of %s s by %d incidents, want 60 of 5356800 by 1", downtime(t, r), shown(r.Denominator), r.Population.Total)
	}
	if r.Coverage == nil || *r.Coverage != 62.0/92 || len(r.Caveats) != 1 || !strings.Contains(r.Caveats[0], "2026-07-31") {
		t.Errorf("coverage %v, caveats %q, want 62/92, and one on when facts begin", r.Coverage, r.Caveats)
	}
	// The budget is that of the whole quarter.
	if shown(r.Budget.Allowed) != "79.488" {
		t.Errorf("allowed %s, want 79.488", shown(r.Budget.Allowed))
	}
}
