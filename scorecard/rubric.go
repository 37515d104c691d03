package scorecard

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// Rubric is the organisation's document as a list of objectives.
type Rubric struct {
	Name       string
	Objectives []Objective // In the order in which rows stand on a card.
	Disabled   []string    // Ids of those that the configuration switches off; no card depends on them.
}

// Objective is one line of the rubric. Its JSON form is what the objectives
// endpoint serves and what the rubric's hash is taken of.
type Objective struct {
	ID             string  `json:"id"`
	Title          string  `json:"title"`
	Category       string  `json:"category"`
	Quote          string  `json:"quote"`          // The document's own words.
	Interpretation string  `json:"interpretation"` // How we read them.
	Measure        Measure `json:"measure"`
	Parameters
	Target *Number `json:"target"` // Nil where the document names no number.
	// TargetFrom names a field of the team that the target is taken from; only rotation.size.
	TargetFrom  string      `json:"target_from,omitempty"`
	Direction   Direction   `json:"direction"`
	Unit        Unit        `json:"unit"`
	Window      WindowKind  `json:"window"`
	Scope       []Scope     `json:"scope"`
	Lines       []Line      `json:"lines"`    // Teams that it applies to; empty: all.
	Requires    Requirement `json:"requires"` // What a team must have for it to apply; empty: nothing.
	Weight      *Number     `json:"weight"`
	MinN        int         `json:"min_n"`
	Remediation string      `json:"remediation"`
}

// Requirement is what a team must have for an objective to apply to it. The
// empty one, null in JSON, asks for nothing.
type Requirement string

// The requirements.
const (
	RequireRotation         Requirement = "rotation"
	RequireRotation24x7     Requirement = "rotation.24x7"
	RequireRotationBusiness Requirement = "rotation.business"
)

// MarshalJSON writes the empty requirement as null.
func (r Requirement) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(r))
}

// Measure names a way of measuring.
type Measure string

// The measures of the rubric.
const (
	MeasureAvailability       Measure = "availability"
	MeasureEvents             Measure = "events"
	MeasureResponseTime       Measure = "response_time"
	MeasurePostmortems        Measure = "postmortem_completion"
	MeasurePostmortemQuality  Measure = "postmortem_quality"
	MeasureActionItems        Measure = "action_items"
	MeasureTicketRatio        Measure = "ticket_ratio"
	MeasureTicketCount        Measure = "ticket_count"
	MeasureCoverage           Measure = "coverage"
	MeasureSurvey             Measure = "survey"
	MeasureRecordCount        Measure = "record_count"
	MeasureRecordLatest       Measure = "record_latest"
	MeasureRetention          Measure = "retention"
	MeasureTimeToProductivity Measure = "time_to_productivity"
	MeasureHiringPlan         Measure = "hiring_plan"
	MeasureMentorship         Measure = "mentorship"
	MeasureOnboarding         Measure = "onboarding"
	MeasureOncallBurden       Measure = "oncall_burden"
	MeasureRotationCoverage   Measure = "rotation_coverage"
	MeasureRotationSize       Measure = "rotation_size"
	MeasureRotationShift      Measure = "rotation_shift"
	MeasureEscalationDepth    Measure = "escalation_depth"
	MeasureCrossLine          Measure = "cross_line"
)

// Measures lists every measure, in no order that matters.
func Measures() []Measure {
	return []Measure{
		MeasureAvailability, MeasureEvents, MeasureResponseTime, MeasurePostmortems, MeasurePostmortemQuality,
		MeasureActionItems, MeasureTicketRatio, MeasureTicketCount, MeasureCoverage, MeasureSurvey, MeasureRecordCount,
		MeasureRecordLatest, MeasureRetention, MeasureTimeToProductivity, MeasureHiringPlan, MeasureMentorship,
		MeasureOnboarding, MeasureOncallBurden, MeasureRotationCoverage, MeasureRotationSize, MeasureRotationShift,
		MeasureEscalationDepth, MeasureCrossLine,
	}
}

