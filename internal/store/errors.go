package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"
)

// Reasons not to open a store.
var (
	// ErrNotExist says that nothing has been stored there yet.
	ErrNotExist = errors.New(`no store there yet: run "teamhealth sync" or "teamhealth serve" first`)
	// ErrForeign says that the file is not a store of teamhealth.
	ErrForeign = errors.New("not a store of teamhealth, so it is left alone: name another file in store.url")
	// ErrOlderSchema says that a read-only store must be migrated first.
	ErrOlderSchema = errors.New(`made by an older teamhealth: run "teamhealth sync" or "teamhealth serve" once to bring it up to date`)
	// ErrNewerSchema says that this program is too old for the store.
	ErrNewerSchema = errors.New("made by a newer teamhealth, so it is left alone: upgrade this one")
	// ErrInUse says that another writer has the store open.
	ErrInUse = errors.New("another teamhealth writes to it: stop that one, or give this one its own store.url")
)

// errDamaged says that what the file holds cannot be relied upon.
var errDamaged = errors.New("the file is damaged: move it away, and its -wal file with it; " +
	"then put a backup in its place, or read everything from the sources again")

// errNoID refuses a fact that could not be told from others.
var errNoID = errors.New("it has no id, or names no incident")

// Error is what every failed call of a Store and of Open returns.
type Error struct {
	Path string // The file.
	Op   string // What was attempted, as a verb phrase.
	Hint string // What is wrong and what to do; empty when Err says it, or when nothing is known.
	Err  error
}

// Error returns one line that names the file, what was attempted, what went
// wrong and, where it is known, what to do.
func (e *Error) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("store %s: %s: %v", e.Path, e.Op, e.Err)
	}
	return fmt.Sprintf("store %s: %s: %s (%v)", e.Path, e.Op, e.Hint, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// explain returns err with the file's name and a hint; nil for nil.
func (s *Store) explain(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Path: s.path, Op: op, Hint: s.hint(err), Err: err}
}

// hint says what SQLite's result code means to whoever runs teamhealth.
func (s *Store) hint(err error) string {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program keeps it locked: end that one (a backup, or a session of sqlite3), or give this one its own store.url"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return s.whyNotWrite()
	case sqlite3.SQLITE_FULL:
		return "the disk is full: free some space; what was saved before is safe"
	case sqlite3.SQLITE_IOERR:
		return "it cannot be read or written: check the space on the disk, quotas, limits on the size of files, and the system's log; " +
			"what was saved before is safe"
	case sqlite3.SQLITE_CORRUPT:
		return errDamaged.Error()
	case sqlite3.SQLITE_NOTADB:
		return "it is not a database, so it is left alone: name another file in store.url"
	case sqlite3.SQLITE_CANTOPEN:
		return s.whyNotOpen()
	default:
		return ""
	}
}

// code returns SQLite's primary result code; 0 for other errors. The rest of
// a code tells details of the same problem.
func code(err error) int {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return 0
	}
	const primary = 0xff
	return coded.Code() & primary
}

// whyNotWrite tells a reader that it needs to write, too: the log's index,
// which a writer would have made.
func (s *Store) whyNotWrite() string {
	if s.readOnly {
		return `to read it while no "teamhealth serve" runs, this user must be able to write in the folder ` + filepath.Dir(s.path)
	}
	return "it is read-only: let this user write the file and its folder"
}

// whyNotOpen looks for the reason that SQLite does not tell.
func (s *Store) whyNotOpen() string {
	dir := filepath.Dir(s.path)
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return "the folder " + dir + " does not exist: create it, or name another file in store.url"
	}
	if _, err := os.Stat(s.path); err == nil {
		return "this user may not open it: let this user read and write the file and its folder"
	}
	return "this user may not create files in the folder " + dir + ": allow it, or name another file in store.url"
}
