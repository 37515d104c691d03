package config

import "teamhealth/scorecard"

// targetWarning says of an objective's target that every value meets it, or none does; it is
// empty where there are values of both kinds.
func targetWarning(o *scorecard.Objective) Problem {
	if o.Target == nil {
		return Problem{}
	}
	low, high := bounds(o)
	atLow, atHigh := low != nil && o.Target.Cmp(*low) == 0, high != nil && o.Target.Cmp(*high) == 0
	hint := "is the direction " + string(o.Direction) + " meant?"
	switch {
	case o.Direction == scorecard.Above && atHigh, o.Direction == scorecard.Below && atLow:
		return Problem{Problem: "no value can meet it", Hint: hint}
	case o.Direction == scorecard.AtLeast && atLow, o.Direction == scorecard.AtMost && atHigh:
		return Problem{Problem: "no value can miss it", Hint: hint + " Without a target the objective is shown, and not judged"}
	}
	return Problem{}
}

// bounds are the least and the greatest value that an objective can have, nil where there
// is none. A target outside them is a mistake, and not a matter of warnings.
func bounds(o *scorecard.Objective) (low, high *scorecard.Number) {
	switch o.Measure {
	case scorecard.MeasureSurvey, scorecard.MeasureRecordLatest: // Whatever stands in the records.
		return nil, nil
	case scorecard.MeasureRetention: // More people can leave than there were at the ends of the year.
		return nil, scorecard.Int(1).Ptr()
	case scorecard.MeasureOncallBurden: // It is held against working hours, which are less than all of time.
		return scorecard.Int(0).Ptr(), nil
	default:
	}
	if o.Unit == scorecard.UnitRatio {
		high = scorecard.Int(1).Ptr()
	}
	return scorecard.Int(0).Ptr(), high
}
