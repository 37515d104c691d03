package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// responseEvidence lists the incidents behind a response_time row, by time
// and then id.
func (v *subjectView) responseEvidence(all []response) []Evidence {
	items := make([]Evidence, 0, len(all))
	for _, r := range all {
		items = append(items, v.responseItem(r))
	}
	sortEvidence(items)
	return items
}

// sortEvidence puts items in order of time and then id.
func sortEvidence(items []Evidence) {
	slices.SortStableFunc(items, func(a, b Evidence) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

func (v *subjectView) responseItem(r response) Evidence {
	d := r.digest
	e := Evidence{
		Kind: "incident", ID: d.ID, URL: d.URL, At: d.CreatedAt.UTC(), Class: string(r.class),
		Counted: r.class.counted(), Reason: v.responseWhy(r) + responseDoubt(r),
	}
	if v.seen(d.AnsweredAt) {
		e.Value = Int(d.responseSeconds()).Ptr()
	}
	return e
}

func (c ResponseClass) counted() Counted {
	switch {
	case c == Within:
		return InNumerator
	case c.Judged():
		return InDenominator
	}
	return NotCounted
}

// responseWhy says in one sentence why the incident is in its class.
func (v *subjectView) responseWhy(r response) string {
	d, limit := r.digest, inWords(time.Duration(v.objective.Threshold))
	switch r.class {
	case Within:
		return fmt.Sprintf("Answered after %d s.", d.responseSeconds())
	case Late:
		return fmt.Sprintf("Answered after %d s, later than %s.", d.responseSeconds(), limit)
	case Unanswered:
		if v.seen(d.ResolvedAt) {
			return fmt.Sprintf("Resolved by no person after %d s, never answered.", seconds(d.ResolvedAt.Sub(d.CreatedAt)))
		}
		return fmt.Sprintf("Open and unanswered for %d s.", seconds(v.horizon.Sub(d.CreatedAt)))
	case Merged:
		return fmt.Sprintf("Merged into another incident after %d s.", seconds(d.MergedAt.Sub(d.CreatedAt)))
	case LowUrgency:
		return fmt.Sprintf("Urgency at the trigger was %s.", d.Urgency)
	case SelfHealed:
		return fmt.Sprintf("Resolved by no person after %d s, before anybody answered.", seconds(d.ResolvedAt.Sub(d.CreatedAt)))
	case Undecided:
		return fmt.Sprintf("Open and unanswered for %d s, not longer than %s.", seconds(v.horizon.Sub(d.CreatedAt)), limit)
	case Excepted:
		return fmt.Sprintf("Exception %s: %s.", r.exception.ID, r.exception.Reason)
	}
	return ""
}

// seconds rounds up, so that no more than a whole number of seconds is ever
// shown as that number.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
