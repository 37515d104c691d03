package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"teamhealth/internal/web"
)

// running is a server on loopback.
type running struct {
	addresses []string // Of its listeners, host and port.
	log       *logbook
	stop      context.CancelFunc
	ended     chan error
}

// logbook is what a server logs, which it may do at any time.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start serves on n listeners until the test ends. What o lacks it has by default.
func start(t *testing.T, n int, o web.Options) *running {
	t.Helper()
	r := &running{log: &logbook{}, ended: make(chan error, 1)}
	o.Logger = slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Handler == nil {
		o.Handler = http.HandlerFunc(greet)
	}
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	listeners, err := web.Listen(t.Context(), slicesOf(n, "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listeners {
		r.addresses = append(r.addresses, l.Addr().String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() { r.ended <- server.Serve(ctx, listeners) }()
	t.Cleanup(func() {
		cancel()
		if err := <-r.ended; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	return r
}

func slicesOf[T any](n int, value T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = value
	}
	return all
}

func greet(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func (r *running) url(path string) string { return "http://" + r.addresses[0] + path }

// reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with a client of its own, so that no connection is shared.
func ask(t *testing.T, request *http.Request) reply {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return askBy(t, client, request)
}

func askBy(t *testing.T, client *http.Client, request *http.Request) reply {
	t.Helper()
	response, err := client.Do(request)
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

func request(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNewNeedsAHandlerAndALogger(t *testing.T) {
	t.Parallel()
	if _, err := web.New(web.Options{}); err == nil {
		t.Error("a server without a handler and a logger was made")
	}
}

func TestUnusableWebConfigurationIsOneErrorThatNamesTheFile(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ content, want string }{
		"an unknown key":                   {"tls: {}", "field tls not found"},
		"no YAML":                          {"basic_auth_users: [", "yaml"},
		"a password that is not hashed":    {"basic_auth_users: {director: geheim}", "bcrypt"},
		"a certificate that is not there":  {"tls_server_config: {cert_file: none.pem, key_file: none.key}", "none.pem"},
		"a key without a certificate":      {"tls_server_config: {key_file: none.key}", "cert"},
		"a version of TLS that is unknown": {"tls_server_config: {min_version: TLS9}", "TLS9"},
		"a header that may not be set":     {"http_server_config: {headers: {Server: x}}", "Server"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, filepath.Join(t.TempDir(), "web.yml"), c.content)
			_, err := web.New(web.Options{Handler: http.NotFoundHandler(), Logger: slog.New(slog.DiscardHandler), ConfigFile: path})
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one that names %s and says %q", err, path, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows a password: %v", err)
			}
		})
	}
	absent := filepath.Join(t.TempDir(), "absent.yml")
	if err := web.CheckConfig(absent); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), absent) {
		t.Errorf("got error %v, want that %s does not exist", err, absent)
	}
	if err := web.CheckConfig(""); err != nil {
		t.Errorf("no file at all is refused: %v", err)
	}
}

func TestListenLeavesNothingOpenWhenAnAddressIsTaken(t *testing.T) {
	t.Parallel()
	taken, err := web.Listen(t.Context(), []string{"127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer taken[0].Close()
	free, err := web.Listen(t.Context(), []string{"127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	free[0].Close()
	first, second := free[0].Addr().String(), taken[0].Addr().String()
	if _, err := web.Listen(t.Context(), []string{first, second}); err == nil || !strings.Contains(err.Error(), second) {
		t.Errorf("got error %v, want one that names %s", err, second)
	}
	again, err := web.Listen(t.Context(), []string{first})
	if err != nil {
		t.Fatalf("the first address stayed taken: %v", err)
	}
	again[0].Close()
}

func TestStoppingLetsARequestInFlightEnd(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	r := start(t, 2, web.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		greet(w, r)
	})})
	got := make(chan reply, 1)
	go func() { got <- ask(t, request(t, http.MethodGet, r.url("/"), http.NoBody)) }()
	<-entered
	r.stop()
	waitUntil(t, "the listener is closed", func() bool {
		conn, err := net.Dial("tcp", r.addresses[0])
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	close(release)
	if g := <-got; g.status != http.StatusOK || g.body != "hello" {
		t.Errorf("the request in flight got %d %q, want its answer", g.status, g.body)
	}
}

func TestStoppingCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	r := start(t, 1, web.Options{
		Limits:  web.Limits{ShutdownTimeout: time.Millisecond},
		Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-release }),
	})
	failed := make(chan error, 1)
	go func() {
		_, err := new(http.Client).Do(request(t, http.MethodGet, r.url("/"), http.NoBody)) //nolint:bodyclose // There is none.
		failed <- err
	}()
	<-entered
	r.stop()
	if err := <-failed; err == nil {
		t.Error("the request that does not end got an answer")
	}
	waitUntil(t, "it is logged", func() bool { return strings.Contains(r.log.String(), "cut off") })
}

func TestAListenerThatFailsEndsServing(t *testing.T) {
	t.Parallel()
	server, err := web.New(web.Options{Handler: http.NotFoundHandler(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	listeners, err := web.Listen(t.Context(), slicesOf(2, "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	listeners[1].Close()
	err = server.Serve(t.Context(), listeners)
	if !errors.Is(err, net.ErrClosed) || !strings.Contains(err.Error(), listeners[1].Addr().String()) {
		t.Errorf("got %v, want that the second listener failed", err)
	}
	if _, err := net.Dial("tcp", listeners[0].Addr().String()); err == nil {
		t.Error("the first listener is still open")
	}
}

// waitUntil asks again and again for some seconds.
func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 5000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("it never came about that %s", what)
}
