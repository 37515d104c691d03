package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// hiddenToken has what encoders like to escape.
const hiddenToken = "u+Geheim/w<x>42"

// hidden is the program of an organisation whose people nobody may see, in
// front of an upstream that the test can make misbehave. All it logs is kept.
type hidden struct {
	*app.App
	config  *config.Config
	yml     []byte
	secrets secrets
	log     *transcript

	misbehave atomic.Pointer[http.HandlerFunc]
}

// newHidden is a hidden whose token is where source, a key and its value, says.
func newHidden(t *testing.T, source string) *hidden {
	t.Helper()
	h := &hidden{log: &transcript{}}
	dir := t.TempDir()
	server := httptest.NewUnstartedServer(nil)
	clock := func() time.Time { return evaluatedAt }
	since := evaluatedAt.AddDate(0, 0, -35)
	example, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://" + server.Listener.Addr().String(), TokenFile: "token", Interval: time.Minute,
		StoreURL: "sqlite:teamhealth.db", Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
	})
	must(t, err)
	h.yml = bytes.Replace(example, []byte("token_file: token"), []byte(source), 1)
	file := filepath.Join(dir, "teamhealth.yml")
	must(t, os.WriteFile(file, h.yml, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte(hiddenToken+"\n"), 0o600))
	h.config, err = config.Load(file)
	must(t, err)
	if h.config.Privacy.People != "hidden" {
		t.Fatalf("people are %s, want hidden", h.config.Privacy.People)
	}
	past, err := history.New(history.Options{Organization: app.Simulated(h.config), Seed: 1, Start: since, End: evaluatedAt})
	must(t, err)
	upstream, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{hiddenToken}, Now: clock, RateLimit: -1})
	must(t, err)
	h.secrets = h.everySecret(t, upstream)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if misbehave := h.misbehave.Load(); misbehave != nil {
			(*misbehave)(w, r)
			return
		}
		upstream.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	logger := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
	h.App, err = app.New(context.Background(), app.Options{Config: h.config, ConfigFile: file, Lifecycle: true, Logger: logger, Now: clock})
	must(t, err)
	t.Cleanup(func() { must(t, h.Close()) })
	return h
}

// everySecret is the token, what the roster says of who people are, and what
// PagerDuty adds to that.
func (h *hidden) everySecret(t *testing.T, upstream http.Handler) secrets {
	t.Helper()
	var words []string
	for _, p := range h.config.People {
		words = append(words, p.ID, p.PagerDuty, p.Jira)
	}
	header := http.Header{"Authorization": {"Token token=" + hiddenToken}}
	var answer struct {
		Users []struct{ ID, Name, Email string }
	}
	must(t, json.Unmarshal([]byte(exchange(upstream, http.MethodGet, "/users?limit=100", header).body), &answer))
	for _, u := range answer.Users {
		if !slices.Contains(h.config.Sources.PagerDuty.Bots, u.ID) {
			words = append(words, u.ID, u.Name, u.Email)
		}
	}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	if len(h.config.People) < 27 || len(answer.Users) < 27 || len(words) < 27*6 {
		t.Fatalf("%d people and %d users have %d words; that is not the organisation", len(h.config.People), len(answer.Users), len(words))
	}
	return secretsOf(words, []string{hiddenToken})
}

func (h *hidden) subjects() *subjects {
	c := &subjects{
		periods: []string{"current", "previous", "2026", evaluatedAt.Format("2006-01"), "28d"},
		asOf:    evaluatedAt.AddDate(0, 0, -3).Format(time.RFC3339), everything: soaking(),
	}
	policy := h.config.Policy()
	for _, team := range policy.Teams {
		c.teams = append(c.teams, team.ID)
	}
	for _, o := range policy.Rubric.Objectives {
		c.objectives = append(c.objectives, o.ID)
	}
	return c
}

// sync runs a cycle and recomputes, and returns the cycle's error.
func (h *hidden) sync(t *testing.T) error {
	t.Helper()
	err := h.Sync(context.Background(), func(app.Progress) {})
	must(t, h.Recompute(context.Background()))
	return err
}

// check fails when a text that anybody may read shows a secret.
func (h *hidden) check(t *testing.T, what, text string) {
	t.Helper()
	if found := h.secrets.find(text); found != "" {
		t.Errorf("%s shows %q:\n%.2000s", what, found, text)
	}
}

func TestNothingThatIsServedOrLoggedShowsAPersonOrTheToken(t *testing.T) {
	t.Parallel()
	h := newHidden(t, "token_file: token")
	must(t, h.sync(t))
	c := h.subjects()
	leaks, answers := search(t, h.Handler(), routes(t, c), c, h.secrets)
	for _, leak := range leaks {
		t.Error(leak)
	}
	for path, atLeast := range map[string]int{
		"/": 1, "/metrics": 1, "/-/healthy": 1, "/-/ready": 1, "/api/v1/teams": 1, "/api/v1/objectives": 1, "/api/v1/periods": 1,
		"/api/v1/status": 1, "/api/v1/scorecard": 3*len(c.periods) + len(c.periods)*len(c.teams), "/api/v1/evidence": 2 * len(c.periods) * len(c.teams),
	} {
		if answers[path] < atLeast {
			t.Errorf("%s gave %d answers, want %d: nothing was searched", path, answers[path], atLeast)
		}
	}
	h.check(t, "the log", h.log.String())
}

