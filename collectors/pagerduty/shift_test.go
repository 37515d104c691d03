package pagerduty_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/facts"
)

func TestOnCallsBecomeShifts(t *testing.T) {
	t.Parallel()
	// Two days back and 90 days ahead are read.
	first, last := begun.AddDate(0, 0, -2), begun.AddDate(0, 0, 90)
	start, end := begun.AddDate(0, 0, 3), begun.AddDate(0, 0, 10)
	shift := func(start, end time.Time) facts.Shift {
		return facts.Shift{Policy: "PEP1", Level: 1, User: "PUSER1", Schedule: "PSCHED1", Start: start, End: end}
	}
	with := func(s facts.Shift, change func(*facts.Shift)) facts.Shift {
		change(&s)
		return s
	}
	permanent := func(s *facts.Shift) { s.Permanent = true }
	for name, test := range map[string]struct {
		account func(a *account)
		want    []facts.Shift
	}{
		"a week": {
			account: func(a *account) { a.addOnCall("PUSER1", start, end) },
			want:    []facts.Shift{shift(start, end)},
		},
		"a week in another zone": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start, end)["start"] = start.In(time.FixedZone("", 2*3600)).Format(time.RFC3339)
			},
			want: []facts.Shift{shift(start, end)},
		},
		"what began and ends outside of what is read is clipped": {
			account: func(a *account) { a.addOnCall("PUSER1", first.AddDate(0, 0, -30), last.AddDate(0, 0, 30)) },
			want:    []facts.Shift{shift(first, last)},
		},
		"what ended as the history begins is left out": {
			account: func(a *account) { a.addOnCall("PUSER1", first.AddDate(0, 0, -7), first) },
		},
		"a permanent one": {
			account: func(a *account) { a.addOnCall("PUSER1", time.Time{}, time.Time{})["schedule"] = nil },
			want:    []facts.Shift{with(shift(first, last), func(s *facts.Shift) { s.Permanent, s.Schedule = true, "" })},
		},
		"one without an end is permanent": {
			account: func(a *account) { a.addOnCall("PUSER1", start, time.Time{}) },
			want:    []facts.Shift{with(shift(start, last), permanent)},
		},
		"one without a beginning is not": {
			account: func(a *account) { a.addOnCall("PUSER1", time.Time{}, end) },
			want:    []facts.Shift{shift(first, end)},
		},
		"the same hours by two schedules count once, for the first": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start.Add(time.Hour), end)["schedule"] = object{"id": "PSCHED2"}
				a.addOnCall("PUSER1", start, end.Add(-time.Hour))
			},
			want: []facts.Shift{shift(start, end)},
		},
		"one within another adds nothing": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start, end)
				a.addOnCall("PUSER1", start.Add(time.Hour), start.Add(2*time.Hour))
			},
			want: []facts.Shift{shift(start, end)},
		},
		"two weeks in a row are one shift": {
			account: func(a *account) {
				a.addOnCall("PUSER1", end, end.AddDate(0, 0, 7))
				a.addOnCall("PUSER1", start, end)
			},
			want: []facts.Shift{shift(start, end.AddDate(0, 0, 7))},
		},
		"a second between them makes two": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start, end)
				a.addOnCall("PUSER1", end.Add(time.Second), end.AddDate(0, 0, 7))
			},
			want: []facts.Shift{shift(start, end), shift(end.Add(time.Second), end.AddDate(0, 0, 7))},
		},
		"a week of somebody who is on call anyway is permanent": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start, end)
				a.addOnCall("PUSER1", time.Time{}, time.Time{})
			},
			want: []facts.Shift{with(shift(first, last), permanent)},
		},
		"other people, levels and policies stay apart": {
			account: func(a *account) {
				a.addOnCall("PUSER1", start, end)["escalation_policy"] = object{"id": "PEP2"}
				a.addOnCall("PUSER1", start, end)["escalation_level"] = 2
				a.addOnCall("PUSER2", start, end)
				a.addOnCall("PUSER1", start, end)
			},
			want: []facts.Shift{
				shift(start, end),
				with(shift(start, end), func(s *facts.Shift) { s.User = "PUSER2" }),
				with(shift(start, end), func(s *facts.Shift) { s.Level = 2 }),
				with(shift(start, end), func(s *facts.Shift) { s.Policy = "PEP2" }),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.opts.Since = first
			test.account(r.account)
			r.mustCollect(t)
			if diff := cmp.Diff(test.want, r.memory.shifts, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("shifts (-want +got):\n%s", diff)
			}
			for _, batch := range r.memory.batches {
				checkReading(t, batch.OnCalls)
			}
		})
	}
}

// checkReading holds what is true of every reading.
func checkReading(t *testing.T, reading *facts.OnCallReading) {
	t.Helper()
	if reading == nil {
		return
	}
	lastEnd := map[string]time.Time{}
	for _, s := range reading.Shifts {
		if s.Policy == "" || s.User == "" || s.Level < 1 {
			t.Errorf("shift %+v lacks what every shift has", s)
		}
		if s.Start.Before(reading.From) || s.End.After(reading.Until) || !s.Start.Before(s.End) {
			t.Errorf("shift %+v does not lie within %s to %s", s, reading.From, reading.Until)
		}
		if s.Permanent && !s.End.Equal(reading.Until) {
			t.Errorf("shift %+v is permanent, and ends", s)
		}
		place := fmt.Sprint(s.Policy, "/", s.Level, "/", s.User)
		if !s.Start.After(lastEnd[place]) {
			t.Errorf("shift %+v touches the one before it", s)
		}
		lastEnd[place] = s.End
	}
}

func TestOnCallsThatCannotBeUnderstoodAreCounted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change object
		want   string
	}{
		"nobody":                  {object{"user": nil}, "oncall/no_id"},
		"no policy":               {object{"escalation_policy": object{}}, "oncall/no_id"},
		"no level":                {object{"escalation_level": nil}, "oncall/undecodable"},
		"a level in words":        {object{"escalation_level": "first"}, "oncall/undecodable"},
		"a start that is no time": {object{"start": "2026-08-05"}, "oncall/no_time"},
		"an end without a zone":   {object{"end": "2026-08-09T10:00:00"}, "oncall/no_time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addOnCall("PUSER1", begun, begun.AddDate(0, 0, 7))
			bad := r.addOnCall("PUSER2", begun, begun.AddDate(0, 0, 7))
			maps.Copy(bad, test.change)
			r.opts.Since = begun.AddDate(0, 0, -2)
			r.mustCollect(t)
			if shifts := r.memory.shifts; len(shifts) != 1 || shifts[0].User != "PUSER1" {
				t.Errorf("kept %+v, want the other one alone", shifts)
			}
			if len(r.memory.skipped) != 1 || r.memory.skipped[test.want] == 0 {
				t.Errorf("skipped %v, want %s", r.memory.skipped, test.want)
			}
		})
	}
}
