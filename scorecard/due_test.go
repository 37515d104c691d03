package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/scorecard"
)

func TestTermEndsAtTheSameTimeOfDay(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	five := scorecard.Due{Days: 5, Business: true}
	tests := map[string]struct {
		from, want string
		due        scorecard.Due
	}{
		"five business days from a Monday":               {"2026-09-07 10:30:00", "2026-09-14 10:30:00", five},
		"from a Friday, over the weekend":                {"2026-09-11 10:30:00", "2026-09-18 10:30:00", five},
		"from a Saturday, whose Monday is the first":     {"2026-09-12 10:30:00", "2026-09-18 10:30:00", five},
		"over holidays":                                  {"2026-12-24 16:00:00", "2027-01-04 16:00:00", five}, // 28, 29, 30, 31 and Monday the 4th.
		"due on the Monday after a holiday week":         {"2026-12-18 09:00:00", "2026-12-28 09:00:00", five}, // 21 to 24, and the 28th.
		"over the end of daylight saving, by the clocks": {"2026-10-23 10:00:00", "2026-10-30 10:00:00", five},
		"28 days over the end of it":                     {"2026-10-05 10:00:00", "2026-11-02 10:00:00", scorecard.Due{Days: 28}},
		"no time at all":                                 {"2026-10-05 10:00:00", "2026-10-05 10:00:00", scorecard.Due{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := scorecard.Calendar{Location: berlin, Week: scorecard.WorkingWeek{Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}}}
			c.Holidays = []scorecard.Date{{Year: 2026, Month: 12, Day: 25}, {Year: 2027, Month: 1, Day: 1}}
			from, err := time.ParseInLocation(time.DateTime, tt.from, berlin)
			if err != nil {
				t.Fatal(err)
			}
			if got := scorecard.DueAt(c, from.UTC(), tt.due).In(berlin).Format(time.DateTime); got != tt.want {
				t.Errorf("due %s, want %s", got, tt.want)
			}
		})
	}
}
