package storetest

import (
	"context"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func ticketTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of a ticket comes back":                       everyTicketField,
		"a ticket keeps only what it has":                          emptyTicket,
		"a newer version of a ticket replaces the kept one":        newerTicket,
		"an older version of a ticket changes nothing":             olderTicket,
		"the same ticket again is no change":                       sameTicket,
		"tickets are read by their latest update":                  ticketsByUpdate,
		"tickets are read by what changed since a revision":        ticketsByRevision,
		"tickets are read by their ids":                            ticketsByID,
		"a ticket that nobody wants is not read":                   unwantedTicket,
		"a ticket without an id is an error, and nothing is kept":  ticketWithoutID,
		"a status of the site comes back with its latest category": ticketStatus,
	}
}

func ticket(id string, updated int) facts.Ticket {
	return facts.Ticket{ID: id, Key: "DRE-" + id, CreatedAt: epoch(), UpdatedAt: at(updated), Changes: []facts.TicketChange{}}
}

func tickets(list ...facts.Ticket) facts.Batch { return facts.Batch{Tickets: list} }

func readTickets(t *testing.T, s Store, q store.TicketQuery) []facts.Ticket {
	t.Helper()
	var list []facts.Ticket
	for one, err := range s.Tickets(context.Background(), q) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

func everyTicketField(t *testing.T, s Store) {
	full := facts.Ticket{
		ID: "10001", Key: "DRE-1", URL: "https://example.atlassian.net/browse/DRE-1", Project: "DRE", Type: "Post-mortem",
		Status:            facts.TicketStatus{ID: "3", Name: "已完成", Category: facts.CategoryDone},
		CategoryChangedAt: at(3), Resolution: "Done", CreatedAt: at(1).Add(123 * time.Millisecond), UpdatedAt: at(5), ResolvedAt: at(4),
		Due: "2026-08-01", Summary: "größer\x00 als 0", Description: "h2. Impact\n\nnone", Format: facts.FormatPlain,
		Labels: []string{"a", "b"}, Components: []string{"mysql"}, Assignee: "5b10a1", Creator: "5b10a2", Reporter: "5b10a3", Parent: "10000",
		Links:  []facts.TicketLink{{Type: "Relates", Outward: true, Ticket: "10002", Key: "DRE-2"}},
		Fields: map[string][]string{"PagerDuty Incident": {"Q1", "Q2"}}, RemoteLinks: []string{"https://example.com"},
		Changes: []facts.TicketChange{
			{History: "1", At: at(2), Author: "5b10a1", Field: facts.FieldStatus, From: "1", To: "3", FromName: "To Do", ToName: "Fertig"},
			{History: "2", At: at(4), Field: facts.FieldResolution, To: "10000", ToName: "Done", Migrated: true},
		},
	}
	save(t, s, tickets(full))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), []facts.Ticket{full})
	want(t, "records", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"ticket": 1})
}

func emptyTicket(t *testing.T, s Store) {
	bare := ticket("1", 1)
	save(t, s, tickets(bare))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), []facts.Ticket{bare})
}

func newerTicket(t *testing.T, s Store) {
	newer := ticket("1", 2)
	newer.Summary = "newer"
	save(t, s, tickets(ticket("1", 1)), tickets(newer))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), []facts.Ticket{newer})
}

func olderTicket(t *testing.T, s Store) {
	older := ticket("1", 1)
	older.Summary = "older"
	save(t, s, tickets(ticket("1", 2)), tickets(older))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), []facts.Ticket{ticket("1", 2)})
	want(t, "revision", got(s.Revision(context.Background()))(t), 1)
}

func sameTicket(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1)), tickets(ticket("1", 1)))
	want(t, "revision", got(s.Revision(context.Background()))(t), 1)
}

func ticketsByUpdate(t *testing.T, s Store) {
	save(t, s, tickets(ticket("3", 3), ticket("1", 1), ticket("2", 2)))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{UpdatedSince: at(2)}), []facts.Ticket{ticket("2", 2), ticket("3", 3)})
}

func ticketsByRevision(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 1)), tickets(ticket("2", 2)), tickets(ticket("3", 1)))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{SinceRevision: 1}), []facts.Ticket{ticket("2", 2), ticket("3", 1)})
}

func ticketsByID(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 1), ticket("3", 1)))
	want(t, "tickets", readTickets(t, s, store.TicketQuery{IDs: []string{"3", "1", "3", `4"`}}), []facts.Ticket{ticket("1", 1), ticket("3", 1)})
	want(t, "tickets of no id", readTickets(t, s, store.TicketQuery{IDs: []string{}}), nil)
}

func unwantedTicket(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 1)))
	q := store.TicketQuery{Want: func(one *facts.Ticket) bool { return one.Key == "DRE-2" }}
	want(t, "tickets", readTickets(t, s, q), []facts.Ticket{ticket("2", 1)})
}

func ticketWithoutID(t *testing.T, s Store) {
	if err := s.Save(context.Background(), facts.Jira, tickets(ticket("1", 1), facts.Ticket{Key: "DRE-2"})); err == nil {
		t.Error("a ticket without an id was kept")
	}
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), nil)
}

func ticketStatus(t *testing.T, s Store) {
	first, second := facts.TicketStatus{ID: "1", Name: "Done", Category: facts.CategoryNew}, facts.TicketStatus{ID: "1", Name: "Done", Category: facts.CategoryDone}
	save(t, s, facts.Batch{TicketStatuses: []facts.TicketStatus{first}}, facts.Batch{TicketStatuses: []facts.TicketStatus{second}})
	want(t, "statuses", got(s.TicketStatuses(context.Background()))(t), []facts.TicketStatus{second})
}
