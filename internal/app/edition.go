package app

import (
	"sync"
	"time"

	"teamhealth/scorecard"
)

// edition is everything that one computation gave out. What it publishes never
// changes; beside it, it remembers cards of other periods that readers asked
// for, until the next edition.
type edition struct {
	asOf      time.Time
	published *scorecard.Published
	facts     scorecard.Facts
	from      time.Time // The facts hold every incident created since.

	mu    sync.Mutex
	asked map[question]*answer // Guarded by mu; never more than maxAsked.
}

// maxAsked bounds what an edition remembers: about ten years of quarters and
// months would fit, and a reader who asks at random instants cannot fill the memory.
const maxAsked = 64

// question is a period at an instant.
type question struct {
	period string
	asOf   time.Time
}

// answer is computed once, by whoever asks first. A computation that panics does
// so for everybody who asks: no cards are never the answer.
type answer struct {
	cards func() ([]scorecard.Card, error)
}

// answer returns the cards for q, computing them when nobody has asked before. An
// error is not remembered.
func (e *edition) answer(q question, compute func() ([]scorecard.Card, error)) ([]scorecard.Card, error) {
	a := e.slot(q, compute)
	cards, err := a.cards()
	if err != nil {
		e.forget(q, a)
	}
	return cards, err
}

func (e *edition) slot(q question, compute func() ([]scorecard.Card, error)) *answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a, ok := e.asked[q]; ok {
		return a
	}
	if len(e.asked) >= maxAsked {
		clear(e.asked)
	}
	a := &answer{sync.OnceValues(compute)}
	e.asked[q] = a
	return a
}

func (e *edition) forget(q question, a *answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.asked[q] == a {
		delete(e.asked, q)
	}
}

// since is the earliest instant from which on a source's facts are complete, of
// those that know one: files of records may be about any time.
func (e *edition) since() time.Time {
	earliest := e.asOf
	for _, s := range e.facts.Sources {
		if s.Complete() && !s.DataSince.IsZero() && s.DataSince.Before(earliest) {
			earliest = s.DataSince
		}
	}
	return earliest
}
