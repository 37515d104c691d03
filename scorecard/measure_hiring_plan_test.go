package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/scorecard"
)

func TestPlanIsFulfilledPositionByPosition(t *testing.T) {
	t.Parallel()
	sre := func(p *scorecard.Person) { p.Line = scorecard.LinePersonSRE }
	mysqlTwo := []scorecard.PlanEntry{{Period: "2026-Q3", Team: "mysql", Count: 2}, {Period: "2026-Q4", Team: "mysql", Count: 5}}
	tests := map[string]struct {
		plan   []scorecard.PlanEntry
		people []scorecard.Person
		want   string
		why    map[string]int
	}{
		"one of two":                  {mysqlTwo, []scorecard.Person{person("a", "mysql", day(7, 1))}, "missed 1/2 = 0.5", map[string]int{"filled": 1, "open": 1}},
		"two of two":                  {mysqlTwo, []scorecard.Person{person("a", "mysql", day(7, 1)), person("b", "mysql", day(9, 30))}, "met 2/2 = 1", map[string]int{"filled": 2}},
		"three for two are no more":   {mysqlTwo, []scorecard.Person{person("a", "mysql", day(7, 1)), person("b", "mysql", day(8, 1)), person("c", "mysql", day(8, 1))}, "met 2/2 = 1", map[string]int{"filled": 2}},
		"somebody for another team":   {mysqlTwo, []scorecard.Person{person("a", "oncall", day(7, 1))}, "missed 0/2 = 0", map[string]int{"open": 2}},
		"somebody of another quarter": {mysqlTwo, []scorecard.Person{person("a", "mysql", day(6, 30)), person("b", "mysql", day(10, 1))}, "missed 0/2 = 0", map[string]int{"open": 2}},
		"by line and level": {
			[]scorecard.PlanEntry{{Period: "2026-Q3", Line: scorecard.LinePersonSRE, Count: 1}, {Period: "2026-Q3", Level: "L6", Count: 1}},
			[]scorecard.Person{person("a", "mysql", day(7, 1), sre, ofLevel("L6")), person("b", "mysql", day(7, 1), ofLevel("L6"))},
			"met 2/2 = 1",
			map[string]int{"filled": 2},
		},
		// The first one takes the open position, and makes room when the second fits nothing else.
		"whoever fits two positions leaves the other one free": {
			[]scorecard.PlanEntry{{Period: "2026-Q3", Count: 1}, {Period: "2026-Q3", Team: "mysql", Count: 1}},
			[]scorecard.Person{person("a", "mysql", day(7, 1)), person("b", "oncall", day(7, 1))},
			"met 2/2 = 1",
			map[string]int{"filled": 2},
		},
		"nothing planned in the quarter": {[]scorecard.PlanEntry{{Period: "2026-Q4", Count: 1}}, []scorecard.Person{person("a", "mysql", day(7, 1))}, "empty -/- = -", map[string]int{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureHiringPlan, tt.people...)
			w.objective().Plan = tt.plan
			r := w.row(t, scorecard.OrgID)
			if got := outcome(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.why, r.Population.Classes); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
		})
	}
}

// An exception for mysql takes its position out, and who fills another one does so still.
func TestPositionsOfExemptTeamsAreTakenOut(t *testing.T) {
	t.Parallel()
	inMySQL, anywhere := scorecard.PlanEntry{Period: "2026-Q3", Team: "mysql", Count: 1}, scorecard.PlanEntry{Period: "2026-Q3", Count: 1}
	first, second := person("a", "mysql", day(7, 1)), person("b", "mysql", day(8, 1))
	tests := map[string]struct {
		plan   []scorecard.PlanEntry
		people []scorecard.Person
		want   string
		before string
	}{
		"a joiner of the team fills a position of no team": {[]scorecard.PlanEntry{anywhere}, []scorecard.Person{first}, "met 1/1 = 1", "1"},
		"who would fill the team's fills no other":         {[]scorecard.PlanEntry{anywhere, inMySQL}, []scorecard.Person{first}, "missed 0/1 = 0", "0.5"},
		"of two joiners one fills the other":               {[]scorecard.PlanEntry{anywhere, inMySQL}, []scorecard.Person{first, second}, "met 1/1 = 1", "1"},
		"the team's is the only one":                       {[]scorecard.PlanEntry{inMySQL}, []scorecard.Person{first}, "empty -/- = -", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rosterWorld(t, scorecard.MeasureHiringPlan, tt.people...)
			w.objective().Plan = tt.plan
			w.policy.Exceptions = []scorecard.Exception{exception("ex1", "mysql", 12, 31)}
			r := w.row(t, scorecard.OrgID)
			if got := outcome(r); got != tt.want || shown(r.ValueWithoutExceptions) != tt.before || r.Population.Excluded["unplanned"] != 0 {
				t.Errorf("got %s, %s without the exception, excluded %v; want %s, %s and nobody", got, shown(r.ValueWithoutExceptions), r.Population.Excluded, tt.want, tt.before)
			}
			if r := w.row(t, "mysql"); r.Verdict != scorecard.Exempt || len(r.Exceptions) != 1 {
				t.Errorf("mysql is %s by %v", r.Verdict, r.Exceptions)
			}
		})
	}
}

func TestPlanIsPendingWhileItsWindowRuns(t *testing.T) {
	t.Parallel()
	w := rosterWorld(t, scorecard.MeasureHiringPlan, person("a", "mysql", day(7, 1)))
	w.objective().Plan = []scorecard.PlanEntry{{Period: "2026-Q1", Count: 1}, {Period: "2026-Q3", Count: 1}}
	for at, want := range map[string]string{"2026-09-30 23:59:59": "pending 1/1 = 1", "2026-10-01 00:00:00": "met 1/1 = 1"} {
		if got := outcome(w.horizonAt(utc(t, at)).row(t, scorecard.OrgID)); got != want {
			t.Errorf("%s: got %s, want %s", at, got, want)
		}
	}
	w.period = "2026"
	// Two positions in the year, of which that of the first quarter stayed open.
	if got, want := outcome(w.row(t, scorecard.OrgID)), "pending 1/2 = 0.5"; got != want {
		t.Errorf("the year: got %s, want %s", got, want)
	}
}
