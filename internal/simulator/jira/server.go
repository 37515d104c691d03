package jira

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/simulator/requestlog"
	"teamhealth/internal/simulator/tickets"
)

// Mode is which Jira the server is.
type Mode uint8

// The modes.
const (
	Cloud Mode = iota
	DataCenter
)

// Options say what the server answers from, and whom.
type Options struct {
	// History is all tickets. Required.
	History *tickets.History
	Mode    Mode
	// Token is the one that is let in: on Cloud with Email by basic
	// authentication, or as a bearer's below /ex/jira/CloudID; on Data Center as
	// a bearer's. Required.
	Token string
	Email string // Default: bot@example.com.
	// Scoped makes the token one that Cloud takes below /ex/jira/CloudID alone.
	Scoped bool
	// CloudID is the id of the site on Cloud. Default: 11111111-2222-3333-4444-555555555555.
	CloudID string
	// Expires is when the token stops being good. The zero time stands for never.
	Expires time.Time
	// Now decides what has happened yet. Default: time.Now.
	Now func() time.Time
	// TimeZone is that of the caller's profile: dates in queries are read in
	// it, and times in answers written in it. Default: UTC.
	TimeZone *time.Location
	// RateLimit is how many requests may come at once; a sixth of them come back
	// every ten seconds of Now. Default: 350; below zero: no limit, which is for
	// benchmarks and for clocks that stand still.
	RateLimit int
	// WebURL is what the links to pages for people begin with. Default:
	// https://example.atlassian.net.
	WebURL string
	// DoubledField adds a second custom field with the name of the first.
	DoubledField bool
	// Malformed makes the oldest ticket one that cannot be read.
	Malformed bool
	// Documents lets Cloud send descriptions that were written in its editor as
	// trees on version 2 too.
	Documents bool
	// Middleware stands, the first one outermost, between the log of requests
	// and everything else. It is the place for faults.
	Middleware []func(http.Handler) http.Handler
}

// FieldIncident is the name of the custom field that holds an incident.
const FieldIncident = "PagerDuty Incident"

// Server is a simulated site. It is an http.Handler, safe for use by several
// goroutines.
type Server struct {
	options  Options
	incident string // Id of the field for incidents.
	paints   map[string]paint
	users    map[string]wireUser
	bucket   *bucket
	log      *requestlog.Log
	site     *http.ServeMux
	gateway  *http.ServeMux // What Cloud has below /ex/jira/CloudID.
}

// endpoint answers one request with what becomes the JSON body.
type endpoint func(*request) (any, error)

// request is what an endpoint needs to know.
type request struct {
	*http.Request
	id      string // From the path.
	version string // Of the API: 2 or 3.
	view    *tickets.View
	now     int64 // Seconds since 1970.
	isKnown bool  // Not anonymous.
}

