package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// slowAccount is a simulated PagerDuty of six weeks that falls silent at the
// third page of log entries, until it is told to go on.
type slowAccount struct {
	dir     string // With the files of a program that reads it.
	text    string // Of the configuration.
	account http.Handler
	silent  chan struct{} // Closed when it falls silent.

	mu      sync.Mutex // Guards all below.
	waits   bool
	entries []string // Pages of log entries that were asked for and answered.
}

func newSlowAccount(t *testing.T, silent bool) *slowAccount {
	t.Helper()
	now := time.Now().UTC()
	since := now.AddDate(0, 0, -42)
	s := &slowAccount{dir: t.TempDir(), silent: make(chan struct{}), waits: silent}
	server := httptest.NewUnstartedServer(s)
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://" + server.Listener.Addr().String(), TokenFile: "token", Interval: time.Second,
		StoreURL: "sqlite:teamhealth.db", Since: scorecard.Date{Year: since.Year(), Month: since.Month(), Day: since.Day()},
	})
	check(t, err)
	s.text = string(text)
	s.write(t, "token", "right-token")
	s.write(t, "teamhealth.yml", s.text)
	c, err := config.Load(filepath.Join(s.dir, "teamhealth.yml"))
	check(t, err)
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: since, End: now})
	check(t, err)
	s.account, err = pagerduty.New(pagerduty.Options{History: past, Tokens: []string{"right-token"}, RateLimit: -1})
	check(t, err)
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func (s *slowAccount) write(t *testing.T, name, content string) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600))
}

// ServeHTTP implements http.Handler.
func (s *slowAccount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/log_entries" && s.fallSilent(r.URL.RawQuery) {
		close(s.silent)
		<-r.Context().Done()
		return
	}
	s.account.ServeHTTP(w, r)
}

// fallSilent notes a page, and reports whether it is the one that gets no answer.
func (s *slowAccount) fallSilent(page string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waits && len(s.entries) == 2 {
		s.waits = false
		return true
	}
	s.entries = append(s.entries, page)
	return false
}

// child is a real process of the program.
type child struct {
	*exec.Cmd
	url string
	log *output
}

// prepare is a command that will serve in a folder, on a port of its own.
func prepare(ctx context.Context, t *testing.T, dir string, args ...string) *child {
	t.Helper()
	program, err := os.Executable()
	check(t, err)
	c := &child{Cmd: exec.CommandContext(ctx, program), log: &output{}}
	c.Args = append([]string{"teamhealth"}, append(args, "--web.listen-address=127.0.0.1:0")...)
	c.Dir, c.Stdout, c.Stderr = dir, c.log, c.log
	c.Env = append(os.Environ(), "TMPDIR="+dir)
	return c
}

// listen starts the command, and returns when it listens.
func (c *child) listen(ctx context.Context, t *testing.T) {
	t.Helper()
	check(t, c.Start())
	line := c.log.await(ctx, t, `msg="Listening on" address=\S+`)
	c.url = "http://" + line[strings.LastIndex(line, "=")+1:]
}

// launch prepares and starts a command.
func launch(ctx context.Context, t *testing.T, dir string, args ...string) *child {
	t.Helper()
	c := prepare(ctx, t, dir, args...)
	c.listen(ctx, t)
	return c
}

// ask sends a request and returns status and body.
func (c *child) ask(ctx context.Context, t *testing.T, method, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, http.NoBody)
	check(t, err)
	response, err := http.DefaultTransport.RoundTrip(r)
	check(t, err)
	body, err := io.ReadAll(response.Body)
	check(t, errors.Join(err, response.Body.Close()))
	return response.StatusCode, string(body)
}

