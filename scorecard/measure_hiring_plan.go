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
// The positions of exempt teams are taken out of what was judged, and not out of the plan:
// whoever would fill one of them fills no other.
func measureHiringPlan(v *subjectView) measurement {
	log := v.exceptionLog()
	m := v.hiring(func(team string) bool { return v.teamException(team) != nil })
	if len(log) > 0 {
		m.exceptions = log.rows()
		m.withoutExceptions = v.hiring(func(string) bool { return false }).value
	}
	return m
}

// hiring judges all positions but those of teams that are out.
func (v *subjectView) hiring(out func(team string) bool) measurement {
	if len(v.objective.Plan) == 0 {
		return measurement{noData: "The objective has no plan of positions."}
	}
	p := newPopulation()
	var items []Evidence
	for _, quarter := range v.plannedQuarters() {
		items = append(items, v.hiringOf(quarter, out, &p)...)
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
func (v *subjectView) hiringOf(q Period, out func(team string) bool, p *Population) []Evidence {
	count := v.countPositions(v.positions(q, out), v.joined(Window{Start: q.Start, End: q.End}), out)
	p.Total += count.filled + count.open + count.unplanned
	p.Used += count.filled + count.open
	var items []Evidence
	add := func(into map[string]int, class string, n int, counted Counted, what string) {
		if n > 0 {
			into[class] += n
			item := people(class, n, q.Start, counted, what+" in "+q.ID)
			item.ID = q.ID + " " + class
			items = append(items, item)
		}
	}
	add(p.Classes, positionFilled, count.filled, InNumerator, "Planned positions filled")
	add(p.Classes, positionOpen, count.open, InDenominator, "Planned positions open")
	add(p.Excluded, joinerUnplanned, count.unplanned, NotCounted, "Joiners that no position was planned for")
	return items
}

// positions lists what the plan names for the subject and a quarter, an entry for each
// position; those of teams that are out come first.
func (v *subjectView) positions(q Period, out func(team string) bool) []PlanEntry {
	var list []PlanEntry
	for _, e := range v.objective.Plan {
		if e.Period == q.ID && v.plans(e) {
			list = append(list, slices.Repeat([]PlanEntry{e}, e.Count)...)
		}
	}
	of := func(isOut bool) []PlanEntry {
		return slices.DeleteFunc(slices.Clone(list), func(e PlanEntry) bool { return out(e.Team) != isOut })
	}
	return append(of(true), of(false)...)
}

// hiringCount tells what became of positions, and how many joined besides.
type hiringCount struct{ filled, open, unplanned int }

func (v *subjectView) countPositions(positions []PlanEntry, joiners []*Person, out func(team string) bool) hiringCount {
	var count hiringCount
	filled, placed := v.fillPositions(positions, joiners)
	for i, e := range positions {
		switch {
		case out(e.Team):
		case filled[i]:
			count.filled++
		default:
			count.open++
		}
	}
	loc := v.policy.Calendar.Location
	for i, p := range joiners {
		if !placed[i] && !out(p.TeamAt(p.Joined.In(loc), loc)) {
			count.unplanned++
		}
	}
	return count
}

// plans reports whether an entry of the plan is about the subject.
func (v *subjectView) plans(e PlanEntry) bool {
	return v.subject.ID == OrgID && (e.Team == "" || v.has(e.Team) || !v.policy.hasTeam(e.Team)) || e.Team != "" && v.has(e.Team)
}

// fillPositions finds the largest number of positions that the joiners can fill, one
// each, and of those that cannot all be filled the first ones of the list (augmenting
// paths: H. W. Kuhn, The Hungarian method, 1955). It tells which are, and who is placed.
func (v *subjectView) fillPositions(positions []PlanEntry, joiners []*Person) (filled, placed []bool) {
	seat := make([]int, len(joiners)) // Index of the position of each joiner, plus 1.
	var fill func(position int, tried []bool) bool
	fill = func(position int, tried []bool) bool {
		for i, joiner := range joiners {
			if tried[i] || !v.fits(joiner, positions[position]) {
				continue
			}
			tried[i] = true
			if seat[i] == 0 || fill(seat[i]-1, tried) {
				seat[i] = position + 1
				return true
			}
		}
		return false
	}
	filled, placed = make([]bool, len(positions)), make([]bool, len(joiners))
	for position := range positions {
		filled[position] = fill(position, make([]bool, len(joiners)))
	}
	for i := range seat {
		placed[i] = seat[i] > 0
	}
	return filled, placed
}

// fits reports whether somebody is what a position asks for, on the day that they joined.
func (v *subjectView) fits(p *Person, e PlanEntry) bool {
	loc := v.policy.Calendar.Location
	at := p.Joined.In(loc)
	return (e.Team == "" || p.TeamAt(at, loc) == e.Team) && (e.Line == "" || p.LineAt(at, loc) == e.Line) &&
		(e.Level == "" || p.LevelAt(at, loc) == e.Level)
}
