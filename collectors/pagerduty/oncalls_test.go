package pagerduty_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// addRotations puts people on call as a usual organisation does: three
// policies, at two levels by weeks and at the third always the same person.
func (a *account) addRotations(from, until time.Time) {
	for policy := range 3 {
		id := object{"id": fmt.Sprintf("PEP%d", policy)}
		for week, monday := 0, from.AddDate(0, 0, -3); monday.Before(until); week, monday = week+1, monday.AddDate(0, 0, 7) {
			for level := 1; level <= 2; level++ {
				onCall := a.addOnCall(fmt.Sprintf("PUSER%d", (week+level)%4), monday, monday.AddDate(0, 0, 7))
				onCall["escalation_policy"], onCall["escalation_level"] = id, level
			}
		}
		director := a.addOnCall("PDIRECTOR", time.Time{}, time.Time{})
		director["escalation_policy"], director["escalation_level"], director["schedule"] = id, 3, nil
	}
}

// readings returns from when until when on-calls were read, and before when
// they are frozen, since the last call.
func (m *memory) readings() []string {
	var all []string
	for _, batch := range m.batches {
		if reading := batch.OnCalls; reading != nil {
			text := wire(reading.From) + " " + wire(reading.Until)
			if !reading.FrozenBefore.IsZero() {
				text += " frozen before " + wire(reading.FrozenBefore)
			}
			all = append(all, text)
		}
	}
	m.batches = nil
	return all
}

func TestTheTimeForWhichOnCallsAreRead(t *testing.T) {
	t.Parallel()
	// begun is 3 August, 10:00. Two days before it is 1 August, 90 days after
	// it is 1 November.
	backfill := []string{
		"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z", "2026-10-29T10:00:00Z 2026-11-01T10:00:00Z",
		"2026-05-04T10:00:00Z 2026-08-01T10:00:00Z", "2026-05-01T00:00:00Z 2026-05-04T10:00:00Z",
	}
	for name, test := range map[string]struct {
		cursor string
		before func(r *rig) // Between the backfill and the cycle that is looked at; nil: look at the backfill.
		want   []string
	}{
		"a backfill": {want: backfill},
		"a cursor from before on-calls were read": {
			cursor: `{"version": 1, "teams": null, "since": "2026-05-01T00:00:00Z", "until": "2026-08-03T09:55:00Z"}`,
			want:   backfill,
		},
		"the next cycle": {
			before: func(r *rig) { r.later(5 * time.Minute) },
			want: []string{
				"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-01T10:05:00Z",
				"2026-10-29T10:00:00Z 2026-11-01T10:05:00Z frozen before 2026-08-01T10:05:00Z",
			},
		},
		"after ten days the forecast of eight gives way": {
			before: func(r *rig) { r.later(10 * 24 * time.Hour) },
			want: []string{
				"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-03T10:00:00Z",
				"2026-10-29T10:00:00Z 2026-11-11T10:00:00Z frozen before 2026-08-03T10:00:00Z",
			},
		},
		"an earlier since reads what is missing, with nothing frozen": {
			before: func(r *rig) { r.opts.Since = since.AddDate(0, -1, 0) },
			want: []string{
				"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-01T10:00:00Z",
				"2026-10-29T10:00:00Z 2026-11-01T10:00:00Z frozen before 2026-08-01T10:00:00Z",
				"2026-04-01T00:00:00Z 2026-05-01T00:00:00Z",
			},
		},
		"a later since reads no less": {
			before: func(r *rig) { r.opts.Since = begun },
			want: []string{
				"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-01T10:00:00Z",
				"2026-10-29T10:00:00Z 2026-11-01T10:00:00Z frozen before 2026-08-01T10:00:00Z",
			},
		},
		"other teams do not matter": {
			before: func(r *rig) { r.opts.Teams = []string{"PTEAM1"} },
			want: []string{
				"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-01T10:00:00Z",
				"2026-10-29T10:00:00Z 2026-11-01T10:00:00Z frozen before 2026-08-01T10:00:00Z",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if test.cursor != "" {
				r.memory.cursor = []byte(test.cursor)
			}
			r.mustCollect(t)
			if test.before != nil {
				r.memory.readings()
				r.asked()
				test.before(r)
				r.mustCollect(t)
			}
			if diff := cmp.Diff(test.want, r.memory.readings()); diff != "" {
				t.Errorf("readings (-want +got):\n%s", diff)
			}
			windows := r.windows("/oncalls")
			for i, want := range test.want {
				if want, _, _ := strings.Cut(want, " frozen"); i >= len(windows) || windows[i] != want {
					t.Errorf("asked for %v, want %s at %d", windows, want, i)
				}
			}
		})
	}
}

func TestABackfillOfOnCallsThatIsCutOffGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addRotations(since, begun.AddDate(0, 0, 120))
	r.mustCollect(t)
	whole := r.memory.shifts
	last := len(r.memory.batches) - 1 // Before the one that completes the cycle.

	r.memory = newMemory()
	r.memory.failAt = last
	if err := r.collect(t); !errors.Is(err, errFull) {
		t.Fatalf("error %v, want the store's", err)
	}
	r.memory.failAt = 0
	r.memory.readings()
	r.mustCollect(t)
	want := []string{
		"2026-08-01T10:00:00Z 2026-10-29T10:00:00Z frozen before 2026-08-01T10:00:00Z",
		"2026-10-29T10:00:00Z 2026-11-01T10:00:00Z frozen before 2026-08-01T10:00:00Z",
		"2026-05-01T00:00:00Z 2026-05-04T10:00:00Z",
	}
	if diff := cmp.Diff(want, r.memory.readings()); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(whole, r.memory.shifts); diff != "" {
		t.Errorf("shifts (-whole +restarted):\n%s", diff)
	}
}

