// Package records makes up the files of records that somebody in the example
// organisation would keep: quarterly surveys, reviews of the documentation, and a list of
// certifications, talks and patents. The same options give the same files, and a
// later end gives the same lines and more.
//
// It refuses to know who reads the files: it writes text, and nothing of it is about a person.
package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"
)

// The team of lines that are about all teams together.
const everybody = "org"

// Team is a team of the organisation.
type Team struct {
	ID   string
	Size int // How many people can answer a survey.
	// Databases says that the team's documentation is reviewed.
	Databases bool
}

// Options say whose records to make up, and of what time.
type Options struct {
	Teams      []Team // Required.
	Seed       uint64
	Start, End time.Time // Lines are dated from one to the other, both included. Required.
}

// line is one line of a file.
type line struct {
	date                time.Time
	metric, team, value string
	n                   int // 0: not said.
	note                string
}

// Files returns the files' contents by their names.
func Files(o Options) (map[string][]byte, error) {
	if len(o.Teams) == 0 || o.Start.IsZero() || o.End.Before(o.Start) {
		return nil, errors.New("records need teams, a start and an end after it")
	}
	files := map[string][]byte{}
	for name, lines := range map[string][]line{
		"surveys.csv": o.surveys(), "documentation.csv": o.reviews(), "achievements.csv": o.achievements(),
	} {
		content, err := o.write(lines)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		files[name] = content
	}
	return files, nil
}

// write writes the lines of the options' time, oldest first.
func (o *Options) write(lines []line) ([]byte, error) {
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.date.Before(o.Start) || l.date.After(o.End) })
	slices.SortStableFunc(lines, func(a, b line) int { return a.date.Compare(b.date) })
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	cells := [][]string{{"date", "metric", "team", "value", "n", "note"}}
	for _, l := range lines {
		n := ""
		if l.n > 0 {
			n = strconv.Itoa(l.n)
		}
		cells = append(cells, []string{l.date.Format(time.DateOnly), l.metric, l.team, l.value, n, l.note})
	}
	err := w.WriteAll(cells)
	return out.Bytes(), err
}

// quarters yields the day of the middle month of each calendar quarter that the options' time touches.
func (o *Options) quarters(day int) []time.Time {
	var days []time.Time
	for year := o.Start.Year(); year <= o.End.Year(); year++ {
		for month := time.February; month <= time.November; month += 3 {
			days = append(days, time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
		}
	}
	return days
}

// draw is a number from 0 to below n that depends on nothing but the seed and the words.
func (o *Options) draw(n int, words ...any) int {
	h := fnv.New64a()
	fmt.Fprintln(h, append([]any{o.Seed}, words...)...) // A hash takes everything.
	return int(h.Sum64() % uint64(n))                   //nolint:gosec // n is small, and so is the rest.
}
