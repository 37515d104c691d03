package prometheus

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/simulator/requestlog"
)

// Series is a pair of expressions, and how they are answered.
type Series struct {
	// Good and Total are the expressions as they are asked, with a team's id in the
	// place of $team. Required.
	Good  string
	Total string
	// PerHour is about how many events there are in an hour. Default: 1000.
	PerHour float64
	// GoodShare is about which share of the events is good, 0 to 1.
	GoodShare float64
	// Gaps are times of which Prometheus knows nothing.
	Gaps []Gap
}

// Gap is a time without data, which may arrive later.
type Gap struct {
	From  time.Time
	Until time.Time
	// Filled is from when on its data is there. The zero time stands for never.
	Filled time.Time
}

// Options say what the server answers from.
type Options struct {
	Series []Series
	// Start is where the data begins. Required.
	Start time.Time
	// Retention is how long data is kept. Default: forever.
	Retention time.Duration
	// Now decides what has happened yet. Default: time.Now.
	Now  func() time.Time
	Seed uint64
	// Token is the bearer's that is let in. Default: everybody is.
	Token string
	// Middleware stands, the first one outermost, between the log of requests
	// and everything else. It is the place for faults.
	Middleware []func(http.Handler) http.Handler
}

// Server is a simulated Prometheus. It is an http.Handler, safe for use by several
// goroutines.
type Server struct {
	opts  Options
	sides map[string]side // By expression.
	log   *requestlog.Log
	mux   *http.ServeMux
}

// New returns a Server. It reports everything that is wrong with the options.
func New(o Options) (*Server, error) {
	var problems []error
	if o.Start.IsZero() {
		problems = append(problems, errors.New("prometheus simulator: no start"))
	}
	s := &Server{opts: o, sides: map[string]side{}, log: requestlog.New(), mux: http.NewServeMux()}
	for _, one := range o.Series {
		problems = append(problems, s.add(one))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	for path, answer := range map[string]endpoint{
		"/api/v1/query": s.instant, "/api/v1/query_range": s.matrix,
		"/": func(*http.Request) (*answer, error) {
			return nil, &apiError{http.StatusNotFound, "not_found", "404 page not found"}
		},
	} {
		s.mux.Handle(path, s.handle(path, answer))
	}
	return s, nil
}

// add makes both expressions of a series known.
func (s *Server) add(one Series) error {
	if one.Good == "" || one.Total == "" || one.PerHour < 0 || one.GoodShare < 0 || one.GoodShare > 1 {
		return fmt.Errorf("prometheus simulator: %+v is no series", one)
	}
	if one.PerHour == 0 {
		one.PerHour = 1000
	}
	s.sides[strings.TrimSpace(one.Total)] = side{&one, false}
	s.sides[strings.TrimSpace(one.Good)] = side{&one, true}
	return nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Requests returns how often each kind of request was made, those that were turned
// away included; / stands for all paths that do not exist.
func (s *Server) Requests() map[requestlog.Call]int { return s.log.Calls() }

// endpoint answers one request.
type endpoint func(*http.Request) (*answer, error)

// handle wraps an endpoint in what all have in common, outermost first: the log,
// the middleware, the token.
func (s *Server) handle(path string, give endpoint) http.Handler {
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.opts.Token != "" && r.Header.Get("Authorization") != "Bearer "+s.opts.Token {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		given, err := give(r)
		if err != nil {
			writeError(w, err)
			return
		}
		write(w, http.StatusOK, envelope{Status: "success", Data: given})
	})
	for _, wrap := range slices.Backward(s.opts.Middleware) {
		handler = wrap(handler)
	}
	return s.log.Count(path, handler)
}

// envelope is what every answer comes in.
type envelope struct {
	Status    string  `json:"status"`
	Data      *answer `json:"data,omitempty"`
	ErrorType string  `json:"errorType,omitempty"`
	Error     string  `json:"error,omitempty"`
}

// apiError is an answer that is an error.
type apiError struct {
	status int
	kind   string
	text   string
}

func (e *apiError) Error() string { return e.text }

// invalid says that a parameter is wrong.
func invalid(format string, arguments ...any) error {
	return &apiError{http.StatusBadRequest, "bad_data", fmt.Sprintf(format, arguments...)}
}

func writeError(w http.ResponseWriter, err error) {
	known := &apiError{http.StatusInternalServerError, "internal", "internal error"}
	errors.As(err, &known)
	if known.status == http.StatusNotFound {
		http.Error(w, known.text, known.status)
		return
	}
	write(w, known.status, envelope{Status: "error", ErrorType: known.kind, Error: known.text})
}

func write(w http.ResponseWriter, status int, content envelope) {
	text, err := json.Marshal(content)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"status":"error","errorType":"internal","error":"internal error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // The client is gone: there is nobody to tell.
}
