package history

// fate is one way in which an incident can go, and how likely it is.
type fate struct {
	share float64
	write func(*story)
}

// live opens a high-urgency incident and lets one of its fates happen.
func (s *story) live() {
	s.open()
	fates := []fate{
		{s.profile.Unanswered, (*story).nobodyAnswers},
		{0.004, (*story).isForgotten},
		{0.075, (*story).healsItself},
		{0.035, (*story).isResolvedAtOnce},
		{0.050, (*story).meetsTheBot},
		{0.012, (*story).isAnsweredByHelp},
	}
	at := s.Float64()
	for _, f := range fates {
		if at < f.share {
			f.write(s)
			return
		}
		at -= f.share
	}
	s.isAnswered(s.answerTime())
}

// isAnswered is the usual way: pages, an acknowledgement, work.
func (s *story) isAnswered(at int) {
	by := s.answerer(s.ring(at))
	s.acknowledge(at, by)
	s.work(at, by)
}

// nobodyAnswers lets every level sleep until monitoring sees the end of it.
func (s *story) nobodyAnswers() {
	end := max(s.skewed(900, 0.7), answerLimit+s.between(15, 120))
	s.ring(end)
	s.add(end, Resolve, ViaAPI, Machine, 0)
}

// isForgotten leaves the incident open for days, or for good.
func (s *story) isForgotten() {
	s.ring(endless)
	end := s.between(day, 12*day)
	switch {
	case s.chance(0.25):
	case s.chance(0.6):
		s.add(end, Resolve, ViaAuto, Machine, 0)
	default:
		s.add(end, Annotate, ViaNote, s.levels[0], s.text())
		s.add(end+40, Resolve, ViaWebsite, s.levels[0], 0)
	}
}

// healsItself is over before anybody could answer.
func (s *story) healsItself() {
	end := s.between(25, answerLimit-5)
	s.ring(end)
	s.add(end, Resolve, ViaAPI, Machine, 0)
	if s.chance(0.03) {
		s.reopen(end, s.levels[0])
	}
}

// isResolvedAtOnce is fixed by a person who never acknowledges it.
func (s *story) isResolvedAtOnce() {
	end := s.answerTime() + s.between(5, 60)
	by := s.answerer(s.ring(end))
	s.add(end, Resolve, ViaWebsite, by, 0)
	if s.chance(0.5) {
		s.add(end+s.between(30, 900), Annotate, ViaNote, by, s.text())
	}
}

// meetsTheBot is acknowledged by automation within seconds, which ends the
// paging by levels. Sometimes automation repairs it too.
func (s *story) meetsTheBot() {
	seen := s.between(3, 10)
	s.add(seen, Acknowledge, ViaAPI, s.bot, 0)
	s.add(seen+1, Annotate, ViaNote, s.bot, s.text())
	switch {
	case s.chance(0.35):
		end := seen + s.between(45, 250)
		s.page(s.levels[0], 0, end)
		s.add(end, Resolve, ViaAPI, s.bot, 0)
	case s.chance(0.15):
		end := s.between(400, 1500)
		s.page(s.levels[0], 0, end)
		s.add(end, Resolve, ViaAPI, s.bot, 0)
	default:
		at := min(max(s.answerTime(), seen+5), ackTimeout)
		s.page(s.levels[0], 0, at)
		s.acknowledge(at, s.levels[0])
		s.work(at, s.levels[0])
	}
}

// isAnsweredByHelp is joined by somebody whom a colleague asked, before
// anybody on call acknowledges it.
func (s *story) isAnsweredByHelp() {
	asked := s.between(20, 90)
	joined := asked + s.between(20, 400)
	helper := s.colleague(s.levels[0])
	s.askHelp(asked, s.colleague(helper), helper)
	s.add(joined, AcceptHelp, ViaMobile, helper, 0)
	seen := joined + s.between(30, 600)
	by := s.answerer(s.ring(seen))
	s.acknowledge(seen, by)
	s.work(seen, by)
}

// whisper opens a low-urgency incident: mail, no levels, and time.
func (s *story) whisper() {
	s.open()
	s.add(s.between(2, 9), Notify, ByEmail, Machine, int32(s.levels[0]))
	if s.chance(0.5) {
		s.add(s.between(1, 4), Notify, ByPush, Machine, int32(s.levels[0]))
	}
	seen := max(s.skewed(2400, 1.2), 30)
	switch {
	case s.chance(0.25):
		s.add(seen, Resolve, ViaAPI, Machine, 0)
	case s.chance(0.05):
		s.add(s.between(day, 4*day), Resolve, ViaAuto, Machine, 0)
	case s.chance(0.20):
		s.add(seen, Resolve, ViaWebsite, s.levels[0], 0)
	default:
		s.acknowledge(seen, s.levels[0])
		s.work(seen, s.levels[0])
	}
}
