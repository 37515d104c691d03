package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// cardPath is the card that is measured: of the last whole quarter.
const cardPath = "/api/v1/scorecard?period=previous&team=org"

// benchSize is how many incidents are stored, and how many begin in a quarter.
type benchSize struct{ stored, quarterly int }

// benchSizes are the ordinary sizes, or the large one that the environment asks for.
func benchSizes() []benchSize {
	if os.Getenv("TEAMHEALTH_BENCH") == "large" {
		return []benchSize{{1_000_000, 10 * perQuarter}}
	}
	return []benchSize{{10_000, perQuarter}, {100_000, perQuarter}}
}

// BenchmarkProgram measures the program as it is run: a process of its own,
// with the simulated PagerDuty and the readers in this one.
func BenchmarkProgram(b *testing.B) {
	program := buildProgram(b)
	for _, size := range benchSizes() {
		b.Run(fmt.Sprintf("stored=%d", size.stored), func(b *testing.B) {
			m := &measured{program: program, account: newBenchAccount(b, size.stored, size.quarterly)}
			b.Run("backfill", m.backfill)
			b.Run("cold_command", m.coldCommand)
			b.Run("cold_server", m.coldServer)
			b.Run("cold_server_after_a_crash", m.crashedServer)
			b.Run("warm", m.warm)
			b.Run("past", m.past)
			b.Run("readers_during_a_sync", m.readers)
		})
	}
}

// measured is the program and the account that it reads.
type measured struct {
	program string
	account *benchAccount
	filled  bool // The store holds the ordinary history.
}

func (m *measured) config(name string) string { return filepath.Join(m.account.dir, name) }

// backfill reads the whole history into an empty store, and goes on until the
// cards are published and all incidents are counted.
func (m *measured) backfill(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		m.account.removeStore(b)
		before := m.account.requests()
		b.StartTimer()
		p := startProcess(b, m.program, m.config("ordinary.yml"))
		p.await(b, 50*time.Millisecond, "/metrics", samples("teamhealth_objective_value", "teamhealth_incidents_total"))
		b.StopTimer()
		requests := float64(m.account.requests() - before)
		b.ReportMetric(float64(m.account.stored)/p.sample(b, "teamhealth_collector_duration_seconds"), "incidents/s")
		b.ReportMetric(1000*requests/float64(m.account.stored), "requests/1000-incidents")
		b.ReportMetric(requests/m.account.allowed(), "requests/allowed")
		p.reportPeak(b)
		p.stop(b)
		b.ReportMetric(p.cmd.ProcessState.UserTime().Seconds(), "user-s")
		b.StartTimer()
	}
	m.filled = true
}

// fill makes sure that there is something to read.
func (m *measured) fill(b *testing.B) {
	b.Helper()
	if m.filled {
		return
	}
	out, err := exec.CommandContext(b.Context(), m.program, "sync", "--config.file="+m.config("ordinary.yml")).CombinedOutput()
	if err != nil {
		b.Fatalf("fill the store: %v\n%s", err, out)
	}
	m.filled = true
}

// coldCommand prints a card: from the start of the process to its end.
func (m *measured) coldCommand(b *testing.B) {
	m.fill(b)
	for b.Loop() {
		out, err := exec.CommandContext(b.Context(), m.program,
			"scorecard", "--period=previous", "--config.file="+m.config("ordinary.yml")).CombinedOutput()
		if err != nil {
			b.Fatalf("print a card: %v\n%s", err, out)
		}
	}
}

// coldServer starts to serve where the process before it stopped in an orderly way.
func (m *measured) coldServer(b *testing.B) { m.startServer(b, (*process).stop) }

// crashedServer starts to serve where the process before it was killed.
func (m *measured) crashedServer(b *testing.B) { m.startServer(b, (*process).crash) }

// startServer starts to serve, until it answers with a card. The process before it was
// ended when it had written something.
func (m *measured) startServer(b *testing.B, end func(*process, *testing.B)) {
	b.Helper()
	m.fill(b)
	for b.Loop() {
		b.StopTimer()
		p := startProcess(b, m.program, m.config("ordinary.yml"))
		p.await(b, 50*time.Millisecond, "/metrics", samples("teamhealth_collector_duration_seconds"))
		end(p, b)
		b.StartTimer()
		p = startProcess(b, m.program, m.config("ordinary.yml"))
		p.await(b, 2*time.Millisecond, cardPath, anything)
		b.StopTimer()
		p.stop(b)
		b.StartTimer()
	}
}

// warm asks one server for a card and for the metrics.
func (m *measured) warm(b *testing.B) {
	m.fill(b)
	p := startProcess(b, m.program, m.config("ordinary.yml"))
	defer p.stop(b)
	p.await(b, 50*time.Millisecond, "/metrics", samples("teamhealth_objective_value", "teamhealth_incidents_total"))
	for name, path := range map[string]string{"card": cardPath, "metrics": "/metrics"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := p.get(b.Context(), path)
				check(b, err)
			}
		})
	}
}

// past asks at once for eight cards that nobody asked for before, of a quarter
// that is not in memory.
func (m *measured) past(b *testing.B) {
	m.fill(b)
	p := startProcess(b, m.program, m.config("ordinary.yml"))
	defer p.stop(b)
	p.await(b, 50*time.Millisecond, "/metrics", samples("teamhealth_objective_value", "teamhealth_incidents_total"))
	now := time.Now().UTC().Truncate(time.Second)
	for n := 0; b.Loop(); n++ {
		var group errgroup.Group
		for i := range 8 {
			path := fmt.Sprintf("/api/v1/scorecard?period=%d-Q%d&as_of=%s",
				now.Year()-1, (now.Month()+2)/3, now.Add(-time.Duration(8*n+i)*time.Second).Format(time.RFC3339))
			group.Go(func() error {
				_, err := p.get(b.Context(), path)
				for err != nil && !p.gone() { // Whoever would wait for too long is asked to come again.
					time.Sleep(time.Second)
					_, err = p.get(b.Context(), path)
				}
				return err
			})
		}
		check(b, group.Wait())
	}
	p.reportPeak(b)
}

// readers are at work while a quarter more of history is read. What is
// measured is how long they wait, and what memory all of it takes.
func (m *measured) readers(b *testing.B) {
	m.fill(b)
	kept := filepath.Join(m.account.dir, "kept.db")
	check(b, copyFile(b.Context(), filepath.Join(m.account.dir, "teamhealth.db"), kept))
	for b.Loop() {
		b.StopTimer()
		m.account.removeStore(b)
		check(b, copyFile(b.Context(), kept, filepath.Join(m.account.dir, "teamhealth.db")))
		b.StartTimer()
		p := startProcess(b, m.program, m.config("longer.yml"))
		p.await(b, 10*time.Millisecond, cardPath, anything)
		r := startReaders(b, p)
		p.await(b, time.Second, "/metrics", samples("teamhealth_collector_duration_seconds"))
		r.finish(b)
		p.reportPeak(b)
		b.StopTimer()
		p.stop(b)
		b.StartTimer()
	}
}

func copyFile(ctx context.Context, from, to string) error {
	return exec.CommandContext(ctx, "cp", from, to).Run()
}
