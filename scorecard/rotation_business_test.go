package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// businessWorld is the fourth quarter of 2026: 22 + 21 + 23 = 66 weekdays, of
// which Friday, December 25, is a holiday. The other 65 have 8 hours each: 1,872,000 s.
func businessWorld(t *testing.T, shifts ...facts.Shift) dutyWorld {
	t.Helper()
	w := newDutyWorld(t, shifts...).horizonAt(utc(t, "2027-01-11"))
	w.period = "2026-Q4"
	w.policy.Calendar.Holidays = []scorecard.Date{{Year: 2026, Month: time.December, Day: 25}}
	w.policy.Teams[0].Rotation.Coverage = scorecard.BusinessHours
	return w
}

func TestCoverageOfBusinessHours(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		shifts                        [][2]string
		verdict                       scorecard.Verdict
		value, numerator, denominator string
		gap                           string
	}{
		"nobody on the holiday, nor at night": {
			[][2]string{{"2026-09-28 09:00:00", "2026-12-24 17:00:00"}, {"2026-12-28 09:00:00", "2027-01-04 09:00:00"}},
			scorecard.Met, "1", "1872000", "1872000", "",
		},
		"a gap of two hours on the day before it": {
			// 1,872,000 - 7,200 = 1,864,800.
			[][2]string{{"2026-09-28 09:00:00", "2026-12-24 15:00:00"}, {"2026-12-25 00:00:00", "2027-01-04 09:00:00"}},
			scorecard.Missed, "0.9961538461538462", "1864800", "1872000", "For 2 h until 2026-12-24T17:00:00Z",
		},
		"a gap over a night is one, of its business hours": {
			// Tuesday 16 to 17 and Wednesday 9 to 10.
			[][2]string{{"2026-09-28 09:00:00", "2026-11-10 16:00:00"}, {"2026-11-11 10:00:00", "2027-01-04 09:00:00"}},
			scorecard.Missed, "0.9961538461538462", "1864800", "1872000", "For 2 h until 2026-11-11T10:00:00Z",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := businessWorld(t)
			for _, s := range tt.shifts {
				w.shifts = append(w.shifts, onCall(t, ada, s[0], s[1]))
			}
			checkRow(t, w.row(t, "primary_coverage", "mysql"), tt.verdict, tt.value, tt.numerator, tt.denominator)
			var gaps []string
			for _, e := range w.evidence(t, "primary_coverage", "mysql") {
				if e.Class == "gap" {
					gaps = append(gaps, e.Reason)
				}
			}
			if told := strings.Join(gaps, " "); !strings.HasPrefix(told, tt.gap) || strings.Count(told, "For ") != strings.Count(tt.gap, "For ") {
				t.Errorf("gaps %q, want %q", gaps, tt.gap)
			}
		})
	}
}

// In Berlin, the clocks go back on Sunday, October 25, 2026: nine o'clock is
// 7:00 UTC on the Friday before and 8:00 UTC on the Monday after.
func TestBusinessHoursFollowTheClocksOfTheOrganisation(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		from, to             time.Duration
		days                 []time.Weekday
		offTo                string // Nobody is on call from Friday, 15:00 UTC, to then.
		denominator, missing int64
	}{
		// October 23 is the last of 17 weekdays, October 26 the first of 49: 66 of 8 h are 1,900,800 s.
		"until nine on Monday": {9 * time.Hour, 17 * time.Hour, weekdays(), "2026-10-26 08:00:00", 1900800, 0},
		"until ten past nine":  {9 * time.Hour, 17 * time.Hour, weekdays(), "2026-10-26 08:10:00", 1900800, 600},
		// The quarter has 13 Sundays, and from one to five that of the change has 5 h: 12 x 4 h + 5 h = 190,800 s.
		"the night with an hour more": {time.Hour, 5 * time.Hour, []time.Weekday{time.Sunday}, "2026-10-26 08:00:00", 190800, 18000},
		// 13 whole Sundays, one of them of 25 h: 12 x 24 h + 25 h = 1,126,800 s.
		"the day with an hour more": {0, 24 * time.Hour, []time.Weekday{time.Sunday}, "2026-10-26 08:00:00", 1126800, 90000},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := businessWorld(t, onCall(t, ada, "2026-09-01", "2026-10-23 15:00:00"), onCall(t, bo, tt.offTo, "2027-02-01"))
			w.policy.Calendar.Location, w.policy.Calendar.Holidays = berlin, nil
			w.policy.Calendar.Week = scorecard.WorkingWeek{Hours: 40, Days: tt.days, From: tt.from, To: tt.to}
			r := w.row(t, "primary_coverage", "mysql")
			if count(r.Denominator) != tt.denominator || count(r.Numerator) != tt.denominator-tt.missing {
				t.Errorf("%s of %s, want %d less than %d", shown(r.Numerator), shown(r.Denominator), tt.missing, tt.denominator)
			}
		})
	}
}

