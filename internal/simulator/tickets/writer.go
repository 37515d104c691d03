package tickets

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"teamhealth/internal/simulator/history"
)

// writer writes all tickets that are created before an instant. Each is drawn
// by itself, from the incident, quarter, service or person that it is about, so
// that what comes later changes nothing of it.
type writer struct {
	*roster
	seed         uint64
	incidentURL  string
	view         *history.View
	since, until int64
	ends         int64 // When nothing new begins.
	exchanges    map[string][]int64

	drafts []*draft
}

func newWriter(o Options, r *roster, until int64) *writer {
	view := o.Incidents.At(time.Unix(until, 0))
	w := &writer{
		roster: r, seed: o.Seed, incidentURL: o.IncidentURL, view: view, since: view.Since, until: until, ends: until,
		exchanges: map[string][]int64{},
	}
	if !o.Until.IsZero() {
		w.ends = min(w.ends, o.Until.Unix())
	}
	for _, team := range r.teams {
		w.exchanges[team.Project] = w.migrations(team.Project)
	}
	return w
}

func (w *writer) write() {
	w.writePostmortems()
	for q := quarterOf(w.since); q.start < w.until+planned; q = q.next() {
		w.writeChanges(q)
		w.writeCode(q)
		w.writeMigrations(q)
		w.writeImprovements(q)
		w.writeGatherings(q)
		w.writeHousekeeping(q)
	}
	w.writeGuides()
	w.writeArrivals()
	w.writeCrossings()
}

// planned is how long before it is due work is entered, at most.
const planned = 100 * day

// brief is what a new ticket is about.
type brief struct {
	origin   string
	kind     string // Type.
	team     int
	at       int64
	creator  string
	reporter string // Default: the creator.
	summary  string
	text     string
	labels   []string
}

// draft begins a ticket.
func (w *writer) draft(d dice, b brief) *draft {
	team := w.teams[b.team]
	begun := &draft{
		dice: d, origin: b.origin, status: statusToDo, exchanges: w.exchanges[team.Project], bot: w.bot,
		ticket: Ticket{
			Project: team.Project, Type: b.kind, Created: b.at, Creator: b.creator,
			Reporter: cmp.Or(b.reporter, b.creator), Summary: b.summary, Description: b.text, Labels: b.labels,
			Components: []string{team.Component}, Parent: -1,
		},
	}
	for begun.exchanged < len(begun.exchanges) && begun.exchanges[begun.exchanged] <= b.at {
		begun.exchanged++
	}
	return begun
}

// keep takes a ticket into the tracker, unless it is not created yet.
func (w *writer) keep(d *draft) {
	if d.ticket.Created < w.until {
		w.drafts = append(w.drafts, d)
	}
}

// plan is keep for what is not about an incident.
func (w *writer) plan(d *draft) {
	if d.ticket.Created < w.ends {
		w.keep(d)
	}
}

// publish numbers the tickets in order of creation and connects them.
func (w *writer) publish() *View {
	slices.SortFunc(w.drafts, func(a, b *draft) int {
		return cmp.Or(cmp.Compare(a.ticket.Created, b.ticket.Created), cmp.Compare(a.origin, b.origin))
	})
	view := &View{
		Tickets: make([]Ticket, 0, len(w.drafts)), Users: w.users(w.view.Account), Projects: w.projects(),
		Components: w.components(), byKey: make(map[string]int, 2*len(w.drafts)), children: map[int][]int{}, until: w.until,
	}
	places, numbers := make(map[*draft]int, len(w.drafts)), map[string]int{}
	for i, d := range w.drafts {
		numbers[d.ticket.Project]++
		d.ticket.ID = firstID + i
		d.ticket.Key = fmt.Sprintf("%s-%d", d.ticket.Project, numbers[d.ticket.Project])
		places[d] = i
		view.byKey[d.ticket.Key], view.byKey[strconv.Itoa(d.ticket.ID)] = i, i
	}
	for _, d := range w.drafts { // By now all have their ids.
		d.connect(places)
		d.settle(w.until)
		if parent := d.ticket.Parent; parent >= 0 {
			view.children[parent] = append(view.children[parent], len(view.Tickets))
		}
		view.Tickets = append(view.Tickets, d.ticket)
	}
	return view
}

// firstID is the id of the first ticket.
const firstID = 20001

// connect turns links into ones to indexes, and leaves out those to tickets
// that are not created yet.
func (d *draft) connect(places map[*draft]int) {
	exists := func(to *draft) bool {
		_, ok := places[to]
		return ok || to == nil
	}
	d.links = slices.DeleteFunc(d.links, func(l draftLink) bool { return !exists(l.to) })
	d.ticket.Entries = slices.DeleteFunc(d.ticket.Entries, func(e Entry) bool {
		return e.Items[0].Field == "Link" && !exists(e.Items[0].linkedTicket)
	})
	slices.SortStableFunc(d.links, func(a, b draftLink) int { return cmp.Compare(a.at, b.at) })
	for _, link := range d.links {
		end := Link{ID: link.from.ticket.ID*100 + link.n, At: link.at, Type: link.kind, Outward: link.outward, Other: -1}
		if link.to != nil {
			end.Other = places[link.to]
		}
		d.ticket.Links = append(d.ticket.Links, end)
	}
	if place, ok := places[d.parent]; ok {
		d.ticket.Parent = place
	}
}

func (w *writer) projects() []Project {
	var projects []Project
	for _, team := range w.teams {
		if !slices.ContainsFunc(projects, func(p Project) bool { return p.Key == team.Project }) {
			projects = append(projects, Project{ID: strconv.Itoa(10100 + len(projects)), Key: team.Project, Name: team.Project + " work"})
		}
	}
	return projects
}

// components are those of the teams, and one for each service.
func (w *writer) components() map[string][]string {
	all := map[string][]string{}
	for i, team := range w.teams {
		names := append(all[team.Project], team.Component)
		for _, service := range w.view.Account.Services {
			if service.Team == i {
				names = append(names, service.Name)
			}
		}
		slices.Sort(names)
		all[team.Project] = slices.Compact(names)
	}
	return all
}
