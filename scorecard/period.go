package scorecard

import "time"

// Period is a half-open span of the organisation's calendar.
type Period struct {
	ID       string    `json:"id"` // 2026-Q3, 2026, 2026-08, 28d.
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	TimeZone string    `json:"time_zone"`
	Closed   bool      `json:"closed"` // The end is not after as_of; never true of a rolling period.
}
