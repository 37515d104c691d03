package collectors_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

// step is one cycle.
type step func(ctx context.Context, save func(facts.Batch) error) error

// scripted runs one step per cycle, and the last one for ever.
type scripted struct {
	steps  []step
	cycles int
	starts []time.Duration // Since the first cycle.
	first  time.Time
}

func (*scripted) Source() facts.Source { return facts.PagerDuty }

func (s *scripted) Collect(ctx context.Context, _ collectors.Memory, save func(facts.Batch) error) error {
	now := time.Now()
	if s.cycles == 0 {
		s.first = now
	}
	s.starts = append(s.starts, now.Sub(s.first))
	s.cycles++
	return s.steps[min(s.cycles, len(s.steps))-1](ctx, save)
}

func succeed(_ context.Context, save func(facts.Batch) error) error {
	return save(facts.Batch{Complete: &facts.Completion{}})
}

func fail(context.Context, func(facts.Batch) error) error { return errors.New("upstream is down") }

func crash(context.Context, func(facts.Batch) error) error { panic("no such thing") }

// takes lets a cycle last for d.
func takes(d time.Duration, do step) step {
	return func(ctx context.Context, save func(facts.Batch) error) error {
		time.Sleep(d) // Of a synctest bubble: no time passes.
		return do(ctx, save)
	}
}

// notebook is a Sink and a Memory that holds nothing.
type notebook struct {
	saveErr   error
	recordErr error
	saved     int
	problems  []string
}

func (n *notebook) Save(context.Context, facts.Source, facts.Batch) error {
	n.saved++
	return n.saveErr
}

func (n *notebook) RecordCycle(_ context.Context, _ facts.Source, _ time.Time, problem string) error {
	n.problems = append(n.problems, problem)
	return n.recordErr
}

func (*notebook) Cursor(context.Context, facts.Source) ([]byte, error) { return nil, nil }

func (*notebook) OpenIncidents(context.Context) ([]string, error) { return nil, nil }

func (*notebook) KnownIncidents(context.Context, []string) (map[string]facts.Incident, error) {
	return nil, nil
}

