package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// primaryLevel is the level of an escalation policy that is told first.
const primaryLevel = 1

// rota is what is known of the rotation of one team.
type rota struct {
	team     Team
	policies []facts.EscalationPolicy // By id; at least one unless problem is set.
	shifts   []facts.Shift            // Of people, at the first level of the policies, in a stable order.
	problem  string                   // Why nothing can be said of it; empty when something can.
}

// measureRotas measures the rotations of the subject's teams: those that no
// exception takes out, and for comparison all of them.
func (v *subjectView) measureRotas(measure func([]rota) measurement) measurement {
	all := v.rotas()
	counted := slices.DeleteFunc(slices.Clone(all), func(r rota) bool { return v.teamException(r.team.ID) != nil })
	log := v.exceptionLog()
	m := measurement{noData: problems(counted)}
	switch {
	case len(all) == 0:
		m.noData = fmt.Sprintf("No rotation is configured for %s.", v.subject.Name)
	case len(counted) == 0:
		m.population = newPopulation()
	case m.noData == "":
		m = measure(counted)
		v.doubtSchedules(&m, counted)
	}
	m.exceptions = log.rows()
	if len(log) > 0 && len(all) > 0 && problems(all) == "" {
		m.withoutExceptions = measure(all).value
	}
	return m
}

func newPopulation() Population {
	return Population{Classes: map[string]int{}, Excluded: map[string]int{}}
}

// problems joins what keeps rotas from being measured. One such team leaves
// the organisation without an answer too: a sum without it would look complete.
func problems(rotas []rota) string {
	var found []string
	for _, r := range rotas {
		if r.problem != "" {
			found = append(found, r.problem)
		}
	}
	return strings.Join(found, " ")
}

// rotas lists the rotations of the subject's teams.
func (v *subjectView) rotas() []rota {
	var rotas []rota
	for _, t := range v.teams {
		if t.Rotation != nil {
			rotas = append(rotas, v.rota(t))
		}
	}
	return rotas
}

func (v *subjectView) rota(t Team) rota {
	r := rota{team: t}
	ids := v.policiesOf(t)
	if len(ids) == 0 {
		r.problem = fmt.Sprintf("No escalation policy of %s is known: none is configured, and its services name none.", t.Name)
		return r
	}
	var strange []string
	for _, id := range ids {
		i := slices.IndexFunc(v.facts.Policies, func(p facts.EscalationPolicy) bool { return p.ID == id })
		if i < 0 {
			strange = append(strange, id)
			continue
		}
		r.policies = append(r.policies, v.facts.Policies[i])
	}
	if len(strange) > 0 {
		r.problem = fmt.Sprintf("PagerDuty does not know the escalation policies %s of %s.", strings.Join(strange, ", "), t.Name)
	}
	r.shifts = v.primaryShifts(ids)
	return r
}

// policiesOf lists the ids of a team's escalation policies, sorted: those that
// are configured, else those of its services.
func (e *evaluator) policiesOf(t Team) []string {
	ids := slices.Clone(t.Policies)
	if len(ids) == 0 {
		for _, s := range e.facts.Services {
			if s.EscalationPolicy != "" && slices.Contains(t.Services, s.ID) {
				ids = append(ids, s.EscalationPolicy)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// primaryShifts lists the shifts at the first level of the policies. Whoever
// has an account is a person, on the roster or not, except for bots: an
// account that nobody reads is nobody on call.
func (e *evaluator) primaryShifts(policies []string) []facts.Shift {
	bots := e.rules[facts.PagerDuty].Bots
	var shifts []facts.Shift
	for _, s := range e.facts.Shifts {
		held := stretchOf(s)
		if s.Level == primaryLevel && held.From.Before(held.To) && slices.Contains(policies, s.Policy) && !slices.Contains(bots, s.User) {
			shifts = append(shifts, s)
		}
	}
	slices.SortFunc(shifts, compareShifts)
	return shifts
}

func compareShifts(a, b facts.Shift) int {
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.User, b.User), a.End.Compare(b.End))
}

// stretchOf returns the time of a shift in whole seconds.
func stretchOf(s facts.Shift) Stretch {
	return Stretch{From: s.Start.Truncate(time.Second), To: s.End.Truncate(time.Second)}
}

// byUser returns the times of the shifts of each user.
func byUser(shifts []facts.Shift) map[string][]Stretch {
	times := map[string][]Stretch{}
	for _, s := range shifts {
		times[s.User] = append(times[s.User], stretchOf(s))
	}
	return times
}

// cut is the instant at which time stops counting, in whole seconds: the
// period's end, or the horizon while that is earlier.
func (v *subjectView) cut() time.Time {
	return earlier(v.period.End, v.horizon).Truncate(time.Second)
}

// running reports whether the period goes on after the horizon.
func (v *subjectView) running() bool { return v.horizon.Before(v.period.End) }

// weakest evaluates a measure that the organisation does not add up: its row
// is that of the team whose value lies furthest below its target, the first
// by id of several.
func (v *subjectView) weakest(rotas []rota, measure func(rota) measurement) measurement {
	if v.subject.ID != OrgID {
		return measure(rotas[0])
	}
	rotas = slices.SortedFunc(slices.Values(rotas), func(a, b rota) int { return cmp.Compare(a.team.ID, b.team.ID) })
	var worst measurement
	var least Number
	for i, r := range rotas {
		m := measure(r)
		if m.noData != "" || m.immature {
			return m
		}
		target := v.evaluator.target(v.objective, Subject{ID: r.team.ID})
		distance := *m.value
		if target != nil {
			distance = distance.Sub(*target)
		}
		if i == 0 || distance.Cmp(least) < 0 {
			worst, least = m, distance
			worst.target = target
			worst.details = WeakestTeam{Team: r.team.ID, Value: *m.value, Target: target}
		}
	}
	return worst
}

// WeakestTeam is the team that a row of the organisation is about.
type WeakestTeam struct {
	Team   string  `json:"team"`
	Value  Number  `json:"value"`
	Target *Number `json:"target"`
}
