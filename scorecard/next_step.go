package scorecard

import "fmt"

// step is what the next step of a judged row follows from.
type step struct {
	objective   Objective
	target      Number
	value       Number
	numerator   *Number
	denominator *Number
	budget      *Budget
	met         bool
	running     bool   // The row's window goes on after what it knows.
	elapsed     int64  // Seconds of the window that the row has seen.
	rest        int64  // Seconds of the window that are to come.
	until       string // The day that the window ends before.
}

// nextStep says in one sentence what would meet the target, or what may still go
// wrong without missing it; it is nil where there is nothing to say. A window
// that is over is spoken of in the past: nothing will change it any more.
func (v *subjectView) nextStep(r Row, met bool) *string {
	w := v.window()
	cut := earlier(w.End, v.cut())
	s := step{
		objective: v.objective, target: *v.target, value: *r.Value, numerator: r.Numerator, denominator: r.Denominator,
		budget: r.Budget, met: met,
		running: v.period.Kind != Rolling && cut.Before(w.End),
		elapsed: max(0, wholeSeconds(cut.Sub(later(w.Start, v.dataSince())))),
		rest:    max(0, wholeSeconds(w.End.Sub(cut))),
		until:   w.End.In(v.policy.Calendar.Location).Format("2 January"),
	}
	sentence := s.sentence()
	switch {
	case sentence != "":
		return &sentence
	case met:
		return nil
	}
	return v.remediation()
}

// remediation is the next step of a missed row of which numbers say nothing; nil
// where the rubric does not say either.
func (v *subjectView) remediation() *string {
	if v.objective.Remediation == "" {
		return nil
	}
	return &v.objective.Remediation
}

// sentence is empty where numbers say nothing.
func (s step) sentence() string {
	if s.objective.CountsEvents() {
		return s.items()
	}
	switch s.objective.Measure {
	case MeasureAvailability:
		return s.downtime()
	case MeasureOncallBurden, MeasureRotationCoverage:
		return s.timeShare()
	case MeasureTicketCount, MeasureRecordCount:
		return s.count()
	case MeasurePostmortems, MeasureCoverage, MeasureHiringPlan:
		return s.lacking()
	case MeasureRetention:
		return s.leaving()
	case MeasureResponseTime, MeasureTicketRatio, MeasureActionItems, MeasureOnboarding, MeasureMentorship, MeasureRotationShift, MeasureCrossLine:
		return s.items()
	default:
		return s.distance()
	}
}

// count is about a number of things that were done.
func (s step) count() string {
	lacks := s.short(Int(1))
	switch {
	case s.met:
		return ""
	case s.running:
		return fmt.Sprintf("%d more before %s meet the target.", lacks, s.until)
	}
	return fmt.Sprintf("%d more would have met the target.", lacks)
}

// lacking is about things of which those that lack something can be mended while the window runs.
func (s step) lacking() string {
	if s.met || s.denominator == nil {
		return ""
	}
	lacks := s.short(*s.denominator)
	if !s.running && s.objective.Measure != MeasurePostmortems { // Those count however late they are.
		return fmt.Sprintf("%d more of the %s would have met the target.", lacks, s.denominator)
	}
	return fmt.Sprintf("%d more of the %s meet the target: %s.", lacks, s.denominator, s.remedy())
}

// remedy is what each of the things that lack something needs.
func (s step) remedy() string {
	switch s.objective.Measure {
	case MeasurePostmortems:
		return "deliver post-mortems that are missing"
	case MeasureCoverage:
		return "deliver tickets of class " + s.objective.Of + " that name the services without"
	default:
		return "fill the places that are planned and open"
	}
}

// leaving is about people who leave: each is one more of those who left, and half a
// person less in the mean of the two headcounts.
func (s step) leaving() string {
	if s.denominator == nil || !s.good() {
		return ""
	}
	allowed := Int(1).Sub(s.target)
	each := Int(1).Add(allowed.Quo(Int(2)))
	spare := allowed.Mul(*s.denominator).Sub(s.denominator.Sub(*s.numerator)).Quo(each)
	switch {
	case !s.met:
		return fmt.Sprintf("With %d fewer leaving the target would have been met.", s.least(Int(0).Sub(spare)))
	case s.running && s.whole(spare) == 0:
		return "The target is missed if one more leaves."
	case s.running:
		return fmt.Sprintf("%d more may leave before %s.", s.whole(spare), s.until)
	}
	return ""
}

// short is how many more of a whole would do, in whole numbers.
func (s step) short(whole Number) int64 { return s.least(s.target.Sub(s.value).Mul(whole)) }

// least is the smallest whole number that makes up for what is lacking.
func (s step) least(lack Number) int64 {
	if s.objective.Direction == Above {
		return lack.Floor() + 1
	}
	return lack.Ceil()
}

// distance is how far a value that is no count of things is from its target.
func (s step) distance() string {
	if s.met || s.objective.Unit == UnitRatio {
		return ""
	}
	much, side := s.target.Sub(s.value), "short of"
	if much.Sign() < 0 {
		much, side = s.value.Sub(s.target), "beyond"
	}
	if much.Sign() == 0 {
		return "The value is equal to the target, and has to pass it."
	}
	return fmt.Sprintf("The value is %s %s the target.", s.amount(much), side)
}

// amount writes a difference in the objective's unit, to two decimals and never as less than it is.
func (s step) amount(n Number) string {
	rounded := Ratio(n.Mul(Int(100)).Ceil(), 100)
	switch s.objective.Unit {
	case UnitSeconds:
		return spell(n.Ceil())
	case UnitDays:
		return fmt.Sprintf("%s days", rounded)
	default:
		return rounded.String()
	}
}

// ahead is what a number of things grows by until the window ends, at its pace so
// far; 0 while too little of the window has passed to speak of a pace.
func (s step) ahead(n Number) int64 {
	if !s.running || s.elapsed == 0 || paceShare*s.elapsed < s.elapsed+s.rest {
		return 0
	}
	return n.Mul(Ratio(s.rest, s.elapsed)).Add(Ratio(1, 2)).Floor()
}