func (*notebook) KnownServices(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (*notebook) KnownTickets(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (*notebook) TicketsBehind(context.Context, time.Time, string, int) ([]facts.Ticket, error) {
	return nil, nil
}

func newRunner(t *testing.T, opts collectors.Options) (*collectors.Runner, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	metrics, err := collectors.NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	opts.Metrics = metrics
	if opts.Interval == 0 {
		opts.Interval = 5 * time.Minute
	}
	runner, err := collectors.NewRunner(opts)
	if err != nil {
		t.Fatal(err)
	}
	return runner, registry
}

func TestCyclesStartAtTheirInterval(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	for name, test := range map[string]struct {
		steps []step
		until time.Duration
		want  []time.Duration
	}{
		"a cycle starts one interval after the start of the last": {
			steps: []step{takes(minute, succeed)},
			until: 12 * minute, want: []time.Duration{0, 5 * minute, 10 * minute},
		},
		"a cycle that lasts longer than the interval is followed at once": {
			steps: []step{takes(7*minute, succeed)},
			until: 15 * minute, want: []time.Duration{0, 7 * minute, 14 * minute},
		},
		"failures are tried again after 30 s, 1 min, 2 min, 4 min and then each interval": {
			steps: []step{fail},
			until: 18 * minute,
			want:  []time.Duration{0, 30 * time.Second, 90 * time.Second, 210 * time.Second, 450 * time.Second, 750 * time.Second, 1050 * time.Second},
		},
		"a success ends the back-off": {
			steps: []step{fail, fail, succeed, fail},
			until: 7*minute + 10*time.Second, // Succeeds at 90 s, next at 390 s, its retry at 420 s.
			want:  []time.Duration{0, 30 * time.Second, 90 * time.Second, 390 * time.Second, 420 * time.Second},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				collector := &scripted{steps: test.steps}
				runner, _ := newRunner(t, collectors.Options{Collector: collector, Memory: &notebook{}, Sink: &notebook{}})
				ctx, cancel := context.WithTimeout(t.Context(), test.until)
				defer cancel()
				if err := runner.Run(ctx); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, collector.starts); diff != "" {
					t.Errorf("starts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAnIntervalShorterThanTheBackOffIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		collector := &scripted{steps: []step{fail}}
		runner, _ := newRunner(t, collectors.Options{
			Collector: collector, Memory: &notebook{}, Sink: &notebook{}, Interval: 10 * time.Second,
		})
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		if err := runner.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{0, 10 * time.Second, 20 * time.Second}, collector.starts); diff != "" {
			t.Errorf("starts (-want +got):\n%s", diff)
		}
	})
}

func TestHowACycleEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step     step
		sink     notebook
		want     string // Of the error; empty when there is none.
		problems []string
	}{
		"a complete cycle is recorded without a problem": {step: succeed, problems: []string{""}},
		"a failed cycle is recorded with its problem": {
			step: fail, want: "upstream is down", problems: []string{"upstream is down"},
		},
		"a panic is a failed cycle": {
			step: crash, want: "collector crashed: no such thing", problems: []string{"collector crashed: no such thing"},
		},
		"a batch that cannot be kept ends the cycle": {
			step: succeed, sink: notebook{saveErr: errors.New("disk full")}, want: "disk full", problems: []string{"disk full"},
		},
		"a cycle that never completes has failed": {
			step:     func(context.Context, func(facts.Batch) error) error { return nil },
			want:     "the cycle of pagerduty ended without saying that it is complete",
			problems: []string{"the cycle of pagerduty ended without saying that it is complete"},
		},
		"an outcome that cannot be recorded is an error": {
			step: succeed, sink: notebook{recordErr: errors.New("disk full")},
			want: "record the cycle of pagerduty: disk full", problems: []string{""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var heard []error
			sink := test.sink
			runner, _ := newRunner(t, collectors.Options{
				Collector: &scripted{steps: []step{test.step}},
				Memory:    &sink, Sink: &sink,
				OnCycle: func(_ facts.Source, err error) { heard = append(heard, err) },
			})
			err := runner.RunOnce(t.Context())
			if got := text(err); got != test.want {
				t.Errorf("error %q, want %q", got, test.want)
			}
			if diff := cmp.Diff(test.problems, sink.problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if len(heard) != 1 || text(heard[0]) != test.want {
				t.Errorf("OnCycle heard %v, want %q once", heard, test.want)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestACycleThatIsStoppedLeavesNoRecord(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var sink notebook
	runner, registry := newRunner(t, collectors.Options{
		Collector: &scripted{steps: []step{
			func(ctx context.Context, _ func(facts.Batch) error) error { cancel(); return ctx.Err() },
		}},
		Memory: &sink, Sink: &sink,
	})
	if err := runner.RunOnce(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the cancellation", err)
	}
	if len(sink.problems) != 0 {
		t.Errorf("recorded %q", sink.problems)
	}
	if n, err := testutil.GatherAndCount(registry); n != 0 || err != nil {
		t.Errorf("%d metrics, %v; want none", n, err)
	}
}

func TestAFailedCycleIsLoggedOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step step
		want []string
	}{
		"an error":               {fail, []string{"collector cycle failed", "upstream is down", "retry_in=5s"}},
		"a panic with its stack": {crash, []string{"collector crashed", "no such thing", "goroutine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				runner, _ := newRunner(t, collectors.Options{
					Collector: &scripted{steps: []step{test.step}},
					Memory:    &notebook{}, Sink: &notebook{}, Interval: 5 * time.Second,
					Logger: slog.New(slog.NewTextHandler(&log, nil)),
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if err := runner.Run(ctx); err != nil {
					t.Fatal(err)
				}
				if got := strings.Count(log.String(), "\n"); got != 1 {
					t.Errorf("%d lines, want 1:\n%s", got, log.String())
				}
				for _, want := range test.want {
					if !strings.Contains(log.String(), want) {
						t.Errorf("log lacks %q:\n%s", want, log.String())
					}
				}
			})
		})
	}
}

func TestOptionsThatAreMissingAreNamed(t *testing.T) {
	t.Parallel()
	_, err := collectors.NewRunner(collectors.Options{Memory: &notebook{}})
	want := "options of the runner: Collector, Sink, Metrics, Interval missing"
	if text(err) != want {
		t.Errorf("error %q, want %q", text(err), want)
	}
}
