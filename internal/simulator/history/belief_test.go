package history_test

import (
	"slices"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
)

// seeds are tried one by one where a history must be believable.
const seeds = 3

// quarterOf counts calendar quarters since the year 0.
func quarterOf(at int64) int {
	t := time.Unix(at, 0).UTC()
	return t.Year()*4 + int(t.Month()-1)/3
}

func TestHistoryHasTheSizeOfAnOrganisation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		_, view, _ := twoYears(t, seed)
		if n := len(view.Incidents); n < 3000 || n > 4000 {
			t.Errorf("seed %d: %d incidents, want 3000 to 4000", seed, n)
		}
		if n := len(view.Log); n > 600*100-30*100 {
			t.Errorf("seed %d: %d log entries, which do not fit into 600 pages", seed, n)
		}
		mean := float64(len(view.Log)) / float64(len(view.Incidents))
		if mean < 12 || mean > 16 {
			t.Errorf("seed %d: %.1f events per incident, want 12 to 16", seed, mean)
		}
	}
}

func TestEveryClassOccursOften(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		_, view, end := twoYears(t, seed)
		classes := map[string]int{}
		for i := range view.Incidents {
			classes[classify(view, i, end.Unix())]++
			if classify(view, i, view.Incidents[i].Created+60) == pending {
				classes[pending]++
			}
		}
		for _, class := range []string{within, late, unanswered, merged, lowUrgency, selfHealed, exception, pending} {
			if classes[class] < 20 {
				t.Errorf("seed %d: class %s occurs %d times, want at least 20", seed, class, classes[class])
			}
		}
	}
}

func TestSharesDifferByTeamAndAreNeverTrivial(t *testing.T) {
	t.Parallel()
	type cell struct{ team, quarter int }
	good := map[int]bool{0: true, 1: true, 3: true} // mysql, mongodb, oncall.
	for seed := range uint64(seeds) {
		_, view, end := twoYears(t, seed)
		prompt, all := map[cell]int{}, map[cell]int{}
		for i := range view.Incidents {
			class := classify(view, i, end.Unix())
			team := view.Account.Services[view.Incidents[i].Service].Team
			for _, c := range []cell{{team, quarterOf(view.Incidents[i].Created)}, {team, 0}} { // 0: all quarters.
				if class == within {
					prompt[c]++
				}
				if judged(class) {
					all[c]++
				}
			}
		}
		if len(all) != 6*(8+1) {
			t.Fatalf("seed %d: %d cells of team and quarter, want 6 teams in 8 quarters and in all", seed, len(all))
		}
		for c, n := range all {
			if n < 25 || prompt[c] == 0 || prompt[c] == n {
				t.Errorf("seed %d: team %d in quarter %d: %d of %d, want at least 25, neither none nor all", seed, c.team, c.quarter, prompt[c], n)
			}
		}
		for team := range 6 {
			c := cell{team, 0}
			share := float64(prompt[c]) / float64(all[c])
			low, high := 0.78, 0.90
			if good[team] {
				low, high = 0.91, 0.97
			}
			if share < low || share > high {
				t.Errorf("seed %d: team %d answers %.3f within five minutes, want %.2f to %.2f", seed, team, share, low, high)
			}
		}
	}
}

func TestAnswersTakeAMinuteOrTwoAndSometimesVeryLong(t *testing.T) {
	t.Parallel()
	_, view, _ := twoYears(t, 1)
	times := map[int][]uint32{}
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		timeline := view.Timeline(i)
		n := slices.IndexFunc(timeline, func(e history.Event) bool {
			return e.Kind == history.Acknowledge && !view.Account.Members[e.By].Bot
		})
		if n >= 0 && inc.Urgency == history.High && !inc.Drill {
			team := view.Account.Services[inc.Service].Team
			times[team] = append(times[team], timeline[n].After)
		}
	}
	for team, answers := range times {
		slices.Sort(answers)
		if median := answers[len(answers)/2]; median < 55 || median > 160 {
			t.Errorf("team %d: the median answer takes %d s, want 60 to 150 or so", team, median)
		}
		if longest := answers[len(answers)-1]; longest < 600 {
			t.Errorf("team %d: the longest answer takes %d s; there is no tail", team, longest)
		}
	}
}

