package scorecard_test

import (
	"fmt"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// person is somebody of the roster, from the day that they joined on.
func person(id, team string, joined scorecard.Date, what ...func(*scorecard.Person)) scorecard.Person {
	p := scorecard.Person{ID: id, Team: team, Line: scorecard.LineEngineer, Level: "L4", Joined: joined, PagerDuty: "PUSER" + id, FTE: 1}
	for _, w := range what {
		w(&p)
	}
	return p
}

func leftOn(d scorecard.Date) func(*scorecard.Person) {
	return func(p *scorecard.Person) { p.Left = d }
}

func productiveOn(d scorecard.Date) func(*scorecard.Person) {
	return func(p *scorecard.Person) { p.ProductiveOn = d }
}

func mentored(p *scorecard.Person) { p.Mentor = "m" }

func ofLevel(l string) func(*scorecard.Person) { return func(p *scorecard.Person) { p.Level = l } }

func moving(on scorecard.Date, m scorecard.Move) func(*scorecard.Person) {
	m.On = on
	return func(p *scorecard.Person) { p.Moves = append(p.Moves, m) }
}

// longAgo is a day before everything that the tests look at.
var longAgo = scorecard.Date{Year: 2020, Month: time.March, Day: 2}

// rosterWorld has people, and one objective about them; its card is that of 2026-Q3, seen
// on October 11.
func rosterWorld(t *testing.T, m scorecard.Measure, people ...scorecard.Person) world {
	t.Helper()
	w := newWorld(t)
	o := w.objective()
	o.Measure, o.Parameters, o.Unit, o.Target = m, scorecard.Parameters{}, scorecard.UnitRatio, decimal("1")
	switch m {
	case scorecard.MeasureRetention:
		o.Direction, o.Target, o.Window = scorecard.Above, decimal("0.90"), scorecard.WindowTrailingYear
	case scorecard.MeasureTimeToProductivity:
		o.Direction, o.Target, o.Window, o.Unit = scorecard.Below, decimal("91"), scorecard.WindowTrailingYear, scorecard.UnitDays
	default:
	}
	w.policy.People = people
	return w
}

// outcome is what a row says in short.
func outcome(r scorecard.Row) string {
	return fmt.Sprintf("%s %s/%s = %s", r.Verdict, shown(r.Numerator), shown(r.Denominator), shown(r.Value))
}

// The trailing year of 2026-Q3 runs from 2025-10-01 to 2026-10-01.
func TestRetentionIsOneLessTheLeaversOverTheMeanHeadcount(t *testing.T) {
	t.Parallel()
	var staff []scorecard.Person
	for i := range 20 {
		staff = append(staff, person(fmt.Sprint("s", i), "mysql", longAgo))
	}
	tests := map[string]struct {
		others []scorecard.Person
		want   string
	}{
		// (20 + 20) / 2 = 20.
		"nobody left": {nil, "met 20/20 = 1"},
		// (21 + 20) / 2 = 20.5; 1 - 1/20.5 = 39/41 > 0.9.
		"one left": {[]scorecard.Person{person("a", "mysql", longAgo, leftOn(day(3, 1)))}, "met 19.5/20.5 = 0.9512195121951219"},
		// (23 + 20) / 2 = 21.5; 1 - 3/21.5 = 0.8604...
		"three left": {[]scorecard.Person{
			person("a", "mysql", longAgo, leftOn(day(3, 1))), person("b", "oncall", longAgo, leftOn(day(4, 1))), person("c", "", longAgo, leftOn(day(5, 1))),
		}, "missed 18.5/21.5 = 0.8604651162790697"},
		// In neither headcount, and still a leaver: 1 - 1/20.
		"somebody came and left within the year": {[]scorecard.Person{person("a", "mysql", day(2, 1), leftOn(day(6, 1)))}, "met 19/20 = 0.95"},
		"the year before is another matter":      {[]scorecard.Person{person("a", "mysql", longAgo, leftOn(scorecard.Date{Year: 2025, Month: 9, Day: 30}))}, "met 20/20 = 1"},
		"the first day of the next quarter too":  {[]scorecard.Person{person("a", "mysql", longAgo, leftOn(day(10, 1)))}, "met 20.5/20.5 = 1"},
		// (20 + 21) / 2.
		"somebody joined": {[]scorecard.Person{person("a", "mysql", day(2, 1))}, "met 20.5/20.5 = 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureRetention, append(append([]scorecard.Person{}, staff...), tt.others...)...)
			if got := outcome(w.row(t, scorecard.OrgID)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRetentionOfATeamIsThatOfItsMembers(t *testing.T) {
	t.Parallel()
	w := rosterWorld(
		t, scorecard.MeasureRetention, person("a", "mysql", longAgo), person("b", "mysql", longAgo, leftOn(day(8, 1))),
		person("c", "mysql", longAgo, moving(day(2, 1), scorecard.Move{Team: "oncall"}), leftOn(day(8, 1))), person("d", "oncall", longAgo),
	)
	// mysql: 3 at first, then 1, and b left: 1 - 1/2. oncall: 1 and 1, and c left: 1 - 1/1.
	for team, want := range map[string]string{"mysql": "missed 1/2 = 0.5", "oncall": "missed 0/1 = 0"} {
		if got := outcome(w.row(t, team)); got != want {
			t.Errorf("%s: got %s, want %s", team, got, want)
		}
	}
	if got, want := listed(w.evidence(t, "mysql")), "person_count left left denominator 1\nperson_count stayed stayed numerator 2\n"; got != want {
		t.Errorf("evidence\n%swant\n%s", got, want)
	}
}

// The card is seen on October 11, when more is known than belongs to it.
func TestCardsOfARosterEndWithTheirPeriod(t *testing.T) {
	t.Parallel()
	year := func(w world) world {
		w.objective().Window, w.objective().MinN = scorecard.WindowYear, 1
		return w
	}
	tests := map[string]struct {
		measure scorecard.Measure
		people  []scorecard.Person
		want    string
	}{
		// 2 on January 1 and 2 on October 1; the year goes on until January.
		"who leaves after the card's end stays in it": {
			scorecard.MeasureRetention, []scorecard.Person{person("a", "mysql", longAgo), person("b", "mysql", longAgo, leftOn(day(10, 5)))}, "met 2/2 = 1",
		},
		"who leaves with the card's end does, too": {
			scorecard.MeasureRetention, []scorecard.Person{person("a", "mysql", longAgo), person("b", "mysql", longAgo), person("c", "mysql", longAgo, leftOn(day(10, 1)))}, "met 2.5/2.5 = 1",
		},
		"who joins after it is not in it": {
			scorecard.MeasureMentorship, []scorecard.Person{person("j", "mysql", day(10, 5), mentored), person("m", "mysql", longAgo, ofLevel("L5"))}, "empty -/- = -",
		},
		"of a year, who is productive after it is not yet": {
			scorecard.MeasureTimeToProductivity, []scorecard.Person{person("j", "mysql", day(9, 1), productiveOn(day(10, 2)))}, "pending -/- = -",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := year(rosterWorld(t, tt.measure, tt.people...))
			if got := outcome(w.row(t, scorecard.OrgID)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRetentionOfFewPeople(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		people []scorecard.Person
		minN   int
		want   string
		total  int
	}{
		// (1 + 2) / 2 is below 2.
		"the mean headcount is what min_n is about":   {[]scorecard.Person{person("a", "mysql", longAgo), person("b", "mysql", day(2, 1))}, 2, "insufficient_data -/- = -", 2},
		"somebody came and left, and nobody else was": {[]scorecard.Person{person("a", "mysql", day(2, 1), leftOn(day(3, 1)))}, 1, "insufficient_data -/- = -", 1},
		"one was there at one end alone":              {[]scorecard.Person{person("a", "mysql", longAgo, leftOn(day(3, 1)))}, 1, "insufficient_data -/- = -", 1},
		"nobody was ever there":                       {[]scorecard.Person{person("a", "oncall", longAgo)}, 1, "empty -/- = -", 0},
		"who came with the end is looked at":          {[]scorecard.Person{person("a", "mysql", longAgo), person("b", "mysql", day(10, 1))}, 1, "met 1.5/1.5 = 1", 2},
		"who changed into the team is looked at":      {[]scorecard.Person{person("a", "mysql", longAgo), person("b", "oncall", longAgo, moving(day(2, 1), scorecard.Move{Team: "mysql"}))}, 1, "met 1.5/1.5 = 1", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureRetention, tt.people...)
			w.objective().MinN = tt.minN
			row := w.row(t, "mysql")
			if got := outcome(row); got != tt.want || row.Population.Total != tt.total {
				t.Errorf("got %s of %d people, want %s of %d", got, row.Population.Total, tt.want, tt.total)
			}
		})
	}
}

func TestMentorIsSeniorOnTheDayThatTheJoinerComes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		joiner, mentor scorecard.Person
		want           string
	}{
		"of level L5":           {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo, ofLevel("L5")), "met 1/1 = 1"},
		"of level L10":          {person("j", "mysql", day(7, 6), mentored), person("m", "oncall", longAgo, ofLevel("L10")), "met 1/1 = 1"},
		"of level L4":           {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo), "missed 0/1 = 0"},
		"of no level":           {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo, ofLevel("")), "missed 0/1 = 0"},
		"senior a day later":    {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo, moving(day(7, 7), scorecard.Move{Level: "L5"})), "missed 0/1 = 0"},
		"senior since that day": {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo, moving(day(7, 6), scorecard.Move{Level: "L5"})), "met 1/1 = 1"},
		"gone before":           {person("j", "mysql", day(7, 6), mentored), person("m", "mysql", longAgo, ofLevel("L6"), leftOn(day(7, 6))), "missed 0/1 = 0"},
		"none":                  {person("j", "mysql", day(7, 6)), person("", "mysql", longAgo, ofLevel("L6")), "missed 0/1 = 0"},
		"nobody joined":         {person("j", "mysql", day(6, 30), mentored), person("m", "mysql", longAgo, ofLevel("L5")), "empty -/- = -"},
		"joined after the card": {person("j", "mysql", day(10, 1), mentored), person("m", "mysql", longAgo, ofLevel("L5")), "empty -/- = -"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureMentorship, tt.joiner, tt.mentor)
			if got := outcome(w.row(t, scorecard.OrgID)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Joined on January 5: February 4 is 30 days later, April 6 is 91.
func TestProductivityIsTheMedianOfDays(t *testing.T) {
	t.Parallel()
	joined := day(1, 5)
	after := func(id string, d scorecard.Date) scorecard.Person {
		return person(id, "mysql", joined, productiveOn(d))
	}
	not := func(id string, d scorecard.Date) scorecard.Person { return person(id, "mysql", d) }
	tests := map[string]struct {
		people []scorecard.Person
		want   string
	}{
		"the middle of three":            {[]scorecard.Person{after("a", day(2, 4)), after("b", day(3, 6)), after("c", day(7, 4))}, "met -/- = 60"},
		"the mean of the middle of four": {[]scorecard.Person{after("a", day(2, 4)), after("b", day(3, 6)), after("c", day(3, 7)), after("d", day(7, 4))}, "met -/- = 60.5"},
		"91 days are not below 91":       {[]scorecard.Person{after("a", day(2, 4)), after("b", day(4, 6)), after("c", day(7, 4))}, "missed -/- = 91"},
		// 30, 60, and more than 269.
		"one who is not, and is slow in any case": {[]scorecard.Person{after("a", day(2, 4)), after("b", day(3, 6)), not("c", joined)}, "met -/- = 60"},
		// 30, more than 269, more than 269.
		"the median is not, for too long": {[]scorecard.Person{after("a", day(2, 4)), not("b", joined), not("c", joined)}, "missed -/- = -"},
		// 30, more than 14, more than 14: 30 or more, and nobody knows how much more.
		"the median is not, for a short time": {[]scorecard.Person{after("a", day(2, 4)), not("b", day(9, 17)), not("c", day(9, 17))}, "pending -/- = -"},
		// 40 and 100 days, and more than 14: the median is 40 or up to 100.
		"it depends on how long one will take": {[]scorecard.Person{after("a", day(2, 14)), after("b", day(4, 15)), not("c", day(9, 17))}, "pending -/- = -"},
		"whoever left before is left out":      {[]scorecard.Person{after("a", day(2, 4)), after("b", day(3, 6)), after("c", day(7, 4)), person("d", "mysql", joined, leftOn(day(2, 1)))}, "met -/- = 60"},
		// 30, 40 and 45 days, of which all ended after the card of September and before it was looked at on October 11.
		"what came about since the card's end counts": {[]scorecard.Person{
			person("a", "mysql", day(9, 1), productiveOn(day(10, 1))), person("b", "mysql", day(9, 1), productiveOn(day(10, 11))),
			person("c", "mysql", day(8, 20), productiveOn(day(10, 4))),
		}, "met -/- = 40"},
		"what is still to come does not": {[]scorecard.Person{
			person("a", "mysql", day(9, 1), productiveOn(day(10, 12))), person("b", "mysql", day(9, 1), productiveOn(day(10, 12))),
			person("c", "mysql", day(8, 20), productiveOn(day(10, 4))),
		}, "pending -/- = -"},
		"nobody joined": {[]scorecard.Person{person("a", "mysql", longAgo)}, "empty -/- = -"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureTimeToProductivity, tt.people...)
			r := w.row(t, scorecard.OrgID)
			if got := outcome(r); got != tt.want {
				t.Errorf("got %s (%s), want %s", got, r.Reason, tt.want)
			}
			if r.Value == nil && r.Score != nil {
				t.Errorf("a score of %v without a value", *r.Score)
			}
		})
	}
}

