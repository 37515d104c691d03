package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a command wrote so far.
type output struct {
	mu     sync.Mutex // Guards buffer.
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// await returns the first match of a pattern in what is written.
func (o *output) await(ctx context.Context, t *testing.T, pattern string) string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for {
		if found := expression.FindString(o.String()); found != "" {
			return found
		}
		select {
		case <-ctx.Done():
			t.Fatalf("no %s in the output:\n%s", pattern, o)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestDemoShowsEachTeamAndWhatIsBehindItsNumber(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	out, tmp := &output{}, t.TempDir()
	demo := exec.CommandContext(ctx, "teamhealth", "demo", "--web.listen-address=127.0.0.1:0", "--log.level=error")
	demo.Env, demo.Stdout, demo.Stderr = append(os.Environ(), "TMPDIR="+tmp), out, out
	check(t, demo.Start())

	out.await(ctx, t, `Stop with Ctrl-C`)
	curl := regexp.MustCompile(`curl '([^']+)'`).FindStringSubmatch(out.String())
	requireEveryTeam(ctx, t, curl[1])
	for _, command := range []string{"scorecard", "explain incident_response"} {
		line := out.await(ctx, t, `\S+ `+command+` --config.file=.*`)
		shown, err := exec.CommandContext(ctx, "teamhealth", strings.Fields(line)[1:]...).CombinedOutput()
		if err != nil || !bytes.Contains(shown, []byte("incident_response")) {
			t.Errorf("%s: %v:\n%s", line, err, shown)
		}
	}

	check(t, demo.Process.Signal(os.Interrupt))
	if err := demo.Wait(); err != nil {
		t.Errorf("%v after Ctrl-C, want status 0:\n%s", err, out)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind (%v)", left, err)
	}
}

// requireEveryTeam fetches all cards and requires a judged response row on each.
func requireEveryTeam(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Cards []struct {
			Subject struct{ ID string }
			Rows    []struct {
				ID                            string
				Value, Numerator, Denominator *float64
				Interval                      *struct{ Low, High float64 }
				Verdict                       string
			}
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Cards) != 7 {
		t.Fatalf("GET %s: %d cards, want the organisation's and six teams' (%v)", url, len(answer.Cards), err)
	}
	for _, card := range answer.Cards {
		for _, row := range card.Rows {
			if row.ID != "incident_response" {
				continue
			}
			if row.Value == nil || *row.Value <= 0 || *row.Value >= 1 || *row.Denominator <= *row.Numerator || row.Interval == nil ||
				(row.Verdict != "met" && row.Verdict != "missed") {
				t.Errorf("%s: response row %+v: want a value between 0 and 1 with counts, interval and verdict", card.Subject.ID, row)
			}
		}
	}
}
