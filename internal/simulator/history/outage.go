package history

// outages brings what a quarter's mood asks for.
func (g generator) outages(team int, first, end int64) []occasion {
	d := roll(g.seed, "outages", g.account.Teams[team].ID, first)
	days := d.Perm(int(end - first - 2)) // Neither the first day nor the last.
	at := func(n int) int64 { return (first+1+int64(days[n]))*day + int64(d.between(1*60*60, 20*60*60)) }
	services := g.account.servicesOf(team)
	service := services[d.IntN(len(services))]
	var all []occasion
	add := func(at int64, write func(o outage) []*story, shortest, longest int) {
		o := outage{generator: g, team: team, service: service, length: d.between(shortest, longest)}
		all = append(all, occasion{at: at, write: func(d dice, at int64) []*story {
			o.dice, o.at = d, at
			return write(o)
		}})
	}
	switch g.mood(team, first) {
	case quiet:
		if d.chance(0.5) {
			add(at(0), outage.flickers, 25, 70)
		}
	case touched:
		for n := range d.between(1, 3) {
			add(at(n), outage.happens, 5*60, 40*60)
		}
	case shaken:
		for n, write := range []func(outage) []*story{outage.happens, outage.overlaps, outage.isMerged, outage.comesBack} {
			add(at(n), write, 36*60, 60*60)
		}
		if g.mood(team, end) != quiet {
			add(end*day-int64(d.between(10*60, 25*60)), outage.happens, 30*60, 50*60)
		}
	}
	return all
}

// outagesInMaintenance brings, in some quarters, an outage that is over before
// the maintenance is in which it happens.
func (g generator) outagesInMaintenance(team int, first int64) []occasion {
	d := roll(g.seed, "maintained", g.account.Teams[team].ID, first)
	if !d.chance(0.5) {
		return nil
	}
	w := g.account.maintenance(team, first)[0]
	o := outage{generator: g, team: team, service: w.Services[0], length: d.between(10*60, 40*60)}
	return []occasion{{at: w.Start + int64(d.between(2*60, 15*60)), write: func(d dice, at int64) []*story {
		o.dice, o.at = d, at
		return o.happens()
	}}}
}

// outage is one service being out for a time.
type outage struct {
	generator
	dice
	team, service int
	at            int64
	length        int // Seconds.
}

// begin opens an incident of the outage, some seconds after the outage begins.
func (o outage) begin(after int, priority uint8) *story {
	s := o.storyOn(o.dice, o.team, o.service, o.at+int64(after))
	s.inc.Title = []uint8{1, 3, 6, 7}[s.IntN(4)]
	s.inc.Priority = priority
	s.open()
	return s
}

// rank draws one of the two highest priorities.
func (o outage) rank() uint8 { return uint8(o.between(1, 3)) }

// flickers is repaired by automation before anybody could look.
func (o outage) flickers() []*story {
	s := o.begin(0, 2)
	s.ring(o.length)
	s.add(o.length, Resolve, ViaAPI, Machine, 0)
	return []*story{s}
}

// happens is an outage from its trigger to its resolve.
func (o outage) happens() []*story {
	s, _ := o.oneOf(o.rank(), o.length)
	return []*story{s}
}

// oneOf writes an incident of an outage that is resolved after so many
// seconds, by whoever has it then. Some are first taken for less.
func (o outage) oneOf(priority uint8, end int) (*story, Actor) {
	before := priority
	if o.chance(0.3) {
		before = 3
	}
	s := o.begin(0, before)
	answer := min(s.answerTime(), end/3)
	by := s.answerer(s.ring(answer))
	s.acknowledge(answer, by)
	if before != priority {
		s.add(answer+s.between(15, 120), Prioritise, ViaWebsite, by, priorityChange(before, priority))
	}
	by = s.tend(answer, end, by)
	s.add(end, Resolve, ViaWebsite, by, 0)
	return s, by
}

// overlaps is two incidents of one service, the second of which begins while
// the first is open and outlasts it.
func (o outage) overlaps() []*story {
	first, _ := o.oneOf(o.rank(), o.length)
	later := o
	later.at += int64(o.between(o.length/3, o.length/2))
	second, _ := later.oneOf(o.rank(), o.length)
	return []*story{first, second}
}

// isMerged is two incidents of the highest priority, the second of which is
// merged into the first.
func (o outage) isMerged() []*story {
	first, by := o.oneOf(1, o.length)
	second := o.begin(o.between(60, 200), 1)
	at := o.between(400, 900)
	second.mergeInto(first, at, by)
	first.add(at, Merge, ViaWebsite, by, 1)
	return []*story{first, second}
}

// comesBack is taken for resolved too early.
func (o outage) comesBack() []*story {
	s, by := o.oneOf(1, o.length)
	s.reopen(o.length, by)
	return []*story{s}
}
