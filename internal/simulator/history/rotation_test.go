package history_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
)

const hour = 60 * 60

// shifts returns the shifts of a team of the example organisation over the two
// years, by level.
func shifts(view *history.View, team, level int, years stretch) []history.Shift {
	return view.Account.Shifts(team, level, years.from, years.until)
}

func twoYearsOfShifts(t *testing.T) (*history.View, stretch) {
	t.Helper()
	_, view, end := twoYears(t, 1)
	return view, stretch{date(t, "2024-07-01").Unix(), end.Unix()}
}

// times returns when somebody has one of the shifts.
func times(shifts []history.Shift) []stretch {
	var all []stretch
	for _, s := range shifts {
		all = append(all, stretch{s.Start, s.End})
	}
	return union(all)
}

// TestFirstLevelIsCoveredButForOneGapAYear is about whole years, so that it can
// tell how many gaps each has.
func TestFirstLevelIsCoveredButForOneGapAYear(t *testing.T) {
	t.Parallel()
	view, _ := twoYearsOfShifts(t)
	gaps := map[int]int{0: 1, 1: 1} // By team: those with a rotation around the clock.
	for year := 2019; year < 2029; year++ {
		from, until := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		for _, team := range []int{0, 1, 2, 4, 5} {
			whole := []stretch{{from, until}}
			left := minus(whole, times(view.Account.Shifts(team, 1, from, until)))
			if len(left) != gaps[team] {
				t.Errorf("team %d in %d has gaps %v, want %d", team, year, left, gaps[team])
			}
			for _, gap := range left {
				if length := gap.until - gap.from; length < 2*hour || length >= 6*hour {
					t.Errorf("team %d in %d has a gap of %d s, want some hours", team, year, length)
				}
			}
			if left := minus(whole, times(view.Account.Shifts(team, 2, from, until))); len(left) > 0 {
				t.Errorf("team %d in %d has nobody at level 2 in %v", team, year, left)
			}
		}
	}
}

func TestBusinessHoursAreCoveredAndNothingElse(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	var want []stretch
	for at := years.from; at < years.until; at += day {
		if d := time.Unix(at, 0).UTC().Weekday(); d != time.Saturday && d != time.Sunday {
			want = append(want, stretch{at + 9*hour, at + 17*hour})
		}
	}
	if diff := cmp.Diff(want, times(shifts(view, 3, 1, years)), cmp.AllowUnexported(stretch{})); diff != "" {
		t.Errorf("times at level 1 (-want +got):\n%s", diff)
	}
	if got := seconds(times(shifts(view, 3, 2, years)), years.from, years.until); got != years.until-years.from {
		t.Errorf("level 2 is covered for %d s of %d", got, years.until-years.from)
	}
}

func TestWeeksBeginOnMondayAtNine(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	lengths := map[int64]int{}
	for _, s := range shifts(view, 2, 1, years) { // Of a team without swaps and gaps.
		if start := time.Unix(s.Start, 0).In(berlin); start.Weekday() != time.Monday || start.Hour() != 9 || start.Minute() != 0 {
			t.Errorf("a shift begins at %s", start)
		}
		lengths[(s.End-s.Start)/hour]++
	}
	// Two years are 104 weeks and two days, which touch 106 weeks. Berlin's clocks
	// went forward in March of 2025 and 2026 and back in October of 2024 and 2025.
	if diff := cmp.Diff(map[int64]int{167: 2, 168: 102, 169: 2}, lengths); diff != "" {
		t.Errorf("shifts by hours (-want +got):\n%s", diff)
	}
}

func TestFourTakeTurnsAndSwapSometimes(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	for _, team := range []int{0, 1, 3} {
		who := map[history.Actor]int64{}
		swaps := 0
		for _, s := range shifts(view, team, 1, years) {
			who[s.Who] += s.End - s.Start
			if s.Swapped {
				swaps++
			}
			for _, second := range view.Account.Shifts(team, 2, s.Start, s.End) {
				if second.Who == s.Who {
					t.Errorf("team %d: member %d is first and second at once: %v %v", team, s.Who, s, second)
				}
			}
		}
		var all int64
		for _, had := range who {
			all += had
		}
		for member, had := range who {
			if share := float64(had) / float64(all); share < 0.18 || share > 0.32 {
				t.Errorf("team %d: member %d has %.2f of the shifts, want a quarter or so", team, member, share)
			}
		}
		if _, leads := who[view.Account.Lead(team)]; len(who) != 4 || leads != (team == 3) || swaps < 10 {
			t.Errorf("team %d: %d people take turns, the lead among them: %v, %d swaps; want 4, only where there are no 4 others, 10",
				team, len(who), leads, swaps)
		}
	}
}

func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	left, moved := date(t, "2025-11-16").Unix(), date(t, "2026-02-16").Unix()
	member := func(id string) history.Actor {
		return history.Actor(slices.IndexFunc(view.Account.Members, func(m history.Member) bool { return m.ID == id }))
	}
	tests := map[string]struct {
		team        int
		who         history.Actor
		from, until int64 // When there are shifts, roughly: by three weeks.
	}{
		"whoever leaves has no shift any more": {2, member("PUSER15"), years.from, left},
		"whoever moves has shifts before":      {4, member("PUSER23"), years.from, moved},
		"and after, in the other team":         {5, member("PUSER23"), moved, years.until},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for level := 1; level <= 2; level++ {
				all := slices.DeleteFunc(shifts(view, test.team, level, years), func(s history.Shift) bool { return s.Who != test.who })
				first, last := all[0].Start, all[len(all)-1].End
				if first < test.from-week || last > test.until+week && test.until == years.until || last > test.until && test.until < years.until {
					t.Errorf("level %d: shifts from %d to %d, want them from %d to %d", level, first, last, test.from, test.until)
				}
				// Their turn comes every five weeks at the latest, and not in the last two.
				if first > test.from+6*week || last < test.until-8*week {
					t.Errorf("level %d: shifts only from %d to %d, want them from %d to %d", level, first, last, test.from, test.until)
				}
			}
		})
	}
}

