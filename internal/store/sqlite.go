package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	_ "modernc.org/sqlite" // The driver.
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a SQLite file as ours, in its header: "TmHl".
const applicationID = 0x546d486c

// Settings of connections. Times are in ms, cache sizes in KiB (negative is
// how SQLite tells them from pages), the limit of the log in bytes.
const (
	common         = "&_error_rc=1&_dqs=0&_busy_timeout=10000"
	writerSettings = "mode=rwc" + common + "&_txlock=immediate&_defensive=1&_synchronous=NORMAL" +
		"&_pragma=cache_size(-16384)&_pragma=journal_size_limit(67108864)"
	readerSettings = "mode=ro" + common + "&_query_only=1&_pragma=cache_size(-4096)"
	// Immutable reads the file as it lies there: no locks, no log, no trace.
	inspectSettings = "mode=ro&immutable=1" + common
)

// scheme matches what stands before the first colon of a URL. One letter is
// a drive, and so part of a path.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

// parseURL returns the path in a store's URL. The URL is not repeated in
// errors: other databases' URLs hold passwords.
func parseURL(url string) (string, error) {
	path := url
	if m := scheme.FindStringSubmatch(url); m != nil {
		if m[1] != "sqlite" {
			return "", fmt.Errorf("store.url begins with %q: write sqlite:PATH", m[1]+":")
		}
		path = strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//")
	}
	if path == "" || path == ":memory:" {
		return "", errors.New("store.url names no file: write sqlite:PATH")
	}
	return path, nil
}

// connect makes a pool of at most limit connections. None is opened yet.
func connect(path, settings string, limit int) (*sql.DB, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	db, err := sql.Open("sqlite", "file:"+escaped+"?"+settings)
	if err != nil {
		return nil, fmt.Errorf("use the SQLite driver: %w", err)
	}
	db.SetMaxOpenConns(limit)
	db.SetMaxIdleConns(limit)
	return db, nil
}

// content is what a file holds.
type content int

const (
	nothing content = iota // No file, an empty one, or a database without tables.
	ours                   // A store with a schema.
)

// inspect finds out what the file is without changing it. A file that is
// neither empty nor ours is an error, and so is one that a newer program made.
func inspect(ctx context.Context, path string) (content, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist), err == nil && info.Size() == 0:
		return nothing, orphanedLog(path)
	case err != nil:
		return nothing, err
	case info.IsDir():
		return nothing, errors.New("it is a folder: name a file in it, such as sqlite:" + path + "/teamhealth.db")
	}
	found, err := look(ctx, path, inspectSettings)
	if !hasLog(path) || errors.Is(err, ErrForeign) || code(err) == sqlite3.SQLITE_NOTADB {
		return found, err
	}
	// While there is a log, the file alone may be half written. What it shows
	// is enough not to touch what is not ours, and no more.
	return look(ctx, path, readerSettings)
}

// look identifies a file through a connection of its own.
func look(ctx context.Context, path, settings string) (content, error) {
	db, err := connect(path, settings, 1)
	if err != nil {
		return nothing, err
	}
	found, err := identify(ctx, db)
	return found, errors.Join(err, db.Close())
}

// logSuffix is what SQLite appends to the name of a file for that of its
// write-ahead log.
const logSuffix = "-wal"

// hasLog reports whether something is in the log of a file.
func hasLog(path string) bool {
	info, err := os.Stat(path + logSuffix)
	return err == nil && info.Size() > 0
}

// orphanedLog is an error where a write-ahead log lies without its database:
// SQLite would remove it, and with it what was saved last.
func orphanedLog(path string) error {
	if !hasLog(path) {
		return nil
	}
	return fmt.Errorf("it is missing or empty, but its write-ahead log %s is there, so nothing is made anew: "+
		"put the file back beside its log, or move the log away", path+logSuffix)
}

// identify reads what tells a store from other databases. A store that was
// claimed and got no further holds nothing.
func identify(ctx context.Context, db *sql.DB) (content, error) {
	var id, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return nothing, fmt.Errorf("read its header: %w", err)
	}
	if id == applicationID {
		version, err := readSchema(ctx, db)
		if err != nil || version.current == 0 {
			return nothing, err
		}
		return ours, version.migratable()
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return nothing, fmt.Errorf("read its header: %w", err)
	}
	if id != 0 || tables > 0 {
		return nothing, ErrForeign
	}
	return nothing, nil
}

// tryWrite finds out whether the file can be written, and leaves it as it was.
// To begin a transaction is not enough: of a read-only file SQLite lets it pass.
func tryWrite(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("try to write: %w", err)
	}
	_, err = tx.ExecContext(ctx, "CREATE TABLE attempt (x)")
	return wrap("try to write", errors.Join(err, ended(tx.Rollback())))
}

// quickCheck finds out whether the file is sound, as far as SQLite can tell. It
// reads all of it.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("check it: %w", err)
	}
	if found != "ok" {
		return fmt.Errorf("%w (%s)", errDamaged, strings.Join(strings.Fields(found), " "))
	}
	return nil
}

// claim marks an empty file as ours. It comes before the log is switched on,
// so that the mark is in the file itself, where inspect looks.
func claim(ctx context.Context, db *sql.DB) error {
	var id int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil || id == applicationID {
		return wrap("read its header", err)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	return nil
}

// enterWAL switches on the write-ahead log, by which readers and the writer
// do not wait for each other. The file remembers it.
func enterWAL(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return fmt.Errorf("switch on the write-ahead log: %w", err)
	}
	if mode != "wal" {
		return errors.New("its folder allows no write-ahead log, as network folders do: put it on a local disk")
	}
	return nil
}
