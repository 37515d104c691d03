package records_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors"
	"teamhealth/collectors/records"
	"teamhealth/internal/facts"
)

const (
	good  = header + "2026-08-15,satisfaction,mysql,4.5,12,\n"
	other = header + "2026-08-15,certification,mongodb,1,,\n2026-08-16,certification,mysql,1,,\n"
	bad   = header + "2026-08-15,satisfaction,mysql,much,12,\n"
)

// shelf is a folder of files and the store behind the collector.
type shelf struct {
	collectors.Memory // Nobody asks for incidents.
	dir               string
	log               bytes.Buffer
	cursor            []byte
	kept              map[string]int // Records by file.
	saved             []string       // Files of the last batch.
	last              facts.Batch
	err               error // Of the next save.
}

func newShelf(t *testing.T, files map[string]string) *shelf {
	t.Helper()
	s := &shelf{dir: t.TempDir(), kept: map[string]int{}}
	for name, content := range files {
		s.write(t, name, content)
	}
	return s
}

func (s *shelf) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *shelf) remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(s.dir, name)); err != nil {
		t.Fatal(err)
	}
}

func (s *shelf) Cursor(context.Context, facts.Source) ([]byte, error) { return s.cursor, nil }

func (s *shelf) save(b facts.Batch) error {
	if s.err != nil {
		return s.err
	}
	s.cursor, s.last, s.saved = b.Cursor, b, nil
	for _, f := range b.RecordFiles {
		s.saved = append(s.saved, f.Name)
		s.kept[f.Name] = len(f.Records)
		if len(f.Records) == 0 {
			delete(s.kept, f.Name)
		}
	}
	return nil
}

// collector reads the patterns, which begin in the folder.
func (s *shelf) collector(t *testing.T, patterns ...string) *records.Collector {
	t.Helper()
	o := options(t)
	o.Folder, o.Files, o.Logger = s.dir, nil, slog.New(slog.NewTextHandler(&s.log, nil))
	for _, p := range patterns {
		o.Files = append(o.Files, filepath.Join(s.dir, p))
	}
	return newCollector(t, o)
}

// cycle runs one and returns what is wrong, with the folder's path taken out.
func (s *shelf) cycle(t *testing.T, patterns ...string) string {
	t.Helper()
	err := s.collector(t, patterns...).Collect(t.Context(), s, s.save)
	if err == nil {
		return ""
	}
	if _, ok := errors.AsType[records.Problems](err); !ok {
		t.Fatalf("the error is %v, want problems", err)
	}
	return strings.ReplaceAll(err.Error(), s.dir+string(filepath.Separator), "")
}

// step is something that is done to the files, and what the cycle after it says, hands over and leaves.
type step struct {
	do       func(t *testing.T, s *shelf)
	patterns []string // Those of the step before, if there are none.
	problem  string
	saved    []string
	kept     map[string]int
}

func write(name, content string) func(*testing.T, *shelf) {
	return func(t *testing.T, s *shelf) { t.Helper(); s.write(t, name, content) }
}

func remove(name string) func(*testing.T, *shelf) {
	return func(t *testing.T, s *shelf) { t.Helper(); s.remove(t, name) }
}

