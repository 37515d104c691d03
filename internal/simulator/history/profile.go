package history

import (
	"errors"
	"fmt"
	"time"
)

// Profile is the temper of a team.
type Profile struct {
	PerDay     float64       // Incidents on a working day, storms aside.
	Weekend    float64       // Load of a Saturday or Sunday, relative to a working day.
	Night      float64       // Load of an hour between 22 and 7 o'clock, relative to an evening hour.
	Median     time.Duration // Of the time until somebody answers a page; below five minutes.
	Prompt     float64       // Share of answers within five minutes, above 0.5 and below 1.
	Unanswered float64       // Share of pages that nobody ever answers.
	Drills     int           // Planned failover drills per calendar quarter.
}

// answerLimit is the five minutes, in seconds, that profiles speak of.
const answerLimit = 300

func (p Profile) check() error {
	switch {
	case p.Prompt <= 0.5 || p.Prompt >= 1:
		return fmt.Errorf("profile: prompt is %v, not above 0.5 and below 1", p.Prompt)
	case p.Median < time.Second || p.Median >= answerLimit*time.Second:
		return fmt.Errorf("profile: median is %v, not between a second and five minutes", p.Median)
	case p.PerDay < 0 || p.Weekend < 0 || p.Night < 0 || p.Drills < 0 || p.Unanswered < 0 || p.Unanswered > 1:
		return errors.New("profile: a rate is negative or a share above 1")
	}
	return nil
}

// builtIn returns the profile of the team at a place of the organisation.
func builtIn(place int) Profile {
	profiles := []Profile{
		{PerDay: 0.88, Weekend: 0.7, Night: 0.7, Median: 75 * time.Second, Prompt: 0.985, Unanswered: 0.004, Drills: 2},
		{PerDay: 0.80, Weekend: 0.7, Night: 0.7, Median: 85 * time.Second, Prompt: 0.983, Unanswered: 0.005, Drills: 2},
		{PerDay: 0.76, Weekend: 0.6, Night: 0.5, Median: 120 * time.Second, Prompt: 0.910, Unanswered: 0.020, Drills: 1},
		{PerDay: 0.76, Weekend: 0.7, Night: 0.6, Median: 65 * time.Second, Prompt: 0.985, Unanswered: 0.005},
		{PerDay: 0.76, Weekend: 0.6, Night: 0.5, Median: 130 * time.Second, Prompt: 0.900, Unanswered: 0.025},
		{PerDay: 0.76, Weekend: 0.6, Night: 0.5, Median: 140 * time.Second, Prompt: 0.890, Unanswered: 0.025},
	}
	return profiles[place%len(profiles)]
}
