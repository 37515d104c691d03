package scorecard

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"teamhealth/internal/facts"
)

// samePage is how long further pages to a person are the same page, and
// pageRun how long a run of pages without such a pause may be: what came
// earlier cannot change which page of a period is a new one.
const (
	samePage = time.Minute
	pageRun  = time.Hour
)

// secondaryLevel is the last level of an escalation policy at which somebody
// counts as being on call.
const secondaryLevel = 2

// weekHours is how many hours a week has.
const weekHours = 168

// claim is a Claim of somebody on an incident.
type claim struct {
	span
	incident int32 // Index into the workload's incidents.
	kind     ClaimKind
}

// span is a half-open time in Unix seconds.
type span struct{ from, to int64 }

func (s span) length() int64 { return max(0, s.to-s.from) }

func (s span) clip(to span) span { return span{from: max(s.from, to.from), to: min(s.to, to.to)} }

// worker is a person as the measure sees them.
type worker struct {
	index    int // Among the workers.
	zone     *time.Location
	rate     Number // Working time per elapsed time.
	terms    []Term
	claims   []claim // By start, then by incident.
	onCall   bool    // At one of the first two levels, some time while employed.
	primary  []Stretch
	involved bool // On call, or with covered time.
}

// workload is everybody's work in the period. Nothing in it depends on an
// objective or a team, so that all rows share it.
type workload struct {
	span      Stretch   // The part of the period that is known, in whole seconds.
	weeks     []span    // The calendar weeks in it, the first and last cut off.
	incidents []*Digest // Those that somebody may have had work with, by time and id.
	workers   []*worker
	shares    map[string][]share // Of each team, in roster order.
	rota      bool               // Some shift in the period is known.
	outside   map[*Digest]bool   // Incidents that somebody did something about who is on no roster.
}

// workload returns everybody's work, which is worked out once.
func (e *evaluator) workload() *workload {
	if e.work == nil {
		e.work = e.newWorkload()
	}
	return e.work
}

// newWorkload counts time from where the facts begin: of what was earlier
// neither the work nor the working time can be told.
func (e *evaluator) newWorkload() *workload {
	start := later(e.period.Start, e.states[facts.PagerDuty].DataSince)
	cut := earlier(e.period.End, e.horizon([]facts.Source{facts.PagerDuty}))
	w := &workload{
		span:   Stretch{From: start.Truncate(time.Second), To: cut.Truncate(time.Second)},
		shares: map[string][]share{}, outside: map[*Digest]bool{},
	}
	if !w.span.From.Before(w.span.To) {
		return w
	}
	w.weeks = e.policy.Calendar.weeks(w.span.From, w.span.To)
	byAccount := w.hire(e.policy, e.facts.Users)
	w.assign(e.facts.Shifts, byAccount)
	w.claim(e, &finder{byAccount: byAccount})
	for _, p := range w.workers {
		p.sort(w.incidents)
		w.share(p)
	}
	return w
}

// weeks returns the calendar weeks within [from, to), each from its first
// Monday instant, as spans.
func (c Calendar) weeks(from, to time.Time) []span {
	var weeks []span
	day := from.In(c.Location)
	sinceMonday := (int(day.Weekday()) + 6) % 7
	for n := 0; ; n++ {
		monday := firstInstant(day.Year(), day.Month(), day.Day()-sinceMonday+7*(n+1), c.Location)
		weeks = append(weeks, span{from: from.Unix(), to: min(monday.Unix(), to.Unix())})
		if !monday.Before(to) {
			return weeks
		}
		from = monday
	}
}

// hire lists the people of the roster who have an account, and finds them by it.
func (w *workload) hire(p *Policy, users []facts.User) map[string]*worker {
	zones := map[string]string{}
	for _, u := range users {
		zones[u.ID] = u.TimeZone
	}
	loc := p.Calendar.Location
	byAccount := map[string]*worker{}
	for i := range p.People {
		person := &p.People[i]
		if person.PagerDuty == "" {
			continue
		}
		one := &worker{
			index: len(w.workers), zone: zoneOf(person, zones[person.PagerDuty], loc), rate: person.rate(p.Calendar.Week),
			terms: person.Terms(w.span.From, w.span.To, loc),
		}
		w.workers = append(w.workers, one)
		byAccount[person.PagerDuty] = one
	}
	return byAccount
}

