package app_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	upstream "teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/store"
)

// The history that a backfill reads: one quarter.
const (
	benchIncidents = 10_000
	benchEntries   = 15
	benchMonths    = 3
)

// benchWorld is an account with a history of the benchmarks' size.
func benchWorld(b *testing.B) (*config.Config, *pagerduty.Server, string) {
	b.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	c := exampleConfig(b, url)
	past, err := history.Bulk(history.BulkOptions{
		Organization: app.Simulated(c), Seed: 1, Start: quarterStart, End: evaluatedAt.Add(-12 * time.Hour),
		Incidents: benchIncidents, Entries: benchEntries,
	})
	must(b, err)
	account, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"token"}, Now: clock, RateLimit: -1})
	must(b, err)
	server.Config.Handler = account
	server.Start()
	b.Cleanup(server.Close)
	return c, account, url
}

// backfill reads the whole history into s.
func backfill(b *testing.B, url string, s *store.Store) {
	b.Helper()
	c, err := upstream.New(upstream.Options{
		URL: url, Token: token{}, Since: quarterStart, HTTP: apiclient.New(apiclient.Options{}), Now: clock,
	})
	must(b, err)
	ctx := context.Background()
	must(b, c.Collect(ctx, s, func(batch facts.Batch) error { return s.Save(ctx, facts.PagerDuty, batch) }))
}

// BenchmarkBackfill reads a quarter over HTTP into SQLite. The simulated
// account runs in this process and takes part of its time.
func BenchmarkBackfill(b *testing.B) {
	_, account, url := benchWorld(b)
	for b.Loop() {
		b.StopTimer()
		s := emptyStore(b)
		b.StartTimer()
		backfill(b, url, s)
	}
	requests := 0
	for _, n := range account.Requests() {
		requests += n
	}
	const pages, rest = benchIncidents/100 + benchIncidents*benchEntries/100, 2*benchMonths + 30
	perRun := float64(requests) / float64(b.N)
	b.ReportMetric(perRun, "requests/op")
	b.ReportMetric((perRun-rest)/pages, "requests/page") // At most 1.05.
	b.ReportMetric(float64(benchIncidents)*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
}