func TestCyclesFollowTheFiles(t *testing.T) {
	t.Parallel()
	nothing := func(*testing.T, *shelf) {}
	both := map[string]int{"records/a.csv": 1, "records/b.csv": 2}
	const notANumber = ":2: value is not a number (write digits alone, such as 1 or 4.5)"
	const gone = ": the files are gone; what they said stays (to take their records away, leave a file with the header alone, or change sources.records.files)"
	tests := map[string][]step{
		"a file that did not change is not handed over again": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: nothing, kept: both},
		},
		"a file that changed is handed over as a whole": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: write("records/a.csv", other+"2026-08-17,certification,org,1,,\n"), saved: []string{"records/a.csv"}, kept: map[string]int{"records/a.csv": 3, "records/b.csv": 2}},
		},
		"a file that is gone takes its records along": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: remove("records/b.csv"), saved: []string{"records/b.csv"}, kept: map[string]int{"records/a.csv": 1}},
		},
		"a file with the header alone has no records": {
			{do: write("records/b.csv", header), saved: []string{"records/a.csv", "records/b.csv"}, kept: map[string]int{"records/a.csv": 1}},
		},
		"a bad file is not taken, and the others are": {
			{do: write("records/a.csv", bad), problem: "records/a.csv" + notANumber, saved: []string{"records/b.csv"}, kept: map[string]int{"records/b.csv": 2}},
			{do: write("records/a.csv", good), saved: []string{"records/a.csv"}, kept: both},
		},
		"a file that turns bad stays as it was, until it is mended": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: write("records/b.csv", bad), problem: "records/b.csv" + notANumber, kept: both},
			{do: write("records/b.csv", good), saved: []string{"records/b.csv"}, kept: map[string]int{"records/a.csv": 1, "records/b.csv": 1}},
		},
		"a bad file that is as it was before is nothing new": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: write("records/b.csv", bad), problem: "records/b.csv" + notANumber, kept: both},
			{do: write("records/b.csv", other), kept: both},
		},
		"every bad file is reported": {
			{
				do:      func(t *testing.T, s *shelf) { s.write(t, "records/a.csv", bad); s.write(t, "records/b.csv", "") },
				problem: "records/a.csv" + notANumber + "\nrecords/b.csv:1: the file is empty (the first line is date,metric,team,value,n,note)", kept: map[string]int{},
			},
		},
		"when all files of a pattern are gone, what they said stays": {
			{do: nothing, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: func(t *testing.T, s *shelf) { s.remove(t, "records/a.csv"); s.remove(t, "records/b.csv") }, problem: "records/*.csv" + gone, kept: both},
			{do: write("records/b.csv", good), saved: []string{"records/b.csv", "records/a.csv"}, kept: map[string]int{"records/b.csv": 1}},
		},
		"a pattern that is taken out takes its records along": {
			{do: nothing, patterns: []string{"records/a.csv", "records/b.csv"}, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: nothing, patterns: []string{"records/a.csv"}, saved: []string{"records/b.csv"}, kept: map[string]int{"records/a.csv": 1}},
		},
		"a file of two patterns is read once": {
			{do: nothing, patterns: []string{"records/*.csv", "records/a*"}, saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
		},
		"a hidden file is left alone unless it is asked for": {
			{do: write("records/.c.csv", bad), saved: []string{"records/a.csv", "records/b.csv"}, kept: both},
			{do: nothing, patterns: []string{"records/.c*"}, problem: "records/.c.csv" + notANumber, saved: []string{"records/a.csv", "records/b.csv"}, kept: map[string]int{}},
		},
		"a folder is no file": {
			{
				do: write("records/d.csv/x", ""), problem: "records/d.csv: is not a file",
				saved: []string{"records/a.csv", "records/b.csv"}, kept: both,
			},
		},
		"a pipe is no file, and nobody waits for it": {
			{
				do: func(t *testing.T, s *shelf) {
					if err := syscall.Mkfifo(filepath.Join(s.dir, "records", "d.csv"), 0o600); err != nil {
						t.Fatal(err)
					}
				},
				problem: "records/d.csv: is not a file", saved: []string{"records/a.csv", "records/b.csv"}, kept: both,
			},
		},
		"a file that leads nowhere cannot be read": {
			{
				do: func(t *testing.T, s *shelf) {
					if err := os.Symlink("nowhere", filepath.Join(s.dir, "records", "d.csv")); err != nil {
						t.Fatal(err)
					}
				},
				problem: "records/d.csv: cannot be read: no such file or directory", saved: []string{"records/a.csv", "records/b.csv"}, kept: both,
			},
		},
		"a file that is too large is not read": {
			{
				do: write("records/b.csv", header+strings.Repeat("\n", 8<<20)), problem: "records/b.csv: is larger than 8 MiB",
				saved: []string{"records/a.csv"}, kept: map[string]int{"records/a.csv": 1},
			},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(t, map[string]string{"records/a.csv": good, "records/b.csv": other})
			patterns := []string{"records/*.csv"}
			for i, step := range steps {
				step.do(t, s)
				if step.patterns != nil {
					patterns = step.patterns
				}
				if problem := s.cycle(t, patterns...); problem != step.problem {
					t.Errorf("step %d: the problem is\n%s\nwant\n%s", i, problem, step.problem)
				}
				if diff := cmp.Diff(step.saved, s.saved); diff != "" {
					t.Errorf("step %d: files handed over (-want +got):\n%s", i, diff)
				}
				if diff := cmp.Diff(step.kept, s.kept); diff != "" {
					t.Errorf("step %d: records kept (-want +got):\n%s", i, diff)
				}
				if complete := s.last.Complete != nil; complete != (step.problem == "") {
					t.Errorf("step %d: the cycle is complete: %v", i, complete)
				}
			}
		})
	}
}

