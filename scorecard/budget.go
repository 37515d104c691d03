package scorecard

import "time"

// paceShare is which part of a period must have passed before its pace says
// anything about the rest: one in so many.
const paceShare = 4

// timeBudget is how much downtime the target leaves to a number of services
// over the whole period, and what of it is used. It is nil where the target is
// none to be kept from below. What is allowed need not be whole seconds.
func (v *subjectView) timeBudget(used int64, services int) *Budget {
	if v.target == nil || (v.objective.Direction != AtLeast && v.objective.Direction != Above) {
		return nil
	}
	whole := wholeSeconds(v.period.End.Sub(v.period.Start)) * int64(services)
	allowed := Int(1).Sub(*v.target).Mul(Int(whole))
	remaining := allowed.Sub(Int(used))
	return &Budget{
		Unit: "seconds", Allowed: allowed.Ptr(), Used: Int(used).Ptr(), Remaining: remaining.Ptr(),
		ExhaustsAt: v.exhaustion(remaining, used),
	}
}

// exhaustion is when the rest of a budget will be used up, if downtime goes on
// to come at the pace of the period so far. It is nil when that is not before
// the period's end, as when nothing was used; when nothing is left, since
// then the question is settled; and while too little of the period has passed to speak of a pace.
func (v *subjectView) exhaustion(remaining Number, used int64) *time.Time {
	span, length := v.observed(), v.period.End.Sub(v.period.Start)
	if used == 0 || remaining.Sign() <= 0 || paceShare*span.To.Sub(v.period.Start) < length {
		return nil
	}
	ahead := remaining.Mul(Ratio(wholeSeconds(span.To.Sub(span.From)), used))
	if ahead.Cmp(Int(wholeSeconds(v.period.End.Sub(span.To)))) >= 0 {
		return nil
	}
	at := span.To.Add(time.Duration(ahead.Floor()) * time.Second).UTC()
	return &at
}

// wholeSeconds is for spans between instants that are whole seconds.
func wholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }
