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

// someResolved draws incidents of the weeks around the beginning of a quarter,
// most of which are over.
func someResolved(t *rapid.T) []facts.Incident {
	from := time.Date(2026, 6, 24, 0, 0, 0, 0, time.UTC)
	incidents := make([]facts.Incident, rapid.IntRange(0, 10).Draw(t, "incidents"))
	for n := range incidents {
		after := time.Duration(rapid.SampledFrom([]int{1, 5, 6, 90, 3000}).Draw(t, "minutes")) * time.Minute
		what := []happening{
			onService(rapid.SampledFrom([]string{alarm, alarm, "PONCALL1", "PX99"}).Draw(t, "service")),
			priority(rapid.SampledFrom([]string{"", "P1", "P3"}).Draw(t, "priority")),
		}
		switch rapid.IntRange(0, 7).Draw(t, "end") {
		case 0:
			what = append(what, acknowledged(time.Minute, ada))
		case 1:
			what = append(what, resolved(after, alarm))
		case 2:
			what = append(what, mergedAway(after, ada))
		case 3:
			what = append(what, resolved(after, ada), entry(facts.EntryTrigger, 2*after, alarm), resolved(3*after, ada))
		default:
			what = append(what, acknowledged(time.Minute, ada), resolved(after, ada))
		}
		created := from.Add(time.Duration(rapid.IntRange(0, 21*24).Draw(t, "created")) * time.Hour)
		incidents[n] = incident(fmt.Sprintf("Q%d", n), created, what...)
		incidents[n].Urgency = rapid.SampledFrom([]facts.Urgency{facts.UrgencyHigh, facts.UrgencyHigh, facts.UrgencyHigh, facts.UrgencyLow, ""}).Draw(t, "urgency")
	}
	return incidents
}

// someTickets draws post-mortems, action items and others, each of one team,
// that name incidents and each other, and what became of them.
func someTickets(t *rapid.T) []facts.Ticket {
	from := time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC)
	id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("Q%d", rapid.IntRange(0, 11).Draw(t, "named")) })
	tickets := make([]facts.Ticket, rapid.IntRange(0, 12).Draw(t, "tickets"))
	for n := range tickets {
		at := from.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(t, "created")) * time.Hour)
		ticket := ticket(fmt.Sprintf("DRE-%d", n), at, ofType(rapid.SampledFrom([]string{"Post-mortem", "Post-mortem", "Task"}).Draw(t, "type")))
		if rapid.Bool().Draw(t, "other team") {
			ofTeam("SRE")(&ticket)
		}
		switch rapid.IntRange(0, 4).Draw(t, "way") {
		case 0:
			inField(id.Draw(t, "id"), id.Draw(t, "id"))(&ticket)
		case 1:
			described("h2. Impact\n" + page(id.Draw(t, "id")) + " " + page(id.Draw(t, "id")))(&ticket)
		case 2:
			labelled("pd-" + id.Draw(t, "id"))(&ticket)
		case 3:
			linkedTo(fmt.Sprintf("DRE-%d", rapid.IntRange(0, 12).Draw(t, "link")))(&ticket)
		}
		if rapid.Bool().Draw(t, "follows") {
			labelled("postmortem-action")(&ticket)
		}
		ticket.Format = rapid.SampledFrom([]facts.TextFormat{facts.FormatPlain, facts.FormatPlain, facts.FormatDocument}).Draw(t, "format")
		live(t, &ticket)
		tickets[n] = ticket
	}
	return tickets
}

// live lets a few things happen to a ticket, in order.
func live(t *rapid.T, ticket *facts.Ticket) {
	at := ticket.CreatedAt
	for range rapid.IntRange(0, 3).Draw(t, "happenings") {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{1, 24, 24 * 5, 24 * 20}).Draw(t, "later")) * time.Hour)
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0:
			declinedAt(at)(ticket)
		case 1:
			moved(at, toDo)(ticket)
			resolvedAs(at, "")(ticket)
		case 2:
			moved(at, done)(ticket)
		default:
			deliveredAt(at)(ticket)
		}
	}
}

