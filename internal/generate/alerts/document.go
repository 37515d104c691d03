package alerts

import (
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Windows, as the label of that name has them.
const (
	rolling = "28d"
	quarter = "current_quarter"
)

// document is what the alerts are made from: the targets, teams and sources of
// an organisation.
type document struct {
	policy     *scorecard.Policy
	runbookURL string
}

// targeted lists the objectives of some measures that can be missed: those that
// have a target and apply to a team.
func (d *document) targeted(measures ...scorecard.Measure) []scorecard.Objective {
	var found []scorecard.Objective
	for _, o := range d.policy.Rubric.Objectives {
		if o.Target != nil && slices.Contains(measures, o.Measure) && d.team(o) != "" {
			found = append(found, o)
		}
	}
	return found
}

// ofTeams lists the targeted objectives of a measure that teams have rows of,
// not the organisation alone.
func (d *document) ofTeams(m scorecard.Measure) []scorecard.Objective {
	return slices.DeleteFunc(d.targeted(m), func(o scorecard.Objective) bool {
		return !slices.Contains(o.Scope, scorecard.ScopeTeam)
	})
}

// team returns the first team that an objective applies to; empty when there is
// none, so that it has no row.
func (d *document) team(o scorecard.Objective) string {
	for _, t := range d.policy.Teams {
		if (len(o.Lines) == 0 || slices.Contains(o.Lines, t.Line)) && rotates(t, o.Requires) {
			return t.ID
		}
	}
	return ""
}

// rotates reports whether a team has the rotation that an objective requires.
func rotates(t scorecard.Team, r scorecard.Requirement) bool {
	switch r {
	case scorecard.RequireRotation24x7:
		return t.Rotation != nil && t.Rotation.Coverage == scorecard.AroundTheClock
	case scorecard.RequireRotationBusiness:
		return t.Rotation != nil && t.Rotation.Coverage == scorecard.BusinessHours
	case scorecard.RequireRotation:
		return t.Rotation != nil
	}
	return true
}

// inRolling lists the targeted objectives of a measure that have a row of the
// last 28 days, which those about a year or a rotation do not.
func (d *document) inRolling(m scorecard.Measure) []scorecard.Objective {
	return slices.DeleteFunc(d.targeted(m), func(o scorecard.Objective) bool {
		return o.Window != scorecard.WindowPeriod || o.Requires != ""
	})
}

// proportions lists the targeted objectives whose rows have an interval.
func (d *document) proportions() []scorecard.Objective {
	return d.targeted(scorecard.MeasureResponseTime, scorecard.MeasureTicketRatio, scorecard.MeasureActionItems)
}

// example returns a subject that has a row of an objective, for commands and
// scenarios.
func (d *document) example(o scorecard.Objective) string {
	if slices.Contains(o.Scope, scorecard.ScopeTeam) {
		return d.team(o)
	}
	return scorecard.OrgID
}

// sources lists what this version reads.
func (d *document) sources() []scorecard.SourceRules {
	return slices.DeleteFunc(slices.Clone(d.policy.Sources), func(s scorecard.SourceRules) bool {
		return !s.Built || s.Interval <= 0
	})
}

// interval is the time from one read of a source to the next; 0 when this
// version does not read it.
func (d *document) interval(s facts.Source) time.Duration {
	for _, rules := range d.sources() {
		if rules.Source == s {
			return rules.Interval
		}
	}
	return 0
}

// slowest is the longest interval of a source.
func (d *document) slowest() time.Duration {
	var longest time.Duration
	for _, s := range d.sources() {
		longest = max(longest, s.Interval)
	}
	return longest
}

// runbook returns where the section of an alert can be read.
func (d *document) runbook(name string) string {
	page, _, _ := strings.Cut(d.runbookURL, "#")
	if page == "" {
		page = "docs/runbooks.md"
	}
	return page + "#" + anchor(name)
}

// ids lists the ids of objectives.
func ids(objectives []scorecard.Objective) []string {
	list := make([]string, 0, len(objectives))
	for _, o := range objectives {
		list = append(list, o.ID)
	}
	return list
}
