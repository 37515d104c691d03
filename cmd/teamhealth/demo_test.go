package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
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
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	t.Setenv("TMPDIR", t.TempDir())
	out, ended := &output{}, make(chan int)
	running, stop := context.WithCancel(ctx)
	go func() {
		ended <- run(running, []string{"demo", "--web.listen-address=127.0.0.1:0", "--log.level=error"}, out, out)
	}()

	out.await(ctx, t, `Stop with Ctrl-C`)
	curl := regexp.MustCompile(`curl '([^']+)'`).FindStringSubmatch(out.String())
	requireEveryTeam(ctx, t, curl[1])
	for _, command := range []string{"scorecard", "explain incident_response"} {
		line := out.await(ctx, t, `\S+ `+command+` --config.file=.*`)
		var shown bytes.Buffer
		if status := run(ctx, strings.Fields(line)[1:], &shown, &shown); status != exitDone || !strings.Contains(shown.String(), "incident_response") {
			t.Errorf("%s: status %d:\n%s", line, status, &shown)
		}
	}

	stop()
	if status := <-ended; status != exitDone {
		t.Errorf("status %d after Ctrl-C:\n%s", status, out)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
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
