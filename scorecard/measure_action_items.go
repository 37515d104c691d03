package scorecard

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

// The classes of action items. All but the last are judged.
const (
	actionOnTime   = "on_time"
	actionLate     = "late" // Delivered after it was due.
	actionUndated  = "undated"
	actionDeclined = ticketDeclined
	actionOpen     = "open"
	actionPending  = "pending" // Not due yet.
)

// action is an action item that is due in the window.
type action struct {
	*ticketState
	due   time.Time
	class string
}

// measureActionItems judges which share of the action items that fell due in
// the window had been delivered by then.
func measureActionItems(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).actionsInTime)
}

func (v *subjectView) actionsInTime() measurement {
	actions, p := v.actions(), newPopulation()
	if since := v.dataSince(); since.After(v.period.Start) && !since.Before(v.cut()) {
		return measurement{population: p, noData: fmt.Sprintf("Of action items that were due before %s not all are known: Jira is read from %s on.",
			since.UTC().Format(time.DateOnly), v.states[facts.Jira].DataSince.UTC().Format(time.DateOnly))}
	}
	p.Total = len(actions)
	for _, a := range actions {
		if a.class == actionPending {
			p.Excluded[a.class]++
			continue
		}
		p.Used++
		p.Classes[a.class]++
	}
	good, undated := p.Classes[actionOnTime], p.Classes[actionUndated]
	m := measurement{
		judged: p.Used, trusted: p.Used - undated, immature: p.Excluded[actionPending] > 0, population: p,
		sample: &sample{k: good, n: p.Used}, evidence: func() []Evidence { return actionEvidence(actions) },
	}
	if undated > 0 {
		m.caveats = append(m.caveats, fmt.Sprintf("Of %d delivered action items nothing tells when; they are counted, and not as on time.", undated))
	}
	if p.Used > 0 {
		m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d action items were delivered within %s.", good, p.Used, v.objective.Due)
	}
	return m
}

// actions lists the subject's action items that fall due in the window, as far
// as all of them are known, by id.
func (v *subjectView) actions() []action {
	var list []action
	since, within := v.dataSince(), v.within()
	for _, t := range v.tickets(ClassActionItem) {
		a := action{ticketState: t, due: v.due(t.CreatedAt, v.objective.Due)}
		if within(a.due) && !a.due.Before(since) {
			a.class = v.classifyAction(&a)
			list = append(list, a)
		}
	}
	return list
}

func (v *subjectView) classifyAction(a *action) string {
	switch {
	case a.due.After(v.known()):
		return actionPending
	case !a.finished:
		return actionOpen
	case !a.delivered:
		return actionDeclined
	case a.at.IsZero():
		return actionUndated
	case a.at.After(a.due):
		return actionLate
	}
	return actionOnTime
}

// actionEvidence lists the action items by the instant of their creation.
func actionEvidence(actions []action) []Evidence {
	items := make([]Evidence, 0, len(actions))
	for _, a := range actions {
		e := Evidence{
			Kind: "ticket", ID: a.Key, URL: a.URL, At: a.CreatedAt.UTC(), Class: a.class, Counted: InDenominator,
			Reason: fmt.Sprintf("Due on %s; %s.", stamp(a.due), a.state()),
		}
		switch a.class {
		case actionOnTime:
			e.Counted = InNumerator
		case actionPending:
			e.Counted = NotCounted
		}
		items = append(items, e)
	}
	sortEvidence(items)
	return items
}

// state says what became of an action item.
func (a *action) state() string {
	switch {
	case a.class == actionOpen:
		return "not finished"
	case a.class == actionUndated:
		return "delivered, and nothing tells when"
	case a.class == actionDeclined:
		return "declined"
	case a.at.IsZero():
		return "not finished yet"
	case a.class == actionPending:
		return "finished on " + stamp(a.at)
	}
	return "delivered on " + stamp(a.at)
}
