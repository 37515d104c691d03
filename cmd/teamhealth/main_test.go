package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"teamhealth": main, stoppedName: stopped})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"simulate": simulate,
			"spoil":    spoil,
			"sqlite":   sqlite,
			"status":   status,
		},
	})
}

// status runs a command that must end with the given exit status.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// simulate starts a PagerDuty and writes configurations that point to it: a
// good one, one that reads a week only, and some that each have something wrong
// with them. With "html" it
// answers with a login page, with "nowhere" nobody listens.
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
	server.Config.Handler = answers(ts, good, since, now)
	if kind == "html" {
		server.Config.Handler = http.HandlerFunc(logIn)
	}
	server.Start()
	ts.Defer(server.Close)
	write := func(name, text string) { ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600)) }
	write("token", "right-token\n")
	write("teamhealth.yml", string(good))
	write("short.yml", string(short))
	write("unknown-service.yml", strings.Replace(string(good), "PMYSQL1", "PNOWHERE", 1))
	write("strict.yml", strings.Replace(string(good), "objectives:\n", "objectives:\n  - {id: incident_response, target: 0.9999}\n", 1))
	write("unknown-team.yml", strings.Replace(string(good), "teams: []", "teams: [PNOTEAM]", 1))
	write("future.yml", strings.Replace(string(good), "since: ", "since: 2999-01-01 # not ", 1))
	write("bad-store.yml", strings.Replace(string(good), "sqlite:teamhealth.db", "sqlite:not-a-database.db", 1))
}

func dateOf(t time.Time) scorecard.Date {
	return scorecard.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// answers is the account of the organisation that a configuration describes.
func answers(ts *testscript.TestScript, text []byte, since, now time.Time) http.Handler {
	c, err := config.Parse("teamhealth.yml", text)
	ts.Check(err)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: since, End: now})
	ts.Check(err)
	handler, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"right-token"}})
	ts.Check(err)
	return handler
}

// logIn is what a proxy answers to those whom it does not know.
func logIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html><title>Log in</title></html>"))
}
