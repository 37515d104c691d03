package scorecard_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// laborStart begins the two days of which the properties are drawn.
func laborStart() time.Time { return time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC) }

// slot is what every time of the properties is a multiple of. Pages of one
// slot are the same page, and those of two are not.
const slot = 5 * time.Minute

// someLabor draws incidents of three days, whose last two are the period.
func someLabor(tb testing.TB, t *rapid.T) labor {
	tb.Helper()
	l := newLabor(tb)
	slots := rapid.SampledFrom([]int{0, 0, 1, 2, 3, 4, 8, 18, 50, 140})
	who := rapid.SampledFrom([]string{ada, ada, bo, cy, dee, robot, alarm, "PUSER77"})
	kinds := rapid.SampledFrom([]facts.EntryKind{
		facts.EntryAcknowledge, facts.EntryAcknowledge, facts.EntryUnacknowledge, facts.EntryResponderAccept, facts.EntryResolve,
		facts.EntryAssign, facts.EntryAssign, facts.EntryEscalate, facts.EntryDelegate, facts.EntrySnooze, facts.EntryAnnotate, facts.EntryNotify,
	})
	assignees := rapid.SampledFrom([][]string{nil, {}, {ada}, {ada, bo}, {dee}})
	for n := range rapid.IntRange(0, 8).Draw(t, "incidents") {
		created := laborStart().Add(time.Duration(rapid.IntRange(-288, 576).Draw(t, "created")) * slot)
		i := incident(fmt.Sprintf("Q%d", n), created)
		for range rapid.IntRange(0, 8).Draw(t, "entries") {
			e := facts.Entry{Kind: kinds.Draw(t, "kind")}
			entry(e.Kind, time.Duration(slots.Draw(t, "after"))*slot, who.Draw(t, "who"))(&i)
			last := &i.Timeline[len(i.Timeline)-1]
			last.Page = e.Kind == facts.EntryNotify
			if e.Kind == facts.EntryAssign || e.Kind == facts.EntryEscalate || e.Kind == facts.EntryDelegate {
				last.Assignees = assignees.Draw(t, "assignees")
			}
		}
		i.Urgency = rapid.SampledFrom([]facts.Urgency{facts.UrgencyHigh, facts.UrgencyHigh, facts.UrgencyLow}).Draw(t, "urgency")
		l.incidents = append(l.incidents, i)
	}
	l.person(bo).Joined = day(8, 4)
	l.person(cy).Moves = []scorecard.Move{{On: day(8, 4), Team: "oncall"}}
	l.world = l.horizonAt(laborStart().Add(48 * time.Hour))
	l.period = "2d"
	return l
}

// slotsOf counts slot by slot for how many one person is covered, in each
// team: another way to the same number.
func (l labor) slotsOf(who string) map[string]int {
	p, covered := l.person(who), map[string]int{}
	stories := make([][]facts.Entry, 0, len(l.incidents))
	for _, i := range l.incidents {
		stories = append(stories, l.story(i))
	}
	for at := laborStart(); at.Before(l.asOf); at = at.Add(slot) {
		holds := func(story []facts.Entry) bool { return l.holds(story, p, at) }
		if p.Employed(at, time.UTC) && slices.ContainsFunc(stories, holds) {
			covered[p.TeamAt(at, time.UTC)]++
		}
	}
	return covered
}

// story is an incident's timeline without what changes nothing: assignments
// that are no reassignments, and urgent matters of incidents that can wait.
// Within a slot, people come before they are let go.
func (l labor) story(i facts.Incident) []facts.Entry {
	story := slices.Clone(i.Timeline)
	facts.SortTimeline(story)
	var first time.Time
	kept := map[time.Time][]string{} // By all handovers of a slot.
	for n := range story {
		e := &story[n]
		if e.Kind == facts.EntryAssign {
			if first.IsZero() {
				first = e.At
			}
			if first.Equal(e.At) || !e.Actor.User {
				e.Kind = facts.EntryAnnotate
			}
		}
		if e.Kind == facts.EntryAssign || e.Kind == facts.EntryEscalate || e.Kind == facts.EntryDelegate {
			kept[e.At] = append(append([]string{}, kept[e.At]...), e.Assignees...)
		}
		if i.Urgency == facts.UrgencyLow && e.Kind != facts.EntryNotify {
			e.Kind = facts.EntryAnnotate
		}
	}
	for n := range story {
		if e := &story[n]; e.Assignees != nil {
			e.Assignees = kept[e.At]
		}
	}
	slices.SortStableFunc(story, func(a, b facts.Entry) int {
		return cmp.Or(a.At.Compare(b.At), leaving(a)-leaving(b))
	})
	return story
}

