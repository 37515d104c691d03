package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

// schemaOf makes an empty store of an earlier version of the schema.
func schemaOf(t *testing.T, path string, version int64) {
	t.Helper()
	sqliteFile(t, path, "PRAGMA application_id = 0x546d486c")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations/sqlite"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// firstSchema writes a store as the first version of the program left it:
// an old incident with a later entry, one that is merged into it, and one
// that nothing has happened to since.
func firstSchema(t *testing.T, path string) {
	t.Helper()
	schemaOf(t, path, 1)
	sqliteFile(t, path,
		`INSERT INTO incident (key, id, status, created_at, resolved_at, merged_into, revision) VALUES
			(1, 'QOLD', 'resolved', 1000000, 2000000, '', 1),
			(2, 'QMERGED', 'resolved', 1000000, 2000000, 'QOLD', 1),
			(3, 'QDONE', 'resolved', 1000000, 2000000, '', 1)`,
		`INSERT INTO log_entry (incident, id, at, kind, actor, by_user, medium, page, service, old, new) VALUES
			(1, 'R1', 3000000, 'annotate', '', 0, '', 0, '', '', ''),
			(1, 'R2', 900000000, 'annotate', '', 0, '', 0, '', '', ''),
			(9, 'R3', 900000000, 'annotate', '', 0, '', 0, '', '', '')`,
		"INSERT INTO incident (key, id, revision) VALUES (9, 'QENTRIES', 1)",
		"INSERT INTO record_count (source, kind, rows) VALUES ('pagerduty', 'incident', 3)",
		"UPDATE revision SET value = 1")
}

func TestMigrateFirstSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "teamhealth.db")
	firstSchema(t, path)
	if _, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true}); !errors.Is(err, store.ErrOlderSchema) {
		t.Errorf("a reader opened it, or says %v", err)
	}
	s := open(t, path)
	var active []string
	for i, err := range s.Incidents(t.Context(), store.Query{From: time.Unix(10, 0), Active: true}) {
		if err != nil {
			t.Fatal(err)
		}
		active = append(active, i.ID)
	}
	if diff := cmp.Diff([]string{"QMERGED", "QOLD"}, active); diff != "" {
		t.Errorf("active incidents (-want +got):\n%s", diff)
	}
	if revision, err := s.Revision(t.Context()); err != nil || revision != 1 {
		t.Errorf("the revision is %d, %v", revision, err)
	}
	if err := s.Save(t.Context(), facts.PagerDuty, page()); err != nil {
		t.Error(err)
	}
}

// TestMigrateStoreWithoutEvents opens a store from before hours of events.
func TestMigrateStoreWithoutEvents(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "teamhealth.db")
	schemaOf(t, path, 6)
	sqliteFile(t, path,
		"INSERT INTO record (file, line, date, metric, team, value, n, note) VALUES ('a.csv', 2, '2026-07-01', 'patent', 'org', '1', 0, '')",
		"UPDATE revision SET value = 1")
	s := open(t, path)
	if revision, err := s.EventRevision(t.Context()); err != nil || revision != 0 {
		t.Errorf("the revision of events is %d, %v", revision, err)
	}
	hour := facts.EventHour{Query: facts.EventQuery{Good: "ok", Total: "all"}, Team: "mysql", Hour: epoch, Good: 1, Total: 2}
	if err := s.Save(t.Context(), facts.Prometheus, facts.Batch{EventHours: []facts.EventHour{hour}}); err != nil {
		t.Fatal(err)
	}
	hours, err := s.EventHours(t.Context(), []facts.EventQuery{hour.Query}, epoch, epoch.Add(time.Hour))
	if diff := cmp.Diff([]facts.EventHour{hour}, hours); err != nil || diff != "" {
		t.Errorf("hours, %v (-want +got):\n%s", err, diff)
	}
	if records, err := s.Attested(t.Context()); err != nil || len(records) != 1 {
		t.Errorf("it has %d records, %v; want the one from before", len(records), err)
	}
}

// TestTallySurvivesARestart counts on where a process that ended left off.
func TestTallySurvivesARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "teamhealth.db")
	basis := store.Basis{
		Fingerprint: "mapping", Buckets: map[store.ObservationKind][]time.Duration{store.ObservedAnswered: {time.Minute}},
	}
	answered := func(id string, seconds int) store.Observation {
		return store.Observation{
			Incident: id, Kind: store.ObservedAnswered, Team: "mysql", At: epoch, Took: time.Duration(seconds) * time.Second,
		}
	}
	for restart := range 3 {
		s := open(t, path)
		done := store.Progress{Now: epoch.AddDate(0, 0, restart), Since: int64(restart), Through: int64(restart + 1)}
		if err := s.Observe(t.Context(), basis, done, []store.Observation{answered("Q1", 10), answered("Q2", 70+restart)}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	reader, err := store.Open(t.Context(), store.Options{URL: path, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	got, err := reader.Tally(t.Context(), basis)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(store.Tally{
		Created: epoch, Revision: 3,
		Counts: []store.Count{{Kind: store.ObservedAnswered, Team: "mysql", Count: 2}},
		Histograms: []store.Histogram{{Kind: store.ObservedAnswered, Team: "mysql", Count: 2, Sum: 80, Buckets: []store.Bucket{
			{Count: 1, Latest: store.Exemplar{Incident: "Q1", At: epoch, Took: 10 * time.Second}},
			{Count: 1, Latest: store.Exemplar{Incident: "Q2", At: epoch, Took: 70 * time.Second}},
		}}},
	}, got); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
}
