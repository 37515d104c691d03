package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"

	"teamhealth/internal/app"
)

// flags are those of a server with a web configuration file of a content;
// without one when it is empty.
func flags(t *testing.T, content string) *toolkit.FlagConfig {
	t.Helper()
	file := ""
	if content != "" {
		file = filepath.Join(t.TempDir(), "web.yml")
		must(t, os.WriteFile(file, []byte(content), 0o600))
	}
	return &toolkit.FlagConfig{WebConfigFile: &file}
}

// online serves the program until the test ends, and returns where.
func (h *hidden) online(t *testing.T, f *toolkit.FlagConfig) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listeners, err := app.Listen(ctx, []string{"127.0.0.1:0"})
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, listeners, f) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	return "http://" + listeners[0].Addr().String()
}

// fetched is an answer that came over the network, read whole.
type fetched struct {
	status int
	header http.Header
	body   string
}

func fetch(t *testing.T, method, url string, header http.Header) fetched {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	must(t, err)
	r.Header = header
	response, err := http.DefaultTransport.RoundTrip(r) // Follows no redirect.
	must(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	return fetched{response.StatusCode, response.Header, string(body)}
}

func TestAnUnusableWebConfigurationEndsServingBeforeAnythingIsCollected(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	listeners, err := app.Listen(t.Context(), []string{"127.0.0.1:0"})
	must(t, err)
	f := flags(t, "basic_auth_users: {director: geheim}\n")
	err = p.Serve(t.Context(), listeners, f)
	if err == nil || !strings.Contains(err.Error(), *f.WebConfigFile) {
		t.Fatalf("got error %v, want one that names %s", err, *f.WebConfigFile)
	}
	if n := p.requests(); n != 0 {
		t.Errorf("PagerDuty was asked %d times", n)
	}
	if err := listeners[0].(*net.TCPListener).SetDeadline(time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Error("the listener is still open") // Its address may be another's by now.
	}
}

func TestEveryRouteIsGuarded(t *testing.T) {
	t.Parallel()
	h := newHidden(t, disguise{})
	must(t, h.sync(t))
	url := h.online(t, flags(t, ""))
	c := h.subjects()
	c.teams, c.objectives = c.teams[:1], c.objectives[:1]
	for _, path := range append(routes(t, c), "/none", "/api/v1/none", "/-/none", "/metrics/none", "/api//v1") {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
			got := fetch(t, method, url+path, http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}})
			what := fmt.Sprintf("%s %s: %d", method, path, got.status)
			checkGuarded(t, what, got.header)
			if got.status >= http.StatusInternalServerError {
				t.Errorf("%s\n%s", what, got.body)
			}
			reading := method == "GET" || method == "HEAD"
			if !reading && got.status < http.StatusMultipleChoices {
				t.Errorf("%s: a page of another site may change or be told something\n%s", what, got.body)
			}
			if got.status == http.StatusMethodNotAllowed && got.header.Get("Allow") == "" {
				t.Errorf("%s: which methods are allowed is not said", what)
			}
			if strings.HasPrefix(path, "/api/") && got.status >= 400 && got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: the problem is %s", what, got.header.Get("Content-Type"))
			}
		}
	}
}

func checkGuarded(t *testing.T, what string, header http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	policy := header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: Content-Security-Policy is %q", what, policy)
	}
	if header.Get("Cache-Control") == "" {
		t.Errorf("%s: nothing is said about keeping the answer", what)
	}
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s: %s is set", what, name)
		}
	}
}

func TestAPasswordIsAskedForOnEveryRoute(t *testing.T) {
	t.Parallel()
	const password, hashed = "correct horse", "$2a$04$C11qhSpPF2SF4wD6ljpEp.tABsnAro43vuiqSv0PzZtr.Cc8Zypdy"
	h := newHidden(t, disguise{})
	url := h.online(t, flags(t, "basic_auth_users: {prometheus: "+hashed+"}\n"))
	c := h.subjects()
	c.teams, c.objectives = c.teams[:1], c.objectives[:1]
	right, wrong := &http.Request{Header: http.Header{}}, &http.Request{Header: http.Header{}}
	right.SetBasicAuth("prometheus", password)
	wrong.SetBasicAuth("prometheus", "wrong")
	for _, path := range routes(t, c) {
		for _, header := range []http.Header{{}, wrong.Header} {
			if got := fetch(t, http.MethodGet, url+path, header); got.status != http.StatusUnauthorized {
				t.Errorf("GET %s without the password: %d\n%s", path, got.status, got.body)
			}
		}
		if got := fetch(t, http.MethodGet, url+path, right.Header); got.status == http.StatusUnauthorized {
			t.Errorf("GET %s with the password: 401", path)
		}
	}
	if log := h.log.String(); strings.Contains(log, password) || strings.Contains(log, hashed) {
		t.Errorf("the log shows the password:\n%s", log)
	}
}
