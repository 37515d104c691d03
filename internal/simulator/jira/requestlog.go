package jira

import (
	"maps"
	"net/http"
	"sync"
)

// Call is a kind of request: where it went below /rest/api/2 or 3, with {id} for
// ids and / for paths that do not exist, and how it was answered.
type Call struct {
	Path   string
	Status int
}

// Requests returns how often each kind of request was made, those that were
// turned away included.
func (s *Server) Requests() map[Call]int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return maps.Clone(s.log.calls)
}

type requestLog struct {
	mu    sync.Mutex // Guards calls.
	calls map[Call]int
}

func newRequestLog() *requestLog { return &requestLog{calls: map[Call]int{}} }

// count notes each request to a path once it is answered, also when the answer
// was broken off.
func (l *requestLog) count(path string, next http.Handler) http.Handler {
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
