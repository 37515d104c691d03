package jira_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/collectors/jira"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
	"teamhealth/internal/simulator/history"
	simulated "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
)

// past is a quarter of the example organisation's tickets.
var past = sync.OnceValues(func() (*tickets.History, error) {
	incidents, err := history.New(history.Options{
		Organization: history.Example(), Seed: 11, Start: begun.AddDate(0, -3, 0), End: begun.AddDate(0, 0, 10),
	})
	if err != nil {
		return nil, err
	}
	teams, people := tickets.Example()
	return tickets.New(tickets.Options{Incidents: incidents, Seed: 11, Teams: teams, People: people})
})

// simulation is a simulated site with a clock of its own.
type simulation struct {
	opts jira.Options
	now  time.Time
	pace time.Duration // By which the clock moves with each request.
}

type constant string

func (c constant) Read() (secret.Secret, error) { return secret.New(string(c)), nil }

func simulate(t *testing.T, mode simulated.Mode) *simulation {
	t.Helper()
	h, err := past()
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{now: begun}
	clock := func() time.Time { return s.now }
	zone := time.FixedZone("", -7*3600) // Neither the organisation's nor UTC.
	site, err := simulated.New(simulated.Options{History: h, Mode: mode, Token: "key", Now: clock, TimeZone: zone, RateLimit: -1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.now = s.now.Add(s.pace)
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.opts = jira.Options{
		URL: server.URL, Token: constant("key"), Since: begun.AddDate(0, -3, 0), JQL: "created is not EMPTY", Now: clock,
		Fields:           []string{simulated.FieldIncident},
		NeedsRemoteLinks: func(t facts.Ticket) bool { return t.Type == "Post-mortem" },
		HTTP:             apiclient.New(apiclient.Options{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}),
	}
	if mode == simulated.Cloud {
		s.opts.Email = "bot@example.com"
	}
	return s
}

func (s *simulation) collect(t *testing.T, kept *memory) {
	t.Helper()
	collector, err := jira.New(s.opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := collector.Collect(t.Context(), kept, kept.save); err != nil {
		t.Fatal(err)
	}
}

func TestCloudAndDataCenterTellTheSame(t *testing.T) {
	t.Parallel()
	cloud, center := newMemory(), newMemory()
	simulate(t, simulated.Cloud).collect(t, cloud)
	simulate(t, simulated.DataCenter).collect(t, center)
	if len(cloud.tickets) < 300 || len(cloud.skipped) > 0 {
		t.Fatalf("no more than %d tickets, and skipped %v", len(cloud.tickets), cloud.skipped)
	}
	onlyCloud := cmpopts.IgnoreFields(facts.Ticket{}, "CategoryChangedAt")
	if diff := cmp.Diff(cloud.tickets, center.tickets, onlyCloud); diff != "" {
		t.Errorf("tickets (-cloud +data center):\n%s", diff)
	}
	if diff := cmp.Diff(cloud.statuses, center.statuses); diff != "" {
		t.Errorf("statuses (-cloud +data center):\n%s", diff)
	}
}

// TestPollingKnowsWhatReadingAnewFinds compares a site that was polled while
// things happened with the same site read from the beginning.
func TestPollingKnowsWhatReadingAnewFinds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode simulated.Mode
		pace time.Duration
		poll time.Duration
	}{
		"Cloud, and a clock that runs":       {simulated.Cloud, 3 * time.Second, 97 * time.Minute},
		"Cloud, and long pauses":             {simulated.Cloud, time.Second, 40 * time.Hour},
		"Data Center, and a clock that runs": {simulated.DataCenter, 3 * time.Second, 97 * time.Minute},
		"Data Center, and long pauses":       {simulated.DataCenter, time.Second, 40 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulate(t, test.mode)
			s.opts.Since = begun.AddDate(0, -1, 0)
			polled := newMemory()
			for s.pace = test.pace; s.now.Before(begun.AddDate(0, 0, 5)); s.now = s.now.Add(test.poll) {
				s.collect(t, polled)
			}
			s.pace = 0
			s.collect(t, polled)
			anew := newMemory()
			s.collect(t, anew)
			if diff := cmp.Diff(anew.tickets, polled.tickets); diff != "" {
				t.Errorf("tickets (-anew +polled):\n%s", diff)
			}
		})
	}
}
