package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/exporters/api"
	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/prometheus"
	"teamhealth/scorecard"
)

const (
	eventsRubric = `name: ours
objectives:
  - {id: incident_response, measure: response_time, threshold: 5m, target: 0.9}
  - id: queries
    measure: events
    target: 0.99
    good: sum(increase(fast_total{team="$team"}[1h]))
    total: sum(increase(queries_total{team="$team"}[1h]))
`
	eventsToken = "events-token"
	// eventsPeriod is one in which Prometheus was asked about every hour.
	eventsPeriod = "2026-06"
)

// eventsSite is a site with a simulated Prometheus, whose answers can be replaced.
type eventsSite struct {
	*site
	instead atomic.Pointer[http.HandlerFunc] // Of the simulated Prometheus, if there is one.
	text    string
}

func newEventsSite(t *testing.T) *eventsSite {
	t.Helper()
	s := &eventsSite{site: newSite(t)}
	series := func(team string, share float64) prometheus.Series {
		return prometheus.Series{
			Good:  strings.Replace(`sum(increase(fast_total{team="$team"}[1h]))`, "$team", team, 1),
			Total: strings.Replace(`sum(increase(queries_total{team="$team"}[1h]))`, "$team", team, 1), GoodShare: share,
		}
	}
	simulated, err := prometheus.New(prometheus.Options{
		Series: []prometheus.Series{series("mysql", 0.999), series("mongodb", 0.9)}, Start: siteStart, Now: clock, Token: eventsToken,
	})
	must(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if instead := s.instead.Load(); instead != nil {
			(*instead)(w, r)
			return
		}
		simulated.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.text = strings.Replace(s.site.text, "\nstore:", `
  prometheus:
    url: `+server.URL+`
    interval: 1s
    http_config: {authorization: {credentials_file: prometheus.token}}
store:`, 1)
	s.write(t, "prometheus.token", eventsToken)
	s.write(t, "rubric.yml", eventsRubric)
	s.configure(t, s.text)
	return s
}

// down lets Prometheus answer nothing but that it cannot.
func (s *eventsSite) down() {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "gone for a walk", http.StatusUnauthorized)
	})
	s.instead.Store(&answer)
}

// cardOf is a subject's card of a period, as it is served.
func cardOf(t *testing.T, a *app.App, subject string) *scorecard.Card {
	t.Helper()
	card := new(scorecard.Card)
	must(t, json.Unmarshal([]byte(shown(t, a, "/api/v1/scorecard?period="+eventsPeriod+"&team="+subject)), card))
	return card
}

func statusOf(t *testing.T, a *app.App, source facts.Source) api.SourceStatus {
	t.Helper()
	var status api.Status
	must(t, json.Unmarshal([]byte(shown(t, a, "/api/v1/status")), &status))
	for _, s := range status.Sources {
		if s.Name == source {
			return s
		}
	}
	t.Fatalf("%s is no source", source)
	return api.SourceStatus{}
}

func TestEventsReachEveryFace(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	a := s.open(t)
	synced(t, a)
	for subject, want := range map[string]scorecard.Verdict{"mysql": scorecard.Met, "mongodb": scorecard.Missed, "org": scorecard.Missed} {
		if row := cardOf(t, a, subject).Row("queries"); row.Verdict != want || row.Coverage == nil || *row.Coverage != 1 {
			t.Errorf("%s is %s with a coverage of %v, want %s with 1: %s", subject, row.Verdict, row.Coverage, want, row.Reason)
		}
	}
	hours := int(clock().Sub(siteStart) / time.Hour)
	if status := statusOf(t, a, facts.Prometheus); !status.Up || status.DataAsOf == nil || status.Records[facts.KindEventHour] < 2*(hours-1) {
		t.Errorf("the status is %+v, want up with %d hours of two teams", status, hours)
	}
	if got := sample(t, a, `teamhealth_collector_up{collector="prometheus"}`); got != "1" {
		t.Errorf("it is up: %s", got)
	}
	if got := sample(t, a, `teamhealth_collector_records{collector="prometheus",kind="event_hour"}`); got == "0" {
		t.Errorf("%s hours are counted", got)
	}
	if !strings.Contains(shown(t, a, "/metrics"), `teamhealth_api_requests_total{code="200",collector="prometheus"}`) {
		t.Error("its requests are not counted")
	}
	if strings.Contains(s.log.String(), eventsToken) {
		t.Error("the log shows the token")
	}
}

