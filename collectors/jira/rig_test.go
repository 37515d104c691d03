package jira_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"teamhealth/collectors/jira"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/secret"
)

// tokens gives a new token each time.
type tokens struct{ read int }

func (t *tokens) Read() (secret.Secret, error) {
	t.read++
	return secret.New(fmt.Sprintf("token-%d", t.read)), nil
}

// rig is a collector before a site, with a memory and a clock that tests move.
type rig struct {
	*site
	url    string
	opts   jira.Options
	memory *memory
	clock  time.Time
	slept  []time.Duration
}

func newRig(t *testing.T, cloud bool) *rig {
	t.Helper()
	r := &rig{site: newSite(cloud), memory: newMemory(), clock: begun}
	r.now = func() time.Time { return r.clock }
	server := httptest.NewServer(r.site)
	t.Cleanup(server.Close)
	r.url = server.URL
	r.opts = jira.Options{
		URL: server.URL, Email: "bot@example.com", Token: &tokens{}, Since: since, JQL: "project in (DRE, SRE) ORDER BY rank",
		Now: func() time.Time { return r.clock },
		HTTP: apiclient.New(apiclient.Options{
			Now: func() time.Time { return r.clock },
			Sleep: func(ctx context.Context, d time.Duration) error {
				r.slept = append(r.slept, d)
				return ctx.Err()
			},
		}),
	}
	return r
}

func (r *rig) collector(t *testing.T) *jira.Collector {
	t.Helper()
	c, err := jira.New(r.opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *rig) collect(t *testing.T) error {
	t.Helper()
	return r.collector(t).Collect(t.Context(), r.memory, r.memory.save)
}

func (r *rig) mustCollect(t *testing.T) {
	t.Helper()
	if err := r.collect(t); err != nil {
		t.Fatal(err)
	}
}

// asked returns how often a path was asked for since the requests were forgotten.
func (r *rig) asked(path string) int {
	n := 0
	for _, one := range r.requests {
		if strings.HasSuffix(one.path, path) {
			n++
		}
	}
	return n
}

func (r *rig) forget() { r.requests, r.searches = nil, 0 }

// answering answers one path in the site's place.
func (r *rig) answering(path string, answer http.HandlerFunc) {
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.HasSuffix(req.URL.Path, path) {
			return false
		}
		answer(w, req)
		return true
	}
}

// flavors runs a test against Cloud and against Data Center.
func flavors(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	for name, cloud := range map[string]bool{"cloud": true, "data center": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newRig(t, cloud))
		})
	}
}

// wantError checks for an error with a text, or for none where the text is empty.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if (err == nil) != (text == "") || (err != nil && !strings.Contains(err.Error(), text)) {
			t.Errorf("error %q, want one with %q", fmt.Sprint(err), text)
		}
	}
}

func status(code int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { send(w, code, object{"errorMessages": []any{message}}) }
}

func body(text string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = io.WriteString(w, text)
	}
}
