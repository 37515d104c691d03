package scorecard

import (
	"cmp"
	"slices"
	"time"
	"unique"

	"teamhealth/internal/facts"
)

// Digest is what scoring needs of one incident: the few decisive instants of
// its timeline, and the time that it took of people. It depends on the incident, on
// who is a person and since when, and on what an action stands for, and on nothing
// else: neither period, horizon nor target. So it is made once and reused
// until the incident changes, and 10,000 of them weigh a few megabytes.
type Digest struct {
	ID        string
	URL       string
	Service   string
	Urgency   facts.Urgency // At the trigger; empty when unknown.
	Priority  string        // The latest.
	CreatedAt time.Time
	// AnsweredAt is the first answer by a person: an acknowledgement, an acceptance, a resolve or a
	// merge. Zero when there was none.
	AnsweredAt time.Time
	// Acknowledger is the account whose acknowledgement was the first answer; the zero handle
	// when there was none, or it was of another kind.
	Acknowledger unique.Handle[string]
	// Reassigned is when users gave the incident to others before anybody had answered it, in order.
	Reassigned []time.Time
	ResolvedAt time.Time // The first resolve, whoever made it; zero when there was none.
	// MergedAt is when the incident was merged into another; zero when it was not.
	MergedAt time.Time
	// People are the accounts of people who acted, each with its first act, by id.
	People []Act
	// MergedInto is the incident that took this one's place; empty when none did.
	MergedInto string
	// Open are the times at which the incident was open, in order.
	Open []Stretch
	// Claims are what it took of people's accounts: those of their actions, by start, then one
	// for each page that was sent, in order.
	Claims []Claim
	// Reprioritised are the changes of its priority, in order.
	Reprioritised []PriorityChange
	// Untold is when somebody's incident was first handed over without telling to whom, so
	// that nobody knows whose engagement ended. Zero when that never happened.
	Untold time.Time
	// Lasting is true when it was open, or took of people, for more than a day after its
	// creation, or may still do so.
	Lasting bool
	// Bare is true when no log entry of the incident is known: then nobody
	// can tell whether it was answered.
	Bare bool
}

// Act is something that an account did at an instant.
type Act struct {
	Account string
	At      time.Time
}

// PriorityChange is a change of an incident's priority.
type PriorityChange struct {
	At       time.Time
	Old, New string // Empty where there was none.
}

// Stretch is a half-open time whose end may not have come.
type Stretch struct {
	From time.Time
	To   time.Time // Zero while it lasts.
}

// Digester makes digests. It is safe for use by several goroutines.
type Digester struct {
	bots   map[string]bool
	joined map[string]int64 // In Unix seconds, by account, of those who have not always been there.
	// What an action stands for at least, and in an engagement at most, in seconds.
	minimum, maximum int64
}

// NewDigester returns a Digester for a policy; its PagerDuty bots are not people.
func NewDigester(p *Policy) Digester {
	r := Digester{
		bots: map[string]bool{}, joined: map[string]int64{},
		minimum: int64(p.Engagement.Minimum / time.Second), maximum: int64(p.Engagement.Maximum / time.Second),
	}
	for _, s := range p.Sources {
		if s.Source != facts.PagerDuty {
			continue
		}
		for _, id := range s.Bots {
			r.bots[id] = true
		}
	}
	for _, person := range p.People {
		if !person.Joined.IsZero() {
			r.joined[person.PagerDuty] = person.Joined.In(p.Calendar.Location).Unix()
		}
	}
	return r
}

// one returns the one copy of a word that many digests hold.
func one(word string) string { return unique.Make(word).Value() }

// Digest reduces an incident. The timeline may be in any order.
func (r Digester) Digest(i facts.Incident) Digest {
	timeline := i.Timeline
	if !facts.InOrder(timeline) {
		timeline = slices.Clone(timeline)
		facts.SortTimeline(timeline)
	}
	d := Digest{
		ID: i.ID, URL: i.URL, Service: i.Service, Urgency: facts.Urgency(one(string(i.Urgency))), Priority: one(i.Priority),
		CreatedAt: i.CreatedAt, MergedInto: i.MergedInto, Bare: len(timeline) == 0,
	}
	triggered, own := false, ownMerge(timeline, i)
	for n := range timeline {
		e := &timeline[n]
		r.take(&d, e, n == own)
		if e.Kind == facts.EntryTrigger && e.Service != "" && !triggered {
			d.Service, triggered = e.Service, true
		}
	}
	r.fallBack(&d, i)
	d.Service = one(d.Service)
	slices.SortFunc(d.People, func(a, b Act) int { return cmp.Compare(a.Account, b.Account) })
	d.Open = openTimes(timeline, own, i)
	d.Reprioritised = reprioritised(timeline)
	d.Reassigned = reassigned(timeline, d.AnsweredAt)
	r.work(&d, timeline, i)
	d.Lasting = d.lasts(aDay)
	return d
}

