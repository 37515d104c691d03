package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/exporter-toolkit/web"

	"teamhealth/internal/app"
)

// twice returns what is in both lists.
func twice(before, after []string) []string {
	return slices.DeleteFunc(slices.Clone(after), func(page string) bool { return !slices.Contains(before, page) })
}

// undisturbed are the cards of a site whose program nobody disturbs, and how
// many pages of history they took.
func undisturbed(t *testing.T) (cards string, pages int) {
	t.Helper()
	s := newSite(t)
	a := s.open(t)
	synced(t, a)
	return shown(t, a, lastQuarter), len(s.answered())
}

func TestAReloadDuringACycleGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	want, pages := undisturbed(t)
	for _, after := range []int{0, 1, 3, pages - 1} {
		t.Run(fmt.Sprintf("after %d pages", after), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.open(t)
			silent := s.silence(after)
			defer running(t, a)()
			<-silent
			before := s.answered()
			s.configure(t, s.text, "interval: 1s", "interval: 1h")
			must(t, a.Reload(context.Background()))
			must(t, a.WaitReady(t.Context()))
			if again := twice(before, s.answered()[len(before):]); len(before) != after || len(again) > 0 {
				t.Errorf("of %d pages that were answered before the reload, these were asked for again: %q", len(before), again)
			}
			if got := shown(t, a, lastQuarter); got != want {
				t.Errorf("the cards differ from those of an undisturbed run:\n%s", cmp.Diff(want, got))
			}
		})
	}
}

func TestAChangedScopeReadsWhatIsMissing(t *testing.T) {
	t.Parallel()
	const beginning = "since=2026-06-01T00%3A00%3A00Z"
	tests := map[string]struct {
		edits []string
		want  []string // In the addresses of pages that are asked for.
		never string   // In none of them.
	}{
		"an earlier beginning reads what lies before": {
			[]string{"since: 2026-06-01", "since: 2026-05-20"},
			[]string{"since=2026-05-20T00%3A00%3A00Z", "until=2026-06-01T00%3A00%3A00Z"},
			beginning,
		},
		"a later beginning keeps what was read": {
			[]string{"since: 2026-06-01", "since: 2026-06-20"}, []string{"since=2026-07-01T05%3A00%3A00Z"}, "since=2026-06",
		},
		"other teams are read from the beginning": {
			[]string{"teams: []", "teams: [mysql]"}, []string{"team_ids%5B%5D=mysql", beginning}, "team_ids%5B%5D=mongodb",
		},
		"another target reads what is new": {
			[]string{"objectives: []", "objectives: [{id: incident_response, target: 0.987}]"},
			[]string{"since=2026-07-01T05%3A00%3A00Z"},
			"since=2026-06",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.open(t)
			synced(t, a)
			before := len(s.answered())
			s.configure(t, s.text, tt.edits...)
			must(t, a.Reload(context.Background()))
			synced(t, a)
			asked := strings.Join(s.answered()[before:], "\n")
			for _, want := range tt.want {
				if !strings.Contains(asked, want) {
					t.Errorf("no page with %s is asked for:\n%s", want, asked)
				}
			}
			if strings.Contains(asked, tt.never) {
				t.Errorf("pages with %s are asked for:\n%s", tt.never, asked)
			}
		})
	}
}

func TestAnotherAddressGoesOnAndIsLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	synced(t, a)
	cards := shown(t, a, lastQuarter)
	s.configure(t, s.text, "url: http://127.0.0.1", "url: http://localhost")
	must(t, a.Reload(context.Background()))
	if got := shown(t, a, lastQuarter); got != cards {
		t.Errorf("the cards changed:\n%s", cmp.Diff(cards, got))
	}
	if !strings.Contains(s.log.String(), "another account needs another store") {
		t.Errorf("the log does not say what another address means:\n%s", &s.log)
	}
}

