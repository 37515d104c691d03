package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// question answers a request with a whole body or an error.
type question func(*http.Request) (answer, error)

// answer is a body that is complete before its first byte is sent, so that a
// failure never leaves half a document behind.
type answer struct {
	contentType string
	body        []byte
}

// document is an answer in JSON.
func document(v any) (answer, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return answer{}, fmt.Errorf("write JSON: %w", err)
	}
	return answer{"application/json; charset=utf-8", out.Bytes()}, nil
}

func sentence(s string) answer { return answer{"text/plain; charset=utf-8", []byte(s + "\n")} }

// endpoint turns a question into a handler of reading requests.
func (a *api) endpoint(ask question) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-cache") // Keep it, but ask whether the ETag still holds.
		h.Set("Vary", "Accept")
		h.Set("X-Content-Type-Options", "nosniff")
		if !a.admits(w, r, http.MethodGet, http.MethodHead) {
			return
		}
		got, err := ask(r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		h.Set("Content-Type", got.contentType)
		h.Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(got.body))))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(got.body)) // Minds If-None-Match.
	})
}

// admits reports whether a request is by one of some methods. Any other one it answers.
func (a *api) admits(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	a.fail(w, r, &problem{Status: http.StatusMethodNotAllowed, Detail: r.Method + " is not supported; use " + strings.Join(methods, " or ")})
	return false
}

// filled is s, or an empty list in place of none: a list is never null.
func filled[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
