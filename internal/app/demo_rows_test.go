package app_test

import (
	"log/slog"
	"os"
	"regexp"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/scorecard"
)

// startDemo starts the demo at an instant, with a history from a day on.
func startDemo(t *testing.T, at time.Time, since string) *app.Demo {
	t.Helper()
	demo, err := app.StartDemo(t.Context(), app.DemoOptions{Dir: t.TempDir(), Seed: 1, Now: func() time.Time { return at }})
	must(t, err)
	t.Cleanup(func() { must(t, demo.Close()) })
	if since == "" {
		return demo
	}
	text, err := os.ReadFile(demo.ConfigFile)
	must(t, err)
	text = regexp.MustCompile(`(?m)^( +since: ).*$`).ReplaceAll(text, []byte("${1}"+since))
	must(t, os.WriteFile(demo.ConfigFile, text, 0o600))
	return demo
}

// syncAt reads all sources once.
func syncAt(t *testing.T, c *config.Config, at time.Time) {
	t.Helper()
	program, err := app.New(t.Context(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return at }})
	must(t, err)
	must(t, program.Sync(t.Context(), func(app.Progress) {}))
	must(t, program.Close())
}

// readDemo reads the store of a demo that began at an instant, and was read once: its whole
// history, or that from a day on.
func readDemo(t *testing.T, at time.Time, since string) (*config.Config, *app.Reader) {
	t.Helper()
	c, err := config.Load(startDemo(t, at, since).ConfigFile)
	must(t, err)
	syncAt(t, c, at)
	r, err := app.OpenReader(t.Context(), c, func() time.Time { return at })
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	return c, r
}

// Whatever day it is, every line of the document has a number for the quarter before.
// That quarter and the weeks before it are read, which is as much as the test can wait for;
// of November 2026 TestEveryRowOfTheDemoIsExplained reads all.
func TestDemoAnswersEveryRowOnAnyDay(t *testing.T) {
	t.Parallel()
	for day, since := range map[string]string{
		"2027-02-10": "2026-10-01", "2026-08-20": "2026-04-01", "2028-01-05": "2027-10-01",
	} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.DateOnly, day)
			must(t, err)
			_, r := readDemo(t, at.Add(13*time.Hour), since)
			cards, err := r.CardsOf(t.Context(), app.AllTeams, "previous", time.Time{})
			must(t, err)
			for i := range cards {
				requireAnswers(t, &cards[i])
			}
		})
	}
}

// requireAnswers wants a value of every row of the organisation, and no row that nothing could be said of.
func requireAnswers(t *testing.T, card *scorecard.Card) {
	t.Helper()
	isOrg := card.Subject.ID == scorecard.OrgID
	if want := 35; isOrg && len(card.Rows) != want { // 37 objectives, of which two are about teams alone.
		t.Errorf("the card of %s has %d rows, want %d", card.Period.ID, len(card.Rows), want)
	}
	for i := range card.Rows {
		row := &card.Rows[i]
		if row.Verdict == scorecard.NoData || isOrg && row.Value == nil {
			t.Errorf("%s of %s in %s is %s: %s", row.ID, card.Subject.ID, card.Period.ID, row.Verdict, row.Reason)
		}
	}
}
