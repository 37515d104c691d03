package app_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/scorecard"
)

// batches runs cycles until one completes, and returns the batches in the order
// in which they were saved. Each cycle but the last is stopped after the given
// number of batches, and the store then opened again.
func (s *stage) batches(t *testing.T, stops ...int) []facts.Batch {
	t.Helper()
	var batches []facts.Batch
	ctx := context.Background()
	for _, stop := range append(stops, -1) {
		saved := 0
		err := s.collector(t, apiclient.New(apiclient.Options{})).Collect(ctx, s.store, func(b facts.Batch) error {
			if saved == stop {
				return errStop
			}
			saved++
			batches = append(batches, b)
			return s.store.Save(ctx, facts.Jira, b)
		})
		if !errors.Is(err, errStop) {
			must(t, err)
			continue
		}
		s.reopen(t)
	}
	return batches
}

func TestRestartingBetweenPagesOfTicketsChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := quarterOfTickets(t)
	undisturbed := base.jiraStage(t, simulatedjira.Cloud)
	pages := len(undisturbed.batches(t))
	undisturbed.requireTickets(t, "2026-Q2")
	want := undisturbed.cards(t)
	if pages < 5 {
		t.Fatalf("%d pages only", pages)
	}
	random := rand.New(rand.NewPCG(1, 2))
	every := 2 // Of the pages, and each of them in the long form.
	if soaking() {
		every = 1
	}
	for first := 0; first < pages; first += every {
		stops := []int{first, random.IntN(pages)}
		s := base.jiraStage(t, []simulatedjira.Mode{simulatedjira.Cloud, simulatedjira.DataCenter}[first/every%2])
		s.batches(t, stops...)
		if diff := cmp.Diff(want, s.cards(t)); diff != "" {
			t.Errorf("cards differ after stops at pages %v (-undisturbed +restarted):\n%s", stops, diff)
		}
	}
}

func TestShufflingAndReplayingPagesOfTicketsChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := quarterOfTickets(t)
	undisturbed := base.jiraStage(t, simulatedjira.Cloud)
	batches := undisturbed.batches(t)
	want := undisturbed.cards(t)
	for seed := range seeds(t, 3) {
		s := base.jiraStage(t, simulatedjira.Cloud)
		for _, b := range disturbTickets(batches, rand.New(rand.NewPCG(seed, 0))) {
			must(t, s.store.Save(context.Background(), facts.Jira, b))
		}
		if diff := cmp.Diff(want, s.cards(t)); diff != "" {
			t.Errorf("seed %d: cards differ (-undisturbed +disturbed):\n%s", seed, diff)
		}
	}
}

// disturbTickets deals the tickets and statuses of batches out to some pages at
// random, lets pages come again, an older version of a ticket among them, and ends
// with the completion.
func disturbTickets(batches []facts.Batch, random *rand.Rand) []facts.Batch {
	out := make([]facts.Batch, 1+random.IntN(20))
	var last facts.Batch
	for _, b := range batches {
		for _, status := range b.TicketStatuses {
			p := &out[random.IntN(len(out))]
			p.TicketStatuses = append(p.TicketStatuses, status)
		}
		for _, ticket := range b.Tickets {
			p := &out[random.IntN(len(out))]
			p.Tickets = append(p.Tickets, ticket)
			if len(ticket.Changes) > 0 && random.IntN(4) == 0 {
				p = &out[random.IntN(len(out))]
				p.Tickets = append(p.Tickets, before(ticket))
			}
		}
		if b.Complete != nil {
			last = facts.Batch{Complete: b.Complete, Cursor: b.Cursor}
		}
	}
	for _, p := range out {
		random.Shuffle(len(p.Tickets), func(i, j int) { p.Tickets[i], p.Tickets[j] = p.Tickets[j], p.Tickets[i] })
	}
	for range random.IntN(10) {
		out = append(out, out[random.IntN(len(out))])
	}
	return append(out, last)
}

// before is a ticket as it was before anything happened to it.
func before(t facts.Ticket) facts.Ticket {
	t.Changes, t.UpdatedAt, t.Labels, t.Description = []facts.TicketChange{}, t.CreatedAt.Add(-1), nil, ""
	return t
}

// requireTickets makes sure that a test is about something: rows of a quarter rest
// on tickets, and not all of them say the same.
func (s *stage) requireTickets(t *testing.T, period string) {
	t.Helper()
	cards, err := s.scores(t).Cards(context.Background(), period, time.Time{})
	must(t, err)
	verdicts, judged := map[scorecard.Verdict]bool{}, 0
	for _, c := range cards {
		for _, row := range c.Rows {
			if restsOnJira(row) && row.Value != nil && row.Value.Sign() > 0 {
				verdicts[row.Verdict], judged = true, judged+1
			}
		}
	}
	if judged < 20 || !verdicts[scorecard.Met] || !verdicts[scorecard.Missed] {
		t.Fatalf("%s: %d rows rest on tickets, with verdicts %v: there is nothing to see here", period, judged, verdicts)
	}
}

func restsOnJira(row scorecard.Row) bool {
	return slices.ContainsFunc(row.Sources, func(s scorecard.RowSource) bool { return s.Name == facts.Jira })
}
