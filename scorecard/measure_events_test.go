package scorecard_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The first two days of July, seen at the end of the second: 48 hours of each team.
func twoDays(tb testing.TB, hours ...facts.EventHour) eventWorld {
	tb.Helper()
	return newEventWorld(tb, hours...).horizonAt(utc(tb, "2026-07-03"))
}

func TestEventsAreAddedUpOverHoursAndTeams(t *testing.T) {
	t.Parallel()
	// mysql: 48 · 995 of 48 · 1000. oncall: 24 · 90 of 24 · 100 on the first day, and none at all on the second.
	w := twoDays(t, slices.Concat(
		steady(t, "mysql", "2026-07-01", "2026-07-03", 995, 1000),
		steady(t, "oncall", "2026-07-01", "2026-07-02", 90, 100), steady(t, "oncall", "2026-07-02", "2026-07-03", 0, 0),
	)...)
	tests := map[string]struct{ verdict, numerator, denominator, value, reason string }{
		"mysql":  {"met", "47760", "48000", "0.995", "47760 of 48000 events were good."},
		"oncall": {"missed", "2160", "2400", "0.9", "2160 of 2400 events were good."},
		// (47760 + 2160) / (48000 + 2400) = 0.990476…, where the mean of the ratios is 0.9475.
		"org": {"met", "49920", "50400", "0.9904761904761905", "49920 of 50400 events were good."},
	}
	for subject, want := range tests {
		r := w.row(t, subject)
		got := struct{ verdict, numerator, denominator, value, reason string }{
			string(r.Verdict), shown(r.Numerator), shown(r.Denominator), shown(r.Value), r.Reason,
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", subject, got, want)
		}
		if r.Interval != nil || r.Confidence != nil || r.Coverage == nil || *r.Coverage != 1 || len(r.Caveats) != 0 {
			t.Errorf("%s: interval %v, confidence %v, coverage %v, caveats %q, want none but full coverage", subject, r.Interval, r.Confidence, r.Coverage, r.Caveats)
		}
	}
	// (1 - 0.99) · 48000 may be bad, and 240 are.
	if b := w.row(t, "mysql").Budget; b == nil || b.Unit != "events" || shown(b.Allowed) != "480" || shown(b.Used) != "240" || shown(b.Remaining) != "240" || b.ExhaustsAt != nil {
		t.Errorf("budget %+v, want 480 events, 240 used, 240 left, no end", b)
	}
}

// 0.1 + 0.2 of 0.3 + 0.000001 …: what floats would round, decimals do not.
func TestEventsAreAddedUpExactly(t *testing.T) {
	t.Parallel()
	w := twoDays(
		t, counted(t, "mysql", "2026-07-01 00", 0.1, 0.1), counted(t, "mysql", "2026-07-01 01", 0.2, 0.2), counted(t, "mysql", "2026-07-01 02", 98.7, 99.7),
	)
	// 0.1 + 0.2 + 98.7 = 99 of 0.1 + 0.2 + 99.7 = 100, which is the target, and meets it.
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Met || shown(r.Numerator) != "99" || shown(r.Denominator) != "100" || shown(r.Budget.Remaining) != "0" {
		t.Errorf("%s, %s / %s, budget %+v, want met by 99 / 100 and no budget left", r.Verdict, shown(r.Numerator), shown(r.Denominator), r.Budget)
	}
	w.hours[2].Good = 98.6999999999
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Missed || r.Reason != "98.99 of 100 events were good." {
		t.Errorf("%s: %s, want missed, and nothing rounded up", r.Verdict, r.Reason)
	}
}

