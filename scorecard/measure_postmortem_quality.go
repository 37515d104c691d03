package scorecard

import (
	"fmt"
	"slices"
	"strings"
)

// The classes of post-mortems as far as their text goes. The first two are judged.
const (
	textComplete   = "complete"
	textIncomplete = "incomplete"
	textUnreadable = "unreadable" // It came as a document tree, of which only the words are kept.
)

// followUps are the tickets that follow from post-mortems.
type followUps struct {
	ids map[string]bool // Their own.
	to  map[string]bool // Those of the tickets that they are linked to, or a part of.
}

// text is a finished post-mortem as a postmortem_quality row sees it.
type text struct {
	*ticketState
	class   string
	present sections
}

// measurePostmortemQuality judges which share of the sections that a post-mortem
// is asked for have content of their own: the mean over those delivered in the window.
func measurePostmortemQuality(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).postmortemQuality)
}

func (v *subjectView) postmortemQuality() measurement {
	texts, p, present := v.texts(), newPopulation(), 0
	p.Total = len(texts)
	for _, t := range texts {
		if t.judged() {
			p.Used++
			p.Classes[t.class]++
			present += t.present.count()
		} else {
			p.Excluded[t.class]++
		}
	}
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p,
		evidence: func() []Evidence { return textEvidence(texts) },
	}
	if n := p.Excluded[textUnreadable]; n > 0 {
		m.judgeable = judgeable(p.Used, n)
		m.caveats = append(m.caveats, fmt.Sprintf("Post-mortems that came as document trees, which cannot be judged: %d. They are not counted.", n))
	}
	if p.Used > 0 {
		asked := p.Used * sectionsAsked
		m.numerator, m.denominator, m.value = Int(present).Ptr(), Int(asked).Ptr(), Ratio(int64(present), int64(asked)).Ptr()
		m.reason = fmt.Sprintf("Of %d sections in the post-mortems that were delivered (%d), %d have content of their own.", asked, p.Used, present)
	}
	return m
}

// texts lists the subject's post-mortems that were finished within the window.
func (v *subjectView) texts() []text {
	var list []text
	for _, f := range v.finishes(ClassPostmortem) {
		t := text{ticketState: f, class: textIncomplete, present: f.sections}
		if v.isFollowedUp(f.Ticket) {
			t.present |= sectionActions
		}
		switch {
		case !f.delivered:
			t.class = ticketDeclined
		case f.unreadable:
			t.class = textUnreadable
		case t.present.count() == sectionsAsked:
			t.class = textComplete
		}
		list = append(list, t)
	}
	return list
}

func (t text) judged() bool { return t.class == textComplete || t.class == textIncomplete }

// isFollowedUp reports whether an action item is linked to a ticket, from either
// end, or is a part of it.
func (v *subjectView) isFollowedUp(t *Ticket) bool {
	items := v.actionItems()
	return items.to[t.ID] || slices.ContainsFunc(t.Links, func(id string) bool { return items.ids[id] })
}

// actionItems finds once, for all rows, what the action items are linked to.
func (v *subjectView) actionItems() *followUps {
	at := v.horizon.UnixNano()
	if known, ok := v.followUps[at]; ok {
		return known
	}
	items := &followUps{ids: map[string]bool{}, to: map[string]bool{}}
	for _, t := range v.ofClass(ClassActionItem, v.horizon).all {
		items.ids[t.ID], items.to[t.Parent] = true, true
		for _, id := range t.Links {
			items.to[id] = true
		}
	}
	v.followUps[at] = items
	return items
}

// textEvidence lists the post-mortems; their values add up to the numerator.
func textEvidence(texts []text) []Evidence {
	items := make([]Evidence, 0, len(texts))
	for _, t := range texts {
		counted := NotCounted
		switch {
		case t.judged() && t.present != 0:
			counted = InNumerator
		case t.judged():
			counted = InDenominator
		}
		e := ticketItem(t.ticketState, t.class, counted)
		if t.judged() {
			e.Value = Int(t.present.count()).Ptr()
			e.Reason += fmt.Sprintf(" %d of %d sections have content of their own.", t.present.count(), sectionsAsked)
			if t.class == textIncomplete {
				e.Reason += fmt.Sprintf(" These do not: %s.", strings.Join(t.present.missing(), ", "))
			}
		}
		items = append(items, e)
	}
	sortEvidence(items)
	return items
}
