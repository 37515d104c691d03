package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/scorecard"
)

// TestDemoHasAnEngineerWhoBecameAnSREInThePreviousQuarter starts the demo on
// several days. The move is a month or more away from both ends of the quarter, so that
// there is work on both sides of it.
func TestDemoHasAnEngineerWhoBecameAnSREInThePreviousQuarter(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-01-01", "2026-03-31", "2026-11-23", "2027-02-28", "2028-02-29", "2031-07-01"} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.DateOnly, day)
			must(t, err)
			demo, err := app.StartDemo(context.Background(), app.DemoOptions{
				Dir: t.TempDir(), Seed: 1, Now: func() time.Time { return now.Add(13 * time.Hour) },
			})
			must(t, err)
			t.Cleanup(func() { must(t, demo.Close()) })
			text, err := os.ReadFile(demo.ConfigFile)
			must(t, err)
			c, err := config.Parse(filepath.Base(demo.ConfigFile), text)
			must(t, err)
			calendar := c.Policy().Calendar
			previous := calendar.Before(calendar.QuarterOf(now), now)
			crossed := 0
			for _, p := range c.People {
				for _, m := range p.Moves {
					if p.Line != scorecard.LineEngineer || m.Line != scorecard.LinePersonSRE {
						continue
					}
					crossed++
					if on := m.On.In(calendar.Location); on.Before(previous.Start.AddDate(0, 0, 33)) || on.After(previous.End.AddDate(0, 0, -33)) {
						t.Errorf("%s crosses the line on %v, which is not in the middle of %s", p.ID, m.On, previous.ID)
					}
				}
			}
			if crossed != 1 {
				t.Errorf("%d engineers became SREs, want 1", crossed)
			}
		})
	}
}