func TestStoppingKeepsEveryPageThatWasAnswered(t *testing.T) {
	t.Parallel()
	want, _ := undisturbed(t)
	s := newSite(t)
	for _, after := range []int{0, 2, 3} {
		a, before := s.open(t), s.answered()
		silent := s.silence(after)
		url, stop := served(t, a)
		<-silent
		if code := status(t, url+"/-/healthy"); code != http.StatusOK {
			t.Errorf("while PagerDuty is silent: %d", code)
		}
		must(t, stop())
		must(t, a.Close())
		if again := twice(before, s.answered()[len(before):]); len(again) > 0 {
			t.Errorf("asked for again: %q", again)
		}
	}
	a := s.open(t)
	synced(t, a)
	if got := shown(t, a, lastQuarter); got != want {
		t.Errorf("the cards differ from those of an undisturbed run:\n%s", cmp.Diff(want, got))
	}
}

// TestAPageThatWasFetchedIsKept stops a cycle at the instant at which it holds an
// answer that it has not looked at, for every page of the history.
func TestAPageThatWasFetchedIsKept(t *testing.T) {
	t.Parallel()
	want, pages := undisturbed(t)
	s := newSite(t)
	a := s.open(t)
	for range pages {
		before := s.answered()
		ctx, stop := context.WithCancel(t.Context())
		s.stopBehind(1, stop)
		err := a.Sync(ctx, func(app.Progress) {})
		stop()
		after := s.answered()[len(before):]
		if again := twice(before, after); len(after) != 1 || len(again) > 0 || !errors.Is(err, context.Canceled) {
			t.Fatalf("a cycle that was stopped behind its first page ended with %v, after %q, again %q", err, after, again)
		}
	}
	synced(t, a)
	if got := shown(t, a, lastQuarter); got != want {
		t.Errorf("the cards differ from those of an undisturbed run:\n%s", cmp.Diff(want, got))
	}
}

// served serves a program on loopback until it is stopped.
func served(t *testing.T, a *app.App) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listeners, err := app.Listen(ctx, []string{"127.0.0.1:0"})
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, listeners, &web.FlagConfig{WebConfigFile: new(string)}) }()
	return "http://" + listeners[0].Addr().String(), func() error {
		cancel()
		return <-ended
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	must(t, err)
	r.Close = true
	response, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	must(t, response.Body.Close())
	return response.StatusCode
}

func TestServeEndsWhenTheProgramIsClosed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	_, stop := served(t, a)
	must(t, a.WaitReady(t.Context()))
	must(t, a.Close())
	must(t, stop())
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	if err := a.Serve(t.Context(), []net.Listener{listener}, &web.FlagConfig{WebConfigFile: new(string)}); err == nil {
		t.Error("a closed program serves")
	}
	if err := listener.Close(); err == nil {
		t.Error("its listener was left open")
	}
}

// TestReadersNeverSeeAReload reloads two configurations in turn while readers
// ask. Each has a name and a target of its own.
func TestReadersNeverSeeAReload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	edits := func(i int) []string {
		return []string{
			"name: MySQL Team", fmt.Sprintf("name: Team %d", i%2),
			"objectives: []", fmt.Sprintf("objectives: [{id: incident_response, target: 0.9%d}]", i%2),
		}
	}
	s.configure(t, s.text, edits(0)...)
	a := s.open(t)
	synced(t, a)
	defer running(t, a)()
	ctx, done := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for _, read := range []func(){
		func() { requireOneConfiguration(t, a) },
		func() {
			if body := shown(t, a, "/metrics"); !strings.Contains(body, "teamhealth_objective_value{") {
				t.Error("/metrics has no values")
			}
		},
		func() { shown(t, a, "/"); shown(t, a, "/-/ready"); shown(t, a, "/api/v1/status") },
	} {
		readers.Go(func() {
			for ctx.Err() == nil {
				read()
			}
		})
	}
	var reloads sync.WaitGroup
	for i := range 12 {
		s.configure(t, s.text, edits(i)...)
		reloads.Go(func() { must(t, a.Reload(context.Background())) }) // It may already find the next one.
		if i%3 == 0 {
			reloads.Wait()
		}
	}
	reloads.Wait()
	done()
	readers.Wait()
}

