package storetest

import (
	"context"
	"strconv"
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
		"a ticket that is gone says since when":                    goneTicket,
		"a ticket that comes is there again":                       returnedTicket,
		"tickets stand in the order of their creation":             ticketsBehind,
		"it is known which tickets are kept":                       knownTickets,
		"a ticket without an id is an error, and nothing is kept":  ticketWithoutID,
		"a status of the site comes back with its latest category": ticketStatus,
		"shares of tickets have each ticket once":                  ticketShares,
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

func gone(at int, ids ...string) facts.Batch {
	return facts.Batch{Absence: &facts.Absence{At: epoch().Add(time.Duration(at) * time.Hour), Tickets: ids}}
}

func goneTicket(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 1)), gone(5, "2", "3"))
	missing := ticket("2", 1)
	missing.GoneAt = epoch().Add(5 * time.Hour)
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), []facts.Ticket{ticket("1", 1), missing})
	want(t, "what changed", readTickets(t, s, store.TicketQuery{SinceRevision: 1}), []facts.Ticket{missing})
	save(t, s, gone(6, "2"))
	want(t, "a second absence", readTickets(t, s, store.TicketQuery{IDs: []string{"2"}}), []facts.Ticket{missing})
	want(t, "revision", got(s.Revision(context.Background()))(t), 2)
}

func returnedTicket(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 2)), gone(5, "1", "2"), tickets(ticket("1", 1), ticket("2", 1)))
	back := []facts.Ticket{ticket("1", 1), ticket("2", 2)}
	want(t, "tickets", readTickets(t, s, store.TicketQuery{}), back)
	want(t, "what changed", readTickets(t, s, store.TicketQuery{SinceRevision: 2}), back)
}

func ticketsBehind(t *testing.T, s Store) {
	created := func(id string, hour int) facts.Ticket {
		one := ticket(id, 100)
		one.CreatedAt = epoch().Add(time.Duration(hour) * time.Hour)
		return one
	}
	save(t, s, tickets(created("4", 2), created("3", 1), created("2", 1), created("1", 3)), gone(5, "4"))
	behind := func(hour int, id string, limit int) []string {
		ids := []string{}
		for _, one := range got(s.TicketsBehind(context.Background(), epoch().Add(time.Duration(hour)*time.Hour), id, limit))(t) {
			ids = append(ids, one.ID)
		}
		return ids
	}
	want(t, "the first two", behind(0, "", 2), []string{"2", "3"})
	want(t, "what stands behind one of them", behind(1, "2", 9), []string{"3", "4", "1"})
	want(t, "what stands behind the last", behind(3, "1", 9), []string{})
	all := got(s.TicketsBehind(context.Background(), time.Time{}, "", 9))(t)
	missing := facts.Ticket{ID: "4", Key: "DRE-4", CreatedAt: epoch().Add(2 * time.Hour), UpdatedAt: at(100), GoneAt: epoch().Add(5 * time.Hour)}
	want(t, "what it tells of a ticket", all[2], missing)
}

func knownTickets(t *testing.T, s Store) {
	save(t, s, tickets(ticket("1", 1), ticket("2", 1)))
	want(t, "known tickets", got(s.KnownTickets(context.Background(), []string{"2", "3"}))(t), map[string]bool{"2": true})
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

func ticketShares(t *testing.T, s Store) {
	for n := range 5 {
		save(t, s, tickets(ticket(strconv.Itoa(n), 1)))
	}
	save(t, s, tickets(ticket("2", 2))) // A change moves it to no other share.
	times := map[string]int{}
	for share := range 2 {
		q := store.TicketQuery{Share: share, Shares: 2}
		for _, wanted := range []func(*facts.Ticket) bool{nil, func(*facts.Ticket) bool { return true }} {
			q.Want = wanted
			list := readTickets(t, s, q)
			if len(list) < 2 {
				t.Errorf("share %d has %d of 5 tickets", share, len(list))
			}
			for _, one := range list {
				times[one.ID]++
			}
		}
	}
	want(t, "how often each was read, with an outline and without", times, map[string]int{"0": 2, "1": 2, "2": 2, "3": 2, "4": 2})
}
