package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func day(month time.Month, d int) scorecard.Date {
	return scorecard.Date{Year: 2026, Month: month, Day: d}
}

func TestWorkingTimeIsThatOfWhoWasOnCallOrHadToAct(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	note := incident("Q1", at, noted(0, ada))
	shift := func(level int, start, end string) facts.Shift {
		return facts.Shift{Level: level, User: ada, Start: utc(t, start), End: utc(t, end)}
	}
	tests := map[string]struct {
		change func(*labor)
		want   string
	}{
		"nobody":                            {func(*labor) {}, "-"},
		"on call at the first level":        {func(l *labor) { *l = l.onCall(t, 1, ada) }, "0/1892571"},
		"on call at the second level":       {func(l *labor) { *l = l.onCall(t, 2, ada) }, "0/1892571"},
		"on call at the third level only":   {func(l *labor) { *l = l.onCall(t, 3, ada) }, "-"},
		"on call at the third level, paged": {func(l *labor) { *l = l.onCall(t, 3, ada); l.incidents = append(l.incidents, note) }, "900/1892571"},
		"not on call, but acting":           {func(l *labor) { l.incidents = append(l.incidents, note) }, "900/1892571"},
		"a shift of one second":             {func(l *labor) { l.shifts = []facts.Shift{shift(1, "2026-08-03 00:00:00", "2026-08-03 00:00:01")} }, "0/1892571"},
		"a shift that ended before":         {func(l *labor) { l.shifts = []facts.Shift{shift(1, "2026-06-01", "2026-07-01")} }, "-"},
		"a shift that begins after":         {func(l *labor) { l.shifts = []facts.Shift{shift(1, "2026-10-01", "2026-11-01")} }, "-"},
		"a shift of somebody who had left": {func(l *labor) {
			l.person(ada).Left = day(7, 10)
			l.shifts = []facts.Shift{shift(1, "2026-07-10", "2026-08-01")}
		}, "-"},
		"an account that nobody has on call": {func(l *labor) { *l = l.onCall(t, 1, "PUSER77") }, "-"},
		// Rounded for each: twice 1,892,571.43 would be 3,785,143.
		"two people": {func(l *labor) { *l = l.onCall(t, 1, ada, bo) }, "0/3785142"},
		// 1,892,571.43 × 0.8 = 1,514,057.14.
		"four fifths of full time": {func(l *labor) { *l = l.onCall(t, 1, ada); l.person(ada).FTE = 0.8 }, "0/1514057"},
		"no time at all":           {func(l *labor) { *l = l.onCall(t, 1, ada); l.person(ada).FTE = 0 }, "-"},
		// August and September: 61 days, 5,270,400 s × 5/21 = 1,254,857.14 s.
		"joined in August": {func(l *labor) { *l = l.onCall(t, 1, ada); l.person(ada).Joined = day(8, 1) }, "0/1254857"},
		// July: 31 days, 2,678,400 s × 5/21 = 637,714.29 s.
		"left in August": {func(l *labor) { *l = l.onCall(t, 1, ada); l.person(ada).Left = day(8, 1) }, "0/637714"},
		// A quarter of 33 days and 2 s, 2,851,202 s, is 712,800.5 s: half a second is rounded up.
		"half a second": {func(l *labor) {
			*l = l.onCall(t, 1, ada)
			l.world = l.horizonAt(utc(t, "2026-08-03 00:00:02"))
			l.policy.Calendar.Week.Hours = 42
		}, "0/712801"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLabor(t)
			tt.change(&l)
			r := l.row(t, "mysql")
			got := "-"
			if r.Denominator != nil {
				got = shown(r.Numerator) + "/" + shown(r.Denominator)
			}
			if got != tt.want {
				t.Errorf("%s (%s), want %s", got, r.Verdict, tt.want)
			}
			if (got == "-") != (r.Verdict == scorecard.Empty) {
				t.Errorf("verdict %s with %s", r.Verdict, got)
			}
		})
	}
}

