package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/exporters/api"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/facts"
	"teamhealth/internal/goldentest"
	"teamhealth/scorecard"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// scores answers from the sample, for the period 2026-Q3 alone.
type scores struct {
	err      error              // Of every question.
	notReady bool               // Of Ready.
	asked    *api.EvidenceQuery // The last question about evidence.
	asOf     *time.Time         // Of the last question about cards.
	cards    []scorecard.Card   // In place of the sample's.
	bare     bool               // Answers hold nothing.
}

func (s *scores) Cards(_ context.Context, period string, asOf time.Time) ([]scorecard.Card, error) {
	if s.asOf != nil {
		*s.asOf = asOf
	}
	if period != "2026-Q3" && period != "current" {
		return nil, &scorecard.ParameterError{Parameter: "period", Value: period, Allowed: "current, 2026-Q3"}
	}
	if s.cards != nil {
		return s.cards, s.err
	}
	return cardtest.Cards(), s.err
}

func (s *scores) Evidence(_ context.Context, q api.EvidenceQuery) ([]scorecard.Evidence, error) {
	if s.asked != nil {
		*s.asked = q
	}
	if q.Objective != "incident_response" {
		return nil, &scorecard.UnknownError{Kind: "objective", ID: q.Objective, Known: []string{"database_uptime", "incident_response"}}
	}
	if s.bare {
		return nil, s.err
	}
	return cardtest.Evidence(), s.err
}

func (s *scores) Teams(context.Context) ([]api.Team, error) {
	if s.bare {
		return nil, s.err
	}
	return []api.Team{
		{ID: "mysql", Name: "MySQL Team", Line: scorecard.LineDRE, People: 5, Services: []string{"PMYSQL1", "PMYSQL2"}},
		{ID: "oncall", Name: "On-Call | <SRE>", Line: scorecard.LineSRE},
	}, s.err
}

func (s *scores) Objectives() []scorecard.Objective {
	if s.bare {
		return nil
	}
	return []scorecard.Objective{cardtest.Objective()}
}

func (s *scores) Periods(context.Context) ([]api.Period, error) {
	if s.bare {
		return nil, s.err
	}
	p := cardtest.Cards()[0].Period
	return []api.Period{{ID: p.ID, Start: p.Start, End: p.End, Closed: true}}, s.err
}

func (s *scores) Status(context.Context) (api.Status, error) {
	if s.bare {
		return api.Status{}, s.err
	}
	at := cardtest.AsOf()
	return api.Status{
		Sources: []api.SourceStatus{
			{Name: facts.PagerDuty, Up: true, LastSuccess: &at, DataAsOf: &at, Records: map[string]int{"incident": 42, "log_entry": 600}},
			{Name: facts.Jira, LastError: new("list issues: the token was refused")},
		},
		Store: api.StoreStatus{Bytes: 4096}, Version: "1.2.3",
	}, s.err
}

func (s *scores) Ready() bool { return !s.notReady }

// serve starts a server that answers from s, and logs to log.
func serve(t *testing.T, s api.Scores, log io.Writer) string {
	t.Helper()
	handler, err := api.New(api.Options{Scores: s, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// reply is a response that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, method, url string, header http.Header) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	client := http.Client{Timeout: time.Minute}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func get(t *testing.T, url string) reply {
	t.Helper()
	return do(t, http.MethodGet, url, nil)
}

func TestAnswersMatchTheirGoldens(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard)
	tests := map[string]struct{ path, contentType string }{
		"scorecard.json":     {"/api/v1/scorecard", "application/json; charset=utf-8"},
		"scorecard_all.json": {"/api/v1/scorecard?team=all&live=true", "application/json; charset=utf-8"},
		"scorecard.csv":      {"/api/v1/scorecard?team=mysql&format=csv", "text/csv; charset=utf-8"},
		"scorecard.md":       {"/api/v1/scorecard?team=all&format=md", "text/markdown; charset=utf-8"},
		"evidence.json":      {"/api/v1/evidence?objective=incident_response&team=mysql&period=2026-Q3", "application/json; charset=utf-8"},
		"teams.json":         {"/api/v1/teams", "application/json; charset=utf-8"},
		"objectives.json":    {"/api/v1/objectives", "application/json; charset=utf-8"},
		"periods.json":       {"/api/v1/periods", "application/json; charset=utf-8"},
		"status.json":        {"/api/v1/status", "application/json; charset=utf-8"},
		"healthy.txt":        {"/-/healthy", "text/plain; charset=utf-8"},
		"ready.txt":          {"/-/ready", "text/plain; charset=utf-8"},
		"bad_parameter.json": {"/api/v1/scorecard?period=2026-Q5", "application/problem+json"},
		"unknown_team.json":  {"/api/v1/scorecard?team=mysqll", "application/problem+json"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := get(t, url+tt.path)
			if ct := got.header.Get("Content-Type"); ct != tt.contentType {
				t.Errorf("Content-Type = %s, want %s", ct, tt.contentType)
			}
			goldentest.Compare(t, *update, name, []byte(got.body))
		})
	}
}

