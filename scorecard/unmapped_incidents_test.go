package scorecard_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// missed is what a row of the organisation says of so many incidents.
func missed(n int) []string {
	return []string{fmt.Sprintf("Incidents that would count if a team listed their service: %d. The card names the services as unmapped.", n)}
}

// The mysql team's two incidents are judged. On services of no team there are six,
// of which one would be too late and one in time, and four not judged.
func TestResponsesOfTheOrganisationMissUnmappedServices(t *testing.T) {
	t.Parallel()
	at, strange := utc(t, "2026-08-03 10:00:00"), onService("PX99")
	w := newWorld(
		t,
		incident("Q1", at, acknowledged(time.Minute, ada)), incident("Q2", at, acknowledged(time.Hour, ada)),
		incident("QX1", at, strange, acknowledged(time.Minute, ada)), incident("QX2", at, onService("PX11"), acknowledged(time.Hour, ada)),
		incident("QX3", at, strange, lowUrgency), incident("QX4", at, strange, resolved(time.Minute, alarm)),
		incident("QX5", at.AddDate(0, -3, 0), strange), incident("QX6", at, strange, mergedAway(time.Minute, ada)),
	)
	r := w.row(t, scorecard.OrgID)
	if diff := cmp.Diff(missed(2), r.Caveats); diff != "" || short(r.Coverage) != "0.5" { // 2 of 4.
		t.Errorf("coverage %s, want 0.5; caveats (-want +got):\n%s", short(r.Coverage), diff)
	}
	if shown(r.Numerator) != "1" || shown(r.Denominator) != "2" || r.Population.Total != 2 {
		t.Errorf("%s of %s in %d, want 1 of 2 in 2: what is unmapped is in no card", shown(r.Numerator), shown(r.Denominator), r.Population.Total)
	}
	if r := w.row(t, "mysql"); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("the team has coverage %s and %q: nothing says that they are its own", short(r.Coverage), r.Caveats)
	}
}

// Of three services one had an outage; of two that no team lists one had two,
// the other an incident that is none: 3 of 4 services are seen.
func TestUptimeOfTheOrganisationMissesUnmappedServices(t *testing.T) {
	t.Parallel()
	at, strange := utc(t, "2026-08-03 10:00:00"), onService("PX99")
	w := newDownWorld(
		t,
		outage("Q1", at, time.Minute), outage("QX1", at, time.Hour, strange), outage("QX2", at.AddDate(0, -3, 0), 95*24*time.Hour, strange),
		outage("QX3", at, time.Hour, onService("PX11"), priority("P3")),
	)
	r := w.row(t, scorecard.OrgID)
	if diff := cmp.Diff(missed(2), r.Caveats); diff != "" || short(r.Coverage) != "0.75" || downtime(t, r) != 60 {
		t.Errorf("down for %d s, coverage %s, want 60 and 0.75; caveats (-want +got):\n%s", downtime(t, r), short(r.Coverage), diff)
	}
	if r := w.row(t, "mysql"); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("the team has coverage %s and %q", short(r.Coverage), r.Caveats)
	}
	// What is not among the services that count for uptime would not count either.
	w.policy.Incidents.OutageServices = []string{alarm}
	if r := w.row(t, scorecard.OrgID); len(r.Caveats) != 0 || *r.Coverage != 1 {
		t.Errorf("with a list of services: coverage %s and %q", short(r.Coverage), r.Caveats)
	}
}

// One incident of the mysql team has a post-mortem, two of services that no team
// lists would need one: 1 of 3.
func TestPostmortemsOfTheOrganisationMissUnmappedServices(t *testing.T) {
	t.Parallel()
	at, strange := "2026-07-06 10:00:00", onService("PX99")
	w := newReviewWorld(
		t, []facts.Incident{
			solved(t, "Q1", at), solved(t, "QX1", at, strange), solved(t, "QX2", at, strange), solved(t, "QX3", at, strange, lowUrgency),
		},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1", "QX2"}, deliveredAt(utc(t, "2026-07-07"))),
	)
	r := w.row(t, scorecard.OrgID)
	if diff := cmp.Diff(missed(2), r.Caveats); diff != "" || short(r.Coverage) != "0.3333" || shown(r.Value) != "1" {
		t.Errorf("%s, coverage %s, want 1 and 1/3; caveats (-want +got):\n%s", shown(r.Value), short(r.Coverage), diff)
	}
}

// Somebody from elsewhere helps Ada with Q1, and handles Q2 alone; Q3 is of a
// service that is nobody's, Q4 is an exception, of Q5 he was only told, and Q6 he
// looked at in October. Of the four incidents that took time of somebody on
// the roster (Q1, Q3, Q5, Q7) one is doubtful, and one more is not seen: 3 of 5.
func TestBurdenLacksWhatPeopleOnNoRosterDid(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	const stranger = "PUSER77"
	l := newLabor(
		t,
		incident("Q1", at, acknowledged(time.Minute, ada), noted(2*time.Minute, stranger), resolved(time.Hour, ada)),
		incident("Q2", at.Add(24*time.Hour), acknowledged(time.Minute, stranger), resolved(time.Hour, stranger)),
		incident("Q3", at.Add(48*time.Hour), onService("PX99"), noted(time.Minute, stranger), noted(time.Minute, ada)),
		incident("Q4", at.Add(72*time.Hour), noted(time.Minute, stranger), noted(time.Minute, ada)),
		incident("Q5", at.Add(96*time.Hour), paged(time.Minute, stranger), noted(time.Minute, ada)),
		incident("Q6", at.Add(58*24*time.Hour), noted(24*time.Hour, stranger)),
		incident("Q7", at.Add(120*time.Hour), noted(time.Minute, ada), noted(time.Minute, robot), resolved(time.Hour, alarm)),
	)
	l.policy.Exceptions = []scorecard.Exception{exception("ex1", "", 12, 31, "Q4")}
	l.policy.Exceptions[0].Objective = "oncall_burden"
	for _, subject := range []string{"mysql", scorecard.OrgID} {
		r := l.row(t, subject)
		if got, want := r.Caveats[0], "Incidents that somebody acted on who is on no roster: 2. Their time is not counted."; got != want {
			t.Errorf("%s: %q, want %q", subject, got, want)
		}
		// Q1 from its acknowledgement to 15 minutes after its resolve, and 15 minutes each of the others.
		if short(r.Coverage) != "0.6" || shown(r.Numerator) != strconv.Itoa(3540+900+3*900) {
			t.Errorf("%s: %s s with coverage %s of %+v, want 7140 and 0.6", subject, shown(r.Numerator), short(r.Coverage), r.Population)
		}
	}
	for _, e := range l.evidence(t, "mysql") {
		if told := strings.HasSuffix(e.Reason, " Somebody on no roster acted on it as well, whose time is not counted."); told != (e.ID == "Q1") {
			t.Errorf("%s: %s", e.ID, e.Reason)
		}
	}
	if r := l.row(t, "oncall"); strings.Contains(strings.Join(r.Caveats, " "), "roster") {
		t.Errorf("the other team has %q", r.Caveats)
	}
}