// Two of three are known: the third has no account, nor a date.
func TestJoinersOfWhomNothingTellsLowerCoverage(t *testing.T) {
	t.Parallel()
	nobody := func(p *scorecard.Person) { p.PagerDuty = "" }
	w := rosterWorld(
		t, scorecard.MeasureTimeToProductivity, person("a", "mysql", day(1, 5), productiveOn(day(2, 4))),
		person("b", "mysql", day(1, 5), productiveOn(day(2, 6))), person("c", "mysql", day(1, 5), nobody),
	)
	r := w.row(t, scorecard.OrgID)
	if outcome(r) != "met -/- = 31" || r.Coverage == nil || *r.Coverage != 2.0/3 || len(r.Caveats) != 1 {
		t.Errorf("%s with coverage %v, caveats %q, want met by 31 days with 2/3 and one caveat", outcome(r), r.Coverage, r.Caveats)
	}
}

func TestFirstShiftAtTheFirstLevelMakesProductive(t *testing.T) {
	t.Parallel()
	shift := func(level int, user, start string) facts.Shift {
		at := utc(t, start)
		return facts.Shift{Policy: "E1", Level: level, User: user, Start: at, End: at.Add(7 * 24 * time.Hour)}
	}
	tests := map[string]struct {
		joined scorecard.Date
		shifts []facts.Shift
		want   string
	}{
		// January 5 to February 4, at any time of that day.
		"the first of two":                  {day(1, 5), []facts.Shift{shift(1, "PUSERa", "2026-03-04"), shift(1, "PUSERa", "2026-02-04 23:00:00")}, "met -/- = 30"},
		"not at the second level":           {day(1, 5), []facts.Shift{shift(2, "PUSERa", "2026-02-04")}, "missed -/- = -"},
		"not somebody else's":               {day(1, 5), []facts.Shift{shift(1, "PUSERb", "2026-02-04")}, "missed -/- = -"},
		"not from before they joined":       {day(1, 5), []facts.Shift{shift(1, "PUSERa", "2026-01-04")}, "missed -/- = -"},
		"not in the future":                 {day(9, 17), []facts.Shift{shift(1, "PUSERa", "2026-10-12")}, "pending -/- = -"},
		"after the card, and known":         {day(9, 17), []facts.Shift{shift(1, "PUSERa", "2026-10-01 00:00:01")}, "met -/- = 14"},
		"joined before anything is kept":    {scorecard.Date{Year: 2025, Month: 12, Day: 1}, []facts.Shift{shift(1, "PUSERa", "2026-02-04")}, "empty -/- = -"},
		"the day from which on it is, does": {day(1, 1), []facts.Shift{shift(1, "PUSERa", "2026-01-31")}, "met -/- = 30"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureTimeToProductivity, person("a", "mysql", tt.joined))
			w.sources[0].DataSince = utc(t, "2026-01-01")
			in := w.input(t)
			in.Facts.Shifts = tt.shifts
			for _, c := range scorecard.Compute(in) {
				if r := c.Row("incident_response"); c.Subject.ID == scorecard.OrgID && outcome(*r) != tt.want {
					t.Errorf("got %s (%s), want %s", outcome(*r), r.Reason, tt.want)
				}
			}
		})
	}
}
