package scorecard

import (
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// measurement is what a measure found for one subject.
type measurement struct {
	value, numerator, denominator *Number
	withoutExceptions             *Number
	population                    Population
	target                        *Number // That of the team that the row is about, where the subject has none of its own; else nil.
	noData                        string  // Why the facts cannot answer; empty when they can.
	immature                      bool    // Nothing can be judged yet, but something will be.
	judged                        int     // Items in the denominator, for min_n.
	trusted                       int     // Of the used items, those without a caveat.
	onCall                        onCallTime
	judgeable                     *Number // The share of the items that could be judged; nil where all could.
	suppressed                    string  // Why the numbers are held back; empty when they need not be.
	counts, plan, running         bool    // The value is a count, or the part of a plan that is done; its window runs, so that it may still grow.
	atLeast                       *Number // Where there is no value yet: what it will be more than.
	sample                        *sample // For the interval; nil where there is none.
	budget                        *Budget
	details                       any
	exceptions                    []RowException
	caveats                       []string
	reason                        string // Of a row that has a value, or why it is empty where there is more to say.
	evidence                      func() []Evidence
}

// subjectView is what a measure sees: one objective for one subject.
type subjectView struct {
	*evaluator
	objective Objective
	target    *Number
	subject   Subject
	teams     []Team
	needs     []facts.Source // What the row cannot do without.
	horizon   time.Time
	exempt    []Exception // Those that take whole teams out of this objective.
}

// view returns what a measure sees of an objective for a subject.
func (e *evaluator) view(o Objective, s Subject) *subjectView {
	v := &subjectView{
		evaluator: e, objective: o, subject: s, teams: e.teams(o, s), target: e.target(o, s), exempt: e.exemptions(o),
	}
	v.needs = v.needed()
	v.horizon = e.horizon(v.needs)
	return v
}

// measured evaluates one objective for one subject.
func (e *evaluator) measured(o Objective, s Subject) (Row, measurement) {
	v := e.view(o, s)
	r := v.blank()
	if reason := e.missing(o, v.needs); reason != "" {
		return v.unmeasured(r, reason+v.untold()), measurement{}
	}
	if reason := v.unlisted(); reason != "" {
		return v.unmeasured(r, reason), measurement{}
	}
	m := v.measure()
	v.fill(&r, m)
	r = v.judge(r, m)
	if m.suppressed != "" { // Whatever the verdict: what must not be shown is not shown by a stale row either.
		r, m.evidence = heldBack(r), nil
	}
	return r, m
}

// unmeasured is the verdict on a row that cannot be answered.
func (v *subjectView) unmeasured(r Row, reason string) Row {
	r.Exceptions = v.exceptionLog().rows()
	if v.isExempt() {
		return v.withVerdict(r, Exempt, v.exemptReason())
	}
	return v.withVerdict(r, NoData, reason)
}

// blank is the row before anything was measured.
func (v *subjectView) blank() Row {
	o := v.objective
	r := Row{
		ID: o.ID, Title: o.Title, Category: o.Category, Measure: string(o.Measure), Quote: o.Quote,
		Interpretation: o.Interpretation, Unit: o.Unit, Direction: o.Direction, Target: v.target, Weight: o.Weight,
		Window:  v.window(),
		Sources: []RowSource{}, Exceptions: []RowException{}, Caveats: []string{},
	}
	if !v.horizon.IsZero() {
		h := v.horizon.UTC()
		r.Horizon = &h
	}
	for _, source := range v.needs {
		r.Sources = append(r.Sources, v.source(source))
	}
	return r
}

func (e *evaluator) source(s facts.Source) RowSource {
	state := e.states[s]
	_, configured := e.rules[s]
	rs := RowSource{Name: s, Complete: state.Complete(), Unconfigured: !configured}
	if state.Complete() {
		at := state.DataAsOf.UTC()
		rs.DataAsOf = &at
	}
	return rs
}

// fill copies what was measured.
func (v *subjectView) fill(r *Row, m measurement) {
	if m.target != nil {
		v.target, r.Target = m.target, m.target
	}
	r.Value, r.Numerator, r.Denominator = m.value, m.numerator, m.denominator
	r.ValueWithoutExceptions = m.withoutExceptions
	r.Population, r.Budget, r.Details = m.population, m.budget, m.details
	r.Exceptions = append(r.Exceptions, m.exceptions...)
	r.Caveats = append(r.Caveats, m.caveats...)
	r.Coverage = v.coverage(m)
	if m.noData == "" {
		r.Caveats = append(r.Caveats, v.exceptionCaveats(m.exceptions)...)
	}
	if c := v.dataCaveat(); c != "" && !v.objective.looksBack() {
		r.Caveats = append(r.Caveats, c)
	}
	r.Caveats = append(r.Caveats, v.unseen()...)
	if c := v.unreadCaveat(); c != "" && m.judged > 0 {
		r.Caveats = append(r.Caveats, c)
	}
	if m.noData == "" {
		r.Caveats = append(r.Caveats, v.partCaveats()...)
	}
	if c := v.onCallCaveat(m.onCall.from); c != "" && m.judged > 0 {
		r.Caveats = append(r.Caveats, c)
	}
	if m.sample != nil {
		r.Interval = m.sample.wilson()
	}
}

// coverage is the share of what was used that is beyond doubt, and of the
// period of which facts are kept; nil where nothing was measured.
func (v *subjectView) coverage(m measurement) *float64 {
	share := v.dataShare()
	if v.objective.looksBack() || v.objective.CountsEvents() {
		share = Int(1) // Such a row says itself what it lacks.
	}
	if m.onCall.witnessed != nil {
		share = share.Mul(*m.onCall.witnessed)
	}
	if m.judgeable != nil {
		share = share.Mul(*m.judgeable)
	}
	switch {
	case m.population.Used > 0:
		return floatPtr(Ratio(int64(m.trusted), int64(m.population.Used)).Mul(share))
	case m.judged > 0: // Time in which nothing happened.
		return floatPtr(share)
	}
	return nil
}

// judge finds the first verdict that applies.
func (v *subjectView) judge(r Row, m measurement) Row {
	switch {
	case v.isExempt():
		return v.withVerdict(unvalued(r), Exempt, v.exemptReason())
	case m.noData != "":
		return v.withVerdict(unvalued(r), NoData, m.noData)
	case v.stale() != "":
		return v.withVerdict(r, Stale, v.stale())
	case m.judged == 0 && m.immature:
		return v.withVerdict(unvalued(r), Pending, "Nothing in the period can be judged yet.")
	case m.judged == 0:
		return v.withVerdict(unvalued(r), Empty, v.emptyReason(m))
	case m.plan && m.running || m.atLeast != nil && !v.isBeyond(m):
		return v.undecided(r, m)
	case m.suppressed != "":
		return v.withVerdict(heldBack(r), InsufficientData, m.suppressed)
	case m.judged < v.objective.MinN:
		return v.withVerdict(heldBack(r), InsufficientData, fmt.Sprintf("Fewer than %d items: too few to judge.", v.objective.MinN))
	case v.target == nil:
		return v.withVerdict(r, Tracked, m.reason)
	}
	return v.againstTarget(r, m)
}

func (v *subjectView) againstTarget(r Row, m measurement) Row {
	if m.atLeast != nil { // The bound is beyond the target. What is missed without being known has no score.
		r.NextStep = v.remediation()
		return v.withVerdict(r, Missed, m.reason)
	}
	met := v.objective.Direction.holds(*r.Value, *v.target)
	r.NextStep = v.nextStep(r, met)
	if m.running && m.counts && !met {
		return v.withVerdict(r, Pending, m.reason)
	}
	r.Score = points(v.objective, *r.Value, *v.target, met)
	if r.Interval != nil {
		c := r.Interval.confidence(met, v.objective.Direction, *v.target)
		r.Confidence = &c
	}
	if met {
		return v.withVerdict(r, Met, m.reason)
	}
	return v.withVerdict(r, Missed, m.reason)
}

// undecided is a row whose value is not its last one: a plan that runs, or a value of
// which only what it will be more than is known.
func (v *subjectView) undecided(r Row, m measurement) Row {
	if r.Value != nil && v.target != nil {
		r.NextStep = v.nextStep(r, v.objective.Direction.holds(*r.Value, *v.target))
	}
	return v.withVerdict(r, Pending, m.reason)
}

// isBeyond reports whether even the least that a value will be misses the target.
func (v *subjectView) isBeyond(m measurement) bool {
	if v.target == nil {
		return false
	}
	order := m.atLeast.Cmp(*v.target)
	return v.objective.Direction == Below && order >= 0 || v.objective.Direction == AtMost && order > 0
}

func (v *subjectView) withVerdict(r Row, verdict Verdict, reason string) Row {
	r.Verdict, r.Reason = verdict, reason
	return r
}

// unvalued takes away every number that a verdict without a value must not show.
func unvalued(r Row) Row {
	r.Value, r.Numerator, r.Denominator, r.Interval, r.Budget = nil, nil, nil, nil, nil
	return r
}

// heldBack takes away besides what would give away what a row must not show.
func heldBack(r Row) Row {
	r = unvalued(r)
	r.ValueWithoutExceptions, r.Details, r.Population.Classes = nil, nil, map[string]int{}
	return r
}

func (v *subjectView) exemptReason() string {
	return fmt.Sprintf("An exception takes this objective out of the count for %s.", v.subject.Name)
}

func (v *subjectView) emptyReason(m measurement) string {
	if m.reason != "" {
		return m.reason
	}
	if m.population.Total == 0 {
		return "Nothing of this kind happened in the period."
	}
	return fmt.Sprintf("All %d items of the period are excluded from this objective.", m.population.Total)
}

// window is what the row looks at.
func (v *subjectView) window() Window { return v.windowOf(v.objective) }

// windowOf is what the rows of an objective look at.
func (e *evaluator) windowOf(o Objective) Window {
	w := Window{Start: e.period.Start.UTC(), End: e.period.End.UTC()}
	cal := e.policy.Calendar
	switch o.Window {
	case WindowYear:
		year := cal.YearOf(e.period.End.Add(-time.Nanosecond))
		return Window{Start: year.Start, End: year.End}
	case WindowTrailingYear:
		end := e.period.End.In(cal.Location)
		return Window{Start: firstInstant(end.Year()-1, end.Month(), end.Day(), cal.Location).UTC(), End: w.End}
	case WindowPeriod:
	}
	return w
}

// counts reports whether the objective counts things towards a number per quarter or year.
func (o Objective) counts() bool {
	return o.Measure == MeasureTicketCount || o.Measure == MeasureRecordCount
}

// teams lists the teams of a subject to which an objective applies.
func (e *evaluator) teams(o Objective, s Subject) []Team {
	var teams []Team
	for _, t := range e.policy.Teams {
		if (s.ID == OrgID || s.ID == t.ID) && o.appliesTo(t) {
			teams = append(teams, t)
		}
	}
	return teams
}

func (o Objective) appliesTo(t Team) bool {
	if len(o.Lines) > 0 && !slices.Contains(o.Lines, t.Line) {
		return false
	}
	switch o.Requires {
	case RequireRotation:
		return t.Rotation != nil
	case RequireRotation24x7:
		return t.Rotation != nil && t.Rotation.Coverage == AroundTheClock
	case RequireRotationBusiness:
		return t.Rotation != nil && t.Rotation.Coverage == BusinessHours
	}
	return true
}

// quartersPerYear multiplies a quarter's count on the card of a year.
const quartersPerYear = 4

// target is what the subject must reach in this period; nil when the
// document names no number, or the number is not the subject's to have.
func (e *evaluator) target(o Objective, s Subject) *Number {
	if o.TargetFrom != "" {
		for _, t := range e.policy.Teams {
			if t.ID == s.ID && t.Rotation != nil {
				return Int(t.Rotation.Size).Ptr()
			}
		}
		return nil
	}
	if o.Target != nil && o.counts() && o.Window == WindowPeriod && e.period.Kind == Year {
		return o.Target.Mul(Int(quartersPerYear)).Ptr()
	}
	return o.Target
}

// trend compares the row with the one of the period before.
func (e *evaluator) trend(now judgedRow, o Objective, s Subject, before *evaluator) *Trend {
	if now.row.Value == nil || !before.applies(o, s) || before.view(o, s).dataShare().Cmp(Int(1)) < 0 {
		return nil
	}
	earlier := before.row(o, s)
	if earlier.row.Value == nil {
		return nil
	}
	t := &Trend{Previous: earlier.row.Value, Delta: now.row.Value.Sub(*earlier.row.Value).Ptr()}
	if now.row.Confidence != nil && now.sample != nil && earlier.sample != nil {
		t.Detectable = detectable(*now.sample, *earlier.sample)
	}
	return t
}
