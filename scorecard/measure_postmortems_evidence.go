package scorecard

import (
	"fmt"
	"strings"
	"time"
)

// The classes of post-mortems in the evidence. They are shown beside the
// incidents and counted in neither part of the value.
const (
	reviewMatched   = "postmortem"
	reviewUnmatched = "unmatched"
)

// postmortemEvidence lists the incidents, the post-mortems that name those which
// need one, and those that name nothing known.
func (v *subjectView) postmortemEvidence(all []aftermath, unmatched []*review) []Evidence {
	items := make([]Evidence, 0, len(all)+len(unmatched))
	named := map[*review][]string{}
	for i := range all {
		a := &all[i]
		items = append(items, v.aftermathItem(a))
		if !a.class.Judged() && a.class != PostmortemPending {
			continue
		}
		for _, c := range a.cited {
			named[c.review] = append(named[c.review], fmt.Sprintf("%s (%s)", a.digest.ID, c.way))
		}
	}
	for p, incidents := range named {
		items = append(items, p.item(reviewMatched, "It names "+strings.Join(incidents, ", ")+"."))
	}
	for _, p := range unmatched {
		items = append(items, p.item(reviewUnmatched, "It names no incident that is known."))
	}
	sortEvidence(items)
	return items
}

func (p *review) item(class, names string) Evidence {
	at := p.CreatedAt
	if !p.at.IsZero() {
		at = p.at
	}
	return Evidence{
		Kind: "ticket", ID: p.Key, URL: p.URL, At: at.UTC(), Class: class, Counted: NotCounted,
		Reason: fmt.Sprintf("%s. %s", capital(p.state()), names),
	}
}

// state says what became of a post-mortem.
func (p *review) state() string {
	switch {
	case p.delivered && p.at.IsZero():
		return "delivered, and nothing tells when"
	case p.delivered:
		return "delivered on " + stamp(p.at)
	case p.declined():
		return "declined"
	}
	return "not finished"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (v *subjectView) aftermathItem(a *aftermath) Evidence {
	e := Evidence{
		Kind: "incident", ID: a.digest.ID, URL: a.digest.URL, At: a.digest.CreatedAt.UTC(), Class: string(a.class),
		Counted: NotCounted, Reason: v.aftermathWhy(a),
	}
	if !a.class.Judged() {
		return e
	}
	e.Counted = InDenominator
	if a.class.Done() {
		e.Counted = InNumerator
	}
	if took, known := a.sinceResolve(); known {
		e.Value = inDays(took).Ptr()
	}
	return e
}

// aftermathWhy says why the incident is in its class.
func (v *subjectView) aftermathWhy(a *aftermath) string {
	d := a.digest
	switch a.class {
	case PostmortemMerged:
		return fmt.Sprintf("Merged into another incident on %s.", stamp(d.MergedAt))
	case PostmortemLowUrgency:
		return fmt.Sprintf("Urgency at the trigger was %s.", d.Urgency)
	case PostmortemExcepted:
		return fmt.Sprintf("Exception %s: %s.", a.exception.ID, a.exception.Reason)
	case PostmortemSelfHealed:
		return fmt.Sprintf("Resolved by no person after %d s, before anybody answered.", seconds(d.ResolvedAt.Sub(d.CreatedAt)))
	case PostmortemMissing:
		return a.told(fmt.Sprintf("No post-mortem is delivered that was due on %s.", stamp(a.due))) + a.lacks()
	case PostmortemPending:
		return a.told(fmt.Sprintf("Its post-mortem is due on %s.", stamp(a.due)))
	case PostmortemOnTime, PostmortemLate, PostmortemUndated:
	}
	return a.told(fmt.Sprintf("A post-mortem was due on %s.", stamp(a.due))) + a.lacks()
}

// told adds to a sentence what became of each post-mortem that names the incident.
func (a *aftermath) told(sentence string) string {
	sentences := []string{sentence}
	for _, c := range a.cited {
		by := string(c.way)
		if c.through != "" {
			by += " to " + c.through
		}
		note := c.review.state()
		switch {
		case c.tooEarly(a.digest):
			note = "created before the incident, and so not about it"
		case a.best != nil && c.review == a.best.review && a.class == PostmortemLate:
			note += ", late"
		}
		sentences = append(sentences, fmt.Sprintf("%s (%s): %s.", c.review.Key, by, note))
	}
	return strings.Join(sentences, " ")
}