// aDay is the time after which hardly anything happens to an incident.
const aDay = 24 * time.Hour

// lasts reports whether something of the incident may come later than so long
// after its creation.
func (d *Digest) lasts(long time.Duration) bool {
	end := d.CreatedAt.Add(long)
	last := d.Open[len(d.Open)-1].To
	return last.IsZero() || last.After(end) || d.MergedInto != "" ||
		slices.ContainsFunc(d.Claims, func(c Claim) bool { return c.To > end.Unix() })
}

// mergeSlack is how far apart the entry of a merge and the resolve that the
// merge causes may be dated.
const mergeSlack = time.Minute

// ownMerge returns the index of the entry by which an incident was merged
// away, or -1 when it has none. Being merged away resolves an incident; other
// incidents that were merged into it before have left entries of the same kind.
func ownMerge(timeline []facts.Entry, i facts.Incident) int {
	if i.MergedInto == "" {
		return -1
	}
	for n, e := range slices.Backward(timeline) {
		if e.Kind == facts.EntryMerge && (i.ResolvedAt.IsZero() || e.At.Sub(i.ResolvedAt).Abs() <= mergeSlack) {
			return n
		}
	}
	return -1
}

// reprioritised returns the changes of priority of which something is told.
func reprioritised(timeline []facts.Entry) []PriorityChange {
	var changes []PriorityChange
	for n := range timeline {
		e := &timeline[n]
		if e.Kind == facts.EntryPriorityChange && (e.Old != "" || e.New != "") {
			changes = append(changes, PriorityChange{At: e.At, Old: e.Old, New: e.New})
		}
	}
	return changes
}

// reassigned returns when users gave an incident to others before it was
// answered; zero where it never was.
func reassigned(timeline []facts.Entry, answered time.Time) []time.Time {
	var first time.Time // When it was first assigned, which is how it began.
	var times []time.Time
	for n := range timeline {
		e := &timeline[n]
		if !answered.IsZero() && !e.At.Before(answered) {
			break
		}
		if e.Kind == facts.EntryAssign {
			setFirst(&first, e.At)
		}
		if e.Actor.User && handsOver(e, first) {
			times = append(times, e.At)
		}
	}
	return times
}

// acted notes an act of an account, unless an earlier one is known.
func (d *Digest) acted(account string, at time.Time) {
	for i := range d.People {
		if first := &d.People[i]; first.Account == account {
			first.At = earlier(first.At, at)
			return
		}
	}
	d.People = append(d.People, Act{Account: one(account), At: at})
}

// take adds one entry; entries come in order of time, so the first of a kind
// is the earliest. Own says that a merge is the incident's own.
func (r Digester) take(d *Digest, e *facts.Entry, own bool) {
	person := r.person(e.Actor)
	answers := false
	switch e.Kind {
	case facts.EntryAcknowledge, facts.EntryResponderAccept:
		answers = true
	case facts.EntryResolve:
		answers = true
		setFirst(&d.ResolvedAt, e.At)
	case facts.EntryMerge:
		// Merging others into an incident is no answer to it.
		answers = own
		if own {
			d.MergedAt = e.At
		}
	case facts.EntryUrgencyChange:
		d.Urgency = d.Urgency.Flip()
	case facts.EntryNotify:
		return // Its actor was told; that is no act.
	default:
	}
	if !person {
		return
	}
	d.acted(e.Actor.ID, e.At)
	if !answers {
		return
	}
	if e.Kind == facts.EntryAcknowledge && d.AnsweredAt.IsZero() {
		d.Acknowledger = unique.Make(e.Actor.ID)
	}
	setFirst(&d.AnsweredAt, e.At)
}

// fallBack fills from the incident's own fields what the timeline lacks.
func (r Digester) fallBack(d *Digest, i facts.Incident) {
	if d.ResolvedAt.IsZero() && !i.ResolvedAt.IsZero() {
		d.ResolvedAt = i.ResolvedAt
		if r.person(i.LastChange.Actor) {
			d.acted(i.LastChange.Actor.ID, i.ResolvedAt)
			setFirst(&d.AnsweredAt, i.ResolvedAt)
		}
	}
	if i.MergedInto == "" || !d.MergedAt.IsZero() {
		return
	}
	d.MergedAt = i.ResolvedAt // The latest resolve: an earlier one may have been undone.
	if d.MergedAt.IsZero() {
		d.MergedAt = d.ResolvedAt
	}
}

func (r Digester) person(a facts.Actor) bool { return a.User && a.ID != "" && !r.bots[a.ID] }

// setFirst sets t unless it is set already.
func setFirst(t *time.Time, at time.Time) {
	if t.IsZero() {
		*t = at
	}
}
