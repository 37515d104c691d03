package config

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"teamhealth/scorecard"
)

// shape is what an objective of a measure looks like: the parameters that it
// must have and those that it may have, and the units that its value can be in.
type shape struct {
	must, may []string
	units     []scorecard.Unit
}

// shapeOf returns the shape of a measure.
func shapeOf(m scorecard.Measure) shape {
	ratio := []scorecard.Unit{scorecard.UnitRatio}
	count := []scorecard.Unit{scorecard.UnitCount}
	free := []scorecard.Unit{scorecard.UnitScore, scorecard.UnitRatio, scorecard.UnitCount, scorecard.UnitDays, scorecard.UnitSeconds}
	switch m {
	case scorecard.MeasureAvailability:
		return shape{may: []string{"method", "aggregate", "good", "total"}, units: ratio}
	case scorecard.MeasureEvents:
		return shape{may: []string{"good", "total"}, units: ratio}
	case scorecard.MeasureResponseTime:
		return shape{must: []string{"threshold"}, units: ratio}
	case scorecard.MeasurePostmortems, scorecard.MeasureActionItems:
		return shape{must: []string{"due"}, units: ratio}
	case scorecard.MeasureTicketRatio:
		return shape{must: []string{"of"}, may: []string{"with", "without", "population"}, units: ratio}
	case scorecard.MeasureTicketCount:
		return shape{must: []string{"of"}, units: count}
	case scorecard.MeasureCoverage:
		return shape{must: []string{"of"}, may: []string{"max_age"}, units: ratio}
	case scorecard.MeasureSurvey, scorecard.MeasureRecordLatest:
		return shape{must: []string{"metric"}, units: free}
	case scorecard.MeasureRecordCount:
		return shape{must: []string{"metric"}, units: count}
	case scorecard.MeasureTimeToProductivity:
		return shape{units: []scorecard.Unit{scorecard.UnitDays}}
	case scorecard.MeasureHiringPlan:
		return shape{may: []string{"plan"}, units: ratio}
	case scorecard.MeasureOnboarding:
		return shape{must: []string{"of", "due"}, units: ratio}
	case scorecard.MeasureRotationSize, scorecard.MeasureEscalationDepth:
		return shape{units: count}
	case scorecard.MeasureCrossLine:
		return shape{must: []string{"share"}, units: ratio}
	default:
		return shape{units: ratio}
	}
}

// newObjective returns what an objective is before its keys are read.
func newObjective(m scorecard.Measure) scorecard.Objective {
	o := scorecard.Objective{
		Category: "own",
		Measure:  m,
		Window:   scorecard.WindowPeriod,
		Scope:    []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg},
		Lines:    []scorecard.Line{},
		Weight:   scorecard.Int(1).Ptr(),
		MinN:     1,
	}
	setMeasure(&o, m)
	return o
}

// setMeasure gives an objective a measure, with that measure's defaults.
func setMeasure(o *scorecard.Objective, m scorecard.Measure) {
	o.Measure = m
	o.Parameters = scorecard.Parameters{}
	o.Direction = scorecard.AtLeast
	o.Unit = shapeOf(m).units[0]
	switch m {
	case scorecard.MeasureAvailability:
		o.Method, o.Aggregate = methodIncidents, "worst"
	case scorecard.MeasureTicketRatio:
		o.Population = "delivered"
	case scorecard.MeasureCoverage:
		o.MaxAge = scorecard.Span(365 * 24 * time.Hour)
	default:
	}
}

// check reports what in an objective does not fit its measure, or any. The node is what
// the file says of it, the objective what that makes of it. Each key is looked at by
// itself, whatever is wrong with others; only what hangs on one that is wrong is let be.
func (b *builder) check(n *yaml.Node, path string, o *scorecard.Objective) {
	b.checkWord(path+".requires", string(o.Requires),
		string(scorecard.RequireRotation), string(scorecard.RequireRotation24x7), string(scorecard.RequireRotationBusiness))
	b.checkWord(path+".method", o.Method, methodIncidents, methodEvents)
	b.checkWord(path+".aggregate", o.Aggregate, "worst", "pooled")
	b.checkWord(path+".population", o.Population, "delivered", "finished")
	b.checkWord(path+".share", o.Share, "engineer_change_requests", "sre_coding", "executed_by_oncall")
	if b.isMeasured(path, o) {
		b.checkParameters(n, path, o)
		b.checkUnit(path, o)
		b.checkWindow(path, o)
	}
	b.checkTarget(n, path, o)
	b.checkMetric(path, o)
	b.checkExpressions(n, path, o)
	if len(o.Scope) == 0 {
		b.reportFirst(path+".scope", "write [team, org], or one of them", "is empty")
	}
	if o.Weight.Sign() < 0 {
		b.reportFirst(path+".weight", "0 or more", "is negative")
	}
	if o.MinN < 1 {
		b.reportFirst(path+".min_n", "1 or more", "is too small")
	}
	for i, entry := range o.Plan {
		b.checkPlanEntry(item(path+".plan", i), entry)
	}
}

