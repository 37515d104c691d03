package collectors_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

func TestWhatACycleLeavesOutIsToldOnce(t *testing.T) {
	t.Parallel()
	pages := []facts.Batch{
		{Skipped: []facts.Skip{{Kind: "log_entry", Reason: "no_id", Count: 2}, {Kind: "incident", Reason: "undecodable", Count: 1}}},
		{},
		{Skipped: []facts.Skip{{Kind: "incident", Reason: "forbidden", Count: 1}, {Kind: "log_entry", Reason: "no_id", Count: 3}}},
	}
	const warned = `level=WARN msg="collector left items out" collector=pagerduty kind=incident reason=forbidden count=1
level=WARN msg="collector left items out" collector=pagerduty kind=incident reason=undecodable count=1
level=WARN msg="collector left items out" collector=pagerduty kind=log_entry reason=no_id count=5
`
	for name, test := range map[string]struct {
		pages []facts.Batch
		end   error
		want  string
	}{
		"a cycle that leaves out items":          {pages: pages, want: warned},
		"a cycle that leaves out some and fails": {pages: pages, end: errors.New("upstream is down"), want: warned},
		"a cycle that leaves out nothing":        {pages: pages[1:2]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			var heard []facts.Skip
			runner, _ := newRunner(t, collectors.Options{
				Collector: &scripted{steps: []step{func(_ context.Context, save func(facts.Batch) error) error {
					for _, page := range test.pages {
						if err := save(page); err != nil {
							return err
						}
					}
					return errors.Join(save(facts.Batch{Complete: &facts.Completion{}}), test.end)
				}}},
				Memory: &notebook{}, Sink: &notebook{},
				Logger:  slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: withoutTime})),
				OnBatch: func(_ facts.Source, b facts.Batch) { heard = append(heard, b.Skipped...) },
			})
			if err := runner.RunOnce(t.Context()); !errors.Is(err, test.end) {
				t.Errorf("error %v, want %v", err, test.end)
			}
			if diff := cmp.Diff(test.want, log.String()); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
			var told []facts.Skip
			for _, page := range test.pages {
				told = append(told, page.Skipped...)
			}
			if diff := cmp.Diff(told, heard); diff != "" {
				t.Errorf("OnBatch heard (-want +got):\n%s", diff)
			}
		})
	}
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