func TestAHistoryThatBeginsAheadIsNoReasonToPanic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.opts.Since = begun.AddDate(1, 0, 0)
	r.mustCollect(t)
	if got := r.memory.readings(); len(got) != 0 {
		t.Errorf("read on-calls for %v", got)
	}
}

func TestThePastThatAPolicyShowsLater(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		start, end time.Duration // Of the shift, from the first cycle on.
		absence    time.Duration // From there to the second.
		want       string        // Who was on call.
	}{
		"what ended two days ago stays":                {start: -60 * time.Hour, end: -48 * time.Hour, want: "PBEFORE"},
		"what ended later is corrected":                {start: -47 * time.Hour, end: -24 * time.Hour, want: "PAFTER"},
		"what has not begun is corrected":              {start: 24 * time.Hour, end: 48 * time.Hour, want: "PAFTER"},
		"what was seen and is over for two days stays": {start: -24 * time.Hour, end: 0, absence: 100 * time.Hour, want: "PBEFORE"},
		"what was only foretold is corrected":          {start: time.Hour, end: 24 * time.Hour, absence: 100 * time.Hour, want: "PAFTER"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			onCall := r.addOnCall("PBEFORE", begun.Add(test.start), begun.Add(test.end))
			r.mustCollect(t)
			onCall["user"] = object{"id": "PAFTER"}
			r.later(test.absence)
			r.mustCollect(t)
			want := []facts.Shift{{
				Policy: "PEP1", Level: 1, User: test.want, Schedule: "PSCHED1", Start: begun.Add(test.start), End: begun.Add(test.end),
			}}
			if diff := cmp.Diff(want, r.memory.shifts); diff != "" {
				t.Errorf("shifts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnCallsThatWereReadMustGoOnBeingRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.mustCollect(t)
	refuse := true
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		refused := refuse && req.URL.Path == "/oncalls"
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	}
	r.later(5 * time.Minute)
	err := r.collect(t)
	if err == nil || !strings.Contains(err.Error(), "list PagerDuty on-calls") || !strings.Contains(err.Error(), "the token may not read this") {
		t.Errorf("error %v, want one that speaks of the token", err)
	}
	refuse = false
	r.mustCollect(t)
}

func TestOnCallsThatMayBeReadLaterAreReadFromTheBeginning(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addOnCall("PUSER1", since, since.AddDate(0, 0, 7))
	refuse := true
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		refused := refuse && req.URL.Path == "/oncalls"
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	}
	r.mustCollect(t)
	refuse = false
	r.later(5 * time.Minute)
	r.mustCollect(t)
	if got := r.memory.shifts; len(got) != 1 || !got[0].Start.Equal(since) {
		t.Errorf("kept %+v, want the first week of the history", got)
	}
}

func TestOnCallsOverSeveralPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 250 {
		start := begun.Add(time.Duration(i) * time.Hour)
		r.addOnCall(fmt.Sprintf("PUSER%d", i%4), start, start.Add(time.Hour))
	}
	r.mustCollect(t)
	if got := len(r.memory.shifts); got != 250 {
		t.Errorf("kept %d shifts, want 250", got)
	}
	r.memory.failAt = len(r.memory.batches) + 1
	before := r.memory.shifts
	if err := r.collect(t); !errors.Is(err, errFull) {
		t.Fatalf("error %v, want the store's", err)
	}
	if diff := cmp.Diff(before, r.memory.shifts); diff != "" {
		t.Errorf("a cycle that is cut off changed shifts (-before +after):\n%s", diff)
	}
}

func TestMoreOnCallsThanOneListHolds(t *testing.T) {
	t.Parallel()
	const onCalls = 10_050
	for name, test := range map[string]struct {
		since   time.Time // Of the history.
		first   time.Time // From which on every ten minutes somebody else takes over, for 70 days.
		noTotal bool
	}{
		"ahead, by the total":              {since: begun.AddDate(0, 0, -2), first: begun},
		"ahead, by running into the limit": {since: begun.AddDate(0, 0, -2), first: begun, noTotal: true},
		"in the past":                      {since: begun.AddDate(0, 0, -85), first: begun.AddDate(0, 0, -80)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.opts.Since, r.noTotal = test.since, test.noTotal
			for i := range onCalls {
				start := test.first.Add(time.Duration(i) * 10 * time.Minute)
				r.addOnCall(fmt.Sprintf("PUSER%d", i%4), start, start.Add(10*time.Minute))
			}
			r.mustCollect(t)
			if got := len(r.memory.shifts); got != onCalls {
				t.Errorf("kept %d shifts, want %d", got, onCalls)
			}
			if len(r.memory.complete) != 1 {
				t.Error("the cycle is not complete")
			}
		})
	}
}

func TestMorePeopleOnCallAtOnceThanCanBeListedAreLeftUnread(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 10_001 {
		r.addOnCall(fmt.Sprintf("PUSER%05d", i), time.Time{}, time.Time{})
	}
	r.mustCollect(t)
	if len(r.memory.complete) != 1 || len(r.memory.shifts) != 0 {
		t.Errorf("%d complete cycles with %d shifts, want one with none", len(r.memory.complete), len(r.memory.shifts))
	}
}