func TestHoursCountInThePeriodInWhichTheyBegin(t *testing.T) {
	t.Parallel()
	hours := func(t *testing.T) []facts.EventHour {
		t.Helper()
		return []facts.EventHour{
			counted(t, "mysql", "2026-06-30 23", 1, 1000), counted(t, "mysql", "2026-07-01 00", 1, 1), counted(t, "mysql", "2026-07-02 22", 1, 1),
			counted(t, "mysql", "2026-07-02 23", 0, 1), counted(t, "mysql", "2026-07-03 00", 0, 1),
		}
	}
	kolkata := time.FixedZone("Asia/Kolkata", 19800) // Half an hour off: July begins there at 18:30, and its first hour at 19:00.
	tests := map[string]struct {
		change func(*eventWorld)
		value  string // Numerator / denominator.
		total  int    // Hours.
	}{
		"up to the horizon":                             {func(*eventWorld) {}, "2 / 3", 48},
		"an hour that is not over is not one":           {func(w *eventWorld) { *w = w.horizonAt(w.asOf.Add(-time.Second)) }, "2 / 2", 47},
		"the month before has what began in it":         {func(w *eventWorld) { w.period = "2026-06" }, "1 / 1000", 720},
		"a rolling day begins with its first full hour": {func(w *eventWorld) { *w, w.period = w.horizonAt(w.asOf.Add(30*time.Minute)), "1d" }, "1 / 2", 23},
		"a zone with half hours":                        {func(w *eventWorld) { w.policy.Calendar.Location = kolkata }, "3 / 1003", 53},
		"the year as far as the card reaches":           {func(w *eventWorld) { w.policy.Rubric.Objectives[0].Window = scorecard.WindowYear }, "3 / 1003", 181*24 + 48},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := twoDays(t, hours(t)...)
			tt.change(&w)
			r := w.row(t, "mysql")
			if got := shown(r.Numerator) + " / " + shown(r.Denominator); got != tt.value || r.Population.Total != tt.total {
				t.Errorf("%s in %d hours, want %s in %d", got, r.Population.Total, tt.value, tt.total)
			}
		})
	}
}

