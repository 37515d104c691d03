package app_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// cardsAt is when the benchmarks' cards are looked at: the quarter is nearly
// over, so that the facts of three whole ones are at work, those of the
// current, the previous and, for its trend, the one before.
var cardsAt = time.Date(2026, time.June, 30, 18, 0, 0, 0, time.UTC)

// cardsSize is how many incidents are stored, at even distances up to cardsAt,
// and how many of them a quarter of 91 days has.
type cardsSize struct{ stored, quarterly int }

func cardsSizes() []cardsSize {
	if os.Getenv("TEAMHEALTH_BENCH") == "large" {
		return []cardsSize{{1_000_000, 100_000}}
	}
	return []cardsSize{{10_000, 10_000}, {100_000, 10_000}}
}

// fillStore stores a history without asking anybody, and says that it is complete.
func fillStore(b *testing.B, s *store.Store, p *scorecard.Policy, size cardsSize) {
	b.Helper()
	const page = 1000
	apart := 91 * 24 * time.Hour / time.Duration(size.quarterly)
	for n := 0; n < size.stored; n += page {
		var batch facts.Batch
		for i := n; i < min(n+page, size.stored); i++ {
			created := cardsAt.Add(-apart * time.Duration(size.stored-i)).Truncate(time.Second)
			incident := storedIncident(p, i, created)
			batch.Incidents = append(batch.Incidents, incident)
			batch.Entries = append(batch.Entries, storedTimeline(p, i, &incident)...)
		}
		must(b, s.Save(b.Context(), facts.PagerDuty, batch))
	}
	must(b, s.Save(b.Context(), facts.PagerDuty, facts.Batch{
		Complete: &facts.Completion{DataAsOf: cardsAt, DataSince: cardsAt.AddDate(-20, 0, 0)},
	}))
}

// storedIncident is resolved after an hour. One of twenty is an outage.
func storedIncident(p *scorecard.Policy, i int, created time.Time) facts.Incident {
	services := p.Teams[i%len(p.Teams)].Services
	priority := "P3"
	if i%20 == 0 {
		priority = "P1"
	}
	return facts.Incident{
		ID: fmt.Sprintf("Q%013d", i), Number: int64(i), Title: "replication lag on shard 17 is above 30 s",
		Service: services[i/len(p.Teams)%len(services)], Urgency: facts.UrgencyHigh, Priority: priority,
		Status: facts.StatusResolved, CreatedAt: created, UpdatedAt: created.Add(time.Hour), ResolvedAt: created.Add(time.Hour),
		URL: fmt.Sprintf("https://example.pagerduty.com/incidents/Q%013d", i),
	}
}

// storedTimeline is what one of the team's people does about it: they are
// paged, acknowledge it, write notes and resolve it.
func storedTimeline(p *scorecard.Policy, i int, incident *facts.Incident) []facts.Entry {
	team := p.Teams[i%len(p.Teams)].ID
	var accounts []string
	for _, person := range p.People {
		if person.Team == team {
			accounts = append(accounts, person.PagerDuty)
		}
	}
	account := accounts[i/1000%len(accounts)]
	answered := time.Duration(30+i*37%600) * time.Second
	var entries []facts.Entry
	add := func(kind facts.EntryKind, after time.Duration, actor facts.Actor) *facts.Entry {
		entries = append(entries, facts.Entry{
			ID: fmt.Sprintf("R%010d%03d", i, len(entries)), Incident: incident.ID, At: incident.CreatedAt.Add(after), Kind: kind, Actor: actor,
		})
		return &entries[len(entries)-1]
	}
	service, person := facts.Actor{ID: incident.Service}, facts.Actor{ID: account, User: true}
	add(facts.EntryTrigger, 0, service).Service = incident.Service
	add(facts.EntryAssign, 0, service).Assignees = []string{account}
	page := add(facts.EntryNotify, 2*time.Second, person)
	page.Medium, page.Page = "push", true
	add(facts.EntryAcknowledge, answered, person)
	for n := range benchEntries - 5 {
		add(facts.EntryAnnotate, answered+time.Duration(n+1)*3*time.Minute, person)
	}
	add(facts.EntryResolve, time.Hour, person)
	return entries
}
