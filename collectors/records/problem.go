package records

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake, or oddity, in a file of records.
type Problem struct {
	File    string // As it can be opened from here, or the pattern that finds none.
	Line    int    // From 1; 0 for the file as a whole.
	Problem string // What is wrong, without what stands in the line.
	Hint    string // What to do about it; may be empty.
}

// String writes p as FILE:LINE: problem (hint).
func (p Problem) String() string {
	text := p.File
	if p.Line > 0 {
		text += fmt.Sprintf(":%d", p.Line)
	}
	text += ": " + p.Problem
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// Problems are all mistakes of one reading, by file and line.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// maxProblems bounds what is said of one file: a file of another kind has as
// many mistakes as lines.
const maxProblems = 100

// shortened sorts what is wrong with one file by line, and cuts off what goes too far.
func shortened(all []Problem) []Problem {
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	if len(all) <= maxProblems {
		return all
	}
	rest := Problem{
		File: all[0].File, Line: all[maxProblems].Line, Problem: fmt.Sprintf("%d more problems from here on", len(all)-maxProblems),
		Hint: "mend those above first",
	}
	return append(all[:maxProblems:maxProblems], rest)
}
