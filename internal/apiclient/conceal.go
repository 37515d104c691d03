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
	for _, credential := range credentials(req) {
		if credential != "" {
			text = strings.ReplaceAll(text, credential, "(secret)")
		}
	}
	text = mailAddress.ReplaceAllString(text, "(address)")
	if c.accounts != nil {
		text = c.accounts.ReplaceAllString(text, "(account)")
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
	if text := c.conceal(err.Error(), req); text != err.Error() {
		return &concealedError{text, err}
	}
	return err
}

func (e *concealedError) Error() string { return e.text }

func (e *concealedError) Unwrap() error { return e.err }