func TestCycleIsCompleteAsOfItsStart(t *testing.T) {
	t.Parallel()
	s := newShelf(t, map[string]string{"records/a.csv": good})
	if problem := s.cycle(t, "records/*.csv"); problem != "" {
		t.Fatal(problem)
	}
	want := &facts.Completion{DataAsOf: time.Date(2026, 8, 31, 23, 0, 0, 0, time.UTC)} // About any time before.
	if diff := cmp.Diff(want, s.last.Complete); diff != "" || s.last.Progress != 1 {
		t.Errorf("progress %v, completion (-want +got):\n%s", s.last.Progress, diff)
	}
}

func TestWithoutAnyFileRecordsAreUnread(t *testing.T) {
	t.Parallel()
	s := newShelf(t, nil)
	if problem := s.cycle(t, "records/*.csv", "more.csv"); problem != "" {
		t.Fatal(problem)
	}
	if diff := cmp.Diff([]string{facts.KindRecord}, s.last.Complete.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
	for _, pattern := range []string{"records/*.csv", "more.csv"} {
		if !strings.Contains(s.log.String(), filepath.Join(s.dir, pattern)) {
			t.Errorf("nothing of %s in the log:\n%s", pattern, s.log.String())
		}
	}
	s.write(t, "more.csv", good)
	if problem := s.cycle(t, "records/*.csv", "more.csv"); problem != "" || s.last.Complete.Unread != nil || s.kept["more.csv"] != 1 {
		t.Errorf("with a file: %q, unread %v, kept %v", problem, s.last.Complete.Unread, s.kept)
	}
}

func TestOddLinesAreLoggedOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t, map[string]string{"a.csv": header + "2027-01-01,satisfaction,mysql,4.5,12,\n", "b.csv": header + "2027-01-01,satisfaction,mysql,4.5,12,\n"})
	for range 2 {
		if problem := s.cycle(t, "*.csv"); problem != "" {
			t.Fatal(problem)
		}
	}
	if n := strings.Count(s.log.String(), "lies in the future"); n != 2 {
		t.Errorf("logged %d times, want once for each file:\n%s", n, s.log.String())
	}
	if n := strings.Count(s.log.String(), "counts once"); n != 1 {
		t.Errorf("that the line stands in two files is logged %d times:\n%s", n, s.log.String())
	}
}

func TestFilesOutsideTheFolderKeepTheirPath(t *testing.T) {
	t.Parallel()
	s := newShelf(t, map[string]string{"a.csv": good})
	o := options(t)
	o.Folder, o.Files = t.TempDir(), []string{filepath.Join(s.dir, "*.csv")}
	if err := newCollector(t, o).Collect(t.Context(), s, s.save); err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.ToSlash(filepath.Join(s.dir, "a.csv"))}
	if got := slices.Collect(maps.Keys(s.kept)); !cmp.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	s.remove(t, "a.csv")
	if err := newCollector(t, o).Collect(t.Context(), s, s.save); err == nil || len(s.kept) != 1 {
		t.Errorf("once it is gone: %v, kept %v", err, s.kept)
	}
}

func TestProbeKeepsNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t, map[string]string{"a.csv": good, "b.csv": good, "c.csv": bad})
	warnings, err := s.collector(t, "*.csv", "none.csv").Probe(t.Context())
	path := func(name string) string { return filepath.Join(s.dir, name) }
	want := []string{
		path("none.csv") + ": there is no such file (check sources.records.files)",
		path("b.csv") + ":2: is the same as " + path("a.csv") + ":2, and counts once (if it is something else, say so in note)",
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if problems, ok := errors.AsType[records.Problems](err); !ok || len(problems) != 1 || problems[0].File != path("c.csv") || problems[0].Line != 2 {
		t.Errorf("the error is %v, want the one mistake", err)
	}
}

func TestFailuresOfTheStoreEndTheCycle(t *testing.T) {
	t.Parallel()
	s := newShelf(t, map[string]string{"a.csv": good})
	s.err = errors.New("disk full")
	if err := s.collector(t, "*.csv").Collect(t.Context(), s, s.save); !errors.Is(err, s.err) {
		t.Errorf("the error is %v, want the store's", err)
	}
	s.err, s.cursor = nil, []byte("no cursor")
	if err := s.collector(t, "*.csv").Collect(t.Context(), s, s.save); err == nil || len(s.kept) > 0 {
		t.Errorf("a cursor of somebody else is taken: %v, %v", err, s.kept)
	}
}

func TestOptionsThatAreMissingAreNamed(t *testing.T) {
	t.Parallel()
	_, err := records.New(records.Options{})
	if err == nil || !strings.Contains(err.Error(), "no Files") || !strings.Contains(err.Error(), "no Teams") {
		t.Errorf("got error %v, want one that names Files and Teams", err)
	}
}
