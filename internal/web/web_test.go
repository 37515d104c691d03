package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamhealth/internal/pipes"
	"teamhealth/internal/web"
)

// running is a server on loopback, or on a pipe.
type running struct {
	listeners []net.Listener
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

// start serves on n listeners of loopback until the test ends. What o lacks it has by
// default, but nothing takes too long there: time passes as it likes.
func start(t *testing.T, n int, o web.Options) *running {
	t.Helper()
	l := &o.Limits
	for _, limit := range []*time.Duration{
		&l.HeaderTimeout, &l.ReadTimeout, &l.AnswerTimeout, &l.WriteTimeout, &l.IdleTimeout, &l.ShutdownTimeout,
	} {
		*limit = time.Hour
	}
	listeners, err := web.Listen(t.Context(), slicesOf(n, "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, o, listeners...)
}

// serve serves on listeners until the test ends. What o lacks it has by default.
func serve(t *testing.T, o web.Options, listeners ...net.Listener) *running {
	t.Helper()
	r := &running{listeners: listeners, log: &logbook{}, ended: make(chan error, 1)}
	o.Logger = slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Handler == nil {
		o.Handler = http.HandlerFunc(greet)
	}
	server, err := web.New(o)
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

// piped serves on a pipe, in a bubble of synctest, until the test ends.
func piped(t *testing.T, o web.Options) (r *running, dial func() net.Conn) {
	t.Helper()
	listener := pipes.Listen()
	r = serve(t, o, listener)
	return r, func() net.Conn {
		t.Helper()
		conn, err := listener.Dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
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
	first, second := unusedAddress(t), taken[0].Addr().String()
	if _, err := web.Listen(t.Context(), []string{first, second}); err == nil || !strings.Contains(err.Error(), second) {
		t.Errorf("got error %v, want one that names %s", err, second)
	}
	again, err := web.Listen(t.Context(), []string{first})
	if err != nil {
		t.Fatalf("the first address stayed taken: %v", err)
	}
	again[0].Close()
}

// unusedAddress is one on loopback that nobody listens on, and nobody will who lets
// the kernel choose a port: it chooses higher ones.
func unusedAddress(t *testing.T) string {
	t.Helper()
	for port := 20000 + os.Getpid()%10000; port < 32768; port++ {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := web.Listen(t.Context(), []string{address}); err == nil {
			l[0].Close()
			return address
		}
	}
	t.Fatal("all ports are taken")
	return ""
}

// isClosed reports whether a listener of loopback is closed. Its address says nothing
// about that: by now somebody else may have it.
func isClosed(l net.Listener) bool {
	return errors.Is(l.(*net.TCPListener).SetDeadline(time.Time{}), net.ErrClosed)
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
	for !isClosed(r.listeners[0]) {
		time.Sleep(time.Millisecond)
	}
	close(release)
	if g := <-got; g.status != http.StatusOK || g.body != "hello" {
		t.Errorf("the request in flight got %d %q, want its answer", g.status, g.body)
	}
}

func TestStoppingCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		entered, release := make(chan struct{}), make(chan struct{})
		defer close(release)
		r, dial := piped(t, web.Options{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-release })})
		conn := dial()
		say(t, conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-entered
		r.stop()
		stopped := time.Now()
		if answer, err := io.ReadAll(conn); err != nil || len(answer) > 0 || time.Since(stopped) != 5*time.Second {
			t.Errorf("after %s the request that does not end got %q, %v; want nothing after 5 s", time.Since(stopped), answer, err)
		}
		synctest.Wait()
		if log := r.log.String(); !strings.Contains(log, "cut off") {
			t.Errorf("the log does not tell:\n%s", log)
		}
	})
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
	if !isClosed(listeners[0]) {
		t.Error("the first listener is still open")
	}
}
