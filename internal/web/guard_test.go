package web_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"teamhealth/internal/web"
)

// checkHeaders fails when an answer lacks what every answer has.
func checkHeaders(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache",
	} {
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := h.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none';") || !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("Content-Security-Policy is %q, want that nothing is loaded and nobody frames", got)
	}
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s is set: no other origin is allowed anything", name)
		}
	}
}

// checkProblem fails when an answer is not a problem of the status.
func checkProblem(t *testing.T, got reply, status int) {
	t.Helper()
	var p struct {
		Type, Title, Detail string
		Status              int
	}
	err := json.Unmarshal([]byte(got.body), &p)
	if got.status != status || got.header.Get("Content-Type") != "application/problem+json" || err != nil {
		t.Fatalf("got %d, %s, %q; want the problem %d", got.status, got.header.Get("Content-Type"), got.body, status)
	}
	if p.Type != "about:blank" || p.Title != http.StatusText(status) || p.Status != status || p.Detail == "" {
		t.Errorf("the problem is %+v", p)
	}
	checkHeaders(t, got.header)
}

func TestHandlersMayKnowBetterThanTheHeaders(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
	})})
	got := ask(t, request(t, http.MethodGet, r.url("/"), http.NoBody))
	if policy := got.header.Values("Content-Security-Policy"); len(policy) != 1 || !strings.Contains(policy[0], "style-src 'self'") {
		t.Errorf("Content-Security-Policy is %q, want the handler's alone", policy)
	}
}

func TestRequestsThatNoHandlerShouldSeeAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{Limits: web.Limits{URL: 100, Header: 1}})
	type kind struct {
		method, path string
		body         io.Reader
		want         int
	}
	for name, c := range map[string]kind{
		"a path and a query at the limit":   {http.MethodGet, "/?" + strings.Repeat("q", 98), nil, 200},
		"a query that is one byte too long": {http.MethodGet, "/?" + strings.Repeat("q", 99), nil, 414},
		"a path that is too long":           {http.MethodGet, "/" + strings.Repeat("p", 1000), nil, 414},
		"a body of known length":            {http.MethodPost, "/", strings.NewReader("x"), 413},
		"a body of unknown length":          {http.MethodPost, "/", io.MultiReader(strings.NewReader("x")), 413},
		"a body that comes with a GET":      {http.MethodGet, "/", strings.NewReader("x"), 413},
		"a POST without a body":             {http.MethodPost, "/", http.NoBody, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, request(t, c.method, r.url(c.path), c.body))
			if c.want != http.StatusOK {
				checkProblem(t, got, c.want)
			} else if got.status != http.StatusOK || got.body != "hello" {
				t.Errorf("got %d %q, want the handler's answer", got.status, got.body)
			}
		})
	}
	t.Run("a body that is larger than anybody awaits", func(t *testing.T) {
		t.Parallel()
		got := exchange(t, dial(t, r.addresses[0]), "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1099511627776\r\n\r\n")
		checkProblem(t, got, http.StatusRequestEntityTooLarge)
	})
	t.Run("headers that are too large", func(t *testing.T) {
		t.Parallel()
		const read = 1 + 4<<10 // net/http allows 4 KiB beyond the limit.
		begun := "GET / HTTP/1.1\r\nHost: x\r\nX-Large: "
		got := exchange(t, dial(t, r.addresses[0]), begun+strings.Repeat("x", read-len(begun)))
		if got.status != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("got %d, want 431", got.status)
		}
	})
}

