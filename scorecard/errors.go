package scorecard

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// ErrNotReady says that no source has completed a first sync, so that there
// is nothing honest to show yet.
var ErrNotReady = errors.New("there is no card yet: no source has completed its first sync, or the first cards are being worked out")

// ParameterError says that a question was asked in a form that has no answer.
type ParameterError struct {
	Parameter string // What was asked by: period, as_of, limit.
	Value     string // As it was given; empty when it is missing.
	Why       string // What is wrong with the value, in words that follow it; empty: it is not valid.
	Allowed   string // What would have been understood, in words.
}

// Error names the parameter, the value and what is allowed.
func (e *ParameterError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s needs a value (allowed: %s)", e.Parameter, e.Allowed)
	}
	return fmt.Sprintf("%s %q %s (allowed: %s)", e.Parameter, e.Value, cmp.Or(e.Why, "is not valid"), e.Allowed)
}

// UnknownError says that there is nothing of the name that was asked for.
type UnknownError struct {
	Kind  string   // team | objective
	ID    string   // As it was given.
	Why   string   // Where it is known that there could be one: why there is none, in words that follow it.
	Known []string // What there is, in a stable order.
}

// Error names the thing, and says why there is none, suggests the known id that is
// nearest to it, or lists them all when none is near.
func (e *UnknownError) Error() string {
	if e.Why != "" {
		return fmt.Sprintf("%s %q %s", e.Kind, e.ID, e.Why)
	}
	if near, ok := Nearest(e.ID, e.Known); ok {
		return fmt.Sprintf("unknown %s %q (did you mean %q?)", e.Kind, e.ID, near)
	}
	known := strings.Join(e.Known, ", ")
	if known == "" {
		known = "none"
	}
	return fmt.Sprintf("unknown %s %q (known: %s)", e.Kind, e.ID, known)
}
