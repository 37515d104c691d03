package app_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// The tickets of BenchmarkTicketCards lie at even distances over four years up to cardsAt.
const (
	benchTickets     = 200_000
	benchTicketYears = 4
)

// BenchmarkTicketCards computes all cards of the published windows from the tickets of
// a large site. Everybody's tickets are stored; one of eight is of a class.
func BenchmarkTicketCards(b *testing.B) {
	now := func() time.Time { return cardsAt }
	c := ticketConfig(b)
	s := emptyStore(b)
	fillTickets(b, s)
	b.Run(fmt.Sprintf("stored=%d", benchTickets), func(b *testing.B) {
		b.Run("cold", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				must(b, app.NewScores(c.Policy(), s, now).Refresh(b.Context()))
			}
		})
		before := heap()
		scores := app.NewScores(c.Policy(), s, now)
		must(b, scores.Refresh(b.Context()))
		kept := heap() - before
		b.Run("one_changed_ticket", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				changed := storedTicket(benchTickets - 8)
				changed.UpdatedAt = cardsAt.Add(-time.Minute).Add(time.Duration(i) * time.Microsecond)
				must(b, s.Save(b.Context(), facts.Jira, facts.Batch{Tickets: []facts.Ticket{changed}}))
				b.StartTimer()
				must(b, scores.Refresh(b.Context()))
			}
			b.ReportMetric(float64(kept)/(1<<20), "MB_kept")
		})
		runtime.KeepAlive(scores)
	})
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// fillTickets stores a site's tickets without asking anybody, and says that
// both sources are complete.
func fillTickets(b *testing.B, s *store.Store) {
	b.Helper()
	const page = 1000
	for n := 0; n < benchTickets; n += page {
		batch := facts.Batch{TicketStatuses: storedStatuses()}
		for i := n; i < n+page; i++ {
			batch.Tickets = append(batch.Tickets, storedTicket(i))
		}
		must(b, s.Save(b.Context(), facts.Jira, batch))
	}
	complete := facts.Batch{Complete: &facts.Completion{DataAsOf: cardsAt, DataSince: cardsAt.AddDate(-benchTicketYears, 0, 0)}}
	for _, source := range []facts.Source{facts.Jira, facts.PagerDuty} {
		must(b, s.Save(b.Context(), source, complete))
	}
}

func storedStatuses() []facts.TicketStatus {
	return []facts.TicketStatus{
		{ID: "1", Name: "To Do", Category: facts.CategoryNew},
		{ID: "3", Name: "In Progress", Category: facts.CategoryInProgress},
		{ID: "10001", Name: "Done", Category: facts.CategoryDone},
	}
}

// storedTicket was worked on for a week and is done. One of eight is of a
// class, in turn: a post-mortem, a change request, or one that a label marks.
func storedTicket(i int) facts.Ticket {
	apart := benchTicketYears * 365 * 24 * time.Hour / benchTickets
	done := cardsAt.Add(-apart * time.Duration(benchTickets-i)).Truncate(time.Second)
	created := done.AddDate(0, 0, -7)
	person := fmt.Sprintf("5b10a%02d", 1+i%27)
	t := facts.Ticket{
		ID: strconv.Itoa(10_000 + i), Key: fmt.Sprintf("DRE-%d", i), URL: fmt.Sprintf("https://example.atlassian.net/browse/DRE-%d", i),
		Project: "DRE", Type: "Task", Status: storedStatuses()[2], CategoryChangedAt: done, Resolution: "Done",
		CreatedAt: created, UpdatedAt: done, ResolvedAt: done, Summary: "Replace the replica of shard 17",
		Description: strings.Repeat("The replica falls behind whenever the nightly export runs. ", 12), Format: facts.FormatPlain,
		Labels: []string{"backlog"}, Components: []string{[]string{"mysql", "mongodb", "platform"}[i%3]},
		Assignee: person, Creator: person, Reporter: person, Changes: storedHistory(i, created, done, person),
	}
	if i%8 != 0 {
		return t
	}
	switch i / 8 % 4 {
	case 0:
		t.Type, t.Labels = "Post-mortem", []string{fmt.Sprintf("pd-Q%d", i)}
		t.Description = "h2. Summary\n\n" + t.Description + "\n\nh2. Impact\n\nnone\n\nh2. Timeline\n\n10:00 it began"
	case 1:
		t.Type = "Change"
	case 2:
		t.Labels = []string{"postmortem-action"}
		t.Links = []facts.TicketLink{{Type: "Relates", Ticket: strconv.Itoa(10_000 + i - 8), Key: fmt.Sprintf("DRE-%d", i-8)}}
	default:
		t.Labels = []string{"coding"}
	}
	return t
}

// storedHistory is taken, begun, given to somebody else, reviewed and done.
func storedHistory(i int, created, done time.Time, person string) []facts.TicketChange {
	list := []facts.TicketChange{
		{Field: facts.FieldAssignee, To: person},
		{Field: facts.FieldStatus, From: "1", FromName: "To Do", To: "3", ToName: "In Progress"},
		{Field: facts.FieldAssignee, From: person, To: "5b10a01"},
		{Field: facts.FieldAssignee, From: "5b10a01", To: person},
		{Field: facts.FieldStatus, From: "3", FromName: "In Progress", To: "10001", ToName: "Done"},
		{Field: facts.FieldResolution, To: "10000", ToName: "Done"},
	}
	apart := done.Sub(created) / time.Duration(len(list))
	for n := range list {
		list[n].History, list[n].Author = strconv.Itoa(1_000_000+10*i+n), person
		list[n].At = created.Add(apart * time.Duration(n+1))
	}
	list[len(list)-1].At, list[len(list)-2].At = done, done
	return list
}