func TestMissingAndClampedHoursLowerTheCoverage(t *testing.T) {
	t.Parallel()
	hours := steady(t, "mysql", "2026-07-01", "2026-07-03", 10, 10)
	hours[3].Clamped = true
	w := twoDays(t, slices.Concat(hours[:12], hours[24:])...) // Without the first afternoon.
	r := w.row(t, "mysql")
	population := scorecard.Population{
		Total: 48, Used: 36, Classes: map[string]int{"counted": 35, "clamped": 1}, Excluded: map[string]int{"missing": 12},
	}
	if diff := cmp.Diff(population, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
	caveats := []string{
		"Hours of which nothing is known: 12 of 48. What happened in them is not counted.",
		"Hours in which more events were counted as good than there were: 1. All of theirs count as good.",
	}
	if diff := cmp.Diff(caveats, r.Caveats); diff != "" {
		t.Errorf("caveats (-want +got):\n%s", diff)
	}
	if r.Coverage == nil || *r.Coverage != 35.0/48 || r.Verdict != scorecard.Met || shown(r.Denominator) != "360" {
		t.Errorf("%s of %s with coverage %v, want met of 360 with 35/48", r.Verdict, shown(r.Denominator), r.Coverage)
	}
	// The organisation lacks the 48 hours of the other team as well.
	org := w.row(t, scorecard.OrgID)
	caveats[0] = "Hours of which nothing is known: 60 of 96. What happened in them is not counted."
	caveats = slices.Insert(caveats, 1, "No hour of On-Call Team is known, so the value does not see it.")
	if diff := cmp.Diff(caveats, org.Caveats); diff != "" || org.Coverage == nil || *org.Coverage != 35.0/96 {
		t.Errorf("coverage %v, caveats (-want +got):\n%s", org.Coverage, diff)
	}
}

// Prometheus is read from the second day on: the first is missing, and told of once.
func TestHoursFromBeforeTheSourceIsReadAreMissing(t *testing.T) {
	t.Parallel()
	w := twoDays(t, steady(t, "mysql", "2026-07-02", "2026-07-03", 10, 10)...)
	w.sources[0].DataSince = utc(t, "2026-07-02")
	r := w.row(t, "mysql")
	want := []string{
		"Hours of which nothing is known: 24 of 48. What happened in them is not counted.",
		"The period began before 2026-07-02, from when on facts are kept; what happened earlier is not counted.",
	}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || r.Coverage == nil || *r.Coverage != 0.5 {
		t.Errorf("coverage %v, want 0.5; caveats (-want +got):\n%s", r.Coverage, diff)
	}
}

func TestVerdictsOfEvents(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change  func(*eventWorld)
		verdict scorecard.Verdict
		reason  string
	}{
		"no event in any known hour": {
			func(w *eventWorld) { w.hours = steady(t, "mysql", "2026-07-01", "2026-07-03", 0, 0)[:40] },
			scorecard.Empty, "No event was counted in the hours that are known, which are 40.",
		},
		"no hour is known": {
			func(w *eventWorld) { w.hours = steady(t, "oncall", "2026-07-01", "2026-07-03", 1, 1) },
			scorecard.NoData, "No event of MySQL Team is on record in any hour of the period.",
		},
		"other expressions count something else": {
			func(w *eventWorld) { w.policy.Rubric.Objectives[0].Total += " or vector(0)" },
			scorecard.NoData, "No event of MySQL Team is on record in any hour of the period.",
		},
		"no hour is over": {
			func(w *eventWorld) { *w = w.horizonAt(utc(t, "2026-07-01 00:59:59")) },
			scorecard.Pending, "Nothing in the period can be judged yet.",
		},
		"no expression": {
			func(w *eventWorld) { w.policy.Rubric.Objectives[0].Good = "" },
			scorecard.NoData, "The objective query_performance has no expressions good and total.",
		},
		"prometheus is not configured": {
			func(w *eventWorld) { w.policy.Sources = nil }, scorecard.NoData, "The source prometheus is not configured.",
		},
		"the period was over before prometheus is read": {
			func(w *eventWorld) { w.period, w.sources[0].DataSince = "2026-06", utc(t, "2026-07-01") },
			scorecard.NoData, "The source prometheus is read from 2026-07-01 on; of what was earlier, nothing is known.",
		},
		"fewer events than the objective asks for": {
			func(w *eventWorld) { w.policy.Rubric.Objectives[0].MinN = 481 },
			scorecard.InsufficientData, "Fewer than 481 items: too few to judge.",
		},
		"as many events as it asks for": {
			func(w *eventWorld) { w.policy.Rubric.Objectives[0].MinN = 480 }, scorecard.Met, "480 of 480 events were good.",
		},
		"less than one event": {
			func(w *eventWorld) { w.hours = []facts.EventHour{counted(t, "mysql", "2026-07-01 04", 0.25, 0.5)} },
			scorecard.Missed, "0.25 of 0.5 events were good.",
		},
		"more events than anybody counts": {
			func(w *eventWorld) { w.hours = []facts.EventHour{counted(t, "mysql", "2026-07-01 04", 1e300, 1e300)} },
			scorecard.Met, "",
		},
		"no target": {
			func(w *eventWorld) { w.policy.Rubric.Objectives[0].Target = nil }, scorecard.Tracked, "480 of 480 events were good.",
		},
		"exempt": {
			func(w *eventWorld) {
				x := exception("ex1", "mysql", 12, 31)
				x.Objective = "query_performance"
				w.policy.Exceptions = []scorecard.Exception{x}
			}, scorecard.Exempt, "An exception takes this objective out of the count for MySQL Team.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := twoDays(t, steady(t, "mysql", "2026-07-01", "2026-07-03", 10, 10)...)
			tt.change(&w)
			r := w.row(t, "mysql")
			if r.Verdict != tt.verdict || tt.reason != "" && r.Reason != tt.reason {
				t.Errorf("%s because %q, want %s because %q", r.Verdict, r.Reason, tt.verdict, tt.reason)
			}
			if valued := r.Verdict == scorecard.Met || r.Verdict == scorecard.Missed || r.Verdict == scorecard.Tracked; valued != (r.Value != nil) {
				t.Errorf("%s with the value %s", r.Verdict, shown(r.Value))
			}
		})
	}
}

func TestExemptTeamsEventsAreLeftOutOfTheOrganisation(t *testing.T) {
	t.Parallel()
	w := twoDays(t, counted(t, "mysql", "2026-07-01 00", 1, 2), counted(t, "oncall", "2026-07-01 00", 8, 8))
	x := exception("ex1", "mysql", 12, 31)
	x.Objective = "query_performance"
	w.policy.Exceptions = []scorecard.Exception{x}
	r := w.row(t, scorecard.OrgID)
	if shown(r.Value) != "1" || shown(r.ValueWithoutExceptions) != "0.9" || len(r.Exceptions) != 1 || r.Population.Total != 48 {
		t.Errorf("%s, %s without exceptions %+v, %d hours; want 1, 0.9 and 48", shown(r.Value), shown(r.ValueWithoutExceptions), r.Exceptions, r.Population.Total)
	}
}

