package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"teamhealth/internal/store"
	"teamhealth/internal/store/storetest"
)

// epoch is when the tests' history begins.
var epoch = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return open(t, filepath.Join(t.TempDir(), "teamhealth.db"))
	})
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
