package tickets

import "strconv"

// care is how a service's runbooks, or its automation, are looked after.
type care uint8

const (
	cared   care = iota // A new one comes before the last is a year old.
	lapsed              // So it was for the first months. Then none came for years.
	unbegun             // There never was one.
)

// lapse is how long after the beginning of the history the last one of what
// lapsed is written: the quarter that ends two years after it finds it outdated, but
// only just.
const lapse = 235 * day

// writeGuides writes, for each service, one runbook after the other and one
// piece of automation after the other, as far as somebody cares.
func (w *writer) writeGuides() {
	runbooks, automation := w.cares(LabelRunbook, 1), w.cares(LabelAutomation, 2)
	for at, service := range w.view.Account.Services {
		w.writeSeries(at, errand{label: LabelRunbook, team: service.Team, summary: "Runbook of " + service.Name}, runbooks[at])
		w.writeSeries(at, errand{label: LabelAutomation, team: service.Team, summary: "Automatic repair of " + service.Name}, automation[at])
	}
}

// cares draws how each service is looked after. In every project some are
// lacking, in turn one that lapsed and one that was never begun: there are both on a
// site of two projects, and most teams do all they should.
func (w *writer) cares(label string, lacking int) []care {
	services := map[string][]int{} // By project.
	for at, service := range w.view.Account.Services {
		project := w.teams[service.Team].Project
		services[project] = append(services[project], at)
	}
	all, n := make([]care, len(w.view.Account.Services)), 0
	for _, project := range w.projects() {
		own := services[project.Key]
		for _, at := range roll(w.seed, "cares", label, project.Key).Perm(len(own))[:min(lacking, len(own))] {
			all[own[at]] = []care{lapsed, unbegun}[n%2]
			n++
		}
	}
	return all
}

func (w *writer) writeSeries(service int, e errand, c care) {
	d := roll(w.seed, e.label, w.view.Account.Services[service].Name)
	at := w.since + int64(d.IntN(120))*day
	for n := 0; at < w.until+planned && c != unbegun; n++ {
		w.writeGuide(service, n, at, e)
		pause := int64(d.between(170, 340)) * day
		if c == lapsed {
			pause = w.since + lapse + int64(d.IntN(12))*day - at
			if n > 0 {
				pause = int64(d.between(800, 1100)) * day
			}
		}
		at += pause
	}
}

// writeGuide writes the nth of a series, which names the service by a component or
// a label.
func (w *writer) writeGuide(service, n int, at int64, e errand) {
	e.origin = e.label + "/" + strconv.Itoa(service) + "/" + strconv.Itoa(n)
	d := roll(w.seed, e.origin)
	e.done, e.lead = d.office(at), d.between(5, 30)
	about, t := w.view.Account.Services[service], w.errand(d, e, 0)
	if d.chance(0.5) {
		t.ticket.Components = append(t.ticket.Components, about.Name)
	} else {
		t.ticket.Labels = append(t.ticket.Labels, about.ID)
	}
}
