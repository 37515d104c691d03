package scorecard_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"teamhealth/scorecard"
)

// calendarOf is the calendar of a zone and the first month of the fiscal year.
func calendarOf(tb testing.TB, zone string, fiscal time.Month) scorecard.Calendar {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatalf("zone %s: %v", zone, err)
	}
	return scorecard.Calendar{Location: loc, FiscalStart: fiscal}
}

func TestPeriodOfAnID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		zone       string
		fiscal     time.Month
		id         string
		wantID     string
		start, end string // In UTC.
		hours      float64
	}{
		"a calendar quarter":         {"UTC", time.January, "2026-Q3", "2026-Q3", "2026-07-01 00:00:00", "2026-10-01 00:00:00", 92 * 24},
		"the first quarter":          {"UTC", time.January, "2026-Q1", "2026-Q1", "2026-01-01 00:00:00", "2026-04-01 00:00:00", 90 * 24},
		"the last quarter":           {"UTC", time.January, "2025-Q4", "2025-Q4", "2025-10-01 00:00:00", "2026-01-01 00:00:00", 92 * 24},
		"a leap year":                {"UTC", time.January, "2024", "2024", "2024-01-01 00:00:00", "2025-01-01 00:00:00", 366 * 24},
		"a month":                    {"UTC", time.January, "2026-08", "2026-08", "2026-08-01 00:00:00", "2026-09-01 00:00:00", 31 * 24},
		"December":                   {"UTC", time.January, "2025-12", "2025-12", "2025-12-01 00:00:00", "2026-01-01 00:00:00", 31 * 24},
		"28 days":                    {"UTC", time.January, "28d", "28d", "2026-09-13 12:00:00", "2026-10-11 12:00:00", 28 * 24},
		"one day":                    {"UTC", time.January, "1d", "1d", "2026-10-10 12:00:00", "2026-10-11 12:00:00", 24},
		"the current quarter":        {"UTC", time.January, "current", "2026-Q4", "2026-10-01 00:00:00", "2027-01-01 00:00:00", 92 * 24},
		"the previous quarter":       {"UTC", time.January, "previous", "2026-Q3", "2026-07-01 00:00:00", "2026-10-01 00:00:00", 92 * 24},
		"a quarter of spring change": {"Europe/Berlin", time.January, "2026-Q1", "2026-Q1", "2025-12-31 23:00:00", "2026-03-31 22:00:00", 90*24 - 1},
		"a quarter of autumn change": {"Europe/Berlin", time.January, "2025-Q4", "2025-Q4", "2025-09-30 22:00:00", "2025-12-31 23:00:00", 92*24 + 1},
		"a quarter of no change":     {"Europe/Berlin", time.January, "2026-Q3", "2026-Q3", "2026-06-30 22:00:00", "2026-09-30 22:00:00", 92 * 24},
		"28 days over a change":      {"Europe/Berlin", time.January, "28d", "28d", "2026-09-13 12:00:00", "2026-10-11 12:00:00", 28 * 24},
		"a fiscal year from April":   {"UTC", time.April, "2025", "2025", "2025-04-01 00:00:00", "2026-04-01 00:00:00", 365 * 24},
		"its first quarter":          {"UTC", time.April, "2026-Q1", "2026-Q1", "2026-04-01 00:00:00", "2026-07-01 00:00:00", 91 * 24},
		"its last quarter":           {"UTC", time.April, "2025-Q4", "2025-Q4", "2026-01-01 00:00:00", "2026-04-01 00:00:00", 90 * 24},
		"its months are calendar's":  {"UTC", time.April, "2026-02", "2026-02", "2026-02-01 00:00:00", "2026-03-01 00:00:00", 28 * 24},
		"its current quarter":        {"UTC", time.April, "current", "2026-Q3", "2026-10-01 00:00:00", "2027-01-01 00:00:00", 92 * 24},
		"a fiscal year from December": {
			"UTC", time.December, "2025-Q1", "2025-Q1", "2025-12-01 00:00:00", "2026-03-01 00:00:00", 90 * 24,
		},
		"a fiscal year from November: October is of the year before": {
			"UTC", time.November, "current", "2025-Q4", "2026-08-01 00:00:00", "2026-11-01 00:00:00", 92 * 24,
		},
	}
	asOf := utc(t, "2026-10-11 12:00:00")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := calendarOf(t, tt.zone, tt.fiscal).ParsePeriod(tt.id, asOf)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Start.Equal(utc(t, tt.start)) || !p.End.Equal(utc(t, tt.end)) || p.ID != tt.wantID || p.TimeZone != tt.zone {
				t.Errorf("got %s in %s from %v to %v, want %s from %s to %s", p.ID, p.TimeZone, p.Start, p.End, tt.wantID, tt.start, tt.end)
			}
			if got := p.End.Sub(p.Start).Hours(); got != tt.hours {
				t.Errorf("it has %v hours, want %v", got, tt.hours)
			}
			if closed := !p.End.After(asOf) && p.Kind != scorecard.Rolling; p.Closed != closed {
				t.Errorf("closed is %t, want %t", p.Closed, closed)
			}
		})
	}
}

