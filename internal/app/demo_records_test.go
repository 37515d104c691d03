package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors"
	"teamhealth/collectors/records"
	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	simulated "teamhealth/internal/simulator/records"
	"teamhealth/scorecard"
)

// forgetful is a collector's memory of nothing.
type forgetful struct{ collectors.Memory }

func (forgetful) Cursor(context.Context, facts.Source) ([]byte, error) { return nil, nil }

// Whatever day it is, the card of the quarter before has numbers: a target that is met, one
// that is missed, and one that is missed once the year is over.
func TestDemoHasRecordsForTheQuarterBefore(t *testing.T) {
	t.Parallel()
	c := exampleWithRecords(t)
	for month := range 14 {
		now := time.Date(2026, time.Month(3+month), 1+2*month, 9, 0, 0, 0, time.UTC)
		in := scorecard.Input{Policy: c.Policy(), Facts: demoFacts(t, c, now), AsOf: now}
		var err error
		in.Period, err = in.Policy.Calendar.ParsePeriod("previous", now)
		must(t, err)
		cards := scorecard.Compute(in)
		patents := scorecard.Pending
		if in.Period.End.Month() == time.January {
			patents = scorecard.Missed
		}
		want := map[string]scorecard.Verdict{
			"employee_satisfaction": scorecard.Missed, "conference_presentations": scorecard.Met, "patent_submissions": patents,
			"documentation_quality": scorecard.Tracked, "certifications": scorecard.Tracked,
		}
		got := map[string]scorecard.Verdict{}
		for id := range want {
			row := cards[0].Row(id)
			if got[id] = row.Verdict; row.Value == nil {
				t.Errorf("%s: %s of %s has no value: %s", now.Format(time.DateOnly), id, in.Period.ID, row.Reason)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: verdicts of %s (-want +got):\n%s", now.Format(time.DateOnly), in.Period.ID, diff)
		}
		if mysql := cards[1].Row("employee_satisfaction"); mysql.Verdict != scorecard.Met {
			t.Errorf("%s: mysql is %s in %s, want met", now.Format(time.DateOnly), mysql.Verdict, in.Period.ID)
		}
	}
}

func exampleWithRecords(t *testing.T) *config.Config {
	t.Helper()
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:1", TokenFile: "/nowhere/token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db",
		Records: []string{"records/*.csv"},
	})
	must(t, err)
	c, err := config.Parse("teamhealth.yml", text)
	must(t, err)
	return c
}

// demoFacts are what a cycle finds in the demo's files on a day.
func demoFacts(t *testing.T, c *config.Config, now time.Time) scorecard.Facts {
	t.Helper()
	files, err := simulated.Files(app.SimulatedRecords(c, now.AddDate(-2, 0, 0), now, 1))
	must(t, err)
	dir := t.TempDir()
	for name, content := range files {
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	metrics, counted := c.Metrics()
	collector, err := records.New(records.Options{
		Files: []string{filepath.Join(dir, "*.csv")}, Metrics: metrics, Counted: counted, Now: func() time.Time { return now },
		Teams: []string{"mysql", "mongodb", "platform", "oncall", "monitoring", "automation"},
	})
	must(t, err)
	f := scorecard.Facts{Sources: []facts.SourceState{{Source: facts.Records, DataAsOf: now}}}
	warnings, err := collector.Probe(t.Context())
	if err != nil || len(warnings) > 0 {
		t.Fatalf("the demo's files: %v, warnings %q", err, warnings)
	}
	must(t, collector.Collect(t.Context(), forgetful{}, func(b facts.Batch) error {
		for _, file := range b.RecordFiles {
			f.Records = append(f.Records, file.Records...)
		}
		return nil
	}))
	return f
}