// What Prometheus cannot tell leaves what it told, and what others tell.
func TestPrometheusThatIsDownTakesNothingAway(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	a := s.open(t)
	synced(t, a)
	before := cardOf(t, a, "org")
	s.down()
	err := a.Sync(context.Background(), func(app.Progress) {})
	if source, ok := errors.AsType[*app.SourceError](err); !ok || source.Source != "prometheus" {
		t.Fatalf("the error is %v, want one of prometheus", err)
	}
	must(t, a.Recompute(context.Background()))
	if diff := cmp.Diff(rows(t, before), rows(t, cardOf(t, a, "org"))); diff != "" {
		t.Errorf("rows (-before +while it is down):\n%s", diff)
	}
	if status := statusOf(t, a, facts.Prometheus); status.Up || status.LastError == nil {
		t.Errorf("the status is %+v, want down with an error", status)
	}
	if !statusOf(t, a, facts.PagerDuty).Up {
		t.Error("pagerduty is down with it")
	}
}

// rows are a card's rows, by their ids.
func rows(t *testing.T, c *scorecard.Card) map[string]string {
	t.Helper()
	all := map[string]string{}
	for i := range c.Rows {
		text, err := json.Marshal(&c.Rows[i])
		must(t, err)
		all[c.Rows[i].ID] = string(text)
	}
	return all
}

// Two days after the last answer, the rows of a period that still runs are stale and
// keep their numbers. PagerDuty, which is asked once a day, is not late.
func TestEventsThatAreNotReadAnyMoreGrowStale(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	s.configure(t, s.text, "since: 2026-06-01, interval: 1s", "since: 2026-06-01, interval: 1d")
	synced(t, s.open(t))
	reader, err := app.OpenReader(t.Context(), load(t, s.file), func() time.Time { return clock().AddDate(0, 0, 2) })
	must(t, err)
	t.Cleanup(func() { must(t, reader.Close()) })
	cards, err := reader.CardsOf(t.Context(), "mysql", "current", time.Time{})
	must(t, err)
	if row := cards[0].Row("queries"); row.Verdict != scorecard.Stale || !strings.Contains(row.Reason, "prometheus") {
		t.Errorf("queries are %s: %s", row.Verdict, row.Reason)
	}
	if row := cards[0].Row("incident_response"); row.Verdict == scorecard.Stale {
		t.Errorf("responses are stale with them: %s", row.Reason)
	}
}

func load(t *testing.T, file string) *config.Config {
	t.Helper()
	c, err := config.Load(file)
	must(t, err)
	return c
}

func TestPrometheusThatIsNotConfiguredIsNoData(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	with := s.open(t)
	synced(t, with)
	before := cardOf(t, with, "org").Row("incident_response")
	must(t, with.Close())
	s.configure(t, s.site.text)
	without := s.open(t)
	synced(t, without)
	card := cardOf(t, without, "org")
	if row := card.Row("queries"); row.Verdict != scorecard.NoData || row.Reason != "The source prometheus is not configured." {
		t.Errorf("%s: %s", row.Verdict, row.Reason)
	}
	after := card.Row("incident_response")
	if after.Value.Cmp(*before.Value) != 0 || after.Verdict != before.Verdict || after.Population.Total != before.Population.Total {
		t.Errorf("responses are %s of %d, and were %s of %d", after.Value, after.Population.Total, before.Value, before.Population.Total)
	}
}

