package tickets

// chore is an ordinary piece of work: who asks for it, who does it, and how it
// ends.
type chore struct {
	origin   string
	kind     string // Type. Default: Task.
	team     int
	label    string // None when empty.
	summary  string
	text     string
	author   string
	reporter string // Default: the author.
	doer     string
	created  int64
	done     int64 // When it is finished; 0 for never.
	declined bool
}

// chore writes a piece of work. What SRE teams do is sometimes finished
// without a resolution.
func (w *writer) chore(d dice, c chore) *draft {
	if c.kind == "" {
		c.kind = TypeTask
	}
	b := brief{
		origin: c.origin, kind: c.kind, team: c.team, at: c.created, creator: c.author, reporter: c.reporter,
		summary: c.summary, text: c.text,
	}
	if c.label != "" {
		b.labels = []string{c.label}
	}
	t := w.draft(d, b)
	if w.teams[c.team].Project != w.teams[0].Project && d.chance(0.25) {
		t.flow = unresolved
	}
	switch {
	case c.declined:
		t.flow = plain
		t.finish(c.done, c.author, resolvedWontDo)
	case c.done == 0:
		t.assign(c.created+hour, c.author, c.doer)
	default:
		t.start(c.created+(c.done-c.created)/3, c.doer)
		t.finish(c.done, c.doer, resolvedDone)
		t.wrinkle(c)
	}
	w.plan(t)
	return t
}

// wrinkle lets happen what now and then happens to finished work: it is taken
// up again, given to somebody else for the record, or moved about on a list.
func (d *draft) wrinkle(c chore) {
	switch d.weighted(3, 2, 1, 94) {
	case 0:
		again := d.office(c.done + int64(d.between(2, 5))*day)
		d.reopen(again, c.doer)
		d.finish(d.office(again+int64(d.between(1, 6))*day), c.doer, resolvedDone)
	case 1:
		d.assign(c.done+int64(d.between(1, 9))*day, c.author, c.author)
	case 2:
		d.shuffle(c.created, c.done, c.author, d.between(30, 50))
		d.shuffle(c.done, c.done+20*day, c.author, d.between(20, 40))
	default:
	}
}
