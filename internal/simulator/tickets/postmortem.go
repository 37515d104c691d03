package tickets

import (
	"cmp"
	"slices"
)

// place is a team's quarter.
type place struct {
	team    int
	quarter quarter
}

// casting hands out lots to incidents as they come.
type casting struct {
	count   map[place]int
	decks   map[place][]lot
	group   map[int][]*incident // By team: those of a shared post-mortem that wait for the others.
	actions map[place]int
	byTeam  map[int][]*draft // Post-mortems so far.
}

func (w *writer) writePostmortems() {
	c := &casting{
		count: map[place]int{}, decks: map[place][]lot{}, group: map[int][]*incident{},
		actions: map[place]int{}, byTeam: map[int][]*draft{},
	}
	for index := range w.view.CreatedBefore(w.until) {
		if i, ok := w.reviewed(index); ok {
			w.follow(c, i)
		}
	}
}

// follow lets happen what the lot of an incident says. An incident that a
// shared post-mortem waits for draws none.
func (w *writer) follow(c *casting, i *incident) {
	at := place{i.team, quarterOf(i.Created)}
	d := roll(w.seed, "post-mortem", i.id)
	if group := c.group[i.team]; len(group) > 0 {
		c.group[i.team] = append(group, i)
		w.share(c, at, d)
		return
	}
	switch l := w.cast(c, at, d); l.fate {
	case missing:
	case shared:
		c.group[i.team] = []*incident{i}
	case added:
		w.addToEarlier(c, d, i)
	case doubled:
		first := w.review(c, at, d, []*incident{i}, lot{fate: onTime, way: byField})
		second := w.review(c, at, roll(w.seed, "second post-mortem", i.id), []*incident{i}, lot{fate: late, way: byText})
		second.link(second.ticket.Created+hour, second.ticket.Creator, linkRelates, first)
	case onTime, late, unfinished, declined, reopened:
		w.review(c, at, d, []*incident{i}, l)
	}
}

// share writes a shared post-mortem once three incidents are there.
func (w *writer) share(c *casting, at place, d dice) {
	if group := c.group[at.team]; len(group) == 3 {
		w.review(c, at, d, group, lot{fate: onTime, way: byField})
		delete(c.group, at.team)
	}
}

// cast draws the lot of the next incident of a place.
func (w *writer) cast(c *casting, at place, d dice) lot {
	m := w.mood(at.team, at.quarter)
	if at.team != 0 {
		return d.lot(m)
	}
	n := c.count[at]
	c.count[at]++
	if n == 0 {
		c.decks[at] = roll(w.seed, "deck", at.quarter.id()).deck(m)
	}
	if deck := c.decks[at]; n < len(deck) {
		return deck[n]
	}
	return d.lot(m)
}

// review writes the post-mortem of some incidents.
func (w *writer) review(c *casting, at place, d dice, incidents []*incident, l lot) *draft {
	i := incidents[0]
	over := i.resolved
	for _, other := range incidents {
		over = max(over, other.resolved)
	}
	finished := d.office(over + int64(d.between(1, 5))*day)
	if l.fate == late {
		finished = d.office(over + int64(d.between(15, 45))*day)
	}
	begun := over + int64(d.between(10*minute, min(int(finished-over)/2, 20*hour)))
	p := w.draft(d, brief{
		origin: i.id + string('a'+rune(len(incidents))) + string('a'+rune(l.fate)),
		kind:   TypePostmortem, team: i.team, at: begun, creator: w.reviewer(d, i, begun),
		summary: "Post-mortem: " + i.title,
	})
	owner := p.ticket.Creator
	if d.chance(0.15) {
		p.ticket.Creator = w.bot
	}
	p.ticket.Document = d.chance(0.08)
	text := w.report(d, incidents)
	p.name(incidents, l.way, &text)
	p.work(text, owner, finished, l.fate)
	w.keep(p)
	w.mention(p, d, incidents, l.way)
	if l.fate != unfinished && l.fate != declined {
		w.writeActions(c, at, p, owner, finished)
	}
	c.byTeam[at.team] = append(c.byTeam[at.team], p)
	return p
}

