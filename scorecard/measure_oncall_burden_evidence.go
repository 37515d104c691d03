package scorecard

import (
	"fmt"
)

// burdenEvidence lists the incidents behind an oncall_burden row, by time and
// then id, and how many people it is about; who they are is nobody's business.
//
// The values of the incidents add up to the numerator, so a second that somebody
// spent on several of them is the one's that had it first. An incident's class, and the
// time that its reason names, are its own: they do not depend on any other incident.
func (v *subjectView) burdenEvidence(b burden, people int) []Evidence {
	items := []Evidence{}
	if people > 0 {
		items = append(items, Evidence{
			Kind: "person_count", ID: "people", At: v.workload().span.From.UTC(), Class: "people", Counted: InDenominator,
			Value: Int(people).Ptr(), Reason: fmt.Sprintf("Their working time is %d s in all.", b.allowance),
		})
	}
	own, outside := b.ownSeconds(), v.handledOutside()
	for i, one := range b.incidents {
		if one.class() != "" {
			d := v.workload().incidents[i]
			e := burdenItem(d, one, own[int32(i)], b.exceptions[int32(i)])
			e.Reason += v.doubt(d, one, outside).words()
			items = append(items, e)
		}
	}
	sortEvidence(items)
	return items
}

func burdenItem(d *Digest, one borne, own int64, x *Exception) Evidence {
	e := Evidence{
		Kind: "incident", ID: d.ID, URL: d.URL, At: d.CreatedAt.UTC(), Class: one.class(), Counted: InNumerator,
		Value: Int(one.seconds).Ptr(), Reason: one.why(own),
	}
	if one.kind == claimExcepted {
		e.Counted, e.Reason = NotCounted, fmt.Sprintf("Exception %s: %s.", x.ID, x.Reason)
	}
	return e
}

// why says what the incident took, and how much of that it adds.
func (i borne) why(own int64) string {
	what := map[ClaimKind]string{
		ClaimEngaged: "Engagement in it took %d s.", ClaimAction: "Acting on it, without being engaged, took %d s.", ClaimPage: "Being paged for it took %d s.",
	}
	reason := fmt.Sprintf(what[i.kind], own)
	if shared := own - i.seconds; shared > 0 {
		reason += fmt.Sprintf(" %d s of these are counted with other incidents.", shared)
	}
	return reason
}

// ownSeconds is how long each incident took the people, as if there were no
// other: by index into the workload's incidents, those of which it is none left out.
func (b *burden) ownSeconds() map[int32]int64 {
	own := map[int32]int64{}
	for _, s := range b.shares {
		claims := map[int32][]claim{}
		for _, c := range s.worker.claims {
			claims[c.incident] = append(claims[c.incident], c)
		}
		for i, some := range claims {
			own[i] += s.alone(some)
		}
	}
	return own
}
