package prometheus

import (
	"math"

	"teamhealth/internal/facts"
)

// Why an hour is not a fact.
const (
	noData     = "no_data"      // Neither expression gives a value.
	incomplete = "incomplete"   // Only one of them does.
	notANumber = "not_a_number" // A value is NaN or infinite.
	negative   = "negative"     // A value is below zero: a counter was reset, and the expression is not proof against that.
	refused    = "refused"      // Prometheus cannot evaluate an expression for it.
)

// clamped is why some good events of an hour are left out: there were more than events.
const clamped = "clamped"

// noise is by what share of all events the good ones may be off because floating-point
// numbers were added in another order.
const noise = 1e-9

// page is what was read of some hours of a series.
type page struct {
	hours   span
	facts   []facts.EventHour
	missing map[hour]string // Why those that were to be read are no facts.
	first   hour            // The first of which both expressions told something; 0 where there is none.
	clamped int
}

// count makes facts of what both expressions came to in the hours to read.
func (s *series) count(hours span, good, total map[hour]float64) *page {
	p := &page{hours: hours, missing: map[hour]string{}}
	for h := hours.from; h < hours.until; h++ {
		if !s.Todo.has(h) && !s.Gaps.has(h) {
			continue
		}
		g, hasGood := good[h]
		t, hasTotal := total[h]
		if p.first == 0 && hasGood && hasTotal {
			p.first = h
		}
		fact, reason := judge(g, t)
		switch {
		case !hasGood && !hasTotal:
			reason = noData
		case !hasGood || !hasTotal:
			reason = incomplete
		}
		if reason != "" {
			p.missing[h] = reason
			continue
		}
		fact.Query, fact.Team, fact.Hour = s.identity().Query, s.Team, h.start()
		p.facts = append(p.facts, fact)
		if fact.Clamped {
			p.clamped++
		}
	}
	return p
}

// judge makes counts of two values, or says why they are none.
func judge(good, total float64) (fact facts.EventHour, reason string) {
	if math.IsNaN(good+total) || math.IsInf(good, 0) || math.IsInf(total, 0) {
		return fact, notANumber
	}
	tolerance := noise * max(1, math.Abs(total))
	if good < -tolerance || total < -tolerance {
		return fact, negative
	}
	fact.Good, fact.Total = max(0, good), max(0, total)
	if fact.Good > fact.Total {
		fact.Clamped = fact.Good-fact.Total > tolerance
		fact.Good = fact.Total
	}
	return fact, ""
}
