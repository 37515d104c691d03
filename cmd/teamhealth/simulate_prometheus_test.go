package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"teamhealth/internal/app"
	"teamhealth/internal/simulator/prometheus"
)

// onlyPrometheus is a configuration with no other source.
const onlyPrometheus = `organization: {name: Databases}
sources:
  prometheus: {url: URL}
teams: [{id: mysql, line: dre}, {id: mongodb, line: dre}]
objectives:
  - id: query_performance
    good: sum(increase(fast_queries_total{team="$team"}[1h]))
    total: sum(increase(queries_total{team="$team"}[1h]))
`

// simulatePrometheus starts a Prometheus that remembers nine months, and writes
// configurations that point to it: a good one, and some that have something
// wrong with them. With "html" it answers with a login page.
func simulatePrometheus(ts *testscript.TestScript, neg bool, args []string) {
	kind := strings.Join(args, " ")
	if neg || (kind != "" && kind != "html") {
		ts.Fatalf("usage: simulate-prometheus [html]")
	}
	server := httptest.NewUnstartedServer(nil)
	good := strings.Replace(onlyPrometheus, "URL", "http://"+server.Listener.Addr().String(), 1)
	events, err := prometheus.New(app.SimulatedEvents(parse(ts, []byte(good)), time.Now().AddDate(0, -9, 0), 1, time.Now))
	ts.Check(err)
	server.Config.Handler = events
	if kind == "html" {
		server.Config.Handler = http.HandlerFunc(logIn)
	}
	server.Start()
	ts.Defer(server.Close)
	for name, edit := range map[string][2]string{
		"teamhealth.yml":     {},
		"wrong-site.yml":     {"}\nteams", "/nowhere}\nteams"},
		"unknown-metric.yml": {"fast_queries_total", "misspelt_total"},
		"syntax.yml":         {`$team"}[1h]))`, `$team"}[1h])`},
		"minutes.yml":        {"[1h]))\n    total", "[5m]))\n    total"},
		"matrix.yml":         {`sum(increase(queries_total{team="$team"}[1h]))`, `queries_total{team="$team"}[1h]`},
		"one-side.yml":       {"    total:", "    # total:"},
		"password.yml":       {"}\nteams", ", http_config: {basic_auth: {password: geheim}}}\nteams"},
		"no-password.yml":    {"}\nteams", ", http_config: {basic_auth: {username: me, password_file: absent}}}\nteams"},
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(strings.Replace(good, edit[0], edit[1], 1)), 0o600))
	}
}
