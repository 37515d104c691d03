package scorecard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// sweep is incidents that began a minute apart from each other and that somebody
// acknowledged at instants, each in seconds after ten o'clock.
func sweep(tb testing.TB, name, who string, at []float64, what ...happening) []facts.Incident {
	tb.Helper()
	ten := utc(tb, "2026-08-03 10:00:00")
	incidents := make([]facts.Incident, 0, len(at))
	for n, after := range at {
		created := ten.Add(-time.Duration(len(at)-n) * 10 * time.Second)
		answered := ten.Add(time.Duration(after * float64(time.Second))).Sub(created)
		incidents = append(incidents, incident(fmt.Sprintf("%s%d", name, n), created, append([]happening{acknowledged(answered, who)}, what...)...))
	}
	return incidents
}

// bulkCaveat is what a row says of so many incidents.
func bulkCaveat(n int) []string {
	if n == 0 {
		return []string{}
	}
	return []string{fmt.Sprintf("Judged incidents that were acknowledged in bulk, at least five by one person within seconds of each other: %d. They count as answered.", n)}
}

// Each case is some incidents of the mysql team, of which so many carry the caveat. All
// are answered within two minutes.
func TestAcknowledgedInBulk(t *testing.T) {
	t.Parallel()
	together := []float64{0, 0, 0, 0, 0}
	tests := map[string]struct {
		incidents []facts.Incident
		want      int
		coverage  string
	}{
		"four at once are not enough":                   {sweep(t, "QA", ada, together[:4]), 0, "1"},
		"five at once are a bulk":                       {sweep(t, "QA", ada, together), 5, "0"},
		"five are one, each five seconds after another": {sweep(t, "QA", ada, []float64{0, 5, 10, 15, 20}), 5, "0"},
		"a longer pause in the middle parts them":       {sweep(t, "QA", ada, []float64{0, 5, 10, 15.001, 20}), 0, "1"},
		"a longer pause at the end leaves one out":      {sweep(t, "QA", ada, []float64{0, 1, 2, 3, 4, 9.001}), 5, "0.1667"}, // 1 of 6.
		"the order of their creation does not matter":   {sweep(t, "QA", ada, []float64{20, 5, 15, 0, 10}), 5, "0"},
		"two people who share the work are not one":     {append(sweep(t, "QA", ada, []float64{0, 2, 4}), sweep(t, "QB", bo, []float64{1, 3, 5})...), 0, "1"},
		"another person in between does not part them":  {append(sweep(t, "QA", ada, together), sweep(t, "QB", bo, []float64{0})...), 5, "0.1667"},
		"a second acknowledgement answers nothing":      {append(sweep(t, "QA", ada, together[:4]), incident("QB", utc(t, "2026-08-03 09:59:00"), acknowledged(time.Second, bo), acknowledged(time.Minute, ada))), 0, "1"},
		"automation is nobody":                          {sweep(t, "QA", robot, together, acknowledged(90*time.Second, ada), resolved(2*time.Minute, ada)), 0, "1"},
		"resolving in bulk is no acknowledging": {
			[]facts.Incident{
				incident("Q1", utc(t, "2026-08-03"), resolved(time.Minute, ada)), incident("Q2", utc(t, "2026-08-03"), resolved(time.Minute, ada)),
				incident("Q3", utc(t, "2026-08-03"), resolved(time.Minute, ada)), incident("Q4", utc(t, "2026-08-03"), resolved(time.Minute, ada)),
				incident("Q5", utc(t, "2026-08-03"), resolved(time.Minute, ada)),
			}, 0, "1",
		},
		"incidents of low urgency make up a bulk, and are not judged": {append(sweep(t, "QA", ada, together[:3]), sweep(t, "QB", ada, together[:2], lowUrgency)...), 3, "0"},
		"incidents of another team make one up":                       {append(sweep(t, "QA", ada, together[:1]), sweep(t, "QB", ada, together[:4], onService("PONCALL1"))...), 1, "0"},
		"incidents of no team make one up":                            {append(sweep(t, "QA", ada, together[:1]), sweep(t, "QB", ada, together[:4], onService("PX99"))...), 1, "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.incidents...)
			r := w.row(t, "mysql")
			if diff := cmp.Diff(bulkCaveat(tt.want), r.Caveats); diff != "" || short(r.Coverage) != tt.coverage {
				t.Errorf("coverage %s, want %s; caveats (-want +got):\n%s", short(r.Coverage), tt.coverage, diff)
			}
			if shown(r.Numerator) != shown(r.Denominator) || r.Population.Used == 0 {
				t.Errorf("%s of %s are within, want all", shown(r.Numerator), shown(r.Denominator))
			}
			told := 0
			for _, e := range w.evidence(t, "mysql") {
				if strings.Contains(e.Reason, "Acknowledged in bulk, one of ") {
					told++
				}
			}
			if told != tt.want {
				t.Errorf("the evidence tells of %d, want %d", told, tt.want)
			}
		})
	}
}

