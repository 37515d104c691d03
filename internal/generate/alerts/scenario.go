package alerts

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// scrape is the time from one sample of a scenario's series to the next.
const scrape = time.Minute

// always is the course of a series that has one value throughout.
func always(value string) []step { return []step{{0, value}} }

// between is the course of a series that is there from one instant to another.
func between(begin, end time.Duration, value string) []step {
	return []step{{begin, value}, {end, ""}}
}

// phases are the moments of an alert whose cause begins at one instant and is
// gone at another: it fires for some from exactly its wait after the one until
// the other.
func (a *alert) phases(begin, end time.Duration, some ...firing) []moment {
	return []moment{
		{at: begin - scrape},
		{at: begin + a.wait - scrape},
		{at: begin + a.wait, firing: some},
		{at: end - scrape, firing: some},
		{at: end},
	}
}

// end is when nothing more is looked at.
func (s *scenario) end() time.Duration {
	var last time.Duration
	for _, m := range s.moments {
		last = max(last, m.at)
	}
	for _, one := range s.samples {
		last = max(last, one.at)
	}
	return last + scrape
}

// values writes a course in promtool's notation.
func (s *series) values(end time.Duration) string {
	var parts []string
	if first := samples(s.course[0].from); first > 0 {
		parts = append(parts, "_x"+strconv.Itoa(first))
	}
	for i, step := range s.course {
		until := end
		if i+1 < len(s.course) {
			until = min(until, s.course[i+1].from)
		}
		if step.from < until {
			parts = append(parts, step.values(samples(until-step.from)))
		}
	}
	return strings.Join(parts, " ")
}

func samples(d time.Duration) int { return int(d / scrape) }

// values writes n samples of a step. A series that ends is marked as stale, as
// Prometheus does after a scrape that did not find it.
func (s step) values(n int) string {
	switch {
	case s.value != "":
		return fmt.Sprintf("%sx%d", s.value, n-1)
	case n > 1:
		return "stale _x" + strconv.Itoa(n-1)
	}
	return "stale"
}

// with returns labels with one more, or with another value of one.
func with(own labels, name, value string) labels {
	all := maps.Clone(own)
	all[name] = value
	return all
}

// targetOf is the series of an objective's target.
func targetOf(o scorecard.Objective, team string) series {
	return series{
		"teamhealth_objective_target",
		labels{"objective": o.ID, "team": team, "unit": string(o.Unit)},
		always(o.Target.String()),
	}
}

// missing is a value that misses an objective's target by far.
func missing(o scorecard.Objective) scorecard.Number {
	switch {
	case o.Direction == scorecard.AtLeast || o.Direction == scorecard.Above:
		return o.Target.Mul(scorecard.Ratio(3, 4))
	case o.Target.Sign() == 0:
		return scorecard.Int(1)
	}
	return o.Target.Mul(scorecard.Ratio(3, 2))
}
