package scorecard

// measurer returns the function that measures the objective; nil where this version has none.
func (o Objective) measurer() func(*subjectView) measurement {
	switch o.Measure {
	case MeasureResponseTime:
		return measureResponseTime
	default:
		return nil
	}
}

func (v *subjectView) measure() measurement { return v.objective.measurer()(v) }