// Incidents tell of downtime, and events of failed requests: two ways to see one line of the document.
func TestUptimeByIncidentsAndByEventsStandSideBySide(t *testing.T) {
	t.Parallel()
	w := twoDays(t, steady(t, "mysql", "2026-07-01", "2026-07-03", 999, 1000)...)
	down := newDownWorld(t, outage("Q1", utc(t, "2026-07-01 10:00:00"), 80*time.Second))
	byIncidents, byEvents := down.policy.Rubric.Objectives[0], queryPerformance()
	byEvents.ID, byEvents.Measure, byEvents.Method = "database_uptime_by_requests", scorecard.MeasureAvailability, "events"
	byEvents.Target, byEvents.Aggregate = decimal("0.99999"), "worst"
	w.policy.Incidents = down.policy.Incidents
	w.policy.Rubric.Objectives = []scorecard.Objective{byIncidents, byEvents}
	w.policy.Sources = append(w.policy.Sources, scorecard.SourceRules{Source: facts.PagerDuty, Built: true, Interval: 5 * time.Minute})
	w.sources = append(w.sources, readUntil(w.asOf))
	w.incidents = down.incidents
	var rows []scorecard.Row
	for _, c := range scorecard.Compute(w.input(t)) {
		if c.Subject.ID == "mysql" {
			rows = c.Rows
		}
	}
	// 2 · 86,400 - 80 s of 172,800 s, and 48 · 999 of 48 · 1000 events.
	if r := rows[0]; shown(r.Numerator) != "172720" || r.Budget.Unit != "seconds" || r.Sources[0].Name != facts.PagerDuty {
		t.Errorf("by incidents %s, budget %+v, source %s", shown(r.Numerator), r.Budget, r.Sources[0].Name)
	}
	if r := rows[1]; shown(r.Value) != "0.999" || r.Budget.Unit != "events" || r.Sources[0].Name != facts.Prometheus || r.Details != nil || r.Measure != "availability" {
		t.Errorf("by events %s, budget %+v, source %s, details %v", shown(r.Value), r.Budget, r.Sources[0].Name, r.Details)
	}
}

func TestTrendOfEventsIsNeverSaidToBeChance(t *testing.T) {
	t.Parallel()
	w := newEventWorld(t, slices.Concat(
		steady(t, "mysql", "2026-04-01", "2026-07-01", 90, 100), steady(t, "mysql", "2026-07-01", "2026-10-01", 99, 100),
	)...)
	trend := w.row(t, "mysql").Trend
	if trend == nil || shown(trend.Previous) != "0.9" || shown(trend.Delta) != "0.09" || trend.Detectable != nil {
		t.Errorf("trend %+v, want 0.9, 0.09 and null", trend)
	}
}

