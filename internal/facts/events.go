package facts

import (
	"strings"
	"time"
)

// EventQuery is a pair of PromQL expressions, each of which counts events of one
// hour. It is what the configuration says, with $team in it: a pair that is
// written otherwise counts something else, and its hours are others.
type EventQuery struct {
	Good  string
	Total string
}

// For returns the pair as it is asked for a team: with the team's id in the place of $team.
func (q EventQuery) For(team string) EventQuery {
	return EventQuery{Good: strings.ReplaceAll(q.Good, "$team", team), Total: strings.ReplaceAll(q.Total, "$team", team)}
}

// EventHour is how many events a team's expressions counted in one hour. An hour
// of which nothing is known has none; one in which nothing happened has zeros.
type EventHour struct {
	Query EventQuery
	Team  string    // A team of the configuration.
	Hour  time.Time // Its first instant, in UTC.
	Good  float64   // At least 0, and not above Total.
	Total float64   // At least 0. Increases are extrapolated, so that it may be no whole number.
	// Clamped is set where more events were counted as good than there were in all: Good is Total then.
	Clamped bool
}
