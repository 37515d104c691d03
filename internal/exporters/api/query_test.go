package api_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"teamhealth/internal/exporters/api"
)

func TestFormatGoesBeforeAccept(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard) + "/api/v1/scorecard"
	tests := map[string]struct{ query, accept, want string }{
		"nothing asked is JSON":                      {"", "", "application/json"},
		"anything is JSON":                           {"", "*/*", "application/json"},
		"a browser gets JSON":                        {"", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"},
		"CSV by Accept":                              {"", "text/csv", "text/csv"},
		"Markdown by Accept with a parameter":        {"", "text/markdown; variant=GFM", "text/markdown"},
		"any text is CSV":                            {"", "text/*", "text/csv"},
		"the better liked one wins":                  {"", "text/csv;q=0.5, text/markdown;q=0.9", "text/markdown"},
		"of equally liked ones the first of ours":    {"", "text/markdown, text/csv", "text/csv"},
		"what is ruled out is not sent":              {"", "text/*, text/csv;q=0", "text/markdown"},
		"the specific range beats the general":       {"", "*/*;q=1, application/json;q=0.1", "text/csv"},
		"a quality that is no number is passed over": {"", "text/csv;q=NaN, text/markdown;q=0.1", "text/markdown"},
		"a range that makes no sense is passed over": {"", ";;, text/csv", "text/csv"},
		"another case is the same":                   {"", "TEXT/CSV", "text/csv"},
		"format beats Accept":                        {"?format=md", "text/csv", "text/markdown"},
		"format beats an Accept that allows nothing": {"?format=json", "image/png", "application/json"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := do(t, http.MethodGet, url+tt.query, http.Header{"Accept": {tt.accept}})
			if ct := got.header.Get("Content-Type"); ct != tt.want+"; charset=utf-8" {
				t.Errorf("Content-Type = %s, want %s\n%s", ct, tt.want, got.body)
			}
		})
	}
}

// FuzzQuery feeds raw query strings and Accept headers to the endpoints that
// read them. Whatever a client sends, it is its own fault and never ours.
func FuzzQuery(f *testing.F) {
	for _, raw := range []string{
		"", "period=current&team=all", "team=mysql&team=org", "as_of=2026-10-01T00:00:00Z", "as_of=2026-10-01T00:00:00%2B14:00",
		"limit=10000&offset=4&objective=incident_response", "offset=2147483647&objective=incident_response", "format=csv;team=org", "%", "=", "&&",
		"live=true&format=md", "objective=", "a=b", "limit=9999999999999999999999&objective=incident_response",
	} {
		f.Add(raw, "*/*")
	}
	f.Add("", "text/csv;q=0.3,text/*;q=1e-9,;")
	handler, err := api.New(api.Options{Scores: &scores{}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	allowed := map[int]bool{200: true, 400: true, 404: true, 406: true}
	f.Fuzz(func(t *testing.T, raw, accept string) {
		for _, path := range []string{
			"/api/v1/scorecard", "/api/v1/evidence", "/api/v1/teams", "/api/v1/objectives", "/api/v1/periods", "/api/v1/status",
		} {
			r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
			r.URL.RawQuery = raw
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if !allowed[w.Code] {
				t.Fatalf("GET %s?%s with Accept %q: status %d\n%s", path, raw, accept, w.Code, w.Body)
			}
			if w.Code == http.StatusOK {
				checkUnderstood(t, raw)
			}
			if w.Code != http.StatusOK {
				checkComplaint(t, w)
			} else if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && !json.Valid(w.Body.Bytes()) {
				t.Fatalf("GET %s?%s: the answer is not JSON\n%s", path, raw, w.Body)
			}
		}
	})
}

// checkComplaint fails when a problem does not help to ask better.
func checkComplaint(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	var p struct {
		Status                     int
		Detail, Parameter, Allowed string
	}
	err := json.Unmarshal(w.Body.Bytes(), &p)
	if err != nil || w.Header().Get("Content-Type") != "application/problem+json" || p.Status != w.Code || p.Detail == "" {
		t.Fatalf("%d with error %v is no problem\n%s", w.Code, err, w.Body)
	}
	if w.Code == http.StatusBadRequest && p.Allowed == "" {
		t.Fatalf("the problem does not say what may be asked\n%s", w.Body)
	}
}

// checkUnderstood fails when a query that was answered holds what no endpoint
// takes.
func checkUnderstood(t *testing.T, raw string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.URL.RawQuery = raw
	known := " as_of format limit live objective offset period team "
	for name, values := range r.URL.Query() {
		if !strings.Contains(known, " "+name+" ") || len(values) != 1 || values[0] == "" {
			t.Fatalf("%q was answered although %s=%q is no question", raw, name, values)
		}
	}
}
