package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"teamhealth/internal/exporters/api"
)

// lifecycle starts a server that reloads by the given function, and logs to log.
func lifecycle(t *testing.T, reload func(context.Context) error, log *bytes.Buffer) string {
	t.Helper()
	handler, err := api.New(api.Options{Scores: &scores{}, Logger: slog.New(slog.NewTextHandler(log, nil)), Reload: reload})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestReloadIsAskedForByPostAndPutAlone(t *testing.T) {
	t.Parallel()
	asked := 0
	url := lifecycle(t, func(context.Context) error { asked++; return nil }, new(bytes.Buffer))
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		got := do(t, method, url+"/-/reload", nil)
		if got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, Cache-Control %q; want 200 and an answer that nobody keeps", method, got.status, got.header.Get("Cache-Control"))
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodDelete} {
		got := do(t, method, url+"/-/reload", nil)
		if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST, PUT" {
			t.Errorf("%s: %d, Allow %q; want 405 and the methods that there are", method, got.status, got.header.Get("Allow"))
		}
	}
	if got := do(t, http.MethodPost, url+"/-/reload?force=1", nil); got.status != http.StatusBadRequest {
		t.Errorf("with a parameter that nobody knows: %d, want 400", got.status)
	}
	if asked != 2 {
		t.Errorf("the configuration was read %d times, want 2", asked)
	}
}

func TestReloadIsForbiddenWithoutTheFlag(t *testing.T) {
	t.Parallel()
	url := lifecycle(t, nil, new(bytes.Buffer))
	got := do(t, http.MethodPost, url+"/-/reload", nil)
	if got.status != http.StatusForbidden || got.header.Get("Content-Type") != "application/problem+json" ||
		!strings.Contains(got.body, "--web.enable-lifecycle") {
		t.Errorf("%d %s:\n%s\nwant a problem with status 403 that names the flag", got.status, got.header.Get("Content-Type"), got.body)
	}
}

func TestAFailedReloadTellsEveryMistake(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	url := lifecycle(t, func(context.Context) error { return errors.New("a.yml:1: x: \"no\" (hint)\na.yml:2: y: no") }, &log)
	got := do(t, http.MethodPost, url+"/-/reload", nil)
	var problem struct {
		Title, Detail string
		Status        int
	}
	if err := json.Unmarshal([]byte(got.body), &problem); err != nil {
		t.Fatal(err)
	}
	if got.status != http.StatusInternalServerError || problem.Status != got.status ||
		problem.Detail != "a.yml:1: x: \"no\" (hint)\na.yml:2: y: no" {
		t.Errorf("%d with %+v; want 500 with both mistakes", got.status, problem)
	}
	if log.Len() > 0 {
		t.Errorf("the client was told, and yet it is logged:\n%s", &log)
	}
}

func TestAReloadGoesOnWithoutItsClient(t *testing.T) {
	t.Parallel()
	began, left, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	handler, err := api.New(api.Options{
		Scores: &scores{}, Logger: slog.New(slog.DiscardHandler),
		Reload: func(ctx context.Context) error {
			close(began)
			<-left
			ended <- ctx.Err()
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	go handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/-/reload", http.NoBody))
	<-began
	leave()
	close(left)
	if err := <-ended; err != nil {
		t.Errorf("the reload was called off with %v when its client left", err)
	}
}
