package app

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed is returned by whatever is asked of a program after its Close.
var ErrClosed = errors.New("the program is closed")

// lifetime lets work begin until it ends. Its end stops the work that is under
// way and waits for it, so that nothing is taken from under anybody's feet.
type lifetime struct {
	mu    sync.Mutex
	ended bool           // Guarded by mu.
	over  chan struct{}  // Closed at the end.
	work  sync.WaitGroup // Added to under mu, and never after the end.
}

func newLifetime() *lifetime { return &lifetime{over: make(chan struct{})} }

// enter returns a context for a piece of work, which ends with ctx or with the
// lifetime. Whoever entered calls leave; after the end nobody enters.
func (l *lifetime) enter(ctx context.Context) (within context.Context, leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return nil, nil, ErrClosed
	}
	l.work.Add(1)
	within, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-l.over:
			cancel()
		case <-within.Done():
		}
	}()
	return within, func() { cancel(); <-watched; l.work.Done() }, nil
}

// end ends the lifetime and returns when all work has left. It may be called
// again.
func (l *lifetime) end() {
	l.mu.Lock()
	if !l.ended {
		l.ended = true
		close(l.over)
	}
	l.mu.Unlock()
	l.work.Wait()
}
