// Package secret holds credentials so that they cannot be printed: neither by
// fmt with any verb, nor as JSON, YAML or a log attribute, nor from inside
// another value. It refuses to store credentials and to remember them: a Source
// reads anew each time, so that a rotated token is picked up.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every way of printing a Secret shows.
const redacted = "<secret>"

// Secret is a credential. The zero Secret is empty. Its value stands behind a
// pointer, so that printing a struct that holds a Secret in an unexported
// field, where fmt calls no methods, shows an address and nothing else.
type Secret struct{ value *string }

// New returns value as a Secret.
func New(value string) Secret { return Secret{value: &value} }

// Reveal returns the credential itself, for the one place that sends it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Format implements fmt.Formatter: every verb, with every flag, prints the same
// placeholder.
func (s Secret) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, redacted) // A Formatter has nobody to tell; fmt keeps the error.
}

// String returns the placeholder.
func (s Secret) String() string { return redacted }

// GoString returns the placeholder.
func (s Secret) GoString() string { return redacted }

// MarshalText returns the placeholder, for every encoder that writes texts.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns the placeholder as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalYAML returns the placeholder.
func (s Secret) MarshalYAML() (any, error) { return redacted, nil }

// LogValue implements slog.LogValuer with the placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
