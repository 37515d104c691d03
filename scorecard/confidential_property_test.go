package scorecard_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Whoever sees every row of every period at one instant has a system of
// equations: each shown sum is one, and so is each value in the evidence. No
// combination of them may be about the answers of fewer than five people alone.
func TestNoRowsTogetherTellWhatTooFewAnswered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someSurvey(t, rt)
		w = w.horizonAt(utc(t, rapid.SampledFrom([]string{"2026-07-20", "2026-08-20", "2026-09-10", "2026-10-11", "2027-01-10"}).Draw(rt, "as of")))
		var known equations
		for _, period := range []string{
			"2026-Q2", "2026-Q3", "2026-Q4", "2026", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "28d", "40d", "60d", "100d", "200d",
		} {
			w.period = period
			if _, err := w.policy.Calendar.ParsePeriod(period, w.asOf); err != nil {
				continue // It has not begun.
			}
			known = append(known, w.sums(t, rt)...)
		}
		known = known.reduced()
		for _, set := range w.fewPeople(3) {
			if known.tell(set, len(w.records)) {
				rt.Fatalf("what the people of %v answered can be worked out", set)
			}
		}
	})
}

// fewPeople lists the sets of at most so many records of fewer than five people together.
func (w recordWorld) fewPeople(most int) [][]int {
	var sets [][]int
	var extend func(set []int, people int)
	extend = func(set []int, people int) {
		if len(set) > 0 {
			sets = append(sets, slices.Clone(set))
		}
		from := 0
		if len(set) > 0 {
			from = set[len(set)-1] + 1
		}
		for i := from; i < len(w.records) && len(set) < most; i++ {
			if n := people + w.records[i].N; n < 5 {
				extend(append(set, i), n)
			}
		}
	}
	extend(nil, 0)
	return sets
}

// someSurvey draws answers of three teams on few days, and perhaps an exception.
func someSurvey(tb testing.TB, t *rapid.T) recordWorld {
	tb.Helper()
	record := rapid.Custom(func(t *rapid.T) facts.Record {
		return said(
			rapid.SampledFrom([]string{"2026-06-15", "2026-07-15", "2026-08-01", "2026-08-15", "2026-09-01", "2026-10-05"}).Draw(t, "day"),
			rapid.SampledFrom([]string{"mysql", "mongodb", "oncall", "org"}).Draw(t, "team"),
			rapid.StringMatching(`[1-4]\.[0-9]{2}`).Draw(t, "value"), rapid.IntRange(1, 9).Draw(t, "n"),
		)
	})
	w := newRecordWorld(tb, satisfaction(), rapid.SliceOfN(record, 1, 12).Draw(t, "records")...)
	if team := rapid.SampledFrom([]string{"", "mysql", "oncall"}).Draw(t, "exempt"); team != "" {
		x := exception("ex1", team, time.Month(rapid.IntRange(6, 10).Draw(t, "until")), 2)
		x.Objective = "mood"
		w.policy.Exceptions = []scorecard.Exception{x}
	}
	return w
}

// equations are sums of records, each a 1 for every record that is in it.
type equations [][]*big.Rat

// sums are what the rows and their evidence tell at one instant. Each shown value must be the mean of its records.
func (w recordWorld) sums(tb testing.TB, t *rapid.T) equations {
	tb.Helper()
	var told equations
	for subject, row := range w.rows(tb) {
		exempt := func(string) bool { return false }
		if len(w.policy.Exceptions) > 0 && len(row.Exceptions) > 0 {
			exempt = func(team string) bool { return team == w.policy.Exceptions[0].Team }
		}
		for _, sum := range []struct {
			value *scorecard.Number
			out   func(team string) bool
		}{{row.Value, exempt}, {row.ValueWithoutExceptions, func(string) bool { return false }}} {
			if sum.value == nil {
				continue
			}
			equation, mean := w.sum(tb, subject, row, sum.out)
			if mean.Cmp(*sum.value) != 0 {
				t.Fatalf("%s in %s as of %s: %s, want %s", subject, w.period, w.asOf, sum.value, mean)
			}
			told = append(told, equation)
		}
		for _, e := range w.evidence(tb, subject) {
			if e.Value != nil {
				told = append(told, w.one(e.ID))
			}
		}
	}
	return told
}

// sum is what a shown row is the sum of, and the mean that follows. Records count by their day, in UTC.
func (w recordWorld) sum(tb testing.TB, subject string, row scorecard.Row, out func(team string) bool) ([]*big.Rat, scorecard.Number) {
	tb.Helper()
	equation := zeros(len(w.records))
	said := map[facts.Record]bool{}
	var sum, people scorecard.Number
	for i, r := range w.records {
		at := utc(tb, r.Date)
		if at.Before(row.Window.Start) || !at.Before(row.Window.End) || at.After(w.asOf) || out(r.Team) || subject != scorecard.OrgID && subject != r.Team {
			continue
		}
		r.Line = 0
		if said[r] {
			continue
		}
		said[r] = true
		equation[i].SetInt64(1)
		sum, people = sum.Add(decimal(r.Value).Mul(scorecard.Int(r.N))), people.Add(scorecard.Int(r.N))
	}
	return equation, sum.Quo(people)
}

// one is the equation that tells the record of an evidence's item.
func (w recordWorld) one(id string) []*big.Rat {
	equation := zeros(len(w.records))
	for i, r := range w.records {
		if r.File+":"+scorecard.Int(r.Line).String() == id {
			equation[i].SetInt64(1)
		}
	}
	return equation
}

func zeros(n int) []*big.Rat {
	row := make([]*big.Rat, n)
	for i := range row {
		row[i] = new(big.Rat)
	}
	return row
}

// tell reports whether the equations can be combined to one about a set of
// records alone: then adding one for each of the set raises the rank by less than the set has.
func (e equations) tell(set []int, records int) bool {
	with := slices.Clone(e)
	for _, i := range set {
		unit := zeros(records)
		unit[i].SetInt64(1)
		with = append(with, unit)
	}
	return with.rank() < e.rank()+len(set)
}

// rank is how many of the equations say something new.
func (e equations) rank() int { return len(e.reduced()) }

// reduced are as many equations as say something new, which together say the same.
func (e equations) reduced() equations {
	var reduced equations
	for _, equation := range e {
		row := make([]*big.Rat, len(equation))
		for i, c := range equation {
			row[i] = new(big.Rat).Set(c)
		}
		for _, known := range reduced {
			lead := leading(known)
			factor := new(big.Rat).Quo(row[lead], known[lead])
			for i := range row {
				row[i].Sub(row[i], new(big.Rat).Mul(factor, known[i]))
			}
		}
		if leading(row) < len(row) {
			reduced = append(reduced, row)
		}
	}
	return reduced
}

// leading is the place of the first number that is not zero.
func leading(row []*big.Rat) int {
	for i, c := range row {
		if c.Sign() != 0 {
			return i
		}
	}
	return len(row)
}
