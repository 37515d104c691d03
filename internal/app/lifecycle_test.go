package app_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
)

// lastQuarter is the card that the tests look at: of a period that is over, so
// that time alone changes nothing on it.
const lastQuarter = "/api/v1/scorecard?team=all&period=2026-Q2"

func TestAReloadTakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	edits := func(pairs ...string) func(*testing.T, *site) {
		return func(t *testing.T, s *site) { s.configure(t, s.text, pairs...) }
	}
	tests := map[string]struct {
		change func(*testing.T, *site)
		path   string
		want   string // In the answer to path afterwards, and not before.
	}{
		"a target of the rubric": {
			edits("objectives: []", "objectives: [{id: incident_response, target: 0.987}]"), lastQuarter, `"target": 0.987`,
		},
		"another file of the rubric":    {withRubricFile, "/api/v1/objectives", `"Answers"`},
		"a roster in a file of its own": {withRosterFile, "/api/v1/teams", `"people": 0,`},
		"the name of a team":            {edits("name: MySQL Team", "name: Renamed"), "/api/v1/teams", `"Renamed"`},
		"a service that nobody has":     {edits("PMYSQL2, PMYSQL3]", "PMYSQL2]"), lastQuarter, "\"services\": [\n          \"PMYSQL3\""},
		"who is a bot":                  {edits("bots: [PUSERBOT]", "bots: [PUSER01, PUSER02]"), lastQuarter, ""},
		"an exception": {
			edits("exceptions: []", "exceptions: [{id: x1, objective: incident_response, reason: because, approved_by: d, until: 2027-01-01}]"),
			lastQuarter, `"verdict": "exempt"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.open(t)
			synced(t, a)
			before := shown(t, a, tt.path)
			tt.change(t, s)
			must(t, a.Reload(context.Background()))
			after := shown(t, a, tt.path)
			if after == before {
				t.Errorf("GET %s is as it was:\n%s", tt.path, after)
			}
			if tt.want != "" && (strings.Contains(before, tt.want) || !strings.Contains(after, tt.want)) {
				t.Errorf("GET %s: want %s afterwards, and not before", tt.path, tt.want)
			}
		})
	}
}

// withRubricFile gives the site another rubric.
func withRubricFile(t *testing.T, s *site) {
	t.Helper()
	s.write(t, "other.yml", strings.Replace(siteRubric, "measure: response_time,", "title: Answers, measure: response_time,", 1))
	s.configure(t, s.text, "rubric.yml", "other.yml")
}

// withRosterFile moves the roster, made shorter, to a file of its own.
func withRosterFile(t *testing.T, s *site) {
	t.Helper()
	s.write(t, "people.yml", "- {id: p01, team: mysql, pagerduty: PUSER01}\n")
	head, rest, _ := strings.Cut(s.text, "\npeople:\n")
	_, tail, _ := strings.Cut(rest, "\nrubric:")
	s.configure(t, head+"\npeople_file: people.yml\nrubric:"+tail)
}

func TestAFileThatTheConfigurationNamesIsReadAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	withRosterFile(t, s)
	a := s.open(t)
	s.write(t, "people.yml", "- {id: p01, team: mysql}\n- {id: p02, team: mysql}\n")
	must(t, a.Reload(context.Background()))
	if got := shown(t, a, "/api/v1/teams"); !strings.Contains(got, `"people": 2,`) {
		t.Errorf("the roster's second person is not on the team:\n%s", got)
	}
	s.write(t, "people.yml", "- {id: p01, team: mysqll}\n")
	if err := a.Reload(context.Background()); err == nil || !strings.Contains(err.Error(), `people.yml:1: people[0].team: unknown team "mysqll"`) {
		t.Errorf("got %v, want the mistake in the file that the configuration names", err)
	}
}

func TestABadFileChangesNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edits []string
		want  []string // Mistakes.
	}{
		"two mistakes": {
			[]string{"name: MySQL Team", "namme: MySQL Team", "bots: [PUSERBOT]", "bots: PUSERBOT"},
			[]string{`teams[0].namme: unknown key (did you mean "name"?)`, "sources.pagerduty.bots"},
		},
		"another store": {
			[]string{"sqlite:teamhealth.db", "sqlite:other.db"},
			[]string{"store.url: cannot change while teamhealth runs (restart it to use another store)"},
		},
		"a token that is not there": {
			[]string{"token_file: token", "token_file: nowhere"},
			[]string{"sources.pagerduty.token_file: read the secret: open ", "nowhere"},
		},
		"a variable that is not set": {
			[]string{"token_file: token", "token_env: TEAMHEALTH_TEST_UNSET"},
			[]string{"sources.pagerduty.token_env: read the secret: environment variable TEAMHEALTH_TEST_UNSET is not set"},
		},
		"a history that begins tomorrow": {
			[]string{"since: 2026-06-01", "since: 2026-07-02"}, []string{"sources.pagerduty.since: lies in the future"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			a := s.open(t)
			synced(t, a)
			before := shown(t, a, lastQuarter)
			s.configure(t, s.text, tt.edits...)
			code, body := ask(a, http.MethodPost, "/-/reload")
			err := a.Reload(context.Background())
			if err == nil || code != http.StatusInternalServerError {
				t.Fatalf("the reload gave %v, and over HTTP %d; want it refused", err, code)
			}
			for _, want := range tt.want {
				quoted := strings.ReplaceAll(want, `"`, `\"`)
				if !strings.Contains(err.Error(), want) || !strings.Contains(body, quoted) || !strings.Contains(s.log.String(), quoted) {
					t.Errorf("%s is missing in the error:\n%v\nor the answer:\n%s\nor the log:\n%s", want, err, body, &s.log)
				}
			}
			if got := sample(t, a, "teamhealth_config_last_reload_successful"); got != "0" {
				t.Errorf("config_last_reload_successful is %s, want 0", got)
			}
			if diff := cmp.Diff(before, shown(t, a, lastQuarter)); diff != "" {
				t.Errorf("the cards changed:\n%s", diff)
			}
			s.configure(t, s.text)
			must(t, a.Reload(context.Background()))
			if got := sample(t, a, "teamhealth_config_last_reload_successful"); got != "1" {
				t.Errorf("config_last_reload_successful is %s after a good reload, want 1", got)
			}
		})
	}
}

