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

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func TestPagesAreToldApartByThePersonsOwnClock(t *testing.T) {
	t.Parallel()
	// 2026-08-03 is a Monday, and 2026-08-08 a Saturday. Berlin is two hours ahead of UTC, New York four behind.
	inBerlin := func(l *labor) { l.person(ada).TimeZone = zone(t, "Europe/Berlin") }
	account := func(name string) func(*labor) {
		return func(l *labor) {
			l.policy.Calendar.Location = zone(t, "America/New_York")
			l.users = []facts.User{{ID: bo, TimeZone: "Asia/Tokyo"}, {ID: ada, TimeZone: name}}
		}
	}
	business, off, sleep := scorecard.PageHours{Business: 1}, scorecard.PageHours{Off: 1}, scorecard.PageHours{Sleep: 1}
	tests := map[string]struct {
		at     string
		change func(*labor)
		want   scorecard.PageHours
	}{
		"a second before 8":                     {"2026-08-03 07:59:59", nil, sleep},
		"8 o'clock":                             {"2026-08-03 08:00:00", nil, business},
		"a second before 18":                    {"2026-08-03 17:59:59", nil, business},
		"18 o'clock":                            {"2026-08-03 18:00:00", nil, off},
		"a second before 22":                    {"2026-08-03 21:59:59", nil, off},
		"22 o'clock":                            {"2026-08-03 22:00:00", nil, sleep},
		"Friday at noon":                        {"2026-08-07 12:00:00", nil, business},
		"Saturday at noon":                      {"2026-08-08 12:00:00", nil, off},
		"Sunday at 7":                           {"2026-08-09 07:00:00", nil, sleep},
		"23:30 in Berlin":                       {"2026-08-03 21:30:00", inBerlin, sleep},
		"Saturday in Berlin, Friday in UTC":     {"2026-08-07 22:30:00", inBerlin, sleep},
		"the account's zone, 7:00 in Berlin":    {"2026-08-03 05:00:00", account("Europe/Berlin"), sleep},
		"the account's zone, 17:00 in Berlin":   {"2026-08-03 15:00:00", account("Europe/Berlin"), business},
		"the organisation's, 19:00 in New York": {"2026-08-03 23:00:00", account(""), off},
		"an unknown zone is the organisation's": {"2026-08-03 23:00:00", account("Nowhere/At_All"), off},
		"no machine's zone is anybody's":        {"2026-08-03 23:00:00", account("Local"), off},
		"the roster goes before the account": {"2026-08-03 05:00:00", func(l *labor) {
			account("Europe/Berlin")(l)
			l.person(ada).TimeZone = time.UTC
			l.policy.Calendar.Location = time.UTC
		}, sleep},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLabor(t, incident("Q1", utc(t, tt.at), paged(0, ada)))
			if tt.change != nil {
				tt.change(&l)
			}
			if diff := cmp.Diff(tt.want, l.details(t, "mysql").Pages); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyPagesOfTheirTimeInTheTeamAreCounted(t *testing.T) {
	t.Parallel()
	l := newLabor(
		t,
		incident("Q1", utc(t, "2026-06-30 23:59:59"), paged(0, cy)),
		incident("Q2", utc(t, "2026-08-14 12:00:00"), paged(0, cy), paged(30*time.Second, cy), paged(0, ada)),
		incident("Q3", utc(t, "2026-08-17 12:00:00"), paged(0, cy), paged(0, dee)),
		incident("Q4", utc(t, "2026-10-01"), paged(0, ada)),
	)
	l.person(cy).Moves = []scorecard.Move{{On: day(8, 15), Team: "oncall"}}
	for subject, want := range map[string]int{"mysql": 2, "oncall": 2, scorecard.OrgID: 4} {
		if got := l.details(t, subject).Pages; got.Business != want || got.Off+got.Sleep != 0 {
			t.Errorf("%s: pages %+v, want %d in business hours", subject, got, want)
		}
	}
}

func TestPagesPerShiftAreThoseOfTheWorstTwelveHours(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	l := newLabor(
		t,
		// Three in [0, 12 h) and three in [6 h, 18 h); the one at 12 h is not in the first.
		incident("Q1", at, paged(0, ada), paged(6*time.Hour, ada), paged(12*time.Hour-time.Minute, ada)),
		incident("Q2", at.Add(12*time.Hour), paged(0, ada), paged(59*time.Second, ada)),
		incident("Q3", at, paged(time.Hour, bo), paged(2*time.Hour, bo)),
	)
	if got := l.details(t, "mysql").PagesPerShiftMax; got != 3 {
		t.Errorf("%d pages, want 3", got)
	}
	if got := newLabor(t).onCall(t, 1, ada).details(t, "mysql").PagesPerShiftMax; got != 0 {
		t.Errorf("%d pages, want none", got)
	}
}

func TestOncallShareIsTheMeanOfThoseAtTheFirstLevel(t *testing.T) {
	t.Parallel()
	l := newLabor(t).onCall(t, 2, cy)
	shift := func(level int, who, policy, start, end string) facts.Shift {
		return facts.Shift{Policy: policy, Level: level, User: who, Start: utc(t, start), End: utc(t, end)}
	}
	l.shifts = append(
		l.shifts,
		// Ada: 46 of 92 days, on call for two policies at once. Bo: 23 of 92 days. (1/2 + 1/4) / 2.
		shift(1, ada, "E1", "2026-07-01", "2026-08-11"), shift(1, ada, "E2", "2026-08-01", "2026-08-16"),
		shift(1, bo, "E1", "2026-06-01", "2026-07-24"), shift(2, bo, "E1", "2026-08-01", "2026-09-01"),
		shift(1, dee, "E1", "2026-07-01", "2026-10-01"),
	)
	for subject, want := range map[string]string{"mysql": "0.375", "oncall": "1", scorecard.OrgID: "0.5833333333333334"} {
		if got := shown(l.details(t, subject).OncallShare); got != want {
			t.Errorf("%s: share %s, want %s", subject, got, want)
		}
	}
	if got := newLabor(t).onCall(t, 2, ada).details(t, "mysql").OncallShare; got != nil {
		t.Errorf("share %s, and nobody was on call at the first level", shown(got))
	}
}

func TestWorstRatiosAreThoseOfOnePersonAmongThree(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00") // A Monday.
	l := newLabor(
		t,
		incident("Q1", at, acknowledged(0, ada), resolved(2*time.Hour, alarm)),
		incident("Q2", at.AddDate(0, 0, 14), acknowledged(0, ada), resolved(time.Hour, alarm)),
		incident("Q3", at, acknowledged(0, bo), resolved(150*time.Minute, alarm)),
	)
	if d := l.details(t, "mysql"); d.WorstPerson != nil || d.WorstWeek != nil {
		t.Errorf("worst %s and %s: of two people everybody knows whose that is", shown(d.WorstPerson), shown(d.WorstWeek))
	}
	d := l.onCall(t, 1, cy).details(t, "mysql")
	// Ada has 3 hours of the quarter, Bo 2.5 hours of one week. A week of working time is 40 hours.
	if want := scorecard.Ratio(10800, 1892571); d.WorstPerson == nil || d.WorstPerson.Cmp(want) != 0 {
		t.Errorf("worst person %s, want %s", shown(d.WorstPerson), want)
	}
	if want := scorecard.Ratio(9000, 144000); d.WorstWeek == nil || d.WorstWeek.Cmp(want) != 0 {
		t.Errorf("worst week %s, want %s", shown(d.WorstWeek), want)
	}
}

func TestWorstWeek(t *testing.T) {
	t.Parallel()
	hour := func(at string) facts.Incident {
		return incident("Q1", utc(t, at), acknowledged(0, ada), resolved(time.Hour, alarm))
	}
	berlin := func(l *labor) { l.policy.Calendar.Location = zone(t, "Europe/Berlin") }
	tests := map[string]struct {
		incident facts.Incident
		change   func(*labor)
		want     scorecard.Number
	}{
		// The quarter begins on a Wednesday: five days of its first week are in it, 120 × 40/168 h of work, or 102,857.14 s.
		"of the first week only what is in the period": {hour("2026-07-03 10:00:00"), nil, scorecard.Ratio(3600, 102857)},
		// The week from Oct 19 has an hour more, 169 × 40/168 h, or 144,857.14 s.
		"a week in which the clocks go back": {hour("2026-10-20 10:00:00"), func(l *labor) {
			berlin(l)
			l.period, l.asOf = "2026-Q4", utc(t, "2027-01-10")
			l.sources[0].DataAsOf = l.asOf
		}, scorecard.Ratio(3600, 144857)},
		// Sunday 22:00 in UTC is midnight in Berlin: half an hour is in each of two weeks.
		"weeks begin by the organisation's clock": {hour("2026-08-02 21:30:00"), berlin, scorecard.Ratio(1800, 144000)},
		// Monday 0:00 to 23:59:59 is too little of a week to compare.
		"less than 24 hours are no week": {hour("2026-08-03 10:00:00"), func(l *labor) { l.world = l.horizonAt(utc(t, "2026-08-03 23:59:59")) }, scorecard.Int(0)},
		// 86,400 s × 5/21 = 20,571.43 s.
		"24 hours are one": {hour("2026-08-03 10:00:00"), func(l *labor) { l.world = l.horizonAt(utc(t, "2026-08-04")) }, scorecard.Ratio(3600, 20571)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLabor(t, tt.incident).onCall(t, 1, ada, bo, cy)
			if tt.change != nil {
				tt.change(&l)
			}
			if got := l.details(t, "mysql").WorstWeek; got == nil || got.Cmp(tt.want) != 0 {
				t.Errorf("worst week %s, want %s", shown(got), tt.want)
			}
		})
	}
}

func TestBurdenSaysThatItIsALowerBound(t *testing.T) {
	t.Parallel()
	l := newLabor(t, incident("Q1", utc(t, "2026-08-03 10:00:00"), acknowledged(0, ada), resolved(time.Hour, ada))).onCall(t, 1, bo)
	r := l.row(t, "mysql")
	if len(r.Caveats) != 1 || !strings.Contains(r.Caveats[0], "lower bound") {
		t.Errorf("caveats %q, want that it is a lower bound", r.Caveats)
	}
	if *r.Coverage != 1 {
		t.Errorf("coverage %v, want 1: a lower bound is what the number means, not a doubt about it", *r.Coverage)
	}
	if want := "(people: 2)"; !strings.Contains(r.Reason, want) {
		t.Errorf("reason %q, want it to tell of %s", r.Reason, want)
	}
}

func TestDoubtsLowerTheCoverage(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	unknown := incident("Q1", at, acknowledged(0, ada), resolved(time.Hour, alarm))
	unknown.Urgency = ""
	bare := incident("Q2", at)
	bare.Timeline = nil
	harmless := incident("Q3", at.Add(3*time.Hour), noted(0, ada))
	harmless.Urgency = ""
	r := newLabor(t, unknown, bare, harmless).onCall(t, 1, ada).row(t, "mysql")
	// An unknown urgency is taken for high. That matters where somebody was engaged: in one of two used incidents.
	if shown(r.Numerator) != "4500" || *r.Coverage != 0.5 || len(r.Caveats) != 3 {
		t.Errorf("%s s, coverage %v, caveats %q: want 4500 s, 0.5, and caveats on urgency, log entries and the bound",
			shown(r.Numerator), *r.Coverage, r.Caveats)
	}
}

func TestBurdenDetailsHaveTheirNamesInJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(newLabor(t, incident("Q1", utc(t, "2026-08-03 10:00:00"), paged(0, ada))).row(t, "mysql").Details)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"worst_person":null,"worst_week":null,"pages":{"business":1,"off":0,"sleep":0},"oncall_share":null,"pages_per_shift_max":1}`
	if string(text) != want {
		t.Errorf("details %s, want %s", text, want)
	}
}
