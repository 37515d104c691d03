package app

import (
	"strings"
	"time"

	"teamhealth/config"
	"teamhealth/internal/simulator/prometheus"
	"teamhealth/scorecard"
)

// SimulatedEvents is what the simulated Prometheus counts for the configured
// organisation: enough good ones for every team but the last of those that are on call
// around the clock.
func SimulatedEvents(c *config.Config, start time.Time, seed uint64, now func() time.Time) prometheus.Options {
	o := prometheus.Options{Start: start, Seed: seed, Now: now}
	slow := ""
	for _, t := range c.Teams {
		if t.Rotation != nil && t.Rotation.Coverage == scorecard.AroundTheClock {
			slow = t.ID
		}
	}
	for _, q := range c.Policy().EventQueries() {
		for i, team := range q.Teams {
			one := prometheus.Series{
				Good:  strings.ReplaceAll(q.Query.Good, config.TeamPlaceholder, team),
				Total: strings.ReplaceAll(q.Query.Total, config.TeamPlaceholder, team),
				// The first teams have the most.
				PerHour: 100_000 / float64(i+1), GoodShare: 0.996,
			}
			if team == slow {
				one.GoodShare = 0.986
			}
			o.Series = append(o.Series, one)
		}
	}
	return o
}
