package app_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	simulatedjira "teamhealth/internal/simulator/jira"
)

// A command reads what its question is about, and a server has more at hand: their
// answers are the same.
func TestCommandsAnswerAsTheServerDoes(t *testing.T) {
	t.Parallel()
	s := newTicketSetting(t, quarterStart.AddDate(0, -5, 0), evaluatedAt).jiraStage(t, simulatedjira.Cloud)
	s.batches(t)
	s.config.Store.Path = "sqlite:" + s.file
	server := s.scores(t)
	before := evaluatedAt.AddDate(0, 0, -20)
	for _, q := range []struct {
		period string
		asOf   time.Time
	}{
		{period: "current"},
		{period: "previous"},
		{period: "28d"},
		{period: "2026-05"},
		{period: "2026"},
		{period: "2025-Q4"},
		{period: "previous", asOf: before},
		{period: "28d", asOf: before},
	} {
		want, err := server.CardsOf(t.Context(), app.AllTeams, q.period, q.asOf)
		must(t, err)
		r, err := app.OpenReader(t.Context(), s.config, clock)
		must(t, err)
		got, err := r.CardsOf(t.Context(), app.AllTeams, q.period, q.asOf)
		must(t, err)
		must(t, r.Close())
		var served, printed bytes.Buffer
		must(t, text.JSON(&served, want...))
		must(t, text.JSON(&printed, got...))
		if diff := cmp.Diff(served.String(), printed.String()); diff != "" {
			t.Errorf("%s as of %s (-server +command):\n%s", q.period, q.asOf, diff)
		}
	}
}
