package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors"
	"teamhealth/collectors/prometheus"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
	simulated "teamhealth/internal/simulator/prometheus"
	"teamhealth/scorecard"
)

// eventsStart is where the history of events begins: the quarter before the one that
// runs has all of its hours.
var eventsStart = evaluatedAt.AddDate(0, 0, -100)

// eventStage is a Prometheus of which nothing has been read, beside a PagerDuty that has been.
func (base *setting) eventStage(t *testing.T) *stage {
	t.Helper()
	return base.eventStageOn(t, base.read)
}

func (base *setting) eventStageOn(t *testing.T, kept []byte) *stage {
	t.Helper()
	s := newStage(t, eventConfig(t), eventsStart, kept)
	s.source, s.readTo = facts.Prometheus, evaluatedAt.Add(-time.Hour) // The hour that ends now is asked for in five minutes.
	s.limit = http.Header{"Retry-After": {"7"}}
	counted := app.SimulatedEvents(s.config, s.start, 3, s.clock)
	for i := range counted.Series {
		counted.Series[i].Gaps = faultGaps()
	}
	counted.Middleware = []func(http.Handler) http.Handler{s.misbehave}
	server, err := simulated.New(counted)
	must(t, err)
	s.serve(t, server)
	s.collector = func(t *testing.T, client *apiclient.Client) collectors.Collector {
		t.Helper()
		o := prometheus.Options{URL: s.url, Since: s.start.AddDate(0, 0, -20), HTTP: client, Now: s.clock}
		for _, q := range s.policy.EventQueries() {
			o.Queries = append(o.Queries, prometheus.Query{Objective: q.Objective, Events: q.Query, Teams: q.Teams})
		}
		c, err := prometheus.New(o)
		must(t, err)
		return c
	}
	return s
}

func eventConfig(t *testing.T) *config.Config {
	t.Helper()
	yml, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:1", TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:unused.db",
		PrometheusURL: "http://127.0.0.1:1",
	})
	must(t, err)
	c, err := config.Parse("teamhealth.yml", yml)
	must(t, err)
	return c
}

// faultGaps are two that stay, one whose data comes when its turn has come to be asked
// for again, and one of the days in which things go wrong whose data comes before they end.
func faultGaps() []simulated.Gap {
	gap := func(from time.Duration, hours int, filled time.Time) simulated.Gap {
		begin := evaluatedAt.Add(from)
		return simulated.Gap{From: begin, Until: begin.Add(time.Duration(hours) * time.Hour), Filled: filled}
	}
	const day = 24 * time.Hour
	return []simulated.Gap{
		gap(-70*day, 30, time.Time{}), gap(-20*time.Hour, 3, time.Time{}),
		gap(-4*day+10*time.Hour, 4, evaluatedAt.Add(5*time.Hour)), gap(15*time.Hour, 3, evaluatedAt.Add(40*time.Hour)),
	}
}

// eventMenu is everything that can go wrong with Prometheus for a while without leaving a trace.
func eventMenu() []faults.Fault {
	needed := []string{"status", "data", "data.resultType", "data.result", "data.result.values", "data.result.value"}
	unread := []string{"data.result.metric"}
	return []faults.Fault{
		{Kind: faults.TooMany, Rate: 0.3},
		{Kind: faults.TooManyBare, Rate: 0.3},
		{Kind: faults.ServerError, Rate: 0.3},
		{Kind: faults.BadGateway, Rate: 0.3},
		{Kind: faults.Unavailable, Rate: 0.3},
		{Kind: faults.PaymentRequired, Rate: 0.2},
		{Kind: faults.Forbidden, Rate: 0.2},
		{Kind: faults.Truncated, Rate: 0.3},
		{Kind: faults.HTML, Rate: 0.1},
		{Kind: faults.Empty, Rate: 0.1},
		{Kind: faults.Slow, Rate: 0.1},
		{Kind: faults.Reset, Rate: 0.3},
		{Kind: faults.ResetMidway, Rate: 0.3},
		{Kind: faults.Drift, Rate: 1},
		{Kind: faults.Null, Rate: 1, Fields: unread},
		{Kind: faults.Missing, Rate: 1, Fields: unread},
		{Kind: faults.Null, Rate: 0.3, Fields: needed},
		{Kind: faults.Missing, Rate: 0.3, Fields: needed},
		{Kind: faults.Odd, Rate: 0.3, Fields: needed},
	}
}

// fewEventSeeds is how many seeds are enough for every fault to have its turn.
const fewEventSeeds = 6

