package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"teamhealth/internal/store"
)

// emptyStoreFile is what is in the file of a new store. It is made once: most of
// what a new store costs is its migrations.
var emptyStoreFile = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "teamhealth-empty-store")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "teamhealth.db")
	s, err := store.Open(context.Background(), store.Options{URL: path})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// layEmptyStore puts the file of a new store into a folder and returns its path.
func layEmptyStore(tb testing.TB, dir string) string {
	tb.Helper()
	content, err := emptyStoreFile()
	must(tb, err)
	path := filepath.Join(dir, "teamhealth.db")
	must(tb, os.WriteFile(path, content, 0o600))
	return path
}

func emptyStore(tb testing.TB) *store.Store {
	tb.Helper()
	s, err := store.Open(context.Background(), store.Options{URL: layEmptyStore(tb, tb.TempDir())})
	must(tb, err)
	tb.Cleanup(func() { must(tb, s.Close()) })
	return s
}
