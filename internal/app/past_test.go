package app_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
)

// A card of a quarter is the same whether the quarter is at hand or has to be read again a
// year later. An outage of its last minutes was merged into one that began after it.
func TestACardThatIsReadAgainHasTheBytesOfOneAtHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := emptyStore(t)
	for _, b := range w.undisturbed(t).batches {
		must(t, s.Save(t.Context(), facts.PagerDuty, b))
	}
	end := time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
	service := w.config.Teams[0].PagerDuty.Services[0]
	target := resolved(outage("QTARGET", service, end.Add(10*time.Minute)), end.Add(5*time.Hour))
	chained := resolved(outage("QCHAINED", service, end.Add(-10*time.Minute)), end.Add(time.Hour))
	target.Priority, chained.Priority, chained.MergedInto = "P1", "P1", target.ID
	must(t, s.Save(t.Context(), facts.PagerDuty, facts.Batch{Incidents: []facts.Incident{target, chained}}))
	var cards [2]string
	for i, now := range []time.Time{evaluatedAt, evaluatedAt.AddDate(1, 0, 0)} {
		scores := app.NewScores(w.config.Policy(), s, func() time.Time { return now })
		must(t, scores.Refresh(t.Context()))
		list, err := scores.CardsOf(t.Context(), app.AllTeams, "2026-Q2", evaluatedAt)
		must(t, err)
		var out bytes.Buffer
		must(t, text.JSON(&out, list...))
		cards[i] = out.String()
	}
	if diff := cmp.Diff(cards[0], cards[1]); diff != "" {
		t.Errorf("cards (-at hand +read again):\n%s", diff)
	}
}
