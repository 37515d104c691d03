package scorecard

import (
	"slices"
	"strings"
)

// applies reports whether the subject's cards have a row for the objective in
// this kind of period.
func (e *evaluator) applies(o Objective, s Subject) bool { return e.absence(o, s) == "" }

// absence says why the subject's card of the period has no row for an objective,
// in words that follow its name; empty when it has one.
func (e *evaluator) absence(o Objective, s Subject) string {
	scope, elsewhere := ScopeTeam, "is on the organisation's card only"
	if s.ID == OrgID {
		scope, elsewhere = ScopeOrg, "is on cards of teams only"
	}
	switch {
	case !slices.Contains(o.Scope, scope):
		return elsewhere
	case len(e.teams(o, s)) == 0:
		return o.notFor(s)
	case e.period.Kind == Quarter || e.period.Kind == Year:
		return ""
	case o.counts() || o.Window != WindowPeriod || o.Measure == MeasureHiringPlan || o.Requires != "":
		return "is on cards of quarters and years only"
	}
	return ""
}

// notFor says which teams the objective is for, where none of the subject's is one of them.
func (o Objective) notFor(s Subject) string {
	teams := "is for teams"
	if len(o.Lines) > 0 {
		lines := make([]string, len(o.Lines))
		for i, l := range o.Lines {
			lines[i] = string(l)
		}
		teams += " of line " + strings.Join(lines, " or ")
	}
	if o.Requires != "" {
		teams += " with " + o.Requires.words()
	}
	if s.ID == OrgID {
		return teams + ", and there is none"
	}
	return teams + ", and " + s.ID + " is none of them"
}

// words say what a team must have.
func (r Requirement) words() string {
	switch r {
	case RequireRotation24x7:
		return "a rotation around the clock (24x7)"
	case RequireRotationBusiness:
		return "a rotation of business hours"
	default:
		return "a rotation"
	}
}

// rowsOf lists the objectives that the subject's card has rows for.
func (e *evaluator) rowsOf(s Subject) []string {
	var ids []string
	for _, o := range e.policy.Rubric.Objectives {
		if e.applies(o, s) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}
