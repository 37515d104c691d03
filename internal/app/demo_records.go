package app

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"teamhealth/config"
	"teamhealth/internal/simulator/records"
	"teamhealth/scorecard"
)

// demoRecords is the folder of the demo's records, beside its configuration.
const demoRecords = "records"

// SimulatedRecords is what the files of records of the configured organisation are made up from.
func SimulatedRecords(c *config.Config, start, end time.Time, seed uint64) records.Options {
	o := records.Options{Start: start, End: end, Seed: seed}
	policy := c.Policy()
	for _, t := range c.Teams {
		o.Teams = append(o.Teams, records.Team{ID: t.ID, Size: policy.Headcount(t.ID, end), Databases: t.Line == scorecard.LineDRE})
	}
	return o
}

// writeRecords writes made up files of records into a new folder.
func writeRecords(folder string, o records.Options) error {
	files, err := records.Files(o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder for the demo's records: %w", err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return fmt.Errorf("write the demo's records: %w", err)
		}
	}
	return nil
}
