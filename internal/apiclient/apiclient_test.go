package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/pipes"
)

const token = "hunter2-token"

// recorder takes the place of the clock's sleep and of the hooks.
type recorder struct {
	slept     []time.Duration
	codes     []string
	remaining []int
}

// options has no jitter at work: every wait is as long as it may be.
func (r *recorder) options() apiclient.Options {
	return apiclient.Options{
		Sleep: func(ctx context.Context, d time.Duration) error {
			r.slept = append(r.slept, d)
			return ctx.Err()
		},
		Jitter:    func() float64 { return 1 },
		Observe:   func(code string) { r.codes = append(r.codes, code) },
		RateLimit: func(n int) { r.remaining = append(r.remaining, n) },
	}
}

// script answers the nth request with the nth step, and the last step for ever.
func script(t *testing.T, steps ...http.HandlerFunc) (url string, requests *atomic.Int64) {
	t.Helper()
	requests = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(requests.Add(1))
		steps[min(n, len(steps))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func status(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// breakOff promises more than it sends and closes the connection.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"half":`)
}

func get(t *testing.T, client *apiclient.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/incidents?since=private", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Token token="+token)
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), nil
}

func TestFinalAnswersAreErrorsAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code     int
		sentinel error
	}{
		"401": {401, apiclient.ErrUnauthorized},
		"402": {402, apiclient.ErrPaymentRequired},
		"403": {403, apiclient.ErrForbidden},
		"404": {404, apiclient.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			url, requests := script(t, status(test.code, `{"error": {"message": "No luck", "errors": ["ask Ada"]}}`))
			_, err := get(t, apiclient.New(r.options()), url)
			if !errors.Is(err, test.sentinel) {
				t.Errorf("error %v is not %v", err, test.sentinel)
			}
			if got := requests.Load(); got != 1 {
				t.Errorf("sent %d requests, want 1", got)
			}
			host := strings.TrimPrefix(url, "http://")
			want := fmt.Sprintf("GET %s/incidents: %d %s: No luck: ask Ada", host, test.code, http.StatusText(test.code))
			if err.Error() != want {
				t.Errorf("error\n got %q\nwant %q", err, want)
			}
		})
	}
}

func TestAnOversizedBodyIsAnErrorAndNotCut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size int
		fits bool
	}{
		"a body of exactly the limit is taken": {size: 64, fits: true},
		"one byte more is refused":             {size: 65},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			opts := r.options()
			opts.MaxBody = 64
			url, requests := script(t, status(200, strings.Repeat("a", test.size)))
			body, err := get(t, apiclient.New(opts), url)
			if test.fits != (err == nil) || (err == nil && len(body) != test.size) {
				t.Errorf("got %d bytes, %v", len(body), err)
			}
			if err != nil && (!errors.Is(err, apiclient.ErrTooLarge) || !strings.Contains(err.Error(), "larger than 64 bytes")) {
				t.Errorf("error %q does not name the limit", err)
			}
			if requests.Load() != 1 {
				t.Errorf("sent %d requests, want 1", requests.Load())
			}
		})
	}
}

func TestTheDeadlineCoversTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := pipes.Listen()
		var requests atomic.Int64
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			requests.Add(1)
			_, _ = io.WriteString(w, `{"slow":`)
			w.(http.Flusher).Flush()
			<-req.Context().Done()
		})}
		go func() { _ = server.Serve(listener) }() // Until it is closed.
		defer server.Close()
		var r recorder
		opts := r.options()
		opts.Transport = &http.Transport{DialContext: listener.Dial}
		opts.MaxAttempts = 2
		begun := time.Now()
		_, err := get(t, apiclient.New(opts), "http://"+listener.Addr().String())
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v is no deadline", err)
		}
		if took := time.Since(begun); requests.Load() != 2 || took != 2*30*time.Second {
			t.Errorf("sent %d requests in %s, want 2 of 30 s each", requests.Load(), took)
		}
	})
}

func TestTheEndOfTheCallersContextEndsTheWait(t *testing.T) {
	t.Parallel()
	url, requests := script(t, status(503, ``, "Retry-After", "60"))
	ctx, cancel := context.WithCancel(t.Context())
	client := apiclient.New(apiclient.Options{Observe: func(string) { cancel() }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) || requests.Load() != 1 {
		t.Errorf("error %v after %d requests, want the cancellation after one", err, requests.Load())
	}
}

func TestAnUnreachableHostIsNamed(t *testing.T) {
	t.Parallel()
	const host = "127.0.0.1:1" // Nobody listens there.
	var r recorder
	_, err := get(t, apiclient.New(r.options()), "http://"+host)
	if err == nil || !strings.Contains(err.Error(), "cannot reach host "+host) || len(r.codes) != 5 {
		t.Errorf("after %v: %v", r.codes, err)
	}
	var failed *apiclient.TransportError
	if !errors.As(err, &failed) || failed.Host != host {
		t.Errorf("error %v is no TransportError of %s", err, host)
	}
}

func TestARedirectStaysOnItsHost(t *testing.T) {
	t.Parallel()
	var stolen atomic.Bool
	thief, _ := script(t, func(http.ResponseWriter, *http.Request) { stolen.Store(true) })
	away, requests := script(t, status(302, ``, "Location", thief+"/?secret=1"))
	home, _ := script(t, status(302, ``, "Location", "/elsewhere"), status(200, `{"home": 1}`))

	var r recorder
	client := apiclient.New(r.options())
	if body, err := get(t, client, home); err != nil || body != `{"home": 1}` {
		t.Errorf("same host: got %q, %v", body, err)
	}
	_, err := get(t, client, away)
	if err == nil || stolen.Load() || requests.Load() != 1 || !strings.Contains(err.Error(), thief) {
		t.Errorf("other host: asked %v times, followed %v: %v", requests.Load(), stolen.Load(), err)
	}
	if strings.Contains(err.Error(), "secret=1") {
		t.Errorf("error %q shows a query", err)
	}
}

func TestTheUserAgentIsOurs(t *testing.T) {
	t.Parallel()
	url, _ := script(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strconv.Quote(r.UserAgent()))
	})
	body, err := get(t, apiclient.New(apiclient.Options{UserAgent: "teamhealth/1"}), url)
	if err != nil || body != `"teamhealth/1"` {
		t.Errorf("got %s, %v", body, err)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	url, requests := script(t, status(200, `{}`, "ratelimit-remaining", "5"))
	client := apiclient.New(apiclient.Options{})
	errs := make(chan error)
	for range 8 {
		go func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
			if err == nil {
				var resp *http.Response
				if resp, err = client.Do(req); err == nil {
					err = resp.Body.Close()
				}
			}
			errs <- err
		}()
	}
	var got []error
	for range 8 {
		got = append(got, <-errs)
	}
	if slices.ContainsFunc(got, func(err error) bool { return err != nil }) || requests.Load() != 8 {
		t.Errorf("%d requests, errors %v", requests.Load(), got)
	}
}