// isMeasured reports whether it is certain which measure an objective has.
func (b *builder) isMeasured(path string, o *scorecard.Objective) bool {
	return b.sound(path+".measure") && slices.Contains(scorecard.Measures(), o.Measure)
}

// checkParameters wants those that the measure needs, and no others.
func (b *builder) checkParameters(n *yaml.Node, path string, o *scorecard.Objective) {
	s := shapeOf(o.Measure)
	values := reflect.ValueOf(o.Parameters)
	for _, f := range fieldsOf(values.Type()) {
		at := join(path, f.key)
		switch {
		case child(n, f.key) != nil && !slices.Contains(slices.Concat(s.must, s.may), f.key):
			b.report(at, s.hint(o.Measure), "measure %s has no such key", o.Measure)
		case slices.Contains(s.must, f.key) && values.FieldByIndex(f.index).IsZero():
			b.reportFirst(at, s.hint(o.Measure), "required by measure %s", o.Measure)
		}
	}
	if o.Measure == scorecard.MeasureTicketRatio && (o.With == "") == (o.Without == "") && b.sound(path+".with") {
		b.reportFirst(path+".without", "a class of tickets", "want one of with and without")
	}
}

// checkUnit wants a unit that the measure's values can be in.
func (b *builder) checkUnit(path string, o *scorecard.Objective) {
	if units := shapeOf(o.Measure).units; !slices.Contains(units, o.Unit) {
		b.reportFirst(path+".unit", "use "+string(units[0]), "%s is not what %s is counted in", quote(string(o.Unit)), o.Measure)
	}
}

// checkTarget wants a target of the objective's unit, as far as that is certain.
func (b *builder) checkTarget(n *yaml.Node, path string, o *scorecard.Objective) {
	at, measured := path+".target", b.isMeasured(path, o)
	isRatio := o.Unit == scorecard.UnitRatio && b.sound(path+".unit") && (measured || child(n, "unit") != nil)
	switch {
	case o.TargetFrom != "" && measured && o.Measure != scorecard.MeasureRotationSize:
		b.reportFirst(at, "write a number; only rotation_size has the target of the team", "%s is no target of %s", quote(o.TargetFrom), o.Measure)
	case o.Target == nil:
	case o.Target.Sign() < 0:
		b.reportFirst(at, "0 or more", "is negative")
	case isRatio && o.Target.Cmp(scorecard.Int(1)) > 0:
		b.reportFirst(at, "a ratio is between 0 and 1: write 0.95 for 95%", "is above 1")
	case measured && shapeOf(o.Measure).counts() && o.Target.Cmp(scorecard.Int(o.Target.Floor())) != 0:
		b.reportFirst(at, string(o.Measure)+" counts: write how many, such as 4", "is not a whole number")
	}
}

// checkWord wants one of a few words, or none.
func (b *builder) checkWord(path, word string, known ...string) {
	if word != "" && !slices.Contains(known, word) {
		b.reportFirst(path, suggest(word, known), "%s is not known", quote(word))
	}
}

// checkPlanEntry wants a quarter, a number of people, and a team that exists.
func (b *builder) checkPlanEntry(path string, e scorecard.PlanEntry) {
	if !quarterForm.MatchString(e.Period) {
		b.reportFirst(path+".period", "write it like 2026-Q1", "%s is not a quarter", quote(e.Period))
	}
	if e.Count < 1 {
		b.reportFirst(path+".count", "how many people are to join", "is not 1 or more")
	}
	if e.Level != "" && !levelForm.MatchString(e.Level) {
		b.reportFirst(path+".level", "write it like L5", "%s is not a level", quote(e.Level))
	}
	b.checkTeam(b.config, path+".team", e.Team)
}

// counts reports whether the value is always a number of things.
func (s shape) counts() bool { return len(s.units) == 1 && s.units[0] == scorecard.UnitCount }

// hint says which parameters a measure takes.
func (s shape) hint(m scorecard.Measure) string {
	keys := slices.Concat(s.must, s.may)
	if len(keys) == 0 {
		return string(m) + " takes no parameters"
	}
	return string(m) + " takes " + strings.Join(keys, ", ")
}