func TestAReloadOfTheSameConfigurationDisturbsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	s.configure(t, s.text, "interval: 1s", "interval: 1h")
	must(t, a.Reload(context.Background()))
	defer running(t, a)()
	must(t, a.WaitReady(t.Context()))
	requests := func() string { return sample(t, a, `teamhealth_api_requests_total{code="200",collector="pagerduty"}`) }
	before := requests()
	for range 20 {
		must(t, a.Reload(context.Background()))
	}
	if got := strings.Count(s.log.String(), "changed=false"); got != 20 {
		t.Errorf("%d of 20 reloads found nothing changed:\n%s", got, &s.log)
	}
	if after := requests(); after != before {
		t.Errorf("there were %s requests before the reloads and %s after", before, after)
	}
}

func TestWhatIsCountedGoesOnOverAReload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	stop := running(t, a)
	const counted = `teamhealth_incidents_total{team="mysql",urgency="high"}`
	const created = `teamhealth_incidents_created{team="mysql",urgency="high"}`
	eventually(t, "incidents are counted", func() bool { return strings.Contains(metricsText(a), counted) })
	stop()
	before, began := openMetric(t, a, counted), openMetric(t, a, created)
	requests := sample(t, a, `teamhealth_api_requests_total{code="200",collector="pagerduty"}`)

	s.configure(t, s.text, "name: MySQL Team", "name: Renamed")
	must(t, a.Reload(context.Background()))
	if got := openMetric(t, a, counted); got != before {
		t.Errorf("%s is %s right after a reload, want still %s", counted, got, before)
	}
	if got := sample(t, a, `teamhealth_api_requests_total{code="200",collector="pagerduty"}`); got != requests {
		t.Errorf("%s requests are counted after a reload, want still %s", got, requests)
	}
	stop = running(t, a)
	eventually(t, "another cycle is complete", func() bool {
		return sample(t, a, `teamhealth_api_requests_total{code="200",collector="pagerduty"}`) != requests
	})
	stop()
	if got := openMetric(t, a, counted) + openMetric(t, a, created); got != before+began {
		t.Errorf("counts and beginning are %s, want still %s: no service moved", got, before+began)
	}
	const moved = `teamhealth_incidents_total{team="mongodb",urgency="high"}`
	kept := openMetric(t, a, moved)
	s.configure(t, s.text, "PMYSQL1, ", "", "PMONGO1", "PMONGO1, PMYSQL1")
	must(t, a.Reload(context.Background()))
	if got := openMetric(t, a, moved); got != kept {
		t.Errorf("%s is %s before anything was counted anew, want still %s", moved, got, kept)
	}
	defer running(t, a)()
	eventually(t, "the incidents of the service that moved count for its new team", func() bool { return openMetric(t, a, moved) != kept })
}

