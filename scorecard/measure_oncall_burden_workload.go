package scorecard

import (
	"cmp"
	"math"
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

// workKind is what made somebody spend time on an incident; of several kinds
// the greatest names the incident's class.
type workKind uint8

const (
	kindExcepted workKind = iota + 1
	kindPage
	kindAction
	kindEngaged
)

// claim is the time for which one thing that somebody did, or was told, stands.
// Claims of a person overlap; only their union counts.
type claim struct {
	span
	incident int32 // Index into the facts' incidents.
	kind     workKind
}

// span is a half-open time in Unix seconds. Sources date what happened by the
// second, so nothing is lost, and sums are exact.
type span struct{ from, to int64 }

func (s span) length() int64 { return max(0, s.to-s.from) }

func (s span) clip(to span) span { return span{from: max(s.from, to.from), to: min(s.to, to.to)} }

// worker is a person as the measure sees them.
type worker struct {
	index    int // Among the workers.
	zone     *time.Location
	rate     Number // Working time per elapsed time.
	joined   int64  // Unix seconds; as far off as can be of somebody who has always been there.
	terms    []Term
	claims   []claim // By start, then by incident.
	onCall   bool    // At one of the first two levels, some time while employed.
	primary  []Stretch
	involved bool // On call, or with covered time.
}

// workload is everybody's work in the period. Nothing in it depends on an
// objective or a team, so that all rows share it.
type workload struct {
	span    Stretch // The part of the period that is known, in whole seconds.
	weeks   []span  // The calendar weeks in it, the first and last cut off.
	workers []*worker
	shares  map[string][]share // Of each team, in roster order.
	rota    bool               // Some shift in the period is known.
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
		shares: map[string][]share{},
	}
	if !w.span.From.Before(w.span.To) {
		return w
	}
	w.weeks = e.policy.Calendar.weeks(w.span.From, w.span.To)
	byAccount := w.hire(e.policy, e.facts.Users)
	w.assign(e.facts.Shifts, byAccount)
	w.claim(e.facts.Incidents, e.policy.Engagement, &finder{byAccount: byAccount})
	for _, p := range w.workers {
		p.sort(e.facts.Incidents)
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
			joined: math.MinInt64, terms: person.Terms(w.span.From, w.span.To, loc),
		}
		if !person.Joined.IsZero() {
			one.joined = person.Joined.In(loc).Unix()
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

// claim finds the time that everything people did and were told stands for.
func (w *workload) claim(incidents []Digest, rules Engagement, people *finder) {
	minimum, maximum := int64(rules.Minimum/time.Second), int64(rules.Maximum/time.Second)
	known := span{from: w.span.From.Unix(), to: w.span.To.Unix()}
	acting := span{from: known.from - max(minimum, maximum), to: known.to}
	paging := span{from: known.from - minimum - int64(pageRun/time.Second), to: known.to}
	for i := range incidents {
		d := &incidents[i]
		if d.CreatedAt.Unix() >= known.to {
			continue
		}
		for _, a := range within(d.Actions, acting) {
			c := claim{span: span{from: a.At.Unix(), to: a.At.Unix() + minimum}, incident: int32(i), kind: kindAction}
			if s, engaged := engagement(d.Stints, a.Account, a.At); engaged {
				c.to, c.kind = max(c.to, min(c.from+maximum, s.end())), kindEngaged
			}
			if c.to > known.from {
				people.of(a.Account).take(c)
			}
		}
		for _, a := range within(d.Pages, paging) {
			people.of(a.Account).take(claim{span: span{from: a.At.Unix(), to: a.At.Unix() + minimum}, incident: int32(i), kind: kindPage})
		}
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

// within returns the acts, which come in order of time, that are in a span.
func within(acts []Act, s span) []Act {
	for len(acts) > 0 && acts[len(acts)-1].At.Unix() >= s.to {
		acts = acts[:len(acts)-1]
	}
	if len(acts) > 0 && acts[len(acts)-1].At.Unix() < s.from {
		return nil
	}
	for len(acts) > 0 && acts[0].At.Unix() < s.from {
		acts = acts[1:]
	}
	return acts
}

// take adds a claim, or lets the one before it on the same incident go on.
// Pages, which come after the actions, stay apart, for which of them are the
// same page is not known yet. Somebody who is not on the roster has no claims,
// and nobody has claims from before they joined; those from after somebody left
// are in no term.
func (p *worker) take(c claim) {
	if p == nil || c.from < p.joined {
		return
	}
	if n := len(p.claims); n > 0 && c.kind != kindPage {
		last := &p.claims[n-1]
		if last.incident == c.incident && c.from <= last.to {
			last.to, last.kind = max(last.to, c.to), max(last.kind, c.kind)
			return
		}
	}
	p.claims = append(p.claims, c)
}

// end is when the stint ended, in Unix seconds: as far off as can be while it lasts.
func (s Stint) end() int64 {
	if s.To.IsZero() {
		return math.MaxInt64
	}
	return s.To.Unix()
}

func (p *worker) sort(incidents []Digest) {
	slices.SortFunc(p.claims, func(a, b claim) int {
		if a.from != b.from {
			return cmp.Compare(a.from, b.from)
		}
		return cmp.Compare(incidents[a.incident].ID, incidents[b.incident].ID)
	})
}
