package pagerduty

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/requestlog"
)

// Options say what the server answers from, and whom.
type Options struct {
	// History is what happened. Required.
	History *history.History
	// Tokens are the API keys that are let in. At least one is required.
	Tokens []string
	// Now decides what has happened yet. Default: time.Now.
	Now func() time.Time
	// TimeZone is the account's: times in requests that carry no offset are
	// read in it, and times in answers written in it. Default: UTC.
	TimeZone *time.Location
	// RateLimit is how many requests a token may make in a minute of Now.
	// Default: 960, as PagerDuty has it; below zero: no limit, which is for
	// benchmarks and for clocks that stand still.
	RateLimit int
	// OnCallLimit is how many requests for on-calls a token may make in a minute
	// of Now, apart from RateLimit: PagerDuty has a limit of its own for them
	// and does not tell which. Default: none.
	OnCallLimit int
	// WebURL is what the links to pages for people begin with. Default:
	// https://example.pagerduty.com.
	WebURL string
	// Middleware stands, the first one outermost, between the log of requests
	// and everything else. It is the place for faults.
	Middleware []func(http.Handler) http.Handler
}

// Server is a simulated PagerDuty account. It is an http.Handler, safe for
// use by several goroutines.
type Server struct {
	options Options
	account *account
	limiter *limiter
	slower  *limiter // Of requests for on-calls alone.
	log     *requestlog.Log
	mux     *http.ServeMux
}

// endpoint answers one request with what becomes the JSON body.
type endpoint func(*request) (body, error)

// request is what an endpoint needs to know.
type request struct {
	query query
	id    string // From the path.
	view  *history.View
	now   int64 // Seconds since 1970.
	zone  *time.Location
}

const defaultRateLimit = 960

// New builds a server. It reports all missing options.
func New(o Options) (*Server, error) {
	var problems []error
	if o.History == nil {
		problems = append(problems, errors.New("pagerduty simulator: no history"))
	}
	if len(o.Tokens) == 0 {
		problems = append(problems, errors.New("pagerduty simulator: no token"))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TimeZone == nil {
		o.TimeZone = time.UTC
	}
	o.RateLimit = cmp.Or(o.RateLimit, defaultRateLimit)
	o.WebURL = cmp.Or(o.WebURL, "https://example.pagerduty.com")
	s := &Server{
		options: o,
		account: newAccount(o.History.At(o.Now()).Account, o.WebURL),
		limiter: newLimiter(o.RateLimit),
		slower:  newLimiter(o.OnCallLimit),
		log:     requestlog.New(),
		mux:     http.NewServeMux(),
	}
	s.route()
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Requests returns how often each kind of request was made, those that were
// turned away included: with {id} for ids, and / for paths that do not exist.
func (s *Server) Requests() map[requestlog.Call]int { return s.log.Calls() }

// route says what is answered where. Everything else is not found.
func (s *Server) route() {
	endpoints := map[string]endpoint{
		"/incidents":                  s.listIncidents,
		"/incidents/{id}":             s.getIncident,
		"/incidents/{id}/log_entries": s.listIncidentEntries,
		"/log_entries":                s.listEntries,
		"/services":                   list("services", s.account.services),
		"/services/{id}":              get("service", s.account.services),
		"/teams":                      list("teams", s.account.teams),
		"/users":                      s.listUsers,
		"/priorities":                 list("priorities", s.account.priorities),
		"/escalation_policies":        list("escalation_policies", s.account.policies),
		"/escalation_policies/{id}":   get("escalation_policy", s.account.policies),
		"/oncalls":                    s.listOnCalls,
		"/schedules":                  s.listSchedules,
		"/schedules/{id}":             s.getSchedule,
		"/v3/schedules":               s.listShiftBased,
		"/v3/schedules/{id}":          s.getShiftBased,
		"/maintenance_windows":        s.listMaintenance,
		"/notifications":              s.listNotifications,
		"/abilities":                  listAbilities,
	}
	for path, answer := range endpoints {
		s.mux.Handle("GET "+path, s.handle(path, answer))
	}
	s.mux.Handle("/", s.handle("/", func(*request) (body, error) { return nil, notFound() }))
}

// handle wraps an endpoint in what all have in common, outermost first: the
// log, the middleware, the token, the limit.
func (s *Server) handle(path string, answer endpoint) http.Handler {
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := s.read(r)
		if err != nil {
			writeError(w, err)
			return
		}
		content, err := answer(req)
		if err != nil {
			writeError(w, err)
			return
		}
		write(w, http.StatusOK, content)
	})
	if path == "/oncalls" {
		handler = s.limit(s.slower, handler)
	}
	handler = s.authenticate(s.limit(s.limiter, handler))
	for _, wrap := range slices.Backward(s.options.Middleware) {
		handler = wrap(handler)
	}
	return s.log.Count(path, handler)
}

// read takes in a request and the moment at which it is answered.
func (s *Server) read(r *http.Request) (*request, error) {
	now := s.options.Now()
	req := &request{
		query: query(r.URL.Query()),
		id:    r.PathValue("id"),
		view:  s.options.History.At(now),
		now:   now.Unix(),
		zone:  s.options.TimeZone,
	}
	if name := req.query.one("time_zone"); name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, invalid("time_zone is not the name of a time zone")
		}
		req.zone = zone
	}
	return req, nil
}

// body writes itself as JSON.
type body interface {
	write(*bytes.Buffer) error
}

// write sends a body.
func write(w http.ResponseWriter, status int, content body) {
	var buffer bytes.Buffer
	if err := content.write(&buffer); err != nil {
		status = http.StatusInternalServerError
		buffer.Reset()
		buffer.WriteString(`{"error":{"message":"Internal Server Error","code":2000}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(buffer.Bytes()) // The client is gone: there is nobody to tell.
}

// object is a body with one member.
type object struct {
	name  string
	value any
}

func (o object) write(buffer *bytes.Buffer) error {
	text, err := json.Marshal(o.value)
	if err != nil {
		return err
	}
	buffer.WriteString(`{"` + o.name + `":`)
	buffer.Write(text)
	buffer.WriteString("}")
	return nil
}
