package scorecard_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// inputs draws an input of one of the kinds that the properties know. Some of its
// incidents began days before anything happened to them.
func inputs(tb testing.TB, t *rapid.T) scorecard.Input {
	tb.Helper()
	age := func(incidents []facts.Incident) {
		for n := range incidents {
			days := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 20, 100}).Draw(t, "age")
			incidents[n].CreatedAt = incidents[n].CreatedAt.AddDate(0, 0, -days)
		}
	}
	switch rapid.SampledFrom([]string{"responses", "outages", "labor", "tickets"}).Draw(t, "kind") {
	case "tickets":
		w := someReviews(tb, t)
		yearly := actionItems()
		yearly.Window = scorecard.WindowYear
		w.policy.Rubric.Objectives = named(postmortemCompletion(), postmortemQuality(), actionItems(), yearly)
		return w.input(tb)
	case "outages":
		w := someDownWorld(tb, t)
		pooled := w.policy.Rubric.Objectives[0]
		pooled.Aggregate = "pooled"
		w.policy.Rubric.Objectives = named(append(w.policy.Rubric.Objectives, pooled)...)
		age(w.incidents)
		return w.input(tb)
	case "labor":
		l := someLabor(tb, t).onCall(tb, 1, ada, bo).onCall(tb, 2, dee)
		age(l.incidents)
		return l.input(tb)
	default:
		w := someWorld(tb, t)
		age(w.incidents)
		return w.input(tb)
	}
}

// named gives each objective an id of its own.
func named(objectives ...scorecard.Objective) []scorecard.Objective {
	for n := range objectives {
		objectives[n].ID += strings.Repeat("_again", n)
	}
	return objectives
}

func asJSON(tb testing.TB, value any) string {
	tb.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestPeriodsComputedTogetherHaveTheBytesOfThoseComputedAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := inputs(t, rt)
		cal := in.Policy.Calendar
		rolling, err := cal.ParsePeriod("28d", in.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		before := cal.Before(in.Period, in.AsOf)
		periods := rapid.Permutation([]scorecard.Period{in.Period, before, rolling, cal.Before(before, in.AsOf)}).Draw(rt, "periods")
		for i, together := range scorecard.ComputeAll(in.Policy, in.Facts, in.AsOf, periods...) {
			in.Period = periods[i]
			if diff := cmp.Diff(asJSON(t, scorecard.Compute(in)), asJSON(t, together)); diff != "" {
				rt.Fatalf("cards of %s (-alone +together):\n%s", in.Period.ID, diff)
			}
		}
	})
}

// What rows of one subject, or of one objective, share is no other for each of them.
func TestARowOnACardHasTheBytesOfOneComputedAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := inputs(t, rt)
		for _, card := range scorecard.Compute(in) {
			for _, row := range card.Rows {
				o, err := in.Policy.Rubric.Find(row.ID)
				if err != nil {
					t.Fatal(err)
				}
				row.Trend = nil
				if diff := cmp.Diff(asJSON(t, scorecard.RowAlone(in, o, card.Subject)), asJSON(t, row)); diff != "" {
					rt.Fatalf("%s of %s (-alone +on the card):\n%s", row.ID, card.Subject.ID, diff)
				}
			}
		}
	})
}

// An incident that does not last is not looked at by periods that begin more
// than a day after it. One that is said to last is looked at, and adds nothing.
func TestWhatIsLeftOutAsOverChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := inputs(t, rt)
		before := asJSON(t, scorecard.Compute(in))
		for _, d := range in.Facts.Incidents {
			d.Lasting = true
		}
		if diff := cmp.Diff(before, asJSON(t, scorecard.Compute(in))); diff != "" {
			rt.Fatalf("cards (-before +with all):\n%s", diff)
		}
	})
}

func TestDigestTellsWhetherItLasted(t *testing.T) {
	t.Parallel()
	const aDay = 24 * time.Hour
	tests := map[string]struct {
		what []happening
		want bool
	}{
		"an open incident may go on":                         {nil, true},
		"one resolved within a day did not":                  {[]happening{resolved(aDay, alarm)}, false},
		"one resolved a second later did":                    {[]happening{resolved(aDay+time.Second, alarm)}, true},
		"somebody is held for 15 minutes by what they do":    {[]happening{resolved(time.Hour, alarm), entry(facts.EntryAnnotate, aDay-time.Minute, ada)}, true},
		"somebody is held no longer than that":               {[]happening{resolved(time.Hour, alarm), entry(facts.EntryAnnotate, aDay-15*time.Minute, ada)}, false},
		"a bot is held by nothing":                           {[]happening{resolved(time.Hour, alarm), entry(facts.EntryAnnotate, aDay, robot)}, false},
		"one that was merged goes on for as long as another": {[]happening{mergedAway(time.Hour, alarm)}, true},
	}
	p := newPolicy()
	p.Engagement = scorecard.Engagement{Minimum: 15 * time.Minute, Maximum: 4 * time.Hour}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := incident("Q1", utc(t, "2026-08-03 10:00:00"), tt.what...)
			if got := scorecard.NewDigester(p).Digest(i).Lasting; got != tt.want {
				t.Errorf("lasting is %t, want %t", got, tt.want)
			}
		})
	}
}
