package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Jira accounts of nobody on the roster.
const (
	jiraGuest    = "5b10c1"
	jiraStranger = "5b10c2"
)

// migrating is a world with tickets, of which only those labelled migration are of a class.
func migrating(tb testing.TB, tickets ...facts.Ticket) ticketWorld {
	tb.Helper()
	count := scorecard.Parameters{Of: "migration"}
	return newTicketWorld(tb, ticketObjective("migrations", scorecard.MeasureTicketCount, scorecard.UnitCount, "", count), tickets...)
}

// strangers is how many unmapped people the organisation's card tells of.
func (w ticketWorld) strangers(tb testing.TB) int {
	tb.Helper()
	return scorecard.Compute(w.input(tb))[0].Unmapped.People
}

func TestAccountsThatWroteOrDidTicketsAreUnmappedPeople(t *testing.T) {
	t.Parallel()
	created, at := utc(t, "2026-07-10 10:00:00"), utc(t, "2026-08-03 10:00:00")
	change := func(key string, what ...doing) facts.Ticket {
		return ticket(key, created, append([]doing{labelled("migration")}, what...)...)
	}
	for name, test := range map[string]struct {
		tickets []facts.Ticket
		people  int
	}{
		"whoever is on the roster is mapped": {[]facts.Ticket{change("DRE-1", assignedTo(created, jiraBo), deliveredAt(at))}, 0},
		"an author counts":                   {[]facts.Ticket{change("DRE-1", createdBy(jiraGuest), deliveredAt(at))}, 1},
		"a ticket that was declined is finished": {
			[]facts.Ticket{change("DRE-1", createdBy(jiraGuest), declinedAt(at))}, 1,
		},
		"who did it counts": {[]facts.Ticket{change("DRE-1", assignedTo(created, jiraGuest), deliveredAt(at))}, 1},
		"who had it when it was finished did it, and nobody before or after": {
			[]facts.Ticket{change("DRE-1", assignedTo(created, jiraStranger), assignedTo(created.Add(time.Hour), jiraGuest),
				deliveredAt(at), assignedTo(at.Add(time.Hour), jiraStranger))}, 1,
		},
		"who had it before a person of the roster finished it did not do it": {
			[]facts.Ticket{change("DRE-1", assignedTo(created, jiraGuest), assignedTo(created.Add(time.Hour), jiraAda), deliveredAt(at))}, 0,
		},
		"two accounts are two": {
			[]facts.Ticket{change("DRE-1", createdBy(jiraStranger), assignedTo(created, jiraGuest), deliveredAt(at))}, 2,
		},
		"one account is one, however much it did": {
			[]facts.Ticket{
				change("DRE-1", createdBy(jiraGuest), assignedTo(created, jiraGuest), deliveredAt(at)),
				change("DRE-2", createdBy(jiraGuest), deliveredAt(at)),
			}, 1,
		},
		"a bot wrote it for whoever reported it": {
			[]facts.Ticket{change("DRE-1", createdBy(jiraRobot), reportedBy(jiraGuest), deliveredAt(at))}, 1,
		},
		"a bot is nobody, and neither is who reported what a person wrote": {
			[]facts.Ticket{
				change("DRE-1", createdBy(jiraRobot), reportedBy(jiraRobot), assignedTo(created, jiraRobot), deliveredAt(at)),
				change("DRE-2", reportedBy(jiraGuest), deliveredAt(at)),
			}, 0,
		},
		"a ticket of no class counts for nothing": {
			[]facts.Ticket{ticket("DRE-1", created, createdBy(jiraGuest), deliveredAt(at))}, 0,
		},
		"a ticket that nobody finished counts for nothing": {[]facts.Ticket{change("DRE-1", createdBy(jiraGuest))}, 0},
		"the first instant of the period is in it": {
			[]facts.Ticket{ticket("DRE-1", utc(t, "2026-06-01 00:00:00"), labelled("migration"), createdBy(jiraGuest),
				deliveredAt(utc(t, "2026-07-01 00:00:00")))}, 1,
		},
		"what was finished before the period or at its end is not of it": {
			[]facts.Ticket{
				ticket("DRE-1", utc(t, "2026-06-01 00:00:00"), labelled("migration"), createdBy(jiraGuest), deliveredAt(utc(t, "2026-06-30 23:59:59"))),
				change("DRE-2", createdBy(jiraStranger), deliveredAt(utc(t, "2026-10-01 00:00:00"))),
			}, 0,
		},
		"what opens and ends again after the horizon was finished before": {
			[]facts.Ticket{change("DRE-1", createdBy(jiraGuest), deliveredAt(at), moved(utc(t, "2026-10-20 10:00:00"), inProgress),
				resolvedAs(utc(t, "2026-10-20 10:00:00"), ""), deliveredAt(utc(t, "2026-10-21 10:00:00")))}, 1,
		},
		"a ticket of no team counts": {
			[]facts.Ticket{change("OTHER-1", ofTeam("OTHER"), createdBy(jiraGuest), deliveredAt(at))}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range scorecard.Compute(migrating(t, test.tickets...).input(t)) {
				if got := c.Unmapped.People; got != test.people {
					t.Errorf("%s: %d unmapped people, want %d", c.Subject.ID, got, test.people)
				}
			}
		})
	}
}

