package prometheus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// hour is one of UTC, counted from 1970.
type hour int64

const (
	day    hour = 24
	oldest      = 2 * 366 * day // How far back Prometheus is asked at most.
)

// hourOf is the hour in which an instant lies; that of the zero time is long ago.
func hourOf(t time.Time) hour { return hour(math.Floor(float64(t.Unix()) / 3600)) }

// start is its first instant.
func (h hour) start() time.Time { return time.Unix(int64(h)*3600, 0).UTC() }

// span is the hours from one on until before another.
type span struct{ from, until hour }

func (s span) length() int { return max(0, int(s.until-s.from)) }

// MarshalJSON writes the span as a list of two numbers.
func (s span) MarshalJSON() ([]byte, error) { return json.Marshal([]hour{s.from, s.until}) }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (s *span) UnmarshalJSON(text []byte) error {
	var both []hour
	if err := json.Unmarshal(text, &both); err != nil {
		return err
	}
	if len(both) != 2 {
		return fmt.Errorf("%s is no span of hours", text)
	}
	*s = span{both[0], both[1]}
	return nil
}

// set is some hours: spans that are not empty, ordered, and do not touch one another.
type set []span

// sound reports whether the spans are as those of a set are, and within bounds.
func (s set) sound(bounds span) bool {
	last := bounds.from - 1
	for _, part := range s {
		if part.from <= last || part.length() == 0 || part.until > bounds.until {
			return false
		}
		last = part.until
	}
	return true
}

func (s set) length() int {
	sum := 0
	for _, part := range s {
		sum += part.length()
	}
	return sum
}

func (s set) has(h hour) bool {
	_, found := slices.BinarySearchFunc(s, h, func(part span, h hour) int {
		switch {
		case part.until <= h:
			return -1
		case part.from > h:
			return 1
		default:
			return 0
		}
	})
	return found
}

// union returns the hours that are of either set.
func (s set) union(more ...span) set {
	both := slices.Concat(s, more)
	slices.SortFunc(both, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var all set
	for _, part := range both {
		switch last := len(all) - 1; {
		case part.length() == 0:
		case last >= 0 && part.from <= all[last].until:
			all[last].until = max(all[last].until, part.until)
		default:
			all = append(all, part)
		}
	}
	return all
}

// minus returns the hours that are not of another set.
func (s set) minus(less ...span) set {
	var rest set
	for _, part := range s {
		for len(less) > 0 && less[0].until <= part.from {
			less = less[1:]
		}
		for _, hole := range less {
			if hole.from >= part.until {
				break
			}
			rest = rest.append(span{part.from, hole.from})
			part.from = max(part.from, hole.until)
		}
		rest = rest.append(part)
	}
	return rest
}

// append adds a span that lies behind all others; an empty one is none.
func (s set) append(part span) set {
	if part.length() == 0 {
		return s
	}
	return append(s, part)
}

// within returns the hours that are of bounds too.
func (s set) within(bounds span) set {
	var both set
	for _, part := range s {
		both = both.append(span{max(part.from, bounds.from), min(part.until, bounds.until)})
	}
	return both
}

// newest returns the span from the last hour back to the first one that is at most
// so many hours away.
func (s set) newest(hours int) span {
	until := s[len(s)-1].until
	near := s.within(span{until - hour(hours), until})
	return span{near[0].from, until}
}
