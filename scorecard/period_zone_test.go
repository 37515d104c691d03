package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/scorecard"
)

// In some zones the clocks change at midnight: forwards, so that the day
// begins at 01:00, or backwards, so that 23:00 to 24:00 comes twice.
func TestDayBeginsAtItsFirstInstant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		zone  string
		date  scorecard.Date
		start string // In UTC.
	}{
		"Santiago skips midnight in September":        {"America/Santiago", scorecard.Date{Year: 2026, Month: time.September, Day: 6}, "2026-09-06 04:00:00"},
		"Santiago repeats an hour before midnight":    {"America/Santiago", scorecard.Date{Year: 2026, Month: time.April, Day: 5}, "2026-04-05 04:00:00"},
		"Santiago on a plain day of winter":           {"America/Santiago", scorecard.Date{Year: 2026, Month: time.July, Day: 1}, "2026-07-01 04:00:00"},
		"Cairo skips midnight in April":               {"Africa/Cairo", scorecard.Date{Year: 2026, Month: time.April, Day: 24}, "2026-04-23 22:00:00"},
		"Cairo repeats an hour before midnight":       {"Africa/Cairo", scorecard.Date{Year: 2026, Month: time.October, Day: 30}, "2026-10-29 22:00:00"},
		"Beirut skips midnight in March":              {"Asia/Beirut", scorecard.Date{Year: 2026, Month: time.March, Day: 29}, "2026-03-28 22:00:00"},
		"Beirut repeats an hour before midnight":      {"Asia/Beirut", scorecard.Date{Year: 2026, Month: time.October, Day: 25}, "2026-10-24 22:00:00"},
		"Havana has midnight twice, the first counts": {"America/Havana", scorecard.Date{Year: 2026, Month: time.November, Day: 1}, "2026-11-01 04:00:00"},
		"Berlin changes after midnight":               {"Europe/Berlin", scorecard.Date{Year: 2026, Month: time.March, Day: 29}, "2026-03-28 23:00:00"},
		"the leap day":                                {"UTC", scorecard.Date{Year: 2024, Month: time.February, Day: 29}, "2024-02-29 00:00:00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc := calendarOf(t, tt.zone, time.January).Location
			got := tt.date.In(loc)
			if !got.Equal(utc(t, tt.start)) {
				t.Errorf("%+v begins at %v, want %s UTC", tt.date, got.UTC(), tt.start)
			}
			y, m, d := got.Add(-time.Nanosecond).In(loc).Date()
			if (scorecard.Date{Year: y, Month: m, Day: d}) == tt.date {
				t.Errorf("a nanosecond earlier it is %v already", tt.date)
			}
		})
	}
}

// Havana's November begins while the clocks still show summer time, an hour
// before they come to midnight for the second time.
func TestMonthBeginsAtTheFirstOfTwoMidnights(t *testing.T) {
	t.Parallel()
	p, err := calendarOf(t, "America/Havana", time.January).ParsePeriod("2026-11", utc(t, "2026-12-24"))
	if err != nil {
		t.Fatal(err)
	}
	// 30 days and the repeated hour: to December 1, 05:00 UTC.
	if !p.Start.Equal(utc(t, "2026-11-01 04:00:00")) || p.End.Sub(p.Start) != 721*time.Hour {
		t.Errorf("November runs from %v for %v, want from 04:00 UTC for 721 h", p.Start, p.End.Sub(p.Start))
	}
}

func TestQuarterWithADaylightSavingChangeOwnsItsEdges(t *testing.T) {
	t.Parallel()
	// Berlin's Q1 ends at 22:00 UTC, in summer time; it began at 23:00 UTC, in winter time.
	w := newWorld(
		t,
		incident("QBEFORE", utc(t, "2025-12-31 22:59:59"), answeredAt(1)...),
		incident("QFIRST", utc(t, "2025-12-31 23:00:00"), answeredAt(1)...),
		incident("QLAST", utc(t, "2026-03-31 21:59:59"), answeredAt(1)...),
		incident("QAFTER", utc(t, "2026-03-31 22:00:00"), answeredAt(1)...),
	)
	w.policy.Calendar = calendarOf(t, "Europe/Berlin", time.January)
	for period, want := range map[string][2]string{"2026-Q1": {"QFIRST", "QLAST"}, "2025-Q4": {"QBEFORE"}, "2026-Q2": {"QAFTER"}} {
		w.period = period
		var got [2]string
		for i, item := range w.evidence(t, "mysql") {
			got[i] = item.ID
		}
		if got != want {
			t.Errorf("%s owns %q, want %q", period, got, want)
		}
	}
}
