package scorecard_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// One turn of four weeks before October 1 begins on September 3. The weeks of
// wholeQuarter are those from August 31, September 7, 14, 21 and 28 on.
func TestRotationSizeCountsThoseWhoCarryHalfAShift(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change  func(*testing.T, *dutyWorld)
		verdict scorecard.Verdict
		want    string
		others  int // People with less than half a shift.
	}{
		"four in turns": {func(*testing.T, *dutyWorld) {}, scorecard.Met, "4", 0},
		"a roster of five with a rotation of four": {
			// The fifth is on the roster, and was on call in summer last.
			func(t *testing.T, w *dutyWorld) {
				w.policy.People = append(w.policy.People, scorecard.Person{ID: "p05", Team: "mysql", PagerDuty: evan})
				w.shifts = append(w.shifts, onCall(t, evan, "2026-06-01", "2026-09-03"))
			}, scorecard.Met, "4", 0,
		},
		"five in turns, of whom the turn has room for four": {
			// evan September 3 to 7 (4 d 9 h), ada, bo and cleo a week each, dora from September 28 on (2 d 15 h).
			func(t *testing.T, w *dutyWorld) {
				w.shifts = weekly(t, "2026-08-31 09:00:00", 5, evan, ada, bo, cleo, dora)
			}, scorecard.Met, "4", 1,
		},
		"three in turns": {
			func(t *testing.T, w *dutyWorld) { w.shifts = weekly(t, "2026-08-31 09:00:00", 5, ada, bo, cleo) }, scorecard.Missed, "3", 0,
		},
		"a day taken over does not count": {
			func(t *testing.T, w *dutyWorld) {
				// The week of September 14, without its Thursday.
				rest := w.shifts[15]
				w.shifts[15].End, rest.Start = utc(t, "2026-09-17 09:00:00"), utc(t, "2026-09-18 09:00:00")
				w.shifts = append(w.shifts, rest, onCall(t, evan, "2026-09-17 09:00:00", "2026-09-18 09:00:00"))
			}, scorecard.Met, "4", 1,
		},
		"half a shift to the second counts": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2026-09-08", "2026-09-11 12:00:00"))
			},
			scorecard.Met, "5", 0,
		},
		"a second less does not": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2026-09-08", "2026-09-11 11:59:59"))
			},
			scorecard.Met, "4", 1,
		},
		"half a shift in two parts counts": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2026-09-08", "2026-09-10"), onCall(t, evan, "2026-09-20", "2026-09-21 12:00:00"))
			}, scorecard.Met, "5", 0,
		},
		"one time at two policies is one time": {
			// Two days at each of both policies are two days.
			func(t *testing.T, w *dutyWorld) {
				w.policy.Teams[0].Policies = []string{"EMYSQL", "EMYSQL2"}
				w.policies = append(w.policies, policy("EMYSQL2", 3))
				s := onCall(t, evan, "2026-09-08", "2026-09-10")
				*w = w.add("EMYSQL", s).add("EMYSQL2", s)
			}, scorecard.Met, "4", 1,
		},
		"one account for ever": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, evan, "2025-01-01", "2027-01-01")}
				w.shifts[0].Permanent = true
			}, scorecard.Missed, "1", 0,
		},
		"nobody": {func(_ *testing.T, w *dutyWorld) { w.shifts = nil }, scorecard.Missed, "0", 0},
		"a bot is nobody": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = weekly(t, "2026-08-31 09:00:00", 5, ada, bo, cleo, robot)
			}, scorecard.Missed, "3", 0,
		},
		"the second day of a quarter looks back into the last": {
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-07-02 12:00:00")) }, scorecard.Met, "4", 0,
		},
		"what is planned after the horizon does not count": {
			// June 4 to July 2: bo, cleo and dora, and ada from June 29 on (3 d 3 h). Her week of June 1 is somebody else's.
			func(t *testing.T, w *dutyWorld) {
				w.shifts[0].User = bo
				*w = w.horizonAt(utc(t, "2026-07-02 12:00:00"))
			}, scorecard.Missed, "3", 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			tt.change(t, &w)
			r := w.row(t, "rotation_size", "mysql")
			checkRow(t, r, tt.verdict, tt.want, "-", "-")
			if shown(r.Target) != "4" || r.Population.Excluded["less_than_half_a_shift"] != tt.others ||
				r.Population.Total != r.Population.Used+tt.others {
				t.Errorf("target %s and population %+v, want 4 and %d others", shown(r.Target), r.Population, tt.others)
			}
			items := w.evidence(t, "rotation_size", "mysql")
			if len(items) != 1 || items[0].Kind != "person_count" || items[0].ID != "mysql" || shown(items[0].Value) != tt.want {
				t.Errorf("evidence %+v, want the one count %s", items, tt.want)
			}
		})
	}
}

