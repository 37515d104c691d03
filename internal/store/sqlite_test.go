package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// TestSaveFails breaks the store in the middle of its life and asserts that
// a page that cannot be kept leaves no trace, and that the store goes on once
// the trouble is over.
func TestSaveFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		trouble func(t *testing.T, s *store.Store, path string) (end func())
		message string
	}{
		"the disk is full": {
			trouble: pragmas("max_page_count = 1", "max_page_count = 1000000"),
			message: "the disk is full: free some space; what was saved before is safe",
		},
		"the file is read-only": {
			trouble: pragmas("query_only = 1", "query_only = 0"),
			message: "it is read-only: let this user write the file and its folder",
		},
		"another program holds the lock": {
			trouble: lock,
			message: "another program keeps it locked: end that one (a backup, or a session of sqlite3), or give this one its own store.url",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "teamhealth.db")
			s := open(t, path)
			if err := s.Save(t.Context(), facts.PagerDuty, page()); err != nil {
				t.Fatal(err)
			}
			end := test.trouble(t, s, path)
			err := s.Save(t.Context(), facts.PagerDuty, large())
			var storeErr *store.Error
			if !errors.As(err, &storeErr) || storeErr.Path != path || storeErr.Hint != test.message {
				t.Fatalf("the error is %v\nwant the path and %q", err, test.message)
			}
			wantPage(t, s)
			end()
			if err := s.Save(t.Context(), facts.PagerDuty, large()); err != nil {
				t.Errorf("after the trouble: %v", err)
			}
		})
	}
}

func pragmas(begin, end string) func(*testing.T, *store.Store, string) func() {
	return func(t *testing.T, s *store.Store, _ string) func() {
		t.Helper()
		set := func(pragma string) {
			if err := s.Exec(t.Context(), "PRAGMA "+pragma); err != nil {
				t.Fatal(err)
			}
		}
		set(begin)
		return func() { set(end) }
	}
}

// lock holds the lock of the store as another process would, and makes the
// store give up waiting soon.
func lock(t *testing.T, s *store.Store, path string) func() {
	t.Helper()
	pragmas("busy_timeout = 1", "")(t, s, path)
	db, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// large is a page that needs more room than the last page of the file has.
func large() facts.Batch {
	b := facts.Batch{Cursor: []byte("after"), Complete: &facts.Completion{DataAsOf: epoch}}
	for n := range 200 {
		id := fmt.Sprintf("Q%03d", n)
		b.Incidents = append(b.Incidents, facts.Incident{ID: id, Title: strings.Repeat("long ", 50), CreatedAt: epoch})
		b.Entries = append(b.Entries, facts.Entry{ID: "R" + id, Incident: id, At: epoch})
	}
	return b
}

func TestReaderIgnoresLock(t *testing.T) {
	t.Parallel()
	path := stored(t, t.TempDir())
	s := open(t, path)
	end := lock(t, s, path)
	defer end()
	reader, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	wantPage(t, reader)
}

func TestPlans(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "teamhealth.db"))
	const (
		timeline = "\nCORRELATED SCALAR SUBQUERY 1\nSEARCH e USING PRIMARY KEY (incident=?)"
		sorted   = "\nUSE TEMP B-TREE FOR ORDER BY"
		created  = "SEARCH i USING INDEX incident_by_creation (created_at>? AND created_at<?)"
		changed  = "SEARCH i USING INDEX incident_by_revision (revision>?)"
	)
	for name, test := range map[string]struct {
		query store.Query
		want  string
	}{
		"a range is read in the order of its index": {store.Query{From: epoch}, created + timeline},
		"changes are found by their revision":       {store.Query{From: epoch, SinceRevision: 1}, changed + timeline + sorted},
	} {
		plans, err := s.Plans(t.Context(), test.query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{test.want}, plans); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPlansSearch holds that nothing but what a query has found itself is
// read row by row.
func TestPlansSearch(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "teamhealth.db"))
	plans, err := s.SpanPlans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []store.Query{
		{From: epoch, Active: true}, {From: epoch, Active: true, SinceRevision: 1}, {From: epoch, IDs: []string{"Q1"}},
	} {
		active, err := s.Plans(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		plans = append(plans, active...)
	}
	found := []string{"SCAN target", "SCAN earlier", "SCAN part", "SCAN json_each VIRTUAL TABLE INDEX 1:"}
	for _, plan := range plans {
		for step := range strings.Lines(plan) {
			if step = strings.TrimSpace(step); strings.HasPrefix(step, "SCAN") && !slices.Contains(found, step) {
				t.Errorf("%s in\n%s", step, plan)
			}
		}
	}
}
