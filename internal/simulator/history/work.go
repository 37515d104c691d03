package history

// work writes what happens from the first acknowledgement to the resolve, and
// what may come after it.
func (s *story) work(from int, by Actor) {
	end := from + min(max(s.skewed(1500*s.effort, 1.0), 60), 2*day)
	s.triage(from, end, by)
	s.close(end, s.tend(from, end, by))
}

// tend writes what people do about an incident while they have it, and returns
// who has it at its end.
func (s *story) tend(from, end int, by Actor) Actor {
	major := s.inc.Priority == 1 || s.inc.Priority == 2
	s.write(from, end, by)
	if major || s.chance(0.07) {
		s.help(from, end, by)
	}
	if major {
		s.add(from+s.between(30, (end-from)/2), Inform, ViaWebsite, by, 0)
		s.add(from+s.between((end-from)/2, end-from), Inform, ViaWebsite, by, 0)
	}
	return s.keep(from, end, by)
}

// triage changes what the incident is taken for.
func (s *story) triage(from, end int, by Actor) {
	at := from + s.between(15, min(end-from, 400))
	if s.chance(0.25) {
		after := []uint8{3, 3, 3, 3, 4, 4, 4, 4, 5, 5}[s.IntN(10)]
		if before := s.inc.Priority; before != after {
			s.add(at, Prioritise, ViaWebsite, by, priorityChange(before, after))
		}
	}
	if s.chance(0.04) {
		other := High
		if s.inc.Urgency == High {
			other = Low
		}
		s.add(at+1, SetUrgency, ViaWebsite, by, int32(other))
	}
}

// write leaves notes.
func (s *story) write(from, end int, by Actor) {
	for range s.poisson(3.6) {
		author := by
		if s.chance(0.2) {
			author = s.colleague(by)
		}
		s.add(from+s.between(10, end-from), Annotate, ViaNote, author, s.text())
	}
}

// help asks a colleague to join, who mostly does.
func (s *story) help(from, end int, by Actor) {
	asked := from + s.between(20, (end-from)/4)
	helper := s.colleague(by)
	s.askHelp(asked, by, helper)
	if s.chance(0.8) {
		s.add(s.between(asked+5, min(asked+400, end)), AcceptHelp, ViaMobile, helper, 0)
	}
}

func (s *story) askHelp(at int, by, helper Actor) {
	s.add(at, RequestHelp, ViaWebsite, by, int32(helper))
	s.add(at+2, Notify, ByPush, Machine, int32(helper))
	s.add(at+4, Notify, ByPhone, Machine, int32(helper))
}

// keep holds the incident until its end: acknowledgements that lapse are
// renewed, long ones snoozed, some handed over. It returns who has it then.
func (s *story) keep(from, end int, by Actor) Actor {
	if s.service.AckTimeout > 0 {
		s.renew(from, end, by)
		return by
	}
	if end-from > 2*60*60 && s.chance(0.4) {
		s.snooze(from+s.between(300, 3600), end, by)
		return by
	}
	if end-from > 600 && s.chance(0.1) {
		return s.handOver(from, end, by)
	}
	return by
}

// renew lets acknowledgements lapse and be renewed, until somebody snoozes.
func (s *story) renew(from, end int, by Actor) {
	limit := s.service.AckTimeout
	for round := 0; from+limit < end; round++ {
		lapsed := from + limit
		again := lapsed + s.between(20, 240)
		if round == 3 || again >= end || s.chance(0.25) {
			s.snooze(from+s.between(30, limit-30), end, by)
			return
		}
		s.add(lapsed, Unacknowledge, ViaTimeout, Machine, 0)
		s.page(by, lapsed, again)
		s.acknowledge(again, by)
		from = again
	}
}

// snooze silences the incident for a round time that outlasts its end.
func (s *story) snooze(at, end int, by Actor) {
	const hour = 60 * 60
	length := hour
	for at+length <= end {
		length += hour
	}
	s.add(at, Snooze, ViaMobile, by, int32(length))
}

// handOver gives the incident to a colleague, by escalating or reassigning it.
func (s *story) handOver(from, end int, by Actor) Actor {
	at := from + s.between(120, (end-from)/2)
	to := s.colleague(by)
	kind := Assign
	if s.chance(0.5) {
		kind = Escalate
	}
	taken := at + s.between(20, 200)
	s.add(at, kind, ViaWebsite, by, int32(to))
	s.page(to, at, taken)
	s.acknowledge(taken, to)
	return to
}

// close resolves the incident, by the person who has it or by monitoring.
func (s *story) close(end int, by Actor) {
	if s.chance(0.35) {
		s.add(end, Resolve, ViaAPI, Machine, 0)
	} else {
		s.add(end, Resolve, ViaWebsite, by, 0)
	}
	if s.chance(0.3) {
		s.add(end+1, Notify, ByEmail, Machine, int32(by))
	}
	switch {
	case s.chance(0.012):
		s.reopen(end, by)
	case s.chance(0.05):
		s.add(end+s.between(600, day), Annotate, ViaNote, s.lead, s.text())
	case s.chance(0.02): // Somebody reads it again for a review.
		s.add(end+s.between(2*week, 6*week), Annotate, ViaNote, s.lead, s.text())
	}
}

// reopen finds that it was not over after all.
func (s *story) reopen(end int, by Actor) {
	at := end + s.between(300, 2400)
	seen := at + s.between(15, 200)
	last := seen + s.between(300, ackTimeout)
	s.add(at, Reopen, ViaWebsite, s.colleague(by), 0)
	s.add(at, Assign, ViaAuto, Machine, int32(by))
	s.page(by, at, seen)
	s.acknowledge(seen, by)
	s.add(seen+s.between(30, 300), Annotate, ViaNote, by, s.text())
	s.add(last, Resolve, ViaWebsite, by, 0)
}

// text picks what a note says.
func (s *story) text() int32 { return int32(s.IntN(noteTexts)) }