// The organisation's days begin and end at other instants than UTC's, and not
// all of them at midnight.
func TestBusinessHoursAreOfTheDaysOfTheOrganisation(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		zone, since, horizon string
		days                 []time.Weekday
		from, to             time.Duration
		want                 int64
	}{
		// July 1 to 9 are 7 weekdays of 8 h: 201,600 s. On the 10th it is half past ten in Nouméa, UTC+11: 5,400 s more.
		"east, and today began yesterday": {
			"Pacific/Noumea", "2025-01-01", "2026-07-09 23:30:00", weekdays(), 9 * time.Hour, 17 * time.Hour, 207000,
		},
		// In Honolulu, UTC-10, facts begin on Monday, September 28, at 18:00. Until Wednesday at 23:00 it is 6 h + 24 h + 23 h = 190,800 s.
		"west, and yesterday is not over": {
			"Pacific/Honolulu", "2026-09-29 04:00:00", "2026-10-01 09:00:00", weekdays(), 0, 24 * time.Hour, 190800,
		},
		// The first quarter has 13 Sundays. In Havana, March 8 begins at one: 13 x 24 h - 1 h = 1,119,600 s.
		"a day without a midnight": {
			"America/Havana", "2025-01-01", "2026-03-31", []time.Weekday{time.Sunday}, 0, 24 * time.Hour, 1119600,
		},
		// And 13 Saturdays, which are whole: 1,123,200 s.
		"the day before it": {
			"America/Havana", "2025-01-01", "2026-03-31", []time.Weekday{time.Saturday}, 0, 24 * time.Hour, 1123200,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			w := newDutyWorld(t).horizonAt(utc(t, tt.horizon))
			w.policy.Calendar.Location, w.sources[0].DataSince = zone, utc(t, tt.since)
			w.period = "current"
			w.policy.Teams[0].Rotation.Coverage = scorecard.BusinessHours
			w.policy.Calendar.Week = scorecard.WorkingWeek{Hours: 40, Days: tt.days, From: tt.from, To: tt.to}
			if r := w.row(t, "primary_coverage", "mysql"); count(r.Denominator) != tt.want {
				t.Errorf("%s s to cover, want %d", shown(r.Denominator), tt.want)
			}
		})
	}
}

func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

func TestCoverageIsPendingUntilThereIsTimeToCover(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.policy.Teams[0].Rotation.Coverage = scorecard.BusinessHours
	checkRow(t, w.horizonAt(utc(t, "2026-07-01 08:59:59")).row(t, "primary_coverage", "mysql"), scorecard.Pending, "-", "-", "-")
	checkRow(t, w.horizonAt(utc(t, "2026-07-01 09:00:01")).row(t, "primary_coverage", "mysql"), scorecard.Met, "1", "1", "1")
}

func TestPeriodWithoutBusinessHoursIsEmpty(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.policy.Teams[0].Rotation.Coverage, w.policy.Calendar.Week.Days = scorecard.BusinessHours, nil
	checkRow(t, w.row(t, "primary_coverage", "mysql"), scorecard.Empty, "-", "-", "-")
}

// A week of business hours is 5 · 8 h = 40 h of a shift of 168 h: half a shift is 20 h. The turn before
// January 1 begins on December 4; the weeks of December 7, 14, 21 and 28 lie in it, the last up to Thursday.
func TestRotationSizeOfBusinessHoursCountsBusinessTime(t *testing.T) {
	t.Parallel()
	var shifts []facts.Shift
	for i, user := range []string{ada, bo, cleo, dora} {
		for day := range 5 {
			from := utc(t, "2026-12-07 09:00:00").AddDate(0, 0, 7*i+day)
			shifts = append(shifts, facts.Shift{Policy: "EMYSQL", Level: 1, User: user, Start: from, End: from.Add(8 * time.Hour)})
		}
	}
	// evan stands in for two days, of which 16 h are business time, and for a whole weekend, of which none is: less than 20 h.
	shifts = append(shifts, onCall(t, evan, "2026-12-08 00:00:00", "2026-12-10 00:00:00"), onCall(t, evan, "2026-12-12 00:00:00", "2026-12-14 00:00:00"))
	r := businessWorld(t, shifts...).row(t, "rotation_size", "mysql")
	checkRow(t, r, scorecard.Met, "4", "-", "-")
	if r.Population.Excluded["less_than_half_a_shift"] != 1 {
		t.Errorf("population %+v, want one who stood in", r.Population)
	}
}
