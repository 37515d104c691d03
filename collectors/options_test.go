package collectors_test

import (
	"errors"
	"strings"
	"testing"

	"teamhealth/collectors"
)

func TestAnAddressOfAnAPIIsOneOfHTTP(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ address, problem string }{
		"http, with a port":  {"http://prometheus:9090", ""},
		"https, with a path": {"https://example.com/base", ""},
		"nothing":            {"", `URL "": not an http or https address`},
		"another scheme":     {"ftp://example.com", `URL "ftp://example.com": not an http or https address`},
		"no scheme":          {"prometheus:9090", `URL "prometheus:9090": not an http or https address`},
		"no host":            {"https:///base", `URL "https:///base": not an http or https address`},
		"no address at all":  {"https://example.com:port", "invalid port"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := collectors.ParseURL(test.address)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("the error is %v, want %q", err, test.problem)
				}
				return
			}
			if err != nil || got.String() != test.address {
				t.Errorf("read as %v, %v", got, err)
			}
		})
	}
}

func TestOptionsThatAreMissingAreAllNamed(t *testing.T) {
	t.Parallel()
	err := errors.Join(collectors.Require("Token", false), collectors.Require("HTTP", true), collectors.Require("Since", false))
	if err == nil || err.Error() != "no Token\nno Since" {
		t.Errorf("the error is %v, want one that names Token and Since", err)
	}
}
