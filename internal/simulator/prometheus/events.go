package prometheus

import (
	"fmt"
	"hash/fnv"
	"math"
	"time"
)

// side is one of a series' two expressions.
type side struct {
	*Series
	good bool
}

// value is what an expression gives at an instant: the events of the hour before it.
func (s *Server) value(of side, at time.Time) (float64, bool) {
	if !at.Equal(at.Truncate(time.Hour)) || !s.keeps(of, at) {
		return 0, false
	}
	total := s.total(of.Series, at)
	if of.good {
		return total - s.bad(of.Series, at, total), true
	}
	return total, true
}

// keeps reports whether the hour that ends at an instant is over and known.
func (s *Server) keeps(of side, end time.Time) bool {
	now, begin := s.opts.Now(), end.Add(-time.Hour)
	if end.After(now) || begin.Before(s.opts.Start) || (s.opts.Retention > 0 && begin.Before(now.Add(-s.opts.Retention))) {
		return false
	}
	for _, gap := range of.Gaps {
		isOpen := gap.Filled.IsZero() || now.Before(gap.Filled)
		if isOpen && end.After(gap.From) && begin.Before(gap.Until) {
			return false
		}
	}
	return true
}

// total is how many events an hour has: twice as many around noon as at midnight,
// fewer on weekends, and up to a tenth more or less by chance.
func (s *Server) total(of *Series, end time.Time) float64 {
	begin := end.Add(-time.Hour).UTC()
	daily := 1 - math.Cos(2*math.Pi*float64(begin.Hour())/24)/3
	if begin.Weekday() == time.Saturday || begin.Weekday() == time.Sunday {
		daily *= 0.6
	}
	chance := 0.9 + 0.2*s.draw(of, end, "total")
	return math.Round(of.PerHour * daily * chance)
}

// bad is how many of an hour's events are not good. Most come in a few bad hours: one
// hour in fifty has ten times as many as others.
func (s *Server) bad(of *Series, end time.Time, total float64) float64 {
	const bursts, burst = 0.02, 10
	usual := (1 - of.GoodShare) / (1 - bursts + bursts*burst)
	if s.draw(of, end, "burst") < bursts {
		usual *= burst
	}
	expected := total * usual * (0.5 + s.draw(of, end, "bad"))
	whole := math.Floor(expected)
	if s.draw(of, end, "rest") < expected-whole {
		whole++ // What is less than one event happens now and then.
	}
	return min(total, whole)
}

// draw is a number in [0, 1) that depends on nothing but the seed, the series, the
// instant and what it is for.
func (s *Server) draw(of *Series, at time.Time, what string) float64 {
	h := fnv.New64a()
	fmt.Fprintln(h, s.opts.Seed, of.Total, of.Good, at.Unix(), what)
	mixed := h.Sum64() * 0x9E3779B97F4A7C15 // Neighbouring instants are to differ in the high bits.
	mixed ^= mixed >> 32
	mixed *= 0xD6E8FEB86659FD93
	return float64(mixed>>11) / (1 << 53)
}