// rate is the share of all time that the person works.
func (p *Person) rate(week WorkingWeek) Number {
	return written(week.Hours).Mul(written(p.FTE)).Quo(Int(weekHours))
}

// written turns a float64 into the decimal that somebody wrote.
func written(f float64) Number {
	n, err := ParseNumber(strconv.FormatFloat(f, 'g', -1, 64))
	if err != nil {
		return Number{} // Infinite or not a number: the configuration has no such.
	}
	return n
}

// zoneOf is the zone that a person lives by: the configured one, else that of
// the account, else the organisation's.
func zoneOf(p *Person, account string, organization *time.Location) *time.Location {
	if p.TimeZone != nil {
		return p.TimeZone
	}
	if account == "" || account == "Local" {
		return organization
	}
	loc, err := time.LoadLocation(account)
	if err != nil {
		return organization
	}
	return loc
}

// assign notes who was on call.
func (w *workload) assign(shifts []facts.Shift, byAccount map[string]*worker) {
	for _, s := range shifts {
		inside := clip([]Stretch{stretchOf(s)}, w.span.From, w.span.To)
		if s.Level > secondaryLevel || len(inside) == 0 {
			continue
		}
		w.rota = true
		p := byAccount[s.User]
		if p == nil || len(intersect(inside, p.stretches())) == 0 {
			continue
		}
		p.onCall = true
		if s.Level == primaryLevel {
			p.primary = append(p.primary, inside...)
		}
	}
}

// stretches are the person's terms without their teams.
func (p *worker) stretches() []Stretch {
	list := make([]Stretch, 0, len(p.terms))
	for _, t := range p.terms {
		list = append(list, t.Stretch)
	}
	return list
}

// claim deals out to people what incidents took of them in the period.
func (w *workload) claim(e *evaluator, people *finder) {
	known := span{from: w.span.From.Unix(), to: w.span.To.Unix()}
	paged := w.span.From.Add(-e.policy.Engagement.Minimum - pageRun)
	paging := paged.Unix()
	for d := range e.reaching(paged) {
		if d.CreatedAt.Unix() >= known.to {
			return
		}
		index := int32(len(w.incidents))
		for _, c := range d.Claims {
			early := c.To <= known.from
			if c.Kind == ClaimPage {
				early = c.From < paging
			}
			if early || c.From >= known.to {
				continue
			}
			if p := people.of(c.Account); p != nil {
				p.take(claim{span: span{from: c.From, to: c.To}, incident: index, kind: c.Kind})
				w.note(d)
			} else if c.Kind != ClaimPage {
				w.outside[d] = true
			}
		}
	}
}

// note adds an incident, unless it is the one that was added last.
func (w *workload) note(d *Digest) {
	if n := len(w.incidents); n == 0 || w.incidents[n-1] != d {
		w.incidents = append(w.incidents, d)
	}
}

// finder finds people by their account, most quickly the one just found:
// what one person did often stands together.
type finder struct {
	byAccount map[string]*worker
	account   string
	found     *worker
}

// of returns the person of an account; nil for one that is on nobody's entry.
func (f *finder) of(account string) *worker {
	if account != f.account {
		f.account, f.found = account, f.byAccount[account]
	}
	return f.found
}

// take adds a claim, or lets the one before it on the same incident go on.
// Pages, which come after the actions, stay apart, for which of them are the
// same page is not known yet. Those from after somebody left are in no term.
func (p *worker) take(c claim) {
	if n := len(p.claims); n > 0 && c.kind != ClaimPage {
		last := &p.claims[n-1]
		if last.incident == c.incident && c.from <= last.to {
			last.to, last.kind = max(last.to, c.to), max(last.kind, c.kind)
			return
		}
	}
	p.claims = append(p.claims, c)
}

func (p *worker) sort(incidents []*Digest) {
	slices.SortFunc(p.claims, func(a, b claim) int {
		if a.from != b.from {
			return cmp.Compare(a.from, b.from)
		}
		return cmp.Compare(incidents[a.incident].ID, incidents[b.incident].ID)
	})
}
