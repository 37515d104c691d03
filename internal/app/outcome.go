package app

import "fmt"

// SourceError says that a source's answer, or its silence, ended a cycle. What
// was stored before is as it was.
type SourceError struct {
	Source string
	Err    error
}

// Error names the source.
func (e *SourceError) Error() string { return fmt.Sprintf("%s: %v", e.Source, e.Err) }

// Unwrap returns what went wrong.
func (e *SourceError) Unwrap() error { return e.Err }

// storeError marks a failure of our own store, so that it is not blamed on the
// source whose facts were to be kept.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }

func (e *storeError) Unwrap() error { return e.err }
