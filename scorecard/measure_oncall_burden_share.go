package scorecard

import "time"

// share is one person's part in the burden of one team.
type share struct {
	worker    *worker
	stays     []span // When the person was in the team.
	elapsed   int64  // Seconds in the team.
	covered   int64  // Seconds.
	allowance int64  // Seconds of working time, which covered is compared with.
	primary   int64  // Seconds on call at the first level.
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
	kind     ClaimKind
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
	s.enter(w, team)
	var reached reach
	for _, c := range p.claims {
		if skip != nil && skip(c.incident) {
			c.kind = claimExcepted
			s.add(w, c, c.to)
			continue
		}
		fresh, newPage := reached.take(c)
		if newPage {
			s.page(c.from)
		}
		s.add(w, c, fresh)
	}
	return s
}

// alone is how long claims, in order of time, cover if there are no others.
func (s *share) alone(claims []claim) int64 {
	var reached reach
	var seconds int64
	for _, c := range claims {
		fresh, _ := reached.take(c)
		for _, stay := range s.stays {
			seconds += span{from: fresh, to: c.to}.clip(stay).length()
		}
	}
	return seconds
}

// reach is how far claims that were taken in order of time go.
type reach struct {
	counted int64 // Until when time is counted already.
	page    int64 // Until when a page is the same one as the last.
}

// take returns from when on the claim counts, which is its end when nothing of
// it does, and whether it is a new page.
func (r *reach) take(c claim) (fresh int64, newPage bool) {
	if c.kind == ClaimPage {
		if c.from < r.page {
			return c.to, false
		}
		r.page, newPage = c.from+int64(samePage/time.Second), true
	}
	fresh = min(max(c.from, r.counted), c.to)
	r.counted = max(r.counted, c.to)
	return fresh, newPage
}

// enter fills in what depends on the person's times in the team alone.
func (s *share) enter(w *workload, team string) {
	for _, t := range s.worker.terms {
		if t.Team != team {
			continue
		}
		stay := span{from: t.From.Unix(), to: t.To.Unix()}
		s.stays = append(s.stays, stay)
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
}

// workingTime is how much of the elapsed seconds the person works: whole
// seconds, rounded half up.
func (p *worker) workingTime(elapsed int64) int64 {
	return p.rate.Mul(Int(elapsed)).Add(Ratio(1, 2)).Floor()
}

// add counts the seconds of a claim from an instant on, as far as the person
// was in the team. A claim that touches those times is a part of the share
// even if it adds nothing.
func (s *share) add(w *workload, c claim, from int64) {
	touches, seconds := false, int64(0)
	for _, stay := range s.stays {
		touches = touches || c.clip(stay).length() > 0
		fresh := span{from: from, to: c.to}.clip(stay)
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
func (s *share) page(at int64) {
	for _, stay := range s.stays {
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