func TestDrillsAreMarkedInEveryQuarter(t *testing.T) {
	t.Parallel()
	h, view, end := twoYears(t, 2)
	drills := h.Drills()
	if len(drills) < 25 {
		t.Errorf("%d drills in two years, want at least 25", len(drills))
	}
	perQuarter := map[int]int{}
	for _, id := range drills {
		index, ok := view.Find(id, end.Unix())
		if !ok {
			t.Fatalf("drill %s does not exist", id)
		}
		inc := &view.Incidents[index]
		perQuarter[quarterOf(inc.Created)]++
		if inc.Urgency != history.High || classify(view, index, end.Unix()) != exception {
			t.Errorf("drill %s is not of high urgency", id)
		}
	}
	for quarter := quarterOf(end.Unix()) - 8; quarter < quarterOf(end.Unix()); quarter++ {
		if perQuarter[quarter] < 2 {
			t.Errorf("quarter %d has %d drills, want at least 2", quarter, perQuarter[quarter])
		}
	}
}

func TestThereIsAStormOfForty(t *testing.T) {
	t.Parallel()
	_, view, _ := twoYears(t, 1)
	into := map[int32]int{}
	for i := range view.Incidents {
		for _, event := range view.Timeline(i) {
			if event.Kind == history.Merged {
				into[event.Arg]++
			}
		}
	}
	great := 0
	for target, n := range into {
		if n == 39 {
			great++
		}
		first := view.Incidents[target]
		if state := view.State(int(target), first.Created+day); state.MergedIn != n {
			t.Errorf("incident %d took in %d incidents, and says %d", target, n, state.MergedIn)
		}
	}
	if great == 0 {
		t.Errorf("no storm of 40 among %v", into)
	}
}

func TestEverythingThatCanHappenHappens(t *testing.T) {
	t.Parallel()
	_, view, end := twoYears(t, 1)
	kinds := map[history.Kind]int{}
	vias := map[history.Via]int{}
	byBot, byHand, open, long := 0, 0, 0, 0
	for i := range view.Incidents {
		timeline := view.Timeline(i)
		for _, event := range timeline {
			kinds[event.Kind]++
			vias[event.Via]++
			if event.By != history.Machine && view.Account.Members[event.By].Bot && event.Kind == history.Acknowledge {
				byBot++
			}
			if event.Kind == history.Assign && event.By != history.Machine {
				byHand++
			}
		}
		if status, _ := view.Glance(i, end.Unix()); status != history.Resolved {
			open++
		}
		if len(timeline) > 100 {
			long++
		}
	}
	for kind := history.Trigger; kind <= history.Reopen; kind++ {
		if kinds[kind] < 10 {
			t.Errorf("kind %d occurs %d times, want at least 10", kind, kinds[kind])
		}
	}
	for via := history.ViaAuto; via <= history.ByEmail; via++ {
		if vias[via] == 0 {
			t.Errorf("way %d never occurs", via)
		}
	}
	if byBot < 20 || byHand < 20 || open < 1 || open > 60 || long < 1 {
		t.Errorf("acknowledged by the bot: %d, reassigned: %d, still open: %d, longer than 100 events: %d; want 20, 20, 1 to 60, 1",
			byBot, byHand, open, long)
	}
}

func TestNightsAndWeekendsAreQuieter(t *testing.T) {
	t.Parallel()
	_, view, _ := twoYears(t, 1)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var night, office, weekend, weekday float64
	for i := range view.Incidents {
		at := time.Unix(view.Incidents[i].Created, 0).In(berlin)
		switch {
		case at.Weekday() == time.Saturday || at.Weekday() == time.Sunday:
			weekend++
		default:
			weekday++
		}
		switch {
		case at.Hour() < 7 || at.Hour() >= 22:
			night++
		case at.Hour() >= 9 && at.Hour() < 18:
			office++
		}
	}
	// Nine hours each; two days against five.
	if night > 0.7*office || weekend/2 > 0.85*weekday/5 {
		t.Errorf("%v at night against %v in office hours, %v at weekends against %v", night, office, weekend, weekday)
	}
}

const day = 24 * 60 * 60
