// Package measures says in words and symbols what each measure of a rubric is:
// what it asks, what it looks at, how its value follows from what was counted,
// what its rows may say besides, and where the formula comes from. Documents and
// explanations tell it from here, so that they cannot tell different things. It
// judges nothing: the numbers that it fills into a formula are those of a row.
package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Measure is what is true of one measure. Its texts are Markdown, in sentences.
type Measure struct {
	ID         scorecard.Measure
	Title      string
	Question   string   // What it answers.
	Reading    string   // What the parts of the formula are, and what follows from it.
	Population string   // What is looked at, of which subject and time.
	Classes    []Class  // Of what is looked at, the counted ones first.
	Org        string   // How the organisation's row follows from those of its teams.
	Needs      []string // What must be configured besides the sources; without it a row is no_data.
	Sources    []Source
	Parameters []Parameter
	Details    []Field
	Evidence   string // What the evidence lists, and what its values add up to.
	Caveats    []Caveat
	Origin     string // Where the formula comes from.

	equation func(scorecard.Objective) equation
}

// Class is a word under which a row's population counts things.
type Class struct {
	Word    string // With CLASS in place of a class of tickets that the objective names.
	Counted scorecard.Counted
	Meaning string
}

// InValue is how things count in a value that is no ratio of counts.
const InValue scorecard.Counted = "value"

// Source is a source that rows of a measure cannot do without.
type Source struct {
	Name  facts.Source
	Reads string
	When  string // Under which parameters; empty: under all.

	only func(scorecard.Objective) bool // Nil: always.
}

// Parameter is a key that objectives of the measure have.
type Parameter struct {
	Key      string
	Required bool
	Default  string // Empty where there is none.
	Meaning  string
}

// Field is one of a row's details. Key is a path: a.b is b of a, and a[].b that
// of each item of a.
type Field struct {
	Key     string
	Meaning string
}

// Caveat is what may weaken a row's number.
type Caveat struct {
	Sentence string // As the row says it, with … in place of figures and names.
	Meaning  string // What it does to the number, and what helps.
}

// SourcesOf lists the sources that rows of one objective need.
func (m Measure) SourcesOf(o scorecard.Objective) []facts.Source {
	var names []facts.Source
	for _, s := range m.Sources {
		if s.only == nil || s.only(o) {
			names = append(names, s.Name)
		}
	}
	return names
}

// All describes every measure, in the order of scorecard.Measures.
func All() []Measure {
	var all []Measure
	for _, id := range scorecard.Measures() {
		if m, ok := Of(id); ok {
			all = append(all, m)
		}
	}
	return all
}

// Of returns what is true of a measure; false for one that does not exist.
func Of(id scorecard.Measure) (Measure, bool) {
	describe, ok := map[scorecard.Measure]func() Measure{
		scorecard.MeasureAvailability:       availability,
		scorecard.MeasureEvents:             events,
		scorecard.MeasureResponseTime:       responseTime,
		scorecard.MeasureOncallBurden:       oncallBurden,
		scorecard.MeasureRotationCoverage:   rotationCoverage,
		scorecard.MeasureRotationSize:       rotationSize,
		scorecard.MeasureRotationShift:      rotationShift,
		scorecard.MeasureEscalationDepth:    escalationDepth,
		scorecard.MeasurePostmortems:        postmortemCompletion,
		scorecard.MeasurePostmortemQuality:  postmortemQuality,
		scorecard.MeasureActionItems:        actionItems,
		scorecard.MeasureTicketRatio:        ticketRatio,
		scorecard.MeasureTicketCount:        ticketCount,
		scorecard.MeasureCoverage:           coverage,
		scorecard.MeasureCrossLine:          crossLine,
		scorecard.MeasureOnboarding:         onboarding,
		scorecard.MeasureSurvey:             survey,
		scorecard.MeasureRecordCount:        recordCount,
		scorecard.MeasureRecordLatest:       recordLatest,
		scorecard.MeasureRetention:          retention,
		scorecard.MeasureTimeToProductivity: timeToProductivity,
		scorecard.MeasureHiringPlan:         hiringPlan,
		scorecard.MeasureMentorship:         mentorship,
	}[id]
	if !ok {
		return Measure{}, false
	}
	return describe(), true
}
