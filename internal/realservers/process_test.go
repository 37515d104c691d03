package realservers_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds how long a test waits for what must come.
const patience = 10 * time.Minute

// start runs a program until the end of the test, and waits until url answers
// with 200. What it wrote is shown when the test fails.
func start(t *testing.T, url, path string, args ...string) {
	t.Helper()
	var output bytes.Buffer
	command := exec.CommandContext(t.Context(), path, args...)
	command.Stdout, command.Stderr = &output, &output
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	must(t, command.Start())
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() { // The test's context has ended by now, and the program with it.
		if err := <-ended; t.Failed() {
			t.Logf("%s ended (%v) after it wrote:\n%s", path, err, tail(output.String()))
		}
	})
	eventually(t, path+" answers", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", path, err, tail(output.String()))
		default:
		}
		status, _ := get(t.Context(), url)
		return status == http.StatusOK
	})
}

// tail is the end of a long text.
func tail(s string) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// eventually waits until it is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); pause() {
		if so() {
			return
		}
	}
	t.Fatalf("after %s it is not so that %s", patience, what)
}

// get returns the status and the body that url answers with; 0 for no answer.
func get(ctx context.Context, url string) (status int, body []byte) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, nil
	}
	response, err := new(http.Client).Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		return 0, nil
	}
	return response.StatusCode, body
}

// freeAddress is one on loopback that nobody listens on. Its port is below those that
// the kernel gives to whoever asks for any: else another process might be given it
// before the one that is to listen there does. Until the end of the test the port of
// UDP keeps other tests from it.
func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	for port := 20000; port < 32768; port++ {
		address := fmt.Sprintf("127.0.0.1:%d", port)
		claim, err := config.ListenPacket(t.Context(), "udp", address)
		if err != nil {
			continue
		}
		t.Cleanup(func() { _ = claim.Close() })
		if l, err := config.Listen(t.Context(), "tcp", address); err == nil {
			must(t, l.Close())
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// pause is between two looks at something that is on its way.
func pause() { time.Sleep(100 * time.Millisecond) }