// await asks until the answer holds a text.
func (c *child) await(ctx context.Context, t *testing.T, path, text string) {
	t.Helper()
	for {
		_, body := c.ask(ctx, t, http.MethodGet, path)
		if strings.Contains(body, text) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("GET %s never answers with %s:\n%s\nThe log:\n%s", path, text, body, c.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// limited bounds a test on a process that may hang.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestAProcessReloadsAndEndsBySignals(t *testing.T) {
	t.Parallel()
	ctx, s := limited(t), newSlowAccount(t, false)
	c := launch(ctx, t, s.dir, "serve", "--web.enable-lifecycle")
	c.await(ctx, t, "/-/ready", "teamhealth is ready")
	c.await(ctx, t, "/metrics", "teamhealth_config_last_reload_successful 1")

	s.write(t, "teamhealth.yml", strings.Replace(s.text, "name: MySQL Team", "namme: MySQL Team", 1))
	check(t, c.Process.Signal(syscall.SIGHUP))
	c.await(ctx, t, "/metrics", "teamhealth_config_last_reload_successful 0")
	c.log.await(ctx, t, `teams\[0\].namme: unknown key`)
	if code, body := c.ask(ctx, t, http.MethodPost, "/-/reload"); code != http.StatusInternalServerError || !strings.Contains(body, "teams[0].namme: unknown key") {
		t.Errorf("POST /-/reload of a bad file: %d\n%s", code, body)
	}
	c.await(ctx, t, "/api/v1/teams", `"MySQL Team"`)

	s.write(t, "teamhealth.yml", strings.Replace(s.text, "name: MySQL Team", "name: Renamed", 1))
	check(t, c.Process.Signal(syscall.SIGHUP))
	c.await(ctx, t, "/api/v1/teams", `"Renamed"`)
	c.await(ctx, t, "/metrics", "teamhealth_config_last_reload_successful 1")
	s.write(t, "teamhealth.yml", strings.Replace(s.text, "name: MySQL Team", "name: Again", 1))
	if code, body := c.ask(ctx, t, http.MethodPut, "/-/reload"); code != http.StatusOK {
		t.Errorf("PUT /-/reload: %d\n%s", code, body)
	}
	c.await(ctx, t, "/api/v1/teams", `"Again"`)
	check(t, c.Process.Signal(syscall.SIGTERM))
	if err := c.Wait(); err != nil {
		t.Errorf("SIGTERM: %v, want exit status 0\n%s", err, c.log)
	}
}

// TestAProcessThatIsToldToEndKeepsItsPages ends a process in the middle of a
// backfill, while one client does not end its request, and starts another.
func TestAProcessThatIsToldToEndKeepsItsPages(t *testing.T) {
	t.Parallel()
	ctx, s := limited(t), newSlowAccount(t, true)
	c := launch(ctx, t, s.dir, "serve")
	<-s.silent
	if code, body := c.ask(ctx, t, http.MethodPost, "/-/reload"); code != http.StatusForbidden || !strings.Contains(body, "--web.enable-lifecycle") {
		t.Errorf("POST /-/reload: %d\n%s\nwant 403, for the flag is not given", code, body)
	}
	slow := slowClient(ctx, t, c.url)
	defer slow.Close()
	check(t, c.Process.Signal(syscall.SIGTERM))
	if err := c.Wait(); err != nil {
		t.Errorf("SIGTERM: %v, want exit status 0\n%s", err, c.log)
	}
	c.log.await(ctx, t, "requests that did not end in time are cut off")

	before := len(s.entries) // Nobody reads the account now.
	c = launch(ctx, t, s.dir, "serve")
	c.await(ctx, t, "/-/ready", "teamhealth is ready")
	check(t, c.Process.Signal(os.Interrupt))
	if err := c.Wait(); err != nil {
		t.Errorf("SIGINT: %v, want exit status 0\n%s", err, c.log)
	}
	for _, page := range s.entries[before:] {
		for _, kept := range s.entries[:before] {
			if page == kept {
				t.Errorf("the page %s was kept, and is asked for again", page)
			}
		}
	}
	if before != 2 {
		t.Errorf("the process was told to end after %d pages of log entries, want 2", before)
	}
}

// slowClient opens a connection, begins a request that it does not end, and returns
// when the server, which has said what it thinks of it, waits for the rest.
func slowClient(ctx context.Context, t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
	check(t, err)
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")
	check(t, err)
	_, err = conn.Read(make([]byte, 1))
	check(t, err)
	return conn
}

// muffle gives a command that is not started yet a log that can be stuffed: from then
// on whoever writes to it waits for ever.
func muffle(t *testing.T, c *child) (stuff func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	check(t, syscall.Mkfifo(path, 0o600))
	open := func(flag int) *os.File {
		file, err := os.OpenFile(path, flag, 0)
		check(t, err)
		t.Cleanup(func() { _ = file.Close() })
		return file
	}
	reader, writer, filler := open(os.O_RDONLY|syscall.O_NONBLOCK), open(os.O_WRONLY), open(os.O_WRONLY|syscall.O_NONBLOCK)
	c.Stdout, c.Stderr = writer, writer
	read := make(chan struct{})
	go func() { _, _ = io.Copy(c.log, reader); close(read) }()
	return func() {
		t.Helper()
		check(t, reader.SetReadDeadline(time.Unix(1, 0)))
		<-read
		pipe, err := filler.SyscallConn()
		check(t, err)
		check(t, pipe.Write(func(file uintptr) bool {
			for err := error(nil); err == nil || errors.Is(err, syscall.EINTR); {
				_, err = syscall.Write(int(file), []byte{'x'})
			}
			return true
		}))
	}
}

// TestASecondSignalEndsAProcessAtOnce lets a process have no end of its own: it would
// tell of the request that it cuts off, and there is no more room in its log.
func TestASecondSignalEndsAProcessAtOnce(t *testing.T) {
	t.Parallel()
	ctx, s := limited(t), newSlowAccount(t, true)
	c := prepare(ctx, t, s.dir, "serve")
	stuff := muffle(t, c)
	c.listen(ctx, t)
	<-s.silent
	slow := slowClient(ctx, t, c.url)
	defer slow.Close()
	stuff()
	ended := make(chan error, 1)
	check(t, c.Process.Signal(syscall.SIGTERM))
	go func() { ended <- c.Wait() }()
	for alive := true; alive; {
		select {
		case err := <-ended:
			t.Log(err)
			alive = false
		case <-time.After(20 * time.Millisecond):
			_ = c.Process.Signal(syscall.SIGTERM) // It may just have ended.
		}
	}
	state, ok := c.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !state.Signaled() || state.Signal() != syscall.SIGTERM {
		t.Errorf("the process ended with %v, want it killed by the second signal\n%s", c.ProcessState, c.log)
	}
}

func TestWhoIsToldToEndWhileStartingHasDoneNothingWrong(t *testing.T) {
	t.Parallel()
	s := newSlowAccount(t, false)
	ended, end := context.WithCancel(t.Context())
	end()
	for _, args := range [][]string{
		{"serve", "--config.file=" + filepath.Join(s.dir, "teamhealth.yml"), "--web.listen-address=127.0.0.1:0"},
		{"demo", "--web.listen-address=127.0.0.1:0"},
	} {
		out := &output{}
		if got := run(ended, args, out, out); got != exitDone {
			t.Errorf("%s: exit status %d, want 0\n%s", args[0], got, out)
		}
	}
}

func TestADemoThatIsToldToEndLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	ctx, tmp := limited(t), t.TempDir()
	c := launch(ctx, t, tmp, "demo") // Which reads two years from now on.
	check(t, c.Process.Signal(syscall.SIGTERM))
	if err := c.Wait(); err != nil {
		t.Errorf("SIGTERM: %v, want exit status 0\n%s", err, c.log)
	}
	left, err := os.ReadDir(tmp)
	check(t, err)
	if len(left) > 0 {
		t.Errorf("the demo left %v behind", left)
	}
}