func TestBulkAddsUpForTheOrganisationAndIsAsOfTheHorizon(t *testing.T) {
	t.Parallel()
	// Ada acknowledges three and two, at ten o'clock and four seconds later.
	incidents := append(sweep(t, "QA", ada, []float64{0, 0, 4}), sweep(t, "QB", ada, []float64{0, 4}, onService("PONCALL1"))...)
	w := newWorld(t, incidents...)
	for subject, want := range map[string]int{"mysql": 3, "oncall": 2, scorecard.OrgID: 5} {
		if diff := cmp.Diff(bulkCaveat(want), w.row(t, subject).Caveats); diff != "" {
			t.Errorf("%s (-want +got):\n%s", subject, diff)
		}
	}
	// A second before the last two there was no bulk yet.
	w = w.horizonAt(utc(t, "2026-08-03 10:00:03"))
	w.period = "2026-Q3"
	if got := w.row(t, scorecard.OrgID).Caveats; len(got) != 0 {
		t.Errorf("at 10:00:03: %q, want none", got)
	}
	if want := "Answered after 30 s. Acknowledged in bulk, one of 5."; newWorld(t, incidents...).evidence(t, "mysql")[0].Reason != want {
		t.Errorf("reason %q, want %q", newWorld(t, incidents...).evidence(t, "mysql")[0].Reason, want)
	}
}

// Six of a bulk began around midnight, three in each quarter. The later quarter
// looks back, the earlier one was over.
func TestBulkOverTheQuartersEnd(t *testing.T) {
	t.Parallel()
	midnight := utc(t, "2026-10-01")
	var incidents []facts.Incident
	for n := range 6 {
		created := midnight.Add(time.Duration(n-3) * time.Second)
		incidents = append(incidents, incident(fmt.Sprintf("Q%d", n), created, acknowledged(midnight.Add(time.Minute).Sub(created), ada)))
	}
	for period, want := range map[string]int{"2026-Q3": 0, "2026-Q4": 3} {
		w := newWorld(t, incidents...)
		w.period = period
		if diff := cmp.Diff(bulkCaveat(want), w.row(t, "mysql").Caveats); diff != "" {
			t.Errorf("%s (-want +got):\n%s", period, diff)
		}
	}
}