// misbehaviours are upstreams that give away what they know.
func misbehaviours() map[string]http.HandlerFunc {
	echo := func(status int, form string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, form, r.Header.Get("Authorization"))
		}
	}
	quoted := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": r.Header.Get("Authorization"), "errors": []string{hiddenToken}}})
	}
	redirect := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://bot:u+Geheim%2Fw%3Cx%3E42@elsewhere.example/?token="+hiddenToken)
		w.WriteHeader(http.StatusFound)
	}
	return map[string]http.HandlerFunc{
		"it echoes the header":                    echo(http.StatusUnauthorized, "you sent %s"),
		"it echoes the header in JSON":            quoted,
		"it echoes the header under another name": echo(http.StatusBadRequest, `{"message": "%s"}`),
		"it redirects with a user and a password": redirect,
		"it names whose token it is":              echo(http.StatusForbidden, `{"error": {"message": "puser01@example.com may not (%.0s)"}}`),
		"it sends what is no list":                echo(http.StatusOK, `{"you sent": "%s"}`),
		"it sends a list of other things":         echo(http.StatusOK, `{"services": ["%s", {"id": "%[1]s"}]}`),
		"it sends what is no JSON":                echo(http.StatusOK, `{"services": [%s`+"]}"),
	}
}

func TestNoFailureOfAnUpstreamShowsAPersonOrTheToken(t *testing.T) {
	t.Parallel()
	h := newHidden(t, "token_file: token")
	must(t, h.sync(t))
	h.failEveryWay(t)
}

func TestNoFailureShowsATokenOfTheEnvironment(t *testing.T) {
	t.Setenv("TEAMHEALTH_TEST_TOKEN", hiddenToken)
	h := newHidden(t, "token_env: TEAMHEALTH_TEST_TOKEN")
	must(t, h.sync(t))
	h.failEveryWay(t)
}

// failEveryWay lets the upstream misbehave and searches errors, log, and what is
// served about the failure.
func (h *hidden) failEveryWay(t *testing.T) {
	t.Helper()
	for name, misbehave := range misbehaviours() {
		h.misbehave.Store(&misbehave)
		err := h.sync(t)
		if err == nil {
			t.Errorf("%s: the sync went well", name)
			continue
		}
		h.check(t, name+": the error", fmt.Sprintf("%v %+v", err, err))
		for _, path := range []string{"/", "/metrics", "/api/v1/status"} {
			got := exchange(h.Handler(), http.MethodGet, path, nil)
			h.check(t, name+": "+path, got.text)
			if path == "/api/v1/status" && !strings.Contains(got.body, `"last_error": "`) {
				t.Errorf("%s: the status does not say that anything failed:\n%s", name, got.body)
			}
		}
	}
	if log := h.log.String(); !strings.Contains(log, "level=ERROR") && !strings.Contains(log, "level=WARN") {
		t.Errorf("no failure is logged:\n%s", log)
	}
	h.check(t, "the log", h.log.String())
}

func TestNoMistakeInTheRosterShowsAPerson(t *testing.T) {
	t.Parallel()
	h := newHidden(t, "token_file: token")
	line := "  - {id: p01, team: mysql, level: L5, joined: 2021-03-01, pagerduty: PUSER01, jira: 5b10a01, time_zone: Europe/Berlin}\n"
	if !bytes.Contains(h.yml, []byte(line)) {
		t.Fatal("the example has no such person")
	}
	for name, instead := range map[string]string{
		"twice":                     line + line,
		"an account twice":          line + "  - {id: x1, team: mysql, pagerduty: PUSER01}\n  - {id: x2, team: mysql, jira: 5b10a01}\n",
		"a mentor who is nobody":    "  - {id: x1, team: mysql, mentor: p01}\n",
		"one's own mentor":          "  - {id: p01, team: mysql, mentor: p01, pagerduty: PUSER01}\n",
		"a list":                    "  - {id: [p01], team: mysql, pagerduty: {id: PUSER01}, jira: [5b10a01]}\n",
		"an unknown team":           "  - {id: p01, team: mysqll, pagerduty: PUSER01}\n",
		"every other key is wrong":  "  - {id: p01, team: mysql, pagerduty: PUSER01, fte: 7, level: x, line: y, joined: z, time_zone: q, mail: puser01@example.com}\n",
		"not YAML":                  "  - {id: p01, team: mysql, pagerduty: PUSER01\n",
		"a person and nothing else": "  - PUSER01\n",
	} {
		text := bytes.Replace(h.yml, []byte(line), []byte(instead), 1)
		_, err := config.Parse("teamhealth.yml", text)
		if err == nil {
			t.Errorf("%s: no mistake", name)
			continue
		}
		h.check(t, name+": the mistakes", err.Error())
	}
}

func TestAReloadThatIsRefusedShowsNobody(t *testing.T) {
	t.Parallel()
	h := newHidden(t, "token_file: token")
	twice := bytes.Replace(h.yml, []byte("  - {id: p02,"), []byte("  - {id: p01,"), 1)
	must(t, os.WriteFile(h.configFile(), twice, 0o600))
	got := exchange(h.Handler(), http.MethodPost, "/-/reload", nil)
	if got.status != http.StatusInternalServerError || !strings.Contains(got.body, "already") {
		t.Fatalf("POST /-/reload: %d\n%s\nwant 500 and the mistake", got.status, got.body)
	}
	h.check(t, "the answer", got.text)
	h.check(t, "the log", h.log.String())
}

// configFile is where the configuration was read from.
func (h *hidden) configFile() string {
	file, _ := h.config.Position("people")
	return file
}
