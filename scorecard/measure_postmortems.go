package scorecard

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PostmortemClass is what became of an incident as far as writing about it goes.
type PostmortemClass string

// The classes of resolved incidents. The first four are judged, the others
// excluded; all but the fourth of those have a post-mortem.
const (
	PostmortemOnTime     PostmortemClass = "on_time"
	PostmortemLate       PostmortemClass = "late"
	PostmortemUndated    PostmortemClass = "undated" // Delivered, and nothing tells when.
	PostmortemMissing    PostmortemClass = "missing"
	PostmortemMerged     PostmortemClass = "merged"
	PostmortemLowUrgency PostmortemClass = "low_urgency"
	PostmortemExcepted   PostmortemClass = "exception"
	PostmortemSelfHealed PostmortemClass = "self_healed"
	PostmortemPending    PostmortemClass = "pending" // Not due yet, with or without one.
)

// Judged reports whether incidents of the class are in the denominator.
func (c PostmortemClass) Judged() bool { return c.Done() || c == PostmortemMissing }

// Done reports whether incidents of the class are in the numerator.
func (c PostmortemClass) Done() bool {
	return c == PostmortemOnTime || c == PostmortemLate || c == PostmortemUndated
}

// PostmortemDetails are the details of a postmortem_completion row.
type PostmortemDetails struct {
	// OnTime counts the judged incidents whose post-mortem was delivered by its due date.
	OnTime int `json:"on_time"`
	// UnmatchedPostmortems counts the subject's post-mortems, created in the
	// period, that name no incident that is known.
	UnmatchedPostmortems int `json:"unmatched_postmortems"`
	// Shared counts the post-mortems that stand for several of the judged incidents.
	Shared int `json:"shared"`
	// MedianDaysToPublish is from the resolve of an incident to the delivery of
	// its post-mortem, over the judged ones that have both; null where none has.
	MedianDaysToPublish *Number `json:"median_days_to_publish"`
}

// aftermath is a resolved incident with what was written about it.
type aftermath struct {
	digest    *Digest
	resolved  time.Time // Last, by the horizon.
	due       time.Time
	cited     []citation // By post-mortems, by id of the ticket.
	best      *citation  // The one that was delivered first; nil when none was.
	class     PostmortemClass
	without   PostmortemClass // The class if there were no exceptions.
	exception *Exception
	doubts    postmortemDoubts
}

// The threshold of incidents that healed by themselves is that of this
// objective, or the usual one where the rubric does not have it.
const (
	responseObjective = "incident_response"
	usualThreshold    = 5 * time.Minute
)

// measurePostmortems judges for which share of the incidents that were resolved
// in the period, and long enough ago, a post-mortem is delivered.
func measurePostmortems(v *subjectView) measurement {
	var all []aftermath
	for _, t := range v.teams {
		all = append(all, v.aftermaths(t)...)
	}
	unmatched := v.unmatched()
	p, done, doubtful := countAftermaths(all)
	details := PostmortemDetails{
		OnTime: p.Classes[string(PostmortemOnTime)], UnmatchedPostmortems: len(unmatched), Shared: shared(all),
		MedianDaysToPublish: medianDays(all),
	}
	m := measurement{
		judged: p.Used, immature: p.Excluded[string(PostmortemPending)] > 0, trusted: p.Used - doubtful, population: p,
		details: details, caveats: postmortemCaveats(all),
		evidence: func() []Evidence { return v.postmortemEvidence(all, unmatched) },
	}
	if p.Used > 0 {
		m.numerator, m.denominator, m.value = Int(done).Ptr(), Int(p.Used).Ptr(), Ratio(int64(done), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d %s have a post-mortem, %d of them within %s.", done, p.Used, v.incidentWords(), details.OnTime, v.objective.Due)
	}
	m.exceptions, m.withoutExceptions = v.postmortemExceptions(all)
	unmapped := v.unmappedAftermaths()
	m.lack(p.Used, unmapped)
	m.missUnmapped(unmapped)
	return m
}

// aftermaths lists the incidents of a team that were resolved in the period, as far as
// facts are kept, by time of their creation. One that is open at the horizon is not resolved.
func (v *subjectView) aftermaths(t Team) []aftermath {
	var list []aftermath
	reviews, threshold := v.postmortems(), v.healThreshold()
	from := later(v.period.Start, v.dataSince())
	for _, d := range slices.Concat(v.lingering[t.ID], v.byTeam[t.ID]) {
		resolved := v.lastResolve(d)
		if resolved.IsZero() || resolved.Before(from) || !resolved.Before(v.period.End) {
			continue
		}
		a := aftermath{digest: d, resolved: resolved, due: v.due(resolved, v.objective.Due)}
		a.cited = reviews.citing[strings.ToUpper(d.ID)]
		a.choose()
		a.without = v.classifyAftermath(&a, threshold)
		a.class = a.without
		if x := v.exceptionFor(d, t.ID); x != nil && a.class != PostmortemMerged && a.class != PostmortemLowUrgency {
			a.class, a.exception = PostmortemExcepted, x
		}
		a.doubts = v.postmortemDoubts(&a)
		list = append(list, a)
	}
	return list
}

// lastResolve returns when an incident was last resolved by the horizon; zero
// when it was open then.
func (v *subjectView) lastResolve(d *Digest) time.Time {
	var at time.Time
	for _, s := range d.Open {
		if !s.From.After(v.horizon) {
			at = s.To
		}
	}
	if !v.seen(at) {
		return time.Time{}
	}
	return at
}

// healThreshold is how long an incident may be open that needed nobody.
func (e *evaluator) healThreshold() time.Duration {
	o, err := e.policy.Rubric.Find(responseObjective)
	if err != nil || o.Measure != MeasureResponseTime {
		return usualThreshold
	}
	return time.Duration(o.Threshold)
}

// choose finds the post-mortem that counts for the incident.
func (a *aftermath) choose() {
	for i, c := range a.cited {
		if c.credits(a.digest) && (a.best == nil || c.before(*a.best)) {
			a.best = &a.cited[i]
		}
	}
}

// classifyAftermath tells what became of an incident, exceptions aside. What
// was an outage needs a post-mortem even when it healed by itself.
func (v *subjectView) classifyAftermath(a *aftermath, threshold time.Duration) PostmortemClass {
	d := a.digest
	switch {
	case v.seen(d.MergedAt):
		return PostmortemMerged
	case !v.counts(d.Urgency):
		return PostmortemLowUrgency
	case v.selfHealed(d, threshold) && !v.isOutage(d.Urgency, v.priority(d)):
		return PostmortemSelfHealed
	case a.due.After(v.horizon):
		return PostmortemPending
	case a.best == nil:
		return PostmortemMissing
	case a.best.review.at.IsZero():
		return PostmortemUndated
	case a.best.review.at.After(a.due):
		return PostmortemLate
	}
	return PostmortemOnTime
}

// unmatched lists the subject's post-mortems, created in the period, that name
// no incident that is known.
func (v *subjectView) unmatched() []*review {
	var list []*review
	for _, p := range v.postmortems().all {
		created := p.CreatedAt
		if !p.known && !created.Before(v.period.Start) && created.Before(v.period.End) && v.isOurs(p.Ticket) {
			list = append(list, p)
		}
	}
	return list
}
