package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// spare is the mysql team's second service.
const spare = "PMYSQL2"

// quarterSeconds is the length of the third quarter of 2026: 92 days of 86,400 s.
const quarterSeconds = 92 * 86400

// downWorld is a world in which services may be down.
type downWorld struct {
	world
	services    []facts.Service
	maintenance []facts.MaintenanceWindow
}

// newDownWorld is the third quarter of 2026 with the one objective of 99.999%,
// where incidents of priority P1 and P2 are outages.
func newDownWorld(tb testing.TB, incidents ...facts.Incident) downWorld {
	tb.Helper()
	w := newWorld(tb, incidents...)
	w.policy.Rubric.Objectives = []scorecard.Objective{databaseUptime()}
	w.policy.Incidents.OutagePriority = []string{"P1", "P2"}
	return downWorld{world: w}
}

func databaseUptime() scorecard.Objective {
	o := incidentResponse()
	o.ID, o.Title, o.Quote, o.Measure, o.Target = "database_uptime", "Database uptime", "Database uptime: 99.999%", scorecard.MeasureAvailability, decimal("0.99999")
	o.Parameters = scorecard.Parameters{Method: "incidents", Aggregate: "worst"}
	return o
}

// pooled judges all services together.
func (w downWorld) pooled() downWorld {
	policy := *w.policy
	o := databaseUptime()
	o.Aggregate = "pooled"
	policy.Rubric.Objectives = []scorecard.Objective{o}
	w.policy = &policy
	return w
}

// until sets both the instant of evaluation and the last complete cycle.
func (w downWorld) until(at time.Time) downWorld {
	w.world = w.horizonAt(at)
	return w
}

func (w downWorld) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := w.world.input(tb)
	in.Facts.Services, in.Facts.Maintenance = w.services, w.maintenance
	return in
}

func (w downWorld) row(tb testing.TB, subject string) scorecard.Row {
	tb.Helper()
	for _, c := range scorecard.Compute(w.input(tb)) {
		if r := c.Row("database_uptime"); c.Subject.ID == subject && r != nil {
			return *r
		}
	}
	tb.Fatalf("the card of %s has no uptime row", subject)
	return scorecard.Row{}
}

func (w downWorld) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), "database_uptime", subject)
	if err != nil {
		tb.Fatalf("evidence of %s: %v", subject, err)
	}
	return items
}

// seconds maps the incidents of the mysql team's evidence to their class and
// seconds, such as "outage 80" or "not_outage -".
func (w downWorld) seconds(tb testing.TB) map[string]string {
	tb.Helper()
	found := map[string]string{}
	for _, item := range w.evidence(tb, "mysql") {
		if item.Kind == "incident" {
			found[item.ID] = item.Class + " " + shown(item.Value)
		}
	}
	return found
}

// downtime is what a row's denominator has more than its numerator.
func downtime(tb testing.TB, r scorecard.Row) int64 {
	tb.Helper()
	if r.Numerator == nil || r.Denominator == nil {
		tb.Fatalf("the row is %s (%s) and has no numbers", r.Verdict, r.Reason)
	}
	return r.Denominator.Sub(*r.Numerator).Floor()
}

// uptimeDetails are the uptime row's own details.
func uptimeDetails(tb testing.TB, r scorecard.Row) scorecard.AvailabilityDetails {
	tb.Helper()
	d, ok := r.Details.(scorecard.AvailabilityDetails)
	if !ok {
		tb.Fatalf("details are %T, want scorecard.AvailabilityDetails", r.Details)
	}
	return d
}

// outage is an incident of priority P1, unless happenings say otherwise, that
// lasts for a time.
func outage(id string, created time.Time, lasts time.Duration, what ...happening) facts.Incident {
	return incident(id, created, append([]happening{priority("P1"), resolved(lasts, ada)}, what...)...)
}

func priority(name string) happening {
	return func(i *facts.Incident) { i.Priority = name }
}

// reprioritised records a change of priority.
func reprioritised(after time.Duration, before, now string) happening {
	return func(i *facts.Incident) {
		entry(facts.EntryPriorityChange, after, ada)(i)
		last := &i.Timeline[len(i.Timeline)-1]
		last.Old, last.New = before, now
		i.Priority = now
	}
}

// mergedInto is mergedAway with a target of one's own.
func mergedInto(target string, after time.Duration) happening {
	return func(i *facts.Incident) {
		mergedAway(after, ada)(i)
		i.MergedInto = target
	}
}

func maintenance(start, end time.Time, services ...string) facts.MaintenanceWindow {
	return facts.MaintenanceWindow{ID: "M" + start.Format("150405"), Start: start, End: end, Services: services}
}
