package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"teamhealth/internal/exporters/page"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/goldentest"
	"teamhealth/scorecard"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type source struct {
	name      string
	published *scorecard.Published
}

func (s source) Organization() string            { return s.name }
func (s source) Published() *scorecard.Published { return s.published }

func get(t *testing.T, s source, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := page.New(page.Options{Source: s, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(method, path, http.NoBody))
	return w
}

func published() source {
	return source{name: "Database Reliability Engineering", published: cardtest.Published()}
}

func TestPageMatchesItsGolden(t *testing.T) {
	t.Parallel()
	unread := cardtest.Published()
	for _, w := range unread.Windows {
		w.Cards[0].DataAsOf = nil
	}
	tests := map[string]source{
		"page.html":       published(),
		"first_sync.html": {name: "Database Reliability Engineering", published: unread},
		"before_any.html": {name: "Database Reliability Engineering"},
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(t, s, http.MethodGet, "/")
			if ct := w.Header().Get("Content-Type"); w.Code != http.StatusOK || ct != "text/html; charset=utf-8" {
				t.Errorf("status %d, %s; want 200, text/html; charset=utf-8", w.Code, ct)
			}
			goldentest.Compare(t, *update, name, w.Body.Bytes())
		})
	}
}

func TestPageLinksEveryEndpoint(t *testing.T) {
	t.Parallel()
	body := html.UnescapeString(get(t, published(), http.MethodGet, "/").Body.String())
	for _, href := range []string{
		"/api/v1/scorecard?period=previous&team=all", "/api/v1/scorecard?format=csv&period=previous&team=all",
		"/api/v1/scorecard?format=md&period=current&team=all", "/api/v1/scorecard?period=2026-Q3&team=mysql",
		"/api/v1/evidence?objective=database_uptime&period=previous&team=org",
		"/api/v1/teams", "/api/v1/objectives", "/api/v1/periods", "/api/v1/status", "/metrics", "/-/healthy", "/-/ready",
	} {
		if !strings.Contains(body, `href="`+href+`"`) {
			t.Errorf("no link to %s", href)
		}
	}
}

func TestPolicyAllowsTheStyleOfThePageAndNothingElse(t *testing.T) {
	t.Parallel()
	w := get(t, published(), http.MethodGet, "/")
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(w.Body.Bytes())
	if style == nil {
		t.Fatal("the page has no style")
	}
	sum := sha256.Sum256(style[1])
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if got := w.Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("policy is\n%s, want\n%s", got, want)
	}
	for _, banned := range []string{"<script", "style=", "onclick", "http://", "https://", "src="} {
		if bytes.Contains(w.Body.Bytes(), []byte(banned)) {
			t.Errorf("the page holds %s", banned)
		}
	}
}

func TestNamesCannotBreakOutOfThePage(t *testing.T) {
	t.Parallel()
	s := published()
	s.name = `</title><script>alert(1)</script>`
	if body := get(t, s, http.MethodGet, "/").Body.String(); strings.Contains(body, "<script") {
		t.Errorf("the name of the organisation became markup:\n%s", body)
	}
}

func TestOnlyTheRootCanBeRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path string
		want         int
	}{
		"the root":               {http.MethodGet, "/", http.StatusOK},
		"the root's head":        {http.MethodHead, "/", http.StatusOK},
		"another path":           {http.MethodGet, "/favicon.ico", http.StatusNotFound},
		"a page that is not yet": {http.MethodGet, "/teams/mysql", http.StatusNotFound},
		"writing":                {http.MethodPost, "/", http.StatusMethodNotAllowed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(t, published(), tt.method, tt.path)
			if w.Code != tt.want {
				t.Errorf("%s %s: status %d, want %d", tt.method, tt.path, w.Code, tt.want)
			}
			if allow := w.Header().Get("Allow"); (tt.want == http.StatusMethodNotAllowed) != (allow == "GET, HEAD") {
				t.Errorf("%s %s: Allow is %q", tt.method, tt.path, allow)
			}
			if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options = %q, want nosniff", got)
			}
		})
	}
}

func TestNewWantsAllItsParts(t *testing.T) {
	t.Parallel()
	tests := map[string]page.Options{
		"no source": {Logger: slog.New(slog.DiscardHandler)},
		"no logger": {Source: published()},
	}
	for name, o := range tests {
		if _, err := page.New(o); err == nil {
			t.Errorf("%s: New succeeded", name)
		}
	}
}