// someReviews draws a world with one of the measures that read post-mortems.
func someReviews(tb testing.TB, t *rapid.T) ticketWorld {
	tb.Helper()
	w := newReviewWorld(tb, someResolved(t), someTickets(t)...)
	w.policy.Rubric.Objectives[0] = rapid.SampledFrom([]scorecard.Objective{postmortemCompletion(), postmortemQuality(), actionItems()}).Draw(t, "objective")
	w = w.horizonAt(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 100*24).Draw(t, "horizon")) * time.Hour))
	w.period = rapid.SampledFrom([]string{"2026-Q3", "2026-07", "28d"}).Draw(t, "period")
	if rapid.IntRange(0, 3).Draw(t, "exception") == 0 {
		excepting("", "Q1", "Q4")(&w)
	}
	return w
}

// everything is the JSON form of all cards and of the evidence of all rows.
func (w ticketWorld) everything(tb testing.TB) string {
	tb.Helper()
	all := []any{scorecard.Compute(w.input(tb))}
	for _, s := range w.policy.Subjects() {
		all = append(all, w.evidence(tb, s.ID))
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		tb.Fatalf("marshal: %v", err)
	}
	return string(text)
}

func TestReviewRowsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someReviews(t, rt)
		for _, s := range w.policy.Subjects() {
			r := w.row(t, s.ID)
			classes, counted, values := map[string]int{}, map[scorecard.Counted]int{}, scorecard.Int(0)
			for _, e := range w.evidence(t, s.ID) {
				if e.Class == "unmatched" || e.Class == "postmortem" {
					continue
				}
				classes[e.Class]++
				counted[e.Counted]++
				if e.Value != nil {
					values = values.Add(*e.Value)
				}
			}
			want := map[string]int{}
			addTo(want, r.Population.Classes)
			addTo(want, r.Population.Excluded)
			if diff := cmp.Diff(want, classes); diff != "" {
				rt.Fatalf("%s, evidence (-row +items):\n%s", s.ID, diff)
			}
			num, den := counted[scorecard.InNumerator], counted[scorecard.InNumerator]+counted[scorecard.InDenominator]
			if den != r.Population.Used || den+counted[scorecard.NotCounted] != r.Population.Total {
				rt.Fatalf("%s: %v of %s", s.ID, counted, funnel(r))
			}
			if r.Measure == string(scorecard.MeasurePostmortemQuality) {
				num, den = int(values.Floor()), 8*den
			}
			if int64(num) != count(r.Numerator) || int64(den) != count(r.Denominator) {
				rt.Fatalf("%s: the items make %d of %d, the row is %s", s.ID, num, den, funnel(r))
			}
			if (r.Value == nil) != (den == 0) || r.Value != nil && r.Value.Cmp(scorecard.Ratio(int64(num), int64(den))) != 0 {
				rt.Fatalf("%s: the value of %s is %s", s.ID, funnel(r), shown(r.Value))
			}
		}
	})
}

func TestOrganisationIsTheSumOfItsTeamsReviews(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someReviews(t, rt)
		sum := scorecard.Population{Classes: map[string]int{}, Excluded: map[string]int{}}
		var num, den int64
		unmatched := 0
		for _, team := range w.policy.Teams {
			r := w.row(t, team.ID)
			num, den = num+count(r.Numerator), den+count(r.Denominator)
			sum.Total, sum.Used = sum.Total+r.Population.Total, sum.Used+r.Population.Used
			addTo(sum.Classes, r.Population.Classes)
			addTo(sum.Excluded, r.Population.Excluded)
			if d, ok := r.Details.(scorecard.PostmortemDetails); ok {
				unmatched += d.UnmatchedPostmortems
			}
		}
		org := w.row(t, scorecard.OrgID)
		if diff := cmp.Diff(sum, org.Population); diff != "" || count(org.Numerator) != num || count(org.Denominator) != den {
			rt.Fatalf("org has %s, its teams %d of %d (-teams +org):\n%s", funnel(org), num, den, diff)
		}
		if d, ok := org.Details.(scorecard.PostmortemDetails); ok && d.UnmatchedPostmortems != unmatched {
			rt.Fatalf("org has %d unmatched, its teams %d", d.UnmatchedPostmortems, unmatched)
		}
	})
}

