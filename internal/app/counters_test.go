package app_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// counted is a store and the counters of what is in it, on a clock of hours
// that the test moves.
type counted struct {
	*app.Counters
	store *store.Store
	path  string
	hour  int
}

func newCounted(t *testing.T) *counted {
	t.Helper()
	path := layEmptyStore(t, t.TempDir())
	s, err := store.Open(t.Context(), store.Options{URL: path})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	c := &counted{store: s, path: path}
	c.restart(t, twoTeams())
	return c
}

// twoTeams have a service each; a third service is nobody's.
func twoTeams() *scorecard.Policy {
	return &scorecard.Policy{Teams: []scorecard.Team{
		{ID: "mysql", Services: []string{"PMYSQL"}}, {ID: "mongodb", Services: []string{"PMONGO"}},
	}}
}

// restart is another process on the same store.
func (c *counted) restart(t *testing.T, p *scorecard.Policy) {
	t.Helper()
	var err error
	c.Counters, err = app.NewCounters(p, c.store, func() time.Time { return at(c.hour, 0) })
	must(t, err)
}

// at is so many hours and minutes after the start of the history.
func at(hour, minute int) time.Time {
	return time.Date(2026, time.July, 1, hour, minute, 0, 0, time.UTC)
}

// save keeps a page, which need not be the last of its cycle.
func (c *counted) save(t *testing.T, b facts.Batch) {
	t.Helper()
	must(t, c.store.Save(t.Context(), facts.PagerDuty, b))
}

// cycle ends a cycle that began at an hour with a page, and counts.
func (c *counted) cycle(t *testing.T, hour int, b facts.Batch) {
	t.Helper()
	c.hour = hour
	b.Complete = &facts.Completion{DataAsOf: at(hour, 0), DataSince: at(0, 0)}
	c.save(t, b)
	must(t, c.Refresh(context.Background()))
}

// lines are what the counters expose, without buckets and zeros.
func (c *counted) lines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(c.exposition(t)) {
		line = strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "teamhealth_")
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "_bucket") && !strings.Contains(line, "_created") &&
			!strings.HasSuffix(line, " 0.0") && !strings.HasSuffix(line, " 0") {
			lines = append(lines, line)
		}
	}
	return lines
}

// exposition is all of it as OpenMetrics, exemplars and beginnings included.
func (c *counted) exposition(t *testing.T) string {
	t.Helper()
	r := prometheus.NewRegistry()
	must(t, metrics.RegisterTally(r, c.Counters))
	families, err := r.Gather()
	must(t, err)
	var out bytes.Buffer
	for _, f := range families {
		_, err := expfmt.MetricFamilyToOpenMetrics(&out, f, expfmt.WithCreatedLines())
		must(t, err)
	}
	return out.String()
}

func (c *counted) want(t *testing.T, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, c.lines(t)); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
}

// outage is an open incident of high urgency.
func outage(id, service string, created time.Time) facts.Incident {
	return facts.Incident{
		ID: id, Service: service, Urgency: facts.UrgencyHigh, Status: "triggered", CreatedAt: created, UpdatedAt: created,
	}
}

func resolved(i facts.Incident, when time.Time) facts.Incident {
	i.Status, i.ResolvedAt, i.UpdatedAt = facts.StatusResolved, when, when
	i.LastChange = facts.Change{At: when, Actor: facts.Actor{ID: "PUSER", User: true}}
	return i
}

// entry is what a person did about the incident Q1.
func entry(kind facts.EntryKind, when time.Time) facts.Entry {
	return facts.Entry{
		ID: string(kind), Incident: "Q1", Kind: kind, At: when, Actor: facts.Actor{ID: "PUSER", User: true},
	}
}

// answered is the incident Q1, which was acknowledged after 4 minutes and resolved
// after an hour.
func answered() facts.Batch {
	return facts.Batch{
		Incidents: []facts.Incident{resolved(outage("Q1", "PMYSQL", at(1, 0)), at(2, 0))},
		Entries:   []facts.Entry{entry(facts.EntryAcknowledge, at(1, 4)), entry(facts.EntryResolve, at(2, 0))},
	}
}

