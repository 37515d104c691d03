package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// TestOpenAfterACutOffTidying opens what a process leaves that was killed
// while it moved the log into the file: the first page is new, those that it
// tells of are still in the log alone.
func TestOpenAfterACutOffTidying(t *testing.T) {
	t.Parallel()
	for name, readOnly := range map[string]bool{"for writing": false, "for reading": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alive, left := filepath.Join(t.TempDir(), "t.db"), filepath.Join(t.TempDir(), "t.db")
			writer := open(t, alive)
			before := readFile(t, alive)
			for _, b := range []facts.Batch{large(), page()} {
				if err := writer.Save(t.Context(), facts.PagerDuty, b); err != nil {
					t.Fatal(err)
				}
			}
			log := readFile(t, alive+"-wal")
			if err := writer.Close(); err != nil {
				t.Fatal(err)
			}
			after := readFile(t, alive)
			if len(after) <= len(before) {
				t.Fatalf("the file had %d bytes and has %d", len(before), len(after))
			}
			textFile(t, left, string(after[:4096])+string(before[4096:]))
			textFile(t, left+"-wal", string(log))
			s, err := store.Open(t.Context(), store.Options{URL: left, ReadOnly: readOnly})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			records, err := s.Records(t.Context(), facts.PagerDuty)
			if err != nil || records["incident"] != 201 {
				t.Errorf("it has %v, %v; want 201 incidents", records, err)
			}
		})
	}
}

// claimed is what the header of a rollback journal looks like behind which an
// empty file was claimed: no page is to be put back, the file is to be emptied.
const claimed = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x10\x00"

// TestOpenAfterACutOffClaim opens what a process leaves that was killed before
// the claim of a new file was committed: SQLite takes the claim back.
func TestOpenAfterACutOffClaim(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t, filepath.Join(t.TempDir(), "t.db"), "PRAGMA application_id = 0x546d486c")
	textFile(t, path+"-journal", claimed+strings.Repeat("\x00", 512-len(claimed)))
	for range 2 { // What is not claimed again is foreign the next time.
		s, err := store.Open(t.Context(), store.Options{URL: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Save(t.Context(), facts.PagerDuty, page()); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// spoilt is a file with one page, counted from 0, overwritten.
func spoilt(t *testing.T, file []byte, page int) string {
	t.Helper()
	const size = 4096
	if len(file) < (page+1)*size {
		t.Fatalf("the file has %d bytes and no page %d", len(file), page)
	}
	return string(file[:page*size]) + strings.Repeat("\xa5", size) + string(file[(page+1)*size:])
}

// storedLarge returns the path of a store with a large page in it, closed.
func storedLarge(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "teamhealth.db")
	s := open(t, path)
	if err := s.Save(t.Context(), facts.PagerDuty, large()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestADamagedStoreIsLeftAlone overwrites one page after the other, and reads
// as much as can be read while that is found out.
func TestADamagedStoreIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := storedLarge(t, t.TempDir())
	sound := readFile(t, path)
	for n := 1; n < len(sound)/4096; n++ {
		damagedFile := spoilt(t, sound, n)
		textFile(t, path, damagedFile)
		_, err := readMeanwhile(t, store.Options{URL: path})
		var storeErr *store.Error
		if !errors.As(err, &storeErr) || storeErr.Path != path || !strings.Contains(err.Error(), damaged) || strings.Contains(err.Error(), "\n") {
			t.Errorf("page %d of %d is overwritten, and the error is %v", n, len(sound)/4096, err)
		}
		if string(readFile(t, path)) != damagedFile {
			t.Errorf("page %d of %d is overwritten, and the file was changed", n, len(sound)/4096)
		}
	}
}

// TestADamagedStoreKeepsItsLog asserts that what a crash left in the log stays
// there when the file behind it is damaged.
func TestADamagedStoreKeepsItsLog(t *testing.T) {
	t.Parallel()
	alive, left := t.TempDir(), t.TempDir()
	path := storedLarge(t, alive)
	writer := open(t, path)
	if err := writer.RecordCycle(t.Context(), facts.PagerDuty, epoch, "of which the log alone knows"); err != nil {
		t.Fatal(err)
	}
	file := readFile(t, path)
	textFile(t, left+"/teamhealth.db", spoilt(t, file, len(file)/4096-1))
	textFile(t, left+"/teamhealth.db-wal", string(readFile(t, path+"-wal")))
	before := snapshot(t, left)
	_, err := store.Open(t.Context(), store.Options{URL: left + "/teamhealth.db"})
	if err == nil || !strings.Contains(err.Error(), damaged) {
		t.Errorf("the error is %v", err)
	}
	wantUnchanged(t, before, snapshot(t, left))
}

// wantUnchanged asserts that the files of before are there as they were.
func wantUnchanged(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name := range after {
		if _, ok := before[name]; !ok {
			delete(after, name)
		}
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}
