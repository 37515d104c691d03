package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/store"
)

// TestCloudAndDataCenterGiveTheSameCards reads one history from either, and
// compares all that is published in the middle of a quarter, and what was
// published in the middle of the one before.
func TestCloudAndDataCenterGiveTheSameCards(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.February, 15, 0, 0, 0, 0, time.UTC)
	now := time.Date(2026, time.August, 20, 15, 0, 0, 0, time.UTC)
	base := newTicketSetting(t, start, now)
	given := map[simulatedjira.Mode]string{}
	for _, mode := range []simulatedjira.Mode{simulatedjira.Cloud, simulatedjira.DataCenter} {
		s := base.jiraStage(t, mode)
		s.now.Store(now.Unix())
		must(t, s.cycle(t))
		s.requireTickets(t, "2026-Q2")
		var out bytes.Buffer
		scores := s.scores(t)
		out.WriteString(cardsOf(t, scores, time.Time{}, append(publishedPeriods(), "2026-Q1")...))
		s.addEvidence(t, &out, scores, publishedPeriods()...)
		s.now.Store(now.AddDate(0, -3, 0).Unix())
		s.addEvidence(t, &out, s.scores(t), "previous") // 2026-Q1.
		given[mode] = out.String()
	}
	if diff := cmp.Diff(given[simulatedjira.Cloud], given[simulatedjira.DataCenter]); diff != "" {
		t.Errorf("cards and evidence (-cloud +data center):\n%s", diff)
	}
}

// addEvidence writes down the facts behind every row that rests on tickets.
func (s *stage) addEvidence(t *testing.T, out *bytes.Buffer, scores *app.Scores, periods ...string) {
	t.Helper()
	linked := 0
	for _, period := range periods {
		cards, err := scores.Cards(context.Background(), period, time.Time{})
		must(t, err)
		for _, c := range cards {
			for _, row := range c.Rows {
				if !restsOnJira(row) {
					continue
				}
				items, err := scores.Evidence(context.Background(), row.ID, c.Subject.ID, period, time.Time{})
				must(t, err)
				encoded, err := json.Marshal(items)
				must(t, err)
				fmt.Fprintf(out, "%s %s %s %s\n", period, c.Subject.ID, row.ID, encoded)
				linked += bytes.Count(encoded, []byte(`"https://example.atlassian.net/browse/`))
			}
		}
	}
	if linked < 10 {
		t.Fatalf("the evidence of %v links %d tickets only", periods, linked)
	}
}

// TestOneChangedTicketGivesTheCardsOfAllReadAnew keeps scores while tickets come,
// change and cease to be of their class, beside ones that read everything at the end.
func TestOneChangedTicketGivesTheCardsOfAllReadAnew(t *testing.T) {
	t.Parallel()
	base := quarterOfTickets(t)
	s := base.jiraStage(t, simulatedjira.Cloud)
	scores := app.NewScores(s.policy, s.store, s.clock)
	for _, at := range []time.Time{evaluatedAt.AddDate(0, 0, -40), evaluatedAt.AddDate(0, 0, -3), evaluatedAt, faultsEnd} {
		s.now.Store(at.Unix())
		must(t, s.cycle(t))
		must(t, scores.Refresh(context.Background()))
		if diff := cmp.Diff(s.cards(t), cardsOf(t, scores, time.Time{}, publishedPeriods()...)); diff != "" {
			t.Errorf("at %v (-anew +kept):\n%s", at, diff)
		}
	}
	stripped := facts.Batch{}
	for ticket, err := range s.store.Tickets(context.Background(), store.TicketQuery{}) {
		must(t, err)
		ticket.Type, ticket.Labels, ticket.Links, ticket.UpdatedAt = "Task", nil, nil, faultsEnd.Add(-time.Second)
		stripped.Tickets = append(stripped.Tickets, ticket)
	}
	before := s.cards(t)
	must(t, s.store.Save(context.Background(), facts.Jira, stripped))
	must(t, scores.Refresh(context.Background()))
	after := s.cards(t)
	if diff := cmp.Diff(after, cardsOf(t, scores, time.Time{}, publishedPeriods()...)); diff != "" {
		t.Errorf("once tickets lost their class (-anew +kept):\n%s", diff)
	}
	if before == after {
		t.Error("nothing rested on the tickets that lost their class")
	}
}
