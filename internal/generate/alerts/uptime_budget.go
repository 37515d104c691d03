package alerts

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// A quarter of three months has at least and at most so many days.
const (
	shortQuarter = 89 * 24 * time.Hour
	longQuarter  = 92 * 24 * time.Hour
)

// availabilities lists the objectives that leave a budget of downtime. Those that
// count events leave one of events.
func (d *document) availabilities() []scorecard.Objective {
	var found []scorecard.Objective
	for _, o := range d.ofTeams(scorecard.MeasureAvailability) {
		if !o.CountsEvents() && (o.Direction == scorecard.AtLeast || o.Direction == scorecard.Above) && d.interval(facts.PagerDuty) > 0 {
			found = append(found, o)
		}
	}
	return found
}

// allowed is the downtime, in seconds, that an objective leaves a service over
// some time.
func allowed(o scorecard.Objective, over time.Duration) scorecard.Number {
	return scorecard.Int(1).Sub(*o.Target).Mul(scorecard.Int(int64(over / time.Second)))
}

// sampleBudget is the budget of a service over a short quarter, in whole seconds.
func sampleBudget(o scorecard.Objective) int64 { return allowed(o, shortQuarter).Floor() }

// remaining selects what is left of the budgets of a quarter. The organisation's
// repeats that of a team.
const remaining = `teamhealth_error_budget_remaining_seconds{team!="org",window="current_quarter"}`

// budgetsInWords lists what the objectives allow in a quarter.
func budgetsInWords(objectives []scorecard.Objective) string {
	return each(objectives, func(o scorecard.Objective) string {
		return fmt.Sprintf("`%s` (%s, so about %s in a quarter)", o.ID, wanted(o), downtime(allowed(o, 91*24*time.Hour)))
	})
}

// downtime writes seconds in a unit that keeps the number readable.
func downtime(seconds scorecard.Number) string {
	for _, u := range []struct {
		size int64
		name string
		from int64
	}{{3600, "hours", 10}, {60, "minutes", 2}} {
		if n := seconds.Quo(scorecard.Int(u.size)).Floor(); n >= u.from {
			return fmt.Sprintf("%d %s", n, u.name)
		}
	}
	return fmt.Sprintf("%d seconds", seconds.Floor())
}
