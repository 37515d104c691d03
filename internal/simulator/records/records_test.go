package records_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/records"
)

func options() records.Options {
	return records.Options{
		Teams: []records.Team{{ID: "mysql", Size: 5, Databases: true}, {ID: "mongodb", Size: 5, Databases: true}, {ID: "oncall", Size: 4}, {ID: "empty"}},
		Seed:  1, Start: time.Date(2024, 11, 23, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
	}
}

func files(t *testing.T, o records.Options) map[string][]byte {
	t.Helper()
	made, err := records.Files(o)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// lines are the lines of a file below its header.
func lines(t *testing.T, content []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || strings.Join(all[0], ",") != "date,metric,team,value,n,note" {
		t.Fatalf("not a file of records (%v):\n%s", err, content)
	}
	return all[1:]
}

func TestFilesHoldTheTimeThatIsAskedFor(t *testing.T) {
	t.Parallel()
	made := files(t, options())
	if got := slices.Sorted(maps.Keys(made)); !cmp.Equal(got, []string{"achievements.csv", "documentation.csv", "surveys.csv"}) {
		t.Fatalf("files %q", got)
	}
	for name, content := range made {
		all := lines(t, content)
		if len(all) < 15 {
			t.Errorf("%s has %d lines, want those of two years", name, len(all))
		}
		for i, cells := range all {
			if cells[0] < "2024-11-23" || cells[0] > "2026-11-23" || i > 0 && cells[0] < all[i-1][0] {
				t.Errorf("%s: %q is not of the time or not in order", name, cells)
			}
		}
	}
}

func TestSurveysHaveTeamsOfTooFewToShow(t *testing.T) {
	t.Parallel()
	large, small := 0, 0
	for _, cells := range lines(t, files(t, options())["surveys.csv"]) {
		var n int
		if _, err := fmt.Sscan(cells[4], &n); err != nil || n < 1 || n > 5 || cells[2] == "empty" {
			t.Errorf("%q: want one to five people of a team that has some", cells)
		}
		if n < 5 {
			small++
		} else {
			large++
		}
	}
	if large == 0 || small == 0 {
		t.Errorf("%d surveys of five and %d of fewer, want both", large, small)
	}
}

func TestWhatWasStaysWhatItWas(t *testing.T) {
	t.Parallel()
	o := options()
	before := files(t, o)
	if diff := cmp.Diff(before, files(t, o)); diff != "" {
		t.Errorf("the same options (-first +second):\n%s", diff)
	}
	o.End = o.End.AddDate(0, 4, 0)
	for name, content := range files(t, o) {
		if !bytes.HasPrefix(content, before[name]) || len(content) == len(before[name]) {
			t.Errorf("%s four months later does not go on where it was", name)
		}
	}
	o = options()
	o.Seed = 2
	if bytes.Equal(files(t, o)["surveys.csv"], before["surveys.csv"]) {
		t.Error("another seed gives the same surveys")
	}
}

func TestRecordsOfNobodyAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*records.Options){
		"no teams":                    func(o *records.Options) { o.Teams = nil },
		"no start":                    func(o *records.Options) { o.Start = time.Time{} },
		"an end that is before start": func(o *records.Options) { o.End = o.Start.AddDate(0, 0, -1) },
	} {
		o := options()
		change(&o)
		if _, err := records.Files(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
