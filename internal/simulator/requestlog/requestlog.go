// Package requestlog counts what was asked of a simulated upstream, and how it
// answered. It keeps neither addresses nor bodies, and changes no answer.
package requestlog

import (
	"maps"
	"net/http"
	"sync"
)

// Call is a kind of request: where it went, as the upstream names it, and how it
// was answered.
type Call struct {
	Path   string
	Status int
}

// Log counts requests. It is made by New, and safe for use by several goroutines.
type Log struct {
	mu    sync.Mutex // Guards calls.
	calls map[Call]int
}

// New returns a Log without any request.
func New() *Log { return &Log{calls: map[Call]int{}} }

// Calls returns how often each kind of request was answered.
func (l *Log) Calls() map[Call]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.calls)
}

// Count notes each request to a path once it is answered, also when the answer
// was broken off.
func (l *Log) Count(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.calls[Call{Path: path, Status: watched.status}]++
		}()
		next.ServeHTTP(watched, r)
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer beneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
