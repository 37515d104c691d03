package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func TestReadable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		current, wanted int64
		want            error
	}{
		"no schema yet":   {0, 3, store.ErrNotExist},
		"an older schema": {2, 3, store.ErrOlderSchema},
		"the same schema": {3, 3, nil},
		"a newer schema":  {4, 3, store.ErrNewerSchema},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := store.Readable(test.current, test.wanted); !errors.Is(err, test.want) {
				t.Errorf("a program of schema %d reads one of %d: %v", test.wanted, test.current, err)
			}
		})
	}
}

func TestReadOnlyNeedsAStore(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(t *testing.T, dir string) string{
		"no file":       func(_ *testing.T, dir string) string { return dir + "/t.db" },
		"no folder":     func(_ *testing.T, dir string) string { return dir + "/missing/t.db" },
		"an empty file": func(t *testing.T, dir string) string { return textFile(t, dir+"/t.db", "") },
		"what a crash leaves of a new store": func(t *testing.T, dir string) string {
			return sqliteFile(t, dir+"/t.db", "PRAGMA application_id = 0x546d486c")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := make(t, dir)
			before := snapshot(t, dir)
			_, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
			want := fmt.Sprintf(`store %s: open it: no store there yet: run "teamhealth sync" or "teamhealth serve" first`, path)
			if !errors.Is(err, store.ErrNotExist) || err.Error() != want {
				t.Errorf("the error is %v\nwant %s", err, want)
			}
			if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
				t.Errorf("the folder was written to (-before +after):\n%s", diff)
			}
		})
	}
}

func TestReadOnlyBesideAWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "teamhealth.db")
	writer := open(t, path)
	reader, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	if err := writer.Save(t.Context(), facts.PagerDuty, page()); err != nil {
		t.Fatal(err)
	}
	wantPage(t, reader)

	for name, write := range map[string]func(context.Context) error{
		"save":   func(ctx context.Context) error { return reader.Save(ctx, facts.PagerDuty, page()) },
		"record": func(ctx context.Context) error { return reader.RecordCycle(ctx, facts.PagerDuty, epoch, "") },
		"observe": func(ctx context.Context) error {
			return reader.Observe(ctx, store.Basis{}, store.Progress{Now: epoch}, nil)
		},
	} {
		if err := write(t.Context()); err == nil || !strings.Contains(err.Error(), "opened for reading only") {
			t.Errorf("%s through a reader: %v", name, err)
		}
	}
}

func TestReadOnlyWithoutAWriter(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	before := readFile(t, path)
	reader, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	wantPage(t, reader)
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, readFile(t, path)) {
		t.Error("reading changed the file")
	}
	writer := open(t, path)
	wantPage(t, writer)
}
