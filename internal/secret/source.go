package secret

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxSize bounds what is read from a file, in bytes; no credential is longer.
const maxSize = 64 << 10

// ErrNoSource is returned by the zero Source.
var ErrNoSource = errors.New("no file and no environment variable is named for the secret")

// Source is where a Secret is read from: a file or an environment variable.
// Sources compare equal when they name the same place. The zero Source names
// none.
type Source struct{ file, env string }

// File returns the Source that reads a file.
func File(path string) Source { return Source{file: path} }

// Env returns the Source that reads an environment variable.
func Env(name string) Source { return Source{env: name} }

// IsZero reports whether s names no place.
func (s Source) IsZero() bool { return s == Source{} }

// String names the place.
func (s Source) String() string {
	switch {
	case s.file != "":
		return "file " + s.file
	case s.env != "":
		return "environment variable " + s.env
	default:
		return "no source"
	}
}

// Read reads the Secret as it is now, without the white space around it. The
// error names the place, never the value: the place is absent or unreadable,
// or what it holds is empty, longer than 64 KiB or more than one line.
func (s Source) Read() (Secret, error) {
	text, err := s.text()
	if err != nil {
		return Secret{}, fmt.Errorf("read the secret: %w", err)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return Secret{}, fmt.Errorf("read the secret: %s is empty", s)
	}
	if strings.ContainsFunc(text, isControl) {
		return Secret{}, fmt.Errorf("read the secret: %s holds more than one line or control characters", s)
	}
	return New(text), nil
}

// text returns what the place holds.
func (s Source) text() (string, error) {
	switch {
	case s.file != "":
		return readFile(s.file)
	case s.env != "":
		value, ok := os.LookupEnv(s.env)
		if !ok {
			return "", fmt.Errorf("%s is not set", s)
		}
		return value, nil
	default:
		return "", ErrNoSource
	}
}

// readFile returns the content of a file; its errors name the path.
func readFile(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return "", err
	}
	if len(content) > maxSize {
		return "", fmt.Errorf("file %s is longer than a secret can be (%d bytes)", path, maxSize)
	}
	return string(content), nil
}

// isControl finds what cannot stand in an HTTP header.
func isControl(r rune) bool { return r < ' ' || r == 0x7f }
