package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// page is a batch with one fact of most kinds.
func page() facts.Batch {
	return facts.Batch{
		Services:  []facts.Service{{ID: "PMYSQL"}},
		Incidents: []facts.Incident{{ID: "Q1", CreatedAt: epoch, UpdatedAt: epoch}},
		Entries:   []facts.Entry{{ID: "R1", Incident: "Q1", At: epoch, Kind: facts.EntryTrigger}},
		Cursor:    []byte("next"),
	}
}

// sqliteFile writes a database with a statement and returns its path.
func sqliteFile(t *testing.T, path string, statements ...string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func textFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stored returns the path of a store with a page in it, closed.
func stored(t *testing.T, dir string) string {
	t.Helper()
	s := open(t, filepath.Join(dir, "teamhealth.db"))
	if err := s.Save(t.Context(), facts.PagerDuty, page()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "teamhealth.db")
}

const damaged = "the file is damaged: move it away, and its -wal file with it; " +
	"then put a backup in its place, or read everything from the sources again"

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		url     func(t *testing.T, dir string) string
		is      error
		message string // %s is the folder.
	}{
		"no path": {
			url:     func(*testing.T, string) string { return "" },
			message: "store.url names no file: write sqlite:PATH",
		},
		"a database in memory, which would keep nothing": {
			url:     func(*testing.T, string) string { return "sqlite::memory:" },
			message: "store.url names no file: write sqlite:PATH",
		},
		"another engine, whose password is not repeated": {
			url:     func(*testing.T, string) string { return "postgres://user:hunter2@db/teamhealth" },
			message: `store.url begins with "postgres:": write sqlite:PATH`,
		},
		"a folder": {
			url:     func(_ *testing.T, dir string) string { return dir },
			message: "store %[1]s: open it: it is a folder: name a file in it, such as sqlite:%[1]s/teamhealth.db",
		},
		"a file in a folder that does not exist": {
			url:     func(_ *testing.T, dir string) string { return dir + "/missing/t.db" },
			message: "the folder %s/missing does not exist: create it, or name another file in store.url",
		},
		"a file in a file": {
			url: func(t *testing.T, dir string) string {
				return textFile(t, dir+"/file", "text") + "/t.db"
			},
			message: "not a directory",
		},
		"a file that is no database": {
			url: func(t *testing.T, dir string) string {
				return textFile(t, dir+"/notes.txt", strings.Repeat("not a database. ", 100))
			},
			message: "store %s/notes.txt: open it: it is not a database, so it is left alone: name another file in store.url",
		},
		"another program's database": {
			url: func(t *testing.T, dir string) string {
				return sqliteFile(t, dir+"/theirs.db", "CREATE TABLE theirs (x)", "INSERT INTO theirs VALUES (1)")
			},
			is:      store.ErrForeign,
			message: "store %s/theirs.db: open it: not a store of teamhealth, so it is left alone: name another file in store.url",
		},
		"another program's database that uses goose too": {
			url: func(t *testing.T, dir string) string {
				return sqliteFile(t, dir+"/theirs.db", "CREATE TABLE goose_db_version (version_id, is_applied)")
			},
			is: store.ErrForeign,
		},
		"another program's database that has no tables yet": {
			url: func(t *testing.T, dir string) string {
				return sqliteFile(t, dir+"/theirs.db", "PRAGMA application_id = 7")
			},
			is: store.ErrForeign,
		},
		"a store of a newer version": {
			url: func(t *testing.T, dir string) string {
				return sqliteFile(t, stored(t, dir), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (1000, 1)")
			},
			is: store.ErrNewerSchema,
			message: "store %s/teamhealth.db: open it: schema 1000, this program's is 8: " +
				"made by a newer teamhealth, so it is left alone: upgrade this one",
		},
		"a log whose database is gone": {
			url: func(t *testing.T, dir string) string {
				textFile(t, dir+"/t.db-wal", "what was saved last")
				return dir + "/t.db"
			},
			message: "store %[1]s/t.db: open it: it is missing or empty, but its write-ahead log %[1]s/t.db-wal is there, so nothing is made anew: " +
				"put the file back beside its log, or move the log away",
		},
		"a log whose database was emptied": {
			url: func(t *testing.T, dir string) string {
				textFile(t, dir+"/t.db-wal", "what was saved last")
				return textFile(t, dir+"/t.db", "")
			},
			message: "put the file back beside its log, or move the log away",
		},
		"a store whose file is damaged": {
			url: func(t *testing.T, dir string) string {
				path := stored(t, dir)
				content := readFile(t, path)
				return textFile(t, path, string(content[:200])+strings.Repeat("\xff", 3896)+string(content[4096:]))
			},
			message: "store %s/teamhealth.db: open it: " + damaged,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			url := test.url(t, dir)
			for _, readOnly := range []bool{false, true} {
				if readOnly && strings.Contains(url, "missing") {
					continue // To a reader, that store does not exist yet.
				}
				before := snapshot(t, dir)
				_, err := store.Open(t.Context(), store.Options{URL: url, ReadOnly: readOnly})
				if err == nil {
					t.Fatal("it was opened")
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("the error is %v, not %v", err, test.is)
				}
				if want := strings.ReplaceAll(strings.ReplaceAll(test.message, "%[1]s", dir), "%s", dir); !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %q\nit misses %q", err, want)
				}
				if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
					t.Errorf("the folder was written to (-before +after):\n%s", diff)
				}
			}
		})
	}
}

