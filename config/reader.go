package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// parserPrefix is what the parser's messages begin with.
var parserPrefix = regexp.MustCompile(`^yaml: (line \d+: )?`)

const (
	// maxFileSize bounds a file of the configuration, in bytes.
	maxFileSize = 16 << 20
	// maxDepth is how far down places are remembered; no key stands deeper.
	maxDepth = 32
)

// place is where something stands.
type place struct {
	file string
	line int
}

// reader reads the files of one configuration and gathers what is wrong with
// all of them.
type reader struct {
	places   map[string]place // By path; the root of the main file is "".
	problems Problems
	meant    []string // Paths of keys that misspelt ones were most likely meant to be.
}

// report notes a mistake at a path; a path that is nowhere in the files stands
// where the nearest one around it stands.
func (r *reader) report(path, hint, format string, args ...any) {
	r.reportAt(path, nearestPlace(r.places, path), hint, fmt.Sprintf(format, args...))
}

// reportFirst notes a mistake where none is known yet: what would be a second one there
// may only follow from the first.
func (r *reader) reportFirst(path, hint, format string, args ...any) {
	if r.sound(path) {
		r.report(path, hint, format, args...)
	}
}

// reportAt notes a mistake at a place of its own.
func (r *reader) reportAt(path string, at place, hint, problem string) {
	if path == "" {
		path = "document"
	}
	if strings.ContainsFunc(path, unicode.IsControl) { // A problem is one line, whatever the keys.
		path = strings.Trim(strconv.Quote(path), `"`)
	}
	r.problems = append(r.problems, Problem{File: at.file, Line: at.line, Path: path, Problem: problem, Hint: hint})
}

// sound reports whether nothing is wrong at a path, below it, at a key whose
// first word it is, as token stands for token_file as well, or at a misspelt one
// that was meant to be it. Further checks would only repeat what was said.
func (r *reader) sound(path string) bool {
	return !slices.Contains(r.meant, path) && !slices.ContainsFunc(r.problems, func(p Problem) bool {
		rest, found := strings.CutPrefix(p.Path, path)
		return found && (rest == "" || strings.ContainsRune(".[_", rune(rest[0])))
	})
}

// nearestPlace returns the place of a path, else that of what it is part of.
func nearestPlace(places map[string]place, path string) place {
	for {
		if at, ok := places[path]; ok || path == "" {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

// join returns the path of a key of the mapping at path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// item returns the path of an element of the list at path.
func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// open reads a YAML file that another one names at path, with its root at the
// path root. It returns nil after a problem.
func (r *reader) open(path, root, file string) *yaml.Node {
	data, ok := r.read(path, file)
	if !ok {
		return nil
	}
	return r.parse(root, file, data)
}

// read returns what is in a file that another one names at path. It returns
// false after a problem.
func (r *reader) read(path, file string) ([]byte, bool) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		r.report(path, "relative to the folder of this file", "cannot read %s: %v", file, reason(err))
		return nil, false
	case !info.Mode().IsRegular() || info.Size() > maxFileSize:
		r.report(path, "name a small text file", "%s is not a file of at most %d MiB", file, maxFileSize>>20)
		return nil, false
	}
	data, err := os.ReadFile(file)
	if err != nil {
		r.report(path, "", "cannot read %s: %v", file, reason(err))
		return nil, false
	}
	return data, true
}

// reason leaves out of a file's error what the message says already.
func reason(err error) error {
	if cause, ok := errors.AsType[*os.PathError](err); ok {
		return cause.Err
	}
	return err
}

// parse returns the root of the one document in data, and remembers where
// everything in it stands: the root at path. It returns nil after a problem.
func (r *reader) parse(path, file string, data []byte) *yaml.Node {
	r.places[path] = place{file, 1}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	if err == nil {
		err = decoder.Decode(&second)
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		text := parserPrefix.ReplaceAllString(err.Error(), "")
		r.reportAt(path, place{file, syntaxLine(data)}, "look at indentation, quotes and brackets here", "not YAML: "+text)
	case second.Kind != 0:
		r.reportAt(path, place{file, max(second.Line, 1)}, "one file is one document; remove the --- above", "a second document begins here")
	case len(document.Content) != 1 || isNull(document.Content[0]):
		r.report(path, "config/example.yml shows what stands in it", "the file is empty")
	default:
		root := document.Content[0]
		r.places[path] = place{file, root.Line}
		r.index(root, path, file, 0)
		return root
	}
	return nil
}

// index remembers where everything below a node stands: a value where its key
// stands, an element of a list where it begins.
func (r *reader) index(n *yaml.Node, path, file string, depth int) {
	if depth > maxDepth {
		return
	}
	remember := func(path string, line int, value *yaml.Node) {
		if _, again := r.places[path]; !again {
			r.places[path] = place{file, line}
			r.index(value, path, file, depth+1)
		}
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			remember(join(path, n.Content[i].Value), n.Content[i].Line, n.Content[i+1])
		}
	case yaml.SequenceNode:
		for i, element := range n.Content {
			remember(item(path, i), element.Line, element)
		}
	default:
	}
}

// syntaxLine finds the line from which on data is not YAML: the first that no
// longer parses together with the lines above it. The parser's own line is
// often that of the construct around the mistake, or none.
func syntaxLine(data []byte) int {
	source := &lineReader{lines: bytes.SplitAfter(data, []byte("\n"))}
	_ = parses(source) // Reads no further than the mistake and a look ahead.
	for n := source.read; n > 1; n-- {
		if above := bytes.Join(source.lines[:n-1], nil); parses(bytes.NewReader(above)) == nil {
			return n
		}
	}
	return 1
}

// parses returns the error of the first document that is not YAML.
func parses(source io.Reader) error {
	for decoder := yaml.NewDecoder(source); ; {
		err := decoder.Decode(&yaml.Node{})
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// lineReader hands out one line a call and counts them.
type lineReader struct {
	lines [][]byte
	read  int
	rest  []byte
}

// Read implements io.Reader.
func (l *lineReader) Read(p []byte) (int, error) {
	for len(l.rest) == 0 {
		if l.read == len(l.lines) {
			return 0, io.EOF
		}
		l.rest = l.lines[l.read]
		l.read++
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// folderOf returns the folder of the file in which a path stands.
func (r *reader) folderOf(path string) string {
	return filepath.Dir(nearestPlace(r.places, path).file)
}
