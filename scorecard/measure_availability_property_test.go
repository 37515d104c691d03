package scorecard_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// someOutages draws incidents that overlap, are merged into each other and
// are reopened, many of them around the beginning of the third quarter.
func someOutages(t *rapid.T) []facts.Incident {
	from := time.Date(2026, 6, 30, 23, 0, 0, 0, time.UTC)
	seconds := rapid.SampledFrom([]int{0, 1, 60, 299, 3600, 5 * 86400})
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	incidents := make([]facts.Incident, rapid.IntRange(0, 12).Draw(t, "incidents"))
	for n := range incidents {
		from = from.Add(time.Duration(seconds.Draw(t, "gap")) * time.Second)
		what := []happening{onService(pick("service", alarm, alarm, spare, "PONCALL1", "PX99")), priority(pick("priority", "P1", "P2", "P3", ""))}
		after := time.Duration(0)
		for range rapid.IntRange(0, 3).Draw(t, "resolves") {
			after += time.Duration(seconds.Draw(t, "open")) * time.Second
			what = append(what, resolved(after, ada))
			after += time.Duration(seconds.Draw(t, "closed")) * time.Second
			what = append(what, acknowledged(after, bo))
		}
		switch pick("end", "open", "resolved", "merged") {
		case "open":
			what = append(what, reopened)
		case "resolved":
			what = append(what, resolved(after+time.Duration(seconds.Draw(t, "open"))*time.Second, ada))
		case "merged":
			target := fmt.Sprintf("Q%03d", rapid.IntRange(0, 14).Draw(t, "target"))
			what = append(what, mergedInto(target, after+time.Duration(seconds.Draw(t, "open"))*time.Second))
		}
		incidents[n] = incident(fmt.Sprintf("Q%03d", n), from, what...)
	}
	return incidents
}

// someDownWorld draws incidents, maintenance, an instant to look from, and perhaps an exception.
func someDownWorld(tb testing.TB, t *rapid.T) downWorld {
	tb.Helper()
	w := newDownWorld(tb, someOutages(t)...)
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	w.period = rapid.SampledFrom([]string{"2026-Q3", "2026-Q3", "2026-Q2", "2026-07", "28d"}).Draw(t, "period")
	w = w.until(start.Add(time.Duration(rapid.IntRange(0, 100*86400).Draw(t, "horizon")) * time.Second))
	for range rapid.IntRange(0, 3).Draw(t, "windows") {
		from := start.Add(time.Duration(rapid.IntRange(-7200, 7200).Draw(t, "from")) * time.Second)
		w.maintenance = append(w.maintenance, maintenance(from, from.Add(time.Duration(rapid.IntRange(0, 7200).Draw(t, "length"))*time.Second), alarm, spare))
	}
	if rapid.Bool().Draw(t, "exception") {
		w.policy.Exceptions = []scorecard.Exception{uptimeException("", "Q000", "Q003", "Q006")}
	}
	if rapid.Bool().Draw(t, "pooled") {
		w = w.pooled()
	}
	return w
}

func TestUptimeAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt)
		for _, subject := range w.policy.Subjects() {
			r, evidence := w.row(t, subject.ID), w.evidence(t, subject.ID)
			if r.Value == nil {
				continue
			}
			if r.Value.Sign() < 0 || r.Value.Cmp(scorecard.Int(1)) > 0 || r.Value.Cmp(r.Numerator.Quo(*r.Denominator)) != 0 {
				rt.Fatalf("%s: value %s of %s / %s", subject.ID, shown(r.Value), shown(r.Numerator), shown(r.Denominator))
			}
			var sum int64
			counted := map[string]int{}
			for _, item := range evidence {
				if item.Kind == "incident" {
					sum += count(item.Value)
					counted[item.Class]++
				}
			}
			if got := downtime(t, r); sum != got || shown(r.Budget.Used) != scorecard.Int(got).String() {
				rt.Fatalf("%s: evidence of %d s, %s used, for a downtime of %d", subject.ID, sum, shown(r.Budget.Used), got)
			}
			classes := maps.Clone(r.Population.Classes)
			maps.Copy(classes, r.Population.Excluded)
			if diff := cmp.Diff(classes, counted); diff != "" {
				rt.Fatalf("%s: classes (-row +evidence):\n%s", subject.ID, diff)
			}
			if r.ValueWithoutExceptions != nil && r.ValueWithoutExceptions.Cmp(*r.Value) > 0 {
				rt.Fatalf("%s: %s without exceptions, and %s with them", subject.ID, shown(r.ValueWithoutExceptions), shown(r.Value))
			}
			d := uptimeDetails(t, r)
			worst := slices.MaxFunc(d.Services, func(a, b scorecard.ServiceUptime) int { return int(a.DowntimeSeconds - b.DowntimeSeconds) })
			if w.objective().Aggregate == "worst" && (worst.Service != d.WorstService || worst.Value.Cmp(*r.Value) != 0) {
				rt.Fatalf("%s: value %s of %s, and services %+v", subject.ID, shown(r.Value), d.WorstService, d.Services)
			}
		}
	})
}

