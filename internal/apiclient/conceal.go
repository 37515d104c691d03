package apiclient

import (
	"net/http"
	"regexp"
	"strings"
)

// mailAddress finds what names a person in what a server says.
var mailAddress = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[^\s<>"'(),;:]+`)

// conceal takes out of a text what nobody may read: the request's credential,
// which the server, or a proxy before it, may have sent back, and addresses of people.
func conceal(text string, req *http.Request) string {
	for _, credential := range credentials(req) {
		if credential != "" {
			text = strings.ReplaceAll(text, credential, "(secret)")
		}
	}
	return mailAddress.ReplaceAllString(text, "(address)")
}

// credentials are what a request proves its right with: what it sends and what
// that stands for.
func credentials(req *http.Request) []string {
	_, sent, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	_, password, _ := req.BasicAuth()
	return []string{strings.TrimPrefix(sent, "token="), password}
}

// concealedError is an error without what its text must not show.
type concealedError struct {
	text string
	err  error
}

// concealed returns err, with another text where that is called for: net/http
// quotes in its errors what it cannot read.
func concealed(err error, req *http.Request) error {
	if text := conceal(err.Error(), req); text != err.Error() {
		return &concealedError{text, err}
	}
	return err
}

func (e *concealedError) Error() string { return e.text }

func (e *concealedError) Unwrap() error { return e.err }
