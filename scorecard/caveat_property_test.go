package scorecard_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// numbers is the JSON form of all cards, but for what caveats may change: the
// rows' caveats and coverage, and what the card says is unmapped.
func numbers(tb testing.TB, in scorecard.Input) string {
	tb.Helper()
	cards := scorecard.Compute(in)
	for i := range cards {
		cards[i].Unmapped = scorecard.Unmapped{}
		for j := range cards[i].Rows {
			cards[i].Rows[j].Caveats, cards[i].Rows[j].Coverage = nil, nil
		}
	}
	text, err := json.Marshal(cards)
	if err != nil {
		tb.Fatalf("marshal the cards: %v", err)
	}
	return string(text)
}

// coverages are the coverages of all rows of all cards; -1 for none.
func coverages(in scorecard.Input) []float64 {
	var list []float64
	for _, c := range scorecard.Compute(in) {
		for _, r := range c.Rows {
			share := -1.0
			if r.Coverage != nil {
				share = *r.Coverage
			}
			list = append(list, share)
		}
	}
	return list
}

// doubt adds to the facts of a world what only makes its numbers less certain.
type doubt struct {
	objectives []scorecard.Objective // Whose rows it changes nothing of.
	add        func(t *rapid.T, w *world)
}

// eachAnswered changes the incidents that somebody acknowledged more than a second before the
// horizon, and nobody reopened: a change right after the answer is known then.
func eachAnswered(change func(i *facts.Incident, answer *facts.Entry)) func(*rapid.T, *world) {
	return func(t *rapid.T, w *world) {
		w.incidents = slices.Clone(w.incidents)
		for n := range w.incidents {
			i := &w.incidents[n]
			i.Timeline = slices.Clone(i.Timeline)
			at := slices.IndexFunc(i.Timeline, func(e facts.Entry) bool {
				return e.Kind == facts.EntryAcknowledge && e.Actor.ID != robot && e.Actor.User && e.At.Add(time.Second).Before(w.asOf)
			})
			if at >= 0 && rapid.Bool().Draw(t, "doubted") {
				change(i, &i.Timeline[at])
			}
		}
	}
}

func TestDoubtsChangeNoNumber(t *testing.T) {
	t.Parallel()
	burden, uptime := oncallBurden(), databaseUptime()
	tests := map[string]doubt{
		"acknowledged by one and the same person": {
			[]scorecard.Objective{incidentResponse(), uptime},
			eachAnswered(func(_ *facts.Incident, answer *facts.Entry) { answer.Actor = actor(ada) }),
		},
		"reassigned again and again until then": {
			[]scorecard.Objective{incidentResponse()},
			eachAnswered(func(i *facts.Incident, answer *facts.Entry) {
				for after := time.Duration(0); i.CreatedAt.Add(after).Before(answer.At) && after < 10*time.Minute; after += 50 * time.Second {
					handed(facts.EntryDelegate, after, bo, []string{ada})(i)
				}
			}),
		},
		"lowered after the answer": {
			[]scorecard.Objective{incidentResponse(), uptime},
			eachAnswered(func(i *facts.Incident, answer *facts.Entry) {
				if i.Priority == "P3" {
					reprioritised(answer.At.Sub(i.CreatedAt)+time.Second, "P1", "P3")(i)
				}
			}),
		},
		"looked at by somebody on no roster": {
			[]scorecard.Objective{incidentResponse(), uptime, burden},
			eachAnswered(func(i *facts.Incident, answer *facts.Entry) {
				noted(answer.At.Sub(i.CreatedAt), "PUSER88")(i)
			}),
		},
		"incidents of services that no team lists": {
			[]scorecard.Objective{incidentResponse(), uptime, burden},
			func(t *rapid.T, w *world) {
				for n := range rapid.IntRange(1, 5).Draw(t, "strangers") {
					at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(-50, 90).Draw(t, "day")) * 24 * time.Hour)
					w.incidents = append(w.incidents, outage(fmt.Sprintf("QX%d", n), at, time.Hour, onService("PX11"), acknowledged(time.Minute, "PUSER88"), resolved(time.Hour, "PUSER88")))
				}
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				w := someWorld(t, rt)
				w.policy.Rubric.Objectives = tt.objectives
				w.policy.Incidents.OutagePriority = []string{"P1", "P2"}
				for n := range w.incidents {
					w.incidents[n].Priority = rapid.SampledFrom([]string{"P1", "P3", "P3", ""}).Draw(rt, "priority")
				}
				before := w.input(t)
				tt.add(rt, &w)
				after := w.input(t)
				if diff := cmp.Diff(numbers(t, before), numbers(t, after)); diff != "" {
					rt.Fatalf("cards (-before +after):\n%s", diff)
				}
				for n, share := range coverages(after) {
					if share > 1 || share < 0 && share != -1 {
						rt.Fatalf("row %d has a coverage of %v", n, share)
					}
				}
			})
		})
	}
}

// The facts have a bulk of six over two teams and a service of none, someone
// strange, and incidents that were passed on; only their order is drawn.
func TestOrderOfFactsChangesNoCaveat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slices.Concat(
		sweep(t, "QA", ada, []float64{0, 5, 10}, handed(facts.EntryAssign, 0, alarm, []string{bo})),
		sweep(t, "QB", ada, []float64{5, 10}, onService("PONCALL1"), noted(time.Hour, "PUSER88")),
		sweep(t, "QX", ada, []float64{0}, onService("PX11")),
		[]facts.Incident{incident("QL", utc(t, "2026-08-03 12:00:00"), begun, handed(facts.EntryAssign, 270*time.Second, ada, []string{bo}), acknowledged(time.Hour, bo))},
	)...)
	w.policy.Rubric.Objectives = []scorecard.Objective{incidentResponse(), oncallBurden()}
	want := w.cards(t)
	if got := w.row(t, scorecard.OrgID).Caveats; len(got) != 3 {
		t.Fatalf("caveats %q, want three", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := w
		w.incidents = rapid.Permutation(w.incidents).Draw(rt, "order")
		for n := range w.incidents {
			w.incidents[n].Timeline = rapid.Permutation(w.incidents[n].Timeline).Draw(rt, "timeline")
		}
		if diff := cmp.Diff(want, w.cards(t)); diff != "" {
			rt.Fatalf("cards (-want +got):\n%s", diff)
		}
	})
}
