package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"teamhealth/internal/secret"
)

const (
	token       = "hunter2-token"
	placeholder = "<secret>"
)

// holder keeps a Secret where fmt may call no methods, and where it may.
type holder struct {
	hidden  secret.Secret
	pointer *secret.Secret
	Shown   secret.Secret
	list    []secret.Secret
	byName  map[string]secret.Secret
	any     any
}

func newHolder() holder {
	s := secret.New(token)
	return holder{
		hidden: s, pointer: &s, Shown: s, list: []secret.Secret{s},
		byName: map[string]secret.Secret{"a": s}, any: s,
	}
}

// leaks reports whether text holds the token as it is, in hexadecimal, or as
// the numbers of its bytes.
func leaks(text string) bool {
	numbers := strings.Trim(fmt.Sprintf("%d", []byte(token)), "[]")
	hex := fmt.Sprintf("%x", token)
	return strings.Contains(text, token) || strings.Contains(text, numbers) || strings.Contains(strings.ToLower(text), hex)
}

func TestEveryVerbPrintsThePlaceholder(t *testing.T) {
	t.Parallel()
	s := secret.New(token)
	for _, verb := range []string{"%v", "%+v", "%#v", "%d", "%s", "%q", "%x", "%X", "%t", "%c", "%U", "%e", "%#x", "% x", "%10s"} {
		if got := fmt.Sprintf(verb, s); !strings.Contains(got, placeholder) || leaks(got) {
			t.Errorf("%s printed %q, want %q", verb, got, placeholder)
		}
		if got := fmt.Sprintf(verb, &s); leaks(got) {
			t.Errorf("%s of a pointer printed %q", verb, got)
		}
	}
}

func TestEveryVerbHidesASecretInsideAnotherValue(t *testing.T) {
	t.Parallel()
	h := newHolder()
	for _, verb := range []string{"%v", "%+v", "%#v", "%d", "%s", "%q", "%x", "%X", "%o", "%c", "%U", "%p"} {
		for name, value := range map[string]any{"value": h, "pointer": &h, "list": []holder{h}, "map": map[string]holder{"k": h}} {
			if got := fmt.Sprintf(verb, value); leaks(got) {
				t.Errorf("%s of a %s printed %q", verb, name, got)
			}
		}
	}
}

func TestEncodersWriteThePlaceholder(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(any) ([]byte, error){
		"JSON": json.Marshal,
		"YAML": yaml.Marshal,
	}
	for name, encode := range encoders {
		got, err := encode(struct{ Token secret.Secret }{secret.New(token)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(got))
		if leaks(plain) || !strings.Contains(plain, placeholder) {
			t.Errorf("%s wrote %q, want %q in it", name, got, placeholder)
		}
	}
	s := secret.New(token)
	text, err := s.MarshalText()
	if got := s.String() + s.GoString() + string(text); err != nil || got != strings.Repeat(placeholder, 3) {
		t.Errorf("String, GoString and MarshalText gave %q and error %v", got, err)
	}
}

func TestLogHandlersWriteThePlaceholder(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	handlers := map[string]slog.Handler{"text": slog.NewTextHandler(&out, nil), "JSON": slog.NewJSONHandler(&out, nil)}
	for name, handler := range handlers {
		out.Reset()
		logger := slog.New(handler).With("attached", secret.New(token))
		logger.Info("signed in", "token", secret.New(token), "holder", newHolder(), "error", fmt.Errorf("send %v: %w", secret.New(token), errors.New("no")))
		if got := out.String(); leaks(got) || strings.Count(got, placeholder) < 2 {
			t.Errorf("the %s handler wrote %q, want the placeholder for each secret", name, got)
		}
	}
}

func TestRevealReturnsTheCredential(t *testing.T) {
	t.Parallel()
	if got := secret.New(token).Reveal(); got != token {
		t.Errorf("got %q, want %q", got, token)
	}
	if got := (secret.Secret{}).Reveal(); got != "" {
		t.Errorf("the zero Secret is %q, want it empty", got)
	}
	if got := (secret.Secret{}).String(); got != placeholder {
		t.Errorf("the zero Secret prints as %q, want %q: whether one is set is nobody's business", got, placeholder)
	}
}
