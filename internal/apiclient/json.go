package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// JSONBody returns the body of an answer that Do returned, and refuses what
// cannot be the JSON that was asked for: a page of a proxy or a login form,
// and nothing at all. That the rest is well-formed is the decoder's to find.
func JSONBody(resp *http.Response) ([]byte, error) {
	body, err := wholeBody(resp.Body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: read the body: %w", target(resp.Request), err)
	case declaresHTML(resp.Header) || looksLikeHTML(body):
		return nil, fmt.Errorf("%s: answered HTML instead of JSON (is the url right? a proxy or login page?)", target(resp.Request))
	case len(bytes.TrimSpace(body)) == 0:
		return nil, fmt.Errorf("%s: answered nothing instead of JSON", target(resp.Request))
	}
	return body, nil
}

// DecodeJSON decodes an answer that Do returned. Beside what JSONBody refuses
// it refuses malformed JSON and anything that follows the first value.
func DecodeJSON(resp *http.Response, into any) error {
	body, err := JSONBody(resp)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: decode the answer: %w", target(resp.Request), err)
	}
	return nil
}

func declaresHTML(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}

// endsInsideJSON reports whether body begins as JSON and breaks off in the
// middle of it. A server that dies while it writes can leave that behind an
// answer which HTTP finds complete.
func endsInsideJSON(body []byte) bool {
	start := bytes.TrimSpace(body)
	if len(start) == 0 || (start[0] != '{' && start[0] != '[') || closes(start) {
		return false
	}
	var value json.RawMessage
	err := json.NewDecoder(bytes.NewReader(start)).Decode(&value)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// closes reports whether as many brackets end in the text as begin, and every
// string ends. No JSON that breaks off does that, and to look for it takes a
// fraction of the time of decoding.
func closes(text []byte) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			length := stringLength(text[i+1:])
			if length < 0 {
				return false
			}
			i += length
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
	}
	return depth == 0
}

// stringLength is how long the rest of a string is, with the quote that ends it; below
// zero if none does.
func stringLength(text []byte) int {
	for n := 0; ; n++ {
		end := bytes.IndexByte(text[n:], '"')
		if end < 0 {
			return end
		}
		n += end
		before := len(text[:n]) - len(bytes.TrimRight(text[:n], `\`))
		if before%2 == 0 { // Else the last of them escapes the quote.
			return n + 1
		}
	}
}
