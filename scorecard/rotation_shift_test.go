package scorecard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Of the weeks that begin on June 1, those that end on the 13 Mondays from
// July 6 to September 28 end in the quarter; the one after is not over at its end.
func TestShareOfTurnsThatAreNoLongerThanAShift(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change                        func(*testing.T, *dutyWorld)
		verdict                       scorecard.Verdict
		value, numerator, denominator string
	}{
		"weeks": {func(*testing.T, *dutyWorld) {}, scorecard.Met, "1", "13", "13"},
		"two weeks of one person are one turn": {
			func(_ *testing.T, w *dutyWorld) { w.shifts[6].User = w.shifts[5].User },
			scorecard.Missed, "0.9166666666666666", "11", "12",
		},
		"also when the second is of another policy of the team": {
			func(_ *testing.T, w *dutyWorld) {
				w.policy.Teams[0].Policies = []string{"EMYSQL", "EMYSQL2"}
				w.policies = append(w.policies, policy("EMYSQL2", 3))
				w.shifts[6].User, w.shifts[6].Policy = w.shifts[5].User, "EMYSQL2"
			}, scorecard.Missed, "0.9166666666666666", "11", "12",
		},
		"a day taken over makes three turns of one": {
			func(t *testing.T, w *dutyWorld) {
				rest := w.shifts[5] // July 6 to 13.
				w.shifts[5].End = utc(t, "2026-07-08 09:00:00")
				rest.Start = utc(t, "2026-07-09 09:00:00")
				w.shifts = append(w.shifts, rest, onCall(t, evan, "2026-07-08 09:00:00", "2026-07-09 09:00:00"))
			}, scorecard.Met, "1", "15", "15",
		},
		"a permanent one is too long": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, evan, "2026-09-30", "2026-12-01")}
				w.shifts[0].Permanent = true
			}, scorecard.Missed, "0", "0", "1",
		},
		"a permanent one beside a rotation": {
			// 13 of 14.
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2025-01-01", "2026-12-01"))
				w.shifts[18].Permanent = true
			}, scorecard.Missed, "0.9285714285714286", "13", "14",
		},
		"one that becomes permanent": {
			// The week to September 28 is one turn with what follows: 12 of 13.
			func(t *testing.T, w *dutyWorld) {
				w.shifts[17] = onCall(t, w.shifts[16].User, "2026-09-28 09:00:00", "2026-12-01")
				w.shifts[17].Permanent = true
			}, scorecard.Missed, "0.9230769230769231", "12", "13",
		},
		"a shorter one of the same person within it": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts[5].End = w.shifts[5].End.Add(oneWeek)
				w.shifts = append(w.shifts, onCall(t, w.shifts[5].User, "2026-07-08", "2026-07-09"))
			}, scorecard.Missed, "0.9230769230769231", "12", "13",
		},
		"a permanent one that was over before the quarter": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2025-01-01", "2026-07-01"))
				w.shifts[18].Permanent = true
			}, scorecard.Met, "1", "13", "13",
		},
		"one that ends as the quarter begins is of the quarter": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, ada, "2026-06-24", "2026-07-01"), onCall(t, bo, "2026-07-01", "2026-07-10")}
			}, scorecard.Missed, "0.5", "1", "2",
		},
		"one that ends with the quarter is of the next": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = []facts.Shift{onCall(t, ada, "2026-09-01", "2026-09-24"), onCall(t, bo, "2026-09-24", "2026-10-01")}
			}, scorecard.Missed, "0", "0", "1",
		},
		"one that ends at the horizon has ended": {
			// The Mondays from July 6 to August 10.
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-08-10 09:00:00")) },
			scorecard.Met, "1", "6", "6",
		},
		"one that ends a second later has not": {
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-08-10 08:59:59")) },
			scorecard.Met, "1", "5", "5",
		},
		"on the second day, none has ended yet": {
			func(t *testing.T, w *dutyWorld) { *w = w.horizonAt(utc(t, "2026-07-02 12:00:00")) },
			scorecard.Pending, "-", "-", "-",
		},
		"nobody was on call": {
			func(_ *testing.T, w *dutyWorld) { w.shifts = nil }, scorecard.Empty, "-", "-", "-",
		},
		"a shift without any time is none": {
			func(t *testing.T, w *dutyWorld) {
				w.shifts = append(w.shifts, onCall(t, evan, "2026-07-08", "2026-07-08"))
			}, scorecard.Met, "1", "13", "13",
		},
		"a bot takes no turns": {
			func(_ *testing.T, w *dutyWorld) { w.shifts[5].User, w.shifts[6].User = robot, robot },
			scorecard.Met, "1", "11", "11",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			tt.change(t, &w)
			checkRow(t, w.row(t, "rotation_shift", "mysql"), tt.verdict, tt.value, tt.numerator, tt.denominator)
		})
	}
}

