package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// The time that the faults are tried on: a week of incidents is there at first, and a
// month of tickets; two days and more come while things go wrong.
var (
	faultsStart       = time.Date(2026, time.June, 24, 0, 0, 0, 0, time.UTC)
	ticketFaultsStart = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	faultsEnd         = evaluatedAt.Add(57 * time.Hour)
)

// stage is a simulated source with a clock and faults before it, a store, and what
// a collector makes of it.
type stage struct {
	config    *config.Config
	policy    *scorecard.Policy
	start     time.Time // Of the history.
	readTo    time.Time // As of when its data is after the first cycle.
	source    facts.Source
	url       string
	limit     http.Header // What the source adds where it is asked too often.
	collector func(t *testing.T, client *apiclient.Client) collectors.Collector
	file      string
	store     *store.Store // In the file.

	now      atomic.Int64 // Seconds since 1970.
	injector atomic.Pointer[faults.Injector]
	answered atomic.Int64 // Requests that reached the source, or the faults before it.
	skipped  atomic.Int64 // Items that were left out.
	pace     int64        // By how many seconds the clock runs on when something arrives.
}

// newStage is one without a source, with a copy of a store.
func newStage(t *testing.T, c *config.Config, start time.Time, kept []byte) *stage {
	t.Helper()
	s := &stage{config: c, policy: c.Policy(), start: start, readTo: evaluatedAt, file: filepath.Join(t.TempDir(), "teamhealth.db"), pace: 47}
	s.now.Store(evaluatedAt.Unix())
	must(t, os.WriteFile(s.file, kept, 0o600))
	s.open(t)
	t.Cleanup(func() { must(t, s.store.Close()) })
	return s
}

func (s *stage) clock() time.Time { return time.Unix(s.now.Load(), 0).UTC() }

func (s *stage) open(t *testing.T) {
	t.Helper()
	var err error
	s.store, err = store.Open(context.Background(), store.Options{URL: s.file})
	must(t, err)
}

// reopen closes the store and opens it again, as a program does that is started again.
func (s *stage) reopen(t *testing.T) {
	t.Helper()
	must(t, s.store.Close())
	s.open(t)
}

// kept is what is in the store.
func (s *stage) kept(t *testing.T) []byte {
	t.Helper()
	s.reopen(t) // Which puts all of it into one file.
	content, err := os.ReadFile(s.file)
	must(t, err)
	return content
}

// serve opens the address of the source.
func (s *stage) serve(t *testing.T, source http.Handler) {
	t.Helper()
	server := httptest.NewServer(source)
	t.Cleanup(server.Close)
	s.url = server.URL
}

