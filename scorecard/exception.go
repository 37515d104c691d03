package scorecard

import (
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// exemptions lists the exceptions that take whole teams out of an objective
// in this period. An exception holds for periods that began before the first
// instant of its last day, so its expiry changes nothing that was.
func (e *evaluator) exemptions(o Objective) []Exception {
	var found []Exception
	for _, x := range e.policy.Exceptions {
		if x.Objective == o.ID && len(x.Incidents) == 0 && e.covers(x, e.period.Start) {
			found = append(found, x)
		}
	}
	return found
}

// covers reports whether the exception holds for what began at t.
func (e *evaluator) covers(x Exception, t time.Time) bool {
	return t.Before(x.Until.In(e.policy.Calendar.Location))
}

// isExempt reports whether the row's whole subject is taken out.
func (v *subjectView) isExempt() bool {
	for _, t := range v.teams {
		if v.teamException(t.ID) == nil {
			return false
		}
	}
	return true
}

// teamException returns the exception that takes a team out, or nil.
func (v *subjectView) teamException(team string) *Exception {
	i := slices.IndexFunc(v.exempt, func(x Exception) bool { return x.concerns(team) })
	if i < 0 {
		return nil
	}
	return &v.exempt[i]
}

// exceptionFor returns the exception that takes an incident of a team out of
// the objective, or nil.
func (v *subjectView) exceptionFor(d *Digest, team string) *Exception {
	if x := v.teamException(team); x != nil {
		return x
	}
	for i := range v.policy.Exceptions {
		x := &v.policy.Exceptions[i]
		if x.Objective == v.objective.ID && x.concerns(team) && slices.Contains(x.Incidents, d.ID) && v.covers(*x, d.CreatedAt) {
			return x
		}
	}
	return nil
}

// concerns reports whether the exception is about a team. One that names no
// team, or the organisation, is about all of them.
func (x *Exception) concerns(team string) bool { return x.general() || x.Team == team }

// general reports whether the exception is about every team.
func (x *Exception) general() bool { return x.Team == "" || x.Team == OrgID }

// exceptionCaveats tells of exceptions that no longer do what they are there
// for. One is expired when it ran out by asOf and before the period did, so that some
// of the period, or all of it, is not covered; what it takes out by then stays out.
// One is unused when it takes nothing out of the row, and names no incident of
// another period: all are another team's, not counted anyway, or typing errors.
func (v *subjectView) exceptionCaveats(taken []RowException) []string {
	var caveats []string
	for i := range v.policy.Exceptions {
		x := &v.policy.Exceptions[i]
		if x.Objective != v.objective.ID || !slices.ContainsFunc(v.teams, func(t Team) bool { return x.concerns(t.ID) }) {
			continue
		}
		until := x.Until.In(v.policy.Calendar.Location)
		expired := !v.covers(*x, v.asOf) && until.Before(v.period.End)
		used := slices.ContainsFunc(taken, func(r RowException) bool { return r.ID == x.ID })
		switch {
		case expired && used && len(x.Incidents) == 0:
			caveats = append(caveats, fmt.Sprintf("Exception %s expired on %s: periods that begin from then on are not taken out.",
				x.ID, until.Format(time.DateOnly)))
		case expired && used:
			caveats = append(caveats, fmt.Sprintf("Exception %s expired on %s: what began from then on is not taken out.",
				x.ID, until.Format(time.DateOnly)))
		case expired:
			caveats = append(caveats, fmt.Sprintf("Exception %s expired on %s and takes nothing out of this row.",
				x.ID, until.Format(time.DateOnly)))
		case used || v.servesAnother(x):
		case v.subject.ID == OrgID || !x.general(): // One for every team is used when it serves any.
			caveats = append(caveats, fmt.Sprintf("Exception %s takes nothing out of this row: no incident that it names counts in it.", x.ID))
		}
	}
	return caveats
}

// servesAnother reports whether the exception names an incident of another
// period, for which it holds. Whether that counts there is for that period's row to say.
func (v *subjectView) servesAnother(x *Exception) bool {
	return slices.ContainsFunc(v.facts.Named, func(i facts.Incident) bool {
		return slices.Contains(x.Incidents, i.ID) && !v.takesIn(i) && v.covers(*x, i.CreatedAt)
	})
}

// takesIn reports whether an incident is one of the period's, as the objective
// counts them: by its creation, or by its resolve where that is what asks for something.
func (v *subjectView) takesIn(i facts.Incident) bool {
	if v.objective.Measure == MeasurePostmortems {
		return v.seen(i.ResolvedAt) && !i.ResolvedAt.Before(v.period.Start) && i.ResolvedAt.Before(v.period.End)
	}
	return v.owns(i.CreatedAt)
}

// exceptionLog collects the incidents that each exception covers.
type exceptionLog map[string]*RowException

// exceptionLog returns a log that holds the exceptions which take whole teams
// of the row out, even if nothing happened to those teams, and a second one for the
// same team as well.
func (v *subjectView) exceptionLog() exceptionLog {
	l := exceptionLog{}
	for i := range v.exempt {
		if x := &v.exempt[i]; slices.ContainsFunc(v.teams, func(t Team) bool { return x.concerns(t.ID) }) {
			l.entry(x, v.policy.Calendar.Location)
		}
	}
	return l
}

// entry returns the log's entry of an exception.
func (l exceptionLog) entry(x *Exception, loc *time.Location) *RowException {
	if l[x.ID] == nil {
		l[x.ID] = &RowException{ID: x.ID, Reason: x.Reason, ApprovedBy: x.ApprovedBy, Until: x.Until.In(loc).UTC(), Incidents: []string{}}
	}
	return l[x.ID]
}

// rows lists the exceptions by id, their incidents sorted.
func (l exceptionLog) rows() []RowException {
	ids := make([]string, 0, len(l))
	for id := range l {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rows := make([]RowException, 0, len(ids))
	for _, id := range ids {
		slices.Sort(l[id].Incidents)
		rows = append(rows, *l[id])
	}
	return rows
}

// ExceptionsExpired tells for each exception, by id, whether somebody should
// take it out of the configuration: it covers nothing that begins at asOf or later,
// or it is of no use. Of no use is one that names incidents, none of which
// it takes out of a row of the windows, and none of which is of another time.
func (p *Policy) ExceptionsExpired(asOf time.Time, named []facts.Incident, windows []WindowCards) map[string]bool {
	expired := map[string]bool{}
	for i := range p.Exceptions {
		x := &p.Exceptions[i]
		until := x.Until.In(p.Calendar.Location)
		elsewhere := slices.ContainsFunc(named, func(i facts.Incident) bool {
			return slices.Contains(x.Incidents, i.ID) && i.CreatedAt.Before(until) && !shownBy(windows, i.CreatedAt)
		})
		expired[x.ID] = !asOf.Before(until) || len(x.Incidents) > 0 && !elsewhere && !usedBy(windows, x.ID)
	}
	return expired
}

// shownBy reports whether one of the windows is about an instant.
func shownBy(windows []WindowCards, at time.Time) bool {
	return slices.ContainsFunc(windows, func(w WindowCards) bool {
		return len(w.Cards) > 0 && !at.Before(w.Cards[0].Period.Start) && at.Before(w.Cards[0].Period.End)
	})
}

// usedBy reports whether an exception took something out of a row of the windows.
func usedBy(windows []WindowCards, id string) bool {
	for _, w := range windows {
		for c := range w.Cards {
			for r := range w.Cards[c].Rows {
				if slices.ContainsFunc(w.Cards[c].Rows[r].Exceptions, func(x RowException) bool { return x.ID == id }) {
					return true
				}
			}
		}
	}
	return false
}
