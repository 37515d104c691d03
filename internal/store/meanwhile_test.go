package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"teamhealth/internal/store"
)

// readMeanwhile opens a store for writing and returns which incidents were read
// while it was checked; nil when nobody was asked to.
func readMeanwhile(t *testing.T, o store.Options) (read []string, err error) {
	t.Helper()
	o.Meanwhile = func(ctx context.Context, s *store.Store) {
		read = []string{}
		for i, err := range s.Incidents(ctx, store.Query{}) {
			if err != nil {
				return // Open says what is wrong with the file.
			}
			read = append(read, i.ID)
		}
	}
	s, err := store.Open(t.Context(), o)
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return read, err
}

func TestAStoreMayBeReadWhileItIsChecked(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	read, err := readMeanwhile(t, store.Options{URL: path})
	if err != nil || len(read) != len(page().Incidents) {
		t.Errorf("read %q, %v; want as many as there are, %d", read, err, len(page().Incidents))
	}
}

func TestNothingIsReadMeanwhileOfWhatIsNotChecked(t *testing.T) {
	t.Parallel()
	older := filepath.Join(t.TempDir(), "teamhealth.db")
	firstSchema(t, older)
	for name, o := range map[string]store.Options{
		"a store that is made":           {URL: filepath.Join(t.TempDir(), "teamhealth.db")},
		"one that must be migrated":      {URL: older},
		"one that is opened for reading": {URL: stored(t, t.TempDir()), ReadOnly: true},
	} {
		if read, err := readMeanwhile(t, o); err != nil || read != nil {
			t.Errorf("%s: read %q, %v", name, read, err)
		}
	}
}

// TestWhoeverReadsMeanwhileIsToldOfDamage waits for the check to fail.
func TestWhoeverReadsMeanwhileIsToldOfDamage(t *testing.T) {
	t.Parallel()
	path := storedLarge(t, t.TempDir())
	sound := readFile(t, path)
	spoiltFile := spoilt(t, sound, len(sound)/4096-1)
	textFile(t, path, spoiltFile)
	told := false
	_, err := store.Open(t.Context(), store.Options{URL: path, Meanwhile: func(ctx context.Context, _ *store.Store) {
		<-ctx.Done()
		told = true
	}})
	var storeErr *store.Error
	if !errors.As(err, &storeErr) || !told {
		t.Errorf("told: %t, and the error is %v", told, err)
	}
	if string(readFile(t, path)) != spoiltFile {
		t.Error("the file was changed")
	}
}
