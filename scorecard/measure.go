package scorecard

// measurer returns the function that measures the objective; nil where this version has none.
func (o Objective) measurer() func(*subjectView) measurement {
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
	default:
		return nil
	}
}

func (v *subjectView) measure() measurement { return v.objective.measurer()(v) }
