package realservers_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"gopkg.in/yaml.v3"

	collector "teamhealth/collectors/prometheus"
	"teamhealth/internal/facts"
)

// TestExpressionsOfTheDocumentationCountWhatHappened lets every release of Prometheus
// evaluate the pairs that docs/prometheus.md offers, on what the exporters show that
// it names, and compares the hours with those that are worked out by hand.
func TestExpressionsOfTheDocumentationCountWhatHappened(t *testing.T) {
	t.Parallel()
	offered := documented(t)
	for name, r := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().UTC()
			begin := now.Truncate(time.Hour).Add(-(someHours + 2) * time.Hour)
			p := startOnPast(t, program(t, r.prometheus), program(t, r.promtool), pastOf(begin, exported()), "{}")
			all := newReader(p.url, now)
			all.since = begin
			for _, query := range offered {
				all.queries = append(all.queries, collector.Query{Objective: "query_performance", Events: query, Teams: teams()})
			}
			must(t, all.collect(t))
			for metrics, query := range offered {
				compareHours(t, all, metrics, query, begin)
			}
		})
	}
}

// TestNativeHistogramsAreCountedAsDocumented has only promtool, since nobody can put
// native histograms into a database from outside.
func TestNativeHistogramsAreCountedAsDocumented(t *testing.T) {
	t.Parallel()
	offered := written(t)
	nth := slices.IndexFunc(offered, func(q facts.EventQuery) bool { return isNative(q) })
	if nth < 0 {
		t.Fatal("the documentation has no pair for native histograms")
	}
	q := offered[nth].For(exemplary)
	// Observations lie in buckets that end at 2^-5 s and at 2^-3 s, so that none is near 50 ms:
	// 97 and 3 in a minute on server a, 30 and 10 on server b, which counts anew from minute 31 on.
	const a, b = "{{schema:0 sum:1 count:100 offset:-5 buckets:[97 0 3]}}", "{{schema:0 sum:1 count:40 offset:-5 buckets:[30 0 10]}}"
	series := func(team, instance, values string) any {
		return map[string]string{"series": fmt.Sprintf("db_client_operation_duration_seconds{team=%q, instance=%q}", team, instance), "values": values}
	}
	is := func(expression string, events int) any { // Sums of many small steps may be a little off.
		return map[string]any{
			"expr": fmt.Sprintf("abs((%s) - %d) < bool 0.001", expression, events), "eval_time": "1h",
			"exp_samples": []any{map[string]any{"labels": "{}", "value": 1}},
		}
	}
	content, err := yaml.Marshal(map[string]any{"tests": []any{map[string]any{
		"interval": "1m",
		"input_series": []any{
			series(exemplary, "a", a+"+"+a+"x60"), series(exemplary, "b", b+"+"+b+"x30 "+b+"+"+b+"x29"), series(larger, "a", a+"+"+a+"x60"),
		},
		"promql_expr_test": []any{is(q.Good, 60*(97+30)), is(q.Total, 60*(100+40))},
	}}})
	must(t, err)
	tool := promtool{path: program(t, built("promtool")), dir: t.TempDir()}
	must(t, os.WriteFile(filepath.Join(tool.dir, "native.yml"), content, 0o600))
	tool.run(t, nil, "test", "rules", "native.yml")
}

func isNative(q facts.EventQuery) bool { return strings.Contains(q.Good, "histogram_fraction") }

// documented are the pairs of the documentation that need no native histograms, by the
// metrics that they are about.
func documented(t *testing.T) map[string]facts.EventQuery {
	t.Helper()
	offered := map[string]facts.EventQuery{}
	for _, q := range written(t) {
		metrics := strings.Join(metricsOf(t, q.Good, q.Total), " ")
		switch _, known := byHand()[metrics]; {
		case isNative(q):
		case offered[metrics] != facts.EventQuery{}:
			t.Errorf("there are two pairs of %s, which one hand cannot work out", metrics)
		case !known:
			t.Errorf("nobody worked out what this pair counts, of %s:\n%s\n%s", metrics, q.Good, q.Total)
		default:
			offered[metrics] = q
		}
	}
	for metrics := range byHand() {
		if _, is := offered[metrics]; !is {
			t.Errorf("the documentation offers no pair of %s", metrics)
		}
	}
	return offered
}

