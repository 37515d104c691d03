package pipes_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"teamhealth/internal/pipes"
)

func TestAnAnswerThatNeverComesTakesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := pipes.Listen()
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/never" {
				<-r.Context().Done()
			}
			_, _ = io.WriteString(w, r.Host)
		}))
		_ = server.Listener.Close()
		server.Listener = listener
		server.Start()
		defer server.Close()
		client := http.Client{Transport: &http.Transport{DialContext: listener.Dial, DisableKeepAlives: true}, Timeout: time.Hour}
		begun := time.Now()
		if _, err := get(t, &client, server.URL+"/never"); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Hour {
			t.Errorf("after %s: %v, want the deadline after an hour", time.Since(begun), err)
		}
		if body, err := get(t, &client, server.URL); err != nil || body != "pipe.example:80" {
			t.Errorf("got %q, %v; want the host", body, err)
		}
	})
}

func get(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

func TestNobodyAcceptsAtAClosedListener(t *testing.T) {
	t.Parallel()
	listener := pipes.Listen()
	for range 2 {
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accepting: %v, want that it is closed", err)
	}
	if _, err := listener.Dial(t.Context(), "", ""); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dialling: %v, want that it is closed", err)
	}
}

func TestDiallingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pipes.Listen().Dial(ctx, "", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
}
