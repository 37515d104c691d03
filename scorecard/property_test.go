package scorecard_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// someIncidents draws incidents of two quarters, most of them in clusters, on
// the teams' services and on one that is nobody's.
func someIncidents(t *rapid.T) []facts.Incident {
	from := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	services := rapid.SampledFrom([]string{alarm, "PMYSQL2", "PONCALL1", "PX99"})
	seconds := rapid.SampledFrom([]int{0, 1, 60, 299, 300, 301, 600, 86400})
	people := rapid.SampledFrom([]string{ada, bo, robot, alarm, "PUSER77"})
	kinds := rapid.SampledFrom([]facts.EntryKind{
		facts.EntryAcknowledge, facts.EntryUnacknowledge, facts.EntryResponderAccept, facts.EntryResolve, facts.EntryMerge,
		facts.EntryUrgencyChange, facts.EntryNotify, facts.EntryAnnotate, facts.EntryOther,
	})
	incidents := make([]facts.Incident, rapid.IntRange(0, 25).Draw(t, "incidents"))
	for n := range incidents {
		from = from.Add(time.Duration(rapid.SampledFrom([]int{0, 60, 1800, 1801, 10 * 86400}).Draw(t, "gap")) * time.Second)
		what := []happening{onService(services.Draw(t, "service"))}
		for range rapid.IntRange(0, 4).Draw(t, "entries") {
			what = append(what, entry(kinds.Draw(t, "kind"), time.Duration(seconds.Draw(t, "after"))*time.Second, people.Draw(t, "who")))
		}
		incidents[n] = incident(fmt.Sprintf("Q%03d", n), from, what...)
		incidents[n].Urgency = rapid.SampledFrom([]facts.Urgency{facts.UrgencyHigh, facts.UrgencyHigh, facts.UrgencyLow, ""}).Draw(t, "urgency")
		if rapid.IntRange(0, 9).Draw(t, "merged") == 0 {
			incidents[n].MergedInto = "QTARGET"
		}
	}
	return incidents
}

// someWorld draws incidents, an instant to look at them from, and perhaps an exception.
func someWorld(tb testing.TB, t *rapid.T) world {
	tb.Helper()
	w := newWorld(tb, someIncidents(t)...)
	w.period = rapid.SampledFrom([]string{"2026-Q2", "2026-Q3", "2026", "2026-07", "90d"}).Draw(t, "period")
	w = w.horizonAt(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 120*86400).Draw(t, "horizon")) * time.Second))
	if rapid.Bool().Draw(t, "exception") {
		w.policy.Exceptions = []scorecard.Exception{exception("ex1", "", 12, 31, "Q001", "Q004", "Q007")}
	}
	return w
}

// cards is the JSON form of all cards.
func (w world) cards(tb testing.TB) string {
	tb.Helper()
	text, err := json.Marshal(scorecard.Compute(w.input(tb)))
	if err != nil {
		tb.Fatalf("marshal the cards: %v", err)
	}
	return string(text)
}

func TestOrderOfFactsChangesNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		before := w.cards(t)
		w.incidents = rapid.Permutation(w.incidents).Draw(rt, "order")
		for n := range w.incidents {
			w.incidents[n].Timeline = rapid.Permutation(w.incidents[n].Timeline).Draw(rt, "timeline")
		}
		if diff := cmp.Diff(before, w.cards(t)); diff != "" {
			rt.Fatalf("cards (-before +after):\n%s", diff)
		}
	})
}

func TestFactsBeyondTheHorizonChangeNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		before := w.cards(t)
		for n := range w.incidents {
			i := &w.incidents[n]
			late := w.asOf.Sub(i.CreatedAt) + time.Second
			if late <= time.Second {
				continue
			}
			acknowledged(late, "PUSER99")(i)
			entry(facts.EntryResolve, late+time.Second, alarm)(i)
		}
		w.incidents = append(w.incidents, incident("QNEW", w.asOf.Add(time.Second), onService("PX11")))
		if diff := cmp.Diff(before, w.cards(t)); diff != "" {
			rt.Fatalf("cards (-before +after):\n%s", diff)
		}
	})
}

// inBulk is what the evidence says of an incident because of others.
var inBulk = regexp.MustCompile(` Acknowledged in bulk, one of \d+\.`)