// TestFaultsOfPrometheusThatEndChangeNoByteOfAnyCard tries mixes of everything that
// can go wrong. A seed that fails is tried again with
//
//	TEAMHEALTH_SOAK=<more than the seed> go test ./internal/app -run 'TestFaultsOfPrometheusThatEnd.*/mixes/^seed_<seed>$'
func TestFaultsOfPrometheusThatEndChangeNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	undisturbed := base.eventStage(t)
	o := ordeal{
		stage: func(t *testing.T, _ uint64) *stage { t.Helper(); return base.eventStage(t) },
		menu:  eventMenu(), mix: inTurn(eventMenu(), fewEventSeeds, 80), few: fewEventSeeds,
	}
	o.want, _ = undisturbed.live(t, 0, nil)
	undisturbed.requireEvents(t)
	o.tryMixes(t)
}

// requireEvents makes sure that the cards rest on events, and that the gaps which
// stay lower the coverage: the previous quarter has 30 of them and 3 in 91 days.
func (s *stage) requireEvents(t *testing.T) {
	t.Helper()
	rows := s.rows(t)
	for subject, want := range map[string]scorecard.Verdict{"mysql": scorecard.Met, "mongodb": scorecard.Missed, "org": scorecard.Met} {
		row := rows["previous "+subject+" query_performance"]
		if row.Verdict != want || row.Coverage == nil || fmt.Sprintf("%.6f", *row.Coverage) != fmt.Sprintf("%.6f", 1-33.0/(91*24)) {
			t.Errorf("%s is %s with a coverage of %v, want %s: %s", subject, row.Verdict, row.Coverage, want, row.Reason)
		}
	}
}

// TestFaultsOfPrometheusThatLastKeepTheLastFacts reads a Prometheus once, and then not
// again for two days.
func TestFaultsOfPrometheusThatLastKeepTheLastFacts(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	plain := base.eventStage(t)
	must(t, plain.cycle(t))
	good, before, kept := plain.cards(t), plain.rows(t), plain.kept(t)
	want := plain.atTheEnd(t)
	ranges := []string{"/api/v1/query_range"}
	for i, f := range []faults.Fault{
		{Kind: faults.TooMany},
		{Kind: faults.Unavailable, Paths: ranges},
		{Kind: faults.HTML},
		{Kind: faults.Empty, Paths: ranges},
		{Kind: faults.Truncated, Paths: ranges},
		{Kind: faults.ResetMidway, Paths: ranges},
		{Kind: faults.Forbidden},
	} {
		t.Run(fmt.Sprintf("%d, %s", i, f.Kind), func(t *testing.T) {
			t.Parallel()
			s := base.eventStageOn(t, kept)
			f.Rate = 1
			s.suffer(t, uint64(i), []faults.Fault{f})
			for _, age := range []time.Duration{58 * time.Minute, 61 * time.Minute, 50 * time.Hour} {
				s.requireFailure(t, age)
				s.requireStaleEvents(t, before, age > time.Hour)
			}
			if diff := cmp.Diff(good, s.cardsAsOf(t, evaluatedAt)); diff != "" {
				t.Errorf("what was known before has changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(want, s.atTheEnd(t)); diff != "" {
				t.Errorf("cards differ after recovery (-undisturbed +recovered):\n%s", diff)
			}
		})
	}
}

// requireStaleEvents compares the rows that rest on events with those before the
// faults: of the quarter that runs they are stale or not, of the one before they are
// what they were, and all keep their numbers.
func (s *stage) requireStaleEvents(t *testing.T, before map[string]scorecard.Row, stale bool) {
	t.Helper()
	judged := 0
	for name, row := range s.rows(t) {
		was := before[name]
		needed := slices.ContainsFunc(was.Sources, func(of scorecard.RowSource) bool { return of.Name == facts.Prometheus })
		if strings.HasPrefix(name, "28d") || !needed || was.Value == nil {
			continue // It moves on with the clock, or nothing is known of it.
		}
		judged++
		want := was.Verdict
		if stale && strings.HasPrefix(name, "current") {
			want = scorecard.Stale
		}
		if row.Verdict != want || fmt.Sprint(row.Value) != fmt.Sprint(was.Value) {
			t.Errorf("%s: %s with value %v, want %s with %v", name, row.Verdict, row.Value, want, was.Value)
		}
	}
	if judged < 2*3 {
		t.Errorf("only %d rows rest on events", judged)
	}
}
