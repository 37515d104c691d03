package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/apiclient"
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

func TestTransientAnswersAreAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first http.HandlerFunc
		code  string
		slept []time.Duration
	}{
		"429 waits for ratelimit-reset": {
			first: status(429, `{}`, "ratelimit-reset", "20", "ratelimit-remaining", "0"),
			code:  "429", slept: []time.Duration{22 * time.Second}, // 20 s and a tenth.
		},
		"429 waits for the later of reset and Retry-After": {
			first: status(429, `{}`, "ratelimit-reset", "20", "Retry-After", "30"),
			code:  "429", slept: []time.Duration{33 * time.Second},
		},
		"429 without headers backs off": {first: status(429, ``), code: "429", slept: []time.Duration{500 * time.Millisecond}},
		"a reset that is no number is no reset": {
			first: status(429, ``, "ratelimit-reset", "soon"), code: "429", slept: []time.Duration{500 * time.Millisecond},
		},
		"408 backs off": {first: status(408, ``), code: "408", slept: []time.Duration{500 * time.Millisecond}},
		"500 does not wait for the reset that every answer carries": {
			first: status(500, ``, "ratelimit-reset", "50"), code: "500", slept: []time.Duration{500 * time.Millisecond},
		},
		"503 waits for Retry-After in seconds": {
			first: status(503, ``, "Retry-After", "10"), code: "503", slept: []time.Duration{11 * time.Second},
		},
		"503 waits for Retry-After as a date, by the server's clock": {
			first: status(503, ``, "Date", "Mon, 03 Aug 2026 10:00:00 GMT", "Retry-After", "Mon, 03 Aug 2026 10:00:10 GMT"),
			code:  "503", slept: []time.Duration{11 * time.Second},
		},
		"a Retry-After in the past is none": {
			first: status(503, ``, "Date", "Mon, 03 Aug 2026 10:00:00 GMT", "Retry-After", "Mon, 03 Aug 2026 09:00:00 GMT"),
			code:  "503", slept: []time.Duration{500 * time.Millisecond},
		},
		"a body that breaks off":              {first: breakOff, code: "error", slept: []time.Duration{500 * time.Millisecond}},
		"JSON that ends in the middle of 200": {first: status(200, `{"incidents": [{"id": "Q1"}`), code: "error", slept: []time.Duration{500 * time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			url, _ := script(t, test.first, status(200, `{"ok": true}`))
			body, err := get(t, apiclient.New(r.options()), url)
			if err != nil || body != `{"ok": true}` {
				t.Fatalf("got %q, %v; want the second answer", body, err)
			}
			if diff := cmp.Diff([]string{test.code, "200"}, r.codes); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.slept, r.slept); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
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

func TestBackOffDoublesUpToTheCapAndEnds(t *testing.T) {
	t.Parallel()
	var r recorder
	opts := r.options()
	opts.MaxWait = 3 * time.Second
	opts.MaxAttempts = 6
	url, requests := script(t, status(502, "<html>bad gateway</html>"))
	_, err := get(t, apiclient.New(opts), url)
	want := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second}
	if diff := cmp.Diff(want, r.slept); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if requests.Load() != 6 || err == nil || !strings.Contains(err.Error(), "502 Bad Gateway (gave up after 6 attempts)") {
		t.Errorf("after %d requests: %v", requests.Load(), err)
	}
}

func TestAllWaitsOfOneRequestHaveACap(t *testing.T) {
	t.Parallel()
	var r recorder
	opts := r.options()
	opts.MaxTotalWait = 50 * time.Second
	url, requests := script(t, status(429, ``, "ratelimit-reset", "20"))
	if _, err := get(t, apiclient.New(opts), url); err == nil {
		t.Fatal("no error")
	}
	// 22 s + 22 s are within 50 s, a third wait is not.
	if len(r.slept) != 2 || requests.Load() != 3 {
		t.Errorf("waited %v over %d requests, want two waits", r.slept, requests.Load())
	}
}

func TestAServerThatAsksForTooMuchIsLeftAlone(t *testing.T) {
	t.Parallel()
	var r recorder
	url, requests := script(t, status(429, ``, "Retry-After", "99999999999999"))
	_, err := get(t, apiclient.New(r.options()), url)
	var failed *apiclient.StatusError
	if !errors.As(err, &failed) || failed.RetryAfter < 24*time.Hour || requests.Load() != 1 || len(r.slept) != 0 {
		t.Errorf("err %v after %d requests and waits %v; want one request and its RetryAfter", err, requests.Load(), r.slept)
	}
}

func TestTheNextRequestWaitsWhenNothingRemains(t *testing.T) {
	t.Parallel()
	var r recorder
	now := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	opts := r.options()
	opts.Now = func() time.Time { return now }
	client := apiclient.New(opts)
	url, _ := script(t, status(200, `{}`, "ratelimit-remaining", "0", "ratelimit-reset", "40"), status(200, `{}`, "ratelimit-remaining", "959"))
	for range 2 {
		if _, err := get(t, client, url); err != nil {
			t.Fatal(err)
		}
		now = now.Add(10 * time.Second)
	}
	if diff := cmp.Diff([]time.Duration{30 * time.Second}, r.slept); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 959}, r.remaining); diff != "" {
		t.Errorf("remaining (-want +got):\n%s", diff)
	}
}

