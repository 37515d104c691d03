package apiclient_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"teamhealth/internal/apiclient"
)

// answers is a server without a network: it gives the nth answer to the nth
// request, and the last for ever.
type answers struct {
	given []http.Response
	sent  int
}

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := a.given[min(a.sent, len(a.given)-1)]
	a.sent++
	answer.Request = req
	return &answer, nil
}

func answer(code int, header http.Header, body []byte) http.Response {
	return http.Response{StatusCode: code, Header: header, Body: io.NopCloser(bytes.NewReader(body))}
}

// FuzzErrorBody refuses with any body. The error is one short line, and shows
// neither the credential nor an address.
func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `<html>`, ` <`, `{"error": {"message": "No", "errors": ["a", "b"]}}`, `{"error": "x", "message": 3}`,
		`{"errorMessages": ["a\nb", ""], "message": "c"}`, `{"error": "` + token + `"}`, token, `hunter2\u002dtoken`, `{"message": "hunter2\u002dtoken"}`,
		"a\x00b\x1b[31mc\u202ed", "\xff\xfe", strings.Repeat("é", 300), `a@b.cd`, `"mailto:jane.doe@example.com"`, token + "@example.com",
		`{"error": {"message": "x", "errors": "y"}}`, `jane@` + token + `.com`,
	} {
		f.Add(400, []byte(body))
		f.Add(404, []byte(body))
	}
	f.Fuzz(func(t *testing.T, code int, body []byte) {
		if code < 300 || code > 599 || code/100 == 5 || code == 429 || code == 408 { // Those are repeated.
			return
		}
		server := &answers{given: []http.Response{answer(code, http.Header{}, body)}}
		_, err := get(t, apiclient.New(apiclient.Options{Transport: server}), "http://api.example")
		var status *apiclient.StatusError
		if !errors.As(err, &status) {
			if code/100 != 3 {
				t.Errorf("got %v, want a StatusError", err)
			}
			return
		}
		if status.Code != code || server.sent != 1 {
			t.Errorf("%d after %d attempts, want %d after one", status.Code, server.sent, code)
		}
		text := err.Error()
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) || utf8.RuneCountInString(status.Message) > 201 {
			t.Errorf("%q is no short line of text", text)
		}
		if strings.Contains(text, token) {
			t.Errorf("%q shows the credential", text)
		}
		local, domain, at := strings.Cut(text, "@")
		if at && local != "" && wordEnds(local) && wordBegins(domain) {
			t.Errorf("%q shows an address", text)
		}
	})
}

func wordEnds(s string) bool { return plainLetter(s[len(s)-1]) }

// wordBegins reports whether s begins as a host does: letters, a dot, letters.
func wordBegins(s string) bool {
	name, rest, dotted := strings.Cut(s, ".")
	return dotted && name != "" && strings.IndexFunc(name, func(r rune) bool { return r > 0x7f || !plainLetter(byte(r)) }) < 0 &&
		rest != "" && plainLetter(rest[0])
}

func plainLetter(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}

// FuzzLimitHeaders answers 429 with any headers, then well. What the server asks
// for in so many words is never shortened, and nothing makes the client wait
// longer than it would.
func FuzzLimitHeaders(f *testing.F) {
	for _, text := range []string{
		"", "0", "1", "119", "120", "121", "-1", "+5", " 7", "1e3", "0x10", "1_0", "9223372036854775807", "99999999999999999999",
		"Sun, 22 Nov 2026 10:01:00 GMT", "Sun, 22 Nov 9999 10:01:00 GMT", "Sunday", "1.5",
	} {
		f.Add(text, "", "", "")
		f.Add("", text, "0", "")
		f.Add(text, text, text, "Sun, 22 Nov 2026 10:00:00 GMT")
	}
	now := time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, after, reset, remaining, date string) {
		header := http.Header{"Retry-After": {after}, "Ratelimit-Reset": {reset}, "Ratelimit-Remaining": {remaining}, "Date": {date}}
		server := &answers{given: []http.Response{answer(429, header, nil), answer(200, header, []byte(`{}`))}}
		var r recorder
		options := r.options()
		options.Transport, options.Now = server, func() time.Time { return now }
		_, err := get(t, apiclient.New(options), "http://api.example")
		const most = 2 * time.Minute // What a Client waits at most.
		asked := max(wholeSeconds(after), wholeSeconds(reset))
		switch {
		case asked > most && (err == nil || len(r.slept) > 0):
			t.Errorf("the server asks for %v, and was asked again after %v", asked, r.slept)
		case asked <= most && asked > 0 && wholeSeconds(after) >= 0 && err == nil && (len(r.slept) != 1 || r.slept[0] < asked):
			t.Errorf("the server asks for %v, and was asked again after %v", asked, r.slept)
		}
		for _, wait := range r.slept {
			if wait < 0 || wait > most+most/10 {
				t.Errorf("it waited %v", wait)
			}
		}
		if err == nil && server.sent != 2 || err != nil && server.sent != 1 {
			t.Errorf("%d requests, and then %v", server.sent, err)
		}
		for _, left := range r.remaining {
			if strconv.Itoa(left) != strings.TrimPrefix(remaining, "+") && !strings.HasPrefix(strings.TrimLeft(remaining, "+-"), "0") {
				t.Errorf("%q remaining are taken for %d", remaining, left)
			}
		}
	})
}

// wholeSeconds is what a number of seconds, as a header writes it, asks for.
func wholeSeconds(text string) time.Duration {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// FuzzBody answers 200 with any body, whole and cut short. Nothing that is not
// all of one JSON value passes for one.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		`{"a": [1, "}", null]}`, `[]`, ` {"a": "\""} `, `"text"`, `12`, `null`, `<html>`, ``, `{"a": 1} trailing`, `{"a": tru`, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(body), uint(3))
	}
	f.Fuzz(func(t *testing.T, body []byte, cut uint) {
		for _, sent := range [][]byte{body, body[:cut%uint(len(body)+1)]} {
			server := &answers{given: []http.Response{answer(200, http.Header{}, sent)}}
			var r recorder
			options := r.options()
			options.Transport, options.MaxAttempts = server, 1
			text, err := get(t, apiclient.New(options), "http://api.example")
			if err == nil && text != string(sent) {
				t.Errorf("%q became %q", sent, text)
			}
			value := bytes.TrimSpace(sent)
			opened := len(value) > 0 && (value[0] == '{' || value[0] == '[')
			if whole := json.Valid(body); err == nil && whole && opened && !json.Valid(sent) {
				t.Errorf("%q, cut from %q, passed for an answer", sent, body)
			}
			if err != nil && json.Valid(sent) {
				t.Errorf("%q is refused: %v", sent, err)
			}
			checkDecoding(t, sent)
		}
	})
}

func checkDecoding(t *testing.T, sent []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://api.example/x", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp := answer(200, http.Header{}, sent)
	resp.Request = req
	var into any
	if err := apiclient.DecodeJSON(&resp, &into); (err == nil) != json.Valid(sent) {
		t.Errorf("%q decodes with error %v", sent, err)
	}
}