func TestPooledUptimeOfTheOrganisationIsTheSumOfItsTeams(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt).pooled()
		sums := [5]int64{}
		rows := map[string]scorecard.Row{}
		for _, s := range w.policy.Subjects() {
			r := w.row(t, s.ID)
			if r.Value == nil {
				return // A team whose incidents have no priority counts in the organisation's sum as up.
			}
			rows[s.ID] = r
			sign := int64(1)
			if s.ID == scorecard.OrgID {
				sign = -1
			}
			for i, n := range []int64{count(r.Numerator), count(r.Denominator), count(r.Budget.Used), int64(r.Population.Total), int64(r.Population.Used)} {
				sums[i] += sign * n
			}
		}
		if sums != [5]int64{} {
			rt.Fatalf("the teams have %v more than the organisation: numerator, denominator, used, incidents, outages", sums)
		}
		allowed := rows["mysql"].Budget.Allowed.Add(*rows["oncall"].Budget.Allowed)
		if rows[scorecard.OrgID].Budget.Allowed.Cmp(allowed) != 0 {
			rt.Fatalf("org may be down for %s s, its teams for %s", shown(rows[scorecard.OrgID].Budget.Allowed), allowed)
		}
	})
}

// An incident that is taken away leaves every other one in its class, unless
// that one was merged into it. Seconds that both had become the other's, so no other
// loses any, and the downtime shrinks by no more than what was the incident's own.
func TestRemovingAnOutageGivesOthersAtMostWhatTheyShared(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt).pooled()
		if len(w.incidents) == 0 {
			return
		}
		n := rapid.IntRange(0, len(w.incidents)-1).Draw(rt, "removed")
		gone := w.incidents[n].ID
		if slices.ContainsFunc(w.incidents, func(i facts.Incident) bool { return i.MergedInto == gone }) {
			return
		}
		before, row := w.evidence(t, scorecard.OrgID), w.row(t, scorecard.OrgID)
		w.incidents = slices.Concat(w.incidents[:n:n], w.incidents[n+1:])
		after, left := w.evidence(t, scorecard.OrgID), w.row(t, scorecard.OrgID)
		if row.Value == nil || left.Value == nil {
			return // No priorities are left.
		}
		var own int64
		before = slices.DeleteFunc(before, func(e scorecard.Evidence) bool {
			if e.ID == gone {
				own = count(e.Value)
			}
			return e.ID == gone
		})
		if len(before) != len(after) {
			rt.Fatalf("%d items are left of %d others", len(after), len(before))
		}
		for i := range before {
			if before[i].Kind == "service" {
				continue
			}
			if before[i].ID != after[i].ID || before[i].Class != after[i].Class || count(after[i].Value) < count(before[i].Value) {
				rt.Fatalf("without %s, %+v is %+v", gone, before[i], after[i])
			}
		}
		if less := downtime(t, row) - downtime(t, left); less < 0 || less > own {
			rt.Fatalf("without the %d s of %s, the downtime is %d s less", own, gone, less)
		}
	})
}

// Whatever else happens, an incident is of the class that it would be of alone
// with those that it was merged into, and its reason names the time for which it
// alone would have its service down.
func TestWhatIsSaidOfAnOutageRestsOnNoOtherIncident(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt).pooled()
		together := w.evidence(t, scorecard.OrgID)
		for _, i := range w.incidents {
			got, single := find(together, i.ID), w
			single.incidents = slices.DeleteFunc(slices.Clone(w.incidents), func(o facts.Incident) bool {
				return o.ID != i.ID && !leadsTo(w.incidents, i, o.ID)
			})
			want := find(single.evidence(t, scorecard.OrgID), i.ID)
			if got == nil || want == nil {
				continue // Of another time, of nobody's service, or none has a priority.
			}
			if got.Class != want.Class || count(got.Value) > count(want.Value) || downFor(*got) != downFor(*want) {
				rt.Fatalf("%+v with nothing but what it was merged into, and %+v with all others", *want, *got)
			}
		}
	})
}