// reviewer is who writes a post-mortem: mostly somebody who worked on the
// incident and still is there.
func (w *writer) reviewer(d dice, i *incident, at int64) string {
	there := w.among(at, func(*member, int) bool { return true })
	worked := slices.DeleteFunc(slices.Clone(i.people), func(account string) bool { return !slices.Contains(there, account) })
	if len(worked) > 0 && d.chance(0.8) {
		return worked[0]
	}
	return cmp.Or(one(d, w.inTeam(i.team, at)), one(d, there))
}

// name puts the names of the incidents where the way says. Of several, the
// first one is named that way and the others in the text.
func (d *draft) name(incidents []*incident, by way, r *report) {
	i := incidents[0]
	switch by {
	case byField, byFieldAndText:
		d.ticket.Incident = []string{i.url, i.url, i.id}[d.IntN(3)]
		if by == byFieldAndText {
			r.references = append(r.references, i.url)
		}
	case byText:
		r.references = append(r.references, i.url)
	case bySummary:
		d.ticket.Summary += " " + i.url
	case byLabel:
		d.ticket.Labels = append(d.ticket.Labels, i.label(d.dice))
	case byLink, byRemote:
	}
	for _, other := range incidents[1:] {
		r.references = append(r.references, other.url)
	}
}

// work lets the owner write the text and finish the post-mortem. A third of
// them begin as an empty form.
func (d *draft) work(r report, owner string, finished int64, f fate) {
	created := d.ticket.Created
	t := &d.ticket
	t.Description = r.write()
	if f == unfinished {
		t.Description = r.form()
		if d.chance(0.5) {
			d.start(created+int64(d.between(hour, 3*day)), owner)
		}
		return
	}
	begun := created + (finished-created)/3
	if d.chance(0.3) && f != declined {
		t.Description = r.form()
		d.describe(begun+(finished-begun)/2, owner, r.write())
	}
	if f == declined {
		d.finish(finished, owner, []string{resolvedWontDo, resolvedWontDo, resolvedDuplicate}[d.IntN(3)])
		return
	}
	d.start(begun, owner)
	if d.chance(0.4) {
		d.become(begun+(finished-begun)*3/4, owner, statusInReview)
	}
	d.finish(finished, owner, resolvedDone)
	if f == reopened {
		again := d.office(finished + int64(d.between(2, 6))*day)
		d.reopen(again, owner)
		d.finish(d.office(again+int64(d.between(1, 8))*day), owner, resolvedDone)
	}
}

// mention names the incident outside of the ticket itself.
func (w *writer) mention(p *draft, d dice, incidents []*incident, by way) {
	i := incidents[0]
	switch by {
	case byLink:
		p.link(p.ticket.Created+minute, p.ticket.Reporter, linkCauses, w.mirror(d, i))
	case byRemote:
		p.ticket.Remote = append(p.ticket.Remote, RemoteLink{ID: 1, At: p.ticket.Created + minute, URL: i.url, Title: i.title})
	case byField, byText, byFieldAndText, bySummary, byLabel:
		if d.chance(0.05) {
			page := "https://wiki.example.com/reviews/" + i.id
			p.ticket.Remote = append(p.ticket.Remote, RemoteLink{ID: 1, At: p.ticket.Created + hour, URL: page, Title: "Notes of the review"})
		}
	}
}

// mirror is the ticket that automation opens for an incident and keeps in step
// with it.
func (w *writer) mirror(d dice, i *incident) *draft {
	m := w.draft(d, brief{
		origin: i.id + "0", kind: TypeIncident, team: i.team, at: i.Created + int64(d.between(20, 90)), creator: w.bot,
		summary: i.title, text: "Opened by automation for an incident on " + i.service + ".",
	})
	m.ticket.Incident = i.url
	m.become(i.Created+(i.resolved-i.Created)/4, w.bot, statusInProgress)
	m.finish(i.resolved+int64(d.between(5, 60)), w.bot, resolvedDone)
	w.keep(m)
	return m
}

// addToEarlier adds the incident to the text of the last post-mortem that was
// there before it began. Where there is none, nothing is written.
func (w *writer) addToEarlier(c *casting, d dice, i *incident) {
	for _, earlier := range slices.Backward(c.byTeam[i.team]) {
		if earlier.ticket.Created < i.Created {
			by := w.reviewer(d, i, i.resolved)
			earlier.append(d.office(i.resolved+int64(d.between(1, 3))*day), by, "Happened again: "+i.url)
			return
		}
	}
}