func TestEvidenceOfEventsIsByDayAndAddsUp(t *testing.T) {
	t.Parallel()
	hours := steady(t, "mysql", "2026-07-01", "2026-07-02", 9, 10)
	hours[20].Clamped, hours[21].Clamped = true, true
	w := twoDays(t, slices.Concat(hours[:3], hours[5:9], hours[10:], []facts.EventHour{counted(t, "oncall", "2026-07-02 05", 1.5, 2)})...)
	item := func(team, day, class string, counted scorecard.Counted, value, reason string) scorecard.Evidence {
		return scorecard.Evidence{Kind: "record", ID: team + " " + day, At: utc(t, day), Class: class, Counted: counted, Value: decimal(value), Reason: reason}
	}
	want := []scorecard.Evidence{
		item("mysql", "2026-07-01", "clamped", scorecard.InNumerator, "189", "On 2026-07-01, 189 of 210 events were good. "+
			"Hours in which more were counted as good than there were: 20:00 to 22:00. Nothing is known of 03:00 to 05:00, 09:00 to 10:00."),
		item("oncall", "2026-07-01", "missing", scorecard.NotCounted, "", "Nothing is known of 2026-07-01."),
		item("mysql", "2026-07-02", "missing", scorecard.NotCounted, "", "Nothing is known of 2026-07-02."),
		item("oncall", "2026-07-02", "counted", scorecard.InNumerator, "1.5", "On 2026-07-02, 1.5 of 2 events were good. "+
			"Nothing is known of 00:00 to 05:00, 06:00 to 00:00."),
	}
	sameNumber := cmp.Comparer(func(a, b scorecard.Number) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(want, w.evidence(t, scorecard.OrgID), sameNumber); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "190.5" { // 189 + 1.5.
		t.Errorf("numerator %s, want what the evidence adds up to", shown(r.Numerator))
	}
}

// Clocks in Berlin go forward on March 29, so that day has 23 hours.
func TestEvidenceOfEventsGoesByLocalDays(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := newEventWorld(t, steady(t, "mysql", "2026-03-28", "2026-03-31", 1, 1)...).horizonAt(utc(t, "2026-03-31"))
	w.policy.Calendar.Location, w.period = berlin, "2026-03"
	got := map[string]string{}
	for _, e := range w.evidence(t, "mysql") {
		if e.Value != nil {
			got[e.ID] = e.At.Format(time.RFC3339) + " " + e.Value.String()
		}
	}
	want := map[string]string{
		"mysql 2026-03-28": "2026-03-27T23:00:00Z 23", // Its first hour is not known.
		"mysql 2026-03-29": "2026-03-28T23:00:00Z 23",
		"mysql 2026-03-30": "2026-03-29T22:00:00Z 24",
		"mysql 2026-03-31": "2026-03-30T22:00:00Z 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}

// The order in which a store tells hours does not matter.
func TestEventHoursMayComeInAnyOrder(t *testing.T) {
	t.Parallel()
	hours := slices.Concat(steady(t, "mysql", "2026-07-01", "2026-07-03", 3, 4), steady(t, "oncall", "2026-07-01", "2026-07-02", 1, 2))
	w := twoDays(t, hours...)
	before := w.row(t, scorecard.OrgID)
	w.hours = slices.Clone(hours)
	for i := range w.hours { // Every other one from the end.
		if j := len(hours) - 1 - i; i%2 == 0 {
			w.hours[i] = hours[j]
		}
	}
	if after := w.row(t, scorecard.OrgID); shown(before.Numerator) != shown(after.Numerator) || before.Reason != after.Reason {
		t.Errorf("%s in another order, %s before", after.Reason, before.Reason)
	}
}

// Prometheus is asked every 15 minutes, and the last hour that it told of ended an
// hour and ten minutes ago, as it always may have.
func TestEventsAreStaleByWhenPrometheusWasLastAsked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asked  time.Duration // Before the instant.
		period string
		stale  bool
	}{
		"asked just now":                       {0, "2026-Q3", false},
		"asked an hour ago":                    {time.Hour, "2026-Q3", false},
		"asked more than an hour ago":          {time.Hour + time.Second, "2026-Q3", true},
		"a period that was over is not stale":  {9 * time.Hour, "2026-06", false},
		"asked after the instant asked about":  {-time.Hour, "2026-Q3", false},
		"nothing is known of when it was read": {1e6 * time.Hour, "2026-Q3", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asOf := utc(t, "2026-07-03 00:10:00")
			w := twoDays(t, steady(t, "mysql", "2026-06-30", "2026-07-03", 10, 10)...).horizonAt(asOf)
			w.sources[0].DataAsOf, w.sources[0].LastSuccess = asOf.Add(-70*time.Minute), asOf.Add(-tt.asked)
			w.period = tt.period
			r := w.row(t, "mysql")
			if got := r.Verdict == scorecard.Stale; got != tt.stale {
				t.Errorf("%s: %s, want stale: %t", r.Verdict, r.Reason, tt.stale)
			}
			if tt.period == "2026-Q3" && r.Population.Total != 47 {
				t.Errorf("%d hours, want the 47 up to the end of the last one told of", r.Population.Total)
			}
		})
	}
}

// A cycle just before the end of the last hour leaves that hour out: the period is not settled.
func TestEventsOfAPeriodWhoseLastHourWasNeverAskedForTurnStale(t *testing.T) {
	t.Parallel()
	w := newEventWorld(t, steady(t, "mysql", "2026-07-01", "2026-09-30", 10, 10)...)
	w.sources[0].DataAsOf, w.sources[0].LastSuccess = utc(t, "2026-09-30 23:00:00"), utc(t, "2026-10-01 00:02:00")
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Stale {
		t.Errorf("%s: %s, want stale", r.Verdict, r.Reason)
	}
}

func TestNextChangeWaitsForPrometheusSinceItWasLastAsked(t *testing.T) {
	t.Parallel()
	w := twoDays(t)
	w.sources[0].DataAsOf, w.sources[0].LastSuccess = w.asOf.Add(-65*time.Minute), w.asOf.Add(-5*time.Minute)
	if got, want := w.policy.NextChange(w.sources, w.asOf), w.asOf.Add(55*time.Minute+time.Nanosecond); !got.Equal(want) {
		t.Errorf("the next change is at %s, want %s, an hour after the last cycle", got, want)
	}
}