func TestRemovingAnIncidentChangesNoOthersEvidence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		if len(w.incidents) == 0 {
			return
		}
		before := w.evidence(t, scorecard.OrgID)
		n := rapid.IntRange(0, len(w.incidents)-1).Draw(rt, "removed")
		gone := w.incidents[n].ID
		w.incidents = append(append([]facts.Incident{}, w.incidents[:n]...), w.incidents[n+1:]...)
		want := []scorecard.Evidence{}
		for _, item := range before {
			if item.ID != gone {
				want = append(want, item)
			}
		}
		got := w.evidence(t, scorecard.OrgID)
		for _, items := range [][]scorecard.Evidence{want, got} {
			for i := range items {
				items[i].Reason = inBulk.ReplaceAllString(items[i].Reason, "")
			}
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("evidence without %s (-want +got):\n%s", gone, diff)
		}
	})
}

// count is a number that may be null, and is then nothing.
func count(n *scorecard.Number) int64 {
	if n == nil {
		return 0
	}
	return n.Floor()
}

func TestOrganisationIsTheSumOfItsTeams(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		var numerator, denominator int64
		var episodes scorecard.Episodes
		sum := scorecard.Population{Classes: map[string]int{}, Excluded: map[string]int{}}
		for _, team := range w.policy.Teams {
			r := w.row(t, team.ID)
			numerator, denominator = numerator+count(r.Numerator), denominator+count(r.Denominator)
			e := details(t, r).Episodes
			episodes.Within, episodes.Total = episodes.Within+e.Within, episodes.Total+e.Total
			sum.Total, sum.Used = sum.Total+r.Population.Total, sum.Used+r.Population.Used
			addTo(sum.Classes, r.Population.Classes)
			addTo(sum.Excluded, r.Population.Excluded)
		}
		org := w.row(t, scorecard.OrgID)
		if count(org.Numerator) != numerator || count(org.Denominator) != denominator || details(t, org).Episodes != episodes {
			rt.Fatalf("org has %s of %s in %+v, its teams %d of %d in %+v",
				shown(org.Numerator), shown(org.Denominator), details(t, org).Episodes, numerator, denominator, episodes)
		}
		if diff := cmp.Diff(sum, org.Population); diff != "" {
			rt.Fatalf("population (-teams +org):\n%s", diff)
		}
	})
}

func addTo(sum, part map[string]int) {
	for k, n := range part {
		sum[k] += n
	}
}

func TestRowAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		r, evidence := w.row(t, scorecard.OrgID), w.evidence(t, scorecard.OrgID)
		p := r.Population
		used, excluded := 0, 0
		for _, n := range p.Classes {
			used += n
		}
		for _, n := range p.Excluded {
			excluded += n
		}
		if used != p.Used || used+excluded != p.Total || p.Total != len(evidence) {
			rt.Fatalf("%d used of %d, %d excluded, and %d items of evidence", used, p.Total, excluded, len(evidence))
		}
		if p.Classes["within"]+p.Classes["late"]+p.Classes["unanswered"] != int(count(r.Denominator)) || p.Classes["within"] != int(count(r.Numerator)) {
			rt.Fatalf("classes %v make no %s of %s", p.Classes, shown(r.Numerator), shown(r.Denominator))
		}
		counted := map[scorecard.Counted]int{}
		for _, item := range evidence {
			counted[item.Counted]++
		}
		if counted[scorecard.InNumerator] != p.Classes["within"] || counted[scorecard.NotCounted] != excluded {
			rt.Fatalf("evidence counts %v, the row %v and %v", counted, p.Classes, p.Excluded)
		}
		if r.Value != nil && (r.Value.Sign() < 0 || r.Value.Cmp(scorecard.Int(1)) > 0 || r.Value.Cmp(r.Numerator.Quo(*r.Denominator)) != 0) {
			rt.Fatalf("value %s of %s of %s", shown(r.Value), shown(r.Numerator), shown(r.Denominator))
		}
		if e := details(t, r).Episodes; e.Within > e.Total || e.Total > used || (used > 0 && e.Total == 0) {
			rt.Fatalf("episodes %+v of %d incidents", e, used)
		}
	})
}

func TestTeamWithoutIncidentsChangesNoOtherCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someWorld(t, rt)
		before := scorecard.Compute(w.input(t))
		w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: "idle", Name: "Idle", Line: scorecard.LineSRE, Services: []string{"PIDLE"}})
		after := scorecard.Compute(w.input(t))
		was, err := json.Marshal(before)
		if err != nil {
			rt.Fatal(err)
		}
		is, err := json.Marshal(after[:len(before)])
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(string(was), string(is)); diff != "" {
			rt.Fatalf("cards (-before +after):\n%s", diff)
		}
		if r := after[len(before)].Row("incident_response"); r.Verdict != scorecard.Empty && r.Verdict != scorecard.Exempt {
			rt.Fatalf("the idle team is %s", r.Verdict)
		}
	})
}
