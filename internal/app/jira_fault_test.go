package app_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
	simulatedjira "teamhealth/internal/simulator/jira"
)

// ticketFaultsStart is where the history begins that Jira's faults are tried on.
var ticketFaultsStart = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)

// ticketMenu is everything that can go wrong with Jira for a while without leaving a trace.
func ticketMenu() []faults.Fault {
	return []faults.Fault{
		{Kind: faults.TooMany, Rate: 0.3},
		{Kind: faults.TooManyBare, Rate: 0.3},
		{Kind: faults.ServerError, Rate: 0.3},
		{Kind: faults.BadGateway, Rate: 0.3},
		{Kind: faults.Unavailable, Rate: 0.3},
		{Kind: faults.Truncated, Rate: 0.3},
		{Kind: faults.HTML, Rate: 0.1},
		{Kind: faults.Empty, Rate: 0.1},
		{Kind: faults.Slow, Rate: 0.15},
		{Kind: faults.Reset, Rate: 0.3},
		{Kind: faults.ResetMidway, Rate: 0.3},
		{Kind: faults.Drift, Rate: 1},
		{Kind: faults.Null, Rate: 1, Fields: unreadOfTickets()},
		{Kind: faults.Missing, Rate: 1, Fields: unreadOfTickets()},
		{Kind: faults.Odd, Rate: 1, Fields: unreadOfTickets()},
		{Kind: faults.Null, Rate: 0.5, Fields: neededOfTickets()},
		{Kind: faults.Missing, Rate: 0.5, Fields: neededOfTickets()},
		{Kind: faults.Forbidden, Rate: 0.1, Paths: []string{"/rest/api/2/search", "/rest/api/2/search/jql", "/rest/api/2/field", "/rest/api/2/status"}},
	}
}

// unreadOfTickets are fields that no fact is made of.
func unreadOfTickets() []string {
	return []string{
		"isLast", "maxResults", "startAt", "version", "versionNumbers", "buildNumber", "serverTitle", "issues.self", "issues.expand",
		"issues.fields.priority", "issues.fields.issuetype.description", "issues.fields.issuetype.iconUrl",
		"issues.fields.project.name", "issues.fields.project.avatarUrls", "issues.fields.assignee.displayName",
		"issues.fields.creator.emailAddress", "issues.fields.reporter.timeZone", "issues.fields.status.description",
		"issues.fields.status.iconUrl", "issues.fields.resolution.description", "issues.changelog.maxResults",
		"issues.changelog.histories.author.displayName", "displayName", "emailAddress", "timeZone", "locale",
	}
}

// neededOfTickets are fields that every issue, entry and status has, so that one
// without is asked for again. Whether one that an issue may lack was lost on the way, such
// as its assignee, nobody can tell. An id and the key are not both among them: there
// would be nothing to ask for.
func neededOfTickets() []string {
	return []string{
		"issues.id", "issues.fields", "issues.fields.created", "issues.fields.updated", "issues.fields.issuetype.name",
		"issues.fields.project.key", "issues.fields.status", "issues.fields.status.id", "issues.fields.status.statusCategory.key",
		"issues.changelog", "issues.changelog.histories", "issues.changelog.histories.id", "issues.changelog.histories.created",
		"issues.changelog.histories.items", "values.id", "values.created", "values.items",
	}
}

// fewTicketSeeds is how many seeds are enough for every fault to have its turn.
const fewTicketSeeds = 6

// ticketMix is a mix in which those faults strike first whose turn it is.
func ticketMix(seed uint64) []faults.Fault {
	const requests = 100
	var list []faults.Fault
	for i, f := range ticketMenu() {
		if uint64(i)%fewTicketSeeds == seed%fewTicketSeeds {
			f.Requests = requests
			list = append(list, f)
		}
	}
	return append(list, faults.Mix(seed, ticketMenu(), requests)...)
}

// live lets a site be read for two days and more while faults strike: the first
// time, and again as time goes on. At the end they are over, and live returns the
// cards then, and how often each kind struck.
func (s *ticketStage) live(t *testing.T, seed uint64, list []faults.Fault) (cards string, struck map[faults.Kind]int) {
	t.Helper()
	x := s.suffer(t, seed, list)
	err := s.cycle(t)
	for tries := 0; err != nil; tries++ {
		if tries == 200 {
			t.Fatalf("no first cycle completes: %v", err)
		}
		err = s.cycle(t)
	}
	y := s.suffer(t, ^seed, list)
	for _, later := range []time.Duration{13 * time.Minute, 2 * time.Hour, 9 * time.Hour, 28 * time.Hour, 50 * time.Hour} {
		s.now.Store(max(s.now.Load(), evaluatedAt.Add(later).Unix()))
		_ = s.cycle(t) // It may fail as it likes.
	}
	s.injector.Store(nil)
	s.now.Store(faultsEnd.Unix())
	must(t, s.cycle(t))
	struck = x.Struck()
	for kind, n := range y.Struck() {
		struck[kind] += n
	}
	return s.cards(t), struck
}

