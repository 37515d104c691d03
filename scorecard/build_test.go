package scorecard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The accounts that the tests' incidents know.
const (
	ada   = "PUSER01"
	bo    = "PUSER02"
	robot = "PBOT001" // A user account that the policy lists as a bot.
	alarm = "PMYSQL1" // A service: what resolves or times out by itself.
)

// utc reads a time such as "2026-08-03 10:00:00", or a mere date.
func utc(tb testing.TB, s string) time.Time {
	tb.Helper()
	layout := time.DateTime
	if !strings.Contains(s, " ") {
		layout = time.DateOnly
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		tb.Fatalf("time %q: %v", s, err)
	}
	return at
}

// happening is something that befalls an incident.
type happening func(*facts.Incident)

// incident is a high-urgency one of the mysql team, unless happenings say
// otherwise. Only its trigger is in the timeline to begin with.
func incident(id string, created time.Time, what ...happening) facts.Incident {
	i := facts.Incident{
		ID: id, Service: alarm, Urgency: facts.UrgencyHigh, Status: "triggered", CreatedAt: created,
		URL: "https://example.pagerduty.com/incidents/" + id,
	}
	entry(facts.EntryTrigger, 0, alarm)(&i)
	for _, h := range what {
		h(&i)
	}
	return i
}

// entry adds to the timeline; after counts from the creation.
func entry(kind facts.EntryKind, after time.Duration, who string) happening {
	return func(i *facts.Incident) {
		i.Timeline = append(i.Timeline, facts.Entry{
			ID: fmt.Sprintf("%s-%02d", i.ID, len(i.Timeline)), Incident: i.ID, At: i.CreatedAt.Add(after), Kind: kind, Actor: actor(who),
		})
	}
}

// actor tells users from services by the account's id.
func actor(who string) facts.Actor {
	return facts.Actor{ID: who, User: strings.HasPrefix(who, "PUSER") || strings.HasPrefix(who, "PBOT")}
}

func acknowledged(after time.Duration, who string) happening {
	return entry(facts.EntryAcknowledge, after, who)
}

func resolved(after time.Duration, who string) happening {
	return func(i *facts.Incident) {
		entry(facts.EntryResolve, after, who)(i)
		i.Status, i.ResolvedAt = facts.StatusResolved, i.CreatedAt.Add(after)
		i.LastChange = facts.Change{At: i.ResolvedAt, Actor: actor(who)}
	}
}

// mergedAway merges the incident into another, which resolves it.
func mergedAway(after time.Duration, who string) happening {
	return func(i *facts.Incident) {
		entry(facts.EntryMerge, after, who)(i)
		resolved(after, who)(i)
		i.MergedInto = "QTARGET"
	}
}

// reopened takes the resolve back: only the timeline still tells of it.
func reopened(i *facts.Incident) {
	i.Status, i.ResolvedAt, i.LastChange = "triggered", time.Time{}, facts.Change{}
}

func lowUrgency(i *facts.Incident) { i.Urgency = facts.UrgencyLow }

func onService(id string) happening {
	return func(i *facts.Incident) { i.Service = id }
}

// world is an input to the scorecard in the words of the tests.
type world struct {
	policy    *scorecard.Policy
	incidents []facts.Incident
	sources   []facts.SourceState
	period    string
	asOf      time.Time
}

// newWorld is the third quarter of 2026 seen ten days after its end, when
// PagerDuty was last read a minute ago.
func newWorld(tb testing.TB, incidents ...facts.Incident) world {
	tb.Helper()
	asOf := utc(tb, "2026-10-11 12:00:00")
	return world{
		policy: newPolicy(), incidents: incidents, period: "2026-Q3", asOf: asOf,
		sources: []facts.SourceState{readUntil(asOf.Add(-time.Minute))},
	}
}

