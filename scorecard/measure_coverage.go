package scorecard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// The classes of services as far as tickets cover them.
const (
	serviceCovered  = "covered"
	serviceOutdated = "outdated" // The latest ticket that names it is too old.
	serviceBare     = "not_covered"
)

// naming is a service with the latest delivered ticket that names it.
type naming struct {
	service string
	ticket  *Ticket // Nil when there is none.
	at      time.Time
	class   string
}

// measureCoverage judges for which share of the services a ticket of a class
// was delivered within max_age before the cut. The ticket may be anybody's; it names the
// service by a component or a label that is the service's name or id.
func measureCoverage(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).coverageOfServices)
}

func (v *subjectView) coverageOfServices() measurement {
	services, p := v.namings(), newPopulation()
	for _, s := range services {
		p.Classes[s.class]++
	}
	p.Total, p.Used = len(services), len(services)
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p,
		evidence: func() []Evidence { return v.namingEvidence(services) },
	}
	if p.Used == 0 {
		m.noData = fmt.Sprintf("No PagerDuty service of %s is configured.", v.subject.Name)
		return m
	}
	if v.namesAreUnknown(services) {
		m.noData = "Tickets name services by names that PagerDuty knows, and it was never read."
		return m
	}
	covered := p.Classes[serviceCovered]
	verb := "have"
	if v.isPartlyKnown() {
		m.trusted, verb = covered, "are known to have"
		if covered < p.Used {
			m.caveats = append(m.caveats, fmt.Sprintf("Tickets are known from %s on, which is less than the %s before the cut. Services of which nobody can tell for that reason: %d.",
				v.dataSince().UTC().Format(time.DateOnly), v.objective.MaxAge, p.Used-covered))
		}
	}
	m.numerator, m.denominator, m.value = Int(covered).Ptr(), Int(p.Used).Ptr(), Ratio(int64(covered), int64(p.Used)).Ptr()
	m.reason = fmt.Sprintf("%d of %d services %s a ticket of class %s from the %s before %s.",
		covered, p.Used, verb, v.objective.Of, v.objective.MaxAge, v.cut().UTC().Format(time.DateOnly))
	return m
}

// namesAreUnknown reports whether a service looks as if no ticket named it, and nobody
// can tell, because PagerDuty was never there to say what it is called.
func (v *subjectView) namesAreUnknown(services []naming) bool {
	return !v.states[facts.PagerDuty].Complete() && slices.ContainsFunc(services, func(s naming) bool {
		return s.class != serviceCovered && v.serviceFact(s.service).Name == ""
	})
}

// isPartlyKnown reports whether the time that a ticket may be from begins before tickets are known.
func (v *subjectView) isPartlyKnown() bool { return v.dataShare().Cmp(Int(1)) < 0 }

// namings finds the latest ticket of each of the subject's services.
func (v *subjectView) namings() []naming {
	var services []naming
	position := map[string][]int{} // By name and by id, in small letters.
	for _, t := range v.teams {
		for _, id := range t.Services {
			for _, name := range slices.Compact([]string{strings.ToLower(id), strings.ToLower(v.serviceFact(id).Name)}) {
				position[name] = append(position[name], len(services))
			}
			services = append(services, naming{service: id, class: serviceBare})
		}
	}
	oldest, cut := v.oldest(), v.cut()
	for _, t := range v.ofClass(v.objective.Of, v.horizon).all {
		if t.at.Before(oldest) || t.at.After(cut) || !t.delivered {
			continue
		}
		for _, word := range slices.Concat(t.Components, t.Labels) {
			for _, n := range position[strings.ToLower(word)] {
				v.name(&services[n], t.Ticket, t.at)
			}
		}
	}
	return services
}

// oldest is when the tickets begin that are at hand whatever the facts were
// gathered for. Services have none where theirs are older.
func (v *subjectView) oldest() time.Time {
	return v.policy.Calendar.Before(v.period, v.asOf).Start.Add(-v.policy.TicketLookback())
}

// name lets a ticket stand for a service, unless a later one does.
func (v *subjectView) name(s *naming, t *Ticket, at time.Time) {
	if s.ticket != nil && (s.at.After(at) || s.at.Equal(at) && s.ticket.ID <= t.ID) {
		return
	}
	s.ticket, s.at, s.class = t, at, serviceCovered
	if at.Before(v.cut().Add(-time.Duration(v.objective.MaxAge))) {
		s.class = serviceOutdated
	}
}

// namingEvidence lists the services; the address is that of the ticket, where there is one.
func (v *subjectView) namingEvidence(services []naming) []Evidence {
	items := make([]Evidence, 0, len(services))
	for _, s := range services {
		e := Evidence{
			Kind: "service", ID: s.service, URL: v.serviceFact(s.service).URL, At: v.period.Start.UTC(), Class: s.class,
			Counted: InDenominator, Reason: v.namingWhy(s),
		}
		if s.ticket != nil {
			e.URL, e.At = s.ticket.URL, s.at.UTC()
		}
		if s.class == serviceCovered {
			e.Counted = InNumerator
		}
		items = append(items, e)
	}
	sortEvidence(items)
	return items
}

// namingWhy says which ticket names a service, and where there may be a later one.
func (v *subjectView) namingWhy(s naming) string {
	of, service, known := v.objective.Of, v.label(s.service), ""
	if s.class != serviceCovered && v.isPartlyKnown() {
		known = fmt.Sprintf("; of those before %s, not all are known", v.dataSince().UTC().Format(time.DateOnly))
	}
	if s.ticket == nil {
		return fmt.Sprintf("No ticket of class %s that names %s is known to have been delivered in the %s before %s%s.",
			of, service, v.objective.MaxAge, v.cut().UTC().Format(time.DateOnly), known)
	}
	return fmt.Sprintf("%s, which was delivered on %s, names %s%s.", s.ticket.Key, s.at.UTC().Format(time.DateOnly), service, known)
}
