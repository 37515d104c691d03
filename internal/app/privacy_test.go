package app_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// The tokens have what encoders like to escape.
const (
	hiddenToken     = "u+Geheim/w<x>42"
	hiddenJiraToken = "j+Ganz&Geheim/y<z>43"
)

// hidden is the program of an organisation whose people nobody may see, in
// front of sources that the test can make misbehave. All it logs is kept.
type hidden struct {
	*app.App
	config  *config.Config
	yml     []byte
	site    http.Handler // The simulated Jira.
	secrets secrets
	log     *transcript

	misbehave map[facts.Source]*atomic.Pointer[http.HandlerFunc]
}

// disguise is what kinds of hidden there are.
type disguise struct {
	mode      simulatedjira.Mode
	days      int      // Of history; 0: a week.
	variables []string // That hold the tokens of PagerDuty and Jira; none: files do.
}

func newHidden(t *testing.T, as disguise) *hidden {
	t.Helper()
	h := &hidden{log: &transcript{}, misbehave: map[facts.Source]*atomic.Pointer[http.HandlerFunc]{facts.PagerDuty: {}, facts.Jira: {}, facts.Prometheus: {}}}
	handlers := map[facts.Source]http.Handler{}
	dir, since := t.TempDir(), evaluatedAt.AddDate(0, 0, -cmp.Or(as.days, 7))
	example, err := config.Example(config.ExampleEdits{
		PagerDutyURL: h.serve(t, handlers, facts.PagerDuty), TokenFile: "token", Interval: time.Minute,
		Jira:     &config.JiraEdits{URL: h.serve(t, handlers, facts.Jira), Flavor: "auto", Email: hiddenEmail(as.mode), TokenFile: "jira.token"},
		StoreURL: "sqlite:teamhealth.db", Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
		PrometheusURL: h.serve(t, handlers, facts.Prometheus),
	})
	must(t, err)
	h.yml = bytes.Replace(example, []byte("http_config: {}"), []byte("http_config: {"+as.prometheus()+"}"), 1)
	for i, name := range as.variables {
		file := []string{"token_file: token\n", "token_file: jira.token\n"}[i]
		h.yml = bytes.Replace(h.yml, []byte(file), []byte("token_env: "+name+"\n"), 1)
	}
	file := filepath.Join(dir, "teamhealth.yml")
	for name, content := range map[string]string{"teamhealth.yml": string(h.yml), "token": hiddenToken + "\n", "jira.token": hiddenJiraToken + "\n", "prometheus.token": hiddenPrometheusToken + "\n"} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	h.config, err = config.Load(file)
	must(t, err)
	if h.config.Privacy.People != "hidden" {
		t.Fatalf("people are %s, want hidden", h.config.Privacy.People)
	}
	past, err := history.New(history.Options{Organization: app.Simulated(h.config), Seed: 1, Start: since, End: evaluatedAt})
	must(t, err)
	account, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{hiddenToken}, Now: clock, RateLimit: -1})
	must(t, err)
	h.site = h.gossipingSite(t, past, as.mode)
	handlers[facts.PagerDuty], handlers[facts.Jira], handlers[facts.Prometheus] = account, h.site, hiddenEvents(t, h.config, since)
	h.secrets = h.everySecret(t, account)
	layEmptyStore(t, dir)
	logger := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
	h.App, err = app.New(context.Background(), app.Options{Config: h.config, ConfigFile: file, Lifecycle: true, Logger: logger, Now: clock})
	must(t, err)
	t.Cleanup(func() { must(t, h.Close()) })
	return h
}

// serve opens the address of a source, which misbehaves when it is told to.
func (h *hidden) serve(t *testing.T, handlers map[facts.Source]http.Handler, source facts.Source) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if misbehave := h.misbehave[source].Load(); misbehave != nil {
			(*misbehave)(w, r)
			return
		}
		handlers[source].ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// everySecret is the tokens, what the roster says of who people are, and what
// PagerDuty and Jira add to that.
func (h *hidden) everySecret(t *testing.T, account http.Handler) secrets {
	t.Helper()
	var words []string
	for _, p := range h.config.People {
		words = append(words, p.ID, p.PagerDuty, p.Jira)
	}
	header := http.Header{"Authorization": {"Token token=" + hiddenToken}}
	var answer struct {
		Users []struct{ ID, Name, Email string }
	}
	must(t, json.Unmarshal([]byte(exchange(account, http.MethodGet, "/users?limit=100", header).body), &answer))
	for _, u := range answer.Users {
		if !slices.Contains(h.config.Sources.PagerDuty.Bots, u.ID) {
			words = append(words, u.ID, u.Name, u.Email) // Name and address are those in Jira, too.
		}
	}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	if len(h.config.People) < 27 || len(answer.Users) < 27 || len(words) < 27*6 {
		t.Fatalf("%d people and %d users have %d words; that is not the organisation", len(h.config.People), len(answer.Users), len(words))
	}
	return secretsOf(words, []string{
		hiddenToken, hiddenJiraToken, hiddenEmail(simulatedjira.Cloud) + ":" + hiddenJiraToken,
		hiddenPrometheusToken, "teamhealth:" + hiddenPrometheusToken,
	})
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

func TestNothingThatIsServedOrLoggedShowsAPersonOrAToken(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]simulatedjira.Mode{
		"of Jira Cloud, in documents": simulatedjira.Cloud, "of Data Center, in texts": simulatedjira.DataCenter,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHidden(t, disguise{mode: mode, days: 35})
			must(t, h.sync(t))
			h.requireGossip(t)
			c := h.subjects()
			if mode == simulatedjira.DataCenter && !soaking() {
				c.periods = publishedPeriods() // The cards are the same; to ask for others takes long.
			}
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
		})
	}
}

