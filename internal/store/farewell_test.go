package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// openLater opens a store whose check may be put off, and reports whether it was.
func openLater(t *testing.T, path string) (s *store.Store, later bool, err error) {
	t.Helper()
	later = true
	s, err = store.Open(t.Context(), store.Options{
		URL: path, CheckLater: true, Meanwhile: func(context.Context, *store.Store) { later = false },
	})
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, later, err
}

func TestWhenTheCheckIsPutOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		since func(t *testing.T, path string)
		later bool
	}{
		"the file is as its last writer left it": {func(*testing.T, string) {}, true},
		"it was only read since":                 {readOnce, true},
		"it was only tried since":                {openOnce(false), true},
		"it was checked and written since":       {openOnce(true), true},
		"it has another time":                    {touch, false},
		"it has another size":                    {resize, false},
		"a log lies beside it":                   {leaveLog, false},
		"the last writer left no farewell":       {removeFarewell, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := stored(t, t.TempDir())
			test.since(t, path)
			s, later, err := openLater(t, path)
			if err != nil || later != test.later {
				t.Fatalf("put off: %t, %v; want %t", later, err, test.later)
			}
			wantPage(t, s)
		})
	}
}

func readOnce(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	wantPage(t, s)
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
}

// openOnce opens a store for writing, and writes if it is to be checked.
func openOnce(checked bool) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		s, _, err := openLater(t, path)
		if err == nil && checked {
			err = errors.Join(s.Check(t.Context()), s.RecordCycle(t.Context(), facts.PagerDuty, epoch, ""))
		}
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.Chtimes(path, epoch, epoch); err != nil {
		t.Fatal(err)
	}
}

// resize changes nothing but the size, as far as a look at the file shows.
func resize(t *testing.T, path string) {
	t.Helper()
	keepTime(t, path, func() { textFile(t, path, string(readFile(t, path))+strings.Repeat("\x00", 4096)) })
}

// keepTime lets f change a file and gives it the time that it had.
func keepTime(t *testing.T, path string, f func()) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f()
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

// removeFarewell leaves what a version leaves that knows of no farewells.
func removeFarewell(t *testing.T, path string) {
	t.Helper()
	sqliteFile(t, path+"-lock", "DROP TABLE farewell")
}

// leaveLog leaves what a writer leaves that is killed before it has moved its log.
func leaveLog(t *testing.T, path string) {
	t.Helper()
	alive := filepath.Join(t.TempDir(), "t.db")
	textFile(t, alive, string(readFile(t, path)))
	writer := open(t, alive)
	if err := writer.RecordCycle(t.Context(), facts.PagerDuty, epoch, ""); err != nil {
		t.Fatal(err)
	}
	textFile(t, path+"-wal", string(readFile(t, alive+"-wal")))
}

func TestNothingIsSavedBeforeTheCheck(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	before := string(readFile(t, path))
	s, later, err := openLater(t, path)
	if err != nil || !later {
		t.Fatalf("put off: %t, %v", later, err)
	}
	if err := s.Save(t.Context(), facts.PagerDuty, large()); err == nil || !strings.Contains(err.Error(), "not checked yet") {
		t.Errorf("saving before the check: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Check(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a check that was ended: %v", err)
	}
	if string(readFile(t, path)) != before {
		t.Error("the file was written to")
	}
	for range 2 {
		if err := errors.Join(s.Check(t.Context()), s.Save(t.Context(), facts.PagerDuty, large())); err != nil {
			t.Error(err)
		}
	}
}

// TestDamageBehindAFarewell damages a file behind the back of everybody.
func TestDamageBehindAFarewell(t *testing.T) {
	t.Parallel()
	path := storedLarge(t, t.TempDir())
	sound := readFile(t, path)
	spoiltFile := spoilt(t, sound, len(sound)/4096-1)
	keepTime(t, path, func() { textFile(t, path, spoiltFile) })
	s, later, err := openLater(t, path)
	if err != nil || !later {
		t.Fatalf("put off: %t, %v", later, err)
	}
	for range 2 {
		err = s.Check(t.Context())
		var storeErr *store.Error
		if !errors.As(err, &storeErr) || storeErr.Path != path || !strings.Contains(err.Error(), damaged) {
			t.Errorf("the check says %v", err)
		}
		if s.Save(t.Context(), facts.PagerDuty, page()) == nil {
			t.Error("a damaged store was written to")
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if string(readFile(t, path)) != spoiltFile {
		t.Error("the file was changed")
	}
	if _, later, err := openLater(t, path); err == nil || later {
		t.Errorf("it is opened again: put off: %t, %v", later, err)
	}
}

// TestAFarewellDoesNotOutliveACrash looks at what lies there while a store is open, of
// which the farewell is taken back before there is a log.
func TestAFarewellDoesNotOutliveACrash(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	open(t, path)
	left := filepath.Join(t.TempDir(), "teamhealth.db")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-lock"} {
		textFile(t, left+suffix, string(readFile(t, path+suffix)))
	}
	if err := os.Chtimes(left, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if _, later, err := openLater(t, left); err != nil || later {
		t.Errorf("put off: %t, %v", later, err)
	}
}