func leaving(e facts.Entry) int {
	if e.Kind == facts.EntryAcknowledge || e.Kind == facts.EntryResponderAccept {
		return 0
	}
	return 1
}

// holds plays a story up to an instant and tells whether it has somebody then.
func (l labor) holds(story []facts.Entry, p *scorecard.Person, at time.Time) bool {
	engaged, latest := false, time.Time{} // Latest is their latest action within the engagement.
	for _, e := range story {
		if e.At.After(at) {
			break
		}
		mine := e.Actor.ID == p.PagerDuty && p.Employed(e.At, time.UTC)
		if mine && (e.Kind != facts.EntryNotify || e.Page) && at.Before(e.At.Add(l.policy.Engagement.Minimum)) {
			return true
		}
		switch e.Kind {
		case facts.EntryAcknowledge, facts.EntryResponderAccept:
			engaged = engaged || e.Actor.ID == p.PagerDuty
		case facts.EntryResolve, facts.EntryUnacknowledge, facts.EntrySnooze:
			engaged = false
		case facts.EntryAssign, facts.EntryEscalate, facts.EntryDelegate:
			engaged = engaged && (e.Assignees == nil || slices.Contains(e.Assignees, p.PagerDuty))
		default:
		}
		if mine && engaged && e.Kind != facts.EntryNotify {
			latest = e.At
		}
	}
	return engaged && !latest.IsZero() && at.Before(latest.Add(l.policy.Engagement.Maximum))
}

func TestBurdenIsWhatCountingGives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		want := map[string]int{}
		for _, who := range []string{ada, bo, cy, dee} {
			for team, slots := range l.slotsOf(who) {
				want[team] += slots
				want[scorecard.OrgID] += slots
			}
		}
		for _, c := range scorecard.Compute(l.input(t)) {
			if got := count(c.Row("oncall_burden").Numerator); got != int64(want[c.Subject.ID])*int64(slot/time.Second) {
				rt.Fatalf("%s: %d s, and counting gives %d times 5 minutes", c.Subject.ID, got, want[c.Subject.ID])
			}
		}
	})
}

func TestNobodyIsCoveredForLongerThanTimePasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		alone := rapid.SampledFrom([]string{ada, bo, cy, dee}).Draw(rt, "alone")
		l.policy.People = []scorecard.Person{*l.person(alone)}
		// Two days; Bo is there for one of them.
		limit := int64(2 * 86400)
		if alone == bo {
			limit = 86400
		}
		if got := count(l.row(t, scorecard.OrgID).Numerator); got > limit {
			rt.Fatalf("%d s of covered time in %d s", got, limit)
		}
	})
}

func TestEvidenceOfABurdenAlwaysAddsUpToIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		if rapid.Bool().Draw(rt, "exception") {
			l.policy.Exceptions = []scorecard.Exception{{ID: "ex1", Objective: "oncall_burden", Team: "mysql", Incidents: []string{"Q0", "Q2"}, Until: day(12, 31)}}
		}
		for _, subject := range []string{scorecard.OrgID, "mysql", "oncall"} {
			r := l.row(t, subject)
			var sum int64
			incidents := 0
			for _, e := range l.evidence(t, subject) {
				if e.Kind != "incident" {
					continue
				}
				incidents++
				sum += count(e.Value)
				if (e.Counted == scorecard.InNumerator) != (e.Class != "exception") {
					rt.Fatalf("%s: %+v", subject, e)
				}
			}
			if sum != count(r.Numerator) || incidents != r.Population.Total {
				rt.Fatalf("%s: %d incidents with %d s, and the row has %d with %s s", subject, incidents, sum, r.Population.Total, shown(r.Numerator))
			}
		}
	})
}

func TestBurdenOfTheOrganisationIsTheSumOfItsTeams(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		mysql, oncall, org := l.row(t, "mysql"), l.row(t, "oncall"), l.row(t, scorecard.OrgID)
		if count(mysql.Numerator)+count(oncall.Numerator) != count(org.Numerator) ||
			count(mysql.Denominator)+count(oncall.Denominator) != count(org.Denominator) {
			rt.Fatalf("%s/%s and %s/%s do not make %s/%s", shown(mysql.Numerator), shown(mysql.Denominator),
				shown(oncall.Numerator), shown(oncall.Denominator), shown(org.Numerator), shown(org.Denominator))
		}
	})
}

