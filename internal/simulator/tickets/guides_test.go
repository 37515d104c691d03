package tickets_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"teamhealth/internal/simulator/tickets"
)

// guidance is what the newest guide of a service is at an instant.
type guidance string

const (
	fresh    guidance = "fresh"
	outdated guidance = "outdated" // Older than 365 days.
	none     guidance = "none"
)

// guidanceOf looks at each service's guides of a kind, by team.
func guidanceOf(w *world, label string, at time.Time) map[int][]guidance {
	found := map[int][]guidance{}
	for _, service := range w.incidents.Account.Services {
		var newest int64
		for i := range w.tickets.Tickets {
			ticket := &w.tickets.Tickets[i]
			names := slices.Contains(ticket.Components, service.Name) || has(ticket, service.ID)
			if done := completed(ticket); has(ticket, label) && names && done <= at.Unix() {
				newest = max(newest, done)
			}
		}
		state := none
		switch {
		case newest >= at.AddDate(0, 0, -365).Unix():
			state = fresh
		case newest > 0:
			state = outdated
		}
		found[service.Team] = append(found[service.Team], state)
	}
	return found
}

// TestSomeServicesLackTheirGuides looks at the end of the last whole quarter
// for histories that begin two years before any day of a quarter: their other end is
// 638 to 730 days after the beginning.
func TestSomeServicesLackTheirGuides(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		w := newWorld(t, seed)
		for _, days := range []int{638, 669, 700, 730} {
			at := end.AddDate(-2, 0, days)
			for label, lacking := range map[string]int{tickets.LabelRunbook: 1, tickets.LabelAutomation: 2} {
				t.Run(fmt.Sprintf("seed %d, %s after %d days", seed, label, days), func(t *testing.T) {
					t.Parallel()
					requireMix(t, guidanceOf(w, label, at), lacking)
				})
			}
		}
	}
}

// requireMix holds that each of two projects of three teams lacks so many
// guides, that there are some of each kind, and a whole team without fault.
func requireMix(t *testing.T, found map[int][]guidance, lacking int) {
	t.Helper()
	all, whole, inProject := map[guidance]int{}, 0, [2]int{}
	for team, states := range found {
		bad := 0
		for _, state := range states {
			all[state]++
			if state != fresh {
				bad++
			}
		}
		inProject[team/3] += bad
		if bad == 0 {
			whole++
		}
	}
	if all[outdated] != lacking || all[none] != lacking || inProject != [2]int{lacking, lacking} || whole < 2 {
		t.Errorf("guides of services, by team: %v; want %d outdated and %d never written, %d in each project, and two teams with all",
			found, lacking, lacking, lacking)
	}
}
