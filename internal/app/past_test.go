package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// A card of a quarter is the same whether the quarter is at hand or has to be read again a
// year later. An outage of its last minutes was merged into one that began after it, and those
// who joined in it were on call after it for the first time.
func TestACardThatIsReadAgainHasTheBytesOfOneAtHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := emptyStore(t)
	for _, b := range w.undisturbed(t).batches {
		must(t, s.Save(t.Context(), facts.PagerDuty, relieved(b)))
	}
	end := time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
	service := w.config.Teams[0].PagerDuty.Services[0]
	target := resolved(outage("QTARGET", service, end.Add(10*time.Minute)), end.Add(5*time.Hour))
	chained := resolved(outage("QCHAINED", service, end.Add(-10*time.Minute)), end.Add(time.Hour))
	target.Priority, chained.Priority, chained.MergedInto = "P1", "P1", target.ID
	must(t, s.Save(t.Context(), facts.PagerDuty, facts.Batch{Incidents: []facts.Incident{target, chained}}))
	var cards [2]string
	for i, now := range []time.Time{evaluatedAt, evaluatedAt.AddDate(1, 0, 0)} {
		scores := app.NewScores(withBeginners(w.config.Policy()), s, func() time.Time { return now })
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
	if !strings.Contains(cards[1], "The median of 3 joiners was productive after 21 days.") { // June 10 to July 1.
		t.Error("the joiners are not on the card")
	}
}

// withBeginners has nobody join but three on June 10.
func withBeginners(p *scorecard.Policy) *scorecard.Policy {
	p.People = slices.Clone(p.People)
	for i := range p.People {
		p.People[i].Joined = scorecard.Date{Year: 2020, Month: time.January, Day: 2}
	}
	for n := range 3 {
		one := p.People[0]
		one.ID, one.PagerDuty = fmt.Sprintf("p9%d", n), fmt.Sprintf("PBEGIN%d", n)
		one.Joined, one.ProductiveOn = scorecard.Date{Year: 2026, Month: time.June, Day: 10}, scorecard.Date{}
		p.People = append(p.People, one)
	}
	return p
}

// relieved lets the beginners take over from two o'clock of July 1 on.
func relieved(b facts.Batch) facts.Batch {
	begin := time.Date(2026, time.July, 1, 2, 0, 0, 0, time.UTC)
	if b.OnCalls == nil || begin.Before(b.OnCalls.From) || !begin.Before(b.OnCalls.Until) {
		return b
	}
	reading := *b.OnCalls
	reading.Shifts = slices.Clone(reading.Shifts)
	for n := range 3 {
		reading.Shifts = append(reading.Shifts, facts.Shift{
			Policy: "EBEGIN", Level: 1, User: fmt.Sprintf("PBEGIN%d", n), Start: begin, End: begin.Add(time.Hour),
		})
	}
	b.OnCalls = &reading
	return b
}
