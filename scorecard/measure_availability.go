package scorecard

import (
	"fmt"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// aggregatePooled takes all services together, where otherwise the worst one decides.
const aggregatePooled = "pooled"

// AvailabilityDetails are the details of an availability row.
type AvailabilityDetails struct {
	// WorstService is the id of the service with the most downtime, the first by id of several.
	WorstService string `json:"worst_service"`
	// Pooled is the share of the time that was up over all services together.
	Pooled Number `json:"pooled"`
	// Services are those that count, in configuration order.
	Services []ServiceUptime `json:"services"`
}

// ServiceUptime is the availability of one service.
type ServiceUptime struct {
	Service         string `json:"service"` // Id.
	Name            string `json:"name"`    // Empty when not known.
	Team            string `json:"team"`    // Id.
	Value           Number `json:"value"`   // 1 less downtime over elapsed time.
	DowntimeSeconds int64  `json:"downtime_seconds"`
	ElapsedSeconds  int64  `json:"elapsed_seconds"` // Of the period, up to the cut, as far as facts are kept.
	Outages         int    `json:"outages"`         // Incidents that count as downtime.
}

// availability is what an availability row is computed from.
type availability struct {
	*subjectView
	span     Stretch
	services []uptime // In configuration order.
	worst    int      // Index of the worst service that counts; -1 when none does.
}

// measureAvailability judges for which share of the time services were free of
// outages, an outage being an open incident that counts as downtime.
//
// Time from before PagerDuty is read completely is neither up nor down: it is
// not in the elapsed time. All time is counted in whole seconds. An outage
// takes in the seconds in which it begins and ends, maintenance leaves them
// out, so that a fraction of a second is never lost downtime.
func measureAvailability(v *subjectView) measurement {
	a := newAvailability(v)
	if reason := a.unanswerable(); reason != "" {
		return measurement{noData: reason, exceptions: v.exceptionLog().rows()}
	}
	m := measurement{population: a.population(), caveats: a.caveats(), evidence: a.evidence}
	m.trusted = m.population.Used - a.doubtful()
	a.lacking(&m)
	m.exceptions, m.withoutExceptions = a.exceptions()
	n, down := a.judged()
	elapsed := int64(n) * a.elapsed()
	m.judged, m.immature = int(elapsed), n > 0 && v.running()
	switch {
	case n == 0:
		m.reason = fmt.Sprintf("No service of %s counts for this objective.", v.subject.Name)
	case elapsed > 0:
		m.numerator, m.denominator = Int(elapsed-down).Ptr(), Int(elapsed).Ptr()
		m.value = Ratio(elapsed-down, elapsed).Ptr()
		m.budget, m.details, m.reason = v.timeBudget(down, n), a.details(), a.reason(n, down)
	}
	return m
}

func newAvailability(v *subjectView) *availability {
	a := &availability{subjectView: v, span: v.observed(), worst: -1}
	a.services = v.uptimes(a.span)
	for i := range a.services {
		if s := &a.services[i]; !s.exempt && (a.worst < 0 || s.worseThan(&a.services[a.worst])) {
			a.worst = i
		}
	}
	for i := range a.services {
		if !a.isAbout(i) {
			a.services[i].setAside()
		}
	}
	return a
}

// observed is the part of the period that time is counted in: from where facts
// are kept on up to the cut. It is empty when its end is not after its start.
func (v *subjectView) observed() Stretch {
	return Stretch{From: later(v.period.Start, v.dataSince()).Truncate(time.Second), To: v.cut()}
}

func (a *availability) elapsed() int64 { return max(0, wholeSeconds(a.span.To.Sub(a.span.From))) }

func (a *availability) pooled() bool { return a.objective.Aggregate == aggregatePooled }

// isAbout reports whether the value is about a service.
func (a *availability) isAbout(i int) bool {
	return i == a.worst || a.pooled() && !a.services[i].exempt
}

// judged returns how many services the value is about, and the seconds for which they were down.
func (a *availability) judged() (services int, down int64) {
	for i := range a.services {
		if a.isAbout(i) {
			services++
			down += a.services[i].down
		}
	}
	return services, down
}

// unanswerable says why the incidents do not tell what was down; empty when they do.
func (a *availability) unanswerable() string {
	rules := a.policy.Incidents
	configured := 0
	for _, t := range a.teams {
		configured += len(t.Services)
	}
	switch {
	case configured == 0:
		return fmt.Sprintf("No PagerDuty service of %s is configured.", a.subject.Name)
	case len(rules.OutagePriority) == 0 && len(rules.OutageUrgency) == 0:
		return "No incident counts as downtime: outage names neither priorities nor urgencies."
	case prioritiesUnused(rules, a.services):
		return fmt.Sprintf("Priorities are not used: %s would count as downtime, and no incident of the period has any.",
			strings.Join(rules.OutagePriority, " or "))
	}
	return ""
}

// prioritiesUnused reports whether outages are told by priority, and there are
// incidents of which none has one.
func prioritiesUnused(rules IncidentRules, services []uptime) bool {
	incidents := 0
	for i := range services {
		if services[i].prioritised {
			return false
		}
		incidents += services[i].incidents()
	}
	return len(rules.OutagePriority) > 0 && incidents > 0
}

// exceptions lists the exceptions that took something out, and the value that
// the row would have without them.
func (a *availability) exceptions() ([]RowException, *Number) {
	log := a.exceptionLog()
	var most, sum int64
	for i := range a.services {
		s := &a.services[i]
		most, sum = max(most, s.downWithout), sum+s.downWithout
		for j := range s.outages {
			if o := &s.outages[j]; o.exception != nil {
				x := log.entry(o.exception, a.policy.Calendar.Location)
				x.Incidents = append(x.Incidents, o.digest.ID)
			}
		}
	}
	elapsed, down := a.elapsed(), most
	if a.pooled() {
		elapsed, down = elapsed*int64(len(a.services)), sum
	}
	if len(log) == 0 || elapsed == 0 || len(a.services) == 0 {
		return log.rows(), nil
	}
	return log.rows(), Ratio(elapsed-down, elapsed).Ptr()
}

func (a *availability) population() Population {
	p := newPopulation()
	for i := range a.services {
		s := &a.services[i]
		p.Total += s.incidents()
		if n := len(s.others); n > 0 {
			p.Excluded[string(NotOutage)] += n
		}
		for j := range s.outages {
			if class := s.outages[j].class; class == Outage {
				p.Used++
				p.Classes[string(class)]++
			} else {
				p.Excluded[string(class)]++
			}
		}
	}
	return p
}

// details is called only where a service counts and time has passed.
func (a *availability) details() AvailabilityDetails {
	d := AvailabilityDetails{WorstService: a.services[a.worst].service, Services: []ServiceUptime{}}
	elapsed, down := a.elapsed(), int64(0)
	for i := range a.services {
		s := &a.services[i]
		if s.exempt {
			continue
		}
		down += s.down
		d.Services = append(d.Services, ServiceUptime{
			Service: s.service, Name: a.serviceFact(s.service).Name, Team: s.team.ID, Value: Ratio(elapsed-s.down, elapsed),
			DowntimeSeconds: s.down, ElapsedSeconds: elapsed, Outages: s.counted(),
		})
	}
	all := elapsed * int64(len(d.Services))
	d.Pooled = Ratio(all-down, all)
	return d
}

// serviceFact is what PagerDuty says of a service; zero when it does not know it.
func (e *evaluator) serviceFact(id string) facts.Service {
	for _, s := range e.facts.Services {
		if s.ID == id {
			return s
		}
	}
	return facts.Service{}
}

// label names a service to people.
func (e *evaluator) label(service string) string {
	if name := e.serviceFact(service).Name; name != "" {
		return fmt.Sprintf("%s (%s)", name, service)
	}
	return service
}

// reason is the row in one sentence.
func (a *availability) reason(services int, down int64) string {
	elapsed := int64(services) * a.elapsed()
	switch {
	case a.pooled():
		return fmt.Sprintf("Down for %d of %d s, all services taken together (services: %d).", down, elapsed, services)
	case down == 0:
		return fmt.Sprintf("No service was down in %d s.", elapsed)
	}
	return fmt.Sprintf("The worst service, %s, was down for %d of %d s.", a.label(a.services[a.worst].service), down, elapsed)
}
