package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// The shape of the benchmarks' history.
const (
	benchEntries = 15 // Per incident.
	quarterDays  = 91
	// perQuarter is how many incidents begin in a quarter of an ordinary
	// history; a large one has ten times as many.
	perQuarter = 10_000
	// earlierDays are the days before since that only a longer history is read of.
	earlierDays = 91
)

// benchAccount is a simulated account in this process, with a history that
// ends now.
type benchAccount struct {
	dir     string
	server  *pagerduty.Server
	since   time.Time // From when on the ordinary configuration reads.
	stored  int       // Incidents since then.
	entries int       // Of these.
}

// newBenchAccount makes up an account that has at least so many incidents, and
// so many of them in a quarter, and writes the configurations and the token to
// a folder: ordinary.yml, and longer.yml, which reads a quarter more.
func newBenchAccount(b *testing.B, stored, quarterly int) *benchAccount {
	b.Helper()
	a := &benchAccount{dir: b.TempDir()}
	now := time.Now().UTC()
	days := (stored*quarterDays + quarterly - 1) / quarterly
	a.since = now.Truncate(24*time.Hour).AddDate(0, 0, -days)
	earliest := a.since.AddDate(0, 0, -earlierDays)
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	c := a.configure(b, "ordinary.yml", url, a.since)
	a.configure(b, "longer.yml", url, earliest)
	check(b, os.WriteFile(filepath.Join(a.dir, "token"), []byte("token\n"), 0o600))
	total := int(int64(quarterly) * int64(now.Sub(earliest)/time.Hour) / (quarterDays * 24))
	past, err := history.Bulk(history.BulkOptions{
		Organization: app.Simulated(c), Seed: 1, Start: earliest, End: now, Incidents: total, Entries: benchEntries,
	})
	check(b, err)
	view := past.At(now)
	a.stored = len(view.Incidents) - view.CreatedBefore(a.since.Unix())
	a.entries = view.LoggedBefore(now.Unix()) - view.LoggedBefore(a.since.Unix())
	a.server, err = pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"token"}, RateLimit: -1})
	check(b, err)
	server.Config.Handler = a.server
	server.Start()
	b.Cleanup(server.Close)
	return a
}

// configure writes a configuration of the example organisation.
func (a *benchAccount) configure(b *testing.B, name, url string, since time.Time) *config.Config {
	b.Helper()
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: url, TokenFile: "token", Interval: time.Hour, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
	})
	check(b, err)
	path := filepath.Join(a.dir, name)
	check(b, os.WriteFile(path, text, 0o600))
	c, err := config.Parse(path, text)
	check(b, err)
	return c
}

// requests is how often the account was asked so far.
func (a *benchAccount) requests() int {
	sum := 0
	for _, n := range a.server.Requests() {
		sum += n
	}
	return sum
}

// allowed is how many requests a backfill may take.
func (a *benchAccount) allowed() float64 {
	pages := (a.stored+99)/100 + (a.entries+99)/100
	months := time.Since(a.since).Hours() / 24 / 30
	return 1.05*float64(pages) + 2*months + 30
}

// removeStore leaves the folder without a store.
func (a *benchAccount) removeStore(b *testing.B) {
	b.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		check(b, os.RemoveAll(filepath.Join(a.dir, "teamhealth.db"+suffix)))
	}
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