func TestAFailureIsLoggedAndNotShown(t *testing.T) {
	t.Parallel()
	paths := []string{
		"/api/v1/scorecard", "/api/v1/evidence?objective=incident_response", "/api/v1/teams", "/api/v1/periods", "/api/v1/status",
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			url := serve(t, &scores{err: errors.New("open /var/lib/secret.db: no such file")}, &log)
			got := get(t, url+path)
			if got.status != http.StatusInternalServerError {
				t.Errorf("status = %d, want 500", got.status)
			}
			if strings.Contains(got.body, "secret") {
				t.Errorf("the client is shown %s", got.body)
			}
			if !strings.Contains(log.String(), "secret.db") || strings.Count(log.String(), "\n") != 1 {
				t.Errorf("log is %q, want one line with the error", log.String())
			}
		})
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		for _, path := range []string{"/api/v1/scorecard", "/-/healthy"} {
			got := do(t, method, url+path, nil)
			if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: status %d, Allow %q; want 405 and GET, HEAD", method, path, got.status, got.header.Get("Allow"))
			}
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard) + "/api/v1/scorecard"
	whole, head := get(t, url), do(t, http.MethodHead, url, nil)
	if head.status != http.StatusOK || head.body != "" {
		t.Errorf("HEAD: status %d and %d bytes, want 200 and none", head.status, len(head.body))
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Etag"} {
		if head.header.Get(name) != whole.header.Get(name) {
			t.Errorf("HEAD says %s %q, GET %q", name, head.header.Get(name), whole.header.Get(name))
		}
	}
}

func TestAnUnchangedAnswerIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := &scores{}
	url := serve(t, s, io.Discard) + "/api/v1/scorecard"
	first := get(t, url)
	tag := first.header.Get("ETag")
	if !strings.HasPrefix(tag, `"`) || first.header.Get("Cache-Control") != "no-cache" || first.header.Get("Vary") != "Accept" {
		t.Fatalf("headers are %v, want a strong ETag, no-cache and Vary: Accept", first.header)
	}
	for _, match := range []string{tag, `"other", ` + tag, "*", "W/" + tag} {
		got := do(t, http.MethodGet, url, http.Header{"If-None-Match": {match}})
		if got.status != http.StatusNotModified || got.body != "" || got.header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: status %d, %d bytes, ETag %s; want 304, none, %s",
				match, got.status, len(got.body), got.header.Get("ETag"), tag)
		}
	}
	csv := do(t, http.MethodGet, url, http.Header{"If-None-Match": {tag}, "Accept": {"text/csv"}})
	if csv.status != http.StatusOK {
		t.Errorf("the ETag of the JSON form stops the CSV form: status %d, want 200", csv.status)
	}
	s.cards = cardtest.Cards()
	s.cards[0].Score = new(87.5)
	if got := do(t, http.MethodGet, url, http.Header{"If-None-Match": {tag}}); got.status != http.StatusOK || got.header.Get("ETag") == tag {
		t.Errorf("after a change: status %d, ETag %s; want 200 and another ETag", got.status, got.header.Get("ETag"))
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{bare: true}, io.Discard)
	tests := map[string]string{
		"/api/v1/teams":      `{"teams":[]}`,
		"/api/v1/objectives": `{"objectives":[]}`,
		"/api/v1/periods":    `{"periods":[]}`,
		"/api/v1/status":     `{"sources":[],"store":{"bytes":0},"version":""}`,
		"/api/v1/evidence?objective=incident_response": `{"objective":"incident_response","team":"org","period":"2026-Q3","total":0,"items":[]}`,
	}
	for path, want := range tests {
		var got bytes.Buffer
		if err := json.Compact(&got, []byte(get(t, url+path).body)); err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(got.String()) != want {
			t.Errorf("GET %s = %s, want %s", path, got.String(), want)
		}
	}
}

func TestNoAnswerLetsABrowserGuess(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard)
	for _, path := range []string{"/api/v1/scorecard", "/api/v1/nothing", "/-/healthy"} {
		if got := get(t, url+path).header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("GET %s: X-Content-Type-Options = %q, want nosniff", path, got)
		}
	}
}

func TestHealthyDoesNotWaitForReady(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{notReady: true, err: scorecard.ErrNotReady}, io.Discard)
	if got := get(t, url+"/-/healthy?verbose"); got.status != http.StatusOK {
		t.Errorf("status = %d, want 200", got.status)
	}
}

func TestNewWantsAllItsParts(t *testing.T) {
	t.Parallel()
	tests := map[string]api.Options{
		"no scores": {Logger: slog.New(slog.DiscardHandler)},
		"no logger": {Scores: &scores{}},
	}
	for name, o := range tests {
		if _, err := api.New(o); err == nil {
			t.Errorf("%s: New succeeded", name)
		}
	}
}
