package tickets

import "strconv"

// Labels of work on the product and in production.
const (
	LabelCoding     = "coding"
	LabelMigration  = "migration"
	LabelRolledBack = "rolled-back"
)

// origin names the nth ticket of a kind in a quarter.
func (q quarter) origin(kind string, n int) string {
	return q.id() + "/" + kind + "/" + strconv.Itoa(n)
}

// writeChanges writes the change requests of a quarter: written by engineers
// and SREs or, with one of them as reporter, by automation, and mostly carried
// out by SREs.
func (w *writer) writeChanges(q quarter) {
	count := roll(w.seed, "changes", q.id())
	for n := range count.between(34, 50) {
		origin := q.origin("change", n)
		d := roll(w.seed, origin)
		done := d.someDay(q)
		created := done - int64(d.between(1, 12))*day - int64(d.IntN(4*hour))
		team := d.IntN(len(w.teams))
		author := one(d, w.engineersOf(team, created))
		if d.chance(0.4) {
			author = one(d, w.ofLine(SRE, created))
		}
		doer := one(d, w.ofLine(SRE, done))
		if d.chance(0.3) {
			doer = one(d, w.engineersOf(team, done))
		}
		c := chore{
			origin: origin, kind: TypeChange, team: team, author: author, doer: doer, created: created, done: done,
			summary:  one(d, []string{"Raise the buffer pool of ", "Rotate the keys of ", "Upgrade ", "Add a replica to ", "Change the retention of "}) + w.teams[team].Component,
			text:     "h3. Plan\n\nAs rehearsed on staging.\n\nh3. Way back\n\nThe former values are in the ticket's history.",
			declined: d.chance(0.06),
		}
		if d.chance(0.12) {
			c.reporter, c.author = c.author, w.bot
		}
		if d.chance(0.03) {
			c.done = 0
		}
		w.chore(d, c)
	}
}

// writeCode writes the tasks of a quarter that are done in code: by engineers,
// and a few by SREs.
func (w *writer) writeCode(q quarter) {
	count := roll(w.seed, "code", q.id())
	for n := range count.between(16, 24) {
		origin := q.origin("code", n)
		d := roll(w.seed, origin)
		done := d.someDay(q)
		created := done - int64(d.between(4, 40))*day
		team := d.IntN(len(w.teams))
		doer := one(d, w.engineersOf(team, done))
		if d.chance(0.25) {
			doer = one(d, w.ofLine(SRE, done))
		}
		w.chore(d, chore{
			origin: origin, kind: TypeStory, team: team, label: LabelCoding, author: one(d, w.engineersOf(team, created)),
			doer: doer, created: created, done: done, declined: d.chance(0.08),
			summary: one(d, []string{"Retry idle transactions in ", "Show the replication lag of ", "Batch the writes to ", "Drop the old driver of "}) + w.teams[team].Component,
			text:    "## What\n\nSmall and self-contained.\n\n## Done when\n\n- tests pass\n- the dashboard shows it",
		})
	}
}

// writeMigrations writes the migrations of a quarter. One in ten is rolled
// back: some are tried again and done, some are given up.
func (w *writer) writeMigrations(q quarter) {
	for team, t := range w.teams {
		if t.Project != w.teams[0].Project {
			continue
		}
		for n := range roll(w.seed, "migrations", t.ID, q.id()).between(2, 6) {
			origin := q.origin("migration/"+t.ID, n)
			d := roll(w.seed, origin)
			done := d.someDay(q)
			created := done - int64(d.between(10, 60))*day
			people := w.inTeam(team, created)
			c := chore{
				origin: origin, team: team, label: LabelMigration, author: one(d, people), doer: one(d, people),
				created: created, done: done, declined: d.chance(0.06),
				summary: "Move shard " + strconv.Itoa(d.between(1, 400)) + " of " + t.Component + " to the new hosts",
				text:    "h3. Steps\n\n# copy\n# compare\n# switch",
			}
			w.chore(d, c).rollBack(c, d.chance(0.13))
		}
	}
}

func (d *draft) rollBack(c chore, yes bool) {
	if yes {
		d.label(c.done-hour, c.doer, LabelRolledBack)
	}
}

// writeCrossings writes what people do around the day on which they change the
// line: code and changes on both sides of it.
func (w *writer) writeCrossings() {
	for i := range w.members {
		m := &w.members[i]
		for _, move := range m.Moves {
			for n, days := range []int{-33, -21, -12, 9, 19, 30} {
				done := move.On.Unix() + int64(days)*day
				team := m.team(done)
				if team < 0 || done < w.since {
					continue
				}
				w.cross(m, team, "move/"+m.User+"/"+move.On.Format("2006-01-02")+"/"+strconv.Itoa(n), done)
			}
		}
	}
}

func (w *writer) cross(m *member, team int, origin string, done int64) {
	d := roll(w.seed, origin)
	done = d.office(done)
	c := chore{
		origin: origin + "/code", kind: TypeStory, team: team, label: LabelCoding, author: m.Account, doer: m.Account,
		created: done - 5*day, done: done, summary: "Handle a lost primary in " + w.teams[team].Component,
	}
	w.chore(d, c)
	c.origin, c.kind, c.label, c.summary = origin+"/change", TypeChange, "", "Apply the new limits to "+w.teams[team].Component
	w.chore(d, c)
}
