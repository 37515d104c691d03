package scorecard

import (
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// staleFloor is the age below which data is never stale, and staleIntervals
// how many intervals of its source it may be old.
const (
	staleFloor     = time.Hour
	staleIntervals = 3
)

// needs lists the sources that an objective cannot do without; the row of one subject may
// do with fewer.
func (o Objective) needs() []facts.Source {
	switch o.Measure {
	case MeasureEvents, MeasureAvailability:
		if o.CountsEvents() {
			return []facts.Source{facts.Prometheus}
		}
		return []facts.Source{facts.PagerDuty}
	case MeasureResponseTime, MeasureOncallBurden, MeasureRotationCoverage, MeasureRotationSize, MeasureRotationShift,
		MeasureEscalationDepth:
		return []facts.Source{facts.PagerDuty}
	case MeasurePostmortems:
		return []facts.Source{facts.PagerDuty, facts.Jira}
	case MeasureCrossLine:
		if o.Share == shareExecuted {
			return []facts.Source{facts.PagerDuty, facts.Jira}
		}
		return []facts.Source{facts.Jira}
	case MeasurePostmortemQuality, MeasureActionItems, MeasureTicketRatio, MeasureTicketCount, MeasureCoverage,
		MeasureOnboarding:
		return []facts.Source{facts.Jira}
	case MeasureSurvey, MeasureRecordCount, MeasureRecordLatest:
		return []facts.Source{facts.Records}
	case MeasureTimeToProductivity:
		return []facts.Source{facts.PagerDuty}
	case MeasureRetention, MeasureHiringPlan, MeasureMentorship: // The roster and the plan are configuration.
	}
	return nil
}

// needsShifts reports whether an objective cannot do without who is on call. A
// burden can: it then compares only with those who acted, and says so.
func (o Objective) needsShifts() bool {
	switch o.Measure {
	case MeasureRotationCoverage, MeasureRotationSize, MeasureRotationShift:
		return true
	case MeasureCrossLine:
		return o.Share == shareExecuted
	default:
		return false
	}
}

// needsRoster reports whether an objective is about people that the configuration lists.
func (o Objective) needsRoster() bool {
	switch o.Measure {
	case MeasureRetention, MeasureTimeToProductivity, MeasureHiringPlan, MeasureMentorship, MeasureOnboarding, MeasureOncallBurden,
		MeasureCrossLine:
		return true
	default:
		return false
	}
}

// looksBack reports whether the rows of an objective look back from the cut,
// whenever their period began.
func (o Objective) looksBack() bool {
	return o.Measure == MeasureRotationSize || o.Measure == MeasureCoverage
}

// missing says why an objective cannot be answered at all; empty when it can.
func (e *evaluator) missing(o Objective, needs []facts.Source) string {
	for _, s := range needs {
		rules, configured := e.rules[s]
		switch {
		case !configured:
			return fmt.Sprintf("The source %s is not configured.", s)
		case !rules.Built:
			return fmt.Sprintf("This version does not read the source %s yet.", s)
		case s == facts.Prometheus && (o.Good == "" || o.Total == ""):
			return fmt.Sprintf("The objective %s has no expressions good and total.", o.ID)
		case !e.states[s].Complete():
			return fmt.Sprintf("The source %s has not completed a first sync yet.", s)
		case s == facts.Records && e.states[s].Lacks(facts.KindRecord):
			return "There is no file that sources.records.files names."
		case e.unknown(s):
			return fmt.Sprintf("The source %s is read from %s on; of what was earlier, nothing is known.",
				s, e.states[s].DataSince.UTC().Format(time.DateOnly))
		}
	}
	if o.needsRoster() && len(e.policy.People) == 0 {
		return "The configuration lists no people."
	}
	if class := e.undefined(o); class != "" {
		return fmt.Sprintf("The configuration has no class of tickets named %s.", class)
	}
	if o.needsShifts() && e.states[facts.PagerDuty].Lacks(facts.KindShift) {
		return "Who is on call was never told: PagerDuty's plan lacks it, or the token may not read it."
	}
	if o.measurer() == nil {
		return fmt.Sprintf("This version does not compute the measure %s yet.", o.Measure)
	}
	return ""
}

// unknown reports whether the period, as far as asOf looks into it, was over
// before a source is read from.
func (e *evaluator) unknown(s facts.Source) bool {
	cut, since := e.period.End, e.states[s].DataSince
	if e.asOf.Before(cut) {
		cut = e.asOf
	}
	return since.After(e.period.Start) && !since.Before(cut)
}

// stale says that a needed source was last read too long ago to judge a
// period that was still running then; empty when that is not so.
func (v *subjectView) stale() string {
	for _, s := range v.needs {
		state := v.states[s]
		at := lastRead(state)
		if state.DataAsOf.Before(v.period.End) && v.asOf.Sub(at) > v.rules[s].patience() {
			return fmt.Sprintf("The source %s was last read completely at %s, which is too long ago for a period that was still running then.",
				s, at.UTC().Format(time.RFC3339))
		}
	}
	return ""
}

// lastRead is when a source was last read completely. What Prometheus counted is known
// up to the end of an hour, which may have been long before it was last asked.
func lastRead(state facts.SourceState) time.Time {
	if state.Source == facts.Prometheus {
		return later(state.DataAsOf, state.LastSuccess)
	}
	return state.DataAsOf
}

// dataShare is the share of the time that the row looks at, up to the horizon, for which the
// facts that it needs are kept: below 1 where that time begins before a source is read.
func (v *subjectView) dataShare() Number {
	start, cut := v.window().Start, earlier(v.period.End, v.horizon)
	if v.objective.Measure == MeasureCoverage {
		start = cut.Add(-time.Duration(v.objective.MaxAge))
	}
	since := v.dataSince()
	switch {
	case !since.After(start) || !start.Before(cut):
		return Int(1)
	case !since.Before(cut):
		return Int(0)
	}
	return Ratio(int64(cut.Sub(since)), int64(cut.Sub(start)))
}

// dataSince is the instant from which on the facts that the row needs are kept.
// What was due at it was created earlier, and may be untouched since.
func (v *subjectView) dataSince() time.Time {
	var latest time.Time
	for _, s := range v.needs {
		if s == facts.PagerDuty && v.objective.Measure == MeasureCrossLine {
			continue // Who was on call is looked at before each ticket, not in the window.
		}
		latest = later(latest, v.states[s].DataSince)
	}
	if v.objective.Measure == MeasureActionItems && !latest.IsZero() {
		latest = later(latest, v.policy.Calendar.due(latest.Add(-facts.TicketMargin), v.objective.Due))
	}
	return latest
}

// dataCaveat tells a reader that the period began before the facts do.
func (v *subjectView) dataCaveat() string {
	if v.dataShare().Cmp(Int(1)) == 0 {
		return ""
	}
	since, what := v.dataSince(), "period"
	if v.objective.Measure == MeasureActionItems && since.After(v.states[facts.Jira].DataSince) {
		return fmt.Sprintf("Of action items that were due before %s not all are known, and none is counted.", since.UTC().Format(time.DateOnly))
	}
	if v.objective.Window == WindowYear || v.objective.Window == WindowTrailingYear {
		what = "window"
	}
	return fmt.Sprintf("The %s began before %s, from when on facts are kept; what happened earlier is not counted.",
		what, since.UTC().Format(time.DateOnly))
}

// onCallTime says how much a row rests on who was on call; the zero value is
// that of one that does not.
type onCallTime struct {
	from      time.Time // Since when it looks at that.
	witnessed *Number   // The share of it that came after the first sync; nil where it is not what the row counts.
}

// judgeable is the share of some items that were judged, beside those that
// would have been if more were known of them.
func judgeable(judged, unknown int) *Number {
	return Ratio(int64(judged), int64(judged+unknown)).Ptr()
}

// witnessed is the share of some time that was not over before anybody looked.
func (v *subjectView) witnessed(times []Stretch) *Number {
	all := length(times)
	if all == 0 {
		return nil
	}
	after := length(clip(times, v.states[facts.PagerDuty].FirstAsOf, v.asOf))
	return Ratio(int64(after), int64(all)).Ptr()
}

// partCaveats tell a reader that some of what the objective rests on was told
// badly, and is asked for again.
func (v *subjectView) partCaveats() (caveats []string) {
	incidents := slices.Contains(v.needs, facts.PagerDuty)
	shifts := v.objective.needsShifts() || v.objective.Measure == MeasureOncallBurden
	switch v.objective.Measure {
	case MeasureRotationCoverage, MeasureRotationSize, MeasureRotationShift, MeasureEscalationDepth, MeasureCrossLine:
		incidents = false
	default:
	}
	state := v.states[facts.PagerDuty]
	if incidents && state.Lacks(facts.KindSomeIncidents) {
		caveats = append(caveats, "Some of PagerDuty's incidents or log entries could not be understood: what they tell may be missing, and they are asked for again.")
	}
	if shifts && state.Lacks(facts.KindSomeShifts) {
		caveats = append(caveats, "Some of what PagerDuty tells of who is on call could not be understood: it may be missing, and is asked for again.")
	}
	return caveats
}

// onCallCaveat tells a reader of a row about who was on call since an instant
// that some of its time was over before anybody looked: of that, PagerDuty tells
// what its present policies would have made of it.
func (v *subjectView) onCallCaveat(from time.Time) string {
	first := v.states[facts.PagerDuty].FirstAsOf
	if from.IsZero() || !from.Before(first) {
		return ""
	}
	return fmt.Sprintf("Who was on call before %s, the first sync, is as PagerDuty reconstructs it from its present policies.",
		first.UTC().Format(time.RFC3339))
}

// unreadCaveat tells a reader that PagerDuty refused to list something that
// the objective rests on; empty when it did not. What was known of it before is used.
func (v *subjectView) unreadCaveat() string {
	state, measure := v.states[facts.PagerDuty], v.objective.Measure
	switch {
	case measure == MeasureEscalationDepth && state.Lacks(facts.KindPolicy):
		return "PagerDuty's escalation policies could not be read the last time: they are shown as they were before."
	case measure == MeasureAvailability && slices.Contains(v.needs, facts.PagerDuty) && state.Lacks(facts.KindMaintenance):
		return "PagerDuty's maintenance windows could not be read the last time: outages in those that are not known count as downtime."
	}
	return ""
}
