package apiclient_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"teamhealth/internal/apiclient"
)

// raw answers with bytes of its own in place of HTTP.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // The server of a test can be hijacked.
		}
		_, _ = io.WriteString(conn, answer)
		conn.Close()
	}
}

func TestNoErrorShowsAQueryACredentialOrAnAddress(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		fmt.Fprintf(w, `{"error": {"message": "bad header %s"}}`, r.Header.Get("Authorization"))
	}
	for name, step := range map[string]http.HandlerFunc{
		"a server that echoes the token":          echo,
		"one that escapes what it echoes":         status(403, `{"error": {"message": "no", "errors": ["hunter2\u002dtoken", "hunter2-t\u006fken"]}}`),
		"one that echoes it as text":              status(500, "Authorization: Token token="+token),
		"one that echoes it as a list":            status(400, `{"errorMessages": ["`+token+`"]}`),
		"one that names who asked":                status(403, `{"message": "jane.doe+private@example.com may not", "error": "<private@example.com>"}`),
		"a connection that breaks off":            breakOff,
		"a redirect":                              status(302, ``, "Location", "http://other.invalid/?private"),
		"a redirect with a user and a password":   status(302, ``, "Location", "http://user:"+token+"@other.invalid/"),
		"a redirect to a host of that name":       status(302, ``, "Location", "http://"+token+".invalid/"),
		"a redirect that leads nowhere":           status(302, ``, "Location", "http://["+token),
		"a status line that is none":              raw("HTTP/1.1 " + token + "\r\n\r\n"),
		"a header that is none":                   raw("HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n"),
		"a transfer encoding that does not exist": raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + token + "\r\n\r\n"),
		"an answer that is another protocol's":    raw(token + "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			url, _ := script(t, step)
			_, err := get(t, apiclient.New(r.options()), url)
			if err == nil {
				t.Fatal("no error")
			}
			if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, token) || strings.Contains(text, "private") {
				t.Errorf("error %q shows what it must not", text)
			}
		})
	}
}

func TestNeitherFormOfABasicPasswordIsShown(t *testing.T) {
	t.Parallel()
	url, _ := script(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(401)
		_, password, _ := r.BasicAuth()
		fmt.Fprintf(w, "%s is %s", r.Header.Get("Authorization"), password)
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("bot@example.com", token)
	_, sent, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	resp, err := apiclient.New(apiclient.Options{}).Do(req)
	if err == nil {
		resp.Body.Close()
		t.Fatal("no error")
	}
	if text := err.Error(); strings.Contains(text, token) || strings.Contains(text, sent) || !strings.Contains(text, "Basic (secret) is (secret)") {
		t.Errorf("error %q, want (secret) in place of both", text)
	}
}

// What a transport adds to requests is in none of them.
func TestWhatATransportProvesItsRightWithIsNotShown(t *testing.T) {
	t.Parallel()
	c := apiclient.New(apiclient.Options{Credentials: func() []string { return []string{"", token} }, Accounts: []string{"PUSER1"}})
	url, _ := script(t, status(401, "you sent "+token))
	_, err := get(t, c, url)
	if err == nil || strings.Contains(err.Error(), token) || !strings.Contains(err.Error(), "you sent (secret)") {
		t.Errorf("error %v, want (secret) in place of the credential", err)
	}
	answer := fmt.Errorf("no series: %w", errors.New("of PUSER1, "+token+" and jane.doe@example.com"))
	err = c.ConcealError(answer)
	if want := "no series: of (account), (secret) and (address)"; err.Error() != want || !errors.Is(err, answer) {
		t.Errorf("error %v, want %s", err, want)
	}
	if plain := errors.New("nobody"); !errors.Is(c.ConcealError(plain), plain) || c.ConcealError(nil) != nil {
		t.Error("an error that shows nothing became another one")
	}
}

func TestNoErrorShowsAnAccount(t *testing.T) {
	t.Parallel()
	o := apiclient.Options{Accounts: []string{"PUSER1", "", "PUSER12", "557058:0a-b", "jane.doe", "{x}"}}
	for said, want := range map[string]string{
		"user PUSER1 may not":                        "user (account) may not",
		"'puser12' and 557058:0A-B do not exist":     "'(account)' and (account) do not exist",
		"jane.doe, {x}, PUSER1 and again PUSER1":     "(account), (account), (account) and again (account)",
		"PUSER123, XPUSER1, janeXdoe and PUSER stay": "PUSER123, XPUSER1, janeXdoe and PUSER stay",
	} {
		url, _ := script(t, status(403, said))
		_, err := get(t, apiclient.New(o), url)
		if err == nil || !strings.HasSuffix(err.Error(), ": "+want) {
			t.Errorf("error %v, want one that ends with %q", err, want)
		}
	}
}
