package realservers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"teamhealth/collectors"
	collector "teamhealth/collectors/prometheus"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// TestHoursOfEventsAreWhatRealPrometheusCounts reads three days of counters that are
// put into the database of each release, beside a live target that has the same ones.
func TestHoursOfEventsAreWhatRealPrometheusCounts(t *testing.T) {
	t.Parallel()
	for name, r := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().UTC()
			begin := now.Truncate(time.Hour).Add(-(pastHours + 2) * time.Hour)
			p := pastPrometheus(t, program(t, r.prometheus), program(t, r.promtool), begin)
			eventually(t, "the live target is scraped", func() bool {
				return len(p.query(t, `increase(queries_total{job="live", team="mysql"}[1m])`)) == 1
			})
			e := newReader(p.url, now, collector.Query{Objective: "query_performance", Events: countedQueries, Teams: []string{"mysql", "mongodb"}})
			must(t, e.collect(t))
			e.check(t, begin)
			first := len(e.kept)
			must(t, e.collect(t))
			if len(e.kept) != first || e.twice > 0 {
				t.Errorf("a second cycle has %d hours, and %d of them again", len(e.kept), e.twice)
			}
			checkRefusals(t, p.url, now)
		})
	}
}

// countedQueries are what the counters below are for.
var countedQueries = facts.EventQuery{
	Good:  `sum(increase(queries_fast_total{team="$team"}[1h]))`,
	Total: `sum(increase(queries_total{team="$team"}[1h]))`,
}

// pastHours is how many hours of counters there are, up to two hours ago.
const pastHours = 72

// perMinute is by how much a counter grows: mysql's one for each of its two servers.
func perMinute(team string) (fast, all float64) {
	if team == "mysql" {
		return 99, 100
	}
	return 7, 10
}

// known are the events that a team's hour has. Samples are a minute apart and
// begin half a minute after the hour, so that an hour of 60 has 59 steps between them,
// and increase() puts half a step before the first and half a step after the last.
func known(team string, nth int) (steps float64, isKnown bool) {
	switch {
	case team == "mysql": // Two servers, of which neither was ever away.
		return 2 * 60, true
	case nth == 20: // The counter begins anew in the middle: 29 steps, one that is lost, 29 steps.
		return 58 * 60.0 / 59, true
	case nth == 40: // The series ends after 20 minutes: 19 steps between 20 samples.
		return 20, true
	case nth > 40 && nth < 44: // Nothing was scraped.
		return 0, false
	default:
		return 60, true
	}
}

// openMetrics writes the counters of the past.
func openMetrics(begin time.Time) []byte {
	var out bytes.Buffer
	for i, family := range []string{"queries_fast", "queries"} {
		fmt.Fprintf(&out, "# TYPE %s counter\n", family)
		for _, series := range []struct{ team, instance string }{{"mysql", "a"}, {"mysql", "b"}, {"mongodb", "c"}} {
			fast, all := perMinute(series.team)
			step := []float64{fast, all}[i]
			value := 1e6
			for minute := range pastHours * 60 {
				nth := minute / 60
				value += step
				if series.team == "mongodb" && nth == 20 && minute%60 == 30 {
					value = 0
				}
				if series.team == "mongodb" && (nth > 40 && nth < 44 || nth == 40 && minute%60 >= 20) {
					continue
				}
				at := begin.Add(time.Duration(minute)*time.Minute + 30*time.Second)
				fmt.Fprintf(&out, "%s_total{team=%q,instance=%q} %v %d\n", family, series.team, series.instance, value, at.Unix())
			}
		}
	}
	out.WriteString("# EOF\n")
	return out.Bytes()
}

// pastPrometheus starts a server whose database has the past, and which scrapes a
// live target with the same counters.
func pastPrometheus(t *testing.T, path, tool string, begin time.Time) *prometheus {
	t.Helper()
	live := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "# TYPE queries_total counter\nqueries_total{team=\"mysql\"} %d\n", time.Now().Unix())
	}))
	t.Cleanup(live.Close)
	return startOnPast(t, path, tool, openMetrics(begin), strings.Join([]string{
		"global: {scrape_interval: " + scrapeEvery + "}",
		"scrape_configs: [{job_name: live, static_configs: [{targets: ['" + strings.TrimPrefix(live.URL, "http://") + "']}]}]",
	}, "\n"))
}

