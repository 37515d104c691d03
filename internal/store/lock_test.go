package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func TestASecondWriterIsRefused(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]func(t *testing.T, path string) string{
		"by the same name": func(_ *testing.T, path string) string { return path },
		"by a link to the file": func(t *testing.T, path string) string {
			link := filepath.Join(t.TempDir(), "link.db")
			symlink(t, path, link)
			return link
		},
		"by a link to the folder": func(t *testing.T, path string) string {
			link := filepath.Join(t.TempDir(), "folder")
			symlink(t, filepath.Dir(path), link)
			return filepath.Join(link, filepath.Base(path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "teamhealth.db")
			alias := other(t, path)
			first := open(t, path)
			for range 2 { // That one was refused must not let in the next.
				_, err := store.Open(t.Context(), store.Options{URL: alias})
				want := fmt.Sprintf("store %s: open it: process %d has it open: another teamhealth writes to it: "+
					"stop that one, or give this one its own store.url", alias, os.Getpid())
				if !errors.Is(err, store.ErrInUse) || err.Error() != want {
					t.Fatalf("the error is %v\nwant %s", err, want)
				}
			}
			if err := first.Save(t.Context(), facts.PagerDuty, page()); err != nil {
				t.Fatal(err)
			}
			reader, err := store.Open(t.Context(), store.Options{URL: alias, ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = reader.Close() })
			wantPage(t, reader)
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			wantPage(t, open(t, alias))
		})
	}
}

func symlink(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Symlink(from, to); err != nil {
		t.Fatal(err)
	}
}

// TestAStoreThatWasRefusedLocksNothing opens a store after an attempt that
// failed behind the lock.
func TestAStoreThatWasRefusedLocksNothing(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	sound := readFile(t, path)
	textFile(t, path, spoilt(t, sound, 1))
	if _, err := store.Open(t.Context(), store.Options{URL: path}); err == nil {
		t.Fatal("a damaged store was opened")
	}
	textFile(t, path, string(sound))
	wantPage(t, open(t, path))
}

// TestALockIsNotOfAnotherProgram leaves a file alone that happens to bear
// the name of the lock.
func TestALockIsNotOfAnotherProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "teamhealth.db")
	sqliteFile(t, path+"-lock", "CREATE TABLE theirs (x)")
	before := snapshot(t, dir)
	_, err := store.Open(t.Context(), store.Options{URL: path})
	if !errors.Is(err, store.ErrForeign) || !strings.Contains(err.Error(), path+"-lock") {
		t.Errorf("the error is %v", err)
	}
	wantUnchanged(t, before, snapshot(t, dir))
}