func TestAnIncidentCountsWhenItIsSeenAnsweredAndResolved(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 2, facts.Batch{Incidents: []facts.Incident{outage("Q1", "PMYSQL", at(1, 0))}})
	c.want(t, `incidents_total{team="mysql",urgency="high"} 1.0`)
	c.cycle(t, 3, facts.Batch{Entries: []facts.Entry{entry(facts.EntryAcknowledge, at(2, 30))}})
	c.want(t,
		`incident_response_seconds_sum{team="mysql"} 5400.0`, // 90 minutes.
		`incident_response_seconds_count{team="mysql"} 1`,
		`incidents_total{team="mysql",urgency="high"} 1.0`,
	)
	c.cycle(t, 5, facts.Batch{
		Incidents: []facts.Incident{resolved(outage("Q1", "PMYSQL", at(1, 0)), at(4, 0))},
		Entries:   []facts.Entry{entry(facts.EntryResolve, at(4, 0))},
	})
	c.want(t,
		`incident_resolution_seconds_sum{team="mysql"} 10800.0`, // 3 hours.
		`incident_resolution_seconds_count{team="mysql"} 1`,
		`incident_response_seconds_sum{team="mysql"} 5400.0`,
		`incident_response_seconds_count{team="mysql"} 1`,
		`incidents_total{team="mysql",urgency="high"} 1.0`,
	)
}

func TestOnlyAnswersToHighUrgencyCountAsResponses(t *testing.T) {
	t.Parallel()
	for name, urgency := range map[string]facts.Urgency{"low": facts.UrgencyLow, "unknown": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounted(t)
			b := answered()
			b.Incidents[0].Urgency = urgency
			c.cycle(t, 3, b)
			c.want(t,
				`incident_resolution_seconds_sum{team="mysql"} 3600.0`,
				`incident_resolution_seconds_count{team="mysql"} 1`,
				fmt.Sprintf(`incidents_total{team="mysql",urgency="%s"} 1.0`, name),
			)
		})
	}
}

func TestNothingIsCountedBeforeACycleIsComplete(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.save(t, answered())
	must(t, c.Refresh(t.Context()))
	if c.Tally() != nil {
		t.Errorf("published %+v", c.Tally())
	}
}

func TestAnAnswerThatComesAfterItsResolveIsTheOneThatCounts(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	// The cycle began before the resolve, which it has seen, and the acknowledgement, which it has not.
	c.cycle(t, 1, facts.Batch{Incidents: []facts.Incident{resolved(outage("Q1", "PMYSQL", at(1, 0)), at(2, 0))}})
	c.want(t)
	c.cycle(t, 3, facts.Batch{Entries: answered().Entries})
	if got := c.lines(t); !strings.Contains(strings.Join(got, "\n"), `incident_response_seconds_sum{team="mysql"} 240.0`) {
		t.Errorf("no response of 240 s in %q", got)
	}
}

func TestAnAnswerAfterTheHorizonWaitsForThoseBeforeIt(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 2, facts.Batch{
		Incidents: []facts.Incident{outage("Q1", "PMYSQL", at(1, 0))},
		Entries:   []facts.Entry{entry(facts.EntryResponderAccept, at(2, 30))},
	})
	c.want(t)
	c.cycle(t, 3, facts.Batch{Entries: []facts.Entry{entry(facts.EntryAcknowledge, at(2, 20))}})
	c.want(t,
		`incident_response_seconds_sum{team="mysql"} 4800.0`, // 80 minutes.
		`incident_response_seconds_count{team="mysql"} 1`,
		`incidents_total{team="mysql",urgency="high"} 1.0`,
	)
}

func TestWhatIsLearntWhileAnIncidentWaitsIsWhatCounts(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 1, answered())
	// The urgency that was read is the present one, high; at the trigger it was low.
	c.cycle(t, 3, facts.Batch{Entries: []facts.Entry{entry(facts.EntryUrgencyChange, at(1, 2))}})
	c.want(t,
		`incident_resolution_seconds_sum{team="mysql"} 3600.0`,
		`incident_resolution_seconds_count{team="mysql"} 1`,
		`incidents_total{team="mysql",urgency="low"} 1.0`,
	)
}

func TestAnAnswerDatedBeforeItsIncidentTookNoTime(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 3, facts.Batch{
		Incidents: []facts.Incident{outage("Q1", "PMYSQL", at(1, 0))},
		Entries:   []facts.Entry{entry(facts.EntryAcknowledge, at(0, 59))},
	})
	c.want(t, // The sum, being 0, is not among the lines.
		`incident_response_seconds_count{team="mysql"} 1`,
		`incidents_total{team="mysql",urgency="high"} 1.0`,
	)
}