// The threshold is 300 s, so that its last minute begins after 240.
func TestReassignedInTheLastMinuteOfTheThreshold(t *testing.T) {
	t.Parallel()
	passed := func(after time.Duration, who string) happening {
		return handed(facts.EntryAssign, after, who, []string{bo})
	}
	tests := map[string]struct {
		what []happening
		want string // In the reason; empty for no caveat.
	}{
		"when it begins":                    {[]happening{begun, passed(240*time.Second, ada)}, " Given to somebody else after 240 s, unanswered."},
		"a moment before it begins":         {[]happening{begun, passed(239*time.Second, ada)}, ""},
		"when it ends":                      {[]happening{begun, passed(300*time.Second, ada)}, " Given to somebody else after 300 s, unanswered."},
		"a moment after it ended":           {[]happening{begun, passed(301*time.Second, ada)}, ""},
		"and again later":                   {[]happening{begun, passed(250*time.Second, ada), passed(400*time.Second, bo)}, " Given to somebody else after 250 s, unanswered."},
		"by a delegation":                   {[]happening{begun, handed(facts.EntryDelegate, 250*time.Second, ada, []string{bo})}, " Given to somebody else after 250 s, unanswered."},
		"by escalating it by hand":          {[]happening{begun, handed(facts.EntryEscalate, 250*time.Second, ada, []string{bo})}, " Given to somebody else after 250 s, unanswered."},
		"by its policy, for nobody came":    {[]happening{begun, handed(facts.EntryEscalate, 300*time.Second, alarm, []string{bo})}, ""},
		"by who opened it: the first time":  {[]happening{passed(250*time.Second, ada)}, ""},
		"after somebody had answered":       {[]happening{begun, acknowledged(200*time.Second, ada), passed(250*time.Second, ada)}, ""},
		"in the second of the answer":       {[]happening{begun, acknowledged(250*time.Second, ada), passed(250*time.Second, ada)}, ""},
		"and answered in time all the same": {[]happening{begun, passed(250*time.Second, ada), acknowledged(280*time.Second, bo)}, " Given to somebody else after 250 s, unanswered."},
		"of an incident that is not judged": {[]happening{begun, passed(250*time.Second, ada), lowUrgency}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(
				t, incident("Q1", utc(t, "2026-08-03 10:00:00"), append(tt.what, acknowledged(time.Hour, bo))...),
				incident("Q2", utc(t, "2026-08-04 10:00:00"), begun, acknowledged(time.Minute, bo)),
			)
			r := w.row(t, "mysql")
			caveats, coverage := []string{}, "1"
			if tt.want != "" {
				caveats, coverage = []string{"Judged incidents that were given to somebody else, unanswered, in the last minute of the threshold: 1. The clock went on."}, "0.5"
			}
			if diff := cmp.Diff(caveats, r.Caveats); diff != "" || short(r.Coverage) != coverage {
				t.Errorf("coverage %s, want %s; caveats (-want +got):\n%s", short(r.Coverage), coverage, diff)
			}
			if got := w.evidence(t, "mysql")[0].Reason; strings.Contains(got, "somebody else") != (tt.want != "") || !strings.HasSuffix(got, tt.want) {
				t.Errorf("reason %q, want it to end in %q", got, tt.want)
			}
		})
	}
}

// Of four incidents the first has two doubts and counts once: 1 - 2/4.
func TestDoubtsOfOneIncidentLowerTheCoverageOnce(t *testing.T) {
	t.Parallel()
	unknown := func(i *facts.Incident) { i.Urgency = "" }
	at := utc(t, "2026-08-03 10:00:00")
	w := newWorld(
		t,
		incident("Q1", at, begun, handed(facts.EntryAssign, 270*time.Second, ada, []string{bo}), acknowledged(time.Hour, bo), unknown),
		incident("Q2", at, begun, handed(facts.EntryAssign, 270*time.Second, ada, []string{bo})),
		incident("Q3", at, acknowledged(time.Minute, ada)), incident("Q4", at, acknowledged(time.Hour, ada)),
	)
	if r := w.row(t, "mysql"); len(r.Caveats) != 2 || short(r.Coverage) != "0.5" || shown(r.Numerator) != "1" || shown(r.Denominator) != "4" {
		t.Errorf("%s of %s, coverage %s, caveats %q; want 1 of 4, 0.5 and two", shown(r.Numerator), shown(r.Denominator), short(r.Coverage), r.Caveats)
	}
}
