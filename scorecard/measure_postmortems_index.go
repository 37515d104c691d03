package scorecard

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// review is a post-mortem as it is at the horizon, whosever it is.
type review struct {
	*ticketState
	cites []citation
	known bool // It names an incident that is known.
}

func (p *review) declined() bool { return p.finished && !p.delivered }

// citation says that a post-mortem names an incident, and how.
type citation struct {
	review   *review
	incident string // Id, in capitals.
	way      Way
	through  string // Key of the linked ticket that names it; empty for all other ways.
}

// reviews are all post-mortems.
type reviews struct {
	all    []*review             // By id of the ticket.
	citing map[string][]citation // By incident, each in the order of all.
}

// postmortems finds once, for all rows, which incidents post-mortems name.
func (v *subjectView) postmortems() *reviews {
	at := v.horizon.UnixNano()
	if known, ok := v.reviews[at]; ok {
		return known
	}
	r := &reviews{citing: map[string][]citation{}}
	for _, t := range v.ofClass(ClassPostmortem, v.horizon).all {
		r.all = append(r.all, newReview(t))
	}
	v.followLinks(r.all)
	for _, p := range r.all {
		for _, c := range p.cites {
			r.citing[c.incident] = append(r.citing[c.incident], c)
		}
	}
	v.markKnown(r)
	v.reviews[at] = r
	return r
}

func newReview(t *ticketState) *review {
	p := &review{ticketState: t}
	for _, m := range t.Names {
		p.cites = append(p.cites, citation{review: p, incident: m.Incident, way: m.Way})
	}
	return p
}

// followLinks lets post-mortems name what the tickets name that they are linked
// to, from either end. Of several such tickets the first by id counts.
func (v *subjectView) followLinks(all []*review) {
	byID, linked := map[string]*review{}, map[string][]*review{}
	for _, p := range all {
		byID[p.ID] = p
		for _, id := range p.Links {
			linked[id] = append(linked[id], p)
		}
	}
	neighbours := map[*review][]*Ticket{}
	for _, t := range v.facts.Tickets {
		if len(t.Names) == 0 || !t.existsAt(v.horizon) {
			continue
		}
		for _, p := range linked[t.ID] {
			neighbours[p] = append(neighbours[p], t)
		}
		for _, id := range t.Links {
			if p := byID[id]; p != nil {
				neighbours[p] = append(neighbours[p], t)
			}
		}
	}
	for p, tickets := range neighbours {
		slices.SortFunc(tickets, func(a, b *Ticket) int { return cmp.Compare(a.ID, b.ID) })
		for _, t := range tickets {
			p.nameThrough(t)
		}
	}
}

// nameThrough lets a post-mortem name what a ticket names, as far as it does not itself.
func (p *review) nameThrough(t *Ticket) {
	for _, m := range t.Names {
		if !slices.ContainsFunc(p.cites, func(c citation) bool { return c.incident == m.Incident }) {
			p.cites = append(p.cites, citation{review: p, incident: m.Incident, way: ByLink, through: t.Key})
		}
	}
}

// markKnown notes which post-mortems name an incident that is known by the horizon.
func (v *subjectView) markKnown(r *reviews) {
	mark := func(id string, created time.Time) {
		if !created.After(v.horizon) {
			for _, c := range r.citing[strings.ToUpper(id)] {
				c.review.known = true
			}
		}
	}
	for i := range v.facts.Incidents {
		mark(v.facts.Incidents[i].ID, v.facts.Incidents[i].CreatedAt)
	}
	for i := range v.facts.Named {
		mark(v.facts.Named[i].ID, v.facts.Named[i].CreatedAt)
	}
}

// tooEarly reports whether the post-mortem was there before the incident was,
// and so cannot be about it.
func (c citation) tooEarly(d *Digest) bool { return c.review.CreatedAt.Before(d.CreatedAt) }

// credits reports whether the post-mortem stands for an incident that it names.
func (c citation) credits(d *Digest) bool { return c.review.delivered && !c.tooEarly(d) }

// before reports whether the post-mortem was delivered before another one, as
// far as anything tells when.
func (c citation) before(o citation) bool {
	a, b := c.review.at, o.review.at
	if a.IsZero() || b.IsZero() {
		return !a.IsZero()
	}
	return a.Before(b)
}
