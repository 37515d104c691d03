package pagerduty_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/pagerduty"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/simulator/history"
	simulated "teamhealth/internal/simulator/pagerduty"
)

// TestPollingKnowsWhatReadingAnewFinds compares an account that was polled
// while things happened with the same account read from the beginning: for five
// days in the long form.
func TestPollingKnowsWhatReadingAnewFinds(t *testing.T) {
	t.Parallel()
	start, longest := begun.AddDate(0, -1, 0), begun.AddDate(0, 0, 5)
	past := simulatedPast(t, start, longest)
	for name, test := range map[string]struct {
		pace time.Duration // By which the clock moves with each request.
		poll time.Duration
		last time.Duration // For how long, in the short form.
	}{
		"a clock that stands while a cycle reads": {poll: 197 * time.Minute, last: 48 * time.Hour},
		"a clock that runs while a cycle reads":   {pace: 20 * time.Second, poll: 59 * time.Minute, last: 36 * time.Hour},
		"long pauses":                             {pace: time.Second, poll: 40 * time.Hour, last: 120 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			end := begun.Add(test.last)
			if os.Getenv("TEAMHEALTH_SOAK") != "" {
				end = longest
			}
			s := simulate(t, past, start)
			polled := newMemory()
			for s.pace = test.pace; s.now.Before(end); s.now = s.now.Add(test.poll) {
				s.collect(t, polled)
			}
			s.pace = 0
			s.collect(t, polled)
			anew := newMemory()
			s.collect(t, anew)
			if len(anew.incidents) < 100 || len(anew.entries) < 1000 || len(anew.shifts) < 100 {
				t.Fatalf("the account holds no more than %d incidents, %d entries and %d shifts",
					len(anew.incidents), len(anew.entries), len(anew.shifts))
			}
			if diff := cmp.Diff(anew.incidents, polled.incidents); diff != "" {
				t.Errorf("incidents (-anew +polled):\n%s", diff)
			}
			if diff := cmp.Diff(anew.entries, polled.entries); diff != "" {
				t.Errorf("entries (-anew +polled):\n%s", diff)
			}
			if diff := cmp.Diff(anew.shifts, polled.shifts); diff != "" {
				t.Errorf("shifts (-anew +polled):\n%s", diff)
			}
		})
	}
}

// simulation is a simulated account with a clock of its own.
type simulation struct {
	opts pagerduty.Options
	now  time.Time
	pace time.Duration
}

func simulatedPast(t *testing.T, start, end time.Time) *history.History {
	t.Helper()
	past, err := history.New(history.Options{Organization: history.Example(), Seed: 11, Start: start, End: end})
	if err != nil {
		t.Fatal(err)
	}
	return past
}

func simulate(t *testing.T, past *history.History, start time.Time) *simulation {
	t.Helper()
	s := &simulation{now: begun}
	clock := func() time.Time { return s.now }
	account, err := simulated.New(simulated.Options{History: past, Tokens: []string{"key-1"}, RateLimit: -1, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.now = s.now.Add(s.pace)
		account.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.opts = pagerduty.Options{
		URL: server.URL, Since: start, Now: clock,
		HTTP: apiclient.New(apiclient.Options{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}),
	}
	return s
}

func (s *simulation) collect(t *testing.T, kept *memory) {
	t.Helper()
	s.opts.Token = new(keys) // Each of its first reads gives key-1.
	collector, err := pagerduty.New(s.opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := collector.Collect(t.Context(), kept, kept.save); err != nil {
		t.Fatal(err)
	}
}
