package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"
)

// A writer locks a small database beside the store for as long as it has the
// store open. The operating system ends the lock with the process, however
// that ends, and SQLite sees to it that a second store within one process is
// refused as well. The file stays: to remove it would let two writers lock
// two files of one name. It holds the number of the process that locked it last,
// and the farewell.
const (
	lockSuffix = "-lock"
	// The wait is for one who only looks, or is refused at the same moment.
	lockSettings = "mode=rwc&_error_rc=1&_dqs=0&_busy_timeout=200&_pragma=journal_mode(memory)&_pragma=synchronous(off)"
)

// lock keeps all other writers out until the store is closed. The error is
// ErrInUse when there is one already.
func (s *Store) lock(ctx context.Context) error {
	path := lockPath(s.path)
	if _, err := inspect(ctx, path); err != nil {
		return fmt.Errorf("lock it by %s: %w", path, err)
	}
	var err error
	if s.locked, err = connect(path, lockSettings, 1); err != nil {
		return err
	}
	for _, statement := range []string{
		"BEGIN EXCLUSIVE",
		"PRAGMA locking_mode = EXCLUSIVE", // From here on the end of a transaction does not unlock.
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", os.Getpid()),
		"COMMIT",
	} {
		if _, err := s.locked.ExecContext(ctx, statement); err != nil {
			return s.refused(ctx, path, err)
		}
	}
	return nil
}

// refused turns the error of a lock that somebody else holds into ErrInUse,
// with the number of that process where it can be read.
func (s *Store) refused(ctx context.Context, path string, err error) error {
	if code(err) != sqlite3.SQLITE_BUSY {
		return fmt.Errorf("lock it by %s: %w", path, err)
	}
	var process int
	if readHeader(ctx, path, "PRAGMA user_version", &process) != nil || process == 0 {
		return ErrInUse
	}
	return fmt.Errorf("process %d has it open: %w", process, ErrInUse)
}

// readHeader reads a number of a database's header, locked or not.
func readHeader(ctx context.Context, path, query string, target *int) error {
	db, err := connect(path, inspectSettings, 1)
	if err != nil {
		return err
	}
	return errors.Join(db.QueryRowContext(ctx, query).Scan(target), db.Close())
}

// lockPath is the same for all names that lead to one store by links.
func lockPath(path string) string {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file + lockSuffix
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil { // The file is yet to be made.
		return filepath.Join(dir, filepath.Base(path)) + lockSuffix
	}
	return path + lockSuffix
}
