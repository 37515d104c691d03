package scorecard

import (
	"cmp"
	"fmt"
	"slices"
)

// burdenEvidence lists the incidents behind an oncall_burden row, by time and
// then id, and how many people it is about; who they are is nobody's business.
// The values of the incidents add up to the numerator.
func (v *subjectView) burdenEvidence(b burden, people int) []Evidence {
	items := []Evidence{}
	if people > 0 {
		items = append(items, Evidence{
			Kind: "person_count", ID: "people", At: v.workload().span.From.UTC(), Class: "people", Counted: InDenominator,
			Value: Int(people).Ptr(), Reason: fmt.Sprintf("Their working time is %d s in all.", b.allowance),
		})
	}
	for i, one := range b.incidents {
		if one.class() != "" {
			items = append(items, burdenItem(&v.facts.Incidents[i], one, b.exceptions[int32(i)]))
		}
	}
	slices.SortFunc(items, func(a, b Evidence) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return items
}

func burdenItem(d *Digest, one borne, x *Exception) Evidence {
	e := Evidence{
		Kind: "incident", ID: d.ID, URL: d.URL, At: d.CreatedAt.UTC(), Class: one.class(), Counted: NotCounted,
		Value: Int(one.seconds).Ptr(), Reason: one.why(),
	}
	if one.kind == kindExcepted {
		e.Reason = fmt.Sprintf("Exception %s: %s.", x.ID, x.Reason)
	}
	if one.seconds > 0 {
		e.Counted = InNumerator
	}
	return e
}

// why says in one sentence what the incident adds.
func (i borne) why() string {
	switch i.class() {
	case classEngaged:
		return fmt.Sprintf("Engagement in it adds %d s.", i.seconds)
	case classAction:
		return fmt.Sprintf("Acting on it, without being engaged, adds %d s.", i.seconds)
	case classPage:
		return fmt.Sprintf("Being paged for it adds %d s.", i.seconds)
	case classOverlapped:
		return "Its time is counted with other incidents already."
	}
	return ""
}
