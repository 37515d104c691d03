package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// talks asks for so many tech talks per quarter.
func talks(target string) scorecard.Objective {
	return ticketObjective("tech_talks", scorecard.MeasureTicketCount, scorecard.UnitCount, target, scorecard.Parameters{Of: "tech_talk"})
}

func TestTicketCountsWhereItWasFinished(t *testing.T) {
	t.Parallel()
	june, july, august, october := utc(t, "2026-06-10"), utc(t, "2026-07-10 12:00:00"), utc(t, "2026-08-20"), utc(t, "2026-10-05")
	tests := map[string]struct {
		what []doing
		want string
	}{
		"delivered within the quarter":            {[]doing{deliveredAt(july)}, "1"},
		"delivered at its first instant":          {[]doing{deliveredAt(utc(t, "2026-07-01"))}, "1"},
		"delivered in its last second":            {[]doing{deliveredAt(utc(t, "2026-09-30 23:59:59"))}, "1"},
		"delivered at the first instant after it": {[]doing{deliveredAt(utc(t, "2026-10-01"))}, "0"},
		"declined":                   {[]doing{declinedAt(july)}, "0"},
		"not begun":                  {nil, "0"},
		"delivered before":           {[]doing{deliveredAt(june)}, "0"},
		"delivered in another class": {[]doing{deliveredAt(july), func(t *facts.Ticket) { t.Labels = nil }}, "0"},
		"delivered, and reopened after the quarter":   {[]doing{deliveredAt(july), moved(october, toDo), resolvedAs(october, "")}, "0"},
		"reopened, and delivered once more":           {[]doing{deliveredAt(june), moved(july, toDo), resolvedAs(july, ""), deliveredAt(august)}, "1"},
		"done in a status without a resolution":       {[]doing{moved(july, done)}, "1"},
		"in a status that is called done, and is not": {[]doing{moved(july, doneInName), resolvedAs(july, "Done")}, "0"},
		"resolved in July, and migrated in October":   {[]doing{moved(june, done), resolvedAs(july, "Done"), migratedAt(october, closed)}, "1"},
		// Without a resolution the change of June counts; what the migration did in July does not.
		"done in June, and migrated in July": {[]doing{moved(june, done), migratedAt(july, closed)}, "0"},
		"made done by a migration alone": {
			// No change but the migration's made it done; then the category's own date tells.
			[]doing{migratedAt(july, done)}, "1",
		},
		"resolved in June, and moved between two statuses that are done": {[]doing{deliveredAt(june), moved(july, closed)}, "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(t, talks("1"), ticket("DRE-1", utc(t, "2026-05-01"), append([]doing{labelled("Tech-Talk")}, tt.what...)...))
			if got := shown(w.row(t, "mysql").Value); got != tt.want {
				t.Errorf("%s tickets, want %s", got, tt.want)
			}
		})
	}
}

// Reopened on September 20: what was true on September 10 stays true of that day.
func TestTicketIsSeenAsItWas(t *testing.T) {
	t.Parallel()
	reopened := utc(t, "2026-09-20")
	w := newTicketWorld(t, talks("1"), ticket(
		"DRE-1", utc(t, "2026-05-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-07-10")), moved(reopened, toDo), resolvedAs(reopened, ""),
		deliveredAt(utc(t, "2026-10-05")),
	))
	for at, want := range map[string]string{"2026-07-09": "0", "2026-09-10": "1", "2026-09-21": "0", "2026-10-11": "0"} {
		if got := shown(w.horizonAt(utc(t, at)).row(t, "mysql").Value); got != want {
			t.Errorf("on %s: %s tickets, want %s", at, got, want)
		}
	}
}

// Deleted, as is known from August 1 at 12:00 on: it counted until then.
func TestTicketThatIsGoneCountsNoMore(t *testing.T) {
	t.Parallel()
	one := ticket("DRE-1", utc(t, "2026-07-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-07-10")))
	one.GoneAt = utc(t, "2026-08-01 12:00:00")
	w := newTicketWorld(t, talks("1"), one)
	for at, want := range map[string]string{"2026-07-31": "1", "2026-08-01 11:59:59": "1", "2026-08-01 12:00:00": "0", "2026-10-11": "0"} {
		if got := shown(w.horizonAt(utc(t, at)).row(t, "mysql").Value); got != want {
			t.Errorf("on %s: %s tickets, want %s", at, got, want)
		}
	}
}

