// Package store keeps facts and cursors in one SQLite file. It saves a page
// of facts and the cursor behind it in one transaction, so that a crash
// repeats a page and never skips one; it takes the same facts in any order
// and any number of times and ends with the same content; and it gives every
// incident the revision at which it last really changed, so that a reader
// refreshes only that. Beside the facts it keeps what counters have counted,
// so that they survive a restart.
//
// It refuses to judge: it knows no team, no period and no score. It never
// writes to a file that it does not understand (another program's database,
// a damaged one, or one that a newer version made), and never forgets what
// happened: only what lies ahead, or in the open part of a reading, is replaced.
//
// Several processes may read one file while one writes it; a second writer is
// refused. A reader that
// needs facts no older than what Sources says calls Sources first; one that
// follows changes calls Revision before Incidents: what is saved in between
// is then read twice, and never missed.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// readers is how many queries may run at once; further ones wait.
const readers = 4

// Options say which store to open.
type Options struct {
	// URL is "sqlite:PATH" or a plain path. Required.
	URL string
	// ReadOnly neither creates nor migrates the store, and works beside a
	// process that writes it. Saving is then an error.
	ReadOnly bool
	// Meanwhile, if set, is called with the store while its file is checked, and
	// may read it until it returns, for which Open waits. When the file is
	// damaged its ctx ends, and what it learnt is good for nothing. It is not
	// called for a store that is new, read-only, or must be migrated first, nor
	// when the check is put off.
	Meanwhile func(context.Context, *Store)
	// CheckLater puts the check off until Check is called where the last writer
	// closed the store properly and the file has the size and the time since that it
	// had then. Until it is found to be sound, the store can be read, and saving is
	// an error.
	CheckLater bool
}

// Store is an open store. It is safe for concurrent use: one call writes at
// a time, and readers neither wait for it nor see half of what it saves.
type Store struct {
	path     string
	readOnly bool
	locked   *sql.DB // Of the lock that keeps other writers out; nil when read-only.
	writer   *sql.DB // One connection; nil when read-only.
	reader   *sql.DB
	prepared map[string]*sql.Stmt // On the writer, by query.

	checking sync.Mutex
	sound    atomic.Bool // The file is checked, or new.
}

