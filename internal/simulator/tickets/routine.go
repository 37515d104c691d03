package tickets

import (
	"math"
	"time"

	"teamhealth/internal/simulator/history"
)

// Labels of what is done for the organisation itself.
const (
	LabelProcess       = "process-improvement"
	LabelTooling       = "tooling-improvement"
	LabelRunbook       = "runbook"
	LabelAutomation    = "automation"
	LabelTraining      = "training"
	LabelCrossTraining = "cross-training"
	LabelTechTalk      = "tech-talk"
	LabelArchitecture  = "architecture-review"
	LabelRetrospective = "retrospective"
	LabelWalkthrough   = "walkthrough"
)

// errand is a chore within a team.
type errand struct {
	origin  string
	team    int
	label   string
	summary string
	done    int64
	lead    int // How many days before it is done it is entered.
}

// errand lets somebody of a team do something, unless it is called off.
func (w *writer) errand(d dice, e errand, calledOff float64) *draft {
	created := e.done - int64(e.lead)*day - int64(d.IntN(6*hour))
	people := w.inTeam(e.team, created)
	return w.chore(d, chore{
		origin: e.origin, team: e.team, label: e.label, summary: e.summary, author: one(d, people), doer: one(d, people),
		text: "See the page of the team.", created: created, done: e.done, declined: d.chance(calledOff),
	})
}

// writeImprovements writes a quarter's improvements of processes and of tools.
// One of a process ends in the status that only seems to be done.
func (w *writer) writeImprovements(q quarter) {
	count := roll(w.seed, "improvements", q.id())
	for n := range count.between(2, 8) {
		d := roll(w.seed, q.origin(LabelProcess, n))
		e := errand{
			origin: q.origin(LabelProcess, n), team: d.IntN(len(w.teams)), label: LabelProcess,
			summary: one(d, []string{"Shorten the handover", "One list of standard changes", "Review changes within a day"}),
			done:    d.someDay(q), lead: d.between(6, 50),
		}
		w.errand(d, e, 0.1)
	}
	for n := range count.between(1, 5) {
		d := roll(w.seed, q.origin(LabelTooling, n))
		w.errand(d, errand{
			origin: q.origin(LabelTooling, n), team: d.IntN(len(w.teams)), label: LabelTooling,
			summary: one(d, []string{"Faster restore script", "Linter for schema changes", "Dashboards as code"}),
			done:    d.someDay(q), lead: d.between(6, 50),
		}, 0.1)
	}
	w.writeSeeming(q)
}

func (w *writer) writeSeeming(q quarter) {
	d := roll(w.seed, "seeming", q.id())
	done := d.someDay(q)
	by := one(d, w.inTeam(len(w.teams)-1, done))
	t := w.draft(d, brief{
		origin: q.origin("seeming", 0), kind: TypeTask, team: len(w.teams) - 1, at: done - 12*day, creator: by,
		summary: "Agree on names for dashboards", labels: []string{LabelProcess},
	})
	t.flow = seeming
	t.start(done-3*day, by)
	t.finish(done, by, "")
	w.plan(t)
}

// writeGatherings writes what people come together for in a quarter.
func (w *writer) writeGatherings(q quarter) {
	w.writeTalks(q)
	topics := []string{"Performance optimization", "Disaster recovery", "Security and compliance", "New technologies"}
	for team, t := range w.teams {
		d := roll(w.seed, "gatherings", t.ID, q.id())
		in := d.someDay(q)
		if d.chance(0.1) {
			in = d.office(q.end + int64(d.between(2, 20))*day) // Put off into the next quarter.
		}
		w.errand(d, errand{origin: q.origin("training/"+t.ID, 0), team: team, label: LabelTraining, summary: topics[q.number()-1], done: in, lead: 14}, 0.04)
		back := d.office(q.end - int64(d.between(4, 20))*day)
		if d.chance(0.12) {
			back = d.office(q.end + int64(d.between(1, 14))*day)
		}
		w.errand(d, errand{origin: q.origin("retrospective/"+t.ID, 0), team: team, label: LabelRetrospective, summary: "Retrospective of " + q.id(), done: back, lead: 10}, 0.03)
		for n := range d.weighted(45, 40, 15) {
			w.errand(d, errand{origin: q.origin("cross-training/"+t.ID, n), team: team, label: LabelCrossTraining, summary: "Learn the other database", done: d.someDay(q), lead: 20}, 0.05)
		}
		if d.chance(0.4) {
			w.errand(d, errand{origin: q.origin("walkthrough/"+t.ID, 0), team: team, label: LabelWalkthrough, summary: "Recorded: debugging " + t.Component, done: d.someDay(q), lead: 3}, 0)
		}
	}
}

