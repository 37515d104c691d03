package storetest

import (
	"context"
	"testing"

	"teamhealth/internal/facts"
)

func recordTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of a record comes back":                          everyRecordField,
		"records come by day, file and line":                          recordsInOrder,
		"a file replaces what it said before, and no other file":      fileReplaces,
		"a file without records takes its records away":               fileGone,
		"a file that says the same again is no change":                sameFile,
		"a file without a name is an error, and nothing is kept":      fileWithoutName,
		"two records of one line are an error, and the old ones stay": lineTwice,
	}
}

// record is a line of the file of certifications, which every line is like.
func record(line int, date string) facts.Record {
	return facts.Record{File: "records/certifications.csv", Line: line, Date: date, Metric: "certification", Team: "mysql", Value: "1"}
}

// recordFile holds records in the order of their lines.
func recordFile(name string, records ...facts.Record) facts.Batch {
	for i := range records {
		records[i].File = name
	}
	return facts.Batch{RecordFiles: []facts.RecordFile{{Name: name, Records: records}}}
}

func attested(t *testing.T, s Store) []facts.Record {
	t.Helper()
	return got(s.Attested(context.Background()))(t)
}

func everyRecordField(t *testing.T, s Store) {
	full := facts.Record{
		File: "records/Umfrage.csv", Line: 2, Date: "2026-08-15", Metric: "employee_satisfaction", Team: facts.Everybody,
		Value: "4.50", N: 12, Note: "größer\x00 als,\n\"0\"",
	}
	save(t, s, recordFile(full.File, full))
	want(t, "records", attested(t, s), []facts.Record{full})
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"record": 1})
}

func recordsInOrder(t *testing.T, s Store) {
	const a, b = "a.csv", "b.csv"
	save(t, s, recordFile(b, record(2, "2026-08-02"), record(3, "2026-08-01")), recordFile(a, record(9, "2026-08-02"), record(10, "2026-08-02")))
	var order []string
	for _, r := range attested(t, s) {
		order = append(order, r.Date+" "+r.File)
	}
	want(t, "records", order, []string{"2026-08-01 b.csv", "2026-08-02 a.csv", "2026-08-02 a.csv", "2026-08-02 b.csv"})
}

func fileReplaces(t *testing.T, s Store) {
	const mended, other = "mended.csv", "other.csv"
	save(t, s, recordFile(other, record(2, "2026-08-01")))
	save(t, s, recordFile(mended, record(2, "2026-08-02"), record(3, "2026-08-03")))
	save(t, s, recordFile(mended, record(2, "2026-08-03")))
	first, second := record(2, "2026-08-01"), record(2, "2026-08-03")
	first.File, second.File = other, mended
	want(t, "records", attested(t, s), []facts.Record{first, second})
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"record": 2})
	want(t, "revision", got(s.Revision(context.Background()))(t), 3)
}

func fileGone(t *testing.T, s Store) {
	save(t, s, recordFile("a.csv", record(2, "2026-08-01")), recordFile("a.csv"))
	want(t, "records", attested(t, s), nil)
	want(t, "counts", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{})
	want(t, "revision", got(s.Revision(context.Background()))(t), 2)
}

func sameFile(t *testing.T, s Store) {
	save(t, s, recordFile("a.csv", record(2, "2026-08-01")), recordFile("a.csv", record(2, "2026-08-01")), recordFile("b.csv"))
	want(t, "revision", got(s.Revision(context.Background()))(t), 1)
}

func fileWithoutName(t *testing.T, s Store) {
	b := recordFile("a.csv", record(2, "2026-08-01"))
	b.RecordFiles = append(b.RecordFiles, facts.RecordFile{})
	if err := s.Save(context.Background(), facts.Records, b); err == nil {
		t.Error("a file without a name was kept")
	}
	want(t, "records", attested(t, s), nil)
}

func lineTwice(t *testing.T, s Store) {
	old := record(2, "2026-08-01")
	old.File = "a.csv"
	save(t, s, recordFile("a.csv", old))
	if err := s.Save(context.Background(), facts.Records, recordFile("a.csv", record(2, "2026-08-02"), record(2, "2026-08-03"))); err == nil {
		t.Error("two records of one line were kept")
	}
	want(t, "records", attested(t, s), []facts.Record{old})
}
