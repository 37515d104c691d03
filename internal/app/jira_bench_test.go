package app_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"teamhealth/collectors/jira"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
)

// BenchmarkJiraCycle reads about 2,000 changed issues over HTTP into SQLite: what
// the example organisation leaves behind in sixteen months. Half of it are
// post-mortems, which are the ones that may need a request of their own.
func BenchmarkJiraCycle(b *testing.B) {
	c := ticketConfig(b)
	policy := c.Policy()
	start := evaluatedAt.AddDate(0, -16, 0)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 3, Start: start, End: evaluatedAt})
	must(b, err)
	work, err := tickets.New(app.SimulatedTickets(c, past, 3))
	must(b, err)
	for name, mode := range map[string]simulatedjira.Mode{"cloud": simulatedjira.Cloud, "datacenter": simulatedjira.DataCenter} {
		b.Run(name, func(b *testing.B) {
			o := jira.Options{
				Token: token{}, Since: start, JQL: c.Sources.Jira.JQL, Fields: policy.Tickets.FieldNames(),
				NeedsRemoteLinks: policy.Tickets.NeedsRemoteLinks, HTTP: apiclient.New(apiclient.Options{}), Now: clock,
			}
			if mode == simulatedjira.Cloud {
				o.Email = demoEmail
			}
			site, err := simulatedjira.New(simulatedjira.Options{
				History: work, Mode: mode, Token: "token", Email: demoEmail, Now: clock, RateLimit: -1,
			})
			must(b, err)
			server := httptest.NewServer(site)
			defer server.Close()
			o.URL = server.URL
			issues := 0
			for b.Loop() {
				issues = jiraCycle(b, o)
			}
			requests, links := 0, 0
			for call, n := range site.Requests() {
				requests += n
				if call.Path == "/issue/{id}/remotelink" {
					links += n
				}
			}
			b.ReportMetric(float64(issues), "issues/op")
			b.ReportMetric(float64(requests)/float64(b.N), "requests/op") // At most 60 for 2,000 issues.
			b.ReportMetric(float64(links)/float64(b.N), "requests_for_remote_links/op")
			b.ReportMetric(float64(issues)*float64(b.N)/b.Elapsed().Seconds(), "issues/s")
		})
	}
}

// jiraCycle reads all into an empty store, and returns how many issues that were.
func jiraCycle(b *testing.B, o jira.Options) int {
	b.Helper()
	b.StopTimer()
	s := emptyStore(b)
	c, err := jira.New(o)
	must(b, err)
	b.StartTimer()
	ctx, issues := context.Background(), 0
	must(b, c.Collect(ctx, s, func(batch facts.Batch) error {
		issues += len(batch.Tickets)
		return s.Save(ctx, facts.Jira, batch)
	}))
	return issues
}