func TestLastFiscalQuarterLiesInTheNextCalendarYear(t *testing.T) {
	t.Parallel()
	cal, asOf := calendarOf(t, "UTC", time.April), utc(t, "2027-02-15")
	for _, id := range []string{"2026-Q4", "current"} {
		p, err := cal.ParsePeriod(id, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if p.ID != "2026-Q4" || !p.Start.Equal(utc(t, "2027-01-01")) || !p.End.Equal(utc(t, "2027-04-01")) {
			t.Errorf("%s is %s from %v to %v, want 2026-Q4, January to March 2027", id, p.ID, p.Start, p.End)
		}
	}
	if y := cal.YearOf(asOf); y.ID != "2026" || !y.Start.Equal(utc(t, "2026-04-01")) {
		t.Errorf("February 2027 is in %s from %v, want 2026 from April 2026", y.ID, y.Start)
	}
}

func TestEveryMonthHasItsFiscalQuarter(t *testing.T) {
	t.Parallel()
	cal := calendarOf(t, "UTC", time.April)
	for n, want := range []string{
		"2025-Q4", "2025-Q4", "2025-Q4", "2026-Q1", "2026-Q1", "2026-Q1", "2026-Q2", "2026-Q2", "2026-Q2", "2026-Q3", "2026-Q3", "2026-Q3",
	} {
		month := time.Date(2026, time.January+time.Month(n), 15, 0, 0, 0, 0, time.UTC)
		q := cal.QuarterOf(month)
		if q.ID != want || q.Start.After(month) || !q.End.After(month) || q.Closed {
			t.Errorf("%s 2026 is in %+v, want %s", month.Month(), q, want)
		}
		if y := cal.YearOf(month); y.ID != want[:4] || y.Start.After(month) || !y.End.After(month) {
			t.Errorf("%s 2026 is in the year %+v, want %s", month.Month(), y, want[:4])
		}
	}
}

func TestWordsTurnAtTheQuartersBoundary(t *testing.T) {
	t.Parallel()
	cal, boundary := calendarOf(t, "Europe/Berlin", time.January), utc(t, "2026-09-30 22:00:00")
	tests := map[string]struct {
		asOf              time.Time
		current, previous string
		closed            bool // Whether Q3 is.
	}{
		"a nanosecond before midnight": {boundary.Add(-1), "2026-Q3", "2026-Q2", false},
		"at midnight":                  {boundary, "2026-Q4", "2026-Q3", true},
		"a nanosecond after midnight":  {boundary.Add(1), "2026-Q4", "2026-Q3", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for word, want := range map[string]string{"current": tt.current, "previous": tt.previous} {
				p, err := cal.ParsePeriod(word, tt.asOf)
				if err != nil || p.ID != want {
					t.Errorf("%s is %s (%v), want %s", word, p.ID, err, want)
				}
			}
			if p, err := cal.ParsePeriod("2026-Q3", tt.asOf); err != nil || p.Closed != tt.closed {
				t.Errorf("closed is %t (%v), want %t", p.Closed, err, tt.closed)
			}
		})
	}
}

func TestPeriodThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	cal, asOf := calendarOf(t, "Europe/Berlin", time.January), utc(t, "2026-10-11 12:00:00")
	for _, id := range []string{
		"", " current", "current ", "Current", "next", "2026-Q5", "2026-Q0", "2026-q3", "2026Q3", "26-Q3", "2026-Q33", "2026-13", "2026-00", "2026-8",
		"2026-08-01", "0d", "00d", "07d", "3661d", "4000d", "99999d", "-1d", "+1d", "1.5d", "d", "28", "28D", "28d\n", "2026-Q3\n", "٢٠٢٦",
		"2027", "2027-Q1", "2026-11", // They have not begun.
		"0000", "0000-Q1", "0001-01", "1969", // Nothing was watched then, and a year before 0 has no JSON form.
	} {
		p, err := cal.ParsePeriod(id, asOf)
		var refused *scorecard.ParameterError
		if !errors.As(err, &refused) {
			t.Errorf("%q gave %+v and %v, want a ParameterError", id, p, err)
			continue
		}
		if refused.Parameter != "period" || refused.Value != id || refused.Allowed == "" {
			t.Errorf("%q: the error is %+v, want one that names the period and what is allowed", id, refused)
		}
	}
}

