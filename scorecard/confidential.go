package scorecard

import (
	"cmp"
	"fmt"
	"slices"

	"teamhealth/internal/facts"
)

// fewestRespondents is how many people must have answered, so that what they
// said together does not tell what one of them said.
const fewestRespondents = 5

// confidential tells which answers must not be shown, nor be left when others are
// taken away from a sum. It looks at what a team answered in one fiscal quarter: rows show
// sums of such cells, or of all cells of a quarter, and a part of one only where each of its
// records is of enough people. So what is hidden stays hidden however the rows of one instant
// are added and subtracted.
type confidential struct {
	cells    map[answerKey]bool    // Those that are hidden.
	quarters map[string]bool       // Those of which the sum over all teams is hidden.
	single   map[answerKey]bool    // Where a record among several is of too few by itself.
	known    []attested            // All answers, of all teams to which the objective applies.
	quarter  func(attested) string // The quarter of a record.
}

type answerKey struct{ team, quarter string }

// answerCell counts who answered in one team in one quarter.
type answerCell struct {
	key answerKey
	n   int
}

// confidentialAnswers looks at all answers to the row's metric that are known at the horizon, of every
// team to which the objective applies and of all teams together. It does not depend on the subject.
func (v *subjectView) confidentialAnswers() *confidential {
	c := &confidential{
		cells: map[answerKey]bool{}, quarters: map[string]bool{}, single: map[answerKey]bool{},
		quarter: func(r attested) string { return v.policy.Calendar.QuarterOf(r.at).ID },
	}
	byQuarter := map[string][]answerCell{}
	for _, r := range v.attestedOf(v.objective.Metric) {
		if classOfAnswers(r) != recordAnswered || r.at.After(v.horizon) || !v.objective.concerns(v.policy, r.Team) {
			continue
		}
		c.known = append(c.known, r)
		key := c.key(r)
		if r.N < fewestRespondents {
			c.single[key] = true
		}
		byQuarter[key.quarter] = addAnswers(byQuarter[key.quarter], key, r.N)
	}
	for quarter, cells := range byQuarter {
		c.hide(quarter, cells)
	}
	return c
}

func (c *confidential) key(r attested) answerKey { return answerKey{r.Team, c.quarter(r)} }

// concerns reports whether the organisation's row takes in records of a team.
func (o Objective) concerns(p *Policy, team string) bool {
	return team == facts.Everybody || slices.ContainsFunc(p.Teams, func(t Team) bool { return t.ID == team && o.appliesTo(t) })
}

func addAnswers(cells []answerCell, key answerKey, n int) []answerCell {
	i := slices.IndexFunc(cells, func(c answerCell) bool { return c.key == key })
	if i < 0 {
		return append(cells, answerCell{key, n})
	}
	cells[i].n += n
	return cells
}

// hide settles what of a quarter is not shown: the teams of which too few answered,
// and then the next smallest ones until those that are hidden are, together,
// enough people to be what is left of the organisation's sum. One hidden team never
// stays alone by that. Where all are not enough, the organisation's is hidden too.
func (c *confidential) hide(quarter string, cells []answerCell) {
	slices.SortFunc(cells, func(a, b answerCell) int {
		return cmp.Or(compareLast(a.key.team, b.key.team), cmp.Compare(a.n, b.n), cmp.Compare(a.key.team, b.key.team))
	})
	together := 0
	for _, cell := range cells {
		if cell.n < fewestRespondents {
			c.cells[cell.key] = true
			together += cell.n
		}
	}
	for _, cell := range cells {
		if together > 0 && together < fewestRespondents && !c.cells[cell.key] {
			c.cells[cell.key] = true
			together += cell.n
		}
	}
	c.quarters[quarter] = together > 0 && together < fewestRespondents
}

// compareLast puts the answers of all teams together, which no card shows by themselves, behind those of teams.
func compareLast(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == facts.Everybody:
		return 1
	case b == facts.Everybody:
		return -1
	}
	return 0
}

// hides reports whether the value of one record must not be shown.
func (c *confidential) hides(r attested) bool { return c.cells[c.key(r)] || c.single[c.key(r)] }

// holdsBack says why the sum of some of a subject's answers must not be shown; empty when it may.
func (c *confidential) holdsBack(v *subjectView, answers []attested) string {
	hidden := func(r attested) bool {
		if v.subject.ID == OrgID {
			return c.quarters[c.quarter(r)]
		}
		return c.cells[c.key(r)]
	}
	switch {
	case slices.ContainsFunc(answers, hidden):
		return heldBackReason()
	case c.cuts(v, answers):
		return "Held back: the period holds some of the answers of a quarter and not all, which could tell what few people answered."
	}
	return ""
}

// cuts reports whether answers are some of those that a subject gave in a quarter, and not all,
// where a record among all is of too few. Parts of records that may each be shown tell no more than these do.
func (c *confidential) cuts(v *subjectView, answers []attested) bool {
	of := func(list []attested) (n map[string]int, few map[string]bool) {
		n, few = map[string]int{}, map[string]bool{}
		for _, r := range list {
			if v.isAbout(r.Team) {
				n[c.quarter(r)]++
				few[c.quarter(r)] = few[c.quarter(r)] || r.N < fewestRespondents
			}
		}
		return n, few
	}
	all, few := of(c.known)
	some, _ := of(answers)
	for quarter, n := range some {
		if few[quarter] && n < all[quarter] {
			return true
		}
	}
	return false
}

// losesHidden reports whether exceptions take a hidden team out of a sum that has
// answers of the same quarter in it: other rows' sums have the team in.
func (c *confidential) losesHidden(v *subjectView, answers []attested) bool {
	touched := map[string]bool{}
	for _, r := range answers {
		touched[c.quarter(r)] = true
	}
	return slices.ContainsFunc(c.known, func(r attested) bool {
		return touched[c.quarter(r)] && c.cells[c.key(r)] && v.isAbout(r.Team) && v.teamException(r.Team) != nil
	})
}

// heldBackReason does not tell the team of which too few answered from the one
// that is hidden to protect it.
func heldBackReason() string {
	return fmt.Sprintf("Held back: fewer than %d people answered in one of the quarters, or what so few answered could be worked out from it.", fewestRespondents)
}
