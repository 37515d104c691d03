package scorecard

import (
	"fmt"
	"slices"
	"time"
)

// lastMoment is how long before the threshold's end it is too late to hand an
// incident over and have it answered in time by whoever gets it.
const lastMoment = time.Minute

// responseDoubts count the judged incidents that make a response_time row less
// certain.
type responseDoubts struct {
	incidents  int // Those of which one or more of the following are true.
	bare       int // No log entries are known.
	urgency    int // The urgency is unknown.
	bulk       int // They were acknowledged in bulk.
	reassigned int // They were given to others in the last moment.
}

// doubt counts a judged incident.
func (n *responseDoubts) doubt(r *response) {
	before := *n
	if r.digest.Bare {
		n.bare++
	}
	if r.digest.Urgency == "" {
		n.urgency++
	}
	if r.bulk > 0 {
		n.bulk++
	}
	if !r.reassigned.IsZero() {
		n.reassigned++
	}
	if *n != before {
		n.incidents++
	}
}

func (n responseDoubts) plus(o responseDoubts) responseDoubts {
	return responseDoubts{
		incidents: n.incidents + o.incidents, bare: n.bare + o.bare, urgency: n.urgency + o.urgency,
		bulk: n.bulk + o.bulk, reassigned: n.reassigned + o.reassigned,
	}
}

// lateReassignment returns when an unanswered incident was given to others in
// the last moment of the threshold, so that nobody could tell who was to answer it in
// time; zero when that did not happen.
func (v *subjectView) lateReassignment(d *Digest) time.Time {
	threshold := time.Duration(v.objective.Threshold)
	i := slices.IndexFunc(d.Reassigned, func(t time.Time) bool {
		after := t.Sub(d.CreatedAt)
		return after <= threshold && after >= threshold-lastMoment && v.seen(t)
	})
	if i < 0 {
		return time.Time{}
	}
	return d.Reassigned[i]
}

func responseCaveats(c responseCounts, d ResponseDetails) []string {
	var caveats []string
	if d.SelfHealedShare != nil && d.SelfHealedShare.Cmp(Ratio(3, 10)) > 0 {
		caveats = append(caveats, fmt.Sprintf(
			"%d incidents resolved themselves before anybody answered, more than three in ten: the alerts may be noisy, and the value rests on the rest.",
			c.of[SelfHealed]))
	}
	for _, doubt := range []struct {
		n     int
		words string
	}{
		{c.doubts.bare, "Of %d judged incidents no log entry is known, so nobody can tell whether they were answered."},
		{c.doubts.urgency, "Of %d judged incidents the urgency is unknown; they are counted."},
		{c.doubts.bulk, "Judged incidents that were acknowledged in bulk, at least five by one person within seconds of each other: %d. They count as answered."},
		{c.doubts.reassigned, "Judged incidents that were given to somebody else, unanswered, in the last minute of the threshold: %d. The clock went on."},
	} {
		if doubt.n > 0 {
			caveats = append(caveats, fmt.Sprintf(doubt.words, doubt.n))
		}
	}
	return caveats
}

// responseDoubt says in a sentence each what makes a judged incident less
// certain, each after a space; empty when nothing does.
func responseDoubt(r response) string {
	var words string
	if !r.class.Judged() {
		return words
	}
	words += untold(r.digest)
	if r.bulk > 0 {
		words += fmt.Sprintf(" Acknowledged in bulk, one of %d.", r.bulk)
	}
	if !r.reassigned.IsZero() {
		words += fmt.Sprintf(" Given to somebody else after %d s, unanswered.", seconds(r.reassigned.Sub(r.digest.CreatedAt)))
	}
	return words
}

// untold says what PagerDuty does not tell of an incident, each in a sentence
// after a space; empty when it tells all.
func untold(d *Digest) string {
	var words string
	if d.Bare {
		words += " No log entry of it is known."
	}
	if d.Urgency == "" {
		words += " Its urgency is unknown."
	}
	return words
}
