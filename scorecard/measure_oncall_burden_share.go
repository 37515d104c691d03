package scorecard

import "time"

// share is one person's part in the burden of one team.
type share struct {
	worker    *worker
	elapsed   int64 // Seconds in the team.
	covered   int64 // Seconds.
	allowance int64 // Seconds of working time, which covered is compared with.
	primary   int64 // Seconds on call at the first level.
	weeks     []weekShare
	week      int     // Index of the week in which time was counted last.
	pages     []int64 // When each began, in order.
	hours     PageHours
	parts     []part
}

// weekShare is a share's part of a calendar week.
type weekShare struct{ elapsed, covered, allowance int64 }

// part is what claims on one incident add to the share, beyond what those
// before them did.
type part struct {
	seconds  int64
	incident int32
	kind     workKind
}

// skips says which incidents do not count; nil lets all count.
type skips func(incident int32) bool

// share deals a person's work out to the teams that they were in.
func (w *workload) share(p *worker) {
	var own []share
	var teams []string
	seen := map[string]bool{}
	covered := false
	for _, t := range p.terms {
		if !seen[t.Team] {
			seen[t.Team] = true
			s := w.shareOf(p, t.Team, nil)
			own, teams = append(own, s), append(teams, t.Team)
			covered = covered || s.covered > 0
		}
	}
	p.involved = p.onCall || covered
	for i, s := range own {
		w.shares[teams[i]] = append(w.shares[teams[i]], s)
	}
}

// shareOf walks through a person's claims in order of time. What several
// claims cover is the first one's, so that the parts add up to their union.
func (w *workload) shareOf(p *worker, team string, skip skips) share {
	s := share{worker: p, weeks: make([]weekShare, len(w.weeks))}
	stays := s.enter(w, team)
	var reach, known int64 // Until when time is counted already, and a page is the same one.
	for _, c := range p.claims {
		switch {
		case skip != nil && skip(c.incident):
			c.kind = kindExcepted
			s.add(w, c, c.to, stays)
			continue
		case c.kind == kindPage && c.from < known:
			s.add(w, c, c.to, stays)
			continue
		case c.kind == kindPage:
			known = c.from + int64(samePage/time.Second)
			s.page(c.from, stays)
		}
		s.add(w, c, reach, stays)
		reach = max(reach, c.to)
	}
	return s
}

// enter fills in what depends on the person's times in the team alone, and
// returns those times.
func (s *share) enter(w *workload, team string) []span {
	var stays []span
	for _, t := range s.worker.terms {
		if t.Team != team {
			continue
		}
		stay := span{from: t.From.Unix(), to: t.To.Unix()}
		stays = append(stays, stay)
		s.elapsed += stay.length()
		s.primary += int64(length(intersect(s.worker.primary, []Stretch{t.Stretch})) / time.Second)
		for i, week := range w.weeks {
			s.weeks[i].elapsed += stay.clip(week).length()
		}
	}
	s.allowance = s.worker.workingTime(s.elapsed)
	for i := range s.weeks {
		s.weeks[i].allowance = s.worker.workingTime(s.weeks[i].elapsed)
	}
	return stays
}

// workingTime is how much of the elapsed seconds the person works: whole
// seconds, rounded half up.
func (p *worker) workingTime(elapsed int64) int64 {
	return p.rate.Mul(Int(elapsed)).Add(Ratio(1, 2)).Floor()
}

// add counts the seconds of a claim from an instant on, as far as the person
// was in the team. A claim that touches those times is a part of the share
// even if it adds nothing.
func (s *share) add(w *workload, c claim, from int64, stays []span) {
	touches, seconds := false, int64(0)
	for _, stay := range stays {
		touches = touches || c.clip(stay).length() > 0
		fresh := span{from: max(c.from, from), to: c.to}.clip(stay)
		seconds += fresh.length()
		s.spread(w.weeks, fresh)
	}
	if !touches {
		return
	}
	s.covered += seconds
	if n := len(s.parts); n > 0 && s.parts[n-1].incident == c.incident {
		last := &s.parts[n-1]
		last.seconds, last.kind = last.seconds+seconds, max(last.kind, c.kind)
		return
	}
	s.parts = append(s.parts, part{incident: c.incident, seconds: seconds, kind: c.kind})
}

// spread adds counted time, which comes in order, to the calendar weeks.
func (s *share) spread(weeks []span, counted span) {
	for counted.length() > 0 {
		for weeks[s.week].to <= counted.from {
			s.week++
		}
		piece := counted.clip(weeks[s.week])
		s.weeks[s.week].covered += piece.length()
		counted.from = piece.to
	}
}

// page counts a page at an instant at which the person was in the team.
func (s *share) page(at int64, stays []span) {
	for _, stay := range stays {
		if stay.from <= at && at < stay.to {
			s.pages = append(s.pages, at)
			s.hours.add(time.Unix(at, 0).In(s.worker.zone))
		}
	}
}

// The hours of a person's own clock that tell kinds of pages apart.
const (
	wakeHour  = 8
	leaveHour = 18
	sleepHour = 22
)

// PageHours counts pages by the hours of the person who got them.
type PageHours struct {
	Business int `json:"business"` // Monday to Friday, 8 to 18.
	Off      int `json:"off"`      // All other times of being awake.
	Sleep    int `json:"sleep"`    // 22 to 8, every day.
}

func (h *PageHours) add(local time.Time) {
	hour, day := local.Hour(), local.Weekday()
	switch {
	case hour < wakeHour || hour >= sleepHour:
		h.Sleep++
	case hour < leaveHour && day != time.Saturday && day != time.Sunday:
		h.Business++
	default:
		h.Off++
	}
}

func (h PageHours) plus(o PageHours) PageHours {
	return PageHours{Business: h.Business + o.Business, Off: h.Off + o.Off, Sleep: h.Sleep + o.Sleep}
}
