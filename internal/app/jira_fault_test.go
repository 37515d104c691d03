package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/faults"
	simulatedjira "teamhealth/internal/simulator/jira"
)

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

// TestJirasFaultsThatEndChangeNoByteOfAnyCard tries mixes of everything that can go
// wrong, on Cloud and on Data Center in turn. A seed that fails is tried again with
//
//	TEAMHEALTH_SOAK=<more than the seed> go test ./internal/app -run 'TestJirasFaultsThatEnd.*/mixes/^seed_<seed>$'
func TestJirasFaultsThatEndChangeNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := monthOfTickets(t)
	undisturbed := base.jiraStage(t, simulatedjira.Cloud)
	o := ordeal{
		stage: func(t *testing.T, seed uint64) *stage {
			t.Helper()
			return base.jiraStage(t, []simulatedjira.Mode{simulatedjira.Cloud, simulatedjira.DataCenter}[seed%2])
		},
		menu: ticketMenu(), mix: inTurn(ticketMenu(), fewTicketSeeds, 100), few: fewTicketSeeds,
	}
	o.want, _ = undisturbed.live(t, 0, nil)
	undisturbed.requireTickets(t, "2026-Q2")
	o.tryMixes(t)
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
	base := monthOfTickets(t)
	plain := base.jiraStage(t, simulatedjira.Cloud)
	must(t, plain.cycle(t))
	good := plain.cards(t)
	kept := plain.kept(t)
	want := plain.atTheEnd(t)
	for i, f := range lastingOfTickets() {
		t.Run(fmt.Sprintf("%d, %s", i, f.Kind), func(t *testing.T) {
			t.Parallel()
			s := base.jiraStageOn(t, simulatedjira.Cloud, kept)
			f.Rate = 1
			s.suffer(t, uint64(i), []faults.Fault{f})
			for _, age := range []time.Duration{58 * time.Minute, 50 * time.Hour} {
				s.requireFailure(t, age)
			}
			s.now.Store(evaluatedAt.Unix())
			if diff := cmp.Diff(good, s.cards(t)); diff != "" {
				t.Errorf("what was known before has changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(want, s.atTheEnd(t)); diff != "" {
				t.Errorf("cards differ after recovery (-undisturbed +recovered):\n%s", diff)
			}
		})
	}
}