// startOnPast starts a server with a configuration, whose database has what a text
// in the OpenMetrics format tells.
func startOnPast(t *testing.T, path, tool string, past []byte, configuration string) *prometheus {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "past.om"), past, 0o600))
	promtool{path: tool, dir: dir}.run(t, nil, "tsdb", "create-blocks-from", "openmetrics", "--quiet", "past.om", "data")
	must(t, os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(configuration), 0o600))
	address := freeAddress(t)
	p := &prometheus{url: "http://" + address}
	start(t, p.url+"/-/ready", path,
		"--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--storage.tsdb.retention.time=30d", "--web.listen-address="+address, "--log.level=warn",
	)
	return p
}

// reader keeps what the collector hands over.
type reader struct {
	collectors.Memory
	url     string
	now     time.Time // When the live target began, of which no hour is over.
	queries []collector.Query
	since   time.Time
	cursor  []byte
	kept    map[hourKey]facts.EventHour
	twice   int
	skipped map[string]int
	done    *facts.Completion
}

// hourKey is which hour of which team's events of a pair it is.
type hourKey struct {
	query facts.EventQuery
	team  string
	hour  time.Time // UTC.
}

func newReader(url string, now time.Time, queries ...collector.Query) *reader {
	return &reader{url: url, now: now, queries: queries, kept: map[hourKey]facts.EventHour{}}
}

func (r *reader) Cursor(context.Context, facts.Source) ([]byte, error) { return r.cursor, nil }

func (r *reader) collect(t *testing.T) error {
	t.Helper()
	transport, err := collector.NewTransport(nil)
	must(t, err)
	c, err := collector.New(collector.Options{
		URL: r.url, Queries: r.queries, Since: r.since, Now: func() time.Time { return r.now },
		HTTP: apiclient.New(apiclient.Options{Transport: transport, Timeout: patience}),
	})
	must(t, err)
	r.skipped = map[string]int{}
	return c.Collect(t.Context(), r, func(b facts.Batch) error {
		for _, h := range b.EventHours {
			key := hourKey{h.Query, h.Team, h.Hour}
			if _, again := r.kept[key]; again {
				r.twice++
			}
			r.kept[key] = h
		}
		for _, s := range b.Skipped {
			r.skipped[s.Reason] += s.Count
		}
		r.cursor, r.done = b.Cursor, b.Complete
		return nil
	})
}

// check holds what was read against what is known.
func (r *reader) check(t *testing.T, begin time.Time) {
	t.Helper()
	wanted := 0
	for _, team := range []string{"mysql", "mongodb"} {
		fast, all := perMinute(team)
		for nth := range pastHours {
			at := begin.Add(time.Duration(nth) * time.Hour)
			got, has := r.kept[hourKey{countedQueries, team, at}]
			steps, isKnown := known(team, nth)
			if isKnown != has {
				t.Errorf("%s, hour %d: known %v, want %v", team, nth, has, isKnown)
				continue
			}
			if !has {
				continue
			}
			wanted++
			if math.Abs(got.Total-all*steps) > 1e-6*all || math.Abs(got.Good-fast*steps) > 1e-6*all || got.Clamped {
				t.Errorf("%s, hour %d: %v of %v, want %v of %v", team, nth, got.Good, got.Total, fast*steps, all*steps)
			}
		}
	}
	if len(r.kept) != wanted {
		t.Errorf("%d hours, want %d", len(r.kept), wanted)
	}
	if missing := r.skipped["no_data"]; missing < 3 || len(r.skipped) != 1 { // And those that passed since the past ended.
		t.Errorf("skipped %v", r.skipped)
	}
	if r.done == nil || !r.done.DataSince.Equal(begin) || r.now.Sub(r.done.DataAsOf) > 2*time.Hour {
		t.Errorf("complete: %+v", r.done)
	}
}

// checkRefusals asks for what counts nothing, in the words of the real thing.
func checkRefusals(t *testing.T, url string, now time.Time) {
	t.Helper()
	for name, test := range map[string]struct{ total, want string }{
		"a matrix where a vector is needed": {`queries_total{team="$team"}[1h]`, `expression type "range vector"`},
		"no PromQL":                         {`sum(`, "parse error"},
		"several series":                    {`increase(queries_total[1h])`, `it gives 3 series, {instance=`},
		"series that do not match":          {`queries_total * on(team) queries_fast_total`, "found duplicate series for the match group"},
	} {
		asked := facts.EventQuery{Good: countedQueries.Good, Total: test.total}
		err := newReader(url, now, collector.Query{Objective: "query_performance", Events: asked, Teams: []string{"mysql", "mongodb"}}).collect(t)
		problem, ok := errors.AsType[*collector.QueryError](err)
		if !ok || problem.Objective != "query_performance" || problem.Side != collector.Total || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q", name, err, test.want)
		}
	}
}