// writeTalks writes a talk for each Thursday and a review of the architecture
// for each month. Some do not take place.
func (w *writer) writeTalks(q quarter) {
	for at := q.start; at < q.end; at += day {
		date := time.Unix(at, 0).UTC()
		if date.Weekday() != time.Thursday {
			continue
		}
		talk := roll(w.seed, "talk", date.Format(time.DateOnly))
		e := errand{
			origin: "talk/" + date.Format(time.DateOnly), team: talk.IntN(len(w.teams)), label: LabelTechTalk,
			summary: "Tech talk of " + date.Format("2 January"), done: talk.office(at), lead: talk.between(7, 20),
		}
		w.errand(talk, e, 0.04)
		if date.Day() > 7 {
			continue
		}
		review := roll(w.seed, "architecture", date.Format("2006-01"))
		e = errand{
			origin: "architecture/" + date.Format("2006-01"), team: review.IntN(len(w.teams)), label: LabelArchitecture,
			summary: "Architecture review of " + date.Format("January"), done: review.office(at + int64(review.between(7, 18))*day), lead: 20,
		}
		w.errand(review, e, 0.1)
	}
}

// writeHousekeeping writes a quarter's work of no particular kind, with what
// is odd about tickets of any kind.
func (w *writer) writeHousekeeping(q quarter) {
	for n := range roll(w.seed, "housekeeping", q.id()).between(6, 12) {
		d := roll(w.seed, q.origin("housekeeping", n))
		e := errand{
			origin: q.origin("housekeeping", n), team: d.IntN(len(w.teams)), done: d.someDay(q), lead: d.between(2, 30),
			summary: one(d, []string{"Clean up old snapshots", "Renew the licence", "Answer the auditors", "Order disks"}),
		}
		t := w.errand(d, e, 0.1)
		t.ticket.Unranked = d.chance(0.2)
		if d.chance(0.15) {
			t.ticket.Reporter = ""
		}
		if n == 0 {
			t.link(e.done-day, t.ticket.Creator, linkRelates, nil)
		}
		if n == 1 {
			t.shuffle(t.ticket.Created, e.done, t.ticket.Creator, 35)
			t.shuffle(e.done, e.done+15*day, t.ticket.Creator, 25)
		}
	}
}

// writeArrivals writes the ticket by which each joiner arrives: mostly
// assigned to them, sometimes only reported by them, and not always finished
// within four weeks.
func (w *writer) writeArrivals() {
	for i := range w.members {
		m := &w.members[i]
		first := history.Stay{From: math.MaxInt64}
		for _, stay := range m.stays {
			if stay.From < first.From {
				first = stay
			}
		}
		if first.From < w.since || first.From > w.until+planned {
			continue
		}
		d := roll(w.seed, "onboarding", m.User)
		lead := one(d, w.inTeam(first.Team, first.From-day))
		c := chore{
			origin: "onboarding/" + m.User, kind: TypeOnboarding, team: first.Team, author: lead, doer: m.Account,
			created: first.From - int64(d.between(1, 6))*day, done: d.office(first.From + int64(d.between(14, 26))*day),
			summary: "Welcome to the " + w.teams[first.Team].Component + " team",
			text:    "h2. Weeks 1 to 4\n\n* foundation\n* technology\n* operations\n* integration",
		}
		switch d.weighted(70, 12, 12, 6) {
		case 1:
			c.reporter, c.doer = m.Account, lead
		case 2:
			c.done = d.office(first.From + int64(d.between(31, 50))*day)
		case 3:
			c.done = 0
		default:
		}
		w.chore(d, c)
	}
}
