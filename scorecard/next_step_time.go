package scorecard

import "fmt"

// downtime is about a budget of seconds over the whole window.
func (s step) downtime() string {
	if s.budget == nil {
		return ""
	}
	left := s.whole(*s.budget.Remaining)
	switch {
	case !s.running && s.met:
		return ""
	case !s.running:
		return fmt.Sprintf("%s less of downtime would have met the target.", spell(-left))
	case left < 0:
		return fmt.Sprintf("The downtime is %s beyond what the target leaves until %s: it cannot be met any more before.", spell(-left), s.until)
	case left == 0:
		return fmt.Sprintf("No downtime is left until %s.", s.until)
	}
	return fmt.Sprintf("%s of downtime are left until %s.", spell(left), s.until)
}

// whole is how many whole seconds of a remainder may be used up.
func (s step) whole(remaining Number) int64 {
	if s.objective.Direction == Above || s.objective.Direction == Below {
		return remaining.Ceil() - 1
	}
	return remaining.Floor()
}

// timeShare is about a share of a time that itself goes on to grow.
func (s step) timeShare() string {
	if s.denominator == nil || s.elapsed == 0 {
		return ""
	}
	bad, limit, what := *s.numerator, s.target, "incident work"
	if s.good() {
		bad, limit, what = s.denominator.Sub(*s.numerator), Int(1).Sub(s.target), "time with nobody on call"
	}
	over := *s.denominator
	if s.running {
		over = over.Mul(Ratio(s.elapsed+s.rest, s.elapsed))
	}
	left := s.whole(limit.Mul(over).Sub(bad))
	switch {
	case !s.running && s.met:
		return ""
	case !s.running:
		return fmt.Sprintf("%s less of %s would have met the target.", spell(-left), what)
	case left < 0:
		return fmt.Sprintf("%s of %s are more than the target leaves until %s: it cannot be met any more before.", spell(bad.Ceil()), what, s.until)
	case left == 0:
		return fmt.Sprintf("No %s is left until %s.", what, s.until)
	}
	return fmt.Sprintf("About %s of %s are left until %s.", spell(left), what, s.until)
}