func TestOrderOfTicketsAndIncidentsChangesNoByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someReviews(t, rt)
		before := w.everything(t)
		w.incidents = rapid.Permutation(w.incidents).Draw(rt, "incidents")
		w.tickets = rapid.Permutation(w.tickets).Draw(rt, "tickets")
		for n := range w.tickets {
			w.tickets[n].Links = rapid.Permutation(w.tickets[n].Links).Draw(rt, "links")
			w.tickets[n].Changes = rapid.Permutation(w.tickets[n].Changes).Draw(rt, "changes")
		}
		if diff := cmp.Diff(before, w.everything(t)); diff != "" {
			rt.Fatalf("(-before +after):\n%s", diff)
		}
	})
}

// What a ticket says has no history. Everything else that comes after the
// horizon, of incidents and tickets that are there or that come then, is as if it were not.
func TestReviewsAfterTheHorizonChangeNoByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someReviews(t, rt)
		before := w.everything(t)
		w.incidents, w.tickets = slices.Clone(w.incidents), slices.Clone(w.tickets)
		next := w.asOf.Add(time.Second)
		for n := range w.incidents {
			if i := &w.incidents[n]; !i.CreatedAt.After(w.asOf) {
				i.Timeline = slices.Clone(i.Timeline)
				after := next.Sub(i.CreatedAt)
				entry(facts.EntryTrigger, after, alarm)(i)
				entry(facts.EntryAcknowledge, after, bo)(i)
				entry(facts.EntryResolve, after+time.Hour, bo)(i)
			}
		}
		for n := range w.tickets {
			p, at := &w.tickets[n], next
			if p.UpdatedAt.After(at) {
				at = p.UpdatedAt
			}
			p.Changes = slices.Clone(p.Changes)
			rapid.SampledFrom([]doing{deliveredAt(at), declinedAt(at), moved(at, toDo), resolvedAs(at, "")}).Draw(rt, "next")(p)
		}
		w.incidents = append(w.incidents, incident("Q11", next), solvedAt("QNEW", next))
		w.tickets = append(
			w.tickets, ticket("DRE-88", next, ofType("Post-mortem"), labelled("pd-q1", "postmortem-action"), deliveredAt(next)),
			ticket("DRE-12", next, inField("Q0", "Q1", "Q2"), linkedTo("DRE-0", "DRE-1", "DRE-2"), labelled("postmortem-action")),
		)
		if diff := cmp.Diff(before, w.everything(t)); diff != "" {
			rt.Fatalf("(-before +after):\n%s", diff)
		}
	})
}

func solvedAt(id string, at time.Time) facts.Incident {
	return incident(id, at, acknowledged(time.Minute, ada), resolved(time.Hour, ada))
}

// More of what is delivered never makes a row worse, and what names nothing known does nothing.
func TestPostmortemsOnlyHelp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someReviews(t, rt)
		w.policy.Rubric.Objectives[0] = postmortemCompletion()
		before := w.row(t, scorecard.OrgID)
		id := rapid.SampledFrom([]string{"Q0", "Q1", "Q2", "QX"}).Draw(rt, "named")
		at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 500).Draw(rt, "created")) * time.Hour)
		w.tickets = append(w.tickets, ticket("DRE-99", at, ofType("Post-mortem"), labelled("pd-"+id), deliveredAt(at.Add(time.Hour))))
		after := w.row(t, scorecard.OrgID)
		gained := count(after.Numerator) - count(before.Numerator)
		if after.Population.Total != before.Population.Total || count(after.Denominator) != count(before.Denominator) || gained < 0 || gained > 1 {
			rt.Fatalf("before %s, with one more %s", funnel(before), funnel(after))
		}
		onTime := reviewDetails(t, after).OnTime - reviewDetails(t, before).OnTime
		if onTime < 0 || onTime > 1 || id == "QX" && (gained != 0 || onTime != 0) {
			rt.Fatalf("before %s, with one more for %s %s", funnel(before), id, funnel(after))
		}
	})
}