// Open opens the store, and unless it is read-only creates and migrates it.
// Only one Store at a time, of all processes of the machine, may be open for
// writing; before anything is written, the whole file is checked, which takes about
// half a second for 100,000 incidents.
//
// An error about the file is an *Error, which names it and says what to do.
// It wraps ErrNotExist, ErrForeign, ErrOlderSchema, ErrNewerSchema or
// ErrInUse where that is the reason; nothing has been written then.
func Open(ctx context.Context, o Options) (*Store, error) {
	path, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, readOnly: o.ReadOnly}
	open := func(ctx context.Context) error { return s.openToWrite(ctx, &o) }
	if o.ReadOnly {
		open = s.openToRead
	}
	if err := open(ctx); err != nil {
		return nil, s.explain("open it", errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) openToRead(ctx context.Context) error {
	found, err := inspect(ctx, s.path)
	if err != nil {
		return err
	}
	if found != ours {
		return ErrNotExist
	}
	version, err := s.openReader(ctx)
	if err != nil {
		return err
	}
	return version.readable()
}

// openToWrite looks at a store with eyes that cannot write before it opens it
// for writing. To close what was opened for writing changes the file already:
// what the log holds is moved there. Beside a file with a farewell that holds is no log.
func (s *Store) openToWrite(ctx context.Context, o *Options) error {
	found, err := inspect(ctx, s.path)
	if err != nil {
		return err
	}
	if err := s.lock(ctx); err != nil {
		return err
	}
	if found == ours {
		err = s.examine(ctx, o)
	} else {
		err = s.mayWrite(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.openWriter(ctx); err != nil {
		return err
	}
	_, err = s.openReader(ctx)
	return err
}

// openReader opens the connections for reading, unless they are open.
func (s *Store) openReader(ctx context.Context) (schema, error) {
	if s.reader == nil {
		var err error
		if s.reader, err = connect(s.path, readerSettings, readers); err != nil {
			return schema{}, err
		}
	}
	return readSchema(ctx, s.reader)
}

// examine refuses a store that is damaged, if that is to be found out now, or whose
// log a newer program wrote. Whoever reads meanwhile is done when it returns: a reader
// could keep the file from being changed.
func (s *Store) examine(ctx context.Context, o *Options) error {
	version, err := s.openReader(ctx)
	if err != nil {
		return err
	}
	if err := version.migratable(); err != nil {
		return err
	}
	present := version.readable() == nil
	if o.CheckLater && present {
		if later, err := s.leftInOrder(ctx); later || err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.check(ctx) })
	if o.Meanwhile != nil && present {
		o.Meanwhile(ctx, s)
	}
	return group.Wait()
}

// Check checks the file if Open has put that off, and lets saving begin when it is
// sound. When it is not, the error is what Open's would have been, nothing has been
// written, and what was read is good for nothing. After ctx has ended it may be called again.
func (s *Store) Check(ctx context.Context) error {
	s.checking.Lock()
	defer s.checking.Unlock()
	if s.readOnly || s.sound.Load() {
		return nil
	}
	return s.explain("open it", s.check(ctx))
}

// check finds out whether the file is sound. What it finds, a farewell must not gainsay.
func (s *Store) check(ctx context.Context) error {
	err := quickCheck(ctx, s.reader)
	switch {
	case err == nil:
		return s.mayWrite(ctx)
	case ctx.Err() != nil:
		return err // Which tells nothing about the file.
	default:
		return errors.Join(err, s.takeFarewellBack(ctx))
	}
}

// mayWrite lets saving begin.
func (s *Store) mayWrite(ctx context.Context) error {
	err := s.takeFarewellBack(ctx)
	s.sound.Store(err == nil)
	return err
}

func (s *Store) openWriter(ctx context.Context) error {
	var err error
	if s.writer, err = connect(s.path, writerSettings, 1); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *sql.DB) error{stillOurs, tryWrite, claim, enterWAL, migrate} {
		if err := step(ctx, s.writer); err != nil {
			return err
		}
	}
	return s.prepare(ctx)
}

// stillOurs identifies the file once more: what a cut-off writer left half
// done in it, SQLite undoes only now.
func stillOurs(ctx context.Context, db *sql.DB) error {
	_, err := identify(ctx, db)
	return err
}

// Close releases the file. It must not run while another call does. A
// second Close does nothing.
func (s *Store) Close() error {
	// The writer goes after the readers: the last connection to leave tidies
	// the log away, and only the writer may. Only then may there be another.
	err := closeAll(s.reader, s.writer)
	if s.sound.Load() && err == nil {
		s.sayFarewell()
	}
	return s.explain("close it", errors.Join(err, closeAll(s.locked)))
}

func closeAll(all ...*sql.DB) error {
	var errs []error
	for _, db := range all {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Size returns how many bytes the store takes on disk, without its log.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var n int64
	err := s.reader.QueryRowContext(ctx,
		"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&n)
	return n, s.explain("measure it", err)
}

// Revision returns a number that grows with every real change of facts. Facts
// that are saved again as they are do not move it, and neither do cursors
// and what is said about cycles. It is 0 while the store has no facts.
func (s *Store) Revision(ctx context.Context) (int64, error) {
	var n int64
	err := s.reader.QueryRowContext(ctx, "SELECT value FROM revision").Scan(&n)
	return n, s.explain("read its revision", err)
}

// read runs f on one state of the store, whatever is saved meanwhile.
func (s *Store) read(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	return errors.Join(f(tx), ended(tx.Rollback()))
}

// ended drops the error of a transaction that a cancelled context has
// already ended; the caller sees the cancellation itself.
func ended(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
