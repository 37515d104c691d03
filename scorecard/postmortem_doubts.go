package scorecard

import (
	"fmt"
	"slices"
	"strings"
)

// postmortemDoubts are what makes it less certain that an incident has a
// post-mortem that is worth the name. They are those of the one that counts.
type postmortemDoubts struct {
	undated    bool // Nothing tells when it was delivered.
	unwritten  bool // Its text is empty, or what the empty form says.
	unfollowed bool // No action item is linked to it.
	urgency    bool // The incident's urgency is unknown, so that it may need none.
}

// postmortemDoubts looks at the incident's post-mortem. What came as a document tree is
// not known to be empty, and where no class of tickets stands for action items nobody
// can tell whether there are any.
func (v *subjectView) postmortemDoubts(a *aftermath) postmortemDoubts {
	n := postmortemDoubts{undated: a.class == PostmortemUndated, urgency: a.class.Judged() && a.digest.Urgency == ""}
	if a.class.Done() {
		t := a.best.review.Ticket
		n.unwritten = t.unwritten
		n.unfollowed = v.defines(ClassActionItem) && !v.isFollowedUp(t)
	}
	return n
}

// defines reports whether the configuration has a class of tickets.
func (e *evaluator) defines(class string) bool {
	return slices.ContainsFunc(e.policy.Tickets.Classes, func(c TicketClass) bool { return c.Name == class })
}

func postmortemCaveats(all []aftermath) []string {
	var caveats []string
	for _, doubt := range []struct {
		words string
		of    func(postmortemDoubts) bool
	}{
		{
			"Of %d post-mortems nothing tells when they were delivered; they are counted, and not as on time.",
			func(n postmortemDoubts) bool { return n.undated },
		},
		{
			"Of %d judged incidents the urgency is unknown; they are counted.",
			func(n postmortemDoubts) bool { return n.urgency },
		},
		{
			"Incidents whose post-mortem has no text but the empty form's: %d. They count as done.",
			func(n postmortemDoubts) bool { return n.unwritten },
		},
		{
			"Incidents whose post-mortem has no action item linked to it: %d. They count as done.",
			func(n postmortemDoubts) bool { return n.unfollowed },
		},
	} {
		n := 0
		for i := range all {
			n += count(doubt.of(all[i].doubts))
		}
		if n > 0 {
			caveats = append(caveats, fmt.Sprintf(doubt.words, n))
		}
	}
	return caveats
}

// lacks says in a sentence each, after a space, what is not known of the incident,
// and what the post-mortem that counts does not have; empty when that is nothing.
func (a *aftermath) lacks() string {
	var missing []string
	if a.doubts.unwritten {
		missing = append(missing, "text of its own")
	}
	if a.doubts.unfollowed {
		missing = append(missing, "action item linked to it")
	}
	var words string
	if a.doubts.urgency {
		words = " The incident's urgency is unknown."
	}
	if len(missing) > 0 {
		words += fmt.Sprintf(" %s has no %s.", a.best.review.Key, strings.Join(missing, " and no "))
	}
	return words
}
