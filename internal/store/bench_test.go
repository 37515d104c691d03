package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

const (
	benchIncidents = 10_000
	benchEntries   = 15 // Per incident.
	pageSize       = 100
)

// BenchmarkSave backfills a store as a collector does: pages of 100
// incidents, then pages of 100 entries of the whole account, each with its
// cursor.
func BenchmarkSave(b *testing.B) {
	pages := history()
	for b.Loop() {
		b.StopTimer()
		s := openBench(b)
		b.StartTimer()
		saveBench(b, s, pages)
	}
	perRun := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(benchIncidents/perRun, "incidents/s")
	b.ReportMetric(benchIncidents*benchEntries/perRun, "entries/s")
}

// BenchmarkReplay saves what is there already.
func BenchmarkReplay(b *testing.B) {
	pages := history()
	s := openBench(b)
	saveBench(b, s, pages)
	for b.Loop() {
		saveBench(b, s, pages)
	}
	b.ReportMetric(benchIncidents*benchEntries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkIncidents reads 10,000 incidents with 150,000 entries.
func BenchmarkIncidents(b *testing.B) {
	s := openBench(b)
	saveBench(b, s, history())
	b.ReportAllocs()
	for b.Loop() {
		if n := countBench(b, s, store.Query{From: epoch}); n != benchIncidents*benchEntries {
			b.Fatalf("read %d entries", n)
		}
	}
}

// BenchmarkIncidentsActive reads the last 1,000 of 10,000 incidents, and looks
// for those before them that reach into the same time.
func BenchmarkIncidentsActive(b *testing.B) {
	s := openBench(b)
	saveBench(b, s, history())
	from := epoch.Add((benchIncidents - 1000) * time.Hour)
	for b.Loop() { // The one before was resolved at the very start.
		if n := countBench(b, s, store.Query{From: from, Active: true}); n != 1001*benchEntries {
			b.Fatalf("read %d entries", n)
		}
	}
}

// BenchmarkIncidentsOneNew reads the one incident that a page changed.
func BenchmarkIncidentsOneNew(b *testing.B) {
	s := openBench(b)
	saveBench(b, s, history())
	revision, err := s.Revision(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	saveBench(b, s, []facts.Batch{{Entries: []facts.Entry{{ID: "RNEW", Incident: benchID(42), At: epoch}}}})
	for b.Loop() {
		if n := countBench(b, s, store.Query{From: epoch, SinceRevision: revision}); n != benchEntries+1 {
			b.Fatalf("read %d entries", n)
		}
	}
}

func openBench(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{URL: filepath.Join(b.TempDir(), "bench.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func saveBench(b *testing.B, s *store.Store, pages []facts.Batch) {
	b.Helper()
	for _, page := range pages {
		if err := s.Save(b.Context(), facts.PagerDuty, page); err != nil {
			b.Fatal(err)
		}
	}
}

func countBench(b *testing.B, s *store.Store, q store.Query) int {
	b.Helper()
	n := 0
	for i, err := range s.Incidents(b.Context(), q) {
		if err != nil {
			b.Fatal(err)
		}
		n += len(i.Timeline)
	}
	return n
}

func history() []facts.Batch {
	var incidents []facts.Incident
	var entries []facts.Entry
	for i := range benchIncidents {
		incident := facts.Incident{
			ID: benchID(i), Number: int64(i), Title: "replication lag on shard 17 is above 30 s", Service: "PMYSQL1",
			Urgency: facts.UrgencyHigh, Priority: "P3", Status: facts.StatusResolved,
			CreatedAt: epoch.Add(time.Duration(i) * time.Hour), UpdatedAt: epoch.Add(time.Duration(i+1) * time.Hour),
			ResolvedAt: epoch.Add(time.Duration(i+1) * time.Hour), URL: "https://example.pagerduty.com/incidents/" + benchID(i),
		}
		incidents = append(incidents, incident)
		entries = append(entries, benchTimeline(i, incident)...)
	}
	var pages []facts.Batch
	for at := 0; at < len(incidents); at += pageSize {
		pages = append(pages, facts.Batch{Incidents: incidents[at : at+pageSize], Cursor: []byte(`{"window":17}`)})
	}
	for at := 0; at < len(entries); at += pageSize {
		pages = append(pages, facts.Batch{Entries: entries[at : at+pageSize], Cursor: []byte(`{"window":17}`)})
	}
	return pages
}

func benchTimeline(i int, incident facts.Incident) []facts.Entry {
	kinds := []facts.EntryKind{facts.EntryNotify, facts.EntryAnnotate, facts.EntryAssign}
	var entries []facts.Entry
	for n := range benchEntries {
		e := facts.Entry{
			ID: fmt.Sprintf("R%013d", (i*benchEntries+n)*7919%1_000_003), Incident: incident.ID,
			At: incident.CreatedAt.Add(time.Duration(n) * time.Minute), Kind: kinds[n%3],
			Actor: facts.Actor{ID: "PUSER01", User: true},
		}
		switch e.Kind {
		case facts.EntryNotify:
			e.Medium, e.Page = "push", true
		case facts.EntryAssign:
			e.Assignees = []string{"PUSER02"}
		default:
		}
		entries = append(entries, e)
	}
	return entries
}

// benchID scatters ids, as PagerDuty's are.
func benchID(i int) string { return fmt.Sprintf("Q%013d", i*7919%1_000_003) }
