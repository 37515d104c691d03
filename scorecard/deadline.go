package scorecard

import (
	"time"

	"teamhealth/internal/facts"
)

// NextChange returns the next instant after asOf at which a card of the
// published windows changes although no fact does: a quarter ends, an
// exception runs out, or a source has been silent for so long that its rows turn stale.
func (p *Policy) NextChange(states []facts.SourceState, asOf time.Time) time.Time {
	next := p.Calendar.QuarterOf(asOf).End
	consider := func(t time.Time) {
		if t.After(asOf) && t.Before(next) {
			next = t
		}
	}
	for _, x := range p.Exceptions {
		consider(x.Until.In(p.Calendar.Location))
	}
	for _, state := range states {
		for _, rules := range p.Sources {
			if rules.Source == state.Source && state.Complete() {
				consider(lastRead(state).Add(rules.patience() + time.Nanosecond))
			}
		}
	}
	return next
}

// patience is how old a source's data may be before it is stale.
func (r SourceRules) patience() time.Duration {
	return max(staleFloor, staleIntervals*r.Interval)
}
