package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

// simulate starts a PagerDuty and writes configurations that point to it: a
// good one, one that reads a week only, one that reads files of records besides, and some that each have something wrong
// with them. With "html" it answers with a login page, with "nowhere" nobody listens.
func simulate(ts *testscript.TestScript, neg bool, args []string) {
	kind := strings.Join(args, " ")
	if neg {
		ts.Fatalf("unsupported: ! simulate")
	}
	now := time.Now().UTC()
	since := now.AddDate(0, -9, 0)
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	if kind == "nowhere" {
		url = "http://127.0.0.1:1"
	}
	edits := config.ExampleEdits{
		PagerDutyURL: url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db", Since: dateOf(since),
	}
	good, err := config.Example(edits)
	ts.Check(err)
	edits.Since = dateOf(now.AddDate(0, 0, -7))
	short, err := config.Example(edits)
	ts.Check(err)
	server.Config.Handler = account(ts, past(ts, parse(ts, good), since, now))
	if kind == "html" {
		server.Config.Handler = http.HandlerFunc(logIn)
	}
	server.Start()
	ts.Defer(server.Close)
	write := func(name, text string) { ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600)) }
	write("token", "right-token\n")
	write("teamhealth.yml", string(good))
	write("short.yml", string(short))
	write("records.yml", strings.Replace(string(short), "\nstore:", "  records:\n    files: [records/*.csv]\n\nstore:", 1))
	write("unknown-service.yml", strings.Replace(string(good), "PMYSQL1", "PNOWHERE", 1))
	write("strict.yml", strings.Replace(string(good), "objectives:\n", "objectives:\n  - {id: incident_response, target: 0.9999}\n", 1))
	write("unknown-team.yml", strings.Replace(string(good), "teams: []", "teams: [PNOTEAM]", 1))
	write("future.yml", strings.Replace(string(good), "since: ", "since: 2999-01-01 # not ", 1))
	write("bad-store.yml", strings.Replace(string(good), "sqlite:teamhealth.db", "sqlite:not-a-database.db", 1))
}

func dateOf(t time.Time) scorecard.Date {
	return scorecard.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// parse reads a configuration.
func parse(ts *testscript.TestScript, text []byte) *config.Config {
	c, err := config.Parse("teamhealth.yml", text)
	ts.Check(err)
	return c
}

// past is what happened to the organisation that a configuration describes.
func past(ts *testscript.TestScript, c *config.Config, since, now time.Time) *history.History {
	h, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: since, End: now})
	ts.Check(err)
	return h
}

// account is PagerDuty's.
func account(ts *testscript.TestScript, h *history.History) http.Handler {
	handler, err := pagerduty.New(pagerduty.Options{History: h, Tokens: []string{"right-token"}})
	ts.Check(err)
	return handler
}

// simulateJira starts a PagerDuty and a Jira of the last weeks, and writes
// configurations that point to them: a good one, and some whose part about Jira
// has something wrong with it. The argument says of which kind that Jira is; with
// "html" it answers with a login page, with "doubled" it has two fields of one name.
func simulateJira(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: simulate-jira cloud|datacenter|html|doubled")
	}
	now := time.Now().UTC()
	since := now.AddDate(0, 0, -7)
	incidents, issues := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	edits := config.ExampleEdits{
		PagerDutyURL: "http://" + incidents.Listener.Addr().String(), TokenFile: "token", Interval: time.Minute,
		Jira:     &config.JiraEdits{URL: "http://" + issues.Listener.Addr().String(), Flavor: "auto", TokenFile: "jira.token"},
		StoreURL: "sqlite:teamhealth.db", Since: dateOf(since),
	}
	if args[0] != "datacenter" {
		edits.Jira.Email = "bot@example.com"
	}
	text, err := config.Example(edits)
	ts.Check(err)
	c := parse(ts, text)
	h := past(ts, c, now.AddDate(0, -1, 0), now)
	incidents.Config.Handler, issues.Config.Handler = account(ts, h), site(ts, c, h, args[0])
	for _, server := range []*httptest.Server{incidents, issues} {
		server.Start()
		ts.Defer(server.Close)
	}
	writeJira(ts, string(text), edits.Jira.URL)
}

// writeJira writes the tokens, a good configuration and bad ones.
func writeJira(ts *testscript.TestScript, good, url string) {
	write := func(name, text string) { ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600)) }
	write("token", "right-token\n")
	write("jira.token", "right-jira-token\n")
	write("teamhealth.yml", good)
	for name, edit := range map[string][2]string{
		"unknown-project.yml": {"(DRE, SRE)", "(DRE, NOWHERE)"},
		"nothing.yml":         {"(DRE, SRE)", "(DRE, SRE) AND labels = nothing"},
		"unbounded.yml":       {"jql: project in (DRE, SRE)", "jql: ORDER BY created"},
		"unknown-field.yml":   {"incident_field: PagerDuty Incident", "incident_field: Incident"},
		"wrong-token.yml":     {"jira.token", "wrong.token"},
		"wrong-site.yml":      {"url: " + url, "url: " + url + "/wiki"},
		"no-email.yml":        {"email: bot@example.com", ""},
	} {
		write(name, strings.Replace(good, edit[0], edit[1], 1))
	}
}

// site is a Jira about the incidents of a history.
func site(ts *testscript.TestScript, c *config.Config, h *history.History, kind string) http.Handler {
	if kind == "html" {
		return http.HandlerFunc(logIn)
	}
	work, err := tickets.New(app.SimulatedTickets(c, h, 1))
	ts.Check(err)
	o := jira.Options{History: work, Token: "right-jira-token", DoubledField: kind == "doubled"}
	if kind == "datacenter" {
		o.Mode = jira.DataCenter
	}
	handler, err := jira.New(o)
	ts.Check(err)
	return handler
}

// logIn is what a proxy answers to those whom it does not know.
func logIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html><title>Log in</title></html>"))
}