// metricsText is what is exposed, as OpenMetrics.
func metricsText(a *app.App) string {
	code, body := askFor(a, "/metrics", "application/openmetrics-text")
	if code != http.StatusOK {
		return ""
	}
	return body
}

// openMetric returns a sample of the OpenMetrics exposition.
func openMetric(t *testing.T, a *app.App, name string) string {
	t.Helper()
	for line := range strings.Lines(metricsText(a)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("no sample %s", name)
	return ""
}

func TestARotatedTokenIsUsedByTheNextCycle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	defer running(t, a)()
	must(t, a.WaitReady(t.Context()))
	up := func() string { return sample(t, a, `teamhealth_collector_up{collector="pagerduty"}`) }
	replacements := []struct {
		token   string
		replace func(token string)
	}{
		{"second-token", func(token string) { // As Kubernetes does.
			s.write(t, "token.new", token)
			must(t, os.Rename(filepath.Join(s.dir, "token.new"), filepath.Join(s.dir, "token")))
		}},
		{"third-token", func(token string) { s.write(t, "token", token+"\n") }},
	}
	for _, r := range replacements {
		s.rotate(r.token)
		eventually(t, "the old token is refused", func() bool { return up() == "0" })
		r.replace(r.token)
		eventually(t, "the new one is used", func() bool { return up() == "1" })
	}
	cards := shown(t, a, lastQuarter)
	s.write(t, "token", "")
	eventually(t, "the empty file is noticed", func() bool { return up() == "0" })
	if status := shown(t, a, "/api/v1/status"); !strings.Contains(status, "token is empty") {
		t.Errorf("the status does not tell that the token's file is empty:\n%s", status)
	}
	if got := shown(t, a, lastQuarter); len(got) != len(cards) {
		t.Errorf("the last facts are gone:\n%s", got)
	}
	if log := s.log.String(); strings.Contains(log, "-token") {
		t.Errorf("a token is in the log:\n%s", log)
	}
}

func TestAfterCloseEverythingIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(context.Background()) }()
	must(t, a.WaitReady(t.Context()))
	must(t, a.Close())
	if err := <-ended; err != nil {
		t.Errorf("Close ended Run with %v", err)
	}
	ctx := context.Background()
	for name, err := range map[string]error{
		"Run": a.Run(ctx), "Reload": a.Reload(ctx), "Recompute": a.Recompute(ctx), "Sync": a.Sync(ctx, func(app.Progress) {}),
	} {
		if !errors.Is(err, app.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", name, err)
		}
	}
	must(t, a.Close())
}

func TestTwoRunsAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	silent := s.silence(2)
	defer running(t, a)()
	<-silent
	if err := a.Sync(context.Background(), func(app.Progress) {}); err == nil {
		t.Error("a cycle was run beside another one of the same source")
	}
}
