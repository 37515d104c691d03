package scorecard

import "slices"

// measurer returns the function that measures the objective; nil where this version has none.
func (o Objective) measurer() func(*subjectView) measurement {
	if o.CountsEvents() {
		return measureEvents
	}
	switch o.Measure {
	case MeasureAvailability:
		return measureAvailability
	case MeasureResponseTime:
		return measureResponseTime
	case MeasureOncallBurden:
		return measureOncallBurden
	case MeasureRotationCoverage:
		return measureRotationCoverage
	case MeasureRotationSize:
		return measureRotationSize
	case MeasureRotationShift:
		return measureRotationShift
	case MeasureEscalationDepth:
		return measureEscalationDepth
	case MeasurePostmortems:
		return measurePostmortems
	case MeasurePostmortemQuality:
		return measurePostmortemQuality
	case MeasureActionItems:
		return measureActionItems
	case MeasureTicketCount:
		return measureTicketCount
	case MeasureTicketRatio:
		return measureTicketRatio
	case MeasureCoverage:
		return measureCoverage
	case MeasureOnboarding:
		return measureOnboarding
	case MeasureCrossLine:
		return measureCrossLine
	case MeasureSurvey:
		return measureSurvey
	case MeasureRecordCount:
		return measureRecordCount
	case MeasureRecordLatest:
		return measureRecordLatest
	case MeasureRetention:
		return measureRetention
	case MeasureTimeToProductivity:
		return measureTimeToProductivity
	case MeasureHiringPlan:
		return measureHiringPlan
	case MeasureMentorship:
		return measureMentorship
	default:
		return nil
	}
}

func (v *subjectView) measure() measurement { return v.objective.measurer()(v) }

// leavingExemptOut measures the teams that no exception takes out, and for
// comparison all of them.
func (v *subjectView) leavingExemptOut(measure func(*subjectView) measurement) measurement {
	log := v.exceptionLog()
	if len(log) == 0 {
		return measure(v)
	}
	counted := *v
	counted.teams = slices.DeleteFunc(slices.Clone(v.teams), func(t Team) bool { return v.teamException(t.ID) != nil })
	m := measure(&counted)
	m.exceptions = log.rows()
	if all := measure(v); all.suppressed == "" {
		m.withoutExceptions = all.value
	}
	return m
}
