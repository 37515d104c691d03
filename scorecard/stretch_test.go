package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/scorecard"
)

// dayLength is how many seconds the tests' days have: few, so that every one
// of them can be looked at.
const dayLength = 40

func someStretches(t *rapid.T, label string) []scorecard.Stretch {
	second := rapid.IntRange(0, dayLength)
	list := make([]scorecard.Stretch, rapid.IntRange(0, 6).Draw(t, label))
	for i := range list {
		list[i] = scorecard.Stretch{From: time.Unix(int64(second.Draw(t, "from")), 0), To: time.Unix(int64(second.Draw(t, "to")), 0)}
	}
	return list
}

// ticks tells for each second whether it is in one of the stretches.
func ticks(list []scorecard.Stretch) [dayLength]bool {
	var in [dayLength]bool
	for _, s := range list {
		for n := s.From.Unix(); n < s.To.Unix(); n++ {
			in[n] = true
		}
	}
	return in
}

// checkApart wants stretches that have a length, in order, and of which no two touch.
func checkApart(t *rapid.T, list []scorecard.Stretch) {
	for i, s := range list {
		if !s.From.Before(s.To) || (i > 0 && !list[i-1].To.Before(s.From)) {
			t.Fatalf("stretch %d of %v is empty, or begins before the end of the last", i, list)
		}
	}
}

func TestStretchesAreSetsOfInstants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := someStretches(t, "a"), someStretches(t, "b")
		inA, inB := ticks(a), ticks(b)
		both, without := scorecard.Intersect(a, b), scorecard.Subtract(a, b)
		union, common, rest := ticks(scorecard.Union(a)), ticks(both), ticks(without)
		for n := range dayLength {
			if union[n] != inA[n] || common[n] != (inA[n] && inB[n]) || rest[n] != (inA[n] && !inB[n]) {
				t.Fatalf("second %d of %v and %v: union %t, common %t, rest %t", n, a, b, union[n], common[n], rest[n])
			}
		}
		checkApart(t, scorecard.Union(a))
		checkApart(t, both)
		checkApart(t, without)
	})
}

func TestStretchesThatTouchAreOne(t *testing.T) {
	t.Parallel()
	list := []scorecard.Stretch{{From: time.Unix(5, 0), To: time.Unix(9, 0)}, {From: time.Unix(0, 0), To: time.Unix(5, 0)}}
	want := []scorecard.Stretch{{From: time.Unix(0, 0), To: time.Unix(9, 0)}}
	if diff := cmp.Diff(want, scorecard.Union(list)); diff != "" {
		t.Errorf("union (-want +got):\n%s", diff)
	}
}