// shownAll is all that a reader can see of a burden.
func (l labor) shownAll(tb testing.TB) string {
	tb.Helper()
	text, err := json.Marshal([]any{scorecard.Compute(l.input(tb)), l.evidence(tb, scorecard.OrgID), l.evidence(tb, "mysql")})
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestOrderOfFactsChangesNoByteOfABurden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt).onCall(t, 1, ada, bo).onCall(t, 2, dee)
		before := l.shownAll(t)
		l.incidents = rapid.Permutation(l.incidents).Draw(rt, "order")
		l.shifts = rapid.Permutation(l.shifts).Draw(rt, "shifts")
		for n := range l.incidents {
			l.incidents[n].Timeline = rapid.Permutation(l.incidents[n].Timeline).Draw(rt, "timeline")
		}
		if diff := gocmp.Diff(before, l.shownAll(t)); diff != "" {
			rt.Fatalf("burden (-before +after):\n%s", diff)
		}
	})
}

func TestFactsBeyondTheHorizonChangeNoByteOfABurden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		l.world = l.horizonAt(l.asOf.Add(-time.Duration(rapid.IntRange(0, 288).Draw(rt, "before")) * slot))
		whole := l.shownAll(t)
		for n := range l.incidents {
			l.incidents[n].Timeline = slices.DeleteFunc(l.incidents[n].Timeline, func(e facts.Entry) bool {
				return e.At.After(l.asOf) && e.Kind != facts.EntryTrigger
			})
		}
		if diff := gocmp.Diff(whole, l.shownAll(t)); diff != "" {
			rt.Fatalf("burden (-with what happens later +without):\n%s", diff)
		}
	})
}

// Whatever else happens, an incident is of the class that it would be of alone,
// and its reason names the time that it would take alone: removing one changes
// nothing of what is said of others but which of them a shared second counts with.
func TestWhatIsSaidOfAnIncidentsWorkRestsOnNoOtherIncident(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt).onCall(t, 1, ada)
		subject := rapid.SampledFrom([]string{scorecard.OrgID, "mysql", "oncall"}).Draw(rt, "subject")
		together := l.evidence(t, subject)
		for _, i := range l.incidents {
			single := l
			single.incidents = []facts.Incident{i}
			want, got := find(single.evidence(t, subject), i.ID), find(together, i.ID)
			if want == nil && got == nil {
				continue
			}
			if want == nil || got == nil || got.Class != want.Class || count(got.Value) > count(want.Value) ||
				!strings.Contains(got.Reason, fmt.Sprintf("took %s s.", shown(want.Value))) {
				rt.Fatalf("%s: %+v alone, and %+v with the others", i.ID, want, got)
			}
		}
	})
}

// Days apart, nothing is shared: there the evidence stays the same to the byte.
func TestRemovingAnIncidentChangesNoByteOfTheEvidenceOfOneDaysApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		early, late := someLabor(t, rt), someLabor(t, rt)
		l := early
		l.period = "2026-Q3"
		l.world = l.horizonAt(laborStart().AddDate(0, 0, 20))
		for _, i := range late.incidents {
			i.ID, i.CreatedAt = "LATE"+i.ID, i.CreatedAt.AddDate(0, 0, 10)
			for n := range i.Timeline {
				i.Timeline[n].At = i.Timeline[n].At.AddDate(0, 0, 10)
			}
			l.incidents = append(l.incidents, i)
		}
		if len(early.incidents) == 0 {
			return
		}
		before := l.evidence(t, scorecard.OrgID)
		l.incidents = slices.Delete(slices.Clone(l.incidents), 0, 1)
		after := l.evidence(t, scorecard.OrgID)
		isLate := func(e scorecard.Evidence) bool { return !strings.HasPrefix(e.ID, "LATE") }
		if diff := gocmp.Diff(slices.DeleteFunc(before, isLate), slices.DeleteFunc(after, isLate), gocmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("evidence (-before +after):\n%s", diff)
		}
	})
}

// find returns the item of an id, or nil.
func find(items []scorecard.Evidence, id string) *scorecard.Evidence {
	n := slices.IndexFunc(items, func(e scorecard.Evidence) bool { return e.ID == id })
	if n < 0 {
		return nil
	}
	return &items[n]
}

func TestIncidentLessNeverMakesMoreOfABurden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := someLabor(t, rt)
		if len(l.incidents) == 0 {
			return
		}
		before := count(l.row(t, scorecard.OrgID).Numerator)
		n := rapid.IntRange(0, len(l.incidents)-1).Draw(rt, "removed")
		l.incidents = slices.Delete(slices.Clone(l.incidents), n, n+1)
		if after := count(l.row(t, scorecard.OrgID).Numerator); after > before {
			rt.Fatalf("%d s, and %d s with one incident less", before, after)
		}
	})
}