// leadsTo reports whether an incident was merged into another, or into one that was.
func leadsTo(incidents []facts.Incident, i facts.Incident, id string) bool {
	for range incidents {
		n := slices.IndexFunc(incidents, func(o facts.Incident) bool { return o.ID == i.MergedInto })
		if n < 0 {
			return false
		}
		if i = incidents[n]; i.ID == id {
			return true
		}
	}
	return false
}

// downFor is what an item of evidence says about the time that is the incident's own.
func downFor(e scorecard.Evidence) string {
	own, _, _ := strings.Cut(e.Reason, " s of the period.")
	return own
}

func TestOrderOfFactsChangesNoByteOfAnUptimeCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt)
		before, items := scorecard.Compute(w.input(t)), w.evidence(t, scorecard.OrgID)
		w.incidents = rapid.Permutation(w.incidents).Draw(rt, "order")
		for n := range w.incidents {
			w.incidents[n].Timeline = rapid.Permutation(w.incidents[n].Timeline).Draw(rt, "timeline")
		}
		w.maintenance = rapid.Permutation(w.maintenance).Draw(rt, "windows")
		if diff := cmp.Diff(before, scorecard.Compute(w.input(t)), cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("cards (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(items, w.evidence(t, scorecard.OrgID), cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("evidence (-before +after):\n%s", diff)
		}
	})
}

func TestFactsBeyondTheHorizonChangeNoByteOfAnUptimeCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDownWorld(t, rt)
		before, items := scorecard.Compute(w.input(t)), w.evidence(t, scorecard.OrgID)
		for n := range w.incidents {
			i := &w.incidents[n]
			late := max(0, w.asOf.Sub(i.CreatedAt)) + time.Second
			if i.Open() {
				resolved(late, ada)(i)
			}
			reprioritised(late, i.Priority, "P1")(i)
		}
		w.incidents = append(w.incidents, outage("QNEW", w.asOf.Add(time.Second), time.Minute))
		if diff := cmp.Diff(before, scorecard.Compute(w.input(t)), cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("cards (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(items, w.evidence(t, scorecard.OrgID), cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("evidence (-before +after):\n%s", diff)
		}
	})
}

func TestDowntimeIsWhatEverySecondSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		// A month of few seconds would be too short for a period, so the hour after its start is looked at.
		w := newDownWorld(t, someOutages(rt)...)
		w.period = "2026-Q3"
		start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		horizon := start.Add(time.Duration(rapid.IntRange(1, 3600).Draw(rt, "horizon")) * time.Second)
		w = w.until(horizon).pooled()
		w.incidents = slices.DeleteFunc(w.incidents, func(i facts.Incident) bool { return i.MergedInto != "" })
		r := w.row(t, "mysql")
		if r.Value == nil {
			return
		}
		var want int64
		for _, service := range []string{alarm, spare} {
			for at := start; at.Before(horizon); at = at.Add(time.Second) {
				if slices.ContainsFunc(w.incidents, func(i facts.Incident) bool { return i.Service == service && isDown(i, at) }) {
					want++
				}
			}
		}
		if got := downtime(t, r); got != want {
			rt.Fatalf("down for %d s, counted one by one %d", got, want)
		}
	})
}

// isDown follows an incident's resolves and acknowledgements up to a second.
func isDown(i facts.Incident, at time.Time) bool {
	if i.Priority != "P1" && i.Priority != "P2" || at.Before(i.CreatedAt) {
		return false
	}
	down, last := true, i.CreatedAt
	for n, e := range i.Timeline {
		switch {
		case e.At.After(at):
			return down
		case e.Kind == facts.EntryResolve && down:
			down, last = false, e.At
		case e.Kind == facts.EntryAcknowledge && !down && e.At.After(last) && !over(i, n):
			down = true
		}
	}
	return down
}

// over reports whether the incident is resolved and no later entry says so:
// then an acknowledgement does not reopen it.
func over(i facts.Incident, n int) bool {
	return !i.Open() && !slices.ContainsFunc(i.Timeline[n:], func(e facts.Entry) bool { return e.Kind == facts.EntryResolve })
}