// TestJirasFaultsThatEndChangeNoByteOfAnyCard tries mixes of everything that can go
// wrong, on Cloud and on Data Center in turn. A seed that fails is tried again with
//
//	TEAMHEALTH_SOAK=<more than the seed> go test ./internal/app -run 'TestJirasFaultsThatEnd.*/mixes/^seed_<seed>$'
func TestJirasFaultsThatEndChangeNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := newTicketSetting(t, ticketFaultsStart, faultsEnd)
	undisturbed := base.stage(t, simulatedjira.Cloud)
	want, _ := undisturbed.live(t, 0, nil)
	undisturbed.requireTickets(t, "2026-Q2")
	var all sync.Map // Kinds that struck.
	t.Run("mixes", func(t *testing.T) {
		for seed := range seeds(t, fewTicketSeeds) {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				mode := []simulatedjira.Mode{simulatedjira.Cloud, simulatedjira.DataCenter}[seed%2]
				got, struck := base.stage(t, mode).live(t, seed, ticketMix(seed))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("seed %d, struck %v: cards differ (-undisturbed +disturbed):\n%s", seed, struck, diff)
				}
				for kind := range struck {
					all.Store(kind, true)
				}
			})
		}
	})
	for _, f := range ticketMenu() {
		if _, struck := all.Load(f.Kind); !struck && !soaking() { // Some seeds of the long form may have been chosen.
			t.Errorf("no seed had a share of %s", f.Kind)
		}
	}
}

// lastingOfTickets are faults that no cycle survives for as long as they last.
func lastingOfTickets() []faults.Fault {
	const search = "/rest/api/2/search/jql"
	return []faults.Fault{
		{Kind: faults.TooMany},
		{Kind: faults.Unavailable, Paths: []string{search}},
		{Kind: faults.HTML, Paths: []string{search}},
		{Kind: faults.Empty, Paths: []string{search}},
		{Kind: faults.Empty, Paths: []string{"/rest/api/2/field"}},
		{Kind: faults.HTML, Paths: []string{"/rest/api/2/status"}},
		{Kind: faults.ResetMidway, Paths: []string{search}},
		{Kind: faults.Forbidden, Paths: []string{search}},
	}
}

// TestJirasFaultsThatLastKeepTheLastFacts reads a site once, and then not again for two days.
func TestJirasFaultsThatLastKeepTheLastFacts(t *testing.T) {
	t.Parallel()
	base := newTicketSetting(t, ticketFaultsStart, faultsEnd)
	plain := base.stage(t, simulatedjira.Cloud)
	must(t, plain.cycle(t))
	good := plain.cards(t)
	plain.reopen(t) // Which puts all of it into one file.
	kept, err := os.ReadFile(plain.file)
	must(t, err)
	plain.now.Store(faultsEnd.Unix())
	must(t, plain.cycle(t))
	want := plain.cards(t)
	for i, f := range lastingOfTickets() {
		t.Run(fmt.Sprintf("%d, %s", i, f.Kind), func(t *testing.T) {
			t.Parallel()
			s := base.stageOn(t, simulatedjira.Cloud, kept)
			f.Rate = 1
			s.suffer(t, uint64(i), []faults.Fault{f})
			for _, age := range []time.Duration{58 * time.Minute, 50 * time.Hour} {
				s.now.Store(evaluatedAt.Add(age).Unix())
				err := s.cycle(t)
				if err == nil {
					t.Fatalf("a cycle completes after %v", age)
				}
				s.requireJiraDown(t, err)
			}
			s.now.Store(evaluatedAt.Unix())
			if diff := cmp.Diff(good, s.cards(t)); diff != "" {
				t.Errorf("what was known before has changed (-before +after):\n%s", diff)
			}
			s.injector.Store(nil)
			s.now.Store(faultsEnd.Unix())
			must(t, s.cycle(t))
			if diff := cmp.Diff(want, s.cards(t)); diff != "" {
				t.Errorf("cards differ after recovery (-undisturbed +recovered):\n%s", diff)
			}
		})
	}
}

// requireJiraDown looks at what is known of the source after a failed cycle.
func (s *ticketStage) requireJiraDown(t *testing.T, err error) {
	t.Helper()
	states, readErr := s.store.Sources(context.Background())
	must(t, readErr)
	for _, state := range states {
		if state.Source == facts.Jira && state.LastError == err.Error() && state.DataAsOf.Equal(evaluatedAt) {
			return
		}
	}
	t.Errorf("the sources are known as %+v, want Jira's last good cycle at %v and error %v", states, evaluatedAt, err)
}