// requireOneConfiguration requires a card that is made by one configuration
// and not by parts of two.
func requireOneConfiguration(t *testing.T, a *app.App) {
	t.Helper()
	var card struct {
		Subject struct{ Name string }
		Rows    []struct {
			ID     string
			Target *float64
		}
	}
	must(t, json.Unmarshal([]byte(shown(t, a, "/api/v1/scorecard?team=mysql&period=2026-Q2")), &card))
	targets := map[string]float64{"Team 0": 0.90, "Team 1": 0.91}
	for _, row := range card.Rows {
		if want := targets[card.Subject.Name]; row.ID == "incident_response" && *row.Target != want {
			t.Errorf("the card of %s has the target %v, want %v", card.Subject.Name, *row.Target, want)
		}
	}
}

// soaks is how many seeds a test of random sequences tries.
func soaks(t *testing.T, short int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("TEAMHEALTH_SOAK"))
	if err != nil {
		return short
	}
	return n
}

// TestAnyOrderOfStartStopAndReload does everything that can be done to a
// program, in any order and at once. It runs beside no other test, so that it
// can count goroutines.
func TestAnyOrderOfStartStopAndReload(t *testing.T) {
	want, _ := undisturbed(t)
	for seed := range soaks(t, 4) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			s := newSite(t)
			goroutines := runtime.NumGoroutine()
			chaos := &chaos{site: s, random: rand.New(rand.NewPCG(uint64(seed), 0))}
			for range 3 {
				chaos.round(t)
			}
			s.configure(t, s.text)
			a := s.open(t)
			synced(t, a)
			if got := shown(t, a, lastQuarter); got != want {
				t.Errorf("the cards differ from those of an undisturbed run:\n%s", cmp.Diff(want, got))
			}
			must(t, a.Close())
			eventually(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= goroutines })
		})
	}
}

// chaos does things to programs, as its seed says.
type chaos struct {
	site   *site
	random *rand.Rand
}

// round opens a program, does a number of things to it at once, and closes it
// while some are still being done.
func (c *chaos) round(t *testing.T) {
	t.Helper()
	c.site.configure(t, c.site.text)
	a := c.site.open(t)
	var work sync.WaitGroup
	for range 12 {
		work.Go(c.something(t, a))
		time.Sleep(time.Duration(c.random.IntN(15)) * time.Millisecond)
	}
	must(t, a.Close())
	work.Wait()
}

// something is one thing to do. What it returns as an error depends on what
// else is being done, and is right as long as it returns at all.
func (c *chaos) something(t *testing.T, a *app.App) func() {
	t.Helper()
	short, cancel := context.WithTimeout(context.Background(), time.Duration(c.random.IntN(40))*time.Millisecond)
	edit := []string{"name: Team 1", "name: Team 2", "namme: x"}[c.random.IntN(3)]
	stop := func() error { return nil }
	things := []func(){
		func() { _ = a.Run(context.Background()) }, // Until the program is closed.
		func() { _ = a.Run(short) },
		func() { _ = a.Sync(short, func(app.Progress) {}) },
		func() { _ = a.Recompute(short) },
		func() { _ = a.WaitReady(short) },
		func() { _ = a.Reload(context.Background()) },
		func() { _ = a.Reload(short) },
		func() { ask(a, http.MethodPost, "/-/reload") },
		func() { ask(a, http.MethodGet, "/metrics"); ask(a, http.MethodGet, lastQuarter) },
		func() { <-short.Done(); _ = stop() },
	}
	i := c.random.IntN(len(things))
	switch i {
	case len(things) - 1:
		_, stop = served(t, a)
	case 5, 6, 7:
		c.site.configure(t, c.site.text, "name: MySQL Team", edit)
	}
	return func() { defer cancel(); things[i]() }
}
