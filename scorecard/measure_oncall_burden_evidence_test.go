package scorecard_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// listed writes items of evidence as a reader sees them.
func listed(items []scorecard.Evidence) string {
	var b strings.Builder
	for _, e := range items {
		fmt.Fprintf(&b, "%s %s %s %s %s\n", e.Kind, e.ID, e.Class, e.Counted, shown(e.Value))
	}
	return b.String()
}

// busyDay has incidents of all classes.
func busyDay(t *testing.T) []facts.Incident {
	t.Helper()
	at := utc(t, "2026-08-03 10:00:00")
	return []facts.Incident{
		// From 10:30; half an hour of it is Q2's already.
		incident("Q3", at.Add(30*time.Minute), acknowledged(0, ada), resolved(time.Hour, alarm)),
		incident("Q2", at, paged(0, ada), acknowledged(0, ada), resolved(time.Hour, alarm)),
		incident("Q4", at, acknowledged(10*time.Minute, ada), resolved(20*time.Minute, alarm)),
		incident("Q5", at, noted(3*time.Hour, ada), noted(3*time.Hour, bo)),
		incident("Q6", at, paged(5*time.Hour, ada)),
		incident("Q7", at.Add(time.Hour), paged(4*time.Hour+30*time.Second, ada)),
		incident("Q8", at, noted(time.Hour, dee)),
		incident("Q9", at),
	}
}

func TestEvidenceOfABurdenAddsUpToIt(t *testing.T) {
	t.Parallel()
	l := newLabor(t, busyDay(t)...).onCall(t, 1, cy)
	want := `person_count people people denominator 3
incident Q2 engaged numerator 3600
incident Q4 engaged numerator 0
incident Q5 action numerator 1800
incident Q6 page numerator 900
incident Q3 engaged numerator 1800
incident Q7 page numerator 0
`
	if diff := cmp.Diff(want, listed(l.evidence(t, "mysql"))); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	r := l.row(t, "mysql")
	if shown(r.Numerator) != "8100" {
		t.Errorf("numerator %s, want 3600 + 1800 + 900 + 1800", shown(r.Numerator))
	}
	population := scorecard.Population{
		Total: 6, Used: 6, Classes: map[string]int{"engaged": 3, "action": 1, "page": 2}, Excluded: map[string]int{},
	}
	if diff := cmp.Diff(population, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
}

func TestClassOfAnIncidentIsTheMostThatSomebodyHadToDo(t *testing.T) {
	t.Parallel()
	minute := time.Minute
	tests := map[string]struct {
		what []happening
		want string
	}{
		"paged":                             {[]happening{paged(0, ada)}, "page"},
		"paged, and acted an hour later":    {[]happening{paged(0, ada), noted(time.Hour, ada)}, "action"},
		"paged, and somebody else acted":    {[]happening{paged(0, ada), noted(time.Hour, bo)}, "action"},
		"acted, and was engaged then":       {[]happening{noted(0, ada), acknowledged(5*minute, ada), resolved(time.Hour, alarm)}, "engaged"},
		"engaged, and acted afterwards":     {[]happening{acknowledged(0, ada), resolved(5*minute, alarm), noted(10*minute, ada)}, "engaged"},
		"engaged, and paged all the same":   {[]happening{acknowledged(0, ada), paged(time.Hour, ada), resolved(5*minute, alarm)}, "engaged"},
		"acted, while it was low urgency":   {[]happening{lowUrgency, acknowledged(0, ada), resolved(time.Hour, alarm)}, "action"},
		"engaged, which is somebody else's": {[]happening{noted(0, ada), acknowledged(0, bo), resolved(time.Hour, alarm)}, "engaged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items := newLabor(t, incident("Q1", utc(t, "2026-08-03 10:00:00"), tt.what...)).evidence(t, "mysql")
			if got := items[len(items)-1]; got.Class != tt.want {
				t.Errorf("%+v, want class %s", got, tt.want)
			}
		})
	}
}

