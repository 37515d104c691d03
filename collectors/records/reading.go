package records

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// maxFileSize bounds a file of records, in bytes: about a hundred thousand lines.
const maxFileSize = 8 << 20

// reading is what the files of all patterns say at one time.
type reading struct {
	files    []*file // By name.
	empty    []Problem
	problems Problems
	spared   map[string]bool // Names of files that are gone with all of their pattern.
}

// file is one file of records.
type file struct {
	name     string // As facts know it.
	path     string // As it can be opened.
	sum      string // SHA-256 of the content, hexadecimal.
	records  []facts.Record
	problems []Problem
	warnings []Problem
}

// read reads all files. Those that are known tell a pattern that lost its files
// from one that never had any.
func (c *Collector) read(known cursor) *reading {
	r := &reading{spared: map[string]bool{}}
	paths := map[string]string{} // By name.
	for _, pattern := range c.opts.Files {
		found := c.find(pattern)
		for _, path := range found {
			paths[c.name(path)] = path
		}
		if len(found) == 0 {
			r.missing(pattern, c.lost(pattern, known))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		f := c.open(name, paths[name])
		r.files = append(r.files, f)
		r.problems = append(r.problems, shortened(f.problems)...)
	}
	r.compare()
	return r
}

// find lists the files of a pattern. A pattern that is none was refused before.
func (*Collector) find(pattern string) []string {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return nil
	}
	if strings.HasPrefix(filepath.Base(pattern), ".") {
		return found
	}
	return slices.DeleteFunc(found, func(path string) bool { return strings.HasPrefix(filepath.Base(path), ".") })
}

// name is what facts call a file.
func (c *Collector) name(path string) string {
	if relative, err := filepath.Rel(c.opts.Folder, path); err == nil && filepath.IsLocal(relative) {
		path = relative
	}
	return filepath.ToSlash(filepath.Clean(path))
}

// lost lists the known files that a pattern used to find.
func (c *Collector) lost(pattern string, known cursor) []string {
	var names []string
	for name := range known {
		path := filepath.FromSlash(name)
		for _, candidate := range []string{path, filepath.Join(c.opts.Folder, path)} {
			if fits, err := filepath.Match(filepath.Clean(pattern), candidate); err == nil && fits {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

// missing notes a pattern that finds nothing, and the files that it found before.
func (r *reading) missing(pattern string, lost []string) {
	if len(lost) == 0 {
		r.empty = append(r.empty, Problem{File: pattern, Problem: "there is no such file", Hint: "check sources.records.files"})
		return
	}
	for _, name := range lost {
		r.spared[name] = true
	}
	r.problems = append(r.problems, Problem{
		File: pattern, Problem: "the files are gone; what they said stays",
		Hint: "to take their records away, leave a file with the header alone, or change sources.records.files",
	})
}

// open reads and decodes a file.
func (c *Collector) open(name, path string) *file {
	f := &file{name: name, path: path}
	data, err := content(path)
	if err != nil {
		f.problems = []Problem{{File: path, Problem: err.Error()}}
		return f
	}
	sum := sha256.Sum256(data)
	f.sum = hex.EncodeToString(sum[:])
	c.decode(f, data)
	return f
}

// content returns what is in a file of a sensible size. It opens nothing else: what
// is a pipe would keep it waiting.
func content(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a file")
	}
	opened, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = opened.Close() }() // Nothing was written.
	data, err := io.ReadAll(io.LimitReader(opened, maxFileSize+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("is larger than %d MiB", maxFileSize>>20)
	}
	return data, nil
}

// unreadable leaves the path, which the problem names, out of an error.
func unreadable(err error) error {
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// compare warns of lines that stand in two files: they count once.
func (r *reading) compare() {
	first := map[facts.Record]Problem{}
	for _, f := range r.files {
		for _, record := range f.records {
			cells := cellsOf(record)
			if at, again := first[cells]; again {
				f.warnings = append(f.warnings, Problem{
					File: f.path, Line: record.Line, Problem: fmt.Sprintf("is the same as %s:%d, and counts once", at.File, at.Line),
					Hint: "if it is something else, say so in note",
				})
				continue
			}
			first[cells] = Problem{File: f.path, Line: record.Line}
		}
	}
}

// cellsOf is a record without its place.
func cellsOf(r facts.Record) facts.Record {
	r.File, r.Line = "", 0
	return r
}

// changes lists the files whose kept records are no more what they say, and the
// cursor that follows. A bad file keeps what it said before.
func (r *reading) changes(known cursor) ([]facts.RecordFile, []byte, error) {
	next := maps.Clone(known)
	present := map[string]bool{}
	var changed []facts.RecordFile
	for _, f := range r.files {
		present[f.name] = true
		if len(f.problems) > 0 || known[f.name] == f.sum {
			continue
		}
		changed = append(changed, facts.RecordFile{Name: f.name, Records: f.records})
		next[f.name] = f.sum
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if !present[name] && !r.spared[name] {
			changed = append(changed, facts.RecordFile{Name: name})
			delete(next, name)
		}
	}
	text, err := json.Marshal(next)
	if err != nil {
		return nil, nil, fmt.Errorf("write the cursor of records: %w", err)
	}
	return changed, text, nil
}

// news are the warnings about files that changed.
func (r *reading) news(known cursor) []Problem {
	var list []Problem
	if len(known) == 0 {
		list = append(list, r.empty...)
	}
	for _, f := range r.files {
		if known[f.name] != f.sum {
			list = append(list, shortened(f.warnings)...)
		}
	}
	return list
}

// warnings are all of them.
func (r *reading) warnings() []Problem { return r.news(nil) }

// failure is what is wrong, nil when nothing is.
func (r *reading) failure() error {
	if len(r.problems) == 0 {
		return nil
	}
	return r.problems
}
