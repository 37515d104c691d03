package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Statuses that callers tell apart. A *StatusError of the status matches.
var (
	ErrUnauthorized    = errors.New("unauthorized")     // 401
	ErrPaymentRequired = errors.New("payment required") // 402
	ErrForbidden       = errors.New("forbidden")        // 403
	ErrNotFound        = errors.New("not found")        // 404
)

// ErrTooLarge is matched by a *TransportError whose answer had a larger body
// than the client takes: to ask for less may help.
var ErrTooLarge = errors.New("too large")

// StatusError is an answer whose status is not 2xx.
type StatusError struct {
	Method  string
	Host    string
	Path    string // Without the query.
	Code    int
	Message string // What the answer says, in one line of at most 200 characters; empty when nothing usable.
	// RetryAfter is how long the server asked to be left alone; zero when it
	// did not.
	RetryAfter time.Duration
	// Header is the answer's. Error shows nothing of it.
	Header http.Header
}

func (c *Client) newStatusError(req *http.Request, resp *http.Response, after time.Duration) *StatusError {
	body, err := wholeBody(resp.Body)
	if err != nil {
		body = nil // The status is what counts.
	}
	return &StatusError{
		Header: resp.Header,
		Method: req.Method, Host: req.URL.Host, Path: req.URL.Path,
		Code: resp.StatusCode, Message: oneLine(c.conceal(message(body), req)), RetryAfter: after,
	}
}

// Error names the request, the status and the server's reason.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("%s %s%s: %d %s", e.Method, e.Host, e.Path, e.Code, http.StatusText(e.Code))
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(" (asks to wait %s)", e.RetryAfter)
	}
	return text
}

// Is matches the sentinel of the status.
func (e *StatusError) Is(sentinel error) bool {
	switch e.Code {
	case http.StatusUnauthorized:
		return sentinel == ErrUnauthorized
	case http.StatusPaymentRequired:
		return sentinel == ErrPaymentRequired
	case http.StatusForbidden:
		return sentinel == ErrForbidden
	case http.StatusNotFound:
		return sentinel == ErrNotFound
	default:
		return false
	}
}

// TransportError is a request without a whole answer: the host cannot be
// reached, is too slow, breaks off, or sends what the client does not take.
type TransportError struct {
	Method string
	Host   string
	Path   string // Without the query.
	Err    error  // The cause.
}

// Error names the request, the host and the cause.
func (e *TransportError) Error() string {
	problem := "no whole answer"
	var op *net.OpError
	if errors.As(e.Err, &op) && op.Op == "dial" {
		problem = "cannot reach host " + e.Host
	}
	return fmt.Sprintf("%s %s%s: %s: %v", e.Method, e.Host, e.Path, problem, e.Err)
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

type tooLargeError struct{ limit int64 }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("the body is larger than %d bytes", e.limit)
}

func (e *tooLargeError) Is(sentinel error) bool { return sentinel == ErrTooLarge }

type redirectError struct{ to string }

func (e *redirectError) Error() string {
	return "it redirects to " + e.to + ", which is not followed (is the url right?)"
}

// withoutURL takes off net/http's layer, which spells out the url with its query.
func withoutURL(err error) error {
	if layer, ok := errors.AsType[*url.Error](err); ok {
		return layer.Err
	}
	return err
}

func target(req *http.Request) string {
	return req.Method + " " + req.URL.Host + req.URL.Path
}

// message finds the reason in the body of a failed request: in the shapes that
// PagerDuty, Jira and Prometheus use, else the text as it is unless it is a page.
// It may hold whatever the server, or a proxy before it, has seen of the request.
func message(body []byte) string {
	var known struct {
		Error         json.RawMessage `json:"error"`
		Message       string          `json:"message"`
		ErrorMessages []string        `json:"errorMessages"`
	}
	switch {
	case looksLikeHTML(body):
		return ""
	case json.Unmarshal(body, &known) != nil:
		return string(body)
	}
	parts := append(errorText(known.Error), known.Message)
	parts = append(parts, known.ErrorMessages...)
	parts = slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
	return strings.Join(parts, ": ")
}

// errorText reads an error that is a text or an object with a message and details.
func errorText(raw json.RawMessage) []string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []string{text}
	}
	var object struct {
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return []string{object.Message}
	}
	return append([]string{object.Message}, object.Errors...)
}

// oneLine is text as one short line, without anything that a terminal obeys.
func oneLine(text string) string {
	const longest = 200
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

func looksLikeHTML(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
}