// readUntil is PagerDuty, read completely up to an instant, from 2025 on.
func readUntil(at time.Time) facts.SourceState {
	return facts.SourceState{Source: facts.PagerDuty, DataAsOf: at, DataSince: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// horizonAt sets both the instant of evaluation and the last complete cycle.
func (w world) horizonAt(at time.Time) world {
	w.asOf, w.sources = at, []facts.SourceState{readUntil(at)}
	return w
}

// newPolicy has two teams and the one objective of incident response.
func newPolicy() *scorecard.Policy {
	return &scorecard.Policy{
		Organization: "Database Reliability Engineering",
		Calendar:     scorecard.Calendar{Location: time.UTC, FiscalStart: time.January},
		Teams: []scorecard.Team{
			{ID: "mysql", Name: "MySQL Team", Line: scorecard.LineDRE, Services: []string{alarm, "PMYSQL2"}},
			{ID: "oncall", Name: "On-Call Team", Line: scorecard.LineSRE, Services: []string{"PONCALL1"}},
		},
		People:    []scorecard.Person{{ID: "p01", Team: "mysql", PagerDuty: ada}, {ID: "p02", Team: "mysql", PagerDuty: bo}, {ID: "p03", Team: "oncall"}},
		Incidents: scorecard.IncidentRules{Urgency: []facts.Urgency{facts.UrgencyHigh}},
		Sources:   []scorecard.SourceRules{{Source: facts.PagerDuty, Built: true, Interval: 5 * time.Minute, Bots: []string{robot}}},
		Rubric:    scorecard.Rubric{Name: "default", Objectives: []scorecard.Objective{incidentResponse()}},
	}
}

func incidentResponse() scorecard.Objective {
	return scorecard.Objective{
		ID: "incident_response", Title: "Incident response", Category: "operational_excellence",
		Quote: "Incident response: <5 minutes", Interpretation: "At least 90% are answered within 5 minutes.",
		Measure: scorecard.MeasureResponseTime, Parameters: scorecard.Parameters{Threshold: scorecard.Span(5 * time.Minute)},
		Target: decimal("0.90"), Direction: scorecard.AtLeast, Unit: scorecard.UnitRatio, Window: scorecard.WindowPeriod,
		Scope: []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg}, Weight: scorecard.Int(1).Ptr(), MinN: 1,
		Remediation: "Look at who was paged, and when.",
	}
}

// decimal is a number that is known to be one.
func decimal(s string) *scorecard.Number {
	n, err := scorecard.ParseNumber(s)
	if err != nil {
		return nil
	}
	return &n
}

func (w world) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	period, err := w.policy.Calendar.ParsePeriod(w.period, w.asOf)
	if err != nil {
		tb.Fatalf("period %s: %v", w.period, err)
	}
	return scorecard.Input{
		Policy: w.policy, Facts: scorecard.Facts{Incidents: digests(w.policy, w.incidents), Sources: w.sources},
		Period: period, AsOf: w.asOf,
	}
}

func digests(p *scorecard.Policy, incidents []facts.Incident) []*scorecard.Digest {
	digester := scorecard.NewDigester(p)
	list := make([]*scorecard.Digest, 0, len(incidents))
	for _, i := range incidents {
		d := digester.Digest(i)
		list = append(list, &d)
	}
	return list
}

// card computes the card of a subject.
func (w world) card(tb testing.TB, subject string) scorecard.Card {
	tb.Helper()
	for _, c := range scorecard.Compute(w.input(tb)) {
		if c.Subject.ID == subject {
			return c
		}
	}
	tb.Fatalf("there is no card of %s", subject)
	return scorecard.Card{}
}

// row computes the response row of a subject.
func (w world) row(tb testing.TB, subject string) scorecard.Row {
	tb.Helper()
	c := w.card(tb, subject)
	r := c.Row("incident_response")
	if r == nil {
		tb.Fatalf("the card of %s has no response row", subject)
	}
	return *r
}

// evidence lists what is behind the response row of a subject.
func (w world) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), "incident_response", subject)
	if err != nil {
		tb.Fatalf("evidence of %s: %v", subject, err)
	}
	return items
}

// details are the response row's own details.
func details(tb testing.TB, r scorecard.Row) scorecard.ResponseDetails {
	tb.Helper()
	d, ok := r.Details.(scorecard.ResponseDetails)
	if !ok {
		tb.Fatalf("details are %T, want scorecard.ResponseDetails", r.Details)
	}
	return d
}

// shown writes what may be unknown: its number, or a dash.
func shown(n *scorecard.Number) string {
	if n == nil {
		return "-"
	}
	return n.String()
}
