package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// schema is the version of a store's schema, 0 while it has none, and the
// version that this program makes.
type schema struct{ current, wanted int64 }

// readable returns an error unless the two are the same.
func (s schema) readable() error {
	switch {
	case s.current == 0:
		return ErrNotExist
	case s.current < s.wanted:
		return fmt.Errorf("schema %d, this program's is %d: %w", s.current, s.wanted, ErrOlderSchema)
	default:
		return s.migratable()
	}
}

// migratable returns an error when a newer program made the store.
func (s schema) migratable() error {
	if s.current > s.wanted {
		return fmt.Errorf("schema %d, this program's is %d: %w", s.current, s.wanted, ErrNewerSchema)
	}
	return nil
}

// readSchema writes nothing; goose, if it were asked, would create its table.
func readSchema(ctx context.Context, db *sql.DB) (schema, error) {
	provider, err := newProvider(db)
	if err != nil {
		return schema{}, err
	}
	steps := provider.ListSources()
	s := schema{wanted: steps[len(steps)-1].Version}
	const table = "SELECT count(*) FROM sqlite_schema WHERE name = '" + goose.DefaultTablename + "'"
	var made bool
	if err := db.QueryRowContext(ctx, table).Scan(&made); err != nil || !made {
		return s, wrap("look for its schema", err)
	}
	const version = "SELECT coalesce(max(version_id), 0) FROM " + goose.DefaultTablename + " WHERE is_applied"
	err = db.QueryRowContext(ctx, version).Scan(&s.current)
	return s, wrap("read its schema version", err)
}

// migrate brings the schema up to date, each step in its own transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	done, err := provider.Up(ctx)
	if err != nil || len(done) == 0 {
		return wrap("migrate its schema", err)
	}
	// Moved from the log into the file, the new version is seen by inspect.
	_, err = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return wrap("migrate its schema", err)
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, steps,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	return provider, wrap("read migrations", err)
}

// wrap adds what was attempted to an error, and leaves nil as it is.
func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
