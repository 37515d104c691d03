package history_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
)

const (
	shortest = 15 * 60      // What an action or a page costs at least.
	longest  = 4 * 60 * 60  // For how long an action shows that somebody is at work.
	working  = 40.0 / 168.0 // The share of a week that is working time.
)

// covered returns the time that a history takes of each member.
func covered(view *history.View, now int64) map[history.Actor][]stretch {
	times := map[history.Actor][]stretch{}
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		engagements := engagements(view, i, now)
		for _, event := range view.Timeline(i) {
			at := inc.At(event)
			who := event.By
			page := event.Kind == history.Notify && event.Via != history.ByEmail
			if page {
				who = history.Actor(event.Arg)
			}
			if at > now || who == history.Machine || view.Account.Members[who].Bot || event.Kind == history.Notify && !page {
				continue
			}
			end := at + shortest
			for _, e := range engagements[who] {
				if !page && e.from <= at && at < e.until {
					end = max(end, min(at+longest, e.until))
				}
			}
			times[who] = append(times[who], stretch{at, end})
		}
	}
	for who, all := range times {
		times[who] = union(all)
	}
	return times
}

// engagements returns when each member had the incident at an index, if it is
// urgent: from an acknowledgement or acceptance to whatever let it go.
func engagements(view *history.View, index int, now int64) map[history.Actor][]stretch {
	inc := &view.Incidents[index]
	since := map[history.Actor]int64{}
	had := map[history.Actor][]stretch{}
	letGo := func(at int64, keep history.Actor) {
		for who, from := range since {
			if who != keep {
				had[who] = append(had[who], stretch{from, at})
				delete(since, who)
			}
		}
	}
	for _, event := range view.Timeline(index) {
		at := inc.At(event)
		if at > now || inc.Urgency == history.Low {
			break
		}
		switch event.Kind {
		case history.Acknowledge, history.AcceptHelp:
			if _, has := since[event.By]; !has {
				since[event.By] = at
			}
		case history.Assign, history.Escalate:
			letGo(at, history.Actor(event.Arg))
		case history.Resolve, history.Merged, history.Unacknowledge, history.Snooze:
			letGo(at, history.Machine)
		default:
		}
	}
	letGo(now, history.Machine)
	return had
}

// TestBurdenIsMostlyBearable holds what people do against a tenth of their
// working time, by team and quarter.
func TestBurdenIsMostlyBearable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		_, view, end := twoYears(t, seed)
		times := covered(view, end.Unix())
		usual, heavy, all := 0, 0, 0
		for _, q := range quarters(t) {
			for team := range 6 {
				share := burden(view, times, team, q)
				all++
				if share >= 0.02 && share < 0.08 {
					usual++
				}
				if share >= 0.10 {
					heavy++
				}
			}
		}
		if usual < 3*all/4 || heavy < 1 || heavy > all/6 {
			t.Errorf("seed %d: of %d burdens %d are 2%% to 8%% and %d are 10%% or more, want most and a few", seed, all, usual, heavy)
		}
	}
}

// burden returns the share of a team's working time that on-call work took.
func burden(view *history.View, times map[history.Actor][]stretch, team int, q stretch) float64 {
	onCall := map[history.Actor]bool{}
	for level := 1; level <= 2; level++ {
		for _, shift := range view.Account.Shifts(team, level, q.from, q.until) {
			onCall[shift.Who] = true
		}
	}
	var spent, had float64
	for i, member := range view.Account.Members {
		who := history.Actor(i)
		for _, stay := range member.Stays {
			from, until := max(stay.From, q.from), min(stay.Until, q.until)
			took := seconds(times[who], from, until)
			if stay.Team == team && from < until && (took > 0 || onCall[who]) {
				spent += float64(took)
				had += float64(until-from) * working
			}
		}
	}
	return spent / had
}

// restless is an organisation of busy teams, in each of which somebody comes
// every sixth week and leaves after five months, or six, or seven.
func restless(t *testing.T) *history.View {
	t.Helper()
	start, end := date(t, "2024-07-01"), date(t, "2026-07-01")
	org := history.Example()
	for i := range org.Teams {
		team := &org.Teams[i]
		team.Profile = history.Profile{PerDay: 5, Weekend: 1, Night: 1, Median: 2 * time.Minute, Prompt: 0.9, Unanswered: 0.3}
		team.Users = team.Users[:1]
		for n := range 20 {
			from := start.AddDate(0, 0, 42*(n-3)+i)
			team.Users = append(team.Users, history.User{ID: fmt.Sprintf("P%s%02d", team.ID, n), From: from, Until: from.AddDate(0, 5+n%3, 0)})
		}
	}
	return build(t, history.Options{Organization: org, Seed: 1, Start: start, End: end}).At(end)
}

func TestNobodyActsOutsideTheirTeams(t *testing.T) {
	t.Parallel()
	view := restless(t)
	acts := map[history.Actor]int{}
	for i := range view.Incidents {
		inc := &view.Incidents[i]
		team := view.Account.Services[inc.Service].Team
		for _, event := range view.Timeline(i) {
			if event.By == history.Machine || view.Account.Members[event.By].Bot {
				continue
			}
			acts[event.By]++
			if !slices.ContainsFunc(view.Account.Members[event.By].Stays, func(s history.Stay) bool {
				return s.Team == team && s.From <= inc.At(event) && inc.At(event) < s.Until
			}) {
				t.Errorf("%s, who is not in team %d then, did %v", view.Account.Members[event.By].ID, team, event)
			}
		}
	}
	for i, member := range view.Account.Members {
		stayed := !member.Bot && member.Stays[0].Until < view.Incidents[len(view.Incidents)-1].Created
		if stayed && acts[history.Actor(i)] == 0 {
			t.Errorf("%s never does anything", member.ID)
		}
	}
}
