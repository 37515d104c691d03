package app_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// A refresh reads only what changed, and computes with what it kept. The pages
// come in any order, and halfway a new quarter begins.
func TestRefreshingAfterEveryChangeGivesTheBytesOfAFreshStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	batches := w.undisturbed(t).batches
	for seed := range seeds(t, 1) {
		random := rand.New(rand.NewPCG(seed, 7))
		pages := disturb(batches, random)
		groups, complete := inGroups(pages[:len(pages)-1], 12), pages[len(pages)-1]
		s := emptyStore(t)
		must(t, s.Save(t.Context(), facts.PagerDuty, complete))
		now := evaluatedAt.AddDate(0, 0, -1) // In the quarter before.
		clock := func() time.Time { return now }
		kept := app.NewScores(w.config.Policy(), s, clock)
		for n, group := range groups {
			if n == len(groups)/2 {
				now = evaluatedAt
			}
			for _, b := range group {
				must(t, s.Save(t.Context(), facts.PagerDuty, b))
			}
			must(t, kept.Refresh(t.Context()))
			if n%4 == 3 || n == len(groups)-1 {
				requireFresh(t, kept, w.config.Policy(), s, clock)
			}
		}
	}
}

// inGroups deals pages out to at most so many groups.
func inGroups(pages []facts.Batch, most int) [][]facts.Batch {
	return slices.Collect(slices.Chunk(pages, (len(pages)+most-1)/most))
}

// requireFresh compares what is published with what somebody publishes who
// knows nothing but the store.
func requireFresh(t *testing.T, kept *app.Scores, p *scorecard.Policy, s *store.Store, clock func() time.Time) {
	t.Helper()
	fresh := app.NewScores(p, s, clock)
	must(t, fresh.Refresh(context.Background()))
	if diff := cmp.Diff(published(t, fresh), published(t, kept)); diff != "" {
		t.Fatalf("published (-fresh +kept):\n%s", diff)
	}
}

// published are the bytes of all published cards.
func published(t *testing.T, scores *app.Scores) string {
	t.Helper()
	var out bytes.Buffer
	for _, w := range scores.Published().Windows {
		out.WriteString(w.Name + "\n")
		must(t, text.JSON(&out, w.Cards...))
	}
	return out.String()
}