func TestPeriodMayBeginAtTheVeryInstant(t *testing.T) {
	t.Parallel()
	cal := calendarOf(t, "UTC", time.January)
	if _, err := cal.ParsePeriod("2026-Q4", utc(t, "2026-10-01")); err != nil {
		t.Errorf("at its start: %v", err)
	}
	if _, err := cal.ParsePeriod("2026-Q4", utc(t, "2026-10-01").Add(-1)); err == nil {
		t.Error("a nanosecond before its start it was not refused")
	}
}

func TestPeriodBeforeEndsWhereThePeriodStarts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		zone       string
		fiscal     time.Month
		id, before string
	}{
		"a quarter":                          {"UTC", time.January, "2026-Q3", "2026-Q2"},
		"a first quarter":                    {"Europe/Berlin", time.January, "2026-Q1", "2025-Q4"},
		"a first fiscal quarter":             {"UTC", time.April, "2026-Q1", "2025-Q4"},
		"a last fiscal quarter":              {"UTC", time.April, "2025-Q4", "2025-Q3"},
		"a year":                             {"Europe/Berlin", time.January, "2026", "2025"},
		"a fiscal year":                      {"UTC", time.October, "2025", "2024"},
		"a month":                            {"Europe/Berlin", time.January, "2026-03", "2026-02"},
		"January":                            {"UTC", time.January, "2026-01", "2025-12"},
		"rolling":                            {"Europe/Berlin", time.January, "28d", "28d"},
		"a quarter after a day of no zero h": {"America/Santiago", time.September, "2025-Q1", "2024-Q4"},
	}
	asOf := utc(t, "2026-10-11 12:00:00")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cal := calendarOf(t, tt.zone, tt.fiscal)
			p, err := cal.ParsePeriod(tt.id, asOf)
			if err != nil {
				t.Fatal(err)
			}
			b := cal.Before(p, asOf)
			if b.ID != tt.before || !b.End.Equal(p.Start) || !b.Start.Before(b.End) || b.Kind != p.Kind || b.TimeZone != p.TimeZone {
				t.Errorf("before %s is %+v, want %s that ends at %v", tt.id, b, tt.before, p.Start)
			}
			if p.Kind == scorecard.Rolling && b.End.Sub(b.Start) != p.End.Sub(p.Start) {
				t.Errorf("it is %v long, want %v", b.End.Sub(b.Start), p.End.Sub(p.Start))
			}
		})
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, id := range []string{"current", "previous", "2026-Q1", "2026-Q5", "2026", "0000", "9999", "2026-08", "2026-13", "28d", "3660d", "3661d", "", "d", "2026-Q1\x00"} {
		f.Add(id, int64(1_790_000_000))
	}
	cal := calendarOf(f, "America/Santiago", time.April)
	f.Fuzz(func(t *testing.T, id string, unix int64) {
		asOf := time.Unix(unix%4_102_444_800, 0) // Before 2100.
		p, err := cal.ParsePeriod(id, asOf)
		if err != nil {
			return
		}
		if !p.Start.Before(p.End) || p.Start.After(asOf) {
			t.Errorf("%q at %v runs from %v to %v", id, asOf, p.Start, p.End)
		}
		if b := cal.Before(p, asOf); !b.Start.Before(b.End) || !b.End.Equal(p.Start) {
			t.Errorf("before %q at %v runs from %v to %v, and it starts at %v", id, asOf, b.Start, b.End, p.Start)
		}
		if again, err := cal.ParsePeriod(p.ID, asOf); err != nil || !again.Start.Equal(p.Start) || !again.End.Equal(p.End) || again.ID != p.ID {
			t.Errorf("%q at %v is %s, which is from %v to %v with error %v", id, asOf, p.ID, again.Start, again.End, err)
		}
		if p.Closed != (p.Kind != scorecard.Rolling && !p.End.After(asOf)) {
			t.Errorf("%q at %v ends at %v and is closed %t", id, asOf, p.End, p.Closed)
		}
		if _, err := json.Marshal(p); err != nil {
			t.Errorf("%q at %v has no JSON form: %v", id, asOf, err)
		}
	})
}
