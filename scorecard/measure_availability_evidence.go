package scorecard

import (
	"fmt"
	"strings"
	"time"
)

// evidence lists the services and the incidents behind an availability row, by
// time and then id. The seconds of the incidents add up to the row's
// downtime, its denominator less its numerator: time that several of them
// share is the first one's. Services show no seconds, which would count them twice.
func (a *availability) evidence() []Evidence {
	var items []Evidence
	for i := range a.services {
		s := &a.services[i]
		if elapsed := a.elapsed(); elapsed > 0 {
			items = append(items, a.serviceItem(i, elapsed))
		}
		for j := range s.outages {
			items = append(items, a.outageItem(s, &s.outages[j]))
		}
		for _, d := range s.others {
			items = append(items, incidentItem(d, NotOutage, a.otherWhy(d)))
		}
	}
	sortEvidence(items)
	return items
}

func (a *availability) serviceItem(i int, elapsed int64) Evidence {
	s := &a.services[i]
	e := Evidence{
		Kind: "service", ID: s.service, URL: a.serviceFact(s.service).URL, At: a.span.From.UTC(),
		Class: "service", Counted: NotCounted,
		Reason: fmt.Sprintf("%s was down for %d of %d s.", a.label(s.service), s.down, elapsed),
	}
	switch {
	case s.exempt:
		e.Class = string(OutageExcepted)
		e.Reason = fmt.Sprintf("An exception takes the services of %s out.", s.team.Name)
	case a.isAbout(i):
		e.Counted = InNumerator
	}
	return e
}

func (a *availability) outageItem(s *uptime, o *outage) Evidence {
	e := incidentItem(o.digest, o.class, a.outageWhy(s, o))
	if o.class == Outage {
		e.Counted, e.Value = InDenominator, Int(o.seconds).Ptr()
	}
	return e
}

// incidentItem is the evidence of an incident that is not counted.
func incidentItem(d *Digest, class OutageClass, why string) Evidence {
	return Evidence{
		Kind: "incident", ID: d.ID, URL: d.URL, At: d.CreatedAt.UTC(), Class: string(class), Counted: NotCounted, Reason: why,
	}
}

// outageWhy says in a sentence or two why the incident is in its class.
func (a *availability) outageWhy(s *uptime, o *outage) string {
	switch o.class {
	case OutageOther:
		return fmt.Sprintf("%s The value is about %s.", a.outageTime(s, o), a.label(a.services[a.worst].service))
	case OutageInRepair:
		return fmt.Sprintf("%s was in maintenance while it was open.", a.label(s.service))
	case OutageExcepted:
		return fmt.Sprintf("Exception %s: %s.", o.exception.ID, o.exception.Reason)
	case Outage, NotOutage:
	}
	return a.outageTime(s, o)
}

// otherWhy says why an incident does not count as downtime.
func (a *availability) otherWhy(d *Digest) string {
	priority := a.priority(d)
	switch {
	case len(a.policy.Incidents.OutagePriority) == 0:
		return fmt.Sprintf("Urgency at the trigger was %s, which does not count as downtime.", d.Urgency)
	case a.wasOutage(d):
		return "It lost the priority of an outage after somebody had answered."
	case priority == "":
		return "It has no priority."
	}
	return fmt.Sprintf("Its priority %s does not count as downtime.", priority)
}

// outageTime says how long an outage was, and how much of that it adds.
func (a *availability) outageTime(s *uptime, o *outage) string {
	own := wholeSeconds(length(o.times))
	words := []string{fmt.Sprintf("%s was down by it for %d s of the period.", a.label(s.service), own)}
	if shared := own - o.seconds; shared > 0 {
		words = append(words, fmt.Sprintf("%d s of these are counted with earlier incidents.", shared))
	}
	if d := o.digest; d.MergedInto != "" && a.seen(d.MergedAt) {
		words = append(words, fmt.Sprintf("It was merged into %s at %s and goes on until that was resolved.", d.MergedInto, d.MergedAt.UTC().Format(time.RFC3339)))
	}
	return strings.Join(words, " ") + a.doubtsOf(o)
}