func TestBurdenNamesNobody(t *testing.T) {
	t.Parallel()
	l := newLabor(t, busyDay(t)...).onCall(t, 1, ada, bo, cy, dee)
	for _, subject := range []string{scorecard.OrgID, "mysql", "oncall"} {
		text, err := json.Marshal([]any{l.row(t, subject), l.evidence(t, subject)})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range l.policy.People {
			if strings.Contains(string(text), p.ID) || strings.Contains(string(text), p.PagerDuty) {
				t.Errorf("%s: %s is named in %s", subject, p.ID, text)
			}
		}
	}
}

func TestExceptionTakesAnIncidentsTimeOut(t *testing.T) {
	t.Parallel()
	l := newLabor(t, busyDay(t)...).onCall(t, 1, cy)
	l.policy.Exceptions = []scorecard.Exception{{
		ID: "ex1", Objective: "oncall_burden", Team: "mysql", Incidents: []string{"Q2", "Q6", "Q8"}, Reason: "a drill", Until: day(12, 31),
	}}
	// Without Q2 its first half hour is nobody's but for Q4's 15 minutes, and Q3 keeps its hour; Q6's page was the first of Q7's.
	want := `person_count people people denominator 3
incident Q2 exception excluded 0
incident Q4 engaged numerator 900
incident Q5 action numerator 1800
incident Q6 exception excluded 0
incident Q3 engaged numerator 3600
incident Q7 page numerator 900
`
	if diff := cmp.Diff(want, listed(l.evidence(t, "mysql"))); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	for subject, want := range map[string][3]int64{"mysql": {7200, 8100, 3 * 1892571}, scorecard.OrgID: {8100, 9000, 4 * 1892571}} {
		r := l.row(t, subject)
		if r.Numerator.Cmp(scorecard.Int(want[0])) != 0 || r.Denominator.Cmp(scorecard.Int(want[2])) != 0 {
			t.Errorf("%s: %s of %s s, want %d", subject, shown(r.Numerator), shown(r.Denominator), want)
		}
		if all := scorecard.Ratio(want[1], want[2]); r.ValueWithoutExceptions == nil || r.ValueWithoutExceptions.Cmp(all) != 0 {
			t.Errorf("%s: %s without exceptions, want %s", subject, shown(r.ValueWithoutExceptions), all)
		}
		if len(r.Exceptions) != 1 || !cmp.Equal(r.Exceptions[0].Incidents, []string{"Q2", "Q6"}) {
			t.Errorf("%s: exceptions %+v, want ex1 with Q2 and Q6, for Q8 is another team's work", subject, r.Exceptions)
		}
	}
	if r := l.row(t, "oncall"); len(r.Exceptions) != 0 || r.ValueWithoutExceptions != nil || shown(r.Numerator) != "900" {
		t.Errorf("oncall: %s s, exceptions %+v, want 900 s and none", shown(r.Numerator), r.Exceptions)
	}
}

func TestExemptTeamIsLeftOutOfTheOrganisation(t *testing.T) {
	t.Parallel()
	l := newLabor(t, busyDay(t)...).onCall(t, 1, cy)
	l.policy.Exceptions = []scorecard.Exception{{ID: "ex1", Objective: "oncall_burden", Team: "mysql", Reason: "a reorganisation", Until: day(12, 31)}}
	if r := l.row(t, "mysql"); r.Verdict != scorecard.Exempt || r.Value != nil {
		t.Errorf("mysql: %s with %s, want exempt", r.Verdict, shown(r.Value))
	}
	r := l.row(t, scorecard.OrgID)
	if shown(r.Numerator) != "900" || shown(r.Denominator) != "1892571" {
		t.Errorf("org: %s of %s s, want Dee's 900 of 1892571", shown(r.Numerator), shown(r.Denominator))
	}
	if all := scorecard.Ratio(9000, 4*1892571); r.ValueWithoutExceptions == nil || r.ValueWithoutExceptions.Cmp(all) != 0 {
		t.Errorf("org: %s without exceptions, want %s", shown(r.ValueWithoutExceptions), all)
	}
}
