package storetest

import (
	"testing"

	"teamhealth/internal/facts"
)

func readingReplaces(t *testing.T, s Store) {
	for name, test := range replacements() {
		forgetShifts(t, s) // Those of the case before.
		saveOnCalls(t, s, test.readings...)
		want(t, name, shifts(t, s), test.want)
	}
}

// forgetShifts reads that nobody was ever on call.
func forgetShifts(t failer, s Store) {
	t.Helper()
	saveOnCalls(t, s, onCalls(-day, day))
}

// replacement is a few readings and the shifts that they leave.
type replacement struct {
	readings []facts.OnCallReading
	want     []facts.Shift
}

func replacements() map[string]replacement {
	permanent := func(from facts.Shift) facts.Shift { from.Permanent = true; return from }
	of := func(schedule string, from facts.Shift) facts.Shift { from.Schedule = schedule; return from }
	return map[string]replacement{
		"a kept shift is cut where a reading begins that does not know it": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 20)), frozen(5, onCalls(0, 20, shift("PBOB", 0, 20)))},
			[]facts.Shift{shift("PANN", 0, 5), shift("PBOB", 5, 20)},
		},
		"a kept shift that the reading continues is one shift again": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 20)), frozen(5, onCalls(0, 30, shift("PANN", 0, 25)))},
			[]facts.Shift{shift("PANN", 0, 25)},
		},
		"a shift that ended stays, whatever the source now says of that time": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 4)), frozen(5, onCalls(0, 20, shift("PBOB", 0, 4)))},
			[]facts.Shift{shift("PANN", 0, 4)},
		},
		"a reading of a span that is frozen changes nothing": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 20)), frozen(20, onCalls(0, 20, shift("PBOB", 0, 20)))},
			[]facts.Shift{shift("PANN", 0, 20)},
		},
		"a frozen instant before the span freezes nothing of it": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 20)), frozen(5, onCalls(10, 20, shift("PBOB", 10, 20)))},
			[]facts.Shift{shift("PANN", 0, 10), shift("PBOB", 10, 20)},
		},
		"what is kept after the span stays": {
			[]facts.OnCallReading{onCalls(0, 30, shift("PANN", 0, 30)), onCalls(10, 20)},
			[]facts.Shift{shift("PANN", 0, 10), shift("PANN", 20, 30)},
		},
		"adjacent spans join over their border, the later one first": {
			[]facts.OnCallReading{onCalls(10, 20, shift("PANN", 10, 15)), onCalls(0, 10, shift("PANN", 5, 10))},
			[]facts.Shift{shift("PANN", 5, 15)},
		},
		"a reading is clipped to its span, and a shift of no time is none": {
			[]facts.OnCallReading{onCalls(10, 20, shift("PANN", 0, 12), shift("PBOB", 15, 15), shift("PCY", 18, 30), shift("PDEE", 25, 30))},
			[]facts.Shift{shift("PANN", 10, 12), shift("PCY", 18, 20)},
		},
		"a user whom two schedules name at once is on call once": {
			[]facts.OnCallReading{onCalls(0, 20, of("S2", shift("PANN", 5, 15)), shift("PANN", 0, 10))},
			[]facts.Shift{shift("PANN", 0, 15)},
		},
		"of one schedule after another a shift has the first": {
			[]facts.OnCallReading{onCalls(0, 20, of("S2", shift("PANN", 0, 10)), shift("PANN", 10, 20))},
			[]facts.Shift{of("S2", shift("PANN", 0, 20))},
		},
		"a shift is permanent if a part of it is": {
			[]facts.OnCallReading{onCalls(0, 20, shift("PANN", 0, 10), permanent(shift("PANN", 10, 20)))},
			[]facts.Shift{permanent(shift("PANN", 0, 20))},
		},
		"a permanent shift that turns out to end is permanent no more": {
			[]facts.OnCallReading{
				onCalls(0, 20, shift("PANN", 0, 8), permanent(shift("PANN", 8, 20))),
				onCalls(8, 14, shift("PANN", 8, 12)), onCalls(14, 20),
			},
			[]facts.Shift{shift("PANN", 0, 12)},
		},
		"levels and policies have shifts of their own": {
			[]facts.OnCallReading{
				onCalls(0, 20, shift("PANN", 0, 10), facts.Shift{Policy: "EMYSQL", Level: 2, User: "PANN", Start: at(5), End: at(15)}),
			},
			[]facts.Shift{shift("PANN", 0, 10), {Policy: "EMYSQL", Level: 2, User: "PANN", Start: at(5), End: at(15)}},
		},
	}
}