// exchange sends a text and returns the answer. Where a server refuses what it has
// not read, a client that sends on may find the connection closed before it has
// learned why; this one sends no more than the server reads.
func exchange(t *testing.T, conn net.Conn, text string) reply {
	t.Helper()
	say(t, conn, text)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func TestPagesOfOtherOriginsMayOnlyRead(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{})
	own := "http://" + r.addresses[0]
	for name, c := range map[string]struct {
		method, header, value string
		want                  int
	}{
		"a POST by another site":               {"POST", "Sec-Fetch-Site", "cross-site", 403},
		"a POST by another origin of the site": {"POST", "Sec-Fetch-Site", "same-site", 403},
		"a POST by an older browser":           {"POST", "Origin", "https://evil.example", 403},
		"a POST from a file or a sandbox":      {"POST", "Origin", "null", 403},
		"a POST by a page of ours":             {"POST", "Origin", own, 200},
		"a POST by curl":                       {"POST", "User-Agent", "curl/8", 200},
		"a DELETE by another site":             {"DELETE", "Sec-Fetch-Site", "cross-site", 403},
		"a link on another site":               {"GET", "Sec-Fetch-Site", "cross-site", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(t, c.method, r.url("/-/reload"), http.NoBody)
			req.Header.Set(c.header, c.value)
			got := ask(t, req)
			if c.want == http.StatusForbidden {
				checkProblem(t, got, c.want)
			} else if got.status != c.want {
				t.Errorf("got %d, want %d", got.status, c.want)
			}
			checkHeaders(t, got.header)
		})
	}
}

func TestPreflightsGetNoPermission(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{Handler: http.NewServeMux()})
	for _, target := range []string{"/api/v1/scorecard", "*"} {
		conn := dial(t, r.addresses[0])
		fmt.Fprintf(conn, "OPTIONS %s HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n"+
			"Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n", target)
		answer, err := io.ReadAll(conn)
		text := string(answer)
		if err != nil || strings.Contains(text, "Access-Control-") || !strings.Contains(text, "nosniff") || strings.Contains(text, " 200 ") {
			t.Errorf("OPTIONS %s: %v\n%s\nwant a refusal without a permission", target, err, text)
		}
	}
}