// Parameters are a measure's own settings, by the names that they have in the
// rubric file; each is empty where the measure has no use for it.
type Parameters struct {
	Threshold  Span        `json:"threshold,omitempty"`  // response_time.
	Due        Due         `json:"due,omitzero"`         // postmortem_completion, action_items, onboarding.
	Method     string      `json:"method,omitempty"`     // availability: incidents | events.
	Aggregate  string      `json:"aggregate,omitempty"`  // availability: worst | pooled.
	Of         string      `json:"of,omitempty"`         // Class of tickets.
	With       string      `json:"with,omitempty"`       // ticket_ratio: class.
	Without    string      `json:"without,omitempty"`    // ticket_ratio: class.
	Population string      `json:"population,omitempty"` // ticket_ratio: delivered | finished.
	MaxAge     Span        `json:"max_age,omitempty"`    // coverage.
	Metric     string      `json:"metric,omitempty"`     // survey, record_count, record_latest.
	Good       string      `json:"good,omitempty"`       // events: PromQL.
	Total      string      `json:"total,omitempty"`      // events: PromQL.
	Plan       []PlanEntry `json:"plan,omitempty"`       // hiring_plan.
	Share      string      `json:"share,omitempty"`      // cross_line: engineer_change_requests | sre_coding | executed_by_oncall.
}

// Span is a length of time, written 5m, 36h or 365d.
type Span time.Duration

// String writes s in the largest of days, hours, minutes and seconds that it
// is a whole number of.
func (s Span) String() string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if d := time.Duration(s); d != 0 && d%u.size == 0 {
			return strconv.FormatInt(int64(d/u.size), 10) + u.name
		}
	}
	return time.Duration(s).String()
}

// MarshalText makes s a string in JSON.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Due is a term: so many days, or so many business days. The zero Due is none.
type Due struct {
	Days     int
	Business bool
}

// String writes d as 28d or 5bd.
func (d Due) String() string {
	if d.Business {
		return strconv.Itoa(d.Days) + "bd"
	}
	return strconv.Itoa(d.Days) + "d"
}

// MarshalText makes d a string in JSON.
func (d Due) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// PlanEntry is one line of the hiring plan.
type PlanEntry struct {
	Period string     `json:"period"`
	Team   string     `json:"team,omitempty"`
	Line   PersonLine `json:"line,omitempty"`
	Level  string     `json:"level,omitempty"`
	Count  int        `json:"count"`
}

// Direction says on which side of the target a value meets it.
type Direction string

// The directions. Above and Below are strict.
const (
	AtLeast Direction = "at_least"
	Above   Direction = "above"
	AtMost  Direction = "at_most"
	Below   Direction = "below"
)

// Unit is what a value is counted in.
type Unit string

// The units.
const (
	UnitRatio   Unit = "ratio" // 0 to 1.
	UnitSeconds Unit = "seconds"
	UnitCount   Unit = "count"
	UnitScore   Unit = "score"
	UnitDays    Unit = "days"
)

// WindowKind says which span of time a row looks at.
type WindowKind string

// The kinds of windows.
const (
	WindowPeriod       WindowKind = "period"        // The card's period.
	WindowYear         WindowKind = "year"          // The fiscal year of the card's end.
	WindowTrailingYear WindowKind = "trailing_year" // The 12 months before the card's end.
)

// Scope is a kind of subject.
type Scope string

// The scopes.
const (
	ScopeTeam Scope = "team"
	ScopeOrg  Scope = "org"
)

// Find returns the objective of an id; the error is an *UnknownError.
func (r *Rubric) Find(id string) (Objective, error) {
	i := slices.IndexFunc(r.Objectives, func(o Objective) bool { return o.ID == id })
	if i < 0 {
		err := &UnknownError{Kind: "objective", ID: id, Known: r.ids()}
		if slices.Contains(r.Disabled, id) {
			err.Why = "is disabled by the configuration"
		}
		return Objective{}, err
	}
	return r.Objectives[i], nil
}

func (r *Rubric) ids() []string {
	ids := make([]string, 0, len(r.Objectives))
	for _, o := range r.Objectives {
		ids = append(ids, o.ID)
	}
	return ids
}

// Identity names the rubric and the SHA-256 of its JSON form, followed by the
// targets as fractions: two that only a float64 cannot tell apart are two rubrics.
func (r *Rubric) Identity() RubricID {
	// The form has only strings, numbers and lists, which always marshal.
	text, _ := json.Marshal(r.Objectives)
	for _, o := range r.Objectives {
		if o.Target != nil {
			text = append(text, o.Target.value().RatString()+"\n"...)
		}
	}
	sum := sha256.Sum256(text)
	return RubricID{Name: r.Name, SHA256: hex.EncodeToString(sum[:])}
}
