package jira

import (
	"net/http"
	"strings"
)

// identify finds out whether a caller is known. Others are anonymous, or
// refused with an error.
type identify func(http.ResponseWriter, *http.Request) (bool, error)

const seraph = "X-Seraph-LoginReason"

// atSite identifies callers of the site. Whoever shows a wrong token is
// anonymous, and a header says so; a bearer on Cloud is taken for an app whose
// token cannot be read.
func (s *Server) atSite(w http.ResponseWriter, r *http.Request) (bool, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case kind == "":
		return false, nil
	case s.options.Mode == Cloud && strings.EqualFold(kind, "Bearer"):
		return false, &apiError{status: http.StatusForbidden, body: map[string]string{"error": "Failed to parse Connect Session Auth Token"}}
	case s.options.Mode == Cloud && !s.options.Scoped && s.isBasic(r), s.options.Mode == DataCenter && s.isBearer(r):
		w.Header().Set(seraph, "OK")
		return true, nil
	default:
		w.Header().Set(seraph, "AUTHENTICATED_FAILED")
		return false, nil
	}
}

// atGateway identifies callers of the gateway, which lets in nobody else.
func (s *Server) atGateway(_ http.ResponseWriter, r *http.Request) (bool, error) {
	if s.isBasic(r) || s.isBearer(r) {
		return true, nil
	}
	return false, &apiError{
		status: http.StatusUnauthorized,
		body:   map[string]any{"code": http.StatusUnauthorized, "message": "Unauthorized; scope does not match"},
	}
}

func (s *Server) isBasic(r *http.Request) bool {
	email, token, ok := r.BasicAuth()
	return ok && strings.EqualFold(email, s.options.Email) && s.isGood(token)
}

func (s *Server) isBearer(r *http.Request) bool {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(kind, "Bearer") && s.isGood(token)
}

// isGood reports whether a token is the one that is let in, and has not expired.
func (s *Server) isGood(token string) bool {
	expires := s.options.Expires
	return token == s.options.Token && (expires.IsZero() || s.options.Now().Before(expires))
}