// misbehave is the middleware of whatever faults there are at the time.
func (s *stage) misbehave(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answered.Add(1)
		if x := s.injector.Load(); x != nil {
			x.Middleware(next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// suffer begins to misbehave. A slow answer is broken off after a moment, and not by
// the client: what is too slow would else depend on the machine.
func (s *stage) suffer(t *testing.T, seed uint64, list []faults.Fault) *faults.Injector {
	t.Helper()
	x, err := faults.New(faults.Options{
		Seed: seed, Faults: list, Now: s.clock, Arrive: s.arrive, Limit: s.limit, Patience: time.Millisecond,
	})
	must(t, err)
	s.injector.Store(x)
	return x
}

// arrive lets the clock run on, and thereby something comes. The first cycle is
// spared: as of when it was complete is on the cards.
func (s *stage) arrive() {
	if s.clock().After(evaluatedAt) {
		s.now.Add(s.pace)
	}
}

// cycle runs one cycle as the program does, but waits for nothing.
func (s *stage) cycle(t *testing.T) error {
	t.Helper()
	transport := apiclient.NewTransport()
	defer transport.CloseIdleConnections()
	client := apiclient.New(apiclient.Options{
		Transport: transport, Timeout: time.Hour, Now: s.clock, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	metrics, err := collectors.NewMetrics(prometheus.NewRegistry())
	must(t, err)
	runner, err := collectors.NewRunner(collectors.Options{
		Collector: s.collector(t, client), Memory: s.store, Sink: s.store, Metrics: metrics, Interval: time.Minute, Now: s.clock,
		OnBatch: func(_ facts.Source, b facts.Batch) {
			for _, skip := range b.Skipped {
				s.skipped.Add(int64(skip.Count))
			}
		},
	})
	must(t, err)
	return runner.RunOnce(context.Background())
}

// scores are such that know nothing but the store.
func (s *stage) scores(t *testing.T) *app.Scores {
	t.Helper()
	scores := app.NewScores(s.policy, s.store, s.clock)
	must(t, scores.Refresh(context.Background()))
	return scores
}

// cards are the bytes of every card that would be published now.
func (s *stage) cards(t *testing.T) string { t.Helper(); return s.cardsAsOf(t, time.Time{}) }

// cardsAsOf are those of an instant, by what is known now.
func (s *stage) cardsAsOf(t *testing.T, at time.Time) string {
	t.Helper()
	return cardsOf(t, s.scores(t), at, publishedPeriods()...)
}

// publishedPeriods are those that a running program always has.
func publishedPeriods() []string { return []string{"current", "previous", "28d"} }

// cardsOf are the bytes of every card of some periods as of an instant; the zero time is now.
func cardsOf(t *testing.T, scores *app.Scores, asOf time.Time, periods ...string) string {
	t.Helper()
	var out bytes.Buffer
	for _, period := range periods {
		cards, err := scores.Cards(context.Background(), period, asOf)
		must(t, err)
		must(t, text.JSON(&out, cards...))
	}
	return out.String()
}

// rows are the rows of the same cards, by period, subject and objective.
func (s *stage) rows(t *testing.T) map[string]scorecard.Row {
	t.Helper()
	scores := s.scores(t)
	rows := map[string]scorecard.Row{}
	for _, period := range publishedPeriods() {
		cards, err := scores.Cards(context.Background(), period, time.Time{})
		must(t, err)
		for _, c := range cards {
			for _, r := range c.Rows {
				rows[period+" "+c.Subject.ID+" "+r.ID] = r
			}
		}
	}
	return rows
}

// requireFailure runs a cycle some time after the last good one, which must not
// complete, and looks at what is known of the source then.
func (s *stage) requireFailure(t *testing.T, age time.Duration) {
	t.Helper()
	s.now.Store(evaluatedAt.Add(age).Unix())
	err := s.cycle(t)
	if err == nil {
		t.Fatalf("a cycle completes after %v", age)
	}
	states, readErr := s.store.Sources(context.Background())
	must(t, readErr)
	for _, state := range states {
		if state.Source == s.source && state.LastError == err.Error() && state.DataAsOf.Equal(s.readTo) && state.LastErrorAt.Equal(s.clock()) {
			return
		}
	}
	t.Errorf("the sources are known as %+v, want the last good cycle of %s with data as of %v and error %v", states, s.source, s.readTo, err)
}

// live lets the source be read for two days and more while faults strike: the
// first time, and again as time goes on. At the end they are over, and live
// returns the cards then, and how often each kind struck.
func (s *stage) live(t *testing.T, seed uint64, list []faults.Fault) (cards string, struck map[faults.Kind]int) {
	t.Helper()
	x := s.suffer(t, seed, list)
	err := s.cycle(t)
	for tries := 0; err != nil; tries++ {
		if tries == 200 {
			t.Fatalf("no first cycle completes: %v", err)
		}
		err = s.cycle(t)
	}
	y := s.suffer(t, ^seed, list)
	for _, later := range []time.Duration{
		13 * time.Minute, 2 * time.Hour, 2*time.Hour + 5*time.Minute, 9 * time.Hour, 28 * time.Hour, 50 * time.Hour,
	} {
		s.now.Store(max(s.now.Load(), evaluatedAt.Add(later).Unix()))
		_ = s.cycle(t) // It may fail as it likes.
	}
	cards = s.atTheEnd(t)
	struck = x.Struck()
	for kind, n := range y.Struck() {
		struck[kind] += n
	}
	return cards, struck
}

// atTheEnd ends all faults, lets the source be read when everything has come, and
// returns the cards then.
func (s *stage) atTheEnd(t *testing.T) string {
	t.Helper()
	s.injector.Store(nil)
	s.now.Store(faultsEnd.Unix())
	must(t, s.cycle(t))
	return s.cards(t)
}

// ordeal is what stages are to live through without a trace.
type ordeal struct {
	stage func(t *testing.T, seed uint64) *stage
	menu  []faults.Fault
	mix   func(seed uint64) []faults.Fault // Of the menu.
	few   uint64                           // So many seeds are enough for everything to strike.
	want  string                           // The cards of an undisturbed life.
}

// inTurn makes mixes of a menu in which those faults strike first whose turn it is: after
// so few seeds each has had one.
func inTurn(menu []faults.Fault, few uint64, requests int) func(seed uint64) []faults.Fault {
	return func(seed uint64) []faults.Fault {
		var list []faults.Fault
		for i, f := range menu {
			if uint64(i)%few == seed%few {
				f.Requests = requests
				list = append(list, f)
			}
		}
		return append(list, faults.Mix(seed, menu, requests)...)
	}
}

// try lets one stage live, and returns how often each kind struck.
func (o *ordeal) try(t *testing.T, seed uint64, list []faults.Fault) map[faults.Kind]int {
	t.Helper()
	got, struck := o.stage(t, seed).live(t, seed, list)
	if diff := cmp.Diff(o.want, got); diff != "" {
		t.Errorf("seed %d, struck %v: cards differ (-undisturbed +disturbed):\n%s", seed, struck, diff)
	}
	return struck
}

func (o *ordeal) tryMixes(t *testing.T) {
	t.Helper()
	var all sync.Map // Kinds that struck.
	t.Run("mixes", func(t *testing.T) {
		for seed := range seeds(t, o.few) {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				for kind := range o.try(t, seed, o.mix(seed)) {
					all.Store(kind, true)
				}
			})
		}
	})
	for _, f := range o.menu {
		if _, struck := all.Load(f.Kind); !struck && !soaking() { // Some seeds of the long form may have been chosen.
			t.Errorf("no seed had a share of %s", f.Kind)
		}
	}
}
