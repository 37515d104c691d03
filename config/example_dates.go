package config

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"

	"teamhealth/scorecard"
)

const quartersPerYear = 4

// quartersAfterExample is how many quarters a day comes after the last one of 2026, as
// of which the example is written.
func quartersAfterExample(d scorecard.Date) int {
	return quarterOf(d.Year, int(d.Month)-1) - quarterOf(2026, int(time.October)-1)
}

// quarterOf numbers quarters; month counts from 0.
func quarterOf(year, month int) int { return quartersPerYear*year + month/3 }

// moveQuarters moves all days of the roster, and the quarters of the plan, by some quarters.
func moveQuarters(root *yaml.Node, quarters int) {
	for _, person := range child(root, "people").Content {
		for _, key := range []string{"joined", "left", "productive_on"} {
			moveDay(person, key, quarters)
		}
		if moves := child(person, "moves"); moves != nil {
			for _, move := range moves.Content {
				moveDay(move, "on", quarters)
			}
		}
	}
	for _, objective := range child(root, "objectives").Content {
		if plan := child(objective, "plan"); plan != nil {
			for _, position := range plan.Content {
				movePeriod(position, quarters)
			}
		}
	}
}

// moveDay moves a day to the same one of a later month, and on to a Monday: the
// example's days are early enough in their months for that.
func moveDay(m *yaml.Node, key string, quarters int) {
	n := child(m, key)
	if n == nil || quarters == 0 {
		return
	}
	at, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		return // Reading the result reports it.
	}
	at = at.AddDate(0, 3*quarters, 0)
	for at.Weekday() != time.Monday {
		at = at.AddDate(0, 0, 1)
	}
	n.Value = at.Format(time.DateOnly)
}

// movePeriod moves the quarter that somebody is planned for.
func movePeriod(position *yaml.Node, quarters int) {
	n := child(position, "period")
	var year, quarter int
	if _, err := fmt.Sscanf(n.Value, "%d-Q%d", &year, &quarter); err != nil {
		return // Likewise.
	}
	at := quarterOf(year, 3*(quarter-1)) + quarters
	n.Value = fmt.Sprintf("%d-Q%d", at/quartersPerYear, at%quartersPerYear+1)
}