func TestWhatWaitedIsCountedWithoutAnotherChange(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(*testing.T, *counted){
		"in the same process":   func(*testing.T, *counted) {},
		"after a restart":       func(t *testing.T, c *counted) { t.Helper(); c.restart(t, twoTeams()) },
		"after a useless cycle": func(t *testing.T, c *counted) { t.Helper(); c.cycle(t, 1, facts.Batch{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounted(t)
			c.cycle(t, 1, answered()) // All of it happened after the cycle began.
			c.want(t)
			between(t, c)
			c.cycle(t, 3, facts.Batch{})
			if got := c.lines(t); len(got) != 5 {
				t.Errorf("got %q, want a response, a resolution and an incident", got)
			}
		})
	}
}

func TestLaterFactsDoNotMoveCounters(t *testing.T) {
	t.Parallel()
	for name, later := range map[string]facts.Batch{
		"an earlier answer":        {Entries: []facts.Entry{entry(facts.EntryResponderAccept, at(1, 1))}},
		"another urgency":          {Entries: []facts.Entry{entry(facts.EntryUrgencyChange, at(1, 1))}},
		"a reopening":              {Incidents: []facts.Incident{outage("Q1", "PMYSQL", at(1, 0))}},
		"a service at the trigger": {Entries: []facts.Entry{{ID: "R", Incident: "Q1", Kind: facts.EntryTrigger, Service: "PMONGO", At: at(1, 0)}}},
		"the same again":           answered(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounted(t)
			c.cycle(t, 3, answered())
			before := c.exposition(t)
			for i := range later.Incidents {
				later.Incidents[i].UpdatedAt = at(3, 30)
			}
			c.cycle(t, 4, later)
			if diff := cmp.Diff(before, c.exposition(t)); diff != "" {
				t.Errorf("the counters moved (-before +after):\n%s", diff)
			}
		})
	}
}

func TestCountersSurviveARestart(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 3, answered())
	before := c.exposition(t)
	if !strings.Contains(before, `incident_id="Q1"`) {
		t.Errorf("no exemplar in\n%s", before)
	}
	c.hour = 9
	c.restart(t, twoTeams())
	must(t, c.Refresh(t.Context())) // No cycle has completed since.
	if diff := cmp.Diff(before, c.exposition(t)); diff != "" {
		t.Errorf("the counters changed (-before +after):\n%s", diff)
	}
}

func TestAServiceThatMovesStartsTheCountingAnew(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 3, answered())
	began := c.Tally().Created
	c.hour = 9
	moved := twoTeams()
	moved.Teams[0].Services, moved.Teams[1].Services = nil, []string{"PMONGO", "PMYSQL"}
	c.restart(t, moved)
	must(t, c.Refresh(t.Context()))
	c.want(t,
		`incident_resolution_seconds_sum{team="mongodb"} 3600.0`,
		`incident_resolution_seconds_count{team="mongodb"} 1`,
		`incident_response_seconds_sum{team="mongodb"} 240.0`,
		`incident_response_seconds_count{team="mongodb"} 1`,
		`incidents_total{team="mongodb",urgency="high"} 1.0`,
	)
	if again := c.Tally().Created; !began.Equal(at(3, 0)) || !again.Equal(at(9, 0)) {
		t.Errorf("the counting began at %s and %s, want the hours 3 and 9", began, again)
	}
}

func TestOtherChangesOfTheConfigurationLeaveTheCounters(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 3, answered())
	before := c.exposition(t)
	p := twoTeams()
	p.Teams[0].Name, p.Teams[0].Line, p.Organization = "Other", scorecard.LineSRE, "Other"
	c.restart(t, p)
	must(t, c.Refresh(t.Context()))
	if diff := cmp.Diff(before, c.exposition(t)); diff != "" {
		t.Errorf("the counters changed (-before +after):\n%s", diff)
	}
}

func TestAnotherProcessMayCountAnew(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.cycle(t, 3, answered())
	first := c.Counters
	swapped := twoTeams()
	swapped.Teams[0].Services, swapped.Teams[1].Services = swapped.Teams[1].Services, swapped.Teams[0].Services
	c.restart(t, swapped)
	must(t, c.Refresh(t.Context()))
	c.Counters = first
	c.cycle(t, 4, facts.Batch{})
	if got := c.lines(t); len(got) != 5 || !strings.Contains(got[0], "mysql") {
		t.Errorf("the first process shows %q, want all of the history of mysql", got)
	}
}

func TestIncidentsOfNobodysServiceAreNotCounted(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	b := answered()
	b.Incidents[0].Service = "PNOBODY"
	c.cycle(t, 3, b)
	c.want(t)
	if c.Tally() == nil || len(c.Tally().Teams) != 2 {
		t.Errorf("published %+v, want two teams that counted none", c.Tally())
	}
}

func TestALongHistoryIsCountedWhole(t *testing.T) {
	t.Parallel()
	const incidents = 5000
	c := newCounted(t)
	var b facts.Batch
	for n := range incidents {
		// Two in three of one instant, so that a batch must not end between them.
		created := at(0, 0)
		if n >= incidents*2/3 {
			created = created.Add(time.Duration(n) * time.Second)
		}
		b.Incidents = append(b.Incidents, outage(fmt.Sprintf("Q%d", n), "PMONGO", created))
	}
	c.cycle(t, 3, b)
	c.want(t, `incidents_total{team="mongodb",urgency="high"} 5000.0`)
}
