package prometheus_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"

	"teamhealth/collectors/prometheus"
	"teamhealth/internal/apiclient"
)

// httpConfig is what stands in the configuration.
func httpConfig(t *testing.T, text string) *config.HTTPClientConfig {
	t.Helper()
	c := new(config.HTTPClientConfig)
	must(t, yaml.Unmarshal([]byte(text), c))
	return c
}

func TestSecretsAreReadAnewWhenTheirFilesChange(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(file, []byte("first\n"), 0o600))
	transport, err := prometheus.NewTransport(httpConfig(t, "authorization: {credentials_file: "+file+"}"))
	must(t, err)
	w := newWorld()
	w.client.Transport = transport
	w.upstream.Token = "first"
	w.serve(t).mustCollect(t)

	token := "second"
	w.intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		right := r.Header.Get("Authorization") == "Bearer "+token
		r.Header.Set("Authorization", "Bearer first") // For the server behind.
		return !right && respond(rw, http.StatusUnauthorized, `{"status":"error","error":"wrong token `+r.Header.Get("Authorization")+`"}`)
	}
	if err := w.collect(t); err == nil {
		t.Fatal("the old token is taken")
	}
	must(t, os.WriteFile(file, []byte("second\n"), 0o600))
	w.mustCollect(t)
}

func TestRequestsProveTheirRightAsConfigured(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"password": "pass word\n", "token": "t0ken\n"} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	for name, test := range map[string]struct{ config, header, want string }{
		"nothing":              {"{}", "Authorization", ""},
		"a token":              {"authorization: {credentials_file: token}", "Authorization", "Bearer t0ken"},
		"another kind of one":  {"authorization: {type: ApiKey, credentials_file: token}", "Authorization", "ApiKey t0ken"},
		"basic authentication": {"basic_auth: {username: health, password_file: password}", "Authorization", "Basic aGVhbHRoOnBhc3Mgd29yZA=="}, // health:pass word
		"a header":             {"http_headers: {X-Scope-OrgID: {values: [dre]}}", "X-Scope-Orgid", "dre"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := httpConfig(t, test.config)
			c.SetDirectory(dir)
			transport, err := prometheus.NewTransport(c)
			must(t, err)
			w := newWorld()
			w.client.Transport = transport
			sent := map[string]bool{}
			w.intercept = func(_ http.ResponseWriter, r *http.Request) bool {
				sent[r.Header.Get(test.header)] = true
				return false
			}
			w.serve(t).mustCollect(t)
			if len(sent) != 1 || !sent[test.want] {
				t.Errorf("sent %v, want %q", sent, test.want)
			}
		})
	}
}

func TestHTTPConfigThatCannotBeObeyedIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config config.HTTPClientConfig
		want   string
	}{
		"a certificate that is not there": {config.HTTPClientConfig{TLSConfig: config.TLSConfig{CAFile: "/nowhere/ca.pem"}}, "/nowhere/ca.pem"},
		"two ways to prove who it is": {
			config.HTTPClientConfig{BasicAuth: &config.BasicAuth{Username: "x"}, Authorization: &config.Authorization{CredentialsFile: "y"}}, "at most one of",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := prometheus.NewTransport(&test.config); err == nil || !strings.HasPrefix(err.Error(), "http_config: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestRedirectsAreFollowedUnlessTheyAreForbidden(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config string
		want   int
	}{
		"followed by default": {"{}", http.StatusOK},
		"forbidden":           {"follow_redirects: false", http.StatusTemporaryRedirect},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/there" {
					http.Redirect(rw, r, "/there", http.StatusTemporaryRedirect)
				}
			}))
			t.Cleanup(server.Close)
			transport, err := prometheus.NewTransport(httpConfig(t, test.config))
			must(t, err)
			client := http.Client{Transport: transport}
			t.Cleanup(client.CloseIdleConnections)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
			must(t, err)
			resp, err := client.Do(req)
			must(t, err)
			must(t, resp.Body.Close())
			if resp.StatusCode != test.want {
				t.Errorf("status %d, want %d", resp.StatusCode, test.want)
			}
		})
	}
}

// Without any http_config there is a transport too, and what it sends is counted.
func TestRequestsAreCountedLikeThoseOfOtherCollectors(t *testing.T) {
	t.Parallel()
	transport, err := prometheus.NewTransport(nil)
	must(t, err)
	w := newWorld().only()
	codes := map[string]int{}
	w.client = apiclient.Options{Transport: transport, Observe: func(code string) { codes[code]++ }, Now: w.client.Now}
	w.serve(t).mustCollect(t)
	if codes["200"] != 1+4 { // The time, three spans, and good events in one of them.
		t.Errorf("counted %v", codes)
	}
}
