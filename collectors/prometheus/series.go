package prometheus

import (
	"maps"
	"slices"

	"teamhealth/internal/facts"
)

// series is how far one team's events of one query are read.
type series struct {
	Good  string `json:"good"`
	Total string `json:"total"`
	Team  string `json:"team"`
	// From and Until bound the hours that were asked for, or are to be.
	From  hour `json:"from"`
	Until hour `json:"until"`
	// First is the first hour of which both expressions told something; 0 before there is one.
	First hour `json:"first,omitempty"`
	// Todo are the hours to ask for.
	Todo set `json:"todo,omitempty"`
	// Gaps are the hours that were asked for in vain, at most maxGaps spans of them.
	Gaps set `json:"gaps,omitempty"`
	// Swept is when the older gaps last had their turn.
	Swept hour `json:"swept"`
}

const (
	// recent is how long a gap is asked for again in every cycle.
	recent = 2 * day
	// maxGaps bounds the cursor. Of more gaps the oldest are given up, but for the very
	// first one, which may turn out to be the time before the history.
	maxGaps = 500
)

func newSeries(of identity, from hour) *series {
	return &series{Good: of.Query.Good, Total: of.Query.Total, Team: of.Team, From: from, Until: from, Swept: from}
}

func (s *series) identity() identity {
	return identity{facts.EventQuery{Good: s.Good, Total: s.Total}, s.Team}
}

// plausible reports whether an hour is one between 1970 and 3000.
func plausible(h hour) bool { return h >= 0 && h < 9_000_000 }

func (s *series) sound() bool {
	bounds := span{s.From, s.Until}
	named := s.Good != "" && s.Total != "" && s.Team != ""
	bounded := s.From <= s.Until && plausible(s.From) && plausible(s.Until) && plausible(s.Swept)
	first := s.First == 0 || s.From <= s.First && s.First < s.Until
	return named && bounded && first && s.Todo.sound(bounds) && s.Gaps.sound(bounds)
}

// plan adds to what is to be asked for: the hours since the last cycle, a past that
// was not asked for until now, and the gaps whose turn it is.
func (s *series) plan(from, over hour) {
	s.distrust(over)
	s.Todo = s.Todo.union(span{s.Until, over}, span{from, s.From})
	s.From, s.Until = min(s.From, from), max(s.Until, over)
	s.Todo, s.Gaps = s.Todo.minus(span{s.From, from}), s.Gaps.minus(span{s.From, from})
	s.askAgain(span{over - recent, over})
	s.sweep(over)
}

// distrust forgets hours that are yet to come: they were asked for by a clock that was ahead.
func (s *series) distrust(over hour) {
	if s.Until <= over {
		return
	}
	s.Todo, s.Gaps = s.Todo.minus(span{over, s.Until}), s.Gaps.minus(span{over, s.Until})
	s.Until, s.From, s.Swept = over, min(s.From, over), min(s.Swept, over)
	if s.First >= over {
		s.First = 0
	}
}

// sweep gives gaps their turn whose age has doubled since they last had it: at two
// days, four, eight and so on. It does so once a day, so that those of one day are
// asked for together.
func (s *series) sweep(over hour) {
	if over-s.Swept < day {
		return
	}
	for age := recent; age < oldest; age *= 2 {
		s.askAgain(span{s.Swept - age, over - age})
	}
	s.Swept = over
}

// askAgain plans to ask for the gaps of a span.
func (s *series) askAgain(of span) {
	s.Todo = s.Todo.union(s.Gaps.within(of)...)
}

// pass takes the hours of a page off those to ask for, and notes which had no data.
// It returns how many are known to be missing by this page, by reason. What lies before
// the first hour with data is not missing: it is before the history.
func (s *series) pass(p *page) map[string]int {
	var counted set
	if s.First != 0 {
		counted = s.Gaps.within(span{s.First, s.Until})
	}
	s.Todo, s.Gaps = s.Todo.minus(p.hours), s.Gaps.minus(p.hours)
	for _, h := range slices.Sorted(maps.Keys(p.missing)) {
		s.Gaps = append(s.Gaps, span{h, h + 1})
	}
	s.Gaps = s.Gaps.union()
	if p.first != 0 && (s.First == 0 || p.first < s.First) {
		s.First = p.first
	}
	missing := s.missing(counted, p.missing)
	if excess := len(s.Gaps) - maxGaps; excess > 0 {
		s.Gaps = slices.Delete(s.Gaps, 1, 1+excess)
	}
	return missing
}

// missing counts the gaps since the first hour with data that were not counted yet. Why
// those of earlier pages had none is no longer known: they were before the history.
func (s *series) missing(counted set, reasons map[hour]string) map[string]int {
	counts := map[string]int{}
	if s.First == 0 {
		return counts
	}
	fresh := s.Gaps.within(span{s.First, s.Until})
	fresh = fresh.minus(counted...)
	rest := fresh.length()
	for h, reason := range reasons {
		if fresh.has(h) {
			counts[reason]++
			rest--
		}
	}
	if rest > 0 {
		counts[noData] += rest
	}
	return counts
}
