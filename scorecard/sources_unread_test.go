package scorecard_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestWhoIsOnCallIsNotGuessedWhereItWasNeverTold(t *testing.T) {
	t.Parallel()
	for objective, want := range map[string]scorecard.Verdict{
		"primary_coverage": scorecard.NoData, // And not: nobody was on call.
		"rotation_size":    scorecard.NoData,
		"rotation_shift":   scorecard.NoData,
		"escalation_depth": scorecard.Met, // It rests on policies alone.
	} {
		t.Run(objective, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t)
			w.sources[0].Unread = []string{facts.KindShift}
			for _, subject := range []string{"mysql", scorecard.OrgID} {
				r := w.row(t, objective, subject)
				if r.Verdict != want || (want == scorecard.NoData) != (r.Value == nil) {
					t.Errorf("%s: %s with value %v (%s), want %s", subject, r.Verdict, r.Value, r.Reason, want)
				}
				if want == scorecard.NoData && !strings.Contains(r.Reason, "Who is on call was never told") {
					t.Errorf("reason %q does not say what is missing", r.Reason)
				}
			}
		})
	}
}

func TestPoliciesThatCannotBeReadAnyMoreAreACaveat(t *testing.T) {
	t.Parallel()
	w := newDutyWorld(t, wholeQuarter(t)...)
	w.sources[0].Unread = []string{facts.KindPolicy}
	for objective, want := range map[string]bool{"escalation_depth": true, "primary_coverage": false} {
		r := w.row(t, objective, "mysql")
		if got := slices.ContainsFunc(r.Caveats, func(c string) bool { return strings.Contains(c, "policies could not be read") }); got != want {
			t.Errorf("%s: caveats %q, want one about policies: %v", objective, r.Caveats, want)
		}
	}
}

func TestWhatWasToldBadlyIsACaveatWhereARowRestsOnIt(t *testing.T) {
	t.Parallel()
	incidents, shifts := "incidents or log entries could not be understood", "who is on call could not be understood"
	down := outage("Q1", utc(t, "2026-08-03 10:00:00"), time.Hour)
	response, uptime, labor, duty := newWorld(t, down), newDownWorld(t, down), newLabor(t, down), newDutyWorld(t, wholeQuarter(t)...)
	review := newReviewWorld(t, []facts.Incident{down})
	tickets := newTicketWorld(t, talks("1"))
	for name, test := range map[string]struct {
		sources []facts.SourceState // Shared with the world.
		row     func() scorecard.Row
		want    []string
	}{
		"response times": {response.sources, func() scorecard.Row { return response.row(t, "mysql") }, []string{incidents}},
		"uptime":         {uptime.sources, func() scorecard.Row { return uptime.row(t, "mysql") }, []string{incidents}},
		"post-mortems":   {review.sources, func() scorecard.Row { return review.row(t, "mysql") }, []string{incidents}},
		"a burden":       {labor.sources, func() scorecard.Row { return labor.row(t, "mysql") }, []string{incidents, shifts}},
		"a rotation":     {duty.sources, func() scorecard.Row { return duty.row(t, "primary_coverage", "mysql") }, []string{shifts}},
		"a policy":       {duty.sources, func() scorecard.Row { return duty.row(t, "escalation_depth", "mysql") }, nil},
		"tickets":        {tickets.sources, func() scorecard.Row { return tickets.row(t, "mysql") }, nil},
	} {
		before := test.row()
		for i := range test.sources {
			test.sources[i].Unread = []string{facts.KindSomeIncidents, facts.KindSomeShifts}
		}
		row := test.row()
		for i := range test.sources {
			test.sources[i].Unread = nil
		}
		added := row.Caveats[len(before.Caveats):]
		ok := len(added) == len(test.want)
		for i := range test.want {
			ok = ok && strings.Contains(added[i], test.want[i])
		}
		if !ok || row.Verdict != before.Verdict || fmt.Sprint(row.Value) != fmt.Sprint(before.Value) {
			t.Errorf("%s: %s with value %v and more caveats %q; want %s with %v and %q",
				name, row.Verdict, row.Value, added, before.Verdict, before.Value, test.want)
		}
	}
}

// One outage of an hour: it may have been in maintenance that nobody can see,
// so none of what the row used is beyond doubt.
func TestMaintenanceThatCannotBeReadIsACaveatOnAnAvailability(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		unread   []string
		coverage float64
		caveat   bool
	}{
		"it could not be read":        {[]string{facts.KindMaintenance}, 0, true},
		"something else could not be": {[]string{facts.KindPolicy, facts.KindShift}, 1, false},
		"all was read":                {nil, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDownWorld(t, outage("Q1", utc(t, "2026-08-03 10:00:00"), time.Hour))
			w.sources[0].Unread = test.unread
			r := w.row(t, "mysql")
			if r.Coverage == nil || *r.Coverage != test.coverage {
				t.Errorf("coverage %v, want %v", show(r.Coverage), test.coverage)
			}
			if got := slices.ContainsFunc(r.Caveats, func(c string) bool { return strings.Contains(c, "maintenance windows could not be read") }); got != test.caveat {
				t.Errorf("caveats %q, want one about maintenance: %v", r.Caveats, test.caveat)
			}
		})
	}
}