// written are all pairs of expressions of the documentation.
func written(t *testing.T) []facts.EventQuery {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "prometheus.md"))
	must(t, err)
	var offered []facts.EventQuery
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
		var document struct {
			Objectives []facts.EventQuery
		}
		must(t, yaml.Unmarshal(block[1], &document))
		offered = append(offered, document.Objectives...)
	}
	return offered
}

// metricsOf are the names of all metrics in some expressions.
func metricsOf(t *testing.T, expressions ...string) []string {
	t.Helper()
	names := map[string]bool{}
	for _, text := range expressions {
		expression, err := parser.NewParser(parser.Options{}).ParseExpr(text)
		must(t, err)
		for _, matchers := range parser.ExtractSelectors(expression) {
			for _, m := range matchers {
				if m.Name == "__name__" {
					names[m.Value] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// compareHours holds what was read of a pair against what is known by hand.
func compareHours(t *testing.T, r *reader, metrics string, query facts.EventQuery, begin time.Time) {
	t.Helper()
	for _, team := range teams() {
		hours, isCounted := byHand()[metrics][team]
		for nth := range someHours {
			var want hour
			if isCounted {
				want = hours(nth)
			}
			got, has := r.kept[hourKey{query, team, begin.Add(time.Duration(nth) * time.Hour)}]
			switch off := 1e-9 * want.total; {
			case want.known != has:
				t.Errorf("%s, team %s, hour %d: known %v, want %v", metrics, team, nth, has, want.known)
			case math.Abs(got.Good-want.good) > off || math.Abs(got.Total-want.total) > off || got.Clamped:
				t.Errorf("%s, team %s, hour %d: %v of %v, want %v of %v", metrics, team, nth, got.Good, got.Total, want.good, want.total)
			}
		}
	}
}

// hour is what happened in one.
type hour struct {
	good, total float64
	known       bool
}

// counted are events that counters count: so many a minute on servers a and b.
func counted(times, goodA, goodB, allA, allB float64) func(int) hour {
	return func(nth int) hour {
		a, b := times*server(0).steps(nth), times*server(1).steps(nth)
		return hour{goodA*a + goodB*b, allA*a + allB*b, true}
	}
}

// countedByMember are those of a member of a replica set, whose series end when it
// restarts: the 20 samples of the former have 19 steps and half a one on each side; the 35
// of the next begin at zero, before which there was nothing: 34 and a half.
func countedByMember(times, goodA, goodB, allA, allB float64) func(int) hour {
	return func(nth int) hour {
		a, b := times*server(0).steps(nth), times*server(1).steps(nth)
		if nth == restarts {
			b = times * (20 + 34.5)
		}
		h := hour{goodA*a + goodB*b, allA*a + allB*b, true}
		if nth == 3 {
			h.total += times * 60 / 59 // The late read, between two of 60 samples.
		}
		return h
	}
}

// profiled are operations less those that the profiler took for slow: two at each scrape
// of server a, and one of server b.
func profiled(times float64) func(int) hour {
	return func(nth int) hour {
		h := countedByMember(times, 100, 40, 100, 40)(nth)
		h.good = h.total - times*(2*server(0).samples(nth)+server(1).samples(nth))
		h.known = nth != leaves // Where half of the scrapes failed, slow ones are not known.
		if !h.known {
			return hour{}
		}
		return h
	}
}

// answered are scrapes of which each is an event. While server b is down its exporter
// answers; where the exporter is not reached, that is an event only by up.
func answered(isUp bool) func(int) hour {
	return func(nth int) hour {
		h := hour{good: server(0).samples(nth) + server(1).samples(nth), total: 120, known: true}
		switch {
		case isUp:
		case nth == leaves:
			h.total = 90
		case nth == stays:
			h.total = 60
		}
		return h
	}
}

// withoutB is what is known of a team whose server b lacks something: the hour in which
// that one is not there at all.
func withoutB(hours func(int) hour) func(int) hour {
	return func(nth int) hour {
		if nth == stays {
			return hours(nth)
		}
		return hour{}
	}
}

// byHand is what each pair of the documentation must count, by its metrics and by
// team. Of a team that is not there nothing may be known.
func byHand() map[string]map[string]func(int) hour {
	type all = map[string]func(int) hour
	const plugin = "mysql_info_schema_query_response_time_seconds_bucket mysql_info_schema_query_response_time_seconds_count"
	return map[string]all{
		"mysql_global_status_queries mysql_global_status_slow_queries mysql_global_variables_long_query_time": {
			exemplary: counted(1, 97, 30, 100, 40), larger: counted(10, 97, 30, 100, 40), careless: withoutB(counted(1, 97, 0, 100, 0)),
		},
		plugin: { // 10 + 40 + 45, and 20 + 12.
			exemplary: counted(1, 95, 32, 100, 40), larger: counted(10, 95, 32, 100, 40), careless: withoutB(counted(1, 95, 0, 100, 0)),
		},
		"mongodb_profile_slow_query_count mongodb_ss_opLatencies_ops up": {
			exemplary: profiled(1), larger: profiled(10), documents: profiled(1),
		},
		"mongodb_ss_opLatencies_ops mongodb_ss_opLatencies_reads_histogram_count": { // 30 + 10 + 5 + 3, and 10 + 4 + 3 + 1.
			exemplary: countedByMember(1, 48, 18, 50, 20), larger: countedByMember(10, 48, 18, 50, 20),
			careless: countedByMember(1, 48, 18, 50, 20), documents: countedByMember(1, 48, 18, 50, 20),
		},
		"mongodb_mongod_op_latencies_histogram mongodb_mongod_op_latencies_ops_total": { // 40 + 6 + 2, and 10 + 5 + 3.
			exemplary: counted(1, 48, 18, 50, 20), larger: counted(10, 48, 18, 50, 20), careless: counted(1, 48, 18, 50, 20),
		},
		"mongodb_profile_slow_query_count mongodb_ss_opLatencies_ops " + plugin + " up": {
			exemplary: counted(1, 95, 32, 100, 40), larger: counted(10, 95, 32, 100, 40), careless: withoutB(counted(1, 95, 0, 100, 0)),
			documents: profiled(1),
		},
		"db_query_duration_seconds_bucket db_query_duration_seconds_count": { // 10 + 20 + 30 + 30, and 5 + 5 + 10 + 10.
			exemplary: counted(1, 90, 30, 100, 40), larger: counted(10, 90, 30, 100, 40), careless: counted(1, 90, 30, 100, 40),
		},
		"db_client_operation_duration_seconds_bucket db_client_operation_duration_seconds_count": {
			exemplary: counted(1, 90, 30, 100, 40), larger: counted(10, 90, 30, 100, 40), careless: counted(1, 90, 30, 100, 40),
		},
		"http_requests_total": {
			exemplary: counted(1, 97, 40, 100, 40), larger: counted(10, 97, 40, 100, 40), careless: counted(1, 97, 40, 100, 40),
		},
		"mysql_up up":   {exemplary: answered(true), larger: answered(true), careless: answered(true)},
		"mongodb_up up": {exemplary: answered(true), larger: answered(true), careless: answered(true), documents: answered(true)},
		"probe_success": {exemplary: answered(false), larger: answered(false), careless: answered(false)},
	}
}
