package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/scorecard"
)

func TestHeadcountFollowsJoiningLeavingAndMoving(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, d int) scorecard.Date { return scorecard.Date{Year: 2026, Month: month, Day: d} }
	p := newPolicy()
	p.Calendar = calendarOf(t, "Europe/Berlin", time.January)
	p.People = []scorecard.Person{
		{ID: "always", Team: "mysql"},
		{ID: "joiner", Team: "mysql", Joined: day(8, 10)},
		{ID: "leaver", Team: "mysql", Left: day(8, 20)},
		{ID: "mover", Team: "mysql", Moves: []scorecard.Move{{On: day(8, 15), Team: "oncall"}, {On: day(8, 25), Line: scorecard.LinePersonSRE}}},
	}
	// Midnight in Berlin is 22:00 UTC of the day before.
	tests := map[string]struct {
		at            string
		mysql, oncall int
	}{
		"before the joiner":        {"2026-08-09 21:59:59", 3, 0},
		"from the joiner's day on": {"2026-08-09 22:00:00", 4, 0},
		"before the move":          {"2026-08-14 21:59:59", 4, 0},
		"from the move on":         {"2026-08-14 22:00:00", 3, 1},
		"before the leaving":       {"2026-08-19 21:59:59", 3, 1},
		"from the leaving on":      {"2026-08-19 22:00:00", 2, 1},
		"a change of line is none": {"2026-08-24 22:00:00", 2, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := utc(t, tt.at)
			if m, o := p.Headcount("mysql", at), p.Headcount("oncall", at); m != tt.mysql || o != tt.oncall {
				t.Errorf("mysql %d, oncall %d, want %d and %d", m, o, tt.mysql, tt.oncall)
			}
		})
	}
}
