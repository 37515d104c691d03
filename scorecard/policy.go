package scorecard

import (
	"encoding/json"
	"time"

	"teamhealth/internal/facts"
)

// Policy is everything besides facts that a scorecard depends on: the rubric,
// the roster and the rules of counting. It is immutable once built.
type Policy struct {
	Organization string
	Calendar     Calendar
	Teams        []Team // In configuration order; ids are unique.
	People       []Person
	Incidents    IncidentRules
	Engagement   Engagement
	Exceptions   []Exception
	Tickets      TicketRules
	Sources      []SourceRules // Only configured ones.
	Rubric       Rubric
}

// Calendar is how the organisation counts time.
type Calendar struct {
	Location    *time.Location
	FiscalStart time.Month // First month of the fiscal year; January makes quarters calendar quarters.
	Week        WorkingWeek
	Holidays    []Date // Sorted.
}

// WorkingWeek is the organisation's usual week.
type WorkingWeek struct {
	Hours float64 // Per week.
	Days  []time.Weekday
	From  time.Duration // Since midnight.
	To    time.Duration // Since midnight.
}

// Date is a day of the calendar, without a zone. The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// In returns the first instant of d in loc.
func (d Date) In(loc *time.Location) time.Time {
	return firstInstant(d.Year, d.Month, d.Day, loc)
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Line is the side of the organisation that a team belongs to.
type Line string

// The lines of teams.
const (
	LineDRE Line = "dre"
	LineSRE Line = "sre"
)

// MarshalJSON writes an empty line as null.
func (l Line) MarshalJSON() ([]byte, error) {
	if l == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(l))
}

// Team is one team of the organisation.
type Team struct {
	ID       string
	Name     string // Defaults to ID.
	Line     Line
	Services []string // PagerDuty service ids; each belongs to one team at most.
	Policies []string // PagerDuty escalation policy ids; empty: those of the services.
	Tickets  TeamTickets
	Rotation *Rotation
}

// Coverage says when a rotation must have somebody on call.
type Coverage string

// The coverages.
const (
	AroundTheClock Coverage = "24x7"
	BusinessHours  Coverage = "business"
)

// Rotation is what a team promises of its on-call rotation.
type Rotation struct {
	Coverage Coverage
	Size     int
	Shift    time.Duration
}

// PersonLine is the side of the line between engineers and SREs that a person is on.
type PersonLine string

// The lines of people.
const (
	LineEngineer  PersonLine = "engineer"
	LinePersonSRE PersonLine = "sre"
)

// ShiftLookback is how long before a period's start rows look at who was on call:
// those of rotations by a whole rotation, those about who executes changes by the
// time that bearing the pager counts, those about joiners by a year.
func (p *Policy) ShiftLookback() time.Duration {
	longest := onCallLookback
	for _, t := range p.Teams {
		if t.Rotation != nil {
			longest = max(longest, time.Duration(t.Rotation.Size)*t.Rotation.Shift)
		}
	}
	for _, o := range p.Rubric.Objectives {
		if o.Measure == MeasureTimeToProductivity {
			longest = max(longest, joinerLookback)
		}
	}
	return longest
}

// Person is one entry of the roster. Nothing of it is ever shown.
type Person struct {
	ID           string
	Team         string
	Line         PersonLine
	Level        string
	Joined       Date
	Left         Date // First day no longer employed; zero while employed.
	ProductiveOn Date
	Mentor       string
	FTE          float64
	PagerDuty    string
	Jira         string
	TimeZone     *time.Location // Nil when not configured.
	Moves        []Move         // Sorted by On.
}

// Move is a change of team, line or level; what it leaves empty stays as before.
type Move struct {
	On    Date
	Team  string
	Line  PersonLine
	Level string
}

// IncidentRules say which incidents count for what.
type IncidentRules struct {
	Urgency        []facts.Urgency // Which count for response and post-mortems, by urgency at trigger.
	OutagePriority []string        // Which count as downtime; empty when OutageUrgency decides.
	OutageUrgency  []facts.Urgency
	OutageServices []string // Empty: all services of the team.
}

// Engagement bounds the time that one action stands for.
type Engagement struct {
	Minimum time.Duration
	Maximum time.Duration
}

// Exception takes incidents, or a team's whole objective, out of the count.
type Exception struct {
	ID         string
	Objective  string
	Team       string   // Empty: every team.
	Incidents  []string // Ids; empty: the objective is exempt as a whole.
	Reason     string
	ApprovedBy string
	Until      Date
}

// SourceRules say how a configured source is read.
type SourceRules struct {
	Source   facts.Source
	Built    bool          // False for a source that this version cannot read yet.
	Interval time.Duration // Between cycles.
	Bots     []string      // Ids of user accounts that are automation.
}
