package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// cy is in the mysql team, with ada and bo; dee is in the oncall team.
const (
	cy  = "PUSER03"
	dee = "PUSER04"
)

func oncallBurden() scorecard.Objective {
	return scorecard.Objective{
		ID: "oncall_burden", Title: "On-call burden", Category: "team_health", Measure: scorecard.MeasureOncallBurden,
		Target: decimal("0.10"), Direction: scorecard.Below, Unit: scorecard.UnitRatio, Window: scorecard.WindowPeriod,
		Scope: []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg}, Weight: scorecard.Int(1).Ptr(), MinN: 1,
	}
}

// labor is a world whose one objective is the on-call burden.
type labor struct {
	world
	shifts []facts.Shift
	users  []facts.User
}

// newLabor is the third quarter of 2026: 92 days, or 7,948,800 s, of which a
// person at full time works 40 of 168 hours: 1,892,571 s.
func newLabor(tb testing.TB, incidents ...facts.Incident) labor {
	tb.Helper()
	l := labor{world: newWorld(tb, incidents...)}
	l.policy.Rubric.Objectives = []scorecard.Objective{oncallBurden()}
	l.policy.Engagement = scorecard.Engagement{Minimum: 15 * time.Minute, Maximum: 4 * time.Hour}
	l.policy.Calendar.Week.Hours = 40
	l.policy.People = []scorecard.Person{
		{ID: "p01", Team: "mysql", PagerDuty: ada, FTE: 1},
		{ID: "p02", Team: "mysql", PagerDuty: bo, FTE: 1},
		{ID: "p03", Team: "mysql", PagerDuty: cy, FTE: 1},
		{ID: "p04", Team: "oncall", PagerDuty: dee, FTE: 1},
	}
	return l
}

// person is the roster's entry of an account.
func (l labor) person(account string) *scorecard.Person {
	for i := range l.policy.People {
		if p := &l.policy.People[i]; p.PagerDuty == account {
			return p
		}
	}
	return nil
}

// onCall puts accounts on call at a level for the whole of two years.
func (l labor) onCall(tb testing.TB, level int, accounts ...string) labor {
	tb.Helper()
	for _, who := range accounts {
		l.shifts = append(l.shifts, facts.Shift{
			Policy: "EMYSQL", Level: level, User: who, Start: utc(tb, "2026-01-01"), End: utc(tb, "2028-01-01"),
		})
	}
	return l
}

func (l labor) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := l.world.input(tb)
	in.Facts.Shifts, in.Facts.Users = l.shifts, l.users
	return in
}

// row computes the burden of a subject.
func (l labor) row(tb testing.TB, subject string) scorecard.Row {
	tb.Helper()
	for _, c := range scorecard.Compute(l.input(tb)) {
		if c.Subject.ID == subject {
			return *c.Row("oncall_burden")
		}
	}
	tb.Fatalf("there is no card of %s", subject)
	return scorecard.Row{}
}

func (l labor) details(tb testing.TB, subject string) scorecard.BurdenDetails {
	tb.Helper()
	d, ok := l.row(tb, subject).Details.(scorecard.BurdenDetails)
	if !ok {
		tb.Fatal("the details are not those of a burden")
	}
	return d
}

func (l labor) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(l.input(tb), "oncall_burden", subject)
	if err != nil {
		tb.Fatalf("evidence of %s: %v", subject, err)
	}
	return items
}

// paged is a page to somebody.
func paged(after time.Duration, who string) happening {
	return func(i *facts.Incident) {
		entry(facts.EntryNotify, after, who)(i)
		e := &i.Timeline[len(i.Timeline)-1]
		e.Medium, e.Page = "push", true
	}
}

func noted(after time.Duration, who string) happening {
	return entry(facts.EntryAnnotate, after, who)
}

// handed passes the incident on; without a list it is not told to whom.
func handed(kind facts.EntryKind, after time.Duration, who string, to []string) happening {
	return func(i *facts.Incident) {
		entry(kind, after, who)(i)
		i.Timeline[len(i.Timeline)-1].Assignees = to
	}
}

// begun assigns the incident for the first time.
func begun(i *facts.Incident) { handed(facts.EntryAssign, 0, alarm, []string{ada})(i) }