// snapshot returns the contents of a folder's files, by name.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		files[f.Name()] = string(readFile(t, filepath.Join(dir, f.Name())))
	}
	return files
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestOpenTakes(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T, dir string) string{
		"a new file":          func(_ *testing.T, dir string) string { return dir + "/t.db" },
		"a URL":               func(_ *testing.T, dir string) string { return "sqlite:" + dir + "/t.db" },
		"a URL with slashes":  func(_ *testing.T, dir string) string { return "sqlite://" + dir + "/t.db" },
		"an odd name":         func(_ *testing.T, dir string) string { return dir + "/50%41 of? a #name & more.db" },
		"an empty file":       func(t *testing.T, dir string) string { return textFile(t, dir+"/t.db", "") },
		"an empty database":   func(t *testing.T, dir string) string { return sqliteFile(t, dir+"/t.db", "VACUUM") },
		"a store that exists": stored,
		"what a crash leaves of a new store": func(t *testing.T, dir string) string {
			return sqliteFile(t, dir+"/t.db", "PRAGMA application_id = 0x546d486c")
		},
	}
	for name, make := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			url := make(t, dir)
			for range 2 {
				s, err := store.Open(t.Context(), store.Options{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Save(t.Context(), facts.PagerDuty, page()); err != nil {
					t.Fatal(err)
				}
				wantPage(t, s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			files := slices.Sorted(maps.Keys(snapshot(t, dir)))
			if diff := cmp.Diff([]string{filepath.Base(url), filepath.Base(url) + "-lock"}, files); diff != "" {
				t.Errorf("files that a closed store leaves (-want +got):\n%s", diff)
			}
		})
	}
}

// wantPage asserts that the store holds what page has.
func wantPage(t *testing.T, s *store.Store) {
	t.Helper()
	want := page().Incidents
	want[0].Timeline = page().Entries
	var got []facts.Incident
	for i, err := range s.Incidents(t.Context(), store.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, i)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	if cursor, err := s.Cursor(t.Context(), facts.PagerDuty); err != nil || !bytes.Equal(cursor, page().Cursor) {
		t.Errorf("the cursor is %q, %v", cursor, err)
	}
}

// TestOpenAfterACrash opens what a killed process leaves: the file and its
// log, copied while a writer has them open.
func TestOpenAfterACrash(t *testing.T) {
	t.Parallel()
	for name, readOnly := range map[string]bool{"for writing": false, "for reading": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alive, left := t.TempDir(), t.TempDir()
			writer := open(t, filepath.Join(alive, "t.db"))
			if err := writer.Save(t.Context(), facts.PagerDuty, page()); err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"t.db", "t.db-wal"} {
				textFile(t, filepath.Join(left, file), string(readFile(t, filepath.Join(alive, file))))
			}
			s, err := store.Open(t.Context(), store.Options{URL: filepath.Join(left, "t.db"), ReadOnly: readOnly})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			wantPage(t, s)
		})
	}
}

// TestSchemaIsInTheFile holds the ground that a store of a newer version is
// told by: its log is not looked at before it is known to be understood.
func TestSchemaIsInTheFile(t *testing.T) {
	t.Parallel()
	alive, left := t.TempDir(), t.TempDir()
	open(t, filepath.Join(alive, "t.db"))
	textFile(t, filepath.Join(left, "t.db"), string(readFile(t, filepath.Join(alive, "t.db"))))
	s, err := store.Open(t.Context(), store.Options{URL: filepath.Join(left, "t.db"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
