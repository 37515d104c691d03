package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
)

// guard stands in front of every handler: nothing is answered without its
// headers, and nothing gets past it that no handler should have to think of.
type guard struct {
	limits Limits
	logger *slog.Logger
	origin *http.CrossOriginProtection
	lanes  []lane
}

// lane is room for requests that are answered at once. Monitoring and
// supervision have lanes of their own: what floods one does not block another.
type lane struct {
	prefix string
	room   chan struct{}
}

func newGuard(limits Limits, logger *slog.Logger) *guard {
	g := &guard{limits: limits, logger: logger, origin: http.NewCrossOriginProtection()}
	for _, prefix := range []string{"/metrics", "/-/", ""} {
		g.lanes = append(g.lanes, lane{prefix, make(chan struct{}, limits.Requests)})
	}
	return g
}

// around returns next with the guard in front of it.
func (g *guard) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		seen := &watched{ResponseWriter: w}
		defer g.catch(seen, r)
		if refused := g.refusal(r); refused != nil {
			refused.write(seen)
			return
		}
		room := g.lane(r.URL.Path).room
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
			g.answer(next, seen, r)
		default:
			seen.Header().Set("Retry-After", "1")
			refuse(http.StatusServiceUnavailable, "too many requests are being answered; try again").write(seen)
		}
	})
}

// answer lets a handler answer. One that gave up because it took too long, and said
// nothing, is answered for: else its client would see a broken connection.
func (g *guard) answer(next http.Handler, w *watched, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), g.limits.AnswerTimeout)
	defer cancel()
	next.ServeHTTP(w, r.WithContext(ctx))
	if !w.begun && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		w.Header().Set("Retry-After", "60")
		refuse(http.StatusServiceUnavailable, fmt.Sprintf("no answer within %s; try again", g.limits.AnswerTimeout)).write(w)
	}
}

// setHeaders sets what holds for every answer unless its handler knows better:
// it is taken for what it says it is, runs and loads nothing, stands in no
// frame, tells nobody where a link was followed from, and is asked for anew.
func setHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
}

// refusal returns why no handler should see a request; nil when one should.
func (g *guard) refusal(r *http.Request) *refusal {
	switch {
	case len(r.RequestURI) > g.limits.URL:
		return refuse(http.StatusRequestURITooLong, fmt.Sprintf("path and query are longer than %d bytes", g.limits.URL))
	case r.ContentLength != 0:
		return refuse(http.StatusRequestEntityTooLarge, "no request here has a body")
	case g.origin.Check(r) != nil:
		return refuse(http.StatusForbidden, "a page of another origin may not ask for this")
	}
	return nil
}

func (g *guard) lane(path string) lane {
	for _, l := range g.lanes {
		if strings.HasPrefix(path, l.prefix) {
			return l
		}
	}
	return g.lanes[len(g.lanes)-1]
}

// catch answers for a handler that panicked. An answer that has begun is
// broken off instead, lest its beginning pass for the whole.
func (g *guard) catch(w *watched, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // What net/http compares it with.
		panic(cause) //nolint:forbidigo // This is how net/http is told to break off.
	}
	g.logger.ErrorContext(r.Context(), "answering a request panicked",
		"path", r.URL.Path, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
	if w.begun {
		panic(http.ErrAbortHandler) //nolint:forbidigo // As above.
	}
	for _, name := range []string{"Content-Encoding", "Content-Length", "ETag", "Vary"} {
		w.Header().Del(name)
	}
	refuse(http.StatusInternalServerError, "the server's log says more").write(w)
}

// watched notes whether an answer has begun.
type watched struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader implements http.ResponseWriter.
func (w *watched) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *watched) Write(body []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController find what it needs.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