// The third quarter has 92 days, so that half of it is over on August 16.
func TestCountRunsUntilItsWindowEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		target, at string
		verdict    scorecard.Verdict
		pace       any
		score      any
	}{
		"met as soon as it is reached":                 {"2", "2026-08-16", scorecard.Met, "on_track", 100.0},
		"below its target, and on track":               {"4", "2026-08-16", scorecard.Pending, "on_track", nil},
		"below its target, and behind":                 {"5", "2026-08-16", scorecard.Pending, "behind", nil},
		"below its target when the quarter is over":    {"5", "2026-10-01", scorecard.Missed, nil, 40.0},
		"without a target it is tracked all the while": {"", "2026-08-16", scorecard.Tracked, nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(
				t, talks(tt.target),
				ticket("DRE-1", utc(t, "2026-07-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-07-02"))),
				ticket("DRE-2", utc(t, "2026-07-01"), labelled("tech-talk"), deliveredAt(utc(t, "2026-08-02"))),
			).horizonAt(utc(t, tt.at))
			r := w.row(t, scorecard.OrgID)
			d, ok := r.Details.(scorecard.CountDetails)
			if !ok {
				t.Fatalf("details %+v", r.Details)
			}
			var pace any
			if d.Pace != nil {
				pace = string(*d.Pace)
			}
			if r.Verdict != tt.verdict || shown(r.Value) != "2" || pace != tt.pace || show(r.Score) != tt.score {
				t.Errorf("%s with %s, pace %v, score %v; want %s with 2, %v, %v", r.Verdict, shown(r.Value), pace, show(r.Score), tt.verdict, tt.pace, tt.score)
			}
		})
	}
}

func TestTicketOfSeveralTeamsIsTheOrganisationsOnce(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-01")
	w := newTicketWorld(
		t, talks("1"),
		ticket("DRE-1", at, labelled("tech-talk"), deliveredAt(at)),
		ticket("DRE-2", at, labelled("tech-talk"), ofTeam("DRE", "mongodb"), deliveredAt(at)), // Of no team.
		ticket("SRE-1", at, labelled("tech-talk"), ofTeam("sre", "other"), deliveredAt(at)),
	)
	w.policy.Teams[1].Tickets = scorecard.TeamTickets{Projects: []string{"SRE", "DRE"}, Components: []string{"Other", "mysql"}}
	got := map[string]string{}
	for _, s := range w.policy.Subjects() {
		got[s.ID] = shown(w.row(t, s.ID).Value)
	}
	if diff := cmp.Diff(map[string]string{"org": "3", "mysql": "1", "oncall": "2"}, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	// An objective of one line alone counts the tickets of that line's teams, and nobody's are not.
	w.policy.Rubric.Objectives[0].Lines = []scorecard.Line{scorecard.LineDRE}
	if got := shown(w.row(t, scorecard.OrgID).Value); got != "1" {
		t.Errorf("the organisation's row of one line counts %s, want 1", got)
	}
}

func TestExemptTeamsTicketsLeaveTheOrganisation(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-01")
	w := newTicketWorld(
		t, talks("1"), ticket("DRE-1", at, labelled("tech-talk"), deliveredAt(at)), ticket("SRE-1", at, labelled("tech-talk"), ofTeam("SRE"), deliveredAt(at)),
	)
	x := exception("ex1", "mysql", 12, 31)
	x.Objective = "tech_talks"
	w.policy.Exceptions = []scorecard.Exception{x}
	r := w.row(t, scorecard.OrgID)
	if shown(r.Value) != "1" || shown(r.ValueWithoutExceptions) != "2" || len(r.Exceptions) != 1 {
		t.Errorf("value %s, %s without exceptions (%+v), want 1 and 2", shown(r.Value), shown(r.ValueWithoutExceptions), r.Exceptions)
	}
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Exempt {
		t.Errorf("mysql is %s, want exempt", r.Verdict)
	}
}

func TestEvidenceOfACountLinksTheTickets(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-01 10:00:00")
	w := newTicketWorld(t, talks("1"), ticket("DRE-2", at, labelled("tech-talk"), declinedAt(at)), ticket("DRE-1", at, labelled("tech-talk"), deliveredAt(at)))
	want := []scorecard.Evidence{
		{Kind: "ticket", ID: "DRE-1", URL: "https://example.atlassian.net/browse/DRE-1", At: at, Class: "delivered", Counted: scorecard.InNumerator, Reason: "Delivered on 2026-08-01T10:00:00Z."},
		{Kind: "ticket", ID: "DRE-2", URL: "https://example.atlassian.net/browse/DRE-2", At: at, Class: "declined", Counted: scorecard.NotCounted, Reason: "Declined on 2026-08-01T10:00:00Z."},
	}
	if diff := cmp.Diff(want, w.evidence(t, "mysql")); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	population := scorecard.Population{Total: 2, Used: 1, Classes: map[string]int{"delivered": 1}, Excluded: map[string]int{"declined": 1}}
	if diff := cmp.Diff(population, w.row(t, "mysql").Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
}

func TestClassThatIsNotConfiguredIsNoData(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, talks("1"))
	w.policy.Tickets.Classes = nil
	if r := w.row(t, scorecard.OrgID); r.Verdict != scorecard.NoData || r.Reason != "The configuration has no class of tickets named tech_talk." {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}
