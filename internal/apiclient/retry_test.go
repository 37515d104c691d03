package apiclient_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/apiclient"
)

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
		"429 waits for Jira's minute of reset, by the server's clock": {
			first: status(429, `{}`, "Date", "Mon, 03 Aug 2026 10:00:40 GMT", "X-RateLimit-Reset", "2026-08-03T10:01Z"),
			code:  "429", slept: []time.Duration{22 * time.Second},
		},
		"429 waits for a reset that is told with seconds": {
			first: status(429, `{}`, "Date", "Mon, 03 Aug 2026 10:00:00 GMT", "X-RateLimit-Reset", "2026-08-03T12:00:10+02:00"),
			code:  "429", slept: []time.Duration{11 * time.Second},
		},
		"429 believes Retry-After more than a minute": {
			first: status(429, `{}`, "Date", "Mon, 03 Aug 2026 10:00:00 GMT", "X-RateLimit-Reset", "2026-08-03T10:01Z", "Retry-After", "5"),
			code:  "429", slept: []time.Duration{5500 * time.Millisecond},
		},
		"429 waits for Data Center's bucket": {
			first: status(429, `{}`, "X-RateLimit-Remaining", "0", "X-RateLimit-FillRate", "5", "X-RateLimit-Interval-Seconds", "30", "retry-after", "40"),
			code:  "429", slept: []time.Duration{44 * time.Second},
		},
		"a Retry-After of 0 is none": {
			first: status(429, `{}`, "X-RateLimit-Interval-Seconds", "10", "retry-after", "0"),
			code:  "429", slept: []time.Duration{11 * time.Second},
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

func TestTheNextRequestWaitsForJirasLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		headers   []string
		slept     []time.Duration
		remaining []int
	}{
		"Cloud's minute": {
			headers:   []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-08-03T10:01Z"},
			slept:     []time.Duration{time.Minute},
			remaining: []int{0, 0},
		},
		"Data Center's interval": {
			headers:   []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Interval-Seconds", "7", "retry-after", "3"},
			slept:     []time.Duration{7 * time.Second},
			remaining: []int{0, 0},
		},
		"Data Center's Retry-After of 0 when tokens are left": {
			headers:   []string{"X-RateLimit-Remaining", "4", "X-RateLimit-Interval-Seconds", "7", "retry-after", "0"},
			remaining: []int{4, 4},
		},
		"a minute that has passed": {
			headers:   []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "2026-08-03T09:59Z"},
			remaining: []int{0, 0},
		},
		"no limit for this account": {headers: []string{"X-RateLimit-Limit", "-1", "X-RateLimit-Remaining", "-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			opts := r.options()
			opts.Now = func() time.Time { return now }
			client := apiclient.New(opts)
			url, _ := script(t, status(200, `{}`, append(test.headers, "Date", now.Format(http.TimeFormat))...))
			for range 2 {
				if _, err := get(t, client, url); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.slept, r.slept); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.remaining, r.remaining); diff != "" {
				t.Errorf("remaining (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARepeatableRequestIsSentAgainWithItsBody(t *testing.T) {
	t.Parallel()
	var r recorder
	var bodies []string
	echo := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Error(err)
			}
			bodies = append(bodies, req.Method+" "+string(body))
			next(w, req)
		}
	}
	url, _ := script(t, echo(status(503, ``, "Retry-After", "10")), echo(status(200, `{}`)))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"issues": []}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := apiclient.New(r.options()).Do(apiclient.Repeatable(req))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if diff := cmp.Diff([]string{`POST {"issues": []}`, `POST {"issues": []}`}, bodies); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Duration{11 * time.Second}, r.slept); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestABodyThatIsGoneIsNotSentAgain(t *testing.T) {
	t.Parallel()
	var r recorder
	url, requests := script(t, status(500, ``))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, io.MultiReader(strings.NewReader(`{}`)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := apiclient.New(r.options()).Do(apiclient.Repeatable(req))
	if err == nil {
		resp.Body.Close()
		t.Fatal("no error")
	}
	if requests.Load() != 1 {
		t.Errorf("sent %d requests, want 1", requests.Load())
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