func TestOnlyReadsAreRepeated(t *testing.T) {
	t.Parallel()
	var r recorder
	url, requests := script(t, status(500, ``))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := apiclient.New(r.options()).Do(req)
	if err == nil {
		resp.Body.Close()
		t.Fatal("no error")
	}
	if requests.Load() != 1 {
		t.Errorf("sent %d requests, want 1", requests.Load())
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
			if err != nil && !strings.Contains(err.Error(), "larger than 64 bytes") {
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
	var r recorder
	opts := r.options()
	opts.Timeout = 20 * time.Millisecond
	opts.MaxAttempts = 2
	url, requests := script(t, func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.WriteString(w, `{"slow":`)
		w.(http.Flusher).Flush()
		<-req.Context().Done()
	})
	_, err := get(t, apiclient.New(opts), url)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v is no deadline", err)
	}
	if requests.Load() != 2 {
		t.Errorf("sent %d requests, want 2", requests.Load())
	}
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
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close() // Nobody listens there now.
	var r recorder
	_, err = get(t, apiclient.New(r.options()), "http://"+host)
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

func TestNoErrorShowsAQueryOrACredential(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		fmt.Fprintf(w, `{"error": {"message": "bad header %s"}}`, r.Header.Get("Authorization"))
	}
	for name, step := range map[string]http.HandlerFunc{
		"a server that echoes the token": echo,
		"a connection that breaks off":   breakOff,
		"a redirect":                     status(302, ``, "Location", "http://other.invalid/?private"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			url, _ := script(t, step)
			_, err := get(t, apiclient.New(r.options()), url)
			if err == nil {
				t.Fatal("no error")
			}
			if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, token) || strings.Contains(text, "private") {
				t.Errorf("error %q shows what it must not", text)
			}
		})
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

func TestDecodeJSONTakesOnlyJSON(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step http.HandlerFunc
		want string // In the error; empty when it decodes.
	}{
		"an object":                     {step: status(200, `{"n": 1}`)},
		"an object with white space":    {step: status(200, " {\"n\": 1}\n")},
		"a page":                        {step: status(200, "\n<!DOCTYPE html><title>Log in</title>"), want: "answered HTML instead of JSON"},
		"JSON that calls itself a page": {step: status(200, `{"n": 1}`, "Content-Type", "text/html; charset=utf-8"), want: "answered HTML instead of JSON"},
		"nothing":                       {step: status(200, " \n"), want: "answered nothing instead of JSON"},
		"something after the object":    {step: status(200, `{"n": 1} {"n": 2}`), want: "decode the answer"},
		"an object of another shape":    {step: status(200, `{"n": "one"}`), want: "decode the answer"},
		"a text that is no JSON at all": {step: status(200, `OK`), want: "decode the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := script(t, test.step)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/x?private=1", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := apiclient.New(apiclient.Options{}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var into struct{ N int }
			err = apiclient.DecodeJSON(resp, &into)
			if test.want == "" {
				if err != nil || into.N != 1 {
					t.Errorf("got %+v, %v", into, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "private") {
				t.Errorf("error %v, want %q without the query", err, test.want)
			}
		})
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
