package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	// readerCount is how many readers there are: half of them scrape, half of
	// them ask for a card.
	readerCount = 50
	// readerPause is how long a reader waits between an answer and its next question.
	readerPause = time.Second
)

// readers ask a process until they are stopped.
type readers struct {
	stop context.CancelFunc
	work sync.WaitGroup

	mu    sync.Mutex // Guards all below.
	took  map[string][]time.Duration
	error error // The first.
}

// startReaders lets readers ask for the metrics and for a card.
func startReaders(b *testing.B, p *process) *readers {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	r := &readers{stop: stop, took: map[string][]time.Duration{}}
	paths := []string{"/metrics", cardPath}
	for i := range readerCount {
		r.work.Go(func() {
			path := paths[i%len(paths)]
			time.Sleep(readerPause * time.Duration(i) / readerCount) // Not all at once.
			for ctx.Err() == nil {
				r.ask(ctx, p, path)
				time.Sleep(readerPause)
			}
		})
	}
	return r
}

func (r *readers) ask(ctx context.Context, p *process, path string) {
	start := time.Now()
	_, err := p.get(ctx, path)
	took := time.Since(start)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.took[path] = append(r.took[path], took)
	case r.error == nil && !errors.Is(err, context.Canceled):
		r.error = err
	}
}

// finish stops the readers and reports how long they had to wait.
func (r *readers) finish(b *testing.B) {
	b.Helper()
	r.stop()
	r.work.Wait()
	check(b, r.error)
	b.ReportMetric(quantile(r.took["/metrics"], 0.99), "p99-metrics-ms")
	b.ReportMetric(quantile(r.took[cardPath], 0.99), "p99-card-ms")
	b.ReportMetric(float64(len(r.took["/metrics"])+len(r.took[cardPath])), "answers")
}

// quantile is the nearest rank, in milliseconds.
func quantile(all []time.Duration, q float64) float64 {
	slices.Sort(all)
	rank := max(0, int(q*float64(len(all))+0.999999)-1)
	return all[rank].Seconds() * 1000
}
