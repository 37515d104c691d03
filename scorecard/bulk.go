package scorecard

import (
	"slices"
	"time"
	"unique"

	"teamhealth/internal/facts"
)

// A bulk is at least bulkSize acknowledgements by one person, each at most
// bulkPause after the one before: faster than anybody looks at incidents one by one.
const (
	bulkSize  = 5
	bulkPause = 5 * time.Second
)

// bulk is an unbroken run of a person's acknowledgements.
type bulk struct {
	last      time.Time
	incidents []*Digest
}

// acknowledgedInBulk tells of the incidents whose first answer was an acknowledgement
// in bulk how many there were in it, by the horizon. It looks at the incidents of all
// teams, and at those from before the period, because whoever acknowledges all that there
// is does so too; what began after the period changes nothing in it.
func (e *evaluator) acknowledgedInBulk() map[*Digest]int {
	if e.bulks != nil {
		return e.bulks
	}
	e.bulks = map[*Digest]int{}
	going := map[unique.Handle[string]]*bulk{}
	for _, d := range e.acknowledged() {
		b := going[d.Acknowledger]
		if b == nil {
			b = &bulk{}
			going[d.Acknowledger] = b
		}
		if d.AnsweredAt.Sub(b.last) > bulkPause {
			e.noteBulk(b)
			b.incidents = b.incidents[:0]
		}
		b.last, b.incidents = d.AnsweredAt, append(b.incidents, d)
	}
	for _, b := range going {
		e.noteBulk(b)
	}
	return e.bulks
}

func (e *evaluator) noteBulk(b *bulk) {
	if len(b.incidents) < bulkSize {
		return
	}
	for _, d := range b.incidents {
		e.bulks[d] = len(b.incidents)
	}
}

// acknowledged lists the incidents whose first answer was an acknowledgement,
// by its time.
func (e *evaluator) acknowledged() []*Digest {
	horizon := e.horizon([]facts.Source{facts.PagerDuty})
	var nobody unique.Handle[string]
	var list []*Digest
	for d := range e.reaching(e.period.Start) {
		if !d.CreatedAt.Before(e.period.End) {
			break // As are all that follow.
		}
		if d.Acknowledger != nobody && !d.AnsweredAt.After(horizon) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Digest) int { return a.AnsweredAt.Compare(b.AnsweredAt) })
	return list
}