// An expression that is written otherwise counts something else: the hours of the
// one before are not its own, and those of the others stay.
func TestAnotherExpressionCountsAnew(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	a := s.open(t)
	synced(t, a)
	s.write(t, "rubric.yml", strings.ReplaceAll(eventsRubric, "fast_total{", "faster_total{"))
	must(t, a.Reload(context.Background()))
	if row := cardOf(t, a, "mysql").Row("queries"); row.Value != nil {
		t.Errorf("before it was read, its value is %s", row.Value)
	}
	s.write(t, "rubric.yml", eventsRubric)
	must(t, a.Reload(context.Background()))
	if row := cardOf(t, a, "mysql").Row("queries"); row.Value == nil || row.Verdict != scorecard.Met {
		t.Errorf("the expression of before is back, and its row is %s: %s", row.Verdict, row.Reason)
	}
}

// matrix is an answer with so many series, each of one hour.
func matrix(end time.Time, series int) string {
	var all []string
	for i := range series {
		all = append(all, fmt.Sprintf(`{"metric":{"db":"%d"},"values":[[%d,"1"]]}`, i, end.Unix()))
	}
	return `{"status":"success","data":{"resultType":"matrix","result":[` + strings.Join(all, ",") + `]}}`
}

// What only Prometheus can tell of an expression leads to where it is written.
func TestExpressionThatDoesNotCountIsNamedByFileAndLine(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/query" {
			fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[%d,"1"]}]}}`, clock().Unix())
			return
		}
		fmt.Fprint(w, matrix(clock().Truncate(time.Hour), 2))
	})
	s.instead.Store(&answer)
	err := app.CheckSources(t.Context(), app.Options{Config: load(t, s.file), Logger: slog.New(slog.DiscardHandler), Now: clock}, func(app.SourceCheck) {})
	want := filepath.Join(s.dir, "rubric.yml") + ":7: rubric.objectives[1].good: objective queries, team mysql, expression good: it gives 2 series"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v\nwant %s", err, want)
	}
}

func TestFilesOfPrometheusClientMustBeThere(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	for name, spoil := range map[string]func(){
		"absent": func() { must(t, os.Remove(filepath.Join(s.dir, "prometheus.token"))) },
		"empty":  func() { s.write(t, "prometheus.token", "") },
	} {
		spoil()
		_, err := app.New(t.Context(), app.Options{Config: load(t, s.file), Logger: slog.New(slog.DiscardHandler), Now: clock})
		problems, ok := errors.AsType[config.Problems](err)
		if !ok || len(problems) != 1 || problems[0].Path != "sources.prometheus.http_config.authorization.credentials_file" || problems[0].Line != 7 {
			t.Errorf("%s: the error is %v, want one that names the file's key", name, err)
		}
	}
}

func TestTokenOfPrometheusIsReadAnew(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	s.write(t, "prometheus.token", "an old one")
	a := s.open(t)
	err := a.Sync(context.Background(), func(app.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), "an old one") {
		t.Errorf("the error is %v, want a 401", err)
	}
	s.write(t, "prometheus.token", eventsToken)
	synced(t, a)
}

// What a client is made from is compared by what it says.
func TestReloadOfTheSameClientChangesNothing(t *testing.T) {
	t.Parallel()
	s := newEventsSite(t)
	s.configure(t, s.text, "http_config: {", "http_config: {proxy_url: 'http://127.0.0.1:1', no_proxy: 127.0.0.1, ")
	a := s.open(t)
	synced(t, a)
	must(t, a.Reload(context.Background()))
	if !strings.Contains(s.log.String(), "changed=false") {
		t.Errorf("the log is\n%s", s.log.String())
	}
	s.configure(t, s.text, "http_config: {", "http_config: {tls_config: {ca_file: prometheus.token}, ")
	err := a.Reload(context.Background())
	problems, ok := errors.AsType[config.Problems](err)
	if !ok || problems[0].Path != "sources.prometheus.http_config" || problems[0].Line != 7 {
		t.Errorf("the error is %v, want one about certificates that are none", err)
	}
	synced(t, a)
}
