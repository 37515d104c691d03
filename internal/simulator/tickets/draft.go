package tickets

import (
	"slices"
	"strings"
)

// flow is the rules by which a kind of tickets is worked on.
type flow uint8

const (
	plain      flow = iota
	unresolved      // Finishing sets no resolution, as in projects that a team manages by itself.
	seeming         // What is called Done at the end is no done status.
)

// draft is a ticket being written, with the dice that it is written with.
type draft struct {
	dice
	ticket Ticket
	origin string // Names the corner that it comes from; no two have the same.
	flow   flow
	links  []draftLink
	parent *draft

	status     string
	resolution string
	assignee   string
	last       int64   // When it last changed its status.
	exchanges  []int64 // When the project's workflow is exchanged.
	exchanged  int     // How many exchanges are behind it.
	bot        string
}

type draftLink struct {
	from    *draft // Whose nth link it is.
	n       int
	at      int64
	kind    string
	to      *draft // Nil for the hidden ticket.
	outward bool   // The other ticket is what the outward words lead to.
}

// add adds an entry.
func (d *draft) add(at int64, by string, items ...Item) {
	d.ticket.Entries = append(d.ticket.Entries, Entry{At: at, Author: by, Items: items})
}

// become changes the status, and with it perhaps other fields.
func (d *draft) become(at int64, by, status string, with ...Item) {
	at = max(at, d.last+1, d.ticket.Created+1)
	d.exchangeUntil(at)
	if status == statusDone {
		status = doneStatus(d.exchanged)
	}
	d.add(at, by, append(with, d.statusItem(status))...)
	d.last, d.status = at, status
}

func (d *draft) statusItem(to string) Item {
	return Item{
		Field: fieldStatus, From: d.status, FromText: statusByID(d.status).Name,
		To: to, ToText: statusByID(to).Name,
	}
}

// exchangeUntil puts the ticket into the new workflow of its project at every
// exchange up to an instant. What was done stays done under another name.
func (d *draft) exchangeUntil(until int64) {
	for d.exchanged < len(d.exchanges) && d.exchanges[d.exchanged] <= until {
		at := d.exchanges[d.exchanged]
		d.exchanged++
		if at <= d.ticket.Created || d.flow == seeming {
			continue
		}
		items := []Item{{
			Field: "Workflow", From: workflowID(d.exchanged - 1), FromText: workflowName(d.ticket.Project, d.exchanged-1),
			To: workflowID(d.exchanged), ToText: workflowName(d.ticket.Project, d.exchanged),
		}}
		if statusByID(d.status).Category == CategoryDone {
			status := doneStatus(d.exchanged)
			items = append(items, d.statusItem(status))
			d.status = status
		}
		// The dice have no say in when: how often they were thrown must not depend
		// on how far the history is written.
		d.add(at+d.ticket.Created%(10*minute), d.bot, items...)
	}
}

func workflowID(exchanges int) string { return []string{"11801", "12204", "12977"}[exchanges%3] }

func workflowName(project string, exchanges int) string {
	return project + " workflow" + strings.Repeat(" (migrated)", exchanges)
}

// assign gives the ticket to somebody.
func (d *draft) assign(at int64, by, to string) {
	if to == d.assignee {
		return
	}
	d.add(max(at, d.ticket.Created+1), by, Item{Field: fieldAssignee, From: d.assignee, FromText: d.assignee, To: to, ToText: to})
	d.assignee = to
}

// start begins the work.
func (d *draft) start(at int64, by string) {
	d.assign(at, by, by)
	d.become(at, by, statusInProgress)
}

// finish ends the work, in most flows with a resolution.
func (d *draft) finish(at int64, by, resolution string) {
	switch d.flow {
	case seeming:
		d.become(at, by, statusSeemsDone)
	case unresolved:
		d.become(at, by, statusDone)
	case plain:
		item := Item{Field: fieldResolution, From: d.resolution, FromText: resolutionName(d.resolution), To: resolution, ToText: resolutionName(resolution)}
		d.resolution = resolution
		d.become(at, by, statusDone, item)
	}
}

// reopen takes the work up again after it was finished.
func (d *draft) reopen(at int64, by string) {
	if d.resolution == "" {
		d.become(at, by, statusInProgress)
		return
	}
	item := Item{Field: fieldResolution, From: d.resolution, FromText: resolutionName(d.resolution)}
	d.resolution = ""
	d.become(at, by, statusInProgress, item)
}

// label adds a label later than at the creation.
func (d *draft) label(at int64, by, label string) {
	d.add(max(at, d.ticket.Created+1), by, Item{Field: fieldLabels, appended: label})
}

// append adds text to the description.
func (d *draft) append(at int64, by, text string) {
	d.add(max(at, d.ticket.Created+1), by, Item{Field: fieldDescription, appended: text})
}

// describe replaces the description.
func (d *draft) describe(at int64, by, text string) {
	d.add(max(at, d.ticket.Created+1), by, Item{Field: fieldDescription, ToText: text})
}

// link links the ticket to another one, or to the hidden one.
func (d *draft) link(at int64, by, kind string, to *draft) {
	at = max(at, d.ticket.Created+1)
	l := draftLink{from: d, n: len(d.links), at: at, kind: kind, to: to, outward: true}
	if to != nil {
		l.at = max(at, to.ticket.Created+1)
		at = l.at
		to.links = append(to.links, draftLink{from: d, n: l.n, at: at, kind: kind, to: d})
		to.add(at, by, Item{Field: "Link", linkedTicket: d, ToText: kind})
	}
	d.links = append(d.links, l)
	d.add(at, by, Item{Field: "Link", linkedTicket: to, ToText: kind})
}

// shuffle moves the ticket up and down a list of what is to be done, which
// says nothing and makes its history long.
func (d *draft) shuffle(from, until int64, by string, times int) {
	for range times {
		at := max(from, d.ticket.Created) + 1 + d.Int64N(max(until-from, 1))
		word := []string{"Ranked higher", "Ranked lower"}[d.IntN(2)]
		d.add(at, by, Item{Field: "Rank", ToText: word})
	}
}

// settle completes the history of the ticket: in order, and with what changes
// of labels and texts begin from.
func (d *draft) settle(until int64) {
	d.exchangeUntil(until)
	t := &d.ticket
	slices.SortStableFunc(t.Entries, func(a, b Entry) int { return int(a.At - b.At) })
	labels, text, appendix := slices.Clone(t.Labels), t.Description, ""
	for i := range t.Entries {
		entry := &t.Entries[i]
		entry.ID = t.ID*1000 + i + 1
		for n := range entry.Items {
			item := &entry.Items[n]
			switch item.Field {
			case fieldLabels:
				item.FromText = strings.Join(labels, " ")
				labels = append(labels, item.appended)
				item.ToText = strings.Join(labels, " ")
			case fieldDescription:
				item.FromText = text
				if item.appended != "" {
					appendix += "\n\n" + item.appended
					item.ToText = text + "\n\n" + item.appended
				} else {
					item.ToText += appendix
				}
				text = item.ToText
			case "Link":
				item.To, item.ToText = d.linked(*item)
			default:
			}
			item.appended, item.linkedTicket = "", nil // The drafts are not kept.
		}
	}
}

// linked returns the key of what an item links to, and what people are shown.
func (d *draft) linked(item Item) (key, text string) {
	_, key = Hidden()
	if item.linkedTicket != nil {
		key = item.linkedTicket.ticket.Key
	}
	return key, "This issue is linked to " + key + " (" + item.ToText + ")"
}
