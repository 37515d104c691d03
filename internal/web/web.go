// Package web lets requests in: it opens listeners, serves by the web
// configuration file that users of Prometheus programs know (TLS, basic auth),
// holds every client to limits, and sets the headers that keep browsers from
// doing harm on every answer, refusals included.
//
// It answers nothing itself but refusals, knows no path but the two that must
// go on answering while all others are too busy, and allows no other origin
// anything.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"
	"golang.org/x/sync/errgroup"
)

// Options say what to serve and how.
type Options struct {
	Handler    http.Handler // Required.
	Logger     *slog.Logger // Required.
	ConfigFile string       // With TLS and basic auth; empty: plain HTTP, for everybody who reaches it.
	Limits     Limits
}

// Limits are what a client may ask of the server. Zero fields have defaults.
type Limits struct {
	HeaderTimeout   time.Duration // To send a request's headers. Defaults to 10 s.
	ReadTimeout     time.Duration // To send a request. Defaults to 30 s.
	AnswerTimeout   time.Duration // For a handler that heeds its request's context. Defaults to 45 s.
	WriteTimeout    time.Duration // To be answered, from the end of the headers on. Defaults to 1 min.
	IdleTimeout     time.Duration // Between two requests. Defaults to 2 min.
	ShutdownTimeout time.Duration // For what is in flight when the server stops. Defaults to 5 s.
	Header          int           // Size of a request's headers in bytes. Defaults to 32 KiB, to which net/http adds 4.
	URL             int           // Length of path and query in bytes. Defaults to 4 KiB.
	Requests        int           // How many are answered at once in each lane. Defaults to 100.
}

func (l *Limits) setDefaults() {
	l.HeaderTimeout = orDefault(l.HeaderTimeout, 10*time.Second)
	l.ReadTimeout = orDefault(l.ReadTimeout, 30*time.Second)
	l.AnswerTimeout = orDefault(l.AnswerTimeout, 45*time.Second)
	l.WriteTimeout = orDefault(l.WriteTimeout, time.Minute)
	l.IdleTimeout = orDefault(l.IdleTimeout, 2*time.Minute)
	l.ShutdownTimeout = orDefault(l.ShutdownTimeout, 5*time.Second)
	l.Header = orDefault(l.Header, 32<<10)
	l.URL = orDefault(l.URL, 4<<10)
	l.Requests = orDefault(l.Requests, 100)
}

func orDefault[T int | time.Duration](value, standard T) T {
	if value > 0 {
		return value
	}
	return standard
}

// Server serves one handler on any number of listeners.
type Server struct {
	handler    http.Handler
	logger     *slog.Logger
	configFile string
	limits     Limits
	guard      *guard
}

// New returns a Server. It refuses a web configuration that could not be
// served with; the error names the file.
func New(o Options) (*Server, error) {
	if o.Handler == nil || o.Logger == nil {
		return nil, errors.New("the web server needs a handler and a logger")
	}
	if err := CheckConfig(o.ConfigFile); err != nil {
		return nil, err
	}
	o.Limits.setDefaults()
	return &Server{
		handler: o.Handler, logger: o.Logger, configFile: o.ConfigFile, limits: o.Limits, guard: newGuard(o.Limits, o.Logger),
	}, nil
}

// CheckConfig reads a web configuration file with the certificates that it
// names. An empty path is none and right.
func CheckConfig(path string) error {
	if err := toolkit.Validate(path); err != nil {
		return fmt.Errorf("web configuration file %s: %w", path, err)
	}
	return nil
}

// Serve answers until ctx ends, and then finishes what is in flight within the
// limit for that. It closes the listeners. When one of them fails, it stops all.
func (s *Server) Serve(ctx context.Context, listeners []net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, l := range listeners {
		server := s.server() // Serving by a file changes the server, so that no two listeners can share one.
		group.Go(func() error { return s.serve(server, l) })
		group.Go(func() error {
			<-ctx.Done()
			return s.stop(context.WithoutCancel(ctx), server)
		})
	}
	return group.Wait()
}

func (s *Server) server() *http.Server {
	return &http.Server{
		Handler: s.handler, MaxHeaderBytes: s.limits.Header,
		ReadHeaderTimeout: s.limits.HeaderTimeout, ReadTimeout: s.limits.ReadTimeout,
		WriteTimeout: s.limits.WriteTimeout, IdleTimeout: s.limits.IdleTimeout,
		DisableGeneralOptionsHandler: true, // It would answer around the guard.
		ErrorLog:                     slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
}

func (s *Server) serve(server *http.Server, l net.Listener) error {
	guarded := &guardedListener{Listener: l, guard: func() { server.Handler = s.guard.around(server.Handler) }}
	err := toolkit.Serve(guarded, server, &toolkit.FlagConfig{WebConfigFile: &s.configFile}, s.logger)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(fmt.Errorf("serve on %s: %w", l.Addr(), err), l.Close())
}

// stop lets the requests in flight end. A client that takes too long is cut
// off, which is no failure of ours.
func (s *Server) stop(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, s.limits.ShutdownTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.logger.Warn("requests that did not end in time are cut off", "timeout", s.limits.ShutdownTimeout)
		err = server.Close()
	}
	return err
}

// guardedListener puts the guard in front of everything at its first Accept:
// only then has the toolkit put its own handler, which asks for the password
// and answers without our headers, in front of ours. The first request comes later.
type guardedListener struct {
	net.Listener
	once  sync.Once
	guard func()
}

// Accept implements net.Listener.
func (l *guardedListener) Accept() (net.Conn, error) {
	l.once.Do(l.guard)
	return l.Listener.Accept()
}
