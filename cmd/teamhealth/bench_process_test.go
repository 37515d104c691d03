package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// buildProgram builds the program as users do, and returns its path.
func buildProgram(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "teamhealth")
	out, err := exec.CommandContext(b.Context(), "go", "build", "-buildvcs=false", "-o", path, ".").CombinedOutput()
	if err != nil {
		b.Fatalf("build the program: %v\n%s", err, out)
	}
	return path
}

// process is a running "teamhealth serve".
type process struct {
	cmd     *exec.Cmd
	url     string
	client  *http.Client
	log     bytes.Buffer // Written to until the end.
	started time.Time
}

// startProcess starts to serve with a configuration.
func startProcess(b *testing.B, program, configFile string) *process {
	b.Helper()
	address := freeAddress(b)
	p := &process{
		url:    "http://" + address,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: readerCount}},
	}
	p.cmd = exec.CommandContext(context.WithoutCancel(b.Context()), program,
		"serve", "--config.file="+configFile, "--web.listen-address="+address, "--log.level=warn")
	p.cmd.Stderr = &p.log
	p.started = time.Now()
	check(b, p.cmd.Start())
	b.Cleanup(func() {
		if p.cmd.ProcessState == nil { // The benchmark failed before it could stop it.
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
		}
	})
	return p
}

// freeAddress is an address on loopback that nobody listens on.
func freeAddress(b *testing.B) string {
	b.Helper()
	var config net.ListenConfig
	l, err := config.Listen(b.Context(), "tcp", "127.0.0.1:0")
	check(b, err)
	defer func() { check(b, l.Close()) }()
	return l.Addr().String()
}

// stop ends the process as an operator would.
func (p *process) stop(b *testing.B) {
	b.Helper()
	check(b, p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		b.Errorf("the program ended with %v; it said:\n%s", err, p.log.String())
	}
	p.client.CloseIdleConnections()
}

// crash ends the process without a word.
func (p *process) crash(b *testing.B) {
	b.Helper()
	check(b, p.cmd.Process.Kill())
	_ = p.cmd.Wait() // It was killed.
	p.client.CloseIdleConnections()
}

// get asks the process and returns the body of an answer of status 200.
func (p *process) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return body, err
}

// await asks for a path again and again until it is answered with something
// that will do.
func (p *process) await(b *testing.B, every time.Duration, path string, will func(body []byte) bool) {
	b.Helper()
	for {
		body, err := p.get(b.Context(), path)
		if err == nil && will(body) {
			return
		}
		if p.gone() {
			b.Fatalf("the program ended early; it said:\n%s", p.log.String())
		}
		time.Sleep(every)
	}
}

// gone reports whether the process has ended although nobody asked it to.
func (p *process) gone() bool {
	state, err := os.ReadFile(p.proc("stat"))
	return err == nil && bytes.Contains(state, []byte(") Z ")) // A zombie until somebody waits for it.
}

func (p *process) proc(file string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file)
}

// anything will do.
func anything([]byte) bool { return true }

// samples tells whether metrics hold every one of some names.
func samples(names ...string) func([]byte) bool {
	return func(body []byte) bool {
		for _, name := range names {
			if !bytes.Contains(body, []byte("\n"+name+"{")) {
				return false
			}
		}
		return true
	}
}

// sample reads the value of a metric that has one series.
func (p *process) sample(b *testing.B, name string) float64 {
	b.Helper()
	body, err := p.get(b.Context(), "/metrics")
	check(b, err)
	for line := range strings.Lines(string(body)) {
		if fields := strings.Fields(line); strings.HasPrefix(line, name+"{") || strings.HasPrefix(line, name+" ") {
			value, err := strconv.ParseFloat(fields[len(fields)-1], 64)
			check(b, err)
			return value
		}
	}
	b.Fatalf("no sample of %s", name)
	return 0
}

// reportPeak reports the most memory that the process had so far, in MiB: the
// VmHWM of the kernel, which is of the process alone. Only Linux tells it.
func (p *process) reportPeak(b *testing.B) {
	b.Helper()
	status, err := os.ReadFile(p.proc("status"))
	if err != nil {
		b.Logf("the peak of memory is not known here: %v", err)
		return
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kib, err := strconv.ParseFloat(fields[1], 64)
			check(b, err)
			b.ReportMetric(kib/1024, "peak-MiB")
		}
	}
}
