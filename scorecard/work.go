package scorecard

import (
	"math"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// ClaimKind is what made somebody spend time on an incident; of several kinds
// the greatest names the incident's class.
type ClaimKind uint8

// The kinds of claims.
const (
	claimExcepted ClaimKind = iota + 1 // An exception takes it out.
	ClaimPage
	ClaimAction
	ClaimEngaged // An action of somebody who was engaged in the incident.
)

// Claim is the time for which what an account did about an incident stands, or
// that it was paged: [From, To) in Unix seconds. Sources date what happened by the
// second, so nothing is lost, and sums are exact. Claims overlap; only their
// union counts.
type Claim struct {
	Account  string
	From, To int64
	Kind     ClaimKind
}

// stint is the time from an account's acknowledgement or acceptance of an
// incident to whatever let it go.
type stint struct {
	account string
	Stretch
}

// work fills in what an incident took of people.
func (r Digester) work(d *Digest, timeline []facts.Entry, i facts.Incident) {
	timeline = withResolve(timeline, i)
	var stints []stint
	if d.Urgency != facts.UrgencyLow { // It could wait, so that nobody was held by it. An unknown urgency may be high.
		lets, untold := endings(timeline, ownMerge(timeline, i))
		stints = r.stints(timeline, lets)
		d.Untold = firstWithin(stints, untold)
	}
	d.Claims = r.claims(timeline, stints)
}

// claims lists what people's accounts did and were told. Nobody has any from
// before they joined.
func (r Digester) claims(timeline []facts.Entry, stints []stint) []Claim {
	var actions, pages []Claim
	var account string // The one before, which often is the next one, too.
	for n := range timeline {
		e := &timeline[n]
		from := e.At.Unix()
		if joined, ok := r.joined[e.Actor.ID]; !r.person(e.Actor) || ok && from < joined {
			continue
		}
		if e.Actor.ID != account {
			account = one(e.Actor.ID)
		}
		c := Claim{Account: account, From: from, To: from + r.minimum, Kind: ClaimAction}
		switch {
		case e.Kind != facts.EntryNotify:
			if s, engaged := engagement(stints, c.Account, e.At); engaged {
				c.To, c.Kind = max(c.To, min(from+r.maximum, s.end())), ClaimEngaged
			}
			actions = addAction(actions, c)
		case e.Page:
			c.Kind = ClaimPage
			pages = append(pages, c)
		}
	}
	return slices.Concat(actions, pages)
}

// addAction adds the claim of an action, which goes on with the one before it
// of the same account if that is of its kind and has not ended.
func addAction(claims []Claim, c Claim) []Claim {
	for i, last := range slices.Backward(claims) {
		if last.Account != c.Account {
			continue
		}
		if last.Kind == c.Kind && c.From <= last.To {
			claims[i].To = max(last.To, c.To)
			return claims
		}
		break
	}
	return append(claims, c)
}

// end is when the stint ended, in Unix seconds: as far off as can be while it lasts.
func (s stint) end() int64 {
	if s.To.IsZero() {
		return math.MaxInt64
	}
	return s.To.Unix()
}

// withResolve returns the timeline with the latest resolve, which the
// incident itself tells of where no entry does.
func withResolve(timeline []facts.Entry, i facts.Incident) []facts.Entry {
	if i.ResolvedAt.IsZero() || ownMerge(timeline, i) >= 0 {
		return timeline
	}
	for n := range timeline {
		if e := &timeline[n]; e.Kind == facts.EntryResolve && i.ResolvedAt.Sub(e.At) <= mergeSlack {
			return timeline
		}
	}
	resolve := facts.Entry{Incident: i.ID, At: i.ResolvedAt, Kind: facts.EntryResolve, Actor: i.LastChange.Actor}
	timeline = append(slices.Clone(timeline), resolve)
	facts.SortTimeline(timeline)
	return timeline
}

// ending is what lets engaged people go: all of them, or, where the incident
// was handed over, those who are not kept.
type ending struct {
	at   time.Time
	kept []string // Nil where all are let go; empty where it was handed over to nobody.
}

func (e ending) frees(account string) bool { return !slices.Contains(e.kept, account) }

// endings lists what ends engagements, in order of time, and when the incident
// was handed over without telling to whom. Own is the index of the incident's
// own merge.
func endings(timeline []facts.Entry, own int) (ends []ending, untold []time.Time) {
	var first time.Time // When the incident was first assigned.
	for n := range timeline {
		e := &timeline[n]
		if e.Kind == facts.EntryAssign {
			setFirst(&first, e.At)
		}
		switch {
		case n == own, e.Kind == facts.EntryResolve, e.Kind == facts.EntryUnacknowledge, e.Kind == facts.EntrySnooze:
			ends = append(ends, ending{at: e.At})
		case !handsOver(e, first):
		case e.Assignees == nil:
			untold = append(untold, e.At)
		default:
			ends = handOver(ends, e)
		}
	}
	return ends, untold
}

// handsOver reports whether an entry may take the incident away from people.
// The first assignment is how an incident begins, and one by a machine follows
// its escalation policy: neither does.
func handsOver(e *facts.Entry, first time.Time) bool {
	if e.Kind == facts.EntryAssign {
		return e.Actor.User && e.At.After(first)
	}
	return e.Kind == facts.EntryEscalate || e.Kind == facts.EntryDelegate
}

// handOver adds an ending. Several people who get an incident at once have an
// entry each, in the same second: it is kept by all of them.
func handOver(ends []ending, e *facts.Entry) []ending {
	for i := range ends {
		if ends[i].at.Equal(e.At) && ends[i].kept != nil {
			ends[i].kept = append(slices.Clip(ends[i].kept), e.Assignees...)
			return ends
		}
	}
	return append(ends, ending{at: e.At, kept: e.Assignees})
}

// stints lists the engagements of people, by start. An ending in the same
// second as an acknowledgement comes after it: the entries' order within a
// second is not known, and the shorter engagement is the one that is certain.
func (r Digester) stints(timeline []facts.Entry, ends []ending) []stint {
	var stints []stint
	for n := range timeline {
		e := &timeline[n]
		if e.Kind != facts.EntryAcknowledge && e.Kind != facts.EntryResponderAccept || !r.person(e.Actor) {
			continue
		}
		if _, already := engagement(stints, e.Actor.ID, e.At); already {
			continue
		}
		s := stint{account: e.Actor.ID, Stretch: Stretch{From: e.At}}
		for _, end := range ends {
			if !end.at.Before(s.From) && end.frees(s.account) {
				s.To = end.at
				break
			}
		}
		if !s.To.Equal(s.From) {
			stints = append(stints, s)
		}
	}
	return stints
}

// engagement returns the stint that an account is in at an instant.
func engagement(stints []stint, account string, at time.Time) (stint, bool) {
	for _, s := range stints {
		if s.account == account && s.holds(at) {
			return s, true
		}
	}
	return stint{}, false
}

// holds reports whether an instant lies in the stretch.
func (s Stretch) holds(at time.Time) bool {
	return !at.Before(s.From) && (s.To.IsZero() || at.Before(s.To))
}

// firstWithin returns the first of the instants at which somebody was
// engaged; zero when there is none.
func firstWithin(stints []stint, instants []time.Time) time.Time {
	for _, at := range instants {
		for _, s := range stints {
			if s.holds(at) {
				return at
			}
		}
	}
	return time.Time{}
}