// misbehaviours are sources that give away what they know.
func misbehaviours() map[string]http.HandlerFunc {
	echo := func(status int, form string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprintf(w, form, r.Header.Get("Authorization"))
		}
	}
	quoted := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": r.Header.Get("Authorization"), "errors": []string{tokenOf(r)}}})
	}
	redirect := func(w http.ResponseWriter, r *http.Request) {
		address := url.URL{Scheme: "https", Host: "elsewhere.example", User: url.UserPassword("bot", tokenOf(r)), RawQuery: "token=" + tokenOf(r)}
		w.Header().Set("Location", address.String())
		w.WriteHeader(http.StatusFound)
	}
	return map[string]http.HandlerFunc{
		"it echoes the header":                    echo(http.StatusUnauthorized, "you sent %s"),
		"it echoes the header in JSON":            quoted,
		"it echoes the header under another name": echo(http.StatusBadRequest, `{"message": "%s"}`),
		"it echoes the header as Jira does":       echo(http.StatusBadRequest, `{"errorMessages": ["%s is not allowed"], "errors": {"jql": "%[1]s"}}`),
		"it redirects with a user and a password": redirect,
		"it names whose token it is":              echo(http.StatusForbidden, `{"error": {"message": "puser01@example.com may not (%.0s)"}}`),
		"it says which account is refused":        echo(http.StatusForbidden, `{"message": "PUSER01, 5b10a01%.0s and puser01 may not"}`),
		"it names whose token it is as Jira does": echo(http.StatusUnauthorized, `{"errorMessages": ["puser01@example.com may not (%.0s)"]}`),
		"it sends what is no list":                echo(http.StatusOK, `{"you sent": "%s"}`),
		"it sends a list of other things":         echo(http.StatusOK, `{"services": ["%s", {"id": "%[1]s"}]}`),
		"it sends what is no JSON":                echo(http.StatusOK, `{"services": [%s`+"]}"),
	}
}

// tokenOf is the token that a request bears, in whatever way.
func tokenOf(r *http.Request) string {
	_, sent, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if _, password, isBasic := r.BasicAuth(); isBasic {
		return password
	}
	return strings.TrimPrefix(sent, "token=")
}

func TestNoFailureOfAnUpstreamShowsAPersonOrAToken(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]simulatedjira.Mode{
		"a token of Jira Cloud, by basic authentication": simulatedjira.Cloud, "a token of Data Center, as a bearer": simulatedjira.DataCenter,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHidden(t, disguise{mode: mode})
			must(t, h.sync(t))
			h.failEveryWay(t, facts.Jira, misbehaviours())
			h.failEveryWay(t, facts.Jira, jiraMisbehaviours(h))
			if mode == simulatedjira.Cloud { // Of PagerDuty there is one kind.
				h.failEveryWay(t, facts.PagerDuty, misbehaviours())
			}
		})
	}
}

func TestNoFailureShowsATokenOfTheEnvironment(t *testing.T) {
	t.Setenv("TEAMHEALTH_TEST_TOKEN", hiddenToken)
	t.Setenv("TEAMHEALTH_TEST_JIRA_TOKEN", hiddenJiraToken)
	h := newHidden(t, disguise{variables: []string{"TEAMHEALTH_TEST_TOKEN", "TEAMHEALTH_TEST_JIRA_TOKEN"}})
	must(t, h.sync(t))
	for _, source := range []facts.Source{facts.PagerDuty, facts.Jira} {
		h.failEveryWay(t, source, misbehaviours())
	}
}

// failEveryWay lets a source misbehave and searches errors, log, and what is
// served about the failure.
func (h *hidden) failEveryWay(t *testing.T, source facts.Source, ways map[string]http.HandlerFunc) {
	t.Helper()
	for name, misbehave := range ways {
		h.misbehave[source].Store(&misbehave)
		err := h.sync(t)
		if err == nil {
			t.Errorf("%s: %s: the sync went well", source, name)
			continue
		}
		h.check(t, name+": the error", fmt.Sprintf("%v %+v", err, err))
		for _, path := range []string{"/", "/metrics", "/api/v1/status"} {
			got := exchange(h.Handler(), http.MethodGet, path, nil)
			h.check(t, name+": "+path, got.text)
			if path == "/api/v1/status" && !strings.Contains(got.body, `"last_error": "`) {
				t.Errorf("%s: %s: the status does not say that anything failed:\n%s", source, name, got.body)
			}
		}
	}
	stop := running(t, h.App) // What sync returns, a program that serves logs.
	eventually(t, "a failed cycle is logged", func() bool {
		return strings.Contains(h.log.String(), `msg="collector cycle failed" collector=`+string(source))
	})
	stop()
	h.misbehave[source].Store(nil)
	h.check(t, "the log", h.log.String())
}

func TestNoMistakeInTheRosterShowsAPerson(t *testing.T) {
	t.Parallel()
	h := newHidden(t, disguise{})
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
	h := newHidden(t, disguise{})
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