func TestLeaverAndJoinerAddNothingWhileNotEmployed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ at, want string }{
		"five minutes before the joining":   {"2026-07-31 23:55:00", "-"},
		"on the day of the joining":         {"2026-08-01 00:00:00", "900/493714"},
		"five minutes before the leaving":   {"2026-08-24 23:55:00", "300/493714"},
		"on the day of the leaving":         {"2026-08-25 00:00:00", "-"},
		"an engagement beyond the leaving":  {"2026-08-24 22:00:00", "900/493714"},
		"long after, on an incident of old": {"2026-09-20 00:00:00", "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLabor(t, incident("Q1", utc(t, tt.at), noted(0, ada), paged(0, ada)))
			// 24 days, 2,073,600 s, × 5/21 = 493,714.29 s.
			l.person(ada).Joined, l.person(ada).Left = day(8, 1), day(8, 25)
			r := l.row(t, "mysql")
			got := "-"
			if r.Denominator != nil {
				got = shown(r.Numerator) + "/" + shown(r.Denominator)
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestMoverCountsWhereTheyAreAMember(t *testing.T) {
	t.Parallel()
	// Cy moves on Aug 15 and acts five minutes before midnight: 300 s for the old team, 600 s for the new one.
	l := newLabor(t, incident("Q1", utc(t, "2026-08-14 23:55:00"), noted(0, cy)))
	l.person(cy).Moves = []scorecard.Move{{On: day(8, 15), Team: "oncall"}}
	want := map[string]string{
		"mysql":         "300/925714", // 45 days, 3,888,000 s × 5/21 = 925,714.29 s.
		"oncall":        "600/966857", // 47 days, 4,060,800 s × 5/21 = 966,857.14 s.
		scorecard.OrgID: "900/1892571",
	}
	for subject, want := range want {
		r := l.row(t, subject)
		if got := shown(r.Numerator) + "/" + shown(r.Denominator); got != want {
			t.Errorf("%s: %s, want %s", subject, got, want)
		}
		items := l.evidence(t, subject)
		if people := items[0]; people.Kind != "person_count" || shown(people.Value) != "1" {
			t.Errorf("%s: %+v, want a count of 1 person", subject, people)
		}
	}
}

func TestWorkForAnotherTeamIsNoEvidence(t *testing.T) {
	t.Parallel()
	l := newLabor(
		t,
		incident("Q1", utc(t, "2026-08-14 12:00:00"), noted(0, cy)),
		incident("Q2", utc(t, "2026-08-15 12:00:00"), noted(0, cy)),
	)
	l.person(cy).Moves = []scorecard.Move{{On: day(8, 15), Team: "oncall"}}
	for subject, want := range map[string]string{"mysql": "Q1", "oncall": "Q2"} {
		if items := l.evidence(t, subject); len(items) != 2 || items[1].ID != want {
			t.Errorf("%s: evidence %+v, want a count of people and %s", subject, items, want)
		}
	}
}

func TestMoverWhoWasOnCallBeforeTheMoveIsComparedInBothTeams(t *testing.T) {
	t.Parallel()
	l := newLabor(t)
	l.person(cy).Moves = []scorecard.Move{{On: day(8, 15), Team: "oncall"}}
	l.shifts = []facts.Shift{{Level: 1, User: cy, Start: utc(t, "2026-07-10"), End: utc(t, "2026-07-17")}}
	for subject, want := range map[string]string{"mysql": "925714", "oncall": "966857", scorecard.OrgID: "1892571"} {
		if got := shown(l.row(t, subject).Denominator); got != want {
			t.Errorf("%s: %s s, want %s s", subject, got, want)
		}
	}
}

func TestPersonWithoutATeamIsInNoCard(t *testing.T) {
	t.Parallel()
	l := newLabor(t, incident("Q1", utc(t, "2026-08-03 10:00:00"), noted(0, dee)))
	l.person(dee).Team = ""
	if r := l.row(t, scorecard.OrgID); r.Verdict != scorecard.Empty {
		t.Errorf("%s with %s s, want empty", r.Verdict, shown(r.Numerator))
	}
}

func TestTermsFollowJoiningLeavingAndMoving(t *testing.T) {
	t.Parallel()
	p := scorecard.Person{Team: "mysql", Joined: day(7, 10), Left: day(9, 1), Moves: []scorecard.Move{
		{On: day(7, 20), Level: "L5"}, {On: day(8, 1), Team: "oncall"}, {On: day(10, 1), Team: "mysql"},
	}}
	var got []string
	for _, term := range p.Terms(utc(t, "2026-07-01"), utc(t, "2026-10-01"), time.UTC) {
		got = append(got, term.Team+" "+term.From.Format(time.DateOnly)+" "+term.To.Format(time.DateOnly))
	}
	if want := "mysql 2026-07-10 2026-08-01, oncall 2026-08-01 2026-09-01"; strings.Join(got, ", ") != want {
		t.Errorf("terms %q, want %s", got, want)
	}
	terms := p.Terms(utc(t, "2026-08-10"), utc(t, "2026-08-20"), time.UTC)
	if len(terms) != 1 || terms[0].Team != "oncall" || !terms[0].From.Equal(utc(t, "2026-08-10")) || !terms[0].To.Equal(utc(t, "2026-08-20")) {
		t.Errorf("terms %v, want one in the oncall team for all of the time", terms)
	}
	if terms := p.Terms(utc(t, "2026-07-01"), utc(t, "2026-07-01"), time.UTC); len(terms) != 0 {
		t.Errorf("terms %v in no time", terms)
	}
}