// New builds a server. It reports all missing options.
func New(o Options) (*Server, error) {
	var problems []error
	if o.History == nil {
		problems = append(problems, errors.New("jira simulator: no history"))
	}
	if o.Token == "" {
		problems = append(problems, errors.New("jira simulator: no token"))
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
	o.RateLimit = cmp.Or(o.RateLimit, 350)
	o.Email = cmp.Or(o.Email, "bot@example.com")
	o.CloudID = cmp.Or(o.CloudID, "11111111-2222-3333-4444-555555555555")
	o.WebURL = cmp.Or(o.WebURL, "https://example.atlassian.net")
	s := &Server{
		options: o, bucket: newBucket(o.RateLimit), log: requestlog.New(), incident: "customfield_10101",
		site: http.NewServeMux(), gateway: http.NewServeMux(),
	}
	if o.Mode == DataCenter {
		s.incident = "customfield_11201"
	}
	s.paints = s.issueFields()
	s.users = s.wireUsers(o.History.At(o.Now()).Users)
	s.route(s.site, s.atSite)
	s.route(s.gateway, s.atGateway)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	prefix := "/ex/jira/" + s.options.CloudID
	if s.options.Mode == Cloud && strings.HasPrefix(r.URL.Path, prefix+"/") {
		http.StripPrefix(prefix, s.gateway).ServeHTTP(w, r)
		return
	}
	s.site.ServeHTTP(w, r)
}

// Requests returns how often each kind of request was made, those that were
// turned away included: its path stands below /rest/api/2 or 3, with {id} for ids
// and / for paths that do not exist.
func (s *Server) Requests() map[requestlog.Call]int { return s.log.Calls() }

// route says what is answered where. Everything else is not found.
func (s *Server) route(mux *http.ServeMux, who identify) {
	endpoints := map[string]endpoint{
		"GET /serverInfo":                s.getServerInfo,
		"GET /myself":                    s.getMyself,
		"GET /field":                     s.listFields,
		"GET /status":                    s.listStatuses,
		"GET /project":                   s.listProjects,
		"GET /project/search":            s.searchProjects,
		"GET /issue/{id}":                s.getIssue,
		"GET /issue/{id}/remotelink":     s.listRemoteLinks,
		"GET /search":                    s.searchByNumber,
		"POST /search":                   s.searchByNumber,
		"GET /search/jql":                s.searchByToken,
		"POST /search/jql":               s.searchByToken,
		"POST /search/id":                nil,
		"POST /expression/eval":          nil,
		"POST /search/approximate-count": s.countIssues,
		"GET /issue/{id}/changelog":      s.listChanges,
		"POST /changelog/bulkfetch":      s.listAllChanges,
	}
	for pattern, answer := range endpoints {
		method, path, _ := strings.Cut(pattern, " ")
		if answer = s.offered(path, answer); answer != nil {
			mux.Handle(method+" /rest/api/{version}"+path, s.handle(path, who, answer))
		}
	}
	mux.Handle("/", s.handle("/", who, func(r *request) (any, error) { return nil, notFound(r.URL.Path) }))
}

// offered returns what answers at a path in the server's mode, nil for nothing.
func (s *Server) offered(path string, answer endpoint) endpoint {
	removed := []string{"/search", "/search/id", "/expression/eval"}
	onlyCloud := []string{"/project/search", "/search/jql", "/search/approximate-count", "/issue/{id}/changelog", "/changelog/bulkfetch"}
	switch {
	case s.options.Mode == Cloud && slices.Contains(removed, path):
		return func(*request) (any, error) { return nil, gone() }
	case s.options.Mode == DataCenter && slices.Contains(onlyCloud, path):
		return nil
	}
	return answer
}

// handle wraps an endpoint in what all have in common, outermost first: the
// log, the middleware, the limit, the token.
func (s *Server) handle(path string, who identify, answer endpoint) http.Handler {
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isKnown, err := who(w, r)
		if err != nil {
			writeError(w, err)
			return
		}
		content, err := s.answer(r, isKnown, answer)
		if err != nil {
			writeError(w, err)
			return
		}
		write(w, http.StatusOK, content)
	})
	handler = s.limit(handler)
	for _, wrap := range slices.Backward(s.options.Middleware) {
		handler = wrap(handler)
	}
	return s.log.Count(path, handler)
}

// answer takes in a request and the moment at which it is answered. Version 3
// exists on Cloud alone; what is latest is 3 there and 2 on Data Center.
func (s *Server) answer(r *http.Request, isKnown bool, answer endpoint) (any, error) {
	now, version, newest := s.options.Now(), r.PathValue("version"), "3"
	if s.options.Mode == DataCenter {
		newest = "2"
	}
	if version == "latest" {
		version = newest
	}
	if version != "" && version != "2" && version != newest {
		return nil, notFound(r.URL.Path)
	}
	return answer(&request{
		Request: r, id: r.PathValue("id"), version: version, view: s.options.History.At(now), now: now.Unix(), isKnown: isKnown,
	})
}

// write sends a body.
func write(w http.ResponseWriter, status int, content any) {
	text, err := json.Marshal(content)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"errorMessages":["Internal server error"],"errors":{}}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(text) // The client is gone: there is nobody to tell.
}
