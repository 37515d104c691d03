package store_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"teamhealth/internal/store"
	"teamhealth/internal/store/storetest"
)

// epoch is when the tests' history begins.
var epoch = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// TestContract runs the contract on copies of one new store: to migrate each of
// the thousands that it asks for would take most of its time.
func TestContract(t *testing.T) {
	t.Parallel()
	empty := sync.OnceValues(func() ([]byte, error) { return emptyFile(filepath.Join(t.TempDir(), "empty.db")) })
	storetest.Run(t, func(t *testing.T) storetest.Store {
		t.Helper()
		content, err := empty()
		if err != nil {
			t.Fatal(err)
		}
		return open(t, textFile(t, filepath.Join(t.TempDir(), "teamhealth.db"), string(content)))
	})
}

// emptyFile returns what is in the file of a new store.
func emptyFile(path string) ([]byte, error) {
	s, err := store.Open(context.Background(), store.Options{URL: path})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
