package app_test

import (
	"slices"
	"testing"
	"time"

	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// readTickets are the scores of a store that has both sources read for five years, and some tickets of the mysql team.
func readTickets(t *testing.T, list ...facts.Ticket) *app.Scores {
	t.Helper()
	s := emptyStore(t)
	done := facts.TicketStatus{ID: "10001", Name: "Done", Category: facts.CategoryDone}
	must(t, s.Save(t.Context(), facts.Jira, facts.Batch{Tickets: list, TicketStatuses: []facts.TicketStatus{done}}))
	complete := facts.Batch{Complete: &facts.Completion{DataAsOf: evaluatedAt, DataSince: evaluatedAt.AddDate(-5, 0, 0)}}
	for _, source := range []facts.Source{facts.Jira, facts.PagerDuty} {
		must(t, s.Save(t.Context(), source, complete))
	}
	p := ticketConfig(t).Policy()
	for _, o := range slices.Clone(p.Rubric.Objectives) {
		switch o.ID {
		case "documentation_coverage":
			o.ID, o.MaxAge = "old_documents", scorecard.Span(1000*24*time.Hour)
		case "action_items":
			o.ID, o.Due = "slow_actions", scorecard.Due{Days: 500}
		default:
			continue
		}
		p.Rubric.Objectives = append(p.Rubric.Objectives, o)
	}
	scores := app.NewScores(p, s, func() time.Time { return evaluatedAt })
	must(t, scores.Refresh(t.Context()))
	return scores
}

// A runbook of 990 days ago covers a service for 1,000 days, and an item that nobody has
// touched for 500 days is due in the second quarter, whether a card is at hand or
// not. The first quarter began 91 days earlier.
func TestTicketsCountForAsLongAsTheRubricSays(t *testing.T) {
	t.Parallel()
	base := func(id string, at time.Time) facts.Ticket {
		return facts.Ticket{
			ID: id, Key: "DRE-" + id, Project: "DRE", Type: "Task", Components: []string{"mysql", "PMYSQL1"}, CreatedAt: at, UpdatedAt: at,
			Status: facts.TicketStatus{ID: "1", Name: "To Do", Category: facts.CategoryNew},
		}
	}
	var list []facts.Ticket
	for id, end := range map[string]time.Time{"1": evaluatedAt, "2": quarterStart} {
		book := base(id, end.AddDate(0, 0, -990))
		book.Labels, book.Resolution, book.ResolvedAt = []string{"runbook"}, "Done", book.CreatedAt
		book.Status = facts.TicketStatus{ID: "10001", Name: "Done", Category: facts.CategoryDone}
		item := base("1"+id, end.AddDate(0, 0, -510))
		item.Labels = []string{"postmortem-action"}
		list = append(list, book, item)
	}
	scores := readTickets(t, list...)
	for _, period := range []string{"2026-Q2", "2026-Q1"} {
		cards, err := scores.Cards(t.Context(), period, time.Time{})
		must(t, err)
		got := map[string]int{}
		i := slices.IndexFunc(cards, func(c scorecard.Card) bool { return c.Subject.ID == "mysql" })
		for _, row := range cards[i].Rows {
			got[row.ID] = row.Population.Classes["covered"] + row.Population.Classes["open"]
		}
		if got["old_documents"] != 1 || got["slow_actions"] != 1 {
			t.Errorf("%s: %d services are covered and %d items open, want one of each", period, got["old_documents"], got["slow_actions"])
		}
	}
}

// The post-mortem names its incident by a ticket of long ago that it is linked to,
// until that is deleted, which is no update of it.
func TestRefreshSeesThatAnOldTicketIsGone(t *testing.T) {
	t.Parallel()
	s, created := emptyStore(t), evaluatedAt.AddDate(0, 0, -30)
	old := facts.Ticket{
		ID: "1", Key: "DRE-1", Project: "DRE", Type: "Task", CreatedAt: evaluatedAt.AddDate(-3, 0, 0), UpdatedAt: evaluatedAt.AddDate(-3, 0, 0),
		Labels: []string{"pd-Q1"},
	}
	review := facts.Ticket{
		ID: "2", Key: "DRE-2", Project: "DRE", Type: "Post-mortem", CreatedAt: created, UpdatedAt: evaluatedAt, ResolvedAt: created, Resolution: "Done",
		Status: facts.TicketStatus{ID: "10001", Name: "Done", Category: facts.CategoryDone}, Links: []facts.TicketLink{{Type: "Relates", Ticket: "1", Key: "DRE-1"}},
	}
	outage := facts.Incident{
		ID: "Q1", Service: "PMYSQL1", Urgency: facts.UrgencyHigh, Priority: "P1", Status: facts.StatusResolved,
		CreatedAt: created.Add(-time.Hour), ResolvedAt: created,
	}
	complete := &facts.Completion{DataAsOf: evaluatedAt, DataSince: evaluatedAt.AddDate(-5, 0, 0)}
	must(t, s.Save(t.Context(), facts.PagerDuty, facts.Batch{Incidents: []facts.Incident{outage}, Complete: complete}))
	must(t, s.Save(t.Context(), facts.Jira, facts.Batch{Tickets: []facts.Ticket{old, review}, Complete: complete}))
	p, clock := ticketConfig(t).Policy(), func() time.Time { return evaluatedAt }
	kept := app.NewScores(p, s, clock)
	must(t, kept.Refresh(t.Context()))
	before := published(t, kept)
	must(t, s.Save(t.Context(), facts.Jira, facts.Batch{Absence: &facts.Absence{At: evaluatedAt.Add(-time.Minute), Tickets: []string{"1"}}}))
	must(t, kept.Refresh(t.Context()))
	if published(t, kept) == before {
		t.Fatal("the cards are the same without the ticket: there is nothing to see here")
	}
	requireFresh(t, kept, p, s, clock)
}
