package scorecard

import (
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// OutageClass is what an incident is as far as downtime goes.
type OutageClass string

// The classes of incidents. Only outages are used.
const (
	Outage         OutageClass = "outage"        // Counts as downtime of a service that the value is about.
	OutageOther    OutageClass = "other_service" // Counts as downtime of a service that it is not about.
	NotOutage      OutageClass = "not_outage"    // By its priority or urgency.
	OutageExcepted OutageClass = "exception"     // Taken out by an exception.
	OutageInRepair OutageClass = "maintenance"   // Its service was in maintenance throughout.
)

// outage is an incident that counts as downtime as an availability row sees it.
type outage struct {
	digest    *Digest
	class     OutageClass
	exception *Exception
	times     []Stretch // When its service was down by it in the period, maintenance taken out; in order, disjoint.
	seconds   int64     // Of these, those that no earlier outage has: what it adds to the downtime.
	crosses   bool      // It lasted beyond an edge of the period.
	stray     bool      // It was merged into an incident that is not known.
}

// uptime is what became of one service in the period.
type uptime struct {
	team        Team
	service     string
	exempt      bool // An exception takes its team out.
	maintenance []Stretch
	outages     []outage  // The incidents that were open in the period and count as downtime, by time and id.
	others      []*Digest // Those that do not count, as most do not.
	lowered     int       // Of the others, those that lost the priority of an outage after somebody had answered.
	prioritised bool      // Some incident has a priority.
	down        int64     // Seconds for which it was down.
	downWithout int64     // The same if there were no exceptions.
}

// uptimes follows each service of the subject's teams through a span of time.
func (v *subjectView) uptimes(span Stretch) []uptime {
	var services []uptime
	for _, t := range v.teams {
		for _, s := range v.teamUptimes(t, span) {
			s.outages = slices.Clone(s.outages) // What they are in the end hangs on the subject's other services.
			services = append(services, s)
		}
	}
	return services
}

// teamUptimes follows each service of a team, once for its own row and the
// organisation's. The span is that of the objective.
func (v *subjectView) teamUptimes(t Team, span Stretch) []uptime {
	key := rowKey{v.objective.ID, t.ID}
	if known, ok := v.services[key]; ok {
		return known
	}
	var services []uptime
	position := map[string]int{}
	for _, id := range t.Services {
		if only := v.policy.Incidents.OutageServices; len(only) == 0 || slices.Contains(only, id) {
			position[id] = len(services)
			services = append(services, uptime{
				team: t, service: id, exempt: v.teamException(t.ID) != nil, maintenance: v.maintenance(id),
			})
		}
	}
	for _, some := range [][]*Digest{v.lingering[t.ID], v.byTeam[t.ID]} {
		for _, d := range some {
			if i, counts := position[d.Service]; counts {
				v.follow(&services[i], d, span)
			}
		}
	}
	for i := range services {
		services[i].addUp()
	}
	v.services[key] = services
	return services
}

// follow looks at an incident of a service; they come by time. One that has
// nothing to do with the span is left out.
func (v *subjectView) follow(s *uptime, d *Digest, span Stretch) {
	priority := v.priority(d)
	if v.isOutage(d.Urgency, priority) {
		o, touches := v.outage(d, s, span)
		if !touches {
			return
		}
		s.outages = append(s.outages, o)
	} else {
		if !v.owns(d.CreatedAt) && !v.wasOpen(d, span) {
			return
		}
		s.others = append(s.others, d)
		if v.wasOutage(d) {
			s.lowered++
		}
	}
	s.prioritised = s.prioritised || priority != ""
}

// incidents counts the incidents of the service.
func (u *uptime) incidents() int { return len(u.outages) + len(u.others) }

// maintenance returns when a service was in maintenance, less the seconds that are only partly so.
func (e *evaluator) maintenance(service string) []Stretch {
	var times []Stretch
	for _, w := range e.facts.Maintenance {
		if slices.Contains(w.Services, service) {
			times = append(times, Stretch{From: ceilSecond(w.Start), To: w.End.Truncate(time.Second)})
		}
	}
	return union(times)
}

func ceilSecond(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

// wasOpen reports whether an incident was open in the span.
func (v *subjectView) wasOpen(d *Digest, span Stretch) bool {
	lasted, _ := v.outageTimes(d)
	return len(clip(lasted, span.From, span.To)) > 0
}

// outage sees an incident that counts as downtime as one of a service. It returns
// false when the incident has nothing to do with the span.
func (v *subjectView) outage(d *Digest, s *uptime, span Stretch) (outage, bool) {
	lasted, stray := v.outageTimes(d)
	open := union(clip(lasted, span.From, span.To))
	o := outage{digest: d, class: Outage, times: subtract(open, s.maintenance), stray: stray}
	x := v.exceptionFor(d, s.team.ID)
	switch {
	case x != nil:
		o.class, o.exception = OutageExcepted, x
	case len(open) > 0 && len(o.times) == 0:
		o.class = OutageInRepair
	default:
		seen := clip(lasted, time.Time{}, v.horizon)
		o.crosses = crosses(seen, v.period.Start) || crosses(seen, v.period.End)
	}
	return o, len(open) > 0 || v.owns(d.CreatedAt)
}

func crosses(times []Stretch, edge time.Time) bool {
	return slices.ContainsFunc(times, func(s Stretch) bool { return s.From.Before(edge) && s.To.After(edge) })
}

// priority is the one that an incident had at the horizon: the latest, unless
// that was given later.
func (v *subjectView) priority(d *Digest) string {
	for _, c := range d.Reprioritised {
		if c.At.After(v.horizon) {
			return c.Old
		}
	}
	return d.Priority
}

// isOutage reports whether incidents of an urgency and a priority count as
// downtime. An unknown urgency does, where urgency decides: leaving it out would hide it.
func (v *subjectView) isOutage(u facts.Urgency, priority string) bool {
	rules := v.policy.Incidents
	if len(rules.OutagePriority) > 0 {
		return slices.Contains(rules.OutagePriority, priority)
	}
	return u == "" || slices.Contains(rules.OutageUrgency, u)
}

// wasOutage reports whether an incident had the priority of an outage when
// somebody had answered it already.
func (v *subjectView) wasOutage(d *Digest) bool {
	return slices.ContainsFunc(d.Reprioritised, func(c PriorityChange) bool {
		answered := !d.AnsweredAt.IsZero() && !c.At.Before(d.AnsweredAt)
		return answered && v.seen(c.At) && slices.Contains(v.policy.Incidents.OutagePriority, c.Old)
	})
}

// outageTimes returns when an incident was an outage, in whole seconds, the
// seconds of its beginning and end included. One that was merged into another
// lasts until that is resolved. Stray says that the other is not known.
func (v *subjectView) outageTimes(d *Digest) (times []Stretch, stray bool) {
	times = slices.Clone(d.Open)
	if d.MergedInto != "" && v.seen(d.MergedAt) {
		until, known := v.mergedUntil(d)
		times, stray = append(times, Stretch{From: d.MergedAt, To: until}), !known
	}
	for i, s := range times {
		times[i].From = s.From.Truncate(time.Second)
		if !s.To.IsZero() {
			times[i].To = ceilSecond(s.To)
		}
	}
	return times, stray
}

// mergedUntil returns when an incident that was merged into another was over:
// at the other's first resolve from the merge on, or zero while that is open.
// Where the other was itself merged away, that is no end, and the next one is
// looked at. It is the merge when the other was resolved before, or is not known.
func (e *evaluator) mergedUntil(d *Digest) (until time.Time, known bool) {
	targets, horizon := e.mergeTargets(), e.horizon([]facts.Source{facts.PagerDuty})
	until = d.MergedAt
	for range len(targets) + 1 { // More would go round in a circle.
		t := targets[d.MergedInto]
		if t == nil {
			return until, false
		}
		i := slices.IndexFunc(t.Open, func(s Stretch) bool {
			return !s.From.After(horizon) && (s.To.IsZero() || !s.To.Before(until)) // A reopening to come is none yet.
		})
		if i < 0 {
			return until, true
		}
		until = t.Open[i].To
		if until.IsZero() || t.MergedInto == "" || until.Before(t.MergedAt) {
			return until, true
		}
		d = t
	}
	return until, true
}

// lingers reports whether an incident that is none of the period's own may
// have been open in it all the same, or been resolved in its first instant.
func (e *evaluator) lingers(d *Digest) bool {
	if len(d.Open) == 0 || !d.CreatedAt.Before(e.period.End) {
		return false
	}
	last := d.Open[len(d.Open)-1].To
	return last.IsZero() || !last.Before(e.period.Start) || d.MergedInto != ""
}

// addUp finds the downtime of the service. A second in which several outages
// were open is counted once, for the first of them.
func (u *uptime) addUp() {
	var covered, without []Stretch
	for i := range u.outages {
		o := &u.outages[i]
		without = append(without, o.times...)
		if o.class != Outage || len(o.times) == 0 {
			continue
		}
		// What ended before it began needs no looking at.
		from, _ := slices.BinarySearchFunc(covered, o.times[0].From, func(s Stretch, t time.Time) int { return s.To.Compare(t) })
		o.seconds = wholeSeconds(length(subtract(o.times, covered[from:])))
		covered = append(covered[:from], union(slices.Concat(covered[from:], o.times))...)
		u.down += o.seconds
	}
	u.downWithout = wholeSeconds(length(union(without)))
}

// setAside marks the outages of a service that the value is not about.
func (u *uptime) setAside() {
	for i := range u.outages {
		if o := &u.outages[i]; o.class == Outage {
			o.class = OutageOther
		}
	}
}

// worseThan puts the service with more downtime first, and of several the first by id.
func (u *uptime) worseThan(o *uptime) bool {
	return u.down > o.down || u.down == o.down && u.service < o.service
}

// counted counts the incidents that count as its downtime.
func (u *uptime) counted() int {
	n := 0
	for i := range u.outages {
		if o := &u.outages[i]; o.class == Outage || o.class == OutageOther {
			n++
		}
	}
	return n
}
