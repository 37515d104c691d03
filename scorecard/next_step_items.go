package scorecard

import "fmt"

// mostItems is a number of things beyond which nobody counts them.
const mostItems = 1 << 53

// items is about things of which each is good or not for ever, such as answers
// in time. Numbers of events need not be whole ones.
func (s step) items() string {
	if s.denominator == nil || !s.good() || s.target.Sign() <= 0 || s.denominator.Cmp(Int(mostItems)) > 0 {
		return ""
	}
	n := *s.denominator
	bad := n.Sub(*s.numerator)
	switch ahead := s.ahead(n); {
	case !s.running && s.met:
		return ""
	case !s.running:
		return fmt.Sprintf("%d more of the %d %s would have met the target.", s.short(n), n.Ceil(), s.words().good)
	case ahead > 0:
		return s.ofTheNext(ahead, s.whole(s.spare(n.Add(Int(ahead))).Sub(bad)))
	case s.met:
		return s.atOnce(n, bad)
	}
	return s.inARow(n, bad)
}

// good reports whether the target is one to be reached from below.
func (s step) good() bool { return s.objective.Direction == AtLeast || s.objective.Direction == Above }

// spare is what of n may be bad, the limit itself included.
func (s step) spare(n Number) Number { return Int(1).Sub(s.target).Mul(n) }

// ofTheNext is about as many as will come at the present pace.
func (s step) ofTheNext(ahead, spare int64) string {
	if spare >= 0 {
		return fmt.Sprintf("%d of the next %d%s %s.", min(spare, ahead), ahead, s.words().things, s.words().may)
	}
	return fmt.Sprintf("About %d more%s come before %s at this pace, and the target is missed even if none of them %s.",
		ahead, s.words().things, s.until, s.words().is)
}

// atOnce is about a target that is met, before there is a pace to go by: each
// bad one takes from what may be bad, and adds the less to it the higher the target is.
func (s step) atOnce(n, bad Number) string {
	next := s.whole(s.spare(n).Sub(bad).Quo(s.target))
	if next == 0 {
		return fmt.Sprintf("The target is missed if the next one %s.", s.words().is)
	}
	return fmt.Sprintf("%d in a row %s.", next, s.words().may)
}

// inARow is about a target that is missed, before there is a pace to go by.
func (s step) inARow(n, bad Number) string {
	if s.target.Cmp(Int(1)) >= 0 {
		return fmt.Sprintf("The target is missed whatever comes before %s: it allows none that %s, and the number of these is %d.",
			s.until, s.words().is, bad.Ceil())
	}
	more := s.least(bad.Quo(Int(1).Sub(s.target)).Sub(n))
	return fmt.Sprintf("The target is met after %d in a row of which none %s.", more, s.words().is)
}

// wording is how the items of a measure are spoken of. What they are is said of
// great numbers only, beginning with a space.
type wording struct{ good, may, is, things string }

func (s step) words() wording {
	if s.objective.CountsEvents() {
		return wording{"events good", "may be bad", "is bad", " events"}
	}
	switch s.objective.Measure {
	case MeasureRotationShift:
		return wording{"shifts kept short", "may be longer than the rotation allows", "is longer than the rotation allows", ""}
	case MeasureMentorship:
		return wording{"joiners with a senior mentor", "may be without a senior mentor", "is without a senior mentor", ""}
	case MeasureTicketRatio, MeasureCrossLine:
		return wording{"on the good side", "may be on the other side", "is on the other side", ""}
	default:
		return wording{"in time", "may be late", "is late", ""}
	}
}