// doubtsOf says in a sentence each, after a space, what makes an outage less
// certain; empty when nothing does.
func (a *availability) doubtsOf(o *outage) string {
	var words string
	if o.crosses {
		words += " It began before the period or lasted beyond its end."
	}
	if o.digest.Bare {
		words += " No log entry of it is known."
	}
	if a.unsure(o.digest) {
		words += " Its urgency is unknown."
	}
	if o.stray {
		words += " What it was merged into is not known."
	}
	return words
}

// doubtful counts the outages that carry a caveat: all of them, where any may
// have been in a maintenance window that is not known.
func (a *availability) doubtful() int {
	blind := a.unreadCaveat() != ""
	return a.count(func(o *outage) bool {
		return o.class == Outage && (blind || o.crosses || o.digest.Bare || o.stray || a.unsure(o.digest))
	})
}

// lacking lowers the coverage for what is not among the outages, and may
// belong there: incidents that lost their priority, and services that no team lists.
func (a *availability) lacking(m *measurement) {
	m.lack(m.population.Used, a.lowered())
	outages, services := a.unmappedOutages()
	m.lack(len(a.services), services)
	m.missUnmapped(outages)
}

// lowered counts the incidents that lost the priority of an outage after
// somebody had answered, of the services that no exception takes out.
func (a *availability) lowered() int {
	n := 0
	for i := range a.services {
		if s := &a.services[i]; !s.exempt {
			n += s.lowered
		}
	}
	return n
}

// unsure reports whether an incident is taken for an outage because nothing is known of it.
func (a *availability) unsure(d *Digest) bool {
	return len(a.policy.Incidents.OutagePriority) == 0 && d.Urgency == ""
}

// count counts the outages of all services that something holds of.
func (a *availability) count(holds func(*outage) bool) int {
	n := 0
	for i := range a.services {
		for j := range a.services[i].outages {
			if holds(&a.services[i].outages[j]) {
				n++
			}
		}
	}
	return n
}

// caveats say what weakens the numbers. They look at all services: which of
// them is the worst one may hang on it.
func (a *availability) caveats() []string {
	down := func(o *outage) bool { return o.class == Outage || o.class == OutageOther }
	var caveats []string
	for _, c := range []struct {
		n     int
		words string
	}{
		{
			a.count(func(o *outage) bool { return o.crosses }),
			"Outages that began before the period or lasted beyond its end: %d. Only their time in it is counted here.",
		},
		{
			a.count(func(o *outage) bool { return down(o) && o.digest.Bare }),
			"Outages of which no log entry is known: %d. Whether they were reopened cannot be told.",
		},
		{
			a.count(func(o *outage) bool { return down(o) && o.stray }),
			"Outages that were merged into an incident that is not known: %d. They are counted up to the merge.",
		},
		{
			a.count(func(o *outage) bool { return down(o) && a.unsure(o.digest) }),
			"Outages of unknown urgency: %d. They are counted.",
		},
		{a.lowered(), "Incidents that lost the priority of an outage after somebody had answered: %d. They are not counted."},
	} {
		if c.n > 0 {
			caveats = append(caveats, fmt.Sprintf(c.words, c.n))
		}
	}
	return append(caveats, a.blindSpots()...)
}

// blindSpots names the teams of which the organisation's value sees nothing,
// though another team's services give it one. A team alone would have no value.
func (a *availability) blindSpots() []string {
	var caveats []string
	for _, t := range a.teams {
		if a.teamException(t.ID) != nil {
			continue
		}
		if len(t.Services) == 0 {
			caveats = append(caveats, fmt.Sprintf("No PagerDuty service of %s is configured, so the value does not see it.", t.Name))
		}
		var own []uptime
		for _, s := range a.services {
			if s.team.ID == t.ID {
				own = append(own, s)
			}
		}
		if prioritiesUnused(a.policy.Incidents, own) {
			caveats = append(caveats, fmt.Sprintf("No incident of %s has a priority, so none of them counts as downtime.", t.Name))
		}
	}
	return caveats
}