const week = 7 * day

// TestPagedIsWhoIsOnCall holds that an incident begins with whoever has the
// lowest level then, and that time-outs go to somebody who is on call by then.
func TestPagedIsWhoIsOnCall(t *testing.T) {
	t.Parallel()
	view := restless(t)
	byLevel := map[int]int{}
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		team := view.Account.Services[inc.Service].Team
		for n, event := range view.Timeline(i) {
			at := inc.At(event)
			byTimer := event.Kind == history.Escalate && event.Via == history.ViaTimeout
			if n != 1 && !byTimer {
				continue
			}
			level := levelOf(view, team, history.Actor(event.Arg), at)
			if n == 1 {
				byLevel[level]++
				if level > lowest(view, team, at) {
					t.Errorf("incident %d begins at level %d, want %d", i, level, lowest(view, team, at))
				}
			}
			if level == 0 {
				t.Errorf("incident %d goes to %d, who is not on call", i, event.Arg)
			}
		}
	}
	if byLevel[1] < 2*byLevel[2] || byLevel[2] < 100 || byLevel[3] != 0 {
		t.Errorf("incidents begin at levels %v, want most at 1, those out of hours at 2, none at 3", byLevel)
	}
}

// levelOf returns the lowest level at which somebody is on call, 0 for none.
func levelOf(view *history.View, team int, who history.Actor, at int64) int {
	for level := 1; level <= 2; level++ {
		for _, s := range view.Account.Shifts(team, level, at, at+1) {
			if s.Who == who {
				return level
			}
		}
	}
	if view.Account.Lead(team) == who {
		return 3
	}
	return 0
}

// lowest returns the lowest level at which anybody is on call.
func lowest(view *history.View, team int, at int64) int {
	if len(view.Account.Shifts(team, 1, at, at+1)) > 0 {
		return 1
	}
	return 2
}

// TestNobodyHasTwoWeeksOnEnd looks at a team in which three and four people take
// turns by turns.
func TestNobodyHasTwoWeeksOnEnd(t *testing.T) {
	t.Parallel()
	start, end := date(t, "2024-07-01"), date(t, "2026-07-01")
	team := history.Team{ID: "t", Services: []string{"P1"}, Users: []history.User{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	for from := start; from.Before(end); from = from.AddDate(0, 0, 7*9) {
		team.Users = append(team.Users, history.User{ID: "d", From: from, Until: from.AddDate(0, 0, 7*7)})
	}
	org := history.Organization{Teams: []history.Team{team}}
	view := build(t, history.Options{Organization: org, Seed: 1, Start: start, End: end}).At(end)
	weeks := map[history.Actor]int{}
	all := view.Account.Shifts(0, 1, start.Unix(), end.Unix())
	for i, s := range all {
		weeks[s.Who]++
		if i > 0 && s.Who == all[i-1].Who {
			t.Errorf("member %d has the weeks of %d and %d", s.Who, all[i-1].Start, s.Start)
		}
	}
	if len(weeks) != 4 || weeks[3] < 5 {
		t.Errorf("weeks by member: %v, want four people to have had some", weeks)
	}
}

func TestShiftsDependOnNothingButTheSeed(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	_, same, _ := twoYears(t, 1)
	_, other, _ := twoYears(t, 2)
	longer := build(t, history.Options{Seed: 1, Start: date(t, "2020-01-01"), End: date(t, "2020-02-01")}).At(date(t, "2020-02-01"))
	for team := range 6 {
		want := shifts(view, team, 1, years)
		for name, got := range map[string]*history.View{"the same history": same, "a history of another time": longer} {
			if diff := cmp.Diff(want, shifts(got, team, 1, years)); diff != "" {
				t.Errorf("team %d: shifts in %s (-want +got):\n%s", team, name, diff)
			}
		}
	}
	if cmp.Equal(shifts(view, 0, 1, years), shifts(other, 0, 1, years)) {
		t.Error("seeds 1 and 2 give the same shifts")
	}
}

func TestMaintenanceIsKnownTwoWeeksAhead(t *testing.T) {
	t.Parallel()
	view, years := twoYearsOfShifts(t)
	all := view.Maintenance(years.until)
	if len(all) < 6*8*2 {
		t.Errorf("%d windows, want at least two for each of 6 teams in each of 8 quarters", len(all))
	}
	for i, w := range all {
		if w.Number != i+1 || w.Start < years.from || w.End-w.Start < hour || w.End-w.Start > 3*hour || len(w.Services) == 0 {
			t.Errorf("window %d is %+v", i, w)
		}
		for _, service := range w.Services {
			if view.Account.Services[service].Team != w.Team {
				t.Errorf("window %d is about service %d, which is another team's", i, service)
			}
		}
	}
	later := build(t, history.Options{Seed: 1, Start: date(t, "2025-02-15"), End: date(t, "2025-07-01")}).At(date(t, "2025-07-01"))
	for _, w := range later.Maintenance(years.until) {
		if w.Start < later.Since {
			t.Errorf("a window of %d is in a history from %d on", w.Start, later.Since)
		}
	}
	third := all[2]
	if diff := cmp.Diff(all[:3], view.Maintenance(third.Start-14*day)); diff != "" && all[3].Start > third.Start {
		t.Errorf("windows known two weeks before the third (-want +got):\n%s", diff)
	}
	if n := len(view.Maintenance(third.Start - 14*day - 1)); n > 2 {
		t.Errorf("%d windows are known a second earlier, want 2", n)
	}
}