func TestUnmappedPeopleAreThoseOfPagerDutyAndThoseOfJira(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := migrating(t, ticket("DRE-1", created, labelled("migration"), createdBy(jiraGuest), deliveredAt(created.Add(time.Hour))))
	w.incidents = []facts.Incident{incident("Q1", created, acknowledged(time.Minute, "PUSER77"))}
	// PUSER77 and the guest may be one person; nothing tells.
	if got := w.strangers(t); got != 2 {
		t.Errorf("%d unmapped people, want an account of each source", got)
	}
}

func TestTicketsOutsideOfWhatJiraWasReadForNameNoUnmappedPeople(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := migrating(t, ticket("DRE-1", at.Add(-time.Hour), labelled("migration"), createdBy(jiraGuest), deliveredAt(at)))
	if got := w.horizonAt(at.Add(-time.Second)).strangers(t); got != 0 {
		t.Errorf("%d unmapped people a second before the ticket was finished, want none yet", got)
	}
	if got := w.horizonAt(at).strangers(t); got != 1 {
		t.Errorf("%d unmapped people when the ticket was finished, want 1", got)
	}
	late := w.readUntil(w.asOf)
	late.sources[1].DataSince = at.Add(time.Second)
	if got := late.strangers(t); got != 0 {
		t.Errorf("%d unmapped people of the time before Jira is read, want none", got)
	}
	w.sources = w.sources[:1]
	if got := w.strangers(t); got != 0 {
		t.Errorf("%d unmapped people before Jira was read completely once, want none", got)
	}
}

func TestEveryPeriodHasItsOwnUnmappedPeople(t *testing.T) {
	t.Parallel()
	finished := func(key, account, at string) facts.Ticket {
		return ticket(key, utc(t, "2026-05-01 00:00:00"), labelled("migration"), createdBy(account), deliveredAt(utc(t, at)))
	}
	in := migrating(t,
		finished("DRE-1", jiraGuest, "2026-06-01 00:00:00"),
		finished("DRE-2", jiraGuest, "2026-08-01 00:00:00"), finished("DRE-3", jiraStranger, "2026-08-01 00:00:00"),
	).input(t)
	before := in.Policy.Calendar.Before(in.Period, in.AsOf)
	all := scorecard.ComputeAll(in.Policy, in.Facts, in.AsOf, in.Period, before)
	if now, then := all[0][0].Unmapped.People, all[1][0].Unmapped.People; now != 2 || then != 1 {
		t.Errorf("%d unmapped people in the third quarter and %d in the second, want 2 and 1", now, then)
	}
}

func TestTicketIsOfAClassInTheStateThatItHas(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := migrating(t,
		ticket("DRE-1", at.Add(-time.Hour), labelled("migration"), createdBy(jiraGuest), deliveredAt(at)),
		ticket("DRE-2", at.Add(-time.Hour), labelled("migration"), createdBy(jiraStranger), declinedAt(at)),
	)
	w.policy.Tickets.Classes = []scorecard.TicketClass{
		{Name: "migration", Matchers: []scorecard.TicketMatcher{{Labels: []string{"migration"}, Resolutions: []string{"Won't Do"}}}},
	}
	if got := w.strangers(t); got != 1 {
		t.Errorf("%d unmapped people, want the stranger alone: only declined tickets are of the class", got)
	}
}
