package scorecard

import (
	"fmt"
	"slices"
)

// The classes of planned positions, and of joiners that no plan has a place for.
const (
	positionFilled  = "filled"
	positionOpen    = "open"
	joinerUnplanned = "unplanned"
)

// measureHiringPlan judges which share of the positions that the plan names for
// the card's quarter, or for the quarters of its year, were filled by joiners of
// that quarter. A joiner fills one position, and more in one do not stand in for another.
func measureHiringPlan(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).hiring)
}

func (v *subjectView) hiring() measurement {
	if len(v.objective.Plan) == 0 {
		return measurement{noData: "The objective has no plan of positions."}
	}
	p := newPopulation()
	var items []Evidence
	for _, quarter := range v.plannedQuarters() {
		items = append(items, v.hiringOf(quarter, &p)...)
	}
	sortEvidence(items)
	m := measurement{
		judged: p.Used, trusted: p.Used, population: p, plan: true, running: v.running(),
		evidence: func() []Evidence { return slices.Clone(items) },
	}
	if p.Used > 0 {
		filled := p.Classes[positionFilled]
		m.numerator, m.denominator, m.value = Int(filled).Ptr(), Int(p.Used).Ptr(), Ratio(int64(filled), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d planned positions are filled.", filled, p.Used)
	}
	return m
}

// plannedQuarters lists those of the card's period that the plan names, in order.
func (v *subjectView) plannedQuarters() []Period {
	var quarters []Period
	for q := v.policy.Calendar.QuarterOf(v.period.Start); q.Start.Before(v.period.End); q = v.policy.Calendar.QuarterOf(q.End) {
		if slices.ContainsFunc(v.objective.Plan, func(e PlanEntry) bool { return e.Period == q.ID }) {
			quarters = append(quarters, q)
		}
	}
	return quarters
}

// hiringOf adds a quarter to the population and returns its evidence.
func (v *subjectView) hiringOf(q Period, p *Population) []Evidence {
	joiners := v.joined(Window{Start: q.Start, End: q.End})
	var positions []PlanEntry
	for _, e := range v.objective.Plan {
		if e.Period == q.ID && v.plans(e) {
			positions = append(positions, slices.Repeat([]PlanEntry{{Team: e.Team, Line: e.Line, Level: e.Level}}, e.Count)...)
		}
	}
	filled := v.fillPositions(positions, joiners)
	open, unplanned := len(positions)-filled, len(joiners)-filled
	p.Total += len(positions) + unplanned
	p.Used += len(positions)
	var items []Evidence
	add := func(into map[string]int, class string, n int, counted Counted, what string) {
		if n > 0 {
			into[class] += n
			item := people(class, n, q.Start, counted, what+" in "+q.ID)
			item.ID = q.ID + " " + class
			items = append(items, item)
		}
	}
	add(p.Classes, positionFilled, filled, InNumerator, "Planned positions filled")
	add(p.Classes, positionOpen, open, InDenominator, "Planned positions open")
	add(p.Excluded, joinerUnplanned, unplanned, NotCounted, "Joiners that no position was planned for")
	return items
}

// plans reports whether an entry of the plan is about the subject.
func (v *subjectView) plans(e PlanEntry) bool {
	return v.subject.ID == OrgID && (e.Team == "" || v.has(e.Team) || !v.policy.hasTeam(e.Team)) || e.Team != "" && v.has(e.Team)
}

// fillPositions is the largest number of positions that the joiners can fill, one
// each (augmenting paths: H. W. Kuhn, The Hungarian method, 1955).
func (v *subjectView) fillPositions(positions []PlanEntry, joiners []*Person) int {
	holder := make([]int, len(positions)) // Index of the joiner in each position, less 1.
	var place func(joiner int, tried []bool) bool
	place = func(joiner int, tried []bool) bool {
		for i, e := range positions {
			if tried[i] || !v.fits(joiners[joiner], e) {
				continue
			}
			tried[i] = true
			if holder[i] == 0 || place(holder[i]-1, tried) {
				holder[i] = joiner + 1
				return true
			}
		}
		return false
	}
	filled := 0
	for joiner := range joiners {
		if place(joiner, make([]bool, len(positions))) {
			filled++
		}
	}
	return filled
}

// fits reports whether somebody is what a position asks for, on the day that they joined.
func (v *subjectView) fits(p *Person, e PlanEntry) bool {
	loc := v.policy.Calendar.Location
	at := p.Joined.In(loc)
	return (e.Team == "" || p.TeamAt(at, loc) == e.Team) && (e.Line == "" || p.LineAt(at, loc) == e.Line) &&
		(e.Level == "" || p.LevelAt(at, loc) == e.Level)
}
