package apiclient

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mailAddress finds what names a person in what a server says.
var mailAddress = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[^\s<>"'(),;:]+`)

// anyOf matches any of some words where it stands by itself, in any case; nil
// when there is none.
func anyOf(words []string) *regexp.Regexp {
	var quoted []string
	for _, word := range words {
		if word != "" {
			quoted = append(quoted, edge(word[0])+regexp.QuoteMeta(word)+edge(word[len(word)-1]))
		}
	}
	if len(quoted) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?i)` + strings.Join(quoted, "|"))
}

// edge is what keeps a word that begins or ends with a letter or digit from being
// found inside another one.
func edge(b byte) string {
	if b < utf8.RuneSelf && (unicode.IsLetter(rune(b)) || unicode.IsDigit(rune(b))) {
		return `\b`
	}
	return ""
}

// conceal takes out of a text what nobody may read: the request's credential,
// which the server, or a proxy before it, may have sent back, and addresses and
// accounts of people.
func (c *Client) conceal(text string, req *http.Request) string {
	return c.Conceal(without(text, credentials(req)))
}

// Conceal does the same for what a server says in an answer, which nothing but its
// reader takes for an error.
func (c *Client) Conceal(text string) string {
	text = without(text, c.opts.Credentials())
	text = mailAddress.ReplaceAllString(text, "(address)")
	if c.accounts != nil {
		text = c.accounts.ReplaceAllString(text, "(account)")
	}
	return text
}

// without takes credentials out of a text.
func without(text string, credentials []string) string {
	for _, credential := range credentials {
		if credential != "" {
			text = strings.ReplaceAll(text, credential, "(secret)")
		}
	}
	return text
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
func (c *Client) concealed(err error, req *http.Request) error {
	return withText(err, c.conceal(err.Error(), req))
}

// ConcealError returns err without what Conceal takes out of its text.
func (c *Client) ConcealError(err error) error {
	if err == nil {
		return nil
	}
	return withText(err, c.Conceal(err.Error()))
}

func withText(err error, text string) error {
	if text == err.Error() {
		return err
	}
	return &concealedError{text, err}
}

func (e *concealedError) Error() string { return e.text }

func (e *concealedError) Unwrap() error { return e.err }