func TestAPanicIsAnAnswerAndALineInTheLog(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{Limits: web.Limits{Requests: 1}, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"of something else"`)
		w.Header().Set("Content-Length", "3")
		panic("index out of range")
	})})
	for range 3 { // The room that each took is free again.
		got := ask(t, request(t, http.MethodGet, r.url("/api"), http.NoBody))
		checkProblem(t, got, http.StatusInternalServerError)
		if got.header.Get("ETag") != "" || strings.Contains(got.body, "index out of range") {
			t.Errorf("the answer is %v %q, want nothing of the handler in it", got.header, got.body)
		}
	}
	if log := r.log.String(); !strings.Contains(log, "index out of range") || !strings.Contains(log, "guard_test.go") || !strings.Contains(log, "path=/api") {
		t.Errorf("the log is\n%s\nwant cause, place and path", log)
	}
}

func TestAPanicInTheMiddleBreaksTheAnswerOff(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]any{"any panic": "broken", "one that asks for it": http.ErrAbortHandler} {
		r := start(t, 1, web.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("a beginning", 1000))
			panic(cause)
		})})
		response, err := new(http.Client).Do(request(t, http.MethodGet, r.url("/"), http.NoBody))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(response.Body); err == nil {
			t.Errorf("%s: the beginning passed for the whole", name)
		}
		response.Body.Close()
	}
}

func TestABusyLaneBlocksNoOther(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	r := start(t, 1, web.Options{Limits: web.Limits{Requests: 2}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "wait" {
			entered <- struct{}{}
			<-release
		}
		greet(w, r)
	})})
	lanes := [][]string{{"/metrics"}, {"/-/healthy", "/-/ready", "/-/reload"}, {"/", "/api/v1/scorecard", "/teams/mysql"}}
	for busy, paths := range lanes {
		done := make(chan reply, 2)
		for range 2 {
			go func() { done <- ask(t, request(t, http.MethodGet, r.url(paths[0]+"?wait"), http.NoBody)) }()
			<-entered
		}
		for i, others := range lanes {
			for _, path := range others {
				got := ask(t, request(t, http.MethodGet, r.url(path), http.NoBody))
				if i != busy && got.status != http.StatusOK {
					t.Errorf("GET %s while %s is busy: %d, want 200", path, paths[0], got.status)
				}
				if i == busy {
					checkProblem(t, got, http.StatusServiceUnavailable)
					if got.header.Get("Retry-After") != "1" {
						t.Errorf("GET %s: nothing says when to come again", path)
					}
				}
			}
		}
		for range 2 {
			release <- struct{}{}
		}
		for range 2 {
			if got := <-done; got.status != http.StatusOK {
				t.Errorf("a request that had its room got %d", got.status)
			}
		}
		if got := ask(t, request(t, http.MethodGet, r.url(paths[0]), http.NoBody)); got.status != http.StatusOK {
			t.Errorf("GET %s afterwards: %d, want 200", paths[0], got.status)
		}
	}
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func say(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

func TestSlowClientsAreCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent  string
		after time.Duration
	}{
		"one that never asks":                  {"", 10 * time.Second},
		"one that never ends its headers":      {"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", 10 * time.Second},
		"one that never ends its body":         {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx", 30 * time.Second},
		"one that asks no more":                {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 2 * time.Minute},
		"one that is told to send what it has": {"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n", 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, dial := piped(t, web.Options{})
				begun, conn := time.Now(), dial()
				say(t, conn, c.sent)
				answer, err := io.ReadAll(conn) // Until the server closes it.
				if after := time.Since(begun); err != nil || after != c.after {
					t.Errorf("after %s and %q: %v, want the connection closed after %s", after, answer, err, c.after)
				}
				next := dial()
				say(t, next, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				if answer, err := io.ReadAll(next); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200 OK") {
					t.Errorf("the next client gets %q, %v", answer, err)
				}
			})
		})
	}
}

func TestManySlowClientsKeepNobodyElseOut(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{Limits: web.Limits{Requests: 2}})
	for range 50 {
		say(t, dial(t, r.addresses[0]), "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	}
	for _, path := range []string{"/metrics", "/-/healthy", "/api"} {
		if got := ask(t, request(t, http.MethodGet, r.url(path), http.NoBody)); got.status != http.StatusOK {
			t.Errorf("GET %s: %d, want 200", path, got.status)
		}
	}
}

func TestAClientThatDoesNotReadIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failed := make(chan error)
		_, dial := piped(t, web.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			var err error
			for piece := make([]byte, 1<<20); err == nil; {
				_, err = w.Write(piece)
			}
			failed <- err
		})})
		begun := time.Now()
		say(t, dial(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != time.Minute {
			t.Errorf("after %s: %v, want the handler to give up after a minute", time.Since(begun), err)
		}
	})
}

func TestHEADHasTheHeadersOfGETAndNoBody(t *testing.T) {
	t.Parallel()
	r := start(t, 1, web.Options{})
	got := ask(t, request(t, http.MethodHead, r.url("/"), http.NoBody))
	if got.status != http.StatusOK || got.body != "" || got.header.Get("Content-Length") != "5" {
		t.Errorf("got %d %q with length %q, want 200, no body and length 5", got.status, got.body, got.header.Get("Content-Length"))
	}
	checkHeaders(t, got.header)
}

func TestAHandlerThatGivesUpIsAnsweredFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    int
		after   time.Duration
	}{
		"it says nothing when its time is over": {
			func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, http.StatusServiceUnavailable, 45 * time.Second,
		},
		"it says what it knows when time is over": {func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			http.Error(w, "took too long", http.StatusGatewayTimeout)
		}, http.StatusGatewayTimeout, 45 * time.Second},
		"it says nothing, and is in time": {func(http.ResponseWriter, *http.Request) {}, http.StatusOK, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, dial := piped(t, web.Options{Handler: test.handler})
				begun := time.Now()
				got := exchange(t, dial(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				if test.want == http.StatusServiceUnavailable {
					checkProblem(t, got, test.want)
					if got.header.Get("Retry-After") == "" {
						t.Error("it does not say when to ask again")
					}
				}
				if after := time.Since(begun); got.status != test.want || after != test.after {
					t.Errorf("got %d after %s, want %d after %s", got.status, after, test.want, test.after)
				}
			})
		})
	}
}
