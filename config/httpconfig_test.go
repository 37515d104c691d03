package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	promconfig "github.com/prometheus/common/config"

	"teamhealth/config"
)

// withHTTP is a configuration in a folder whose Prometheus is asked as the keys say.
func withHTTP(t *testing.T, keys string) *config.Prometheus {
	t.Helper()
	c, err := config.Parse("etc/teamhealth.yml", []byte(`
organization: {name: Databases}
sources: {prometheus: {url: "http://prometheus:9090"`+keys+`}}
teams: [{id: mysql}]
`))
	if err != nil {
		t.Fatal(err)
	}
	return c.Sources.Prometheus
}

func TestHTTPClientHasTheDefaultsOfPrometheus(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]string{
		"no http_config": "", "an empty one": ", http_config: {}", "one without a value": ", http_config: ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withHTTP(t, keys)
			if diff := cmp.Diff(promconfig.DefaultHTTPClientConfig, p.HTTP, cmp.AllowUnexported(promconfig.ProxyConfig{})); diff != "" {
				t.Errorf("the client (-want +got):\n%s", diff)
			}
			if len(p.Files) > 0 {
				t.Errorf("it reads %v, want no files", p.Files)
			}
		})
	}
}

func TestHTTPClientIsReadWithItsFilesBesideTheConfiguration(t *testing.T) {
	t.Parallel()
	p := withHTTP(t, `, http_config: {
		basic_auth: {username: teamhealth, password_file: secrets/password},
		tls_config: {ca_file: /etc/ssl/ca.pem, server_name: prometheus.example.com, min_version: TLS13},
		http_headers: {X-Scope: {values: [dre], files: [secrets/scope]}},
		proxy_url: "http://proxy:3128", follow_redirects: false}`)
	if got := p.HTTP.BasicAuth; got.Username != "teamhealth" || got.PasswordFile != "etc/secrets/password" {
		t.Errorf("basic_auth is %s with %s", got.Username, got.PasswordFile)
	}
	if got := p.HTTP.TLSConfig; got.ServerName != "prometheus.example.com" || got.MinVersion != promconfig.TLSVersions["TLS13"] {
		t.Errorf("tls_config is %+v", got)
	}
	if p.HTTP.ProxyURL.String() != "http://proxy:3128" || p.HTTP.FollowRedirects || !p.HTTP.EnableHTTP2 {
		t.Errorf("the client is %+v, want a proxy, no redirects, and HTTP/2 as by default", p.HTTP)
	}
	const at = "sources.prometheus.http_config."
	want := []config.NamedFile{
		{Path: at + "basic_auth.password_file", File: "etc/secrets/password"},
		{Path: at + "tls_config.ca_file", File: "/etc/ssl/ca.pem"},
		{Path: at + "http_headers.X-Scope.files[0]", File: "etc/secrets/scope"},
	}
	if diff := cmp.Diff(want, p.Files); diff != "" {
		t.Errorf("its files (-want +got):\n%s", diff)
	}
}
