package scorecard

import (
	"time"

	"teamhealth/internal/facts"
)

// EventQuery is what an objective counts events by, and the teams of which it does.
type EventQuery struct {
	Objective string
	Query     facts.EventQuery // Neither part of it is empty.
	Teams     []string         // In configuration order; never none.
}

// EventQueries lists what has to be counted for the rubric's objectives, in rubric order.
func (p *Policy) EventQueries() []EventQuery {
	var queries []EventQuery
	for _, o := range p.Rubric.Objectives {
		if !o.CountsEvents() || o.Good == "" || o.Total == "" {
			continue
		}
		q := EventQuery{Objective: o.ID, Query: o.query()}
		for _, t := range p.Teams {
			if o.appliesTo(t) {
				q.Teams = append(q.Teams, t.ID)
			}
		}
		if len(q.Teams) > 0 {
			queries = append(queries, q)
		}
	}
	return queries
}

// EventLookback is how long before a period's start the hours may begin that a
// row counts: a leap year, where it looks at a year, else no time.
func (p *Policy) EventLookback() time.Duration {
	for _, o := range p.Rubric.Objectives {
		if o.CountsEvents() && o.Window != WindowPeriod {
			return 366 * 24 * time.Hour
		}
	}
	return 0
}