// The turn before October 1 begins on September 3, that before July 2 on June
// 4. Of a shorter time, those who are seen are not all that there are.
func TestRotationSizeWithinLessThanATurnIsALowerBound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		since, horizon string
		verdict        scorecard.Verdict
		value          string
		caveats        int
		whole          bool // The turn is known from its begin on.
	}{
		"a turn to the second":                   {"2026-09-03", "2026-10-11", scorecard.Met, "4", 0, true},
		"less, in which four are seen":           {"2026-09-04", "2026-10-11", scorecard.Met, "4", 1, false},
		"less, in which fewer are seen":          {"2026-09-14", "2026-10-11", scorecard.NoData, "-", 0, false},
		"less, in a quarter that goes on":        {"2026-06-20", "2026-07-02", scorecard.Pending, "-", 0, false},
		"less, in which four are seen, likewise": {"2026-06-04 12:00:01", "2026-07-02 12:00:00", scorecard.Met, "4", 1, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...).horizonAt(utc(t, tt.horizon))
			w.sources[0].DataSince = utc(t, tt.since)
			for i := range w.shifts { // What was earlier is not there.
				if w.shifts[i].Start.Before(w.sources[0].DataSince) {
					w.shifts[i].Start = w.sources[0].DataSince
				}
			}
			r := w.row(t, "rotation_size", "mysql")
			checkRow(t, r, tt.verdict, tt.value, "-", "-")
			if len(r.Caveats) != tt.caveats {
				t.Errorf("caveats %q, want %d", r.Caveats, tt.caveats)
			}
			if whole := map[bool]float64{true: 1}[tt.whole]; r.Coverage != nil && *r.Coverage != whole {
				t.Errorf("coverage %v, want %v: the quarter's beginning is not what it looks at", *r.Coverage, whole)
			}
		})
	}
}

func TestRotationSizeWithinLessThanATurnAndWithoutATargetIsUnknown(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.policy.Rubric.Objectives[1].TargetFrom = ""
	checkRow(t, w.row(t, "rotation_size", "mysql"), scorecard.Tracked, "4", "-", "-")
	w.sources[0].DataSince = utc(t, "2026-09-04")
	checkRow(t, w.row(t, "rotation_size", "mysql"), scorecard.NoData, "-", "-", "-")
}

func TestSizeOfTheOrganisationIsThatOfTheTeamFurthestBelow(t *testing.T) {
	t.Parallel()
	three := weekly(t, "2026-08-31 09:00:00", 5, ada, bo, evan)
	tests := map[string]struct {
		change              func(*dutyWorld)
		verdict             scorecard.Verdict
		value, target, team string
	}{
		"the other team has one less":             {func(*dutyWorld) {}, scorecard.Missed, "3", "4", "oncall"},
		"it needs no more than it has":            {func(w *dutyWorld) { w.policy.Teams[1].Rotation.Size = 3 }, scorecard.Met, "4", "4", "mysql"},
		"it needs less than it has":               {func(w *dutyWorld) { w.policy.Teams[1].Rotation.Size = 2 }, scorecard.Met, "4", "4", "mysql"},
		"the larger one lacks more":               {func(w *dutyWorld) { w.policy.Teams[0].Rotation.Size = 6 }, scorecard.Missed, "4", "6", "mysql"},
		"of two that lack as much, by id":         {func(w *dutyWorld) { w.policy.Teams[0].Rotation.Size = 5 }, scorecard.Missed, "4", "5", "mysql"},
		"by id, and not by place in the document": {func(w *dutyWorld) { w.policy.Teams[0].Rotation.Size, w.policy.Teams[0].ID = 5, "zebra" }, scorecard.Missed, "3", "4", "oncall"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3, three...)
			tt.change(&w)
			r := w.row(t, "rotation_size", scorecard.OrgID)
			checkRow(t, r, tt.verdict, tt.value, "-", "-")
			want := scorecard.WeakestTeam{Team: tt.team, Value: *decimal(tt.value), Target: decimal(tt.target)}
			if diff := cmp.Diff(any(want), r.Details, cmp.Comparer(sameNumber)); diff != "" || shown(r.Target) != tt.target {
				t.Errorf("target %s, want %s; details (-want +got):\n%s", shown(r.Target), tt.target, diff)
			}
			if items := w.evidence(t, "rotation_size", scorecard.OrgID); len(items) != 1 || items[0].ID != tt.team {
				t.Errorf("evidence %+v, want that of %s", items, tt.team)
			}
		})
	}
}

func TestExemptTeamIsNotTheWeakest(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3)
	x := exception("ex1", "oncall", 12, 31)
	x.Objective = "rotation_size"
	w.policy.Exceptions = []scorecard.Exception{x}
	r := w.row(t, "rotation_size", scorecard.OrgID)
	checkRow(t, r, scorecard.Met, "4", "-", "-")
	if shown(r.ValueWithoutExceptions) != "0" {
		t.Errorf("without exceptions %s, want the other team's 0", shown(r.ValueWithoutExceptions))
	}
}

func TestReasonOfARotationSize(t *testing.T) {
	t.Parallel()
	r := newDutyWorld(t, wholeQuarter(t)...).row(t, "rotation_size", "mysql")
	if want := "People with at least half a shift of 7d in the 28d before 2026-10-01T00:00:00Z: 4."; !strings.Contains(r.Reason, want) {
		t.Errorf("reason %q, want %q", r.Reason, want)
	}
}
