package app_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	upstream "teamhealth/collectors/pagerduty"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// The quarter of the demo's history that the properties are checked on, and
// the instant at which it is looked at: some incidents are open then.
var (
	quarterStart = time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	evaluatedAt  = time.Date(2026, time.July, 1, 6, 0, 0, 0, time.UTC)
)

// world is a simulated account and the configuration that fits it.
type world struct {
	config *config.Config
	url    string
}

// reading is what is read of a world without a stop: the batches in the order in
// which they were saved, and the cards then.
type reading struct {
	batches []facts.Batch
	cards   string
}

// What all worlds have in common.
var (
	theQuarter     shared[history.History]
	theUndisturbed shared[reading]
)

func newWorld(t *testing.T) *world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	w := &world{url: "http://" + server.Listener.Addr().String()}
	w.config = exampleConfig(t, w.url)
	past := theQuarter.get(t, func(t *testing.T) *history.History {
		t.Helper()
		past, err := history.New(history.Options{
			Organization: app.Simulated(w.config), Seed: 1, Start: quarterStart, End: evaluatedAt,
		})
		must(t, err)
		return past
	})
	var err error
	server.Config.Handler, err = pagerduty.New(pagerduty.Options{
		History: past, Tokens: []string{"token"}, Now: clock, RateLimit: -1,
	})
	must(t, err)
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// undisturbed is what is read without a stop.
func (w *world) undisturbed(t *testing.T) *reading {
	t.Helper()
	return theUndisturbed.get(t, func(t *testing.T) *reading {
		t.Helper()
		s := emptyStore(t)
		r := &reading{batches: w.read(t, s)}
		r.cards = w.cards(t, s)
		requireJudged(t, w, s)
		return r
	})
}

func clock() time.Time { return evaluatedAt }

// token is a secret source that needs no file.
type token struct{}

func (token) Read() (secret.Secret, error) { return secret.New("token"), nil }

func (w *world) collector(t *testing.T) *upstream.Collector {
	t.Helper()
	c, err := upstream.New(upstream.Options{
		URL: w.url, Token: token{}, Since: quarterStart, HTTP: apiclient.New(apiclient.Options{}), Now: clock,
	})
	must(t, err)
	return c
}

// errStop stands for the plug being pulled.
var errStop = errors.New("stopped")

// read runs cycles until one completes, and returns the batches in the order
// in which they were saved. Each cycle but the last is stopped after the given
// number of batches.
func (w *world) read(t *testing.T, s *store.Store, stops ...int) []facts.Batch {
	t.Helper()
	var batches []facts.Batch
	ctx := context.Background()
	for _, stop := range append(stops, -1) {
		saved := 0
		err := w.collector(t).Collect(ctx, s, func(b facts.Batch) error {
			if saved == stop {
				return errStop
			}
			saved++
			batches = append(batches, b)
			return s.Save(ctx, facts.PagerDuty, b)
		})
		if !errors.Is(err, errStop) {
			must(t, err)
		}
	}
	return batches
}

// cards are the bytes of every card of the quarter and of the rolling window.
func (w *world) cards(t *testing.T, s *store.Store) string {
	t.Helper()
	scores := app.NewScores(w.config.Policy(), s, clock)
	must(t, scores.Refresh(context.Background()))
	return cardsOf(t, scores, time.Time{}, "2026-Q2", "2026-06", "28d")
}

func TestRestartingAtAnyPageChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want, pages := w.undisturbed(t).cards, len(w.undisturbed(t).batches)
	random := rand.New(rand.NewPCG(1, 2))
	for range seeds(t, 4) {
		stops := []int{random.IntN(pages), random.IntN(pages)}
		s := emptyStore(t)
		w.read(t, s, stops...)
		if diff := cmp.Diff(want, w.cards(t, s)); diff != "" {
			t.Errorf("cards differ after stops at pages %v (-undisturbed +restarted):\n%s", stops, diff)
		}
	}
}

func TestShufflingSplittingAndReplayingPagesChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	batches, want := w.undisturbed(t).batches, w.undisturbed(t).cards
	for seed := range seeds(t, 4) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := emptyStore(t)
		for _, b := range disturb(batches, random) {
			must(t, s.Save(context.Background(), facts.PagerDuty, b))
		}
		if diff := cmp.Diff(want, w.cards(t, s)); diff != "" {
			t.Errorf("seed %d: cards differ (-undisturbed +disturbed):\n%s", seed, diff)
		}
	}
}

// disturb deals the facts of batches out to some pages at random, shuffles
// each page, saves some pages again, and ends with the completion.
func disturb(batches []facts.Batch, random *rand.Rand) []facts.Batch {
	out := make([]facts.Batch, 1+random.IntN(40))
	var last facts.Batch
	var readings []facts.Batch // What replaces what was kept comes in its order.
	for _, b := range batches {
		readings = append(readings, facts.Batch{
			Users: b.Users, Policies: b.Policies, Schedules: b.Schedules, OnCalls: b.OnCalls, Maintenance: b.Maintenance,
		})
		for _, x := range b.Services {
			p := &out[random.IntN(len(out))]
			p.Services = append(p.Services, x)
		}
		for _, x := range b.Incidents {
			p := &out[random.IntN(len(out))]
			p.Incidents = append(p.Incidents, x)
		}
		for _, x := range b.Entries {
			p := &out[random.IntN(len(out))]
			p.Entries = append(p.Entries, x)
		}
		if b.Complete != nil {
			last = facts.Batch{Complete: b.Complete, Cursor: b.Cursor}
		}
	}
	for _, p := range out {
		random.Shuffle(len(p.Incidents), func(i, j int) { p.Incidents[i], p.Incidents[j] = p.Incidents[j], p.Incidents[i] })
		random.Shuffle(len(p.Entries), func(i, j int) { p.Entries[i], p.Entries[j] = p.Entries[j], p.Entries[i] })
	}
	for range random.IntN(10) {
		out = append(out, out[random.IntN(len(out))])
	}
	return append(append(out, readings...), last)
}

// requireJudged makes sure that the properties are about something: each team
// has incidents of both kinds, answered in time and not.
func requireJudged(t *testing.T, w *world, s *store.Store) {
	t.Helper()
	scores := app.NewScores(w.config.Policy(), s, clock)
	must(t, scores.Refresh(context.Background()))
	cards, err := scores.Cards(context.Background(), "2026-Q2", time.Time{})
	must(t, err)
	for _, c := range cards {
		row := c.Row("incident_response")
		if row.Value == nil || row.Value.Sign() == 0 || row.Value.Cmp(scorecard.Int(1)) == 0 {
			t.Fatalf("%s: the quarter's value is %v: there is nothing to see here", c.Subject.ID, row.Value)
		}
	}
}
