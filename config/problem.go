package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a configuration file.
type Problem struct {
	File    string // As it was named by whoever asked to read it.
	Line    int    // From 1.
	Path    string // teams[0].pagerduty.services[1]; "document" for the file as a whole.
	Problem string // What is wrong, without values that could be secrets.
	Hint    string // What to do about it; may be empty.
}

// String writes p as FILE:LINE: PATH: problem (hint).
func (p Problem) String() string {
	text := fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Path, p.Problem)
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// Problems are all mistakes of one reading, by file and line. It is the error
// that Load and Parse return for a configuration that can be read but not used.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// sort orders by file and line; what stands on one line stays in the order in
// which it was found.
func (p Problems) sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}