// In Berlin, the clocks go forward on March 29 and back on October 25, 2026.
func TestAShiftIsAsLongAsTheClocksOfTheOrganisationSay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		period, zone, from, to string
		want                   string
	}{
		"a week to the second":                       {"2026-Q3", "UTC", "2026-08-03 09:00:00", "2026-08-10 09:00:00", "within"},
		"an hour more is tolerated":                  {"2026-Q3", "UTC", "2026-08-03 09:00:00", "2026-08-10 10:00:00", "within"},
		"a second more than that is not":             {"2026-Q3", "UTC", "2026-08-03 09:00:00", "2026-08-10 10:00:01", "too_long"},
		"169 h from nine to nine as clocks go back":  {"2026-Q4", "Europe/Berlin", "2026-10-19 07:00:00", "2026-10-26 08:00:00", "within"},
		"170 h from nine to ten as clocks go back":   {"2026-Q4", "Europe/Berlin", "2026-10-19 07:00:00", "2026-10-26 09:00:00", "within"},
		"and a second more":                          {"2026-Q4", "Europe/Berlin", "2026-10-19 07:00:00", "2026-10-26 09:00:01", "too_long"},
		"170 h where clocks stay":                    {"2026-Q4", "UTC", "2026-10-19 07:00:00", "2026-10-26 09:00:00", "too_long"},
		"168 h from nine to ten as clocks go ahead":  {"2026-Q1", "Europe/Berlin", "2026-03-23 08:00:00", "2026-03-30 08:00:00", "within"},
		"and a second more, though it is 168 h long": {"2026-Q1", "Europe/Berlin", "2026-03-23 08:00:00", "2026-03-30 08:00:01", "too_long"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, onCall(t, ada, tt.from, tt.to)).horizonAt(utc(t, "2027-01-11"))
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			w.period, w.policy.Calendar.Location = tt.period, zone
			want := scorecard.Population{Total: 1, Used: 1, Classes: map[string]int{tt.want: 1}, Excluded: map[string]int{}}
			if diff := cmp.Diff(want, w.row(t, "rotation_shift", "mysql").Population); diff != "" {
				t.Errorf("population (-want +got):\n%s", diff)
			}
		})
	}
}

// Six turns reach into the quarter by August 10, five of which have ended;
// those that are planned for later do not count as anything.
func TestTurnsAfterTheHorizonAreNone(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).horizonAt(utc(t, "2026-08-10 08:59:59"))
	want := scorecard.Population{Total: 6, Used: 5, Classes: map[string]int{"within": 5}, Excluded: map[string]int{"unfinished": 1}}
	if diff := cmp.Diff(want, w.row(t, "rotation_shift", "mysql").Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
}

func TestEvidenceOfTurnsTellsNobodysName(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(
		t,
		onCall(t, ada, "2026-07-06 09:00:00", "2026-07-20 09:00:00"),
		onCall(t, bo, "2026-07-06 09:00:00", "2026-07-13 09:00:00"),
		onCall(t, cleo, "2026-09-28 09:00:00", "2026-10-05 09:00:00"),
		onCall(t, dora, "2026-08-01", "2027-01-01"),
	)
	w.shifts[3].Permanent = true
	items := w.evidence(t, "rotation_shift", "mysql")
	want := []stretchItem{
		{"EMYSQL/1/2026-07-06T09:00:00Z", "2026-07-06 09:00:00", "within", scorecard.InNumerator, "604800"}, // 7 x 86,400.
		{"EMYSQL/1/2026-07-06T09:00:00Z/2", "2026-07-06 09:00:00", "too_long", scorecard.InDenominator, "1209600"},
		{"EMYSQL/1/2026-08-01T00:00:00Z", "2026-08-01 00:00:00", "too_long", scorecard.InDenominator, "-"},
		{"EMYSQL/1/2026-09-28T09:00:00Z", "2026-09-28 09:00:00", "unfinished", scorecard.NotCounted, "-"},
	}
	if diff := cmp.Diff(want, stretchItems(items)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	for _, e := range items {
		shows := func(user string) bool { return strings.Contains(e.ID+e.URL+e.Reason, user) }
		if e.Kind != "shift" || e.Reason == "" || slices.ContainsFunc([]string{ada, bo, cleo, dora}, shows) {
			t.Errorf("item %+v", e)
		}
	}
	population := scorecard.Population{
		Total: 4, Used: 3, Classes: map[string]int{"within": 1, "too_long": 2}, Excluded: map[string]int{"unfinished": 1},
	}
	if diff := cmp.Diff(population, w.row(t, "rotation_shift", "mysql").Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
}

// A turn that the data begins with may be the rest of a longer one; one that
// is too long already stays so.
func TestTurnThatTheDataBeginsWithIsDoubtful(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(
		t,
		onCall(t, ada, "2026-07-01", "2026-07-06"),
		onCall(t, bo, "2026-07-01", "2026-07-12"),
		onCall(t, cleo, "2026-07-06", "2026-07-12"),
		onCall(t, dora, "2026-07-12", "2026-07-19"),
	)
	w.sources[0].DataSince = utc(t, "2026-07-01")
	r := w.row(t, "rotation_shift", "mysql")
	checkRow(t, r, scorecard.Missed, "0.75", "3", "4")
	if *r.Coverage != 0.75 || len(r.Caveats) != 1 {
		t.Errorf("coverage %v with caveats %q, want three of four with one", *r.Coverage, r.Caveats)
	}
}

func TestOrganisationAddsUpTheTurnsOfItsTeams(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...).addTeam(scorecard.AroundTheClock, 3, onCall(t, ada, "2026-07-01", "2026-08-01"))
	checkRow(t, w.row(t, "rotation_shift", scorecard.OrgID), scorecard.Missed, "0.9285714285714286", "13", "14")
}
