package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"teamhealth/internal/facts"
)

func onCallTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of a shift comes back":                                everyShiftField,
		"a shift is read where it overlaps a span, with its full bounds":   shiftsOfSpan,
		"shifts are ordered by start, policy, level and user":              shiftOrder,
		"a reading of who is on call that comes again changes nothing":     sameOnCallReading,
		"a shift that names nobody is an error, and nothing of it is kept": shiftOfNobody,
		"shifts are counted, also when a reading takes some away":          countedShifts,
		"a reading replaces what was kept, and leaves the rest":            readingReplaces,
	}
}

// shift is one of an engineer's at level 1 of a policy.
func shift(user string, start, end int) facts.Shift {
	return facts.Shift{Policy: "EMYSQL", Level: 1, User: user, Schedule: "S1", Start: at(start), End: at(end)}
}

// onCalls is a reading of [from, until), nothing of which is frozen.
func onCalls(from, until int, shifts ...facts.Shift) facts.OnCallReading {
	return facts.OnCallReading{From: at(from), Until: at(until), Shifts: shifts}
}

// frozen is a reading of which what is before an instant is frozen.
func frozen(before int, r facts.OnCallReading) facts.OnCallReading {
	r.FrozenBefore = at(before)
	return r
}

func saveOnCalls(t failer, s Store, readings ...facts.OnCallReading) {
	t.Helper()
	for _, r := range readings {
		save(t, s, facts.Batch{OnCalls: &r})
	}
}

// shifts returns all that is kept.
func shifts(t failer, s Store) []facts.Shift {
	t.Helper()
	return got(s.Shifts(context.Background(), time.Time{}, time.Time{}))(t)
}

func everyShiftField(t *testing.T, s Store) {
	full := facts.Shift{
		Policy: "EMYSQL", Level: 2, User: "PANN", Schedule: "SWEEK", Start: at(1), End: at(9).Add(time.Microsecond), Permanent: true,
	}
	direct := facts.Shift{Policy: "EMYSQL", Level: 3, User: "PDIRECTOR", Start: at(2), End: at(10)}
	save(t, s, facts.Batch{OnCalls: &facts.OnCallReading{From: at(0), Until: at(10), Shifts: []facts.Shift{full, direct}}})
	want(t, "shifts", shifts(t, s), []facts.Shift{full, direct})
}

func shiftsOfSpan(t *testing.T, s Store) {
	first, second, third := shift("PANN", 0, 10), shift("PBOB", 10, 20), shift("PANN", 20, 30)
	saveOnCalls(t, s, onCalls(0, 15, first, second), onCalls(15, 30, second, third))
	for name, test := range map[string]struct {
		from, until time.Time
		want        []facts.Shift
	}{
		"no bounds":                           {want: []facts.Shift{first, second, third}},
		"a span inside a shift":               {from: at(12), until: at(13), want: []facts.Shift{second}},
		"a span from the end of the first":    {from: at(10), want: []facts.Shift{second, third}},
		"a span up to the start of the third": {until: at(20), want: []facts.Shift{first, second}},
		"a span after all":                    {from: at(30), want: nil},
	} {
		want(t, name, got(s.Shifts(context.Background(), test.from, test.until))(t), test.want)
	}
}

func shiftOrder(t *testing.T, s Store) {
	ordered := []facts.Shift{shift("PANN", 0, 5), shift("PBOB", 0, 4), shift("PANN", 0, 3), shift("PANN", 0, 2), shift("PANN", 6, 7)}
	ordered[2].Level, ordered[3].Policy = 2, "EZ"
	backwards := slices.Clone(ordered)
	slices.Reverse(backwards)
	saveOnCalls(t, s, onCalls(0, 10, backwards...))
	want(t, "shifts", shifts(t, s), ordered)
}

func sameOnCallReading(t *testing.T, s Store) {
	ctx := context.Background()
	first := onCalls(0, 20, shift("PANN", 0, 10), shift("PBOB", 10, 20))
	second := frozen(5, onCalls(0, 30, shift("PANN", 0, 12), shift("PBOB", 12, 30)))
	saveOnCalls(t, s, first, second)
	kept, revision := shifts(t, s), got(s.Revision(ctx))(t)
	want(t, "revision of two readings", revision, 2)
	saveOnCalls(t, s, second, second)
	want(t, "shifts", shifts(t, s), kept)
	want(t, "revision", got(s.Revision(ctx))(t), revision)
}

func shiftOfNobody(t *testing.T, s Store) {
	nobody, nowhere := shift("", 1, 2), shift("PANN", 1, 2)
	nowhere.Policy = ""
	for _, bad := range []facts.Shift{nobody, nowhere} {
		r := onCalls(0, 10, shift("PANN", 0, 1), bad)
		if err := s.Save(context.Background(), facts.PagerDuty, facts.Batch{OnCalls: &r}); err == nil {
			t.Fatalf("the shift %+v was taken", bad)
		}
		want(t, "shifts", shifts(t, s), nil)
		wantNothing(t, s)
	}
}

func countedShifts(t *testing.T, s Store) {
	ctx := context.Background()
	saveOnCalls(t, s, onCalls(0, 20, shift("PANN", 0, 10), shift("PBOB", 10, 20)))
	want(t, "records", got(s.Records(ctx, facts.PagerDuty))(t), map[string]int{"shift": 2})
	saveOnCalls(t, s, onCalls(0, 20, shift("PANN", 0, 20)))
	want(t, "records", got(s.Records(ctx, facts.PagerDuty))(t), map[string]int{"shift": 1})
	saveOnCalls(t, s, onCalls(0, 20))
	want(t, "records", got(s.Records(ctx, facts.PagerDuty))(t), map[string]int{})
}
